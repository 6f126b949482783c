"""Values: the laws that hold for every kind, and what each kind accepts, refuses and marks."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.forms.labels import squeeze as label_squeeze
from pipeline.forms.spec import TYPES
from pipeline.model import Stored
from pipeline.values import (
    Branch,
    Checkpoint,
    Context,
    Deadline,
    Money,
    Parsed,
    Period,
    Roster,
    format_value,
    from_json,
    is_blank,
    is_sample,
    parse,
    to_json,
)
from pipeline.values.blanks import _is_blank as slowly_blank
from pipeline.values.calendars import add_months, month_end, months_between, whole
from pipeline.values.fold import _FOLD as TABLE
from pipeline.values.fold import fold, key, squeeze
from pipeline.values.numerals import small_number
from pipeline.values.workdays import add_workdays, is_workday

CONTEXT = Context(2026)
FEEDBACK = Context(2026, base=date(2026, 3, 10))
CLASSES = ("立行立改", "限期整改", "长效治理")

# ---------------------------------------------------------------- values of every kind

days = st.dates(date(1950, 1, 1), date(2190, 12, 31))
month_starts = days.map(lambda day: day.replace(day=1))
labels = st.sampled_from(["", "完成方案", "见效", "印发办法", "完成首批验收"])


def last_of_month(day: date) -> date:
    return month_end(day.year, day.month)


@st.composite
def stretches(draw: st.DrawFn) -> tuple[date, str]:
    """The last day of a whole part of a year, with its precision."""
    precision = draw(st.sampled_from(["xun", "month", "quarter", "half", "year"]))
    year = draw(st.integers(1950, 2190))
    months = {"quarter": 3, "half": 6, "year": 12}.get(precision, 1)
    end = month_end(year, months * draw(st.integers(1, 12 // months)))
    if precision == "xun":
        end = draw(st.sampled_from([end, end.replace(day=10), end.replace(day=20)]))
    return end, precision


@st.composite
def periods(draw: st.DrawFn) -> Period:
    shape = draw(st.sampled_from(["day", "month", "years", "stretch", "open"]))
    if shape == "stretch":
        end, precision = draw(stretches())
        start = whole(precision, end)
        assert start is not None
        return Period(start, end, precision)
    if shape == "years":
        year = draw(st.integers(1950, 2180))
        return Period(date(year, 1, 1), date(year + draw(st.integers(0, 9)), 12, 31), "year")
    if shape == "open":
        start, precision = draw(st.one_of(st.tuples(days, st.just("day")), st.tuples(month_starts, st.just("month"))))
        return Period(start, None, precision, open_ended=True)
    first, last = sorted((draw(days), draw(days)))
    if shape == "month":
        return Period(first.replace(day=1), last_of_month(last), "month")
    return Period(first, last)


RECURRING = ["", "每月", "每月底", "每月5日", "每季度", "每季度末", "每半年", "每年", "每周", "每周五"]


@st.composite
def checkpoints(draw: st.DrawFn) -> Deadline:
    """Two or more dates in one cell, perhaps open at the end."""
    ends = draw(st.lists(st.one_of(days.map(lambda day: (day, "day")), stretches()), min_size=2, max_size=4))
    points = [Checkpoint(end, precision, label=draw(labels)) for end, precision in ends]
    last = max(points, key=lambda point: point.end or date.min)
    open_ended = draw(st.booleans())
    points += [Checkpoint(None, "none", open_ended=True)] if open_ended else []
    rule = draw(st.sampled_from(["", "立行立改"]))
    return Deadline(last.end, open_ended, last.precision, rule=rule, checkpoints=tuple(points))


@st.composite
def deadlines(draw: st.DrawFn) -> Deadline:
    open_ended = draw(st.booleans())
    rule = draw(st.sampled_from(["", "立行立改"]))
    recurring = draw(st.sampled_from(RECURRING))
    shape = draw(st.sampled_from(["none", "day", "time", "stretch", "range"]))
    if shape == "none":
        precision = "relative" if rule else "none"
        return Deadline(None, open_ended or not (rule or recurring), precision, recurring, rule)
    if shape == "range":
        first, last = sorted((draw(days), draw(days)))
        return Deadline(last, open_ended, "day", recurring, rule, start=first)
    if shape == "stretch":
        end, precision = draw(stretches())
        return Deadline(end, open_ended, precision, recurring, rule)
    time = f"{draw(st.integers(0, 23)):02}:{draw(st.integers(0, 59)):02}" if shape == "time" else ""
    return Deadline(draw(days), open_ended, "day", recurring, rule, time=time)


def distinct(deadline: Deadline) -> bool:
    return len({point.end for point in deadline.checkpoints if point.end}) > 1


amounts = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False)
moneys = st.builds(Money, amounts, st.sampled_from(["元", "千元", "万元", "百万元", "千万元", "亿元"]), st.booleans())
names = st.sampled_from(["张三", "李和平", "欧阳修远", "买买提·艾力", "王芳", "李国会", "朱雨桐"])
months = st.one_of(
    days.map(lambda day: f"{day:%Y-%m}"), days.map(lambda day: "{}-W{:02}".format(*day.isocalendar()[:2]))
)
numbers = st.sampled_from(["0573-85061112", "13800001234", "8710", "177****4503", "029-33229182-8001", "400-800-1234"])
plain_texts = st.sampled_from(["三级教育培训", "完成32学时", "“淮浚08”船", "第一行\n第二行", "无纸化", "A-12 / B"])

VALUES: dict[str, st.SearchStrategy[object]] = {
    "text": plain_texts,
    "long": plain_texts,
    "org": st.sampled_from(["沂北泵站项目党支部", "“淮浚08”船党支部", "Alpha Co 项目部"]),
    "person": names,
    "persons": st.lists(names, min_size=1, max_size=5, unique=True).map(tuple),
    "date": days,
    "period": periods(),
    "deadline": st.one_of(deadlines(), checkpoints().filter(distinct)),
    "money": moneys,
    "percent": st.decimals(0, 1000, places=1),
    "score": st.decimals(0, 1000, places=2),
    "count": st.integers(0, 10**9),
    "choice": st.sampled_from(CLASSES),
    "phone": st.lists(numbers, min_size=1, max_size=4, unique=True).map(tuple),
    "month": months,
    "year": st.integers(1949, 2149),
}


def test_there_is_a_law_for_every_kind() -> None:
    assert set(VALUES) == set(TYPES)


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_what_is_written_reads_back_the_same(kind: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[kind])
    text = format_value(kind, value)
    assert parse(kind, text, CONTEXT, choices=CLASSES) == Parsed(value, flags=parse(kind, text, CONTEXT).flags), text


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_json_loses_nothing(kind: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[kind])
    assert from_json(kind, to_json(value)) == value


@pytest.mark.parametrize("kind", ["date", "period", "deadline", "month", "year", "money", "person"])
@given(data=st.data())
def test_full_width_and_spaces_change_nothing(kind: str, data: st.DataObject) -> None:
    text = format_value(kind, data.draw(VALUES[kind]))
    wide = "".join(chr(ord(char) + 0xFEE0) if char.isdigit() else char for char in text)
    assert parse(kind, wide, CONTEXT).value == parse(kind, text, CONTEXT).value
    assert parse(kind, f"　{text} ", CONTEXT).value == parse(kind, text, CONTEXT).value


LETTERS = "0123456789年月日前底末至-~.（），；、 一二三四季度第半个内长期坚持每周工作起或XX○张王部/%万元□√同上\n"


@pytest.mark.parametrize("kind", TYPES)
@given(text=st.text(LETTERS, max_size=24))
def test_any_text_gives_a_value_or_a_problem_or_nothing(kind: str, text: str) -> None:
    found = parse(kind, text, FEEDBACK, choices=CLASSES)
    assert found.value is None or not found.problem
    if found.value is None and not found.problem:
        unticked = kind == "choice" and "□" in text
        assert is_blank(text) or "not_applicable" in found.flags or unticked, text


@given(first=st.text(LETTERS, max_size=12), day=days, kind=st.sampled_from(["date", "period", "deadline"]))
def test_a_dated_value_never_hides_digits_it_has_not_read(first: str, day: date, kind: str) -> None:
    found = parse(kind, f"{first}{day.year}年{day.month}月{day.day}日7", CONTEXT)
    assert found.problem or "ambiguous" in found.flags or found.value is None


@given(st.text(max_size=60))
def test_hostile_text_is_survived(text: str) -> None:
    for kind in TYPES:
        assert isinstance(parse(kind, text, FEEDBACK), Parsed)


# ---------------------------------------------------------------- what a reading must not do silently


@pytest.mark.parametrize(
    "text",
    [
        "2026年8月l日前", "2026年两会前", "2026年春", "6月主汛期前", "次月5日前", "本月底", "下月底前", "月底前",
        "2026年6月或7月", "2026年前", "2026年9月第一周", "2026年6月5日后", "2026年6月5日起", "2026年5月20日已完成",
        "项目竣工后3个月内", "2个月后", "一月内", "2026年6月3O日", "2026年6月3 0日", "2026 6 30", "2026", "202606",
        "2026年6月30日25", "9" * 500, "2026年12月中", "2026年12月，旬", "2026年12月半中旬", "二〇二六年五月二十x",
    ],
)  # fmt: skip
def test_a_deadline_that_is_not_fully_understood_is_refused(text: str) -> None:
    found = parse("deadline", text, FEEDBACK)
    assert (found.value, found.problem) == (None, "ambiguous_date")


@pytest.mark.parametrize(
    ("text", "end", "flags"),
    [
        ("2027年4月30日前完成全部目标任务。", date(2027, 4, 30), ""),
        ("2026年6月底前完成首批3个试点", date(2026, 6, 30), ""),
        ("2026年6月底前完成年终考核", date(2026, 6, 30), ""),
        ("2026年6月底前整改到位", date(2026, 6, 30), ""),
        ("2026年6月30日24时前", date(2026, 6, 30), ""),
        ("2026年8月1日 00:00:00", date(2026, 8, 1), ""),
        ("立即整改，2026年4月1日前", date(2026, 4, 1), ""),
        ("2026年6月30日左右", date(2026, 6, 30), "approximate ambiguous"),
        ("预计2026年6月30日", date(2026, 6, 30), "ambiguous"),
        ("2026年6月底前（待定）", date(2026, 6, 30), "ambiguous"),
        ("明年3月底前", date(2027, 3, 31), "implied_year ambiguous"),
        ("2月底前", date(2026, 2, 28), "implied_year ambiguous"),
        ("半个月内", date(2026, 3, 25), "derived ambiguous"),
        ("反馈之日起10个工作日内", date(2026, 3, 24), "derived"),
        ("3-6个月内", date(2026, 9, 10), "derived ambiguous"),
        ("2026年国庆节前", date(2026, 9, 30), "ambiguous"),
        ("2026年至8月20日前", date(2026, 8, 20), "ambiguous"),
        ("2026年12月底前，并长期坚", date(2026, 12, 31), "ambiguous"),
        ("二〇二六年五月二十", date(2026, 5, 20), "typo"),
    ],
)
def test_deadlines_among_words(text: str, end: date, flags: str) -> None:
    found = parse("deadline", text, FEEDBACK)
    assert isinstance(found.value, Deadline)
    assert (found.value.end, set(found.flags)) == (end, set(flags.split()))


def test_several_deadlines_keep_what_each_is_for() -> None:
    found = parse("deadline", "2026年3月底前出台办法；6月底前完成首批评选；11月底前总结", CONTEXT).value
    assert isinstance(found, Deadline)
    assert [(point.end, point.label) for point in found.checkpoints] == [
        (date(2026, 3, 31), "出台办法"),
        (date(2026, 6, 30), "完成首批评选"),
        (date(2026, 11, 30), "总结"),
    ]


def test_plan_and_result_count_from_the_same_feedback() -> None:
    found = parse("deadline", "一个月内制定方案，三个月内见效", FEEDBACK).value
    assert isinstance(found, Deadline)
    assert [point.end for point in found.checkpoints] == [date(2026, 4, 10), date(2026, 6, 10)]


def test_open_ended_and_missing_deadlines_sort_last() -> None:
    texts = ["长期坚持", "2026年9月30日", "2026年5月底前", "每季度"]
    values = [value for text in texts if isinstance(value := parse("deadline", text, CONTEXT).value, Deadline)]
    ordered = sorted(values, key=lambda deadline: deadline.order)
    assert [value.end for value in ordered] == [date(2026, 5, 31), date(2026, 9, 30), None, None]


@pytest.mark.parametrize(
    ("kind", "text", "note"),
    [
        ("deadline", "202605月", "2026年5月"),
        ("deadline", "2022324日", "2022年3月24日"),
        ("deadline", "2022111日", ""),
        ("deadline", "2026.1", "2026年1月或2026年10月"),
        ("date", "2026年8月15日（星期一）", "2026年8月15日（星期六）"),
        ("period", "2022.8-12", "2022年8月12日"),
        ("deadline", "6月中旬前", "2026年6月10日"),
    ],
)
def test_the_note_holds_the_other_reading(kind: str, text: str, note: str) -> None:
    assert parse(kind, text, CONTEXT).note == note


# ---------------------------------------------------------------- periods and months


@pytest.mark.parametrize(
    ("text", "start", "end", "flags"),
    [
        ("自2026年9月1日起至2027年4月30日止", "2026-09-01", "2027-04-30", ""),
        ("2026年9月至次年3月", "2026-09-01", "2027-03-31", ""),
        ("2026年9月－2027年8月，共12个月", "2026-09-01", "2027-08-31", ""),
        ("2026.9.1-2027.8.31（一般不超过一年）", "2026-09-01", "2027-08-31", ""),
        ("2026年9月起，为期一年", "2026-09-01", "2027-08-31", "derived"),
        ("自2026年9月1日起一年", "2026-09-01", "2027-08-31", "derived"),
        ("2026.9一2027.6", "2026-09-01", "2027-06-30", ""),
        ("2026.9\n2027.6", "2026-09-01", "2027-06-30", "ambiguous"),
        ("2026.9~2027.6.30", "2026-09-01", "2027-06-30", ""),
    ],
)
def test_periods(text: str, start: str, end: str, flags: str) -> None:
    found = parse("period", text, CONTEXT)
    assert isinstance(found.value, Period)
    assert (str(found.value.start), str(found.value.end), set(found.flags)) == (start, end, set(flags.split()))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2026年9月至2027年7月（12个月）", "inconsistent"),
        ("2026年11月-2月", "end_before_start"),
        ("2026年9月至今", "ambiguous_date"),
        ("2026年12月31日前", "ambiguous_date"),
        ("2026年9月至12月、2027年3月至5月", "ambiguous_date"),
        ("一至三季度", "ambiguous_date"),
        ("26.9-27.6", "ambiguous_date"),
        ("2026.13~2027.1", "invalid_date"),
    ],
)
def test_periods_that_give_no_value(text: str, problem: str) -> None:
    assert parse("period", text, CONTEXT).problem == problem


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026年10月", "2026-10"), ("2026.10", "2026-10"), ("2026-10", "2026-10"), ("2026年第42周", "2026-W42"),
        ("2026-W42", "2026-W42"), ("2026年10月12日-10月18日", "2026-W42"), ("2026年10月1日至31日", "2026-10"),
    ],
)  # fmt: skip
def test_months_and_weeks(text: str, value: str) -> None:
    assert parse("month", text, CONTEXT).value == value


def test_a_month_cell_and_its_doubts() -> None:
    assert parse("month", "2026/10/1", CONTEXT, stored=Stored(date(2026, 10, 1))) == Parsed("2026-10")
    assert parse("month", "2026.1", CONTEXT).problem == "ambiguous_date"
    assert parse("month", "2026年三季度", CONTEXT).problem == "ambiguous_date"
    assert parse("month", "2026年第54周", CONTEXT).problem == "invalid_date"


# ---------------------------------------------------------------- people, phones, money, numbers, choices


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("张三", "张三"), ("张　三", "张三"), ("张 三 丰", "张三丰"), ("党委书记 张三", "张三"), ("张三同志", "张三"),
        ("张三（副经理）", "张三"), ("工程部部长张三", "张三"), ("王 强 书记", "王强"), ("项目经理：王强", "王强"),
        ("张三 13800001234", "张三"), ("张三、李四", "张三、李四"), ("张三 李四", "张三、李四"),
        ("李　娜、王 芳", "李娜、王芳"), ("李和平", "李和平"), ("张三和李四", "张三、李四"), ("欧阳修远", "欧阳修远"),
        ("买买提•艾力", "买买提·艾力"), ("李国会", "李国会"), ("吕宏图\n孔翔", "吕宏图、孔翔"),
        ("John Smith", "John Smith"),
    ],
)  # fmt: skip
def test_persons_are_found_among_titles(text: str, value: str) -> None:
    assert parse("person", text, CONTEXT) == Parsed(value)


@pytest.mark.parametrize("text", ["张三李四", "阿不都热合曼", "徐工", "王强等3人", "王强等"])
def test_doubtful_names_are_marked(text: str) -> None:
    found = parse("person", text, CONTEXT)
    assert found.value
    assert found.flags == ("ambiguous",)


@pytest.mark.parametrize(
    "text",
    [
        "各部门", "各部门负责人", "全体党员", "党群工作部", "综合管理", "财务部", "安全部", "工会", "副部长",
        "部务会委员", "王经理", "牵头领导", "张三及全体党员", "待定", "项目部", "38人",
    ],
)  # fmt: skip
def test_departments_groups_and_bare_titles_are_no_persons(text: str) -> None:
    assert parse("person", text, CONTEXT).problem == "not_a_person"


def test_members_with_their_offices() -> None:
    text = "组长：吕宏图（党支部书记）\n成员：许德明（党小组组长）、施洪波（安全总监）"
    assert parse("persons", text, CONTEXT).value == ("吕宏图", "许德明", "施洪波")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0573-85061112", ("0573-85061112",)),
        ("0716-8460968、177****4503", ("0716-8460968", "177****4503")),
        ("0791—86765052", ("0791-86765052",)),
        ("**电话8710，手机5915**", ("8710", "5915")),
        ("张三 138 0000 1234", ("13800001234",)),
        ("（0517）83612345转8001", ("0517-83612345-8001",)),
        ("8354", ("8354",)),
    ],
)
def test_phones(text: str, value: tuple[str, ...]) -> None:
    assert parse("phone", text, CONTEXT) == Parsed(value)


@given(st.text("0123456789 -()转、/电话", min_size=1, max_size=20))
def test_three_digits_are_never_rejected(text: str) -> None:
    found = parse("phone", text, CONTEXT)
    if sum(char.isdigit() for char in text) >= 3:
        assert found.value
        assert not found.problem


def test_a_phone_that_excel_shows_in_short() -> None:
    assert parse("phone", "1.38E+10", CONTEXT, stored=Stored(Decimal(13800001234))).value == ("13800001234",)
    assert parse("phone", "12", CONTEXT).problem == "bad_phone"


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("7.132万元", "7.132", "万元"), ("1.05亿元", "1.05", "亿元"), ("600元", "600", "元"), ("5万", "5", "万元"),
        ("￥50,000.00", "50000", "元"), ("５０，０００元", "50000", "元"), ("人民币伍万元整", "50000", "元"),
        ("壹拾贰万叁仟肆佰伍拾陆元柒角捌分", "123456.78", "元"), ("叁佰元正", "300", "元"),
    ],
)  # fmt: skip
def test_money(text: str, amount: str, unit: str) -> None:
    assert parse("money", text, CONTEXT) == Parsed(Money(Decimal(amount), unit))


def test_money_takes_the_unit_of_the_label_or_none() -> None:
    assert parse("money", "205", Context(2026, unit="万元")).value == Money(Decimal(205), "万元")
    assert parse("money", "205", Context(2026, unit="（元）")).value == Money(Decimal(205), "元")
    assert parse("money", "205", CONTEXT) == Parsed(None, "bad_number", ("no_unit",), "205")


@pytest.mark.parametrize("text", ["约600元", "40余万元", "600元左右"])
def test_approximate_money(text: str) -> None:
    found = parse("money", text, CONTEXT)
    assert isinstance(found.value, Money)
    assert found.value.approximate
    assert found.flags == ("approximate",)


def test_money_among_words_is_marked_and_never_guessed() -> None:
    assert parse("money", "节约35.6万元", CONTEXT) == Parsed(Money(Decimal("35.6"), "万元"), flags=("ambiguous",))
    for text in ("30-50万元", "1,5万元", "几万元", "节约3万元，创效5万元", "很多"):
        assert parse("money", text, CONTEXT).problem == "bad_number", text
    assert parse("money", "XX万元", CONTEXT).problem == "placeholder"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("percent", "60%", 60), ("percent", "120%", 120), ("percent", "１００％", 100), ("percent", "百分之三十", 30),
        ("percent", "30", 30), ("score", "92.5分", Decimal("92.5")), ("score", "105", 105), ("count", "286人次", 286),
        ("count", "2026年度", 2026), ("count", "三项", 3), ("count", "1,200", 1200),
    ],
)  # fmt: skip
def test_numbers(kind: str, text: str, value: int | Decimal) -> None:
    assert parse(kind, text, CONTEXT) == Parsed(value)


@pytest.mark.parametrize(
    ("kind", "text"), [("percent", "优秀"), ("score", "优秀"), ("count", "3.5"), ("percent", "1/2")]
)
def test_words_are_no_numbers(kind: str, text: str) -> None:
    assert parse(kind, text, CONTEXT).problem == "bad_number"


def test_percent_cells_and_fractions() -> None:
    assert parse("percent", "30%", CONTEXT, stored=Stored(Decimal("0.3"), percent=True)).value == 30
    assert parse("percent", "0.285", CONTEXT, stored=Stored(Decimal("0.285"), percent=True)).value == Decimal("28.5")
    for context in (CONTEXT, Context(2026, unit="%")):
        assert parse("percent", "0.3", context) == Parsed(problem="ambiguous", note="0.3%、30%")
    assert parse("percent", "1", CONTEXT).problem == "ambiguous"
    assert parse("percent", "1", Context(2026, unit="%")) == Parsed(Decimal(1))
    assert parse("percent", "1%", CONTEXT) == Parsed(Decimal(1))
    assert parse("percent", "0", CONTEXT) == Parsed(Decimal(0))
    assert parse("count", "40余人次", CONTEXT) == Parsed(40, flags=("approximate",))


@pytest.mark.parametrize(
    "text",
    [
        "限期整改", "限期整改类", "限期 整改。", "□立行立改 √限期整改 □长效治理", "立行立改□ 限期整改☑ 长效治理□",
        "立行立改（ ） 限期整改（√） 长效治理（ ）", "短期整改", "■限期整改",
    ],
)  # fmt: skip
def test_one_choice(text: str) -> None:
    assert parse("choice", text, CONTEXT, choices=CLASSES, words={"短期整改": "限期整改"}) == Parsed("限期整改")


def test_no_choice_or_too_many() -> None:
    assert parse("choice", "□立行立改 □限期整改 □长效治理", CONTEXT, choices=CLASSES) == Parsed()
    two = parse("choice", "☑立行立改 ☑限期整改 □长效治理", CONTEXT, choices=CLASSES)
    assert (two.problem, two.flags) == ("bad_choice", ("ambiguous",))
    for text in ("再议", "整改", "立行立改、限期整改", "√整改"):
        assert parse("choice", text, CONTEXT, choices=CLASSES).problem == "bad_choice", text
    assert parse("choice", "未完成", CONTEXT, choices=("已完成", "完成")).problem == "bad_choice"


def test_yes_and_no() -> None:
    for text, value in (("√", "是"), ("×", "否"), ("1", "是"), ("已销号", "是"), ("否", "否")):
        assert parse("choice", text, CONTEXT, choices=("是", "否"), words={"已销号": "是"}).value == value


# ---------------------------------------------------------------- blanks, samples, folding


@pytest.mark.parametrize(
    "text",
    ["", " 　\n", "____", "年 月 日", "2026年　月　日", "20  年 月 日", "年 月 日至 年 月 日", "单击此处输入文字。"],
)
def test_not_filled(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["4至6月", "8月", "2026年", "5月　日", "无", "/", "同意", "1"])
def test_filled(text: str) -> None:
    assert not is_blank(text)


def test_printed_hints_are_not_filled() -> None:
    hints = ("存在的问题", "主要采取措施", "（盖章）")
    assert is_blank("1.存在的问题：\n2.主要采取措施：", hints)
    assert is_blank("(盖章)", hints)
    assert not is_blank("存在的问题：材料浪费", hints)
    assert not is_blank("同意", hints)


@pytest.mark.parametrize("text", ["XX万元", "节约ＸＸ万元", "××党支部", "***", "X年X月X日", "xxx", "○○公司", "X万元"])
def test_sample_text_left_in(text: str) -> None:
    assert is_sample(text)


@pytest.mark.parametrize("text", ["177****4503", "二○○六年", "XXL号", "2×3", "“淮浚08”船", "A×B", "二〇二六年"])
def test_not_a_sample(text: str) -> None:
    assert not is_sample(text)


def test_folding() -> None:
    assert fold("２０２６．８－９～１０（一）⽇") == "2026.8-9~10(一)日"
    assert fold("①２") == "①2"
    assert squeeze("2026 年 8 月\n1 2 日——") == "2026年8月1 2日-"
    assert key("「淮浚08」 船党支部") == key("“淮浚０８”船 党支部")


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("廿三", 23),
        ("三十一", 31),
        ("两", 2),
        ("百", None),
        ("十十", None),
        ("", None),
    ],
)
def test_small_numbers(text: str, number: int | None) -> None:
    assert small_number(text) == number


# ---------------------------------------------------------------- calendar


@given(days, st.integers(1, 60))
def test_months_later_never_pass_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == min(day.day, last_of_month(later).day)


@given(month_starts, st.integers(1, 40))
def test_whole_months_are_counted(start: date, months: int) -> None:
    end = add_months(start, months) - timedelta(days=1)
    assert months_between(start, end) == months
    assert not Period(start, end).exceeds(months)
    assert Period(start, end + timedelta(days=1)).exceeds(months)


def test_working_days_know_holidays_and_say_when_they_do_not() -> None:
    assert is_workday(date(2026, 10, 10)) == (True, True)
    assert is_workday(date(2026, 10, 1)) == (False, True)
    assert add_workdays(date(2026, 9, 30), 1) == (date(2026, 10, 8), True)
    day, announced = add_workdays(date(2099, 1, 1), 5)
    assert (day, announced) == (date(2099, 1, 8), False)
    found = parse("deadline", "反馈后5个工作日内", Context(2099, base=date(2099, 1, 1)))
    assert found.flags == ("derived", "holidays_unpublished")


# ---------------------------------------------------------------- the register


def row(unit: str, branch: str, alias: str = "", folder: str = "", code: str = "") -> dict[str, str]:
    return {"单位": unit, "单位代码": code, "党支部": branch, "别名": alias, "收件文件夹": folder, "支部书记": "孔志远"}


FIRST, SECOND = "淮源集团第一工程公司", "淮源集团第二工程公司"
ROSTER = Roster.from_rows(
    [
        row(FIRST, "青湖大堤加固工程项目部党支部", "青湖大堤加固工程支部、青湖支部", "01_第一工程", "HY01"),
        row(FIRST, "“淮浚08”船党支部", "淮浚08", "01_第一工程", "HY01"),
        row(FIRST, "机关党支部", "", "01_第一工程", "HY01"),
        row(SECOND, "机关党支部", "", "02_第二工程", "HY02"),
        row("", "漏填单位的党支部"),
    ]
)


@pytest.mark.parametrize(
    "text",
    [
        "青湖大堤加固工程项目部党支部", "青湖大堤加固工程项目部 党支部", "青湖大堤加固工程支部", "青湖支部",
        "中共淮源集团第一工程公司青湖大堤加固工程项目部支部委员会",
        "中共淮源集团第一工程公司党委青湖大堤加固工程项目部支部委员会",
        "第一工程公司青湖大堤加固工程项目部党支部",
    ],
)  # fmt: skip
def test_a_branch_under_its_names(text: str) -> None:
    found = ROSTER.find_branch(text)
    assert found is not None
    assert found.name == "青湖大堤加固工程项目部党支部"


def test_a_branch_of_two_units_needs_the_unit() -> None:
    assert ROSTER.find_branch("机关党支部") is None
    found = ROSTER.find_branch("淮源集团第二工程公司机关党支部")
    assert found is not None
    assert found.unit == SECOND


@pytest.mark.parametrize(
    "text",
    [
        "",
        "青湖大堤加固项目党支部",
        "青湖大堤党支部",
        "党支部",
        "不存在的党支部",
        "第三工程公司青湖大堤加固工程项目部党支部",
    ],
)
def test_likeness_is_no_match(text: str) -> None:
    assert ROSTER.find_branch(text) is None


def test_likely_names_are_offered_to_a_person() -> None:
    assert ROSTER.suggest("青湖大堤加固项目部党支部")[0] == "青湖大堤加固工程项目部党支部"
    assert Roster().suggest("青湖") == ()


def test_units_by_name_committee_code_and_folder() -> None:
    assert ROSTER.find_unit("淮源集团第一工程公司党委") == FIRST
    assert ROSTER.find_unit("中共淮源集团第一工程公司委员会") == FIRST
    assert ROSTER.find_unit("hy02") == SECOND
    assert ROSTER.find_unit("淮源集团") is None
    assert ROSTER.unit_of_folder("02_第二工程") == SECOND
    assert ROSTER.unit_of_folder("03_淮源集团第一工程公司") == FIRST
    assert ROSTER.unit_of_folder("未知") is None
    assert ROSTER.units == (FIRST, SECOND)


def test_an_empty_register_is_false() -> None:
    assert not Roster.from_rows([])
    assert ROSTER
    assert Roster.of([Branch("甲公司", name="机关党支部")]).find_branch("机关支部") is not None


def test_heavy_packages_are_loaded_only_when_needed() -> None:
    heavy = "cn2an", "rapidfuzz", "chinese_calendar"
    code = f"import sys, pipeline.values; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@given(st.text("，。（１Ａａ《》、党项目 \n\t\u3000\u2003a1:-—“”…①⽇－～é", max_size=40))
def test_the_short_ways_to_fold_and_squeeze_end_where_the_long_ones_do(text: str) -> None:
    assert fold(text) == text.translate(TABLE)
    assert label_squeeze(text) == "".join(unicodedata.normalize("NFKC", text).split())


def test_characters_taken_the_short_way_are_ordinary_one_by_one() -> None:
    for char in map(chr, (*range(0xD800), *range(0xE000, 0x10000))):
        assert fold.__wrapped__(char) == char.translate(TABLE)
        assert label_squeeze.__wrapped__(char) == "".join(unicodedata.normalize("NFKC", char).split())


@given(
    st.text("选题主要采取措施存在的问题年月日此处请填写待 　1.、（）_。", max_size=30),
    st.lists(st.text("选题主要采取措施存在的问题年月日（） ", max_size=8), max_size=3),
)
def test_the_short_way_to_tell_a_blank_ends_where_the_long_one_does(text: str, hints: list[str]) -> None:
    assert is_blank(text, hints) == slowly_blank(text, tuple(hints))
