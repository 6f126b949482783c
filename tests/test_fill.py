"""Filling Word and Excel templates: what is written stands where its tag stood, and nothing else has changed."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.errors import SettingsError
from pipeline.office.docx_fill import compile_docx, fill_docx
from pipeline.office.read import read
from pipeline.office.template_parts import BLANK_ROWS
from pipeline.office.xlsx_fill import compile_xlsx, fill_xlsx
from pipeline.office.xlsx_heights import width
from pipeline.settings import Limits

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufffe\uffff\u2028\u2029"),
    max_size=40,
)
HOSTILE = ["<w:p/>", "a & b", "]]>", "{{项目名称}}", "=1+1", '"', "\ue0f0s0\ue0f1", "_x000D_", "{% raw %}", "​", "𠮷"]


def word(*paragraphs: str, table: tuple[tuple[str, ...], ...] = ()) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        grid = document.add_table(rows=len(table), cols=len(table[0]))
        for row, texts in enumerate(table):
            for column, text in enumerate(texts):
                grid.cell(row, column).text = text
    return saved(document)


def saved(document: object) -> bytes:
    stream = BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def lines(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(data)).paragraphs]


def cells(data: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in Document(BytesIO(data)).tables[0].rows]


def book(*rows: tuple[str, ...], wrap: bool = True, widths: tuple[float, ...] = ()) -> openpyxl.Workbook:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "汇总表"
    for row in rows:
        sheet.append(row)
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=wrap)
            cell.font = Font(size=11)
    for number, units in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = units
    return workbook


def opened(data: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(BytesIO(data))["汇总表"]


def shown(data: bytes) -> list[list[object]]:
    return [[cell.value for cell in row] for row in opened(data).iter_rows()]


# -- Word


def test_values_stand_between_the_fixed_words() -> None:
    data = fill_docx(word("项目：{{项目名称}}（{{年度}}）"), {"项目名称": "节能 < 降耗 & 增效", "年度": "2026"}, {})
    assert lines(data) == ["项目：节能 < 降耗 & 增效（2026）"]


@pytest.mark.parametrize("pieces", [("{", "{项目", "名称}}"), ("{{", "项目名称", "}", "}"), ("甲{{项目名称", "}}乙")])
def test_a_tag_that_word_has_split_over_runs(pieces: tuple[str, ...]) -> None:
    document = Document()
    paragraph = document.add_paragraph("名称：")
    for number, piece in enumerate(pieces):
        paragraph.add_run(piece).bold = number == 0
    paragraph.add_run("。")
    data = fill_docx(saved(document), {"项目名称": "创效"}, {})
    filled = Document(BytesIO(data)).paragraphs[0]
    before = "".join(pieces).partition("{{")[0]
    after = "".join(pieces).partition("}}")[2]
    assert filled.text == f"名称：{before}创效{after}。"
    assert [run.bold for run in filled.runs if run.text == "创效"] == [True]


def test_two_tags_in_one_run_and_a_break_between() -> None:
    document = Document()
    run = document.add_paragraph().add_run("{{甲}}和{{乙}}")
    run.add_break()
    run.add_text("{{丙}}完")
    data = fill_docx(saved(document), {"甲": "1", "乙": "2", "丙": "3"}, {})
    assert lines(data) == ["1和2\n3完"]


def test_line_feeds_become_paragraphs_of_the_same_format() -> None:
    document = Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.paragraphs[0].add_run("内容：{{内容}}（完）").italic = True
    cell.paragraphs[0].alignment = 1
    filled = Document(BytesIO(fill_docx(saved(document), {"内容": "一\n二\t三\r\n四"}, {}))).tables[0].cell(0, 0)
    assert [paragraph.text for paragraph in filled.paragraphs] == ["内容：一", "二\t三", "四（完）"]
    assert {paragraph.alignment for paragraph in filled.paragraphs} == {1}
    assert {run.italic for paragraph in filled.paragraphs for run in paragraph.runs if run.text} == {True}


def test_inside_a_content_control_a_line_feed_stays_in_the_paragraph() -> None:
    document = Document()
    paragraph = document.add_paragraph()
    run = paragraph.add_run("{{内容}}")
    control = etree.SubElement(paragraph._p, run._r.tag.replace("}r", "}sdt"))
    etree.SubElement(control, run._r.tag.replace("}r", "}sdtContent")).append(run._r)
    xml = ZipFile(BytesIO(fill_docx(saved(document), {"内容": "一\n二"}, {}))).read("word/document.xml").decode()
    assert re.search(r"一</w:t><w:br/><w:t[^>]*>二", xml)
    assert etree.fromstring(xml.encode()) is not None


def test_the_repeating_row_is_written_once_per_row() -> None:
    template = word(table=(("序号", "名称"), ("{{项目.序号}}", "{{项目.名称}}"), ("合计", "")))
    rows = {"项目": [{"序号": "1", "名称": "甲"}, {"序号": "2", "名称": "乙\n丙"}]}
    assert cells(fill_docx(template, {}, rows)) == [["序号", "名称"], ["1", "甲"], ["2", "乙\n丙"], ["合计", ""]]


def test_without_rows_there_are_blank_rows_to_fill_in() -> None:
    template = word(table=(("序号", "名称"), ("{{项目.序号}}", "{{项目.名称}}")))
    assert cells(fill_docx(template, {}, {})) == [["序号", "名称"], *[["", ""]] * BLANK_ROWS]


def test_a_repeating_paragraph_without_rows_is_left_out() -> None:
    template = word("清单", "{{项目.名称}}；", "完")
    assert lines(fill_docx(template, {}, {"项目": [{"名称": "甲"}, {"名称": "乙"}]})) == ["清单", "甲；", "乙；", "完"]
    assert lines(fill_docx(template, {}, {})) == ["清单", "完"]


def test_rows_with_tags_of_two_groups_are_refused() -> None:
    with pytest.raises(SettingsError, match="同一个组"):
        compile_docx(word(table=(("{{甲.一}}", "{{乙.二}}"),)))


def test_header_text_is_filled_too() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "编号：{{编号}}"
    data = fill_docx(saved(document), {"编号": "DJ-1"}, {})
    assert Document(BytesIO(data)).sections[0].header.paragraphs[0].text == "编号：DJ-1"


@pytest.mark.parametrize("value", HOSTILE)
def test_values_are_never_read_as_anything_but_text(value: str) -> None:
    assert lines(fill_docx(word("值：{{甲}}"), {"甲": value}, {})) == [f"值：{value}"]
    filled = fill_xlsx(saved(book(("值：{{甲}}",))), {"甲": value}, {})
    assert [grid.rows for grid in read(filled, Limits()).grids()] == [((f"值：{value}",),)]


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=4), TEXT)
def test_whatever_is_written_is_read_back(values: list[str], tail: str) -> None:
    text = "\n".join(values)
    assert "\n".join(lines(fill_docx(word("{{甲}}"), {"甲": text}, {}))) == text
    filled = fill_xlsx(saved(book(("甲：{{甲}}。", "乙：{{乙}}。"))), {"甲": text, "乙": tail}, {})
    assert [grid.rows for grid in read(filled, Limits()).grids()] == [((f"甲：{text}。", f"乙：{tail}。"),)]


@pytest.mark.parametrize("value", ["\x00", "a\x0bb", "\x1f", "\ud800", "\ufffe"])
def test_control_characters_are_refused(value: str) -> None:
    for fill, template in ((fill_docx, word("{{甲}}")), (fill_xlsx, saved(book(("{{甲}}",))))):
        with pytest.raises(ValueError, match=r"U\+"):
            fill(template, {"甲": value}, {})


def test_a_missing_value_is_an_error_and_not_a_gap() -> None:
    for fill, template in ((fill_docx, word("{{甲}}")), (fill_xlsx, saved(book(("{{甲}}",))))):
        with pytest.raises(ValueError, match="甲"):
            fill(template, {}, {})


def test_other_members_stay_byte_for_byte_and_the_result_is_the_same_twice() -> None:
    for fill, template, part in (
        (fill_docx, word("{{甲}}"), "word/document.xml"),
        (fill_xlsx, saved(book(("{{甲}}",))), "xl/worksheets/sheet1.xml"),
    ):
        first, second = fill(template, {"甲": "乙"}, {}), fill(template, {"甲": "乙"}, {})
        assert first == second
        with ZipFile(BytesIO(template)) as before, ZipFile(BytesIO(first)) as after:
            assert before.namelist() == after.namelist()
            assert after.testzip() is None
            for name in before.namelist():
                same = before.read(name) == after.read(name)
                assert same is (name != part) or name == "xl/workbook.xml"


def test_what_is_no_template_is_refused_in_chinese() -> None:
    for compile_template, other in ((compile_docx, saved(book(("甲",)))), (compile_xlsx, word("甲"))):
        for data in (b"", b"PK\x03\x04", other):
            with pytest.raises(SettingsError, match=r"[一-鿿]"):
                compile_template(data)


# -- Excel

LEDGER = (
    ("党建项目汇总表", None, None),
    ("单位名称：{{单位名称}}　填表人：{{填表人}}", None, None),
    ("序号", "项目名称", "备注"),
    ("{{项目.序号}}", "{{项目.项目名称}}", "{{项目.备注}}"),
    ("注：本表一式两份", None, None),
)
HEAD = {"单位名称": "一公司", "填表人": "施浩"}


def ledger() -> openpyxl.Workbook:
    workbook = book(*LEDGER, widths=(5, 20, 10))
    sheet = workbook.active
    for merge in ("A1:C1", "A2:C2", "A5:C5"):
        sheet.merge_cells(merge)
    sheet.print_area = "A1:C5"
    sheet.print_title_rows = "3:3"
    rule = DataValidation(type="list", formula1='"是,否"')
    rule.add("C4")
    sheet.add_data_validation(rule)
    sheet["B4"].font = Font(size=11, bold=True)
    return workbook


def rows(count: int) -> dict[str, list[dict[str, str]]]:
    return {"项目": [{"序号": str(n), "项目名称": f"项目{n}", "备注": ""} for n in range(1, count + 1)]}


def test_a_ledger_grows_and_what_is_below_moves_down() -> None:
    data = fill_xlsx(saved(ledger()), HEAD, rows(3))
    assert [row[:2] for row in shown(data)] == [
        ["党建项目汇总表", None],
        ["单位名称：一公司　填表人：施浩", None],
        ["序号", "项目名称"],
        ["1", "项目1"],
        ["2", "项目2"],
        ["3", "项目3"],
        ["注：本表一式两份", None],
    ]
    sheet = opened(data)
    assert {str(merge) for merge in sheet.merged_cells.ranges} == {"A1:C1", "A2:C2", "A7:C7"}
    assert sheet.print_area == "'汇总表'!$A$1:$C$7"
    assert sheet.print_title_rows == "$3:$3"
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["C4:C6"]
    assert [sheet.cell(row, 2).font.bold for row in (4, 5, 6)] == [True, True, True]


def test_one_row_moves_nothing_and_no_row_leaves_blanks() -> None:
    one = opened(fill_xlsx(saved(ledger()), HEAD, rows(1)))
    assert one["A5"].value == "注：本表一式两份"
    none = opened(fill_xlsx(saved(ledger()), HEAD, {}))
    assert none.cell(4 + BLANK_ROWS, 1).value == "注：本表一式两份"
    assert {none.cell(row, 2).value for row in range(4, 4 + BLANK_ROWS)} <= {None, ""}


def test_a_merge_inside_the_repeating_row_is_repeated() -> None:
    workbook = ledger()
    workbook.active.merge_cells("B4:C4")
    sheet = opened(fill_xlsx(saved(workbook), HEAD, rows(3)))
    assert {"B4:C4", "B5:C5", "B6:C6", "A7:C7"} <= {str(merge) for merge in sheet.merged_cells.ranges}


def test_values_are_text_and_the_cell_is_no_formula() -> None:
    data = fill_xlsx(saved(ledger()), HEAD, {"项目": [{"序号": "1", "项目名称": "=HYPERLINK(A1)", "备注": "_x0041_"}]})
    sheet = opened(data)
    assert (sheet["B4"].value, sheet["B4"].data_type) == ("=HYPERLINK(A1)", "s")
    with ZipFile(BytesIO(data)) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
    assert "_x005F_x0041_" in xml
    assert "<f>" not in xml


def test_rows_grow_with_their_text() -> None:
    filled = [{"序号": "1", "项目名称": "短", "备注": ""}, {"序号": "2", "项目名称": "很长的项目名称" * 6, "备注": ""}]
    sheet = opened(fill_xlsx(saved(ledger()), HEAD, {"项目": filled}))
    short, long = sheet.row_dimensions[4].height, sheet.row_dimensions[5].height
    assert short < 25
    assert long >= 5 * 14
    assert opened(fill_xlsx(saved(ledger()), HEAD, {"项目": [{**filled[1], "项目名称": "字" * 9000}]})).row_dimensions[
        4
    ].height == pytest.approx(409)


def test_a_chinese_character_is_two_units_wide() -> None:
    assert (width("ab1"), width("项目"), width("项a")) == (3, 4, 3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda sheet: sheet.__setitem__("B5", "=SUM(A4:A4)"), "公式"),
        (lambda sheet: sheet.__setitem__("A3", "{{项目.序号}}"), "一个重复的行"),
        (lambda sheet: sheet.__setitem__("C4", "{{别组.备注}}"), "同一个组"),
        (lambda sheet: sheet.merge_cells("A3:A4"), "上下合并"),
    ],
)
def test_what_cannot_grow_is_refused(change: object, words: str) -> None:
    workbook = book(*LEDGER)
    change(workbook.active)  # type: ignore[operator]
    if words == "上下合并":
        workbook.active["B4"] = "{{项目.项目名称}}"
    with pytest.raises(SettingsError, match=words):
        compile_xlsx(saved(workbook))
