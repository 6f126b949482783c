"""What is asked of project forms: stages, order of dates, one year, people, branches, wording."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.catalog import sentence
from pipeline.errors import SettingsError
from pipeline.model import Severity
from pipeline.settings import Cycle, Window
from pipeline.values import Branch, Roster
from tests.checking import Sheet, check, codes, field, said

ERROR, EXPLAIN, HINT = Severity.ERROR, Severity.EXPLAIN, Severity.HINT
DATED = Sheet((field("填表时间", "date", "yes"),), window="申报")


def arrived(day: str, **changes: object) -> Sheet:
    return replace(DATED, received=date.fromisoformat(day), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("day", ["2026-08-20", "2026-08-27"])
def test_both_ends_of_a_stage_are_in_time(day: str) -> None:
    assert arrived(day).judge({"填表时间": "2026年8月15日"}) == ()


def test_a_late_arrival_says_how_many_days_and_what_to_do() -> None:
    (late,) = arrived("2026-09-03").judge({"填表时间": "2026年9月2日"})
    assert (late.code, late.field, late.severity, late.facts["days"]) == ("late", "填表时间", EXPLAIN, "7")
    assert "逾期7天" in sentence(late).text
    assert "四（一）1" in sentence(late).clause


def test_an_office_may_return_what_is_late() -> None:
    (late,) = arrived("2026-08-28").with_rules(late="returned").judge({"填表时间": "2026年8月20日"})
    assert late.severity is ERROR


def test_lateness_may_go_by_the_form_instead() -> None:
    sheet = arrived("2026-09-10").with_rules(lateness_by="form_date")
    assert sheet.judge({"填表时间": "2026年8月27日"}) == ()
    assert codes(sheet.judge({"填表时间": "2026年8月28日"})) == ["late"]


def test_a_stage_that_ends_on_a_rest_day_stays_unless_the_office_shifts_it() -> None:
    sheet = replace(DATED, received=date(2022, 8, 29))  # 27 August 2022 is a Saturday
    (late,) = sheet.judge({"填表时间": "2022年8月20日"})
    assert "截止日为休息日" in sentence(late).text
    assert sheet.with_rules(shift_window_end=True).judge({"填表时间": "2022年8月20日"}) == ()


def test_a_form_is_never_dated_after_its_arrival() -> None:
    assert said(arrived("2026-08-20").judge({"填表时间": "2026年8月21日"})) == [
        ("inconsistent", "填表时间", None, ERROR)
    ]


EXTENSION = Sheet(
    (field("原完成时限", "date", "yes"), field("申请延期至", "date", "yes"), field("申请日期", "date", "yes")),
    checks=(
        check("postponed", earlier="原完成时限", later="申请延期至"),
        check("in_time", field="申请日期", deadline="原完成时限"),
        check("not_in_future", fields=["申请日期"]),
    ),
    received=date(2026, 9, 15),
)


def extension(due: str, until: str, applied: str) -> dict[str, str]:
    return {"原完成时限": due, "申请延期至": until, "申请日期": applied}


def test_an_extension_applied_for_in_time_says_nothing() -> None:
    assert EXTENSION.judge(extension("2026年8月31日", "2026年10月31日", "2026年8月31日")) == ()


@pytest.mark.parametrize("until", ["2026年8月31日", "2025年10月31日"])
def test_an_extension_must_end_later_than_before(until: str) -> None:
    (wrong,) = EXTENSION.judge(extension("2026年8月31日", until, "2026年8月10日"))
    assert (wrong.code, wrong.field, wrong.severity) == ("inconsistent", "申请延期至", ERROR)
    assert "原完成时限“2026年8月31日”" in sentence(wrong).text


def test_an_extension_applied_for_after_the_due_day_is_late_by_so_many_days() -> None:
    late_form = extension("2026年8月31日", "2026年10月31日", "2026年9月15日")
    (late,) = EXTENSION.judge(late_form)
    assert (late.code, late.field, late.severity) == ("late", "申请日期", EXPLAIN)
    assert "到期15天后才申请" in sentence(late).text
    (returned,) = EXTENSION.with_rules(late="returned").judge(late_form)
    assert returned.severity is ERROR


def test_a_day_that_has_not_come_is_an_error() -> None:
    findings = EXTENSION.judge(extension("2026年10月31日", "2026年12月31日", "2026年9月16日"))
    assert said(findings) == [("inconsistent", "申请日期", None, ERROR)]


PLAN = Sheet(
    (field("项目时限", "period", "yes"), field("预期目标", "long", "yes"), field("完成时间", "deadline", "yes")),
    checks=(
        check("inside_period", field="完成时间", period="项目时限"),
        check("one_year", period="项目时限"),
    ),
)


def plan(period: str, deadline: str, goal: str = "节约电费28万元") -> dict[str, str]:
    return {"项目时限": period, "完成时间": deadline, "预期目标": goal}


@pytest.mark.parametrize("deadline", ["2027年9月30日前完成。", "2026年10月1日", "2027年6月底前完成全部目标任务"])
def test_a_deadline_within_the_period_says_nothing(deadline: str) -> None:
    assert PLAN.judge(plan("2026年10月至2027年9月", deadline)) == ()


@pytest.mark.parametrize("deadline", ["2027年11月30日前完成。", "2026年9月30日前完成。"])
def test_a_deadline_outside_the_period_is_an_error(deadline: str) -> None:
    (wrong,) = PLAN.judge(plan("2026年10月至2027年9月", deadline))
    assert (wrong.code, wrong.field, wrong.severity) == ("inconsistent", "完成时间", ERROR)
    assert "不在项目时限“2026年10月至2027年9月”之内" in sentence(wrong).text


def test_a_form_without_a_field_for_the_stage_goal_may_name_it_in_any_text() -> None:
    long = "2026年10月至2028年3月"
    (asked,) = PLAN.judge(plan(long, "2028年3月31日"))
    assert (asked.code, asked.field, asked.severity) == ("too_long", "项目时限", EXPLAIN)
    assert PLAN.judge(plan(long, "2028年3月31日", "阶段性目标：2026年12月底前完成首轮培训。")) == ()


def test_an_early_arrival_is_a_remark() -> None:
    assert said(arrived("2026-08-10").judge({"填表时间": "2026年8月9日"})) == [
        ("early", "填表时间", None, HINT),
        ("outside_window", "填表时间", None, HINT),
    ]


def test_a_form_of_another_year_is_asked_about() -> None:
    assert said(arrived("2026-08-20").judge({"填表时间": "2025年8月20日"})) == [
        ("inconsistent", "填表时间", None, EXPLAIN)
    ]


def test_windows_follow_the_year_of_arrival_unless_the_year_is_fixed() -> None:
    sheet = arrived("2025-08-24")
    assert sheet.judge({"填表时间": "2025年8月20日"}) == ()
    fixed = replace(sheet.settings, cycle=replace(sheet.settings.cycle, fixed=True))
    assert "early" in codes(replace(sheet, settings=fixed).judge({"填表时间": "2025年8月20日"}))


def test_a_late_form_without_a_date_is_still_late() -> None:
    assert codes(arrived("2026-09-03").judge()) == ["missing", "late"]


def test_a_type_without_a_form_date_is_late_as_a_file() -> None:
    sheet = Sheet((field("单位名称"),), window="制定计划", received=date(2026, 9, 4))
    assert said(sheet.judge({"单位名称": "第一工程公司"})) == [("late", None, None, EXPLAIN)]


def test_a_stage_the_settings_do_not_know_is_the_offices_mistake() -> None:
    with pytest.raises(SettingsError, match="中期检查"):
        replace(DATED, window="中期检查").judge({"填表时间": "2026年8月20日"})
    windows = {"中期检查": Window("中期检查", date(2026, 6, 1), date(2026, 6, 30))}
    settings = replace(DATED.settings, cycle=Cycle(2026, windows))
    sheet = replace(DATED, window="中期检查", settings=settings)
    assert codes(sheet.judge({"填表时间": "2026年8月20日"})) == ["late"]


OPINIONS = Sheet(
    tuple(field(name, "date") for name in ("填表时间", "支部意见日期", "党委意见日期")),
    checks=(
        check("date_order", earlier="填表时间", later="支部意见日期"),
        check("date_order", earlier="支部意见日期", later="党委意见日期"),
        check("date_in_window", name="立项审批", field="党委意见日期"),
    ),
)


def test_opinions_do_not_come_before_the_form() -> None:
    dates = {"填表时间": "2026年8月20日", "支部意见日期": "2026年8月12日", "党委意见日期": "2026年8月10日"}
    found = OPINIONS.judge(dates)
    assert said(found)[:1] == [("inconsistent", "支部意见日期", None, ERROR)]
    assert ("inconsistent", "党委意见日期", None, ERROR) in said(found)
    assert "填表时间“2026年8月20日”" in sentence(found[0]).text


def test_the_same_day_is_in_order_and_the_committee_has_its_stage() -> None:
    dates = {"填表时间": "2026年8月20日", "支部意见日期": "2026年8月20日"}
    assert OPINIONS.judge({**dates, "党委意见日期": "2026年8月27日"}) == ()
    assert said(OPINIONS.judge({**dates, "党委意见日期": "2026年9月27日"})) == [
        ("outside_window", "党委意见日期", None, HINT)
    ]


def test_an_unreadable_date_is_not_compared() -> None:
    assert codes(OPINIONS.judge({"填表时间": "2026年8月20日", "支部意见日期": "2026年8月32日"})) == ["invalid_date"]


YEAR = Sheet(
    (field("项目起止日期", "period"), field("阶段性目标", "long")),
    checks=(check("one_year", period="项目起止日期", stage_goal="阶段性目标"),),
)


@pytest.mark.parametrize(
    "period", ["2022.8~2023.7", "2026.9~2026.12", "2026年9月1日至2027年8月31日", "2026年9月1日至2027年9月1日"]
)
def test_up_to_a_year_needs_no_stage_goal(period: str) -> None:
    assert YEAR.judge({"项目起止日期": period}) == ()


@pytest.mark.parametrize("period", ["2022.8~2023.8", "2026.9~2027.12", "2026年9月1日至2027年9月2日"])
def test_more_than_a_year_needs_a_stage_goal(period: str) -> None:
    assert said(YEAR.judge({"项目起止日期": period})) == [("too_long", "阶段性目标", None, ERROR)]


@pytest.mark.parametrize(
    "goal",
    [
        "2026年12月31日前形成阶段性报告1份；2027年10月底前全面完成。",
        "2026年底前完成首轮培训",
        "11月底完成试点",
        "年底前完成",
    ],
)
def test_a_stage_goal_dated_in_the_year_is_enough(goal: str) -> None:
    assert YEAR.judge({"项目起止日期": "2026.9~2027.12", "阶段性目标": goal}) == ()


@pytest.mark.parametrize("goal", ["形成阶段性成果", "2027年6月30日前完成"])
def test_a_stage_goal_without_a_day_in_the_year_is_asked_about(goal: str) -> None:
    found = YEAR.judge({"项目起止日期": "2026.9~2027.12", "阶段性目标": goal})
    assert said(found) == [("too_long", "阶段性目标", None, EXPLAIN)]
    assert "2026年12月31日" in sentence(found[0]).text


TABLE = Sheet(
    columns=(field("项目名称"), field("项目起止日期", "period"), field("备注")),
    checks=(
        check("one_year", period="项目起止日期", stage_goal="备注"),
        check("period_inside_cycle", field="项目起止日期"),
    ),
)


def test_in_a_table_the_period_itself_is_marked() -> None:
    rows = [{"项目名称": "甲", "项目起止日期": "2026.9~2027.6"}, {"项目名称": "乙", "项目起止日期": "2026.9~2027.12"}]
    assert said(TABLE.judge({}, *rows)) == [("too_long", "项目起止日期", 2, EXPLAIN)]
    goal = "阶段目标：2026年12月31日前完成首轮培训"
    assert TABLE.judge({}, {**rows[1], "备注": goal}) == ()


def test_a_period_of_another_year_is_asked_about() -> None:
    assert said(TABLE.judge({}, {"项目起止日期": "2022.8~2022.12"})) == [("outside_cycle", "项目起止日期", 1, EXPLAIN)]
    assert said(TABLE.judge({}, {"项目起止日期": "2027.1~2027.6"})) == [("outside_cycle", "项目起止日期", 1, HINT)]


def test_an_end_before_the_start_is_told_once() -> None:
    assert said(TABLE.judge({}, {"项目起止日期": "2026.12~2026.9"})) == [("end_before_start", "项目起止日期", 1, ERROR)]


ROSTER = Roster.of(
    (
        Branch(
            "淮源集团第一工程公司",
            "HY01",
            "冯洪波",
            "沂北泵站项目党支部",
            ("沂北泵站支部",),
            "冯敏",
            folder="01_第一工程",
        ),
        Branch("淮源集团第二工程公司", "HY02", "吕少军", "物资设备中心党支部", (), "朱子昂", folder="02_第二工程"),
    )
)
PEOPLE = Sheet(
    (field("单位名称", "org"), field("立项支部", "org"), field("责任人", "person")),
    checks=(
        check("unit_matches", field="单位名称"),
        check("branch", field="立项支部"),
        check("person", field="责任人", branch="立项支部"),
    ),
    unit="01_第一工程",
    roster=ROSTER,
)


def test_the_senders_own_branch_and_secretary_are_right() -> None:
    texts = {"单位名称": "淮源集团第一工程公司", "立项支部": "沂北泵站项目党支部", "责任人": "冯敏"}
    assert PEOPLE.judge(texts) == ()
    assert PEOPLE.judge({**texts, "立项支部": "沂北泵站支部"}) == ()


def test_another_units_names_are_errors() -> None:
    texts = {"单位名称": "淮源集团第二工程公司", "立项支部": "物资设备中心党支部", "责任人": "朱子昂"}
    found = PEOPLE.judge(texts)
    assert said(found) == [("wrong_unit", "单位名称", None, ERROR), ("wrong_unit", "立项支部", None, ERROR)]
    assert "淮源集团第一工程公司的文件夹" in sentence(found[0]).text


def test_names_the_roster_does_not_know_are_asked_about() -> None:
    found = PEOPLE.judge({"单位名称": "第九工程公司", "立项支部": "海上风电项目党支部"})
    assert said(found) == [("unknown_unit", "单位名称", None, EXPLAIN), ("unknown_branch", "立项支部", None, EXPLAIN)]


def test_a_roster_that_does_not_know_the_sender_may_be_incomplete() -> None:
    found = replace(PEOPLE, unit="09_海外").judge({"单位名称": "海外公司", "立项支部": "海上风电项目党支部"})
    assert said(found) == [("unknown_branch", "立项支部", None, HINT)]


def test_a_responsible_person_who_is_not_the_secretary_is_a_remark() -> None:
    found = PEOPLE.judge({"立项支部": "沂北泵站项目党支部", "责任人": "施浩"})
    assert said(found) == [("not_secretary", "责任人", None, HINT)]


def test_without_a_roster_only_the_wording_of_a_branch_is_judged() -> None:
    bare = replace(PEOPLE, roster=None)
    assert bare.judge({"单位名称": "第九工程公司", "立项支部": "海上风电项目党支部", "责任人": "施浩"}) == ()
    assert said(bare.judge({"立项支部": "海上风电项目部"})) == [("unknown_branch", "立项支部", None, HINT)]


@pytest.mark.parametrize("name", ["各部门负责人", "全体党员", "工程管理部"])
def test_a_department_is_not_a_person(name: str) -> None:
    assert said(PEOPLE.judge({"责任人": name})) == [("not_a_person", "责任人", None, ERROR)]


def test_a_text_field_can_be_asked_to_hold_a_person() -> None:
    sheet = Sheet((field("督导联系人"),), checks=(check("person", field="督导联系人"),))
    assert sheet.judge({"督导联系人": "施浩"}) == ()
    assert codes(sheet.judge({"督导联系人": "各部门"})) == ["not_a_person"]


WORDING = Sheet(
    (field("整改目标", "long", "yes"), field("整改措施", "long", "yes")),
    checks=(check("vague", fields=["整改目标", "整改措施"]),),
)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("加强管理", "加强管理"),
        ("进一步提高全员廉洁意识", "提高全员廉洁意识"),
        ("加强现场安全管理，狠抓落实", "加强现场安全管理"),
    ],
)
def test_vague_wording_is_quoted(text: str, phrase: str) -> None:
    (found,) = WORDING.judge({"整改目标": text, "整改措施": "补签合同4份"})
    assert (found.code, found.severity, found.facts["phrase"]) == ("vague", EXPLAIN, phrase)
    assert f"“{phrase}”" in sentence(found).text


@pytest.mark.parametrize(
    "text",
    [
        "加强管理，6月底前修订办法3项",
        "修订《零星工程发包管理办法》，加强管理",
        "加强管理，合格率提高到百分之九十五",
        "实行线上打卡",
        "加强管理，每季度通报一次",
    ],
)
def test_a_number_a_document_or_a_rhythm_makes_it_concrete(text: str) -> None:
    assert WORDING.judge({"整改目标": text, "整改措施": "补签合同4份"}) == ()


def test_an_office_has_its_own_list_of_phrases() -> None:
    own = WORDING.with_rules(vague_phrases=("大力…推进",))
    texts = {"整改目标": "加强管理", "整改措施": "大力推进有关工作"}
    assert said(own.judge(texts)) == [("vague", "整改措施", None, EXPLAIN)]


def test_phrases_do_not_reach_across_a_comma() -> None:
    assert WORDING.judge({"整改目标": "加强巡查，管理台账上墙", "整改措施": "补签合同4份"}) == ()


def test_necessity_and_figures_are_remarks() -> None:
    sheet = Sheet(
        (field("选题", "long", "yes"), field("预期目标", "long", "yes")),
        checks=(check("elements"), check("figures", fields=["预期目标"])),
    )
    assert said(sheet.judge({"选题": "开展活动", "预期目标": "做得更好"})) == [
        ("missing_element", "选题", None, HINT),
        ("missing_element", "预期目标", None, HINT),
    ]
    assert sheet.judge({"选题": "温控措施执行不到位", "预期目标": "裂缝检出率降至1%以下"}) == ()
