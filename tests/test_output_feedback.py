"""反馈单, 受理回执 and the marked copy: what they say, where, and that they can be written again byte for byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from docx import Document

from pipeline.model import Finding, Outcome, Place, Severity, Verdict
from pipeline.office.library import Library, default_templates, load_library
from pipeline.output.feedback import Notice, marked_copy, receipt, slip
from pipeline.output.page import MOST_LINES
from pipeline.output.remarks import remarks
from tests.papers import application, record

NOTICE = Notice(
    reference="2026-0820-03",
    organisation="中筑建设集团党委",
    office="组织部",
    contact="周宁，010-8710",
    unit="第一分公司",
    file_name="附件1：申请表(最终版) <2>.docx",
    received=date(2026, 8, 20),
    today=date(2026, 8, 21),
    number="",
    due=date(2026, 8, 25),
    progress=None,
    entry=128,
    entry_hash="9c" * 32,
)
MISSING = Finding(
    "missing", Severity.ERROR, "预期目标", place=Place("cell", "表1 第1行第2格", "word/document.xml", (1,))
)
HINT = Finding("vague", Severity.HINT, "内容", found="加强管理")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(default_templates())


def outcome(*findings: Finding, verdict: Verdict = Verdict.RETURNED, doubt: str = "") -> Outcome:
    data = record("党建项目申请表", application(), doubt=doubt)
    return Outcome("党建项目申请表", "form", verdict, data, findings)


def shown(data: bytes) -> str:
    document = Document(BytesIO(data))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    return "\n".join([*(p.text for p in document.paragraphs), *("|".join(row) for row in rows)])


def test_the_slip_says_who_what_where_and_by_when(library: Library) -> None:
    text = shown(slip(outcome(MISSING, HINT), NOTICE, library))
    for part in (
        "第一分公司：",
        "《党建项目申请表》（文件名：附件1：申请表(最终版) <2>.docx）已于2026年8月20日收到",
        "需补正后重新报送",
        "2026年8月25日",
        "预期目标（表1第1行第2格）",
        "没有填写",
        "（提示）",
        "周宁，010-8710",
        "中筑建设集团党委组织部",
        "2026年8月21日",
        "编号：2026-0820-03",
        "登记流水第128条",
        "9c" * 32,
    ):
        assert part in text
    assert "{" not in text


def test_what_must_be_corrected_comes_first() -> None:
    order = [one.severity for one in remarks(outcome(HINT, MISSING, replace(HINT, severity=Severity.EXPLAIN)))]
    assert order == [Severity.ERROR, Severity.EXPLAIN, Severity.HINT]


def test_progress_is_told_from_the_second_return_on(library: Library) -> None:
    assert "退回7处" not in shown(slip(outcome(MISSING), NOTICE, library))
    again = replace(NOTICE, progress=(7, 6, 1, 0))
    assert "退回7处，已改6处，剩1处" in shown(slip(outcome(MISSING), again, library))


def test_a_doubt_without_a_finding_is_told_too(library: Library) -> None:
    text = shown(slip(outcome(verdict=Verdict.REVIEW, doubt="项目名称"), NOTICE, library))
    assert "待人工确认" in text
    assert "另一读法" in text
    told = outcome(Finding("doubt", Severity.EXPLAIN, "项目名称"), doubt="项目名称")
    assert len(remarks(told)) == 1


def test_what_is_not_known_leaves_no_empty_line(library: Library) -> None:
    for write in (slip, receipt):
        assert "联系人" not in shown(write(outcome(MISSING), replace(NOTICE, contact=""), library))


def test_what_the_office_put_in_itself_is_not_addressed_to_a_unit(library: Library) -> None:
    text = shown(slip(outcome(MISSING), replace(NOTICE, unit=""), library))
    assert "本部门：" in text
    assert "本部门报送的《党建项目申请表》" in text


@pytest.mark.parametrize("verdict", [Verdict.DUPLICATE, Verdict.REVIEW])
def test_no_day_is_set_where_nothing_is_to_be_corrected(library: Library, verdict: Verdict) -> None:
    twin = Finding("duplicate", Severity.HINT, place=Place("file", "全文"), facts={"reference": "K7"})
    text = shown(slip(outcome(twin, verdict=verdict), NOTICE, library))
    assert "补正截止时间" not in text
    assert "与此前报送的文件完全相同，此前的编号是K7" in text


def test_ten_short_findings_stand_on_the_slip(library: Library) -> None:
    many = [replace(MISSING, row=number) for number in range(1, 11)]
    text = shown(slip(outcome(*many), NOTICE, library))
    assert len([line for line in text.splitlines() if "|" in line]) == 1 + 10
    assert "其余" not in text


def test_many_findings_fit_one_page_and_the_rest_is_counted(library: Library) -> None:
    many = [replace(MISSING, row=number) for number in range(1, 61)]
    text = shown(slip(outcome(*many), NOTICE, library))
    rows = [line for line in text.splitlines() if "|" in line][1:]
    assert 1 <= len(rows) <= MOST_LINES
    assert f"其余{60 - len(rows)}处见附件批注" in text


def test_without_a_marked_copy_none_is_promised(library: Library) -> None:
    many = [replace(MISSING, row=number) for number in range(1, 61)]
    alone = shown(slip(outcome(*many), NOTICE, library, marked=False))
    assert "已标注" in shown(slip(outcome(*many), NOTICE, library))
    assert "另存为 .docx 或 .xlsx" in alone
    assert "处在再次报送时告知" in alone
    assert not [word for word in ("已标注", "批注") if word in alone]


def test_values_never_run_as_templates(library: Library) -> None:
    hostile = replace(NOTICE, file_name="{{7*7}}{% for x in y %}<w:p/>.docx", unit="&lt;{{ 单位 }}")
    text = shown(slip(outcome(replace(HINT, found="{{7*7}} ]]> \x0b")), hostile, library))
    assert "{{7*7}}{% for x in y %}<w:p/>.docx" in text
    assert "&lt;{{ 单位 }}：" in text


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_its_words(library: Library, verdict: Verdict) -> None:
    bare = Outcome(None, None, verdict, None, (Finding("corrupt", Severity.ERROR, place=Place("file", "整个文件")),))
    assert "结论：" in shown(slip(bare, NOTICE, library))


def test_the_receipt_says_the_number_and_what_was_registered(library: Library) -> None:
    accepted = replace(NOTICE, number="DJ-2026-YF-001", due=None)
    text = shown(receipt(outcome(HINT, verdict=Verdict.ACCEPTED), accepted, library))
    for part in ("DJ-2026-YF-001", "项目名称|党员先锋岗助力桥梁节能降耗", "2026-0820-03", "登记流水第128条", "“内容”"):
        assert part in text


def test_many_hints_leave_the_receipt_on_one_page(library: Library) -> None:
    hints = [replace(HINT, row=number) for number in range(1, 31)]
    text = shown(receipt(outcome(*hints, verdict=Verdict.ACCEPTED), NOTICE, library))
    told = [line for line in text.splitlines() if "“" in line or "其余" in line]
    assert len(told) < 15
    assert "处：见附件批注。" in told[-1]


def test_the_receipt_of_a_ledger_counts_its_rows(library: Library) -> None:
    data = record("整改台账", {"单位名称": "第一分公司"}, [{"反馈问题": "甲"}, {"反馈问题": "乙"}])
    text = shown(receipt(Outcome("整改台账", "xlsx", Verdict.ACCEPTED, data, ()), NOTICE, library))
    assert "共2条" in text


def test_written_again_it_is_the_same(library: Library) -> None:
    one = outcome(MISSING, HINT)
    assert slip(one, NOTICE, library) == slip(one, NOTICE, library)
    assert marked_copy(form(), one, NOTICE) == marked_copy(form(), one, NOTICE)


def form() -> bytes:
    document, stream = Document(), BytesIO()
    document.add_paragraph("党建项目化管理项目申请表")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "预期目标"
    document.save(stream)
    return stream.getvalue()


def test_the_word_form_is_marked_at_the_cell() -> None:
    marked = marked_copy(form(), outcome(MISSING), NOTICE)
    assert marked is not None
    comments = [comment.text for comment in Document(BytesIO(marked)).comments]
    assert len(comments) == 1
    assert "没有填写" in comments[0]
    assert "2026-0820-03" in comments[0]


def test_two_forms_in_one_file_are_marked_together() -> None:
    other = outcome(replace(MISSING, field="内容", place=Place("paragraph", "第1段", "word/document.xml", (0,))))
    marked = marked_copy(form(), outcome(MISSING), NOTICE, others=[other])
    assert marked is not None
    assert len(list(Document(BytesIO(marked)).comments)) == 2


def test_the_workbook_is_marked_and_gets_its_page() -> None:
    book, stream = openpyxl.Workbook(), BytesIO()
    book.active.title = "整改台账"
    book.active["A1"] = "单位名称"
    book.save(stream)
    place = Place("sheet", "整改台账!B1", "整改台账", (1, 2))
    marked = marked_copy(stream.getvalue(), outcome(replace(MISSING, place=place)), NOTICE)
    assert marked is not None
    again = openpyxl.load_workbook(BytesIO(marked))
    assert "没有填写" in again["整改台账"]["B1"].comment.text
    assert len(again.sheetnames) == 2


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\3\4 no zip at all"])
def test_what_cannot_be_marked_gives_none(data: bytes) -> None:
    assert marked_copy(data, outcome(MISSING), NOTICE) is None


def test_a_zip_that_is_no_office_file_gives_none() -> None:
    stream = BytesIO()
    with ZipFile(stream, "w") as package:
        package.writestr("a.txt", "x")
    assert marked_copy(stream.getvalue(), outcome(MISSING), NOTICE) is None
