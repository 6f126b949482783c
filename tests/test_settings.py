"""What an office may write into pipeline.toml, and what it is told when it errs."""

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ExitCode, SettingsError
from pipeline.settings import DEFAULT_TOML, Cycle, Fonts, Limits, Numbers, Rules, Settings, parse_settings
from pipeline.settings.toml_form import line_of

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def settings(text: str) -> Settings:
    return parse_settings(text, "pipeline.toml", 2026)


def complaints(text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        settings(text)
    assert caught.value.exit_code == ExitCode.SETTINGS
    return str(caught.value).splitlines()


def test_the_shipped_text_says_what_the_defaults_are() -> None:
    assert settings(DEFAULT_TOML) == Settings.default(2026)


def test_the_shipped_text_names_every_setting() -> None:
    names = {item.name for shape in (Rules, Limits, Numbers, Fonts) for item in fields(shape)}
    assert not [name for name in names if f"\n{name} = " not in DEFAULT_TOML]


def test_an_empty_file_is_all_defaults() -> None:
    assert settings("") == Settings.default(2026)


def test_windows_of_the_sources_include_both_ends() -> None:
    windows = Settings.default(2022).cycle.windows
    spans = {name: (window.start, window.end) for name, window in windows.items()}
    assert spans == {
        "申报": (date(2022, 8, 15), date(2022, 8, 27)),
        "立项审批": (date(2022, 8, 27), date(2022, 8, 29)),
        "制定计划": (date(2022, 8, 29), date(2022, 9, 3)),
    }
    assert date(2022, 8, 15) in windows["申报"]
    assert date(2022, 8, 27) in windows["申报"]
    assert date(2022, 8, 28) not in windows["申报"]


def test_a_year_that_is_not_fixed_follows_the_arrival() -> None:
    assert Settings.default(2026).cycle.window("申报", date(2025, 8, 24)).end == date(2025, 8, 27)


def test_a_fixed_year_stays() -> None:
    cycle = settings("[cycle]\nyear = 2022").cycle
    assert cycle.fixed
    assert cycle.window("申报", date(2025, 8, 24)).end == date(2022, 8, 27)
    assert cycle.year_for(date(2025, 1, 1)) == 2022


def test_a_window_can_be_moved_and_added() -> None:
    cycle = settings('[cycle.windows]\n"申报" = ["3-1", "03-20"]\n"中期检查" = ["6月1日", "6月30日"]').cycle
    assert cycle.windows["申报"].end == date(2026, 3, 20)
    assert cycle.windows["申报"].clause
    assert cycle.windows["中期检查"].start == date(2026, 6, 1)
    assert cycle.windows["立项审批"].start == date(2026, 8, 27)


@given(DAYS)
def test_any_arrival_has_windows_even_those_that_touch_29_february(day: date) -> None:
    cycle = settings('[cycle.windows]\n"补报" = ["02-01", "02-29"]').cycle
    window = cycle.window("补报", day)
    assert window.end.month == 2
    assert window.start < window.end


def test_the_contact_is_printed_as_far_as_it_is_known() -> None:
    both = settings('contact_person = "施浩"\ncontact_phone = "7288"')
    assert both.contact == "施浩，7288"
    assert settings('contact_phone = "7288"').contact == "7288"
    assert settings("").contact == ""


def test_the_stage_goal_is_due_by_the_end_of_the_year() -> None:
    assert settings("").rules.stage_goal_by(2022) == date(2022, 12, 31)
    assert settings('[rules]\nstage_goal_due = "11-30"').rules.stage_goal_by(2026) == date(2026, 11, 30)


def test_numbers_look_as_the_office_wants_them() -> None:
    assert Numbers().project_number("DJ", 2026, "HY01", 7) == "DJ-2026-HY01-007"
    assert Numbers().letter_number("督办", 2026, 1) == "督办〔2026〕1号"
    assert Numbers(project="{unit}{serial}", project_digits=2).project_number("DJ", 2026, "{year}", 120) == "{year}120"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[rules]\n\nlates = 1", 3, "是不是想写“late”"),
        ("# 注\norganisation = 3", 2, "文字，要写在引号里"),
        ('[rules]\ncopies = "两份"', 2, "整数"),
        ("[rules]\ncopies = true", 2, "整数"),
        ("[rules]\ncopies = 0", 2, "不小于 1，不大于 20"),
        ("[rules]\nletters_need_approval = 1", 2, "true（是）或 false（否）"),
        ('[rules]\nlate = "晚"', 2, "只能写：accepted、returned"),
        ('[rules]\nvague_phrases = "加强管理"', 2, "一组文字"),
        ('[rules]\nstage_goal_due = "13-1"', 2, "月-日"),
        ("[rules]\nlasting_min_months = 13", 2, "不能大于"),
        ("rules = 3", 1, "一组设置"),
        ("[cycle]\nyear = 22", 2, "四位年份"),
        ('[cycle.windows]\n"申报" = ["08-15", "08-32"]', 2, "起止两个日期"),
        ('[cycle.windows]\n"申报" = ["08-15"]', 2, "起止两个日期"),
        ('[cycle.windows]\n"申报" = ["08-27", "08-15"]', 2, "请对调"),
        ('[holidays]\noff = ["2027-01-01"]', 2, "一组日期"),
        ("[holidays]\noff = [2027-01-02]\nwork = [2027-01-02]", 3, "同时写在放假和上班里"),
        ('[numbers]\nproject = "{prefix}-{nian}-{serial}"', 2, "{nian} 不认识"),
        ('[numbers]\nletter = "督办"', 2, "缺少流水号"),
        ("[rules]\nlate = “accepted”", 2, "中文引号"),
        ('organisation = "一"\norganisation = "二"', 2, "写法有误"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, words: str) -> None:
    (complaint,) = complaints(text)
    assert complaint.startswith(f"pipeline.toml 第{line}行：")
    assert words in complaint


def test_all_mistakes_are_told_at_once_in_order() -> None:
    told = complaints('office = 1\n[limits]\nrows = "many"\n[cycle]\nyear = 1')
    assert [one.split("行")[0] for one in told] == ["pipeline.toml 第1", "pipeline.toml 第3", "pipeline.toml 第5"]


def test_a_file_is_read_with_its_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.toml"
    path.write_bytes('\ufefforganisation = "淮源集团"'.encode())
    assert Settings.load(path).organisation == "淮源集团"


def test_a_file_that_cannot_be_read_is_a_friendly_complaint(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.toml"
    with pytest.raises(SettingsError, match="打不开设置文件"):
        Settings.load(path)
    path.write_bytes('organisation = "淮源集团"'.encode("gb18030"))
    with pytest.raises(SettingsError, match="UTF-8"):
        Settings.load(path)


def test_the_year_of_the_clock_stands_in_only_when_none_is_given(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.toml"
    path.write_text("", encoding="utf-8")
    assert Settings.load(path, year=2030).cycle.year == 2030
    assert not Settings.load(path).cycle.fixed


def test_an_unknown_window_is_an_error() -> None:
    with pytest.raises(KeyError):
        Cycle(2026, {}).window("申报")


def test_the_line_of_a_missing_key_is_its_section() -> None:
    assert line_of("a = 1\n[b]\nc = 2", ("b", "x")) == 2
    assert line_of("a = 1\n[b]\nc = 2", ("x",)) == 1
