"""The 74 ways in which offices write dates, periods and deadlines: each row by number, the doubtful ones flagged."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pipeline.model import Stored
from pipeline.values import Context, Deadline, Parsed, Period, parse

IN_2022 = Context(2022)
FROM_31_JANUARY = Context(2022, base=date(2022, 1, 31))
BELOW = Context(2022, above="2022年5月20日")
BELOW_NOTHING = Context(2022)


def written(found: Parsed) -> str:
    """A reading in one line: "start..end precision", "end precision …", or "!problem"."""
    if found.problem:
        assert found.value is None, "a problem never comes with a value"
        return f"!{found.problem}"
    value = found.value
    if isinstance(value, Period):
        return f"{value.start}..{value.end or 'open'} {value.precision}"
    if isinstance(value, Deadline):
        start = f"{value.start}.." if value.start else ""
        words = [f"{start}{value.end or 'none'} {value.precision}", "open" * value.open_ended]
        words += [value.recurring, value.rule, value.time]
        words += [f"| {point.end or 'open'} {point.label}".strip() for point in value.checkpoints]
        return " ".join(filter(None, words))
    return "" if value is None else str(value)


AUG_DEC = "2022-08-01..2022-12-31 month"
NO_DATE = "!ambiguous_date"
OPEN = "none none open"
AT_ONCE = "none relative 立行立改"

ROWS: list[tuple[int, str, str, str, str]] = [
    (1, "period", "2022.8~2022.12", AUG_DEC, ""),
    (2, "period", "2022.08-2022.12", AUG_DEC, ""),
    (2, "period", "2022.8—2022.12", AUG_DEC, ""),
    (2, "period", "2022.8－2022.12", AUG_DEC, ""),
    (2, "period", "2022.8——2022.12", AUG_DEC, ""),
    (2, "period", "2022.8∼2022.12", AUG_DEC, ""),
    (2, "period", "2022.8至2022.12", AUG_DEC, ""),
    (3, "period", "2022年8月-12月", AUG_DEC, ""),
    (4, "period", "2022年8至12月", AUG_DEC, ""),
    (4, "period", "2022.8-12", AUG_DEC, "ambiguous"),
    (5, "period", "2017年12月至2018年9月", "2017-12-01..2018-09-30 month", ""),
    (6, "period", "2022年5月1日-2023年4月30日", "2022-05-01..2023-04-30 day", ""),
    (7, "period", "2017年3月20日-2018年2月28日", "2017-03-20..2018-02-28 day", ""),
    (8, "deadline", "11月14日前", "2022-11-14 day", "implied_year ambiguous"),
    (8, "deadline", "5月30日前", "2022-05-30 day", "implied_year ambiguous"),
    (8, "deadline", "2022年6月5日前", "2022-06-05 day", ""),
    (9, "deadline", "9月20日之前", "2022-09-20 day", "implied_year ambiguous"),
    (9, "deadline", "9月20日以前", "2022-09-20 day", "implied_year ambiguous"),
    (10, "deadline", "2017年12月28日18:00前", "2017-12-28 day 18:00", ""),
    (11, "deadline", "12月9日(周五)下午2点前", "2022-12-09 day 14:00", "implied_year"),
    (11, "deadline", "12月9日(周三)下午2点前", "!inconsistent", ""),
    (12, "deadline", "5月10前", "2022-05-10 day", "implied_year typo ambiguous"),
    (13, "period", "11月15日-16日", "2022-11-15..2022-11-16 day", "implied_year"),
    (13, "deadline", "11月15日-16日", "2022-11-15..2022-11-16 day", "implied_year"),
    (14, "period", "8月15日至9月03日", "2022-08-15..2022-09-03 day", "implied_year"),
    (15, "date", "2022-08-15", "2022-08-15", ""),
    (15, "date", "2022/8/15", "2022-08-15", ""),
    (15, "date", "2022.8.15", "2022-08-15", ""),
    (15, "date", "2022．8．15", "2022-08-15", ""),
    (16, "date", "20220815", "2022-08-15", ""),
    (17, "date", "22.8.15", "2022-08-15", "short_year ambiguous"),
    (17, "deadline", "22年8月", "2022-08-31 month", "short_year ambiguous"),
    (18, "period", "2022.8.5-9.3", "2022-08-05..2022-09-03 day", ""),
    (19, "deadline", "2022.1", NO_DATE, "ambiguous"),
    (21, "deadline", "Aug-22", "2022-08-31 month", "short_year ambiguous"),
    (21, "deadline", "8-12", "2022-08-12 day", "implied_year ambiguous"),
    (21, "period", "8-12", NO_DATE, "half_open implied_year ambiguous"),
    (22, "date", "二〇一四年十一月十八日", "2014-11-18", ""),
    (23, "date", "二○一一年五月　日", NO_DATE, "incomplete"),
    (24, "date", "二O二二年八月三日", "2022-08-03", ""),
    (24, "date", "二0二二年八月三日", "2022-08-03", ""),
    (24, "period", "贰零贰贰年", "2022-01-01..2022-12-31 year", ""),
    (25, "date", "年　月　日", "", ""),
    (25, "date", "____年__月__日", "", ""),
    (25, "date", "2022年　月　日", "", ""),
    (26, "deadline", "8月底", "2022-08-31 month", "implied_year"),
    (26, "deadline", "8月底前", "2022-08-31 month", "implied_year"),
    (26, "deadline", "8月末", "2022-08-31 month", "implied_year"),
    (27, "deadline", "2022年底", "2022-12-31 year", ""),
    (27, "deadline", "2022年底前", "2022-12-31 year", ""),
    (27, "deadline", "2020年年底前", "2020-12-31 year", ""),
    (27, "deadline", "年底前", "2022-12-31 year", "implied_year ambiguous"),
    (28, "deadline", "年内", "2022-12-31 year", "implied_year"),
    (28, "deadline", "2022年内", "2022-12-31 year", ""),
    (28, "deadline", "年内完成", "2022-12-31 year", "implied_year"),
    (29, "period", "2025.03—2025年内", "2025-03-01..2025-12-31 month", ""),
    (30, "deadline", "年初", NO_DATE, "implied_year ambiguous"),
    (31, "deadline", "年终", "2022-12-31 year", "implied_year"),
    (31, "deadline", "年末", "2022-12-31 year", "implied_year"),
    (31, "deadline", "岁末", "2022-12-31 year", "implied_year"),
    (32, "deadline", "9月中旬", "2022-09-20 xun", "implied_year"),
    (32, "deadline", "6月中旬前", "2022-06-20 xun", "implied_year ambiguous"),
    (32, "deadline", "10月上旬前", "2022-10-10 xun", "implied_year ambiguous"),
    (33, "deadline", "6月初", "2022-06-10 xun", "implied_year ambiguous"),
    (33, "deadline", "2018年2月初", "2018-02-10 xun", "ambiguous"),
    (34, "deadline", "上半年", "2022-06-30 half", "implied_year"),
    (34, "deadline", "上半年前", "2022-06-30 half", "implied_year ambiguous"),
    (34, "deadline", "下半年", "2022-12-31 half", "implied_year"),
    (35, "deadline", "一季度", "2022-03-31 quarter", "implied_year"),
    (35, "deadline", "第一季度", "2022-03-31 quarter", "implied_year"),
    (35, "deadline", "Q1", "2022-03-31 quarter", "implied_year"),
    (35, "deadline", "1季度末", "2022-03-31 quarter", "implied_year"),
    (35, "deadline", "一季度前", "2022-03-31 quarter", "implied_year ambiguous"),
    (36, "period", "4至6月", "2022-04-01..2022-06-30 month", "implied_year"),
    (37, "period", "2024—2026年", "2024-01-01..2026-12-31 year", ""),
    (37, "period", "三年行动(2024—2026年)", "2024-01-01..2026-12-31 year", ""),
    (38, "period", "2014—2015学年", "2014-09-01..2015-08-31 month", "ambiguous"),
    (38, "period", "2019-2020学年", "2019-09-01..2020-08-31 month", "ambiguous"),
    (39, "period", "2018年度", "2018-01-01..2018-12-31 year", ""),
    (39, "period", "2022年", "2022-01-01..2022-12-31 year", ""),
    (40, "deadline", "立行立改", AT_ONCE, "class_word ambiguous"),
    (41, "deadline", "立行立改，长期坚持", "none relative open 立行立改", "class_word open_ended ambiguous"),
    (42, "deadline", "2024年底前，并长期坚持", "2024-12-31 year open", "open_ended"),
    (43, "deadline", "长期", OPEN, "open_ended"),
    (43, "deadline", "长期坚持", OPEN, "open_ended"),
    (43, "deadline", "长期整改", OPEN, "open_ended"),
    (44, "deadline", "持续推进", OPEN, "open_ended"),
    (44, "deadline", "持续整改", OPEN, "open_ended"),
    (44, "deadline", "常态化推进", OPEN, "open_ended"),
    (44, "deadline", "持续", OPEN, "open_ended"),
    (45, "deadline", "已完成", NO_DATE, ""),
    (45, "deadline", "已整改", NO_DATE, ""),
    (46, "deadline", "即知即改", AT_ONCE, "class_word ambiguous"),
    (46, "deadline", "马上就办", AT_ONCE, "class_word ambiguous"),
    (46, "deadline", "立即", AT_ONCE, "class_word ambiguous"),
    (46, "deadline", "即时", AT_ONCE, "class_word ambiguous"),
    (47, "deadline", "一周内", NO_DATE, "base_unknown ambiguous"),
    (48, "deadline", "一个月内", NO_DATE, "base_unknown ambiguous"),
    (51, "deadline", "项目完成后一年内", NO_DATE, "relative"),
    (55, "deadline", "每月", "none none 每月", "recurring ambiguous"),
    (55, "deadline", "按月", "none none 每月", "recurring ambiguous"),
    (55, "deadline", "每月底前", "none none 每月底", "recurring ambiguous"),
    (55, "deadline", "每月5日前", "none none 每月5日", "recurring ambiguous"),
    (56, "deadline", "每季度", "none none 每季度", "recurring"),
    (56, "deadline", "每季度末", "none none 每季度末", "recurring"),
    (56, "deadline", "每季度一次", "none none 每季度", "recurring"),
    (57, "deadline", "每半年", "none none 每半年", "recurring"),
    (57, "deadline", "每年", "none none 每年", "recurring"),
    (57, "deadline", "定期", NO_DATE, ""),
    (57, "deadline", "适时", NO_DATE, ""),
    (57, "deadline", "不定期", NO_DATE, ""),
    (58, "deadline", "每周五下午", "none none 每周五", "recurring"),
    (58, "deadline", "每周", "none none 每周", "recurring"),
    (59, "deadline", "连续两周", NO_DATE, "relative"),
    (60, "deadline", "超过一个月", NO_DATE, "relative"),
    (61, "deadline", "一般不超过一年", NO_DATE, "relative"),
    (62, "deadline", "从现在开始到党的二十大召开之前", "2022-10-15 day", "ambiguous"),
    (63, "deadline", "“七一”前", "2022-06-30 day", "implied_year ambiguous"),
    (63, "deadline", "国庆节前", "2022-09-30 day", "implied_year ambiguous"),
    (63, "deadline", "“十一”之前", "2022-09-30 day", "implied_year ambiguous"),
    (63, "deadline", "春节前", "2022-01-31 day", "implied_year ambiguous"),
    (63, "deadline", "两会前", NO_DATE, ""),
    (64, "deadline", "近期", NO_DATE, ""),
    (64, "deadline", "尽快", NO_DATE, ""),
    (64, "deadline", "择机", NO_DATE, ""),
    (64, "deadline", "待定", NO_DATE, ""),
    (64, "deadline", "暂无", NO_DATE, ""),
    (64, "deadline", "视情况", NO_DATE, ""),
    (65, "deadline", "随项目进度", NO_DATE, "relative"),
    (65, "deadline", "项目竣工前", NO_DATE, "relative"),
    (65, "deadline", "与工程同步", NO_DATE, "relative"),
    (65, "deadline", "项目完成时限内", NO_DATE, "relative"),
    (66, "deadline", "2022年8月15日(星期一)", "2022-08-15 day", ""),
    (66, "date", "2022年8月15日(星期二)", "!inconsistent", ""),
    (67, "deadline", "2022.2.30", "!invalid_date", ""),
    (67, "deadline", "2022年13月", "!invalid_date", ""),
    (67, "deadline", "9月31日", "!invalid_date", "implied_year"),
    (68, "period", "2022.12~2022.8", "!end_before_start", ""),
    (69, "period", "2022.8~", NO_DATE, "half_open ambiguous"),
    (69, "period", "~2022.12", NO_DATE, "half_open ambiguous"),
    (69, "period", "自2022年8月起", NO_DATE, "half_open ambiguous"),
    (71, "deadline", "202012月", "!invalid_date", ""),
    (71, "deadline", "20215月", "!invalid_date", ""),
    (71, "deadline", "2022324日", "!invalid_date", ""),
    (72, "deadline", "/", "", "not_applicable"),
    (72, "deadline", "—", "", "not_applicable"),
    (72, "deadline", "无", "", "not_applicable"),
    (72, "deadline", "空", "", "not_applicable"),
    (
        73,
        "deadline",
        "2022年8月30日前完成方案，11月30日前见效",
        "2022-11-30 day | 2022-08-30 完成方案 | 2022-11-30 见效",
        "multi",
    ),
    (
        74,
        "deadline",
        "①2022年9月；②12月底；③长期",
        "2022-12-31 month open | 2022-09-30 | 2022-12-31 | open",
        "multi open_ended ambiguous",
    ),
]

FROM_BASE: list[tuple[int, str, str, str]] = [
    (47, "一周内", "2022-02-07 day", "derived ambiguous"),
    (47, "7日内", "2022-02-07 day", "derived ambiguous"),
    (47, "5个工作日内", "2022-02-11 day", "derived ambiguous"),
    (48, "一个月内", "2022-02-28 day", "derived ambiguous"),
    (49, "三个月内见效", "2022-04-30 day", "derived ambiguous"),
    (50, "半年至一年内", "2022-07-31..2023-01-31 day", "derived ambiguous"),
    (52, "反馈后1个月内", "2022-02-28 day", "derived"),
    (52, "反馈之日起2个月内", "2022-03-31 day", "derived"),
    (53, "下达时间+60日", "2022-04-01 day", "derived"),
    (53, "下达时间+1年", "2023-01-31 day", "derived"),
    (54, "30", NO_DATE, "ambiguous"),
    (54, "30天", "2022-03-02 day", "derived ambiguous"),
]

CELLS: list[tuple[int, str, object, str, str, str]] = [
    (19, "deadline", Decimal("2022.12"), "2022.12", "2022-12-31 month", "ambiguous"),
    (19, "deadline", Decimal("2022.1"), "2022.1", NO_DATE, "ambiguous"),
    (19, "deadline", Decimal("2022.1"), "2022.10", NO_DATE, "ambiguous"),
    (19, "date", Decimal("2022.1"), "2022.1", NO_DATE, "ambiguous"),
    (19, "period", Decimal("2022.8"), "2022.8", "2022-08-01..2022-08-31 month", "ambiguous"),
    (20, "date", Decimal(44788), "44788", "2022-08-15", "serial"),
    (20, "deadline", Decimal(44788), "44788", "2022-08-15 day", "serial"),
    (20, "date", date(2022, 8, 15), "2022/8/15 0:00", "2022-08-15", ""),
    (20, "date", date(1900, 1, 30), "1900/1/30", NO_DATE, "ambiguous"),
    (21, "deadline", date(2022, 8, 1), "Aug-22", "2022-08-31 month", "short_year ambiguous"),
    (21, "deadline", date(2022, 8, 12), "8月12日", "2022-08-12 day", "ambiguous"),
    (54, "deadline", Decimal(30), "30", NO_DATE, "ambiguous"),
]


@pytest.mark.parametrize(("row", "kind", "text", "reading", "flags"), ROWS)
def test_row_as_text(row: int, kind: str, text: str, reading: str, flags: str) -> None:
    found = parse(kind, text, IN_2022)
    assert (written(found), set(found.flags)) == (reading, set(flags.split())), row


@pytest.mark.parametrize(("row", "text", "reading", "flags"), FROM_BASE)
def test_row_counted_from_the_feedback_of_31_january(row: int, text: str, reading: str, flags: str) -> None:
    found = parse("deadline", text, FROM_31_JANUARY)
    assert (written(found), set(found.flags)) == (reading, set(flags.split())), row


@pytest.mark.parametrize(("row", "kind", "value", "text", "reading", "flags"), CELLS)
def test_row_as_excel_cell(row: int, kind: str, value: date | Decimal, text: str, reading: str, flags: str) -> None:
    found = parse(kind, text, IN_2022, stored=Stored(value))
    assert (written(found), set(found.flags)) == (reading, set(flags.split())), row


@pytest.mark.parametrize("text", ["同上", "〃", "″"])
def test_row_70_copies_the_row_above(text: str) -> None:
    assert parse("deadline", text, BELOW) == Parsed(Deadline(date(2022, 5, 20)), flags=("inherited",))
    assert parse("deadline", text, BELOW_NOTHING).problem == "ambiguous_date"


def test_row_60_exactly_one_month_is_not_yet_more() -> None:
    assert not Period(date(2022, 8, 15), date(2022, 9, 14)).exceeds(1)
    assert Period(date(2022, 8, 15), date(2022, 9, 15)).exceeds(1)


def test_row_61_a_year_by_months_includes_exactly_twelve() -> None:
    twelve = parse("period", "2022.8~2023.7", IN_2022).value
    thirteen = parse("period", "2022.8~2023.8", IN_2022).value
    assert isinstance(twelve, Period)
    assert isinstance(thirteen, Period)
    assert (twelve.months, twelve.exceeds(12)) == (12, False)
    assert (thirteen.months, thirteen.exceeds(12)) == (13, True)


def test_every_row_of_the_table_has_a_case() -> None:
    rows = {row[0] for row in (*ROWS, *FROM_BASE, *CELLS)} | {70}
    assert rows == set(range(1, 75))


DOUBTFUL = {4, 8, 9, 17, 19, 21, 27, 30, 32, 33, 34, 35, 38, 40, 46, 47, 48, 50, 54, 55, 62, 63, 69, 74}
"""The rows marked with a warning sign whose reading is nevertheless given for at least one spelling."""


@pytest.mark.parametrize("row", sorted(DOUBTFUL))
def test_a_doubtful_row_has_a_flagged_case(row: int) -> None:
    flags = [case[4] for case in ROWS if case[0] == row]
    flags += [case[3] for case in FROM_BASE if case[0] == row]
    flags += [case[5] for case in CELLS if case[0] == row]
    assert any("ambiguous" in each.split() for each in flags)
