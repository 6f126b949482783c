"""From bytes to outcomes: what a worker and `pipeline check` say of one file, and that it survives the wire."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.catalog import sentence
from pipeline.examine import Desk, examine
from pipeline.forms.writing import row_texts, texts_for
from pipeline.model import Arrival, Outcome, Verdict
from pipeline.office.docx_fill import fill_docx
from pipeline.office.library import default_templates, load_library
from pipeline.office.xlsx_fill import fill_xlsx
from pipeline.output.blanks import filled
from pipeline.settings import Settings
from pipeline.values import Roster
from pipeline.wire import outcome_from_json, outcome_to_json
from tests.records import fields_of, rows_of

DAY = date(2026, 8, 24)
LIBRARY = load_library(default_templates())
DESK = Desk(LIBRARY, Settings.default(2026), Roster.from_rows([]))
APPLICATION = LIBRARY.types["党建项目申请表"]
LEDGER = LIBRARY.types["整改台账"]
VALUES = {
    "填表时间": date(2026, 8, 20), "立项支部": "桥梁项目党支部", "项目主要责任人": "陈立", "项目名称": "温控攻关",
    "选题": "裂缝检出率20%，必须攻关。", "内容": "成立突击队。", "预期目标": "检出率降至1%以下。",
    "支部委员会意见": "同意申报。", "支部意见日期": date(2026, 8, 21),
}  # fmt: skip


def _examine(data: bytes, unit: str = "") -> tuple[Outcome, ...]:
    return examine(data, Arrival("申请表.docx", unit, DAY), DESK, DAY)


def _application(**changes: object) -> bytes:
    return fill_docx(LIBRARY.template("党建项目申请表", "form"), texts_for(APPLICATION, {**VALUES, **changes}), {})


def _letter(text: str) -> bytes:
    document, stream = docx.Document(), BytesIO()
    document.add_paragraph(text)
    document.save(stream)
    return stream.getvalue()


def test_a_complete_form_is_accepted() -> None:
    (outcome,) = _examine(_application())
    assert (outcome.type, outcome.layout, outcome.verdict) == ("党建项目申请表", "form", Verdict.ACCEPTED)


def test_everything_wrong_is_said_at_once() -> None:
    (outcome,) = _examine(
        _application(项目主要责任人="各部门", 预期目标="完成了XX万元的经济目标。", 填表时间=date(2026, 8, 26))
    )
    found = {(finding.code, finding.field) for finding in outcome.findings}
    assert outcome.verdict is Verdict.RETURNED
    assert {("not_a_person", "项目主要责任人"), ("placeholder", "预期目标"), ("inconsistent", "填表时间")} <= found


def test_two_forms_in_one_file_are_two_outcomes_and_it_is_said() -> None:
    first, second = docx.Document(BytesIO(_application())), docx.Document(BytesIO(_application(项目名称="防渗攻关")))
    for element in list(second.element.body)[:-1]:
        first.element.body.insert(len(first.element.body) - 1, element)
    stream = BytesIO()
    first.save(stream)
    outcomes = _examine(stream.getvalue())
    assert [one.record.fields["项目名称"].text for one in outcomes if one.record] == ["温控攻关", "防渗攻关"]
    assert all("several_forms" in {finding.code for finding in one.findings} for one in outcomes)


@pytest.mark.parametrize(
    ("data", "verdict", "code"),
    [
        (b"", Verdict.UNREADABLE, "empty_file"),
        (b"hello", Verdict.UNREADABLE, "not_office"),
        (_application()[:2000], Verdict.UNREADABLE, "corrupt"),
        (_letter("关于召开工作例会的通知"), Verdict.UNKNOWN, "unknown_form"),
    ],
)
def test_what_is_no_form_gets_its_reason(data: bytes, verdict: Verdict, code: str) -> None:
    (outcome,) = _examine(data)
    assert (outcome.type, outcome.verdict, outcome.findings[0].code) == (None, verdict, code)


@pytest.mark.parametrize(("unit", "offered"), [("", True), ("一分公司", False)])
def test_units_are_not_told_that_they_may_hand_in_the_roster(unit: str, offered: bool) -> None:
    (outcome,) = _examine(_letter("关于召开工作例会的通知"), unit)
    assert ("组织名册" in outcome.findings[0].facts["types"]) is offered


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    fields_of(LEDGER, printed=frozenset(field.name for field in LEDGER.fields)),
    rows_of(LEDGER, printed=frozenset(column.name for column in LEDGER.columns)),
)
def test_an_outcome_is_the_same_after_the_wire(values: dict[str, object], rows: list[dict[str, object]]) -> None:
    data = fill_xlsx(LIBRARY.template("整改台账", "xlsx"), texts_for(LEDGER, values), row_texts(LEDGER, rows))
    (outcome,) = _examine(data)
    sent = json.loads(json.dumps(outcome_to_json(outcome), ensure_ascii=False))
    received = outcome_from_json(sent)
    assert outcome_to_json(received) == sent
    assert (received.type, received.verdict, received.answers) == (outcome.type, outcome.verdict, outcome.answers)
    assert outcome.record is not None
    assert received.record is not None
    for before, after in zip(outcome.record.rows, received.record.rows, strict=True):
        assert {name: datum.value for name, datum in before.items()} == {name: d.value for name, d in after.items()}
    assert [finding.place for finding in received.findings] == [finding.place for finding in outcome.findings]


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    assert _examine(data)[0].verdict in (Verdict.UNREADABLE, Verdict.UNKNOWN)


def _paper(*texts: str) -> bytes:
    paper = docx.Document()
    for text in texts:
        paper.add_paragraph(text)
    stream = BytesIO()
    paper.save(stream)
    return stream.getvalue()


PLAN = (
    "第一工程公司", "党建项目化管理", "实施计划书", "项目名称：温控攻关", "项目单位：桥梁项目党支部",
    "项目主要责任人：陈立", "项目时限：2026年9月至2027年6月",
)  # fmt: skip
PARTS = (
    "一、实施单位基本情况", "现有党员31名。", "二、项目成员基本情况", "组长：陈立", "三、项目背景及必要性",
    "裂缝检出率20%。", "四、主要措施", "每2小时测温。", "五、预期目标", "检出率降至1%以下。", "六、完成时间",
    "2027年6月30日前完成。", "七、附件", "无",
)  # fmt: skip


def test_a_title_printed_again_over_the_text_is_no_second_form() -> None:
    (outcome,) = _examine(_paper(*PLAN, "实施计划书", *PARTS))
    assert (outcome.type, outcome.findings[0].code) == ("实施计划书", "early")
    assert outcome.record is not None
    assert outcome.record.fields["主要措施"].text == "每2小时测温。"


def test_two_plans_in_one_file_are_two_outcomes() -> None:
    outcomes = _examine(_paper(*PLAN, *PARTS, *PLAN[1:], *PARTS))
    assert [outcome.type for outcome in outcomes] == ["实施计划书", "实施计划书"]


@pytest.mark.parametrize("name", [spec.name for spec in LIBRARY.types.values() if spec.from_office])
def test_a_paper_of_the_offices_own_is_refused_from_a_units_folder(name: str) -> None:
    data = filled(LIBRARY, name, {})
    (from_unit,) = _examine(data, "一分公司")
    (from_office,) = _examine(data)
    assert from_unit.type == name
    assert (from_unit.verdict, from_unit.findings[0].code) == (Verdict.RETURNED, "wrong_unit")
    assert "wrong_unit" not in [one.code for one in from_office.findings]


def test_what_can_be_handed_in_is_listed_whole_and_without_the_offices_own() -> None:
    (unknown,) = _examine(_letter("会议通知"), "一分公司")
    text = sentence(unknown.findings[0]).text
    own = {spec.name for spec in LIBRARY.types.values() if spec.from_office}
    others = {spec.name for spec in LIBRARY.types.values() if spec.kind in ("form", "ledger")} - own
    assert own
    assert all(f"《{name}》" in text for name in others)
    assert not any(f"《{name}》" in text for name in own)
