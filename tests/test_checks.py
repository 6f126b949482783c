"""Completeness, values, the order of findings, calls of checks and verdicts."""

from datetime import date
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalog import sentence
from pipeline.checks import CHECKS, complaints, verdict_of
from pipeline.errors import SettingsError
from pipeline.model import Finding, Place, Reading, Severity, Verdict
from tests.checking import Sheet, check, codes, field, said

ERROR, EXPLAIN, HINT = Severity.ERROR, Severity.EXPLAIN, Severity.HINT
FORM = Sheet(
    (
        field("填表时间", "date", "yes", hints=("年月日",), example="2026年8月20日", clause="附件1"),
        field("项目名称", "text", "yes"),
        field("选题", "long", "yes", hints=("存在的问题。",)),
        field("支部委员会意见", "text", "stage"),
        field("党委会意见", "text", "office"),
        field("备注"),
    )
)
RIGHT = {"填表时间": "2026年8月20日", "项目名称": "节能降耗", "选题": "能耗偏高", "支部委员会意见": "同意"}


def test_a_complete_form_says_nothing() -> None:
    assert FORM.judge(RIGHT) == ()


def test_all_that_is_missing_is_told_at_once_in_the_order_of_the_form() -> None:
    assert said(FORM.judge()) == [
        ("missing", "填表时间", None, ERROR),
        ("missing", "项目名称", None, ERROR),
        ("missing", "选题", None, ERROR),
        ("missing", "支部委员会意见", None, EXPLAIN),
    ]


@given(st.sets(st.sampled_from(["填表时间", "项目名称", "选题"])))
def test_each_required_field_is_told_by_itself(absent: set[str]) -> None:
    texts = {name: text for name, text in RIGHT.items() if name not in absent}
    assert {one.field for one in FORM.judge(texts)} == absent


def test_a_printed_hint_left_standing_is_a_placeholder_and_a_bare_date_line_is_missing() -> None:
    place = Place("cell", "表1 第4行", "word/document.xml", (9,))
    left = Reading("", place, printed="存在的问题。")
    line = Reading("", place, printed="　年　月　日")
    found = FORM.judge({**RIGHT, "选题": left, "填表时间": line})
    assert said(found) == [("missing", "填表时间", None, ERROR), ("placeholder", "选题", None, ERROR)]
    assert found[1].found == "存在的问题。"


def test_sample_text_is_an_error_wherever_it_stands() -> None:
    found = FORM.judge({**RIGHT, "项目名称": "实现节能降耗XX万元", "备注": "建立XX党员示范点"})
    assert said(found) == [("placeholder", "项目名称", None, ERROR), ("placeholder", "备注", None, ERROR)]


def test_none_and_slash_are_an_answer_to_be_explained_where_a_value_is_required() -> None:
    found = FORM.judge({**RIGHT, "选题": "无", "备注": "无"})
    assert said(found) == [("missing", "选题", None, EXPLAIN)]


def test_a_finding_carries_place_found_text_example_and_clause() -> None:
    (found,) = FORM.judge({**RIGHT, "填表时间": "2026年8月32日"})
    assert (found.code, found.found, found.place) == (
        "invalid_date",
        "2026年8月32日",
        Place("cell", "填表时间", "word/document.xml", (0,)),
    )
    assert "附件1" in sentence(found).text
    assert "2026年8月20日" in sentence(found).text


def test_an_office_field_is_not_asked_for_and_its_flaws_are_only_asked_about() -> None:
    sheet = Sheet((field("党委意见日期", "date", "office"),))
    assert sheet.judge() == ()
    assert said(sheet.judge({"党委意见日期": "2026年13月5日"})) == [("invalid_date", "党委意见日期", None, EXPLAIN)]


def test_a_doubt_is_a_hint_and_nothing_else_is_held_against_the_cell() -> None:
    doubtful = Reading("2026年8月32日", None, "disagree", "2026年8月31日")
    (found,) = FORM.judge({**RIGHT, "填表时间": doubtful})
    assert (found.code, found.severity, found.facts["other"]) == ("doubt", HINT, "2026年8月31日")


def test_a_phone_is_judged_softly() -> None:
    sheet = Sheet((field("联系电话", "phone", "yes"),))
    assert sheet.judge({"联系电话": "7288"}) == ()
    assert sheet.judge({"联系电话": "0550-88030336转8012"}) == ()
    assert said(sheet.judge({"联系电话": "找办公室"})) == [("bad_phone", "联系电话", None, EXPLAIN)]


def test_a_reading_that_supplied_something_is_shown_as_a_hint() -> None:
    (found,) = FORM.judge({**RIGHT, "填表时间": "8月20日"})
    assert (found.code, found.severity) == ("read_as", HINT)
    assert "2026" in found.facts["reading"]


LEDGER = Sheet(
    fields=(field("单位名称", "org", "yes"),),
    columns=(field("序号", "count"), field("责任人", "person", "yes"), field("目标", "text", "yes"), field("备注")),
)


def row(serial: str, person: str = "张敏", goal: str = "修订制度4项", note: str = "") -> dict[str, str | Reading]:
    return {"序号": serial, "责任人": person, "目标": goal, "备注": note}


def test_rows_are_told_by_their_number_from_one() -> None:
    found = LEDGER.judge({"单位名称": "第一工程公司"}, row("1"), row("2", person=""), row("3", goal="XX项"))
    assert said(found) == [("missing", "责任人", 2, ERROR), ("placeholder", "目标", 3, ERROR)]


def test_a_ledger_without_rows_is_told() -> None:
    assert codes(LEDGER.judge({"单位名称": "第一工程公司"})) == ["no_rows"]


def test_a_column_that_is_not_in_the_table_is_told_once() -> None:
    rows = [{**row(str(number)), "责任人": Reading("")} for number in range(1, 30)]
    assert said(LEDGER.judge({"单位名称": "第一工程公司"}, *rows)) == [("missing_column", "责任人", None, ERROR)]


def test_what_has_no_place_is_marked_in_its_row_or_on_the_file() -> None:
    (in_row,) = LEDGER.judge({"单位名称": "第一工程公司"}, row("1"), {**row("2"), "责任人": Reading("")})
    assert in_row.place == Place("cell", "序号2", "word/document.xml", (0,))
    (on_file,) = LEDGER.judge({"单位名称": Reading("")}, row("1"))
    assert on_file.place is not None
    assert on_file.place.kind == "file"


@given(st.lists(st.sampled_from(["", "张敏", "各部门负责人", "XX"]), min_size=1, max_size=8))
def test_every_row_is_told_never_the_first_only(people: list[str]) -> None:
    found = LEDGER.judge({"单位名称": "第一工程公司"}, *(row(str(n), person=one) for n, one in enumerate(people, 1)))
    assert {one.row for one in found if one.field == "责任人"} == {
        number for number, one in enumerate(people, 1) if one != "张敏"
    }
    assert [one.row for one in found] == sorted(one.row or 0 for one in found)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (check("windw", name="申报"), "是不是想写“window”"),
        (check("nothing_like_it"), "可以写："),
        (check("date_order", earlier="填表时间"), "缺少参数“later”"),
        (check("person", field="项目名称", wing="x"), "没有参数“wing”"),
        (check("person", field="项目经理"), "“项目经理”不是这个文种的字段"),
        (check("vague", fields="选题"), "一组文字"),
        (check("person", field=3), "应当是文字"),
    ],
)
def test_a_wrong_call_is_a_complaint_and_stops_the_run(call: object, words: str) -> None:
    sheet = Sheet(FORM.fields, checks=(call,))  # type: ignore[arg-type]
    (complaint,) = complaints(sheet.spec)
    assert words in complaint
    with pytest.raises(SettingsError, match="样表"):
        sheet.judge(RIGHT)


def test_the_list_of_checks_is_closed() -> None:
    assert sorted(CHECKS) == sorted(
        [
            "window", "date_in_window", "date_order", "one_year", "period_inside_cycle", "person", "branch",
            "unit_matches", "elements", "figures", "vague", "no_sample_text", "duplicate_rows", "serial",
            "class_deadline", "evidence", "completion", "postponed", "in_time", "not_in_future", "inside_period",
            "number_range", "incomplete_categories", "broken_down", "dated", "same_year", "date_in_period",
            "reason_given", "one_person",
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "doubts", "verdict"),
    [
        ([], False, Verdict.ACCEPTED),
        ([("read_as", HINT)], False, Verdict.ACCEPTED),
        ([("vague", EXPLAIN)], False, Verdict.RETURNED),
        ([("missing", ERROR)], False, Verdict.RETURNED),
        ([("missing", ERROR)], True, Verdict.RETURNED),
        ([("doubt", HINT)], True, Verdict.REVIEW),
        ([("late", EXPLAIN)], False, Verdict.ACCEPTED),
        ([("late", EXPLAIN)], True, Verdict.REVIEW),
        ([("late", ERROR)], False, Verdict.RETURNED),
        ([("late", EXPLAIN), ("vague", EXPLAIN)], False, Verdict.RETURNED),
    ],
)
def test_verdicts(told: list[tuple[str, Severity]], doubts: bool, verdict: Verdict) -> None:
    assert verdict_of([Finding(code, severity) for code, severity in told], doubts) == verdict


def test_no_sample_text_also_sees_tags_and_fill_in_lines() -> None:
    sheet = Sheet((field("项目名称"), field("备注")), checks=(check("no_sample_text"),))
    assert codes(sheet.judge({"项目名称": "{{项目名称}}", "备注": "见«附件»"})) == ["placeholder", "placeholder"]
    assert sheet.judge({"项目名称": "“红色安全网”党员责任区建设"}) == ()


def test_a_hostile_text_does_not_hold_up_the_checks() -> None:
    sheet = Sheet(
        (field("选题", "long"),), checks=(check("no_sample_text"), check("vague", fields=["选题"]), check("elements"))
    )
    start = perf_counter()
    for piece in ("{{", "«", "<<", "加强", "_ ", "X", "年底"):
        sheet.judge({"选题": piece * 20_000})
    assert perf_counter() - start < 5


def test_the_day_of_today_counts_when_no_arrival_is_known() -> None:
    sheet = Sheet(FORM.fields, window="申报", received=None, today=date(2026, 8, 22))
    assert codes(sheet.judge({**RIGHT, "填表时间": "2026年8月23日"})) == ["inconsistent"]
