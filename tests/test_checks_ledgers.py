"""What is asked of ledgers: time limits of rectification, evidence, completion, repeated rows, numbering."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalog import sentence
from pipeline.model import Reading, Severity
from tests.checking import Sheet, check, codes, field, said

ERROR, EXPLAIN, HINT = Severity.ERROR, Severity.EXPLAIN, Severity.HINT
KINDS = ("立行立改", "限期整改", "长效治理")
LEDGER = Sheet(
    fields=(field("反馈日期", "date", "yes"),),
    columns=(
        field("序号", "count"),
        field("问题编号"),
        field("反馈问题"),
        field("整改类型", "choice", choices=KINDS),
        field("整改措施"),
        field("完成时限", "deadline"),
        field("完成情况", "choice", choices=("已完成", "正在整改", "长期坚持")),
        field("完成日期", "date"),
        field("佐证材料"),
    ),
    received=None,
)
BASE = {"反馈日期": "2026年6月1日"}
LIMITS = replace(LEDGER, checks=(check("class_deadline", kind="整改类型", deadline="完成时限"),))


def limit(kind: str, deadline: str, base: str = "2026年6月1日", sheet: Sheet = LIMITS) -> list[tuple[str, Severity]]:
    found = sheet.judge({"反馈日期": base}, {"整改类型": kind, "完成时限": deadline})
    assert {(one.field, one.row) for one in found} <= {("完成时限", 1)}
    return [(one.code, one.severity) for one in found]


@pytest.mark.parametrize(
    ("kind", "deadline"),
    [
        ("立行立改", "2026年6月6日"),
        ("立行立改", "2026年6月8日"),
        ("限期整改", "2026年7月30日"),
        ("限期整改", "2026年9月1日"),
        ("长效治理", "2026年12月1日"),
        ("长效治理", "2027年6月1日"),
        ("长效治理", "长期坚持"),
        ("长效治理", "2026年底前，并长期坚持"),
        ("限期整改", "每季度末"),
    ],
)
def test_within_the_limit_nothing_is_said(kind: str, deadline: str) -> None:
    assert limit(kind, deadline) == []


@pytest.mark.parametrize(
    ("kind", "deadline"),
    [
        ("立行立改", "2026年6月9日"),
        ("立行立改", "2026年8月31日"),
        ("限期整改", "2026年9月2日"),
        ("限期整改", "2026年12月20日"),
        ("长效治理", "2027年6月2日"),
    ],
)
def test_later_than_the_kind_allows_is_an_error(kind: str, deadline: str) -> None:
    assert limit(kind, deadline) == [("class_limit", ERROR)]


def test_the_sentence_names_kind_base_and_limit() -> None:
    (found,) = LIMITS.judge(BASE, {"整改类型": "立行立改", "完成时限": "2026年8月31日"})
    text = sentence(found).text
    assert "“立行立改”" in text
    assert "2026年6月8日" in text
    assert "2026年6月1日" in text


def test_sooner_than_half_a_year_is_a_remark() -> None:
    assert limit("长效治理", "2026年9月30日") == [("class_limit", HINT)]


def test_before_the_feedback_is_asked_about() -> None:
    assert limit("限期整改", "2026年5月20日") == [("inconsistent", EXPLAIN)]


@pytest.mark.parametrize("deadline", ["", "立行立改", "立行立改，长期坚持"])
def test_without_a_date_the_limit_is_computed_and_marked(deadline: str) -> None:
    (found,) = LIMITS.judge(BASE, {"整改类型": "立行立改", "完成时限": deadline})
    assert (found.code, found.severity, found.facts["limit"]) == ("derived", HINT, "2026年6月8日")
    assert "推算" in sentence(found).text


def test_a_computed_limit_on_a_holiday_moves_and_says_so() -> None:
    (found,) = LIMITS.judge({"反馈日期": "2026年9月25日"}, {"整改类型": "立行立改", "完成时限": ""})
    assert found.facts["limit"] == "2026年10月8日"
    assert "顺延" in sentence(found).text


def test_an_unpublished_year_is_said() -> None:
    (found,) = LIMITS.judge(BASE, {"整改类型": "长效治理", "完成时限": ""})
    assert "节假日安排未公布" in sentence(found).text


def test_the_plan_of_a_limited_rectification_has_its_own_month() -> None:
    assert limit("限期整改", "2026年7月1日前完成方案，8月30日前见效") == [("read_as", HINT)]
    assert ("class_limit", ERROR) in limit("限期整改", "2026年7月20日前完成方案，8月30日前见效")


def test_without_kind_or_base_nothing_can_be_computed() -> None:
    assert LIMITS.judge(BASE, {"整改类型": "", "完成时限": "2026年12月20日"}) == ()
    assert codes(LIMITS.judge({}, {"整改类型": "立行立改", "完成时限": "2026年12月20日"})) == ["missing"]


def test_limits_are_the_offices() -> None:
    assert limit("立行立改", "2026年7月31日", sheet=LIMITS.with_rules(immediate_days=60)) == []


@given(st.integers(0, 400), st.sampled_from(KINDS))
def test_an_error_is_exactly_a_day_after_the_limit(days: int, kind: str) -> None:
    base = date(2026, 3, 10)
    last = {"立行立改": date(2026, 3, 17), "限期整改": date(2026, 6, 10), "长效治理": date(2027, 3, 10)}[kind]
    day = date.fromordinal(base.toordinal() + days)
    assert (("class_limit", ERROR) in limit(kind, day.isoformat(), base.isoformat())) is (day > last)


PROOF = replace(LEDGER, checks=(check("evidence", state="完成情况", evidence="佐证材料"),))


@pytest.mark.parametrize(
    ("state", "proof", "told"),
    [
        ("已完成", "检测报告、签认单样表", []),
        ("已完成", "会议纪要、修订后办法", []),
        ("已完成", "", [("no_evidence", "佐证材料", 2, ERROR)]),
        ("已完成", "无", [("no_evidence", "佐证材料", 2, ERROR)]),
        ("已完成", "整改方案、会议纪要", [("no_evidence", "佐证材料", 2, HINT)]),
        ("正在整改", "", []),
        ("", "", []),
    ],
)
def test_what_is_done_needs_proof(state: str, proof: str, told: list[object]) -> None:
    first = {"完成情况": "已完成", "佐证材料": "银行回单"}
    assert said(PROOF.judge(BASE, first, {"完成情况": state, "佐证材料": proof})) == told


def test_a_ledger_without_the_column_is_asked_once() -> None:
    rows: list[dict[str, str | Reading]] = [{"完成情况": "已完成", "佐证材料": Reading("")}] * 5
    assert said(PROOF.judge(BASE, *rows)) == [("no_evidence", "佐证材料", None, EXPLAIN)]


@pytest.mark.parametrize(
    ("proof", "told"), [("整改方案、会议纪要", ["no_evidence"]), ("银行回单、会议纪要", []), ("", [])]
)
def test_a_paper_that_itself_says_done_needs_more_than_plans(proof: str, told: list[str]) -> None:
    sheet = Sheet((field("佐证材料"),), checks=(check("evidence", evidence="佐证材料"),))
    assert codes(sheet.judge({"佐证材料": proof})) == told


DONE = replace(
    LEDGER,
    checks=(check("completion", state="完成情况", field="完成日期", base="反馈日期"),),
    received=date(2026, 8, 24),
)


@pytest.mark.parametrize(
    ("state", "day", "told"),
    [
        ("已完成", "2026年8月24日", []),
        ("正在整改", "", []),
        ("已完成", "", [("missing", "完成日期", 2, EXPLAIN)]),
        ("已完成", "2026年8月25日", [("inconsistent", "完成日期", 2, ERROR)]),
        ("已完成", "2026年5月31日", [("inconsistent", "完成日期", 2, ERROR)]),
    ],
)
def test_a_date_of_completion_is_possible_and_present(state: str, day: str, told: list[object]) -> None:
    first = {"完成情况": "已完成", "完成日期": "2026年6月5日"}
    assert said(DONE.judge(BASE, first, {"完成情况": state, "完成日期": day})) == told


TWICE = replace(LEDGER, checks=(check("duplicate_rows", fields=["问题编号"], subject="反馈问题"),))
ONE = {"序号": "1", "问题编号": "XC-01", "反馈问题": "签字不全", "整改措施": "补齐签字3份"}


def test_the_same_row_again_is_an_error_on_the_later_one() -> None:
    again = {**ONE, "序号": "2", "反馈问题": " 签字不全　"}
    (found,) = TWICE.judge(BASE, ONE, again)
    assert said([found]) == [("duplicate_row", "问题编号", 2, ERROR)]
    assert "第1条" in sentence(found).text


def test_several_measures_of_one_problem_are_right() -> None:
    assert TWICE.judge(BASE, ONE, {**ONE, "整改措施": "印发记录模板1份"}) == ()


def test_one_number_for_two_problems_is_asked_about() -> None:
    assert said(TWICE.judge(BASE, ONE, {**ONE, "反馈问题": "公章登记不全"})) == [
        ("duplicate_row", "问题编号", 2, EXPLAIN)
    ]


def test_a_repeated_key_without_a_subject_is_a_remark() -> None:
    sheet = replace(LEDGER, checks=(check("duplicate_rows", fields=["反馈问题"]),))
    assert said(sheet.judge(BASE, ONE, {**ONE, "整改措施": "另一项"})) == [("duplicate_row", "反馈问题", 2, HINT)]


def test_every_repetition_is_told() -> None:
    assert [one.row for one in TWICE.judge(BASE, ONE, ONE, ONE)] == [2, 3]


SERIAL = replace(LEDGER, checks=(check("serial", field="序号"),))


@pytest.mark.parametrize(
    ("serials", "rows"),
    [
        (["1", "2", "3"], []),
        (["1", "1", "2", "2"], []),
        (["１", "２", ""], []),
        (["1", "3", "4"], [2]),
        (["2", "3"], [1]),
        (["1", "2", "1"], [3]),
        (["", "", ""], []),
    ],
)
def test_numbers_run_on(serials: list[str], rows: list[int]) -> None:
    lines = [{"序号": serial, "反馈问题": f"问题{number}"} for number, serial in enumerate(serials)]
    found = SERIAL.judge(BASE, *lines)
    assert [(one.code, one.row) for one in found] == [("gap_in_numbers", row) for row in rows]
    assert {one.severity for one in found} <= {HINT}


@given(st.lists(st.tuples(st.sampled_from(["XC-01", "XC-02", ""]), st.sampled_from(["甲", "乙"])), max_size=7))
def test_only_later_rows_are_called_repetitions(lines: list[tuple[str, str]]) -> None:
    rows = [{"问题编号": number, "反馈问题": problem} for number, problem in lines]
    found = [one for one in TWICE.judge(BASE, *rows) if one.code == "duplicate_row"]
    first = {(number, problem): index for index, (number, problem) in reversed(list(enumerate(lines, 1)))}
    assert [one.row for one in found if one.severity is ERROR] == [
        index for index, line in enumerate(lines, 1) if first[line] < index
    ]
