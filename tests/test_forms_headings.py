"""Papers of headings and free text: a heading owns what stands below it, down to the next one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.forms.headlines import follows, headline
from pipeline.forms.interpret import Frame, interpret
from pipeline.forms.reading import FormReader
from pipeline.forms.spec import FieldSpec, Layout, TypeSpec
from pipeline.model import Block, Extract, Reading
from pipeline.values import Money
from tests.documents import document, table

SPEC = TypeSpec(
    name="计划书",
    kind="form",
    titles=("党建项目化管理计划书", "计划书"),
    fields=(
        FieldSpec("单位", "org", "yes", ("单位",), ("XXXX 单位",), stands="above_title"),
        FieldSpec("项目名称", "text", "yes", ("项目名称", "课题名称")),
        FieldSpec("责任人", "person", "yes", ("项目主要责任人", "责任人")),
        FieldSpec("效益", "money", "no", ("经济效益",)),
        FieldSpec("成员情况", "long", "yes", ("项目成员基本情况",), stands="heading"),
        FieldSpec("措施", "long", "yes", ("主要措施",), stands="heading"),
        FieldSpec("目标", "long", "yes", ("预期目标",), stands="heading"),
        FieldSpec("附件", "long", "no", ("附件",), stands="heading"),
    ),
)
TEMPLATE = document(
    "附件3：", "{{单位}}", "党建项目化管理", "计划书", "项目名称：{{项目名称}}", "项目主要责任人：{{责任人}}",
    "一、项目成员基本情况", "{{成员情况}}", "二、主要措施", "{{措施}}", "三、预期目标", "{{目标}}", "四、附件",
    "{{附件}}", "经济效益：{{效益}}",
)  # fmt: skip
READER = FormReader(SPEC, Layout("form", ".docx", TEMPLATE))
COVER = ("附件3：", "第一工程公司", "党建项目化管理", "计划书", "项目名称：温控攻关", "项目主要责任人：冯敏")
MEMBERS = ("一、项目成员基本情况", "组长：冯敏（党支部书记）", "成员：张敏（质检员）")
MEASURES = ("二、主要措施", "（1）每2小时测温。", "（2）每周分析。")
GOAL = ("三、预期目标", "检出率降至1%以下。")
ANNEX = ("四、附件", "无")


def _read(*blocks: Block | str) -> dict[str, Reading]:
    return READER.read(document(*blocks).blocks)


def _text(readings: dict[str, Reading], name: str) -> str:
    assert not readings[name].doubt
    return readings[name].text


def test_everything_below_a_heading_is_its_text() -> None:
    readings = _read(*COVER, *MEMBERS, *MEASURES, *GOAL, *ANNEX)
    assert {name: _text(readings, name) for name in readings} == {
        "单位": "第一工程公司", "项目名称": "温控攻关", "责任人": "冯敏", "效益": "",
        "成员情况": "组长：冯敏（党支部书记）\n成员：张敏（质检员）", "措施": "（1）每2小时测温。\n（2）每周分析。",
        "目标": "检出率降至1%以下。", "附件": "无",
    }  # fmt: skip


def test_a_value_below_a_heading_knows_its_paragraph() -> None:
    place = _read(*COVER, *MEMBERS, *MEASURES, *GOAL)["措施"].place
    assert place is not None
    assert place.kind == "paragraph"
    assert place.anchor == (len(COVER) + len(MEMBERS) + 1,)


def test_a_heading_with_nothing_below_is_empty_and_no_doubt() -> None:
    assert _text(_read(*COVER, *MEMBERS, "二、主要措施", "", *GOAL, *ANNEX), "措施") == ""


def test_a_list_below_a_heading_is_copied_row_by_row() -> None:
    people = table([("姓名", "职务", "责任人"), ("冯敏", "党支部书记", "牵头"), ("张敏", "质检员", "测温")])
    readings = _read(*COVER, "一、成员情况", people, *MEASURES, *GOAL, *ANNEX)
    assert _text(readings, "成员情况") == "姓名 职务 责任人\n冯敏 党支部书记 牵头\n张敏 质检员 测温"
    assert _text(readings, "责任人") == "冯敏"


def test_a_form_below_the_last_heading_is_not_its_text() -> None:
    foot = table([("填报人", "王浩"), ("联系电话", "8710")])
    assert _read(*COVER, *MEMBERS, *MEASURES, *GOAL, *ANNEX, foot)["附件"].doubt


@pytest.mark.parametrize(
    "heading", ["二、主要措施：每2小时测温。", "二、主要措施　每2小时测温。", "2.主要措施 每2小时测温。"]
)
def test_a_value_may_stand_behind_its_heading(heading: str) -> None:
    assert _text(_read(*COVER, *MEMBERS, heading, *GOAL, *ANNEX), "措施") == "每2小时测温。"


@pytest.mark.parametrize("foot", [("注：可另附页。",), ("（盖章）", "    年    月    日"), ("项目负责人签字：",)])
def test_notes_and_places_for_a_signature_are_no_text(foot: tuple[str, ...]) -> None:
    assert _text(_read(*COVER, *MEMBERS, *MEASURES, *GOAL, *ANNEX, *foot), "附件") == "无"


def test_a_seal_with_its_date_below_the_last_part_is_no_text() -> None:
    foot = ("", "      桥梁项目党支部（盖章）", "      2026年9月1日")
    assert _text(_read(*COVER, *MEMBERS, *MEASURES, *GOAL, *ANNEX, *foot), "附件") == "无"


def test_a_list_inside_the_cell_of_a_part_is_no_form() -> None:
    people = table([("姓名", "职务", "分工"), ("冯敏", "责任人", "牵头"), ("张敏", "质检员", "测温")])
    text = "\n".join(text for row in people.rows for text in row)
    rows = table([("项目成员基本情况", text), ("主要措施", "每2小时测温。"), ("预期目标", "降至1%以下。")])
    readings = _read(*COVER, rows, replace(people, nested=True))
    assert _text(readings, "责任人") == "冯敏"
    assert _text(readings, "成员情况") == text


def test_the_line_over_a_title_inside_a_table() -> None:
    span = {(n, 0): (1, 2) for n in range(3)}
    rows = [("附件3：", ""), ("第一工程公司", ""), ("党建项目化管理计划书", ""), ("项目名称", "温控攻关")]
    assert _text(_read(table(rows, span)), "单位") == "第一工程公司"


@pytest.mark.parametrize("foot", ["2026年8月31日", "填表人：王浩", "备注：李四9月调离。", "说明：工期顺延一个月"])
def test_other_lines_below_the_last_part_are_a_doubt(foot: str) -> None:
    assert _read(*COVER, *MEMBERS, *MEASURES, *GOAL, *ANNEX, foot)["附件"].doubt


def test_a_label_inside_a_part_that_says_the_same_again_is_text() -> None:
    readings = _read(*COVER, MEMBERS[0], "责任人：冯敏", *MEASURES, *GOAL, *ANNEX)
    assert _text(readings, "成员情况") == "责任人：冯敏"
    assert _text(readings, "责任人") == "冯敏"


def test_a_label_inside_a_part_with_another_value_is_a_doubt() -> None:
    readings = _read(*COVER, *MEMBERS, *MEASURES, "责任人：李四", *GOAL, *ANNEX)
    assert readings["责任人"].reason == "second"
    assert readings["措施"].doubt


@pytest.mark.parametrize("line", ["说明：口径一致", "注：数据截至6月。", "备注：另行通知", "单位：第二工程公司"])
def test_a_note_or_a_label_in_the_middle_of_a_part_is_a_doubt(line: str) -> None:
    readings = _read(*COVER, *MEMBERS, MEASURES[0], MEASURES[1], line, MEASURES[2], *GOAL, *ANNEX)
    assert readings["措施"].doubt
    assert _text(readings, "目标") == GOAL[1]


def test_the_part_above_a_heading_that_stands_twice_is_a_doubt_too() -> None:
    readings = _read(*COVER, *MEMBERS, *MEASURES, "预期目标：见下", *GOAL, *ANNEX)
    assert readings["目标"].reason == "second"
    assert (readings["措施"].reason, readings["措施"].other) == ("merged", "预期目标")


def test_the_same_heading_twice_is_a_doubt() -> None:
    readings = _read(*COVER, *MEMBERS, *MEASURES, *GOAL, "五、预期目标", "节约120万元。")
    assert readings["目标"].reason == "second"


def test_where_a_heading_is_missing_the_text_above_the_gap_is_a_doubt() -> None:
    readings = _read(*COVER, *MEMBERS, *MEASURES[1:], *GOAL, *ANNEX)
    assert (readings["成员情况"].reason, readings["成员情况"].other) == ("merged", "主要措施")
    assert not readings["目标"].doubt
    assert readings["措施"].text == ""


def test_without_numbers_a_missing_heading_casts_doubt_on_every_longer_part() -> None:
    bare = [line.split("、", 1)[-1] for line in (*MEMBERS, *MEASURES[1:], *GOAL, *ANNEX)]
    readings = _read(*COVER, *bare)
    assert {name for name, reading in readings.items() if reading.doubt} == {"成员情况"}


def test_a_heading_nobody_knows_ends_the_part_for_one_reader() -> None:
    readings = _read(
        *COVER, *MEMBERS, *MEASURES, "三、进度安排", "10月完成。", "四、预期目标", GOAL[1], "五、附件", "无"
    )
    assert readings["措施"].reason == "disagree"
    assert "10月完成。" in readings["措施"].other
    assert not readings["目标"].doubt


@pytest.mark.parametrize(
    ("top", "unit"),
    [
        (("第一工程公司", "党建项目化管理计划书"), "第一工程公司"),
        (("附件 3", "", "第一工程公司", "2026年度党建项目化管理", "计划书"), "第一工程公司"),
        (("第一工程公司党建项目化管理", "计划书"), "第一工程公司"),
        (("附件3：", "党建项目化管理", "计划书"), ""),
    ],
)
def test_the_line_over_the_title(top: tuple[str, ...], unit: str) -> None:
    assert _text(_read(*top, *COVER[4:], *MEMBERS), "单位") == unit


def test_the_printed_line_over_the_title_is_a_hint_left_standing() -> None:
    reading = _read("附件3：", "XXXX 单位", *COVER[2:], *MEMBERS)["单位"]
    assert (reading.text, reading.printed, reading.doubt) == ("", "XXXX 单位", False)


def test_more_than_one_line_over_the_title_is_a_doubt() -> None:
    assert _read("附件3：", "内部资料", *COVER[1:], *MEMBERS)["单位"].reason == "disagree"


def test_a_line_below_an_empty_label_of_the_cover_is_not_its_value_for_sure() -> None:
    readings = _read(*COVER[:5], "项目主要责任人：", "组织部制", *MEMBERS, *MEASURES, *GOAL)
    assert readings["责任人"].doubt


def test_a_label_without_any_sign_is_read_with_doubt() -> None:
    reading = _read(*COVER[:5], "项目主要责任人冯敏", *MEMBERS, *MEASURES, *GOAL)["责任人"]
    assert (reading.text, reading.reason) == ("冯敏", "alone")


def test_text_that_goes_on_in_a_row_without_label_is_a_doubt() -> None:
    rows = [("项目成员基本情况", "组长：冯敏"), ("", "成员：张敏"), ("主要措施", "每2小时测温。"), ("", "")]
    readings = _read(*COVER, table(rows))
    assert readings["成员情况"].doubt
    assert _text(readings, "措施") == "每2小时测温。"


@pytest.mark.parametrize(
    ("label", "value"),
    [("经济效益（万元）：205", "205万元"), ("经济效益：205万元", "205万元"), ("经济效益(元)：205", "205元")],
)
def test_the_unit_printed_in_a_label_counts(label: str, value: str) -> None:
    readings = _read(*COVER, *MEMBERS, *MEASURES, *GOAL, *ANNEX, label)
    record = interpret(SPEC, Extract("计划书", "form", readings), Frame(2026))
    assert record.fields["效益"].value == Money(205, value.removeprefix("205"))  # type: ignore[arg-type]
    assert _text(readings, "附件") == "无"


def test_an_amount_without_any_unit_is_no_value() -> None:
    readings = _read(*COVER, *MEMBERS, *MEASURES, *GOAL, *ANNEX, "经济效益：205")
    datum = interpret(SPEC, Extract("计划书", "form", readings), Frame(2026)).fields["效益"]
    assert (datum.value, datum.problem) == (None, "bad_number")


@pytest.mark.parametrize(
    "line",
    [
        "主要措施",
        "四、主要措施",
        "（四）主要措施：",
        "4.主 要 措 施",
        "第四部分 主要措施",
        "【主要措施】",
        "■ 主要措施",
        "四 主要措施",
        " 主要措施（可另附页） ",
    ],
)
def test_a_heading_is_a_line_of_its_own(line: str) -> None:
    found = headline(line, {"主要措施"})
    assert found is not None
    assert (found.word, found.end) == ("主要措施", len(line))


@pytest.mark.parametrize("line", ["主要措施如下。", "四、主要措施及目标", "落实主要措施", "主要措施 每2小时测温"])
def test_a_sentence_is_none(line: str) -> None:
    assert headline(line, {"主要措施"}) is None


@pytest.mark.parametrize(
    ("heading", "line", "like"),
    [
        ("四、主要措施", "五、保障", True),
        ("主要措施", "五、保障", True),
        ("（四）主要措施", "（五）保障", True),
        ("十、主要措施", "十一、保障", True),
        ("四、主要措施", "二、保障", True),
        ("（四）主要措施", "（六）保障", False),
        ("四、主要措施", "（五）保障", False),
        ("四、主要措施", "五、每周召开分析会，及时纠偏。", False),
    ],
)
def test_what_looks_like_the_next_heading(heading: str, line: str, like: bool) -> None:
    assert follows(heading, line) is like
