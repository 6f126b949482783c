"""What is handed out was opened by libraries that are not ours, and they saw the remarks and the same contents."""

from __future__ import annotations

import time
from io import BytesIO

import docx
import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.comments import Comment

from pipeline.model import Place, Severity
from pipeline.office.docx_mark import mark_docx
from pipeline.office.marks import Mark, PageLine, Stamp
from pipeline.office.package import open_package
from pipeline.office.proof import Unsound, proof_docx, proof_xlsx
from pipeline.office.xlsx_mark import mark_xlsx
from pipeline.settings import Limits
from tests.hostile import edited, merged, typed

STAMP = Stamp("AB12CD34")
LINE = PageLine("1", "台账!B2", "必须改正", "", "没有填写", "请补充填写")
NOTE = [Mark(Place("sheet", "台账!B2", "台账", (2, 2)), "没有填写，请补充", Severity.ERROR)]
COMMENT = [Mark(Place("cell", "表1 第1行第2格", "word/document.xml", (1,)), "没有填写，请补充", Severity.ERROR)]


def _form(text: str = "冯敏") -> bytes:
    document, stream = docx.Document(), BytesIO()
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "项目主要责任人", text
    document.save(stream)
    return stream.getvalue()


def _ledger(value: str = "沈淑英") -> bytes:
    book, stream = openpyxl.Workbook(), BytesIO()
    sheet = book.active
    sheet.title = "台账"
    sheet.append(["序号", "责任人"])
    sheet.append([1, value])
    book.save(stream)
    return stream.getvalue()


def test_marked_files_of_ours_pass() -> None:
    proof_docx(_form(), mark_docx(_form(), COMMENT, STAMP), COMMENT)
    proof_xlsx(_ledger(), mark_xlsx(_ledger(), NOTE, STAMP, [LINE]), NOTE)


def test_marking_again_what_was_marked_passes() -> None:
    once = mark_xlsx(_ledger(), NOTE, STAMP, [LINE])
    proof_xlsx(once, mark_xlsx(once, NOTE, Stamp("ZZ99"), [LINE]), NOTE)


def test_a_changed_text_is_not_handed_out() -> None:
    with pytest.raises(Unsound, match="text"):
        proof_docx(_form(), mark_docx(_form("冯 敏"), COMMENT, STAMP), COMMENT)


def test_a_missing_comment_is_not_handed_out() -> None:
    with pytest.raises(Unsound, match="remarks"):
        proof_docx(_form(), _form(), COMMENT)


def test_a_changed_cell_is_not_handed_out() -> None:
    with pytest.raises(Unsound, match="cells"):
        proof_xlsx(_ledger(), mark_xlsx(_ledger("沈淑"), NOTE, STAMP, [LINE]), NOTE)


def test_a_note_at_the_wrong_cell_is_not_handed_out() -> None:
    astray = [Mark(Place("sheet", "台账!A2", "台账", (2, 1)), NOTE[0].text, Severity.ERROR)]
    with pytest.raises(Unsound, match="remarks"):
        proof_xlsx(_ledger(), mark_xlsx(_ledger(), astray, STAMP, [LINE]), NOTE)


def test_a_missing_page_is_not_handed_out() -> None:
    book = openpyxl.load_workbook(BytesIO(_ledger()))
    book["台账"]["B2"].comment = Comment(NOTE[0].text, "x")
    stream = BytesIO()
    book.save(stream)
    with pytest.raises(Unsound, match="page"):
        proof_xlsx(_ledger(), stream.getvalue(), NOTE)


def test_a_note_on_a_merged_cell_and_a_remark_about_the_whole_file_pass() -> None:
    book = openpyxl.load_workbook(BytesIO(_ledger()))
    book["台账"].merge_cells("B2:B3")
    stream = BytesIO()
    book.save(stream)
    below = Mark(Place("sheet", "台账!B3", "台账", (3, 2)), "没有填写，请补充", Severity.ERROR)
    whole = Mark(Place("file", "整个文件", "台账"), "有隐藏行", Severity.HINT)
    proof_xlsx(stream.getvalue(), mark_xlsx(stream.getvalue(), [below, whole], STAMP, [LINE]), [below, whole])


def test_cells_and_merges_that_stand_far_apart_cost_nothing() -> None:
    book = openpyxl.load_workbook(BytesIO(_ledger()))
    book["台账"]["XFD1048576"] = "远"
    stream = BytesIO()
    book.save(stream)
    data = stream.getvalue()
    far = edited(data, "xl/worksheets/sheet1.xml", merged("T8:XFD1048576"))
    start = time.process_time()
    proof_xlsx(far, mark_xlsx(far, NOTE, STAMP, [LINE]), NOTE)
    assert time.process_time() - start < 5
    with pytest.raises(Unsound, match="cells"):
        proof_xlsx(far, mark_xlsx(edited(far, "xl/worksheets/sheet1.xml", _moved), NOTE, STAMP, [LINE]), NOTE)


def _moved(xml: bytes) -> bytes:
    return xml.replace(b"XFD1048576", b"XFC1048576", 1).replace(b"XFD1048576", b"XFC1048576", 1)


def test_a_workbook_with_a_sheet_of_a_chart_passes() -> None:
    book = openpyxl.load_workbook(BytesIO(_ledger()))
    book.create_chartsheet("图").add_chart(BarChart())
    stream = BytesIO()
    book.save(stream)
    proof_xlsx(stream.getvalue(), mark_xlsx(stream.getvalue(), NOTE, STAMP, [LINE]), NOTE)


@pytest.mark.parametrize(
    ("content_type", "suffix"),
    [
        ("ms-word.document.macroEnabled.main", "docm"),
        ("ms-word.template.macroEnabledTemplate.main", "dotm"),
        ("openxmlformats-officedocument.wordprocessingml.template.main", "dotx"),
        ("openxmlformats-officedocument.wordprocessingml.document.main", "docx"),
    ],
)
def test_forms_with_macros_and_templates_pass_and_are_known_by_their_ending(content_type: str, suffix: str) -> None:
    plain = b"openxmlformats-officedocument.wordprocessingml.document.main"
    data = typed(_form(), plain, content_type.encode())
    assert open_package(data, Limits()).suffix == suffix
    proof_docx(data, mark_docx(data, COMMENT, STAMP), COMMENT)


@pytest.mark.parametrize(
    ("content_type", "suffix"),
    [
        ("ms-excel.sheet.macroEnabled.main", "xlsm"),
        ("ms-excel.template.macroEnabled.main", "xltm"),
        ("openxmlformats-officedocument.spreadsheetml.template.main", "xltx"),
        ("openxmlformats-officedocument.spreadsheetml.sheet.main", "xlsx"),
    ],
)
def test_workbooks_with_macros_and_templates_pass_and_are_known_by_their_ending(content_type: str, suffix: str) -> None:
    plain = b"openxmlformats-officedocument.spreadsheetml.sheet.main"
    data = typed(_ledger(), plain, content_type.encode())
    assert open_package(data, Limits()).suffix == suffix
    proof_xlsx(data, mark_xlsx(data, NOTE, STAMP, [LINE]), NOTE)
