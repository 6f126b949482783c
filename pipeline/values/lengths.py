"""Lengths of time: 一周内, 5个工作日内, 半年至一年内, 反馈之日起2个月内, 下达时间+60日.

A length counts from a base day that is itself not counted; months end on the same day number or at the month's end
(民法典 200–203). The shift of 203 over a holiday is not made: `affairs` decides about it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.values import calendars
from pipeline.values.numerals import small_number
from pipeline.values.workdays import add_workdays

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Length:
    """So many calendar months, natural days and working days."""

    months: int = 0
    days: int = 0
    workdays: int = 0

    def after(self, base: date) -> tuple[date, bool]:
        """The last day in time, counted from `base`, and whether the holidays it needs are announced."""
        day = calendars.add_days(calendars.add_months(base, self.months), self.days)
        return add_workdays(day, self.workdays) if self.workdays else (day, True)


@dataclass(frozen=True, slots=True)
class Stated:
    """A length at text[begin:stop]. `least`: lower bound of 半年至一年内. `anchor`: 反馈, 竣工 … or "".

    `firm`: it says 内, or counts from something; `after`: 2个月后, the end is missing; `condition`: 超过, 为期 …
    """

    length: Length
    begin: int
    stop: int
    least: Length | None = None
    anchor: str = ""
    firm: bool = True
    after: bool = False
    condition: str = ""

    @property
    def exact(self) -> bool:
        """True unless it is a condition (超过一个月, 连续两周) and no term."""
        return self.condition in ("", "为期", "历时")

    @property
    def other_base(self) -> bool:
        """It counts from a day that nobody has told us (项目完成后一年内)."""
        return bool(_OTHER_BASE.search(self.anchor))


_OTHER_BASE = re.compile(r"完成|竣工|验收|签订|立项|开工|交工|投产|结束")
_ANCHOR = (
    r"(?:(?:自|从|在)?(?P<anchor>(?:巡察|巡视|督导|督查|审计|问题|意见|整改|任务|文件|通知|项目|工程|合同)*"
    r"(?:反馈|下达|收到|接到|印发|下发|发文|通报|检查|交办|完成|竣工|验收|签订|立项|开工|交工|投产|结束)"
    r"(?:意见|问题|通知书?|文件|整改)*(?:之日|时间|日期|当日|日)?)(?:起|之?后|以后|开始)?,?[+加]?|\+)"
)
_N = r"\d{1,3}|[一二三四五六七八九十两廿]{1,3}"
_UNIT = r"个?工作日|个月|个?星期|个季度|周|天|日|年"
_QUANTITY = rf"(?:半(?P<{{0}}h>年|个月|月)|(?P<{{0}}n>{_N})(?:(?P<{{0}}m>个半月)|(?P<{{0}}u>{_UNIT})(?P<{{0}}e>半)?))"
_STATED = re.compile(
    rf"(?<![\d每第])(?P<condition>连续|超过|不超过|超出|满|不少于|为期|提前|近|历时)?{_ANCHOR}?"
    rf"(?:(?:{_QUANTITY.replace('{0}', 'f')}|(?P<bare>{_N}))[-~至到])?"
    rf"{_QUANTITY.replace('{0}', 't')}(?P<within>以内|之内|内|(?:之|以)?后)?",
    re.ASCII,
)
_STARTS = frozenset(
    "0123456789一二三四五六七八九十两廿半+自从在连超不满为提近历巡督审问意整任文通项工合反下收接印发检交完竣验签立开投结"
)


def read_length(text: str, pos: int) -> Stated | None:
    """The length that starts exactly at `pos`, or None. A bare 30日 or 1年 is none: it may be a day or a year."""
    if text[pos] not in _STARTS:
        return None
    match = _STATED.match(text, pos)
    if match is None or not (length := _length(match, "t")):
        return None
    anchored = text[pos] == "+" or bool(match["anchor"]) or text[:pos].endswith(("起", "起,"))
    within = match["within"] or ""
    firm = anchored or (bool(within) and not within.endswith("后"))
    if not firm and not match["condition"] and (match["tu"] in ("日", "年")) and not within:
        return None
    return Stated(
        length, pos, match.end(), _least(match), match["anchor"] or "",
        firm=firm, after=within.endswith("后"), condition=match["condition"] or "",
    )  # fmt: skip


def _least(match: re.Match[str]) -> Length | None:
    if match["bare"]:
        number = small_number(match["bare"])
        return None if number is None else _of(number, match["tu"] or "个月")
    return _length(match, "f")


def _length(match: re.Match[str], side: str) -> Length | None:
    if half := match[f"{side}h"]:
        return Length(months=6) if half == "年" else Length(days=15)
    if not (text := match[f"{side}n"]):
        return None
    number = int(text) if text.isascii() else small_number(text)
    if not number:
        return None
    if match[f"{side}m"]:
        return Length(months=number, days=15)
    length = _of(number, match[f"{side}u"])
    if not match[f"{side}e"]:
        return length
    return Length(months=length.months + 6) if match[f"{side}u"] == "年" else None


def _of(number: int, unit: str) -> Length:
    unit = unit.removeprefix("个")
    months = {"月": 1, "季度": 3, "年": 12}.get(unit)
    if months:
        return Length(months=number * months)
    if unit == "工作日":
        return Length(workdays=number)
    return Length(days=number * (7 if unit in ("周", "星期") else 1))
