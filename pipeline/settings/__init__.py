"""What an office may set: pipeline.toml as frozen values, with the defaults of domain_rules §8.

Answers for: the shape of the settings, their defaults, and Chinese complaints with file and line (SettingsError).
Knowingly not: the grammar and types of a TOML text (toml_form.py), writing a changed file back.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.errors import SettingsError
from pipeline.settings.toml_form import TomlError, TomlForm

DEFAULT_TOML = resources.files("pipeline.settings").joinpath("default.toml").read_text(encoding="utf-8")
"""The text of a fresh pipeline.toml: every setting with its default and a Chinese remark."""

MonthDay = tuple[int, int]

_PLAN = "《关于开展党建项目化管理工作的方案》"
_WINDOWS: Mapping[str, tuple[MonthDay, MonthDay, str]] = MappingProxyType(
    {
        "申报": ((8, 15), (8, 27), f"{_PLAN}四（一）1"),
        "立项审批": ((8, 27), (8, 29), f"{_PLAN}四（一）2"),
        "制定计划": ((8, 29), (9, 3), f"{_PLAN}四（一）3"),
    }
)
_YEARS = (2000, 2099)
_MONTH_DAY = re.compile(r"(\d{1,2})(?:-|月)(\d{1,2})日?")
_NUMBER_NAMES = ("prefix", "year", "unit", "serial")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one submitted file may ask of the machine. Bytes, counts and seconds."""

    file_bytes: int = field(default=20 * 1024 * 1024, metadata={"least": 1})
    members: int = field(default=2_000, metadata={"least": 1})
    documents: int = field(default=50, metadata={"least": 1})
    member_bytes: int = field(default=128 * 1024 * 1024, metadata={"least": 1})
    total_bytes: int = field(default=200 * 1024 * 1024, metadata={"least": 1})
    ratio: int = field(default=100, metadata={"least": 1})
    ratio_free_bytes: int = field(default=20 * 1024 * 1024, metadata={"least": 0})
    paragraphs: int = field(default=50_000, metadata={"least": 1})
    cells: int = field(default=2_000_000, metadata={"least": 1})
    rows: int = field(default=200_000, metadata={"least": 1})
    columns: int = field(default=512, metadata={"least": 1})
    sheets: int = field(default=50, metadata={"least": 1})
    empty_rows: int = field(default=1_000, metadata={"least": 1})
    scan_pages: int = field(default=8, metadata={"least": 1, "most": 100})
    seconds: int = field(default=60, metadata={"least": 1})
    memory_bytes: int = field(default=1024 * 1024 * 1024, metadata={"least": 64 * 1024 * 1024})


@dataclass(frozen=True, slots=True)
class Window:
    """A stage of the cycle, both days included (R1, domain_rules §8.2)."""

    name: str
    start: date
    end: date
    clause: str = ""

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Cycle:
    """The year in force and its windows (R1). `fixed`: the office set the year; else it follows each arrival."""

    year: int
    windows: Mapping[str, Window]
    fixed: bool = False

    def year_for(self, day: date | None) -> int:
        """The year of the cycle that `day` belongs to."""
        return self.year if self.fixed or day is None else day.year

    def window(self, name: str, day: date | None = None) -> Window:
        """The window in the year that counts for `day`. KeyError if there is no such window."""
        window, year = self.windows[name], self.year_for(day)
        return Window(window.name, _moved(window.start, year), _moved(window.end, year), window.clause)


@dataclass(frozen=True, slots=True)
class Rules:
    """The decisions the sources leave open (domain_rules §8, by its number) and the seeds' own limits (R-numbers)."""

    late: str = field(default="accepted", metadata={"choices": ("accepted", "returned")})
    lateness_by: str = field(default="arrival", metadata={"choices": ("arrival", "form_date")})  # §8.4
    shift_window_end: bool = False  # §8.3
    max_months: int = field(default=12, metadata={"least": 1, "most": 120})  # R10
    stage_goal_due: str = "12-31"  # R10
    base_date: str = "反馈日期"  # §8.12
    immediate_days: int = field(default=7, metadata={"least": 1, "most": 366})  # R50
    immediate_workdays: bool = False  # §8.12
    plan_months: int = field(default=1, metadata={"least": 1, "most": 120})  # R51
    effect_months: int = field(default=3, metadata={"least": 1, "most": 120})  # R51
    lasting_min_months: int = field(default=6, metadata={"least": 0, "most": 120})  # R52, §8.13
    lasting_months: int = field(default=12, metadata={"least": 1, "most": 120})  # R52
    shift_computed: bool = True
    yellow_days: int = field(default=14, metadata={"least": 0, "most": 366})  # R59, §8.9
    red_months: int = field(default=1, metadata={"least": 0, "most": 120})  # R59, §8.10
    correction_workdays: int = field(default=3, metadata={"least": 1, "most": 60})
    letters_need_approval: bool = True  # §8.18
    copies: int = field(default=2, metadata={"least": 1, "most": 20})  # R17
    vague_phrases: tuple[str, ...] = (
        "加强…管理", "加强…教育", "加强…监督", "加强…学习", "加强…领导", "加强…建设",
        "提高…意识", "增强…意识", "强化…意识", "提高…认识", "提高…站位", "提升…水平", "提升…能力",
        "高度重视", "狠抓落实", "不断完善", "持续改进", "切实整改", "严格要求", "进一步规范", "进一步加强",
    )  # fmt: skip
    weak_evidence: tuple[str, ...] = ("方案", "计划", "会议纪要", "会议记录", "通知")  # R69

    def stage_goal_by(self, year: int) -> date:
        """The last day for a stage goal in that year (R10)."""
        return _day(year, _month_day(self.stage_goal_due) or (12, 31))


@dataclass(frozen=True, slots=True)
class Numbers:
    """How numbers look. The braces are replaced by name, never evaluated."""

    project: str = "{prefix}-{year}-{unit}-{serial}"
    letter: str = "{prefix}〔{year}〕{serial}号"
    project_digits: int = field(default=3, metadata={"least": 1, "most": 8})

    def project_number(self, prefix: str, year: int, unit: str, serial: int) -> str:
        """A project's number, e.g. DJ-2026-HY01-001."""
        return _number(
            self.project, prefix=prefix, year=str(year), unit=unit, serial=f"{serial:0{self.project_digits}d}"
        )

    def letter_number(self, prefix: str, year: int, serial: int, unit: str = "") -> str:
        """A letter's number, e.g. 督办〔2026〕1号 (GB/T 9704: no leading zero)."""
        return _number(self.letter, prefix=prefix, year=str(year), unit=unit, serial=str(serial))


@dataclass(frozen=True, slots=True)
class Fonts:
    """Font names written into generated files (domain_rules §1.3)."""

    title: str = "方正小标宋简体"
    body: str = "仿宋_GB2312"
    heading: str = "黑体"
    subheading: str = "楷体_GB2312"
    digits: str = "Times New Roman"


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days the office added to the known State Council lists: days off, and weekend days worked."""

    off: tuple[date, ...] = ()
    work: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """pipeline.toml as it is written; `cycle` is free-form and read by `_cycle`."""

    organisation: str = ""
    office: str = "党委组织部"
    contact_person: str = ""
    contact_phone: str = ""
    rules: Rules = field(default_factory=Rules)
    numbers: Numbers = field(default_factory=Numbers)
    fonts: Fonts = field(default_factory=Fonts)
    holidays: Holidays = field(default_factory=Holidays)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an office may set."""

    organisation: str
    office: str
    contact_person: str
    contact_phone: str
    cycle: Cycle
    rules: Rules = field(default_factory=Rules)
    numbers: Numbers = field(default_factory=Numbers)
    fonts: Fonts = field(default_factory=Fonts)
    holidays: Holidays = field(default_factory=Holidays)
    limits: Limits = field(default_factory=Limits)

    @property
    def contact(self) -> str:
        """Person and phone as printed on letters, "" when neither is set."""
        return "，".join(part for part in (self.contact_person, self.contact_phone) if part)

    @classmethod
    def default(cls, year: int) -> Settings:
        """The shipped defaults. The year is not fixed: windows follow the year of each arrival."""
        return _settings(_File(), Cycle(year, _windows(year, {})))

    @classmethod
    def load(cls, path: Path, *, year: int = 0) -> Settings:
        """Read pipeline.toml. `year` stands in when the file fixes none (0 = the clock's).

        Raises SettingsError: a Chinese line with file and line number for every mistake found.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise SettingsError(f"{path.name}：不是 UTF-8 编码的文字，请用“记事本”另存为 UTF-8 编码。") from error
        except OSError as error:
            raise SettingsError(
                f"{path.name}：打不开设置文件（{error.strerror}），请检查它是否存在、是否有权限。"
            ) from error
        return parse_settings(text, path.name, year or datetime.now(UTC).astimezone().year)


def parse_settings(text: str, source: str, year: int) -> Settings:
    """The text of pipeline.toml as Settings; `source` is the name complaints begin with. Raises SettingsError."""
    form = TomlForm(text)
    try:
        table = form.table()
        cycle = _cycle(form, table.pop("cycle", {}), year)
        file = form.fill(_File, table)
        _check_meaning(form, file)
        form.settle()
    except TomlError as error:
        raise SettingsError("\n".join(f"{source} {line}" for line in error.lines)) from error
    return _settings(file, cycle)


def _settings(file: _File, cycle: Cycle) -> Settings:
    return Settings(
        organisation=file.organisation,
        office=file.office,
        contact_person=file.contact_person,
        contact_phone=file.contact_phone,
        cycle=cycle,
        rules=file.rules,
        numbers=file.numbers,
        fonts=file.fonts,
        holidays=file.holidays,
        limits=file.limits,
    )


@dataclass(frozen=True, slots=True)
class _CycleTable:
    year: int = 0


def _cycle(form: TomlForm, table: Any, year: int) -> Cycle:
    if not isinstance(table, dict):
        form.complain(("cycle",), "“cycle”是一组设置，请写成 [cycle] 一节。")
        return Cycle(year, _windows(year, {}))
    windows = table.pop("windows", {})
    fixed = form.fill(_CycleTable, table, ("cycle",)).year
    if fixed and not _YEARS[0] <= fixed <= _YEARS[1]:
        form.complain(("cycle", "year"), f"“year”写的是 {fixed}，应当是四位年份，如 2026；不固定年份时写 0。")
        fixed = 0
    return Cycle(fixed or year, _windows(fixed or year, _given_windows(form, windows)), fixed=bool(fixed))


def _given_windows(form: TomlForm, table: Any) -> dict[str, tuple[MonthDay, MonthDay]]:
    if not isinstance(table, dict):
        form.complain(("cycle", "windows"), "“windows”请写成 [cycle.windows] 一节，每个阶段一行。")
        return {}
    given = {}
    for name, raw in table.items():
        path = ("cycle", "windows", name)
        days = [_month_day(one) for one in raw] if isinstance(raw, list) and len(raw) == 2 else []
        if len(days) != 2 or days[0] is None or days[1] is None:
            form.complain(path, f'“{name}”应当写起止两个日期（月-日），如 ["08-15", "08-27"]。')
        elif days[1] < days[0]:
            form.complain(path, f"“{name}”的截止日早于开始日，请对调。")
        else:
            given[name] = (days[0], days[1])
    return given


def _windows(year: int, given: Mapping[str, tuple[MonthDay, MonthDay]]) -> Mapping[str, Window]:
    defaults = {name: (start, end) for name, (start, end, _) in _WINDOWS.items()}
    return MappingProxyType(
        {
            name: Window(name, _day(year, start), _day(year, end), _WINDOWS[name][2] if name in _WINDOWS else "")
            for name, (start, end) in {**defaults, **given}.items()
        }
    )


def _check_meaning(form: TomlForm, file: _File) -> None:
    if _month_day(file.rules.stage_goal_due) is None:
        form.complain(("rules", "stage_goal_due"), '“stage_goal_due”应当是月-日，如 "12-31"。')
    if file.rules.lasting_min_months > file.rules.lasting_months:
        form.complain(("rules", "lasting_min_months"), "“lasting_min_months”不能大于“lasting_months”。")
    for name, pattern in (("project", file.numbers.project), ("letter", file.numbers.letter)):
        strange = [one for one in re.findall(r"\{([^{}]*)\}", pattern) if one not in _NUMBER_NAMES]
        if strange or "{serial}" not in pattern:
            problem = f"里的 {{{strange[0]}}} 不认识" if strange else "缺少流水号 {serial}"
            form.complain(("numbers", name), f"“{name}”{problem}，可以写：{{prefix}}、{{year}}、{{unit}}、{{serial}}。")
    if both := sorted(set(file.holidays.off) & set(file.holidays.work)):
        form.complain(("holidays", "work"), f"{both[0]:%Y-%m-%d} 同时写在放假和上班里，请去掉一处。")


def _month_day(raw: object) -> MonthDay | None:
    found = _MONTH_DAY.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if not found:
        return None
    month, day = int(found[1]), int(found[2])
    leap_year = 2000
    return (month, day) if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(leap_year, month)[1] else None


def _day(year: int, month_day: MonthDay) -> date:
    """That day of the year; 29 February is 28 February in other years."""
    month, day = month_day
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _moved(day: date, year: int) -> date:
    return _day(year, (day.month, day.day))


def _number(pattern: str, **parts: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: parts.get(found[1], found[0]), pattern)
