"""What is asked of the lists and reports of a year: figures on their scale, categories, tasks, schedules, reasons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.catalog import sentence
from pipeline.checks import complaints
from pipeline.model import Finding, Reading, Severity
from tests.checking import Sheet, check, codes, field, said

ERROR, EXPLAIN, HINT = Severity.ERROR, Severity.EXPLAIN, Severity.HINT
SCORES = Sheet(
    columns=(field("项目名称"), field("效果", "score"), field("完成比例", "percent")),
    checks=(check("number_range", fields=["效果", "完成比例"], least=0, most=100),),
)
KINDS = ("政治引领", "组织建设", "队伍管理")
GOALS = Sheet(
    fields=(field("年度", "year"),),
    columns=(
        field("目标类别", "choice", choices=KINDS),
        field("年度目标", "long"),
        field("层级", "choice", choices=("年度", "季度", "月度")),
        field("完成时限", "deadline"),
    ),
)
CATEGORIES = replace(GOALS, checks=(check("incomplete_categories", field="目标类别"),))
BROKEN_DOWN = replace(GOALS, checks=(check("broken_down", field="年度目标", level="层级", words=["季度", "月度"]),))
SAME_YEAR = replace(GOALS, checks=(check("same_year", fields=["完成时限"], year="年度"),))
DATED = replace(GOALS, checks=(check("dated", fields=["完成时限"]),))
REPORT = Sheet(
    fields=(field("报告期", "month"),),
    columns=(field("督导日期", "date"),),
    checks=(check("date_in_period", field="督导日期", period="报告期"),),
)
DECISIONS = Sheet(
    columns=(field("审批结果", "choice", choices=("同意立项", "不予立项", "退回修改")), field("审批意见")),
    checks=(check("reason_given", field="审批意见", state="审批结果", words=["不予立项", "退回修改"]),),
)


def told(findings: tuple[Finding, ...], code: str) -> list[str]:
    return [sentence(one).text for one in findings if one.code == code]


@pytest.mark.parametrize("score", ["0", "100", "92.5", "88分"])
def test_a_score_on_its_scale_is_fine(score: str) -> None:
    assert SCORES.judge({}, {"效果": score, "完成比例": "100%"}) == ()


def test_figures_off_their_scale_are_errors_with_the_ends_named() -> None:
    found = SCORES.judge({}, {"效果": "105", "完成比例": "120%"}, {"效果": "-1", "完成比例": "30%"})
    assert said(found) == [
        ("out_of_range", "效果", 1, ERROR), ("out_of_range", "完成比例", 1, ERROR), ("out_of_range", "效果", 2, ERROR),
    ]  # fmt: skip
    assert "“105”超出了允许的范围（应为0至100）" in told(found, "out_of_range")[0]
    assert "“120%”超出了允许的范围（应为0%至100%）" in told(found, "out_of_range")[1]


def test_words_in_place_of_a_score_are_no_number_and_a_doubt_is_left_alone() -> None:
    assert codes(SCORES.judge({}, {"效果": "优秀"})) == ["bad_number"]
    assert codes(SCORES.judge({}, {"效果": Reading("105", reason="second", other="95")})) == ["doubt"]


def test_every_category_has_a_goal() -> None:
    assert CATEGORIES.judge({}, *({"目标类别": kind} for kind in KINDS)) == ()
    found = CATEGORIES.judge({}, {"目标类别": "政治引领"}, {"目标类别": "政治引领目标"}, {"目标类别": "队伍管理"})
    assert ("incomplete_categories", "目标类别", None, EXPLAIN) in said(found)  # one word is none of them
    found = CATEGORIES.judge({}, {"目标类别": "政治引领"}, {"目标类别": "队伍管理"})
    assert said(found) == [("incomplete_categories", "目标类别", None, ERROR)]
    assert "类别不齐，缺少组织建设" in told(found, "incomplete_categories")[0]


def test_a_column_without_any_category_is_not_told_twice() -> None:
    assert "incomplete_categories" not in codes(CATEGORIES.judge({}, {"年度目标": "持证率100%"}))


def test_a_goal_of_the_year_is_broken_down() -> None:
    goal = {"年度目标": "技术工人持证上岗率100%"}
    assert BROKEN_DOWN.judge({}, {**goal, "层级": "年度"}, {**goal, "层级": "月度"}) == ()
    assert BROKEN_DOWN.judge({}, {**goal, "层级": "年度"}, {**goal, "层级": ""}) == ()
    found = BROKEN_DOWN.judge({}, {**goal, "层级": "年度"}, {"年度目标": "创建标准化支部", "层级": "季度"})
    assert said(found) == [("not_broken_down", "年度目标", 1, EXPLAIN)]
    assert "没有分解到季度、月度" in told(found, "not_broken_down")[0]


def test_last_years_dates_are_asked_about_and_next_years_remarked() -> None:
    rows = [{"完成时限": text} for text in ("2025年6月30日", "2026年6月30日", "2027年3月底", "6月底", "长期坚持")]
    found = SAME_YEAR.judge({"年度": "2026年度"}, *rows)
    assert [one for one in said(found) if one[0] == "outside_cycle"] == [
        ("outside_cycle", "完成时限", 1, EXPLAIN), ("outside_cycle", "完成时限", 3, HINT),
    ]  # fmt: skip
    assert "“2025年6月30日”不在2026年度之内" in told(found, "outside_cycle")[0]
    assert "outside_cycle" not in codes(SAME_YEAR.judge({"年度": ""}, *rows))


def test_a_date_without_a_year_takes_the_year_of_the_ledger() -> None:
    assert "outside_cycle" not in codes(SAME_YEAR.judge({"年度": "2024年"}, {"完成时限": "6月30日"}))


@pytest.mark.parametrize("text", ["3月底前印发；9月底前总结", "每季度一次", "2026年2月至10月，每季度1期", "一季度"])
def test_a_schedule_names_a_time(text: str) -> None:
    assert [one for one in said(DATED.judge({}, {"完成时限": text})) if one[3] is not HINT] == []


@pytest.mark.parametrize(
    ("text", "severity"), [("有序推进", ERROR), ("长期坚持", EXPLAIN), ("3-5月调研，9月后实施", EXPLAIN)]
)
def test_a_schedule_without_a_time_is_asked_for_one(text: str, severity: Severity) -> None:
    assert said(DATED.judge({}, {"完成时限": text})) == [("ambiguous_date", "完成时限", 1, severity)]


@pytest.mark.parametrize(("period", "remarks"), [("2026年10月", [2]), ("2026年第42周", [2, 3])])
def test_a_visit_outside_the_reported_period_is_remarked(period: str, remarks: list[int]) -> None:
    rows = [{"督导日期": day} for day in ("2026年10月12日", "2026年9月30日", "2026年10月26日", "")]
    found = REPORT.judge({"报告期": period}, *rows)
    assert said(found) == [("inconsistent", "督导日期", row, HINT) for row in remarks]
    assert f"不在报告期“{period}”之内" in told(found, "inconsistent")[0]


def test_a_period_that_names_no_month_is_asked_about_in_its_own_words() -> None:
    (found,) = REPORT.judge({"报告期": "三季度"}, {"督导日期": "2026年10月12日"})
    assert "看不出是哪个月或哪一周" in sentence(found).text


@pytest.mark.parametrize("opinion", ["", "无", "/"])
def test_a_refusal_says_why(opinion: str) -> None:
    rows = [{"审批结果": result, "审批意见": opinion} for result in ("同意立项", "不予立项", "退回修改")]
    found = DECISIONS.judge({}, *rows)
    assert said(found) == [("missing", "审批意见", 2, EXPLAIN), ("missing", "审批意见", 3, EXPLAIN)]
    assert "审批结果是“不予立项”，但没有写明理由" in told(found, "missing")[0]
    assert DECISIONS.judge({}, {"审批结果": "不予立项", "审批意见": "与上年度项目重复。"}) == ()


def test_the_linter_knows_that_ends_of_a_scale_are_whole_numbers() -> None:
    wrong = Sheet(
        columns=(field("效果", "score"),), checks=(check("number_range", fields=["效果"], least=0, most="百"),)
    )
    assert complaints(wrong.spec) == ("检查“number_range”的参数“most”应当是整数，如 most = 100。",)
