"""The sender's workbook comes back marked at the exact cells, and nothing else in it changes."""

from __future__ import annotations

import base64
import time
import zipfile
from datetime import datetime
from functools import cache
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from pipeline.model import Place, Severity, column_letters
from pipeline.office.marks import AUTHOR, Mark, PageLine, Stamp
from pipeline.office.xlsx_mark import TREE, can_be_marked, mark_xlsx, reference_in_xlsx, unmark_xlsx
from pipeline.settings import Limits

STAMP = Stamp("2026-0012", when=datetime(2026, 8, 27, 10, 0))
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LEDGER = "整改台账"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@cache
def ledger() -> bytes:
    """A workbook with about everything that a re-save by openpyxl loses or rewrites."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet, notes, hidden = book.add_worksheet(LEDGER), book.add_worksheet("说明"), book.add_worksheet("字典")
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#D9E1F2"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "border": 2, "align": "center", "font_color": "#0070C0"})
    sheet.write_row("A1", ["序号", "问题", "时限", "得分"], head)
    sheet.write_row("A2", [1, "=未改的提示", datetime(2026, 8, 20), 3])
    sheet.write_datetime("C2", datetime(2026, 8, 20), day)
    sheet.write_formula("D3", "=D2*2", None, 6)
    sheet.merge_range("A5:B6", "合并", head)
    sheet.insert_image("F2", "点.png", {"image_data": BytesIO(PNG)})
    sheet.insert_textbox("F8", "填表说明在文本框里")
    sheet.data_validation("C2:C9", {"validate": "list", "source": ["是", "否"]})
    sheet.conditional_format("D2:D9", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("C2:C9", {"type": "blanks", "format": head})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": [LEDGER, 1, 3, 2, 3]})
    sheet.insert_chart("F12", chart)
    sheet.write_comment("B2", "单位自己的批注", {"author": "张三"})
    sheet.freeze_panes(1, 0)
    notes.write_comment("A1", "说明页的批注", {"author": "李四"})
    book.define_name("说明!本地", "=说明!$A$1")
    book.define_name("全局", f"={LEDGER}!$A$1")
    hidden.hide()
    notes.activate()
    book.close()
    return buffer.getvalue()


def plain_book(rows: int = 3, *, sheet: str = LEDGER) -> bytes:
    book = openpyxl.Workbook()
    table = book.active
    table.title = sheet
    for row in range(1, rows + 1):
        table.append([f"第{row}行第{column}列" for column in range(1, 5)])
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data))


def mark(row: int, column: int, text: str = "时限不是日期。", *, sheet: str = LEDGER, hint: bool = False) -> Mark:
    place = Place("sheet", f"{sheet}!{column_letters(column)}{row}", sheet, (row, column))
    return Mark(place, text, Severity.HINT if hint else Severity.ERROR)


def line(place: str = f"{LEDGER}!C2", found: str = "2026年2月30日") -> PageLine:
    return PageLine("1", place, "必须改正", found, "不是日期。", "写成「2026年9月30日」。")


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(name, data)
    return buffer.getvalue()


def meaning(content: bytes) -> bytes:
    """A part as it is understood: cell style 0 is the default, an empty list of names is none."""
    if not content.lstrip().startswith(b"<"):
        return content
    root = etree.fromstring(content)
    for element in list(root.iter(f"{S}c", f"{S}definedNames")):
        if element.tag == f"{S}definedNames" and not len(element):
            element.getparent().remove(element)
        elif element.get("s") == "0":
            del element.attrib["s"]
    return etree.tostring(root, method="c14n")


def changed(before: bytes, after: bytes) -> set[str]:
    old, new = parts(before), parts(after)
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def assert_same_meaning(before: bytes, after: bytes) -> None:
    old, new = parts(before), parts(after)
    assert list(old) == list(new)
    for name, content in old.items():
        assert content == new[name] or meaning(content) == meaning(new[name]), name


def test_only_the_parts_that_marking_must_touch_change() -> None:
    before = ledger()
    after = mark_xlsx(before, [mark(2, 3), mark(9, 9)], STAMP, [line()])
    assert changed(before, after) == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",  # was the selected tab
        "xl/worksheets/sheet4.xml",  # ours
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    }


def test_members_keep_their_order_and_their_packed_bytes() -> None:
    before, after = ledger(), mark_xlsx(ledger(), [mark(2, 3)], STAMP, [line()])
    old, new = zipfile.ZipFile(BytesIO(before)).infolist(), zipfile.ZipFile(BytesIO(after)).infolist()
    assert [info.filename for info in new[: len(old)]] == [info.filename for info in old]
    image = next(info for info in old if info.filename.endswith(".png"))
    assert image.compress_size == next(info for info in new if info.filename == image.filename).compress_size


def test_a_sheet_without_notes_gets_its_parts_in_the_order_of_the_schema() -> None:
    after = parts(mark_xlsx(ledger(), [mark(1, 1, sheet="字典")], STAMP, []))
    names = [etree.QName(child).localname for child in etree.fromstring(after["xl/worksheets/sheet3.xml"])]
    assert names[-2:] == ["pageMargins", "legacyDrawing"]
    assert {"xl/comments3.xml", "xl/drawings/vmlDrawing3.vml"} <= after.keys()


def test_notes_stand_at_their_cells_and_the_senders_note_stays() -> None:
    sheet = opened(mark_xlsx(ledger(), [mark(2, 3), mark(9, 9, "没有填。")], STAMP, []))[LEDGER]
    assert sheet["C2"].comment.author == AUTHOR
    assert sheet["C2"].comment.text == "反馈意见（编号：2026-0012）\n【必须改正】时限不是日期。"
    assert "没有填。" in sheet["I9"].comment.text
    assert (sheet["B2"].comment.author, sheet["B2"].comment.text) == ("张三", "单位自己的批注")


def test_our_note_is_added_below_the_senders_on_the_same_cell_and_comes_off() -> None:
    after = mark_xlsx(ledger(), [mark(2, 2)], STAMP, [])
    note = opened(after)[LEDGER]["B2"].comment
    assert note.author == "张三"
    assert note.text.startswith("单位自己的批注")
    assert "【必须改正】时限不是日期。" in note.text
    assert reference_in_xlsx(after) == "2026-0012"
    assert opened(unmark_xlsx(after))[LEDGER]["B2"].comment.text == "单位自己的批注"


def test_several_marks_on_one_cell_are_one_numbered_note() -> None:
    data = mark_xlsx(plain_book(), [mark(2, 3, "不是日期。"), mark(2, 3, "晚于期限。", hint=True)], STAMP, [])
    lines = opened(data)[LEDGER]["C2"].comment.text.split("\n")
    assert lines[1:] == ["1. 【必须改正】不是日期。", "2. 【提示】晚于期限。"]


def test_the_fill_turns_red_and_the_rest_of_the_look_stays() -> None:
    before = opened(ledger())[LEDGER]["C2"]
    after = opened(mark_xlsx(ledger(), [mark(2, 3)], STAMP, []))[LEDGER]["C2"]
    assert (after.fill.fill_type, after.fill.fgColor.rgb) == ("solid", "FFFFC7CE")
    for look in ("number_format", "font", "border", "alignment", "protection", "value"):
        assert repr(getattr(after, look)) == repr(getattr(before, look))


def test_a_hint_is_noted_without_red() -> None:
    cell = opened(mark_xlsx(plain_book(), [mark(2, 3, hint=True)], STAMP, []))[LEDGER]["C2"]
    assert cell.comment is not None
    assert cell.fill.fill_type is None


def test_a_cell_under_a_merge_is_marked_at_the_merges_first_cell() -> None:
    sheet = opened(mark_xlsx(ledger(), [mark(6, 2)], STAMP, []))[LEDGER]
    assert sheet["A5"].comment is not None
    assert sheet["A5"].fill.fgColor.rgb == "FFFFC7CE"


def test_missing_cells_are_made_in_their_place() -> None:
    content = parts(mark_xlsx(plain_book(2), [mark(2, 2), mark(2, 9), mark(7, 3), mark(5, 1)], STAMP, []))
    root = etree.fromstring(content["xl/worksheets/sheet1.xml"])
    rows = [int(row.get("r")) for row in root.iter(f"{S}row")]
    cells = [[cell.get("r") for cell in row] for row in root.iter(f"{S}row")]
    assert rows == [1, 2, 5, 7]
    assert cells[1:] == [["A2", "B2", "C2", "D2", "I2"], ["A5"], ["C7"]]


def test_the_first_sheet_is_shown_first_and_scoped_names_follow_their_sheets() -> None:
    book = opened(mark_xlsx(ledger(), [mark(2, 3)], STAMP, [line()]))
    assert book.sheetnames == ["反馈意见", LEDGER, "说明", "字典"]
    assert book.active.title == "反馈意见"
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["反馈意见"]
    assert book["说明"].defined_names["本地"].value == "说明!$A$1"
    assert book.defined_names["全局"].value == f"{LEDGER}!$A$1"
    assert book["字典"].sheet_state == "hidden"
    assert book["反馈意见"].print_title_rows == "$1:$2"


def test_the_first_sheet_lists_every_line_with_a_link() -> None:
    page = opened(mark_xlsx(ledger(), [], STAMP, [line(), line("整个文件")]))["反馈意见"]
    assert page["A1"].value == "反馈意见（编号：2026-0012）"
    assert [cell.value for cell in page[2][:6]] == ["序号", "位置", "程度", "填写的内容", "问题", "应当怎样"]
    assert [cell.value for cell in page[3][:3]] == ["1", f"{LEDGER}!C2", "必须改正"]
    assert page["B3"].hyperlink.location == f"'{LEDGER}'!C2"
    assert page["B4"].hyperlink is None
    assert page.column_dimensions["H"].hidden
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "_x0041_", "a\x07b\r\nc"]
)
def test_texts_stay_texts(text: str) -> None:
    data = mark_xlsx(plain_book(), [mark(2, 3, text)], STAMP, [line(found=text)])
    cell = opened(data)["反馈意见"]["D3"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x005F_", "_") == text.replace("\x07", "").replace("\r\n", "\n")
    assert cell.number_format == "@"
    assert b"<f>" not in parts(data)["xl/worksheets/sheet2.xml"]


def test_a_sheet_of_the_sender_with_our_name_is_left_alone() -> None:
    before = plain_book(sheet="反馈意见")
    after = mark_xlsx(before, [mark(2, 3, sheet="反馈意见")], STAMP, [line("反馈意见!C2")])
    assert opened(after).sheetnames == ["反馈意见(2)", "反馈意见"]
    assert_same_meaning(before, unmark_xlsx(after))


def test_marking_again_leaves_only_the_new_marks() -> None:
    first = mark_xlsx(ledger(), [mark(2, 3), mark(9, 9), mark(2, 2)], STAMP, [line()])
    again = mark_xlsx(first, [mark(2, 4, "得分越界。")], Stamp("2026-0013"), [line()])
    assert_same_meaning(mark_xlsx(ledger(), [mark(2, 4, "得分越界。")], Stamp("2026-0013"), [line()]), again)
    assert reference_in_xlsx(again) == "2026-0013"


def test_what_has_no_marks_comes_back_as_it_is() -> None:
    data = ledger()
    assert unmark_xlsx(data) == data
    assert mark_xlsx(data, [], STAMP, []) == data
    assert reference_in_xlsx(data) == ""


def test_whole_file_and_unknown_places_do_not_fail() -> None:
    marks = [Mark(None, "逾期。", Severity.EXPLAIN), mark(1, 1, sheet="没有这张表")]
    book = opened(mark_xlsx(plain_book(), marks, STAMP, [line("整个文件")]))
    assert book["反馈意见"]["B3"].value == "整个文件"
    assert all(cell.comment is None for row in book[LEDGER].iter_rows() for cell in row)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(1, 12), st.integers(1, 8)), st.booleans(), max_size=12))
def test_unmark_undoes_mark(cells: dict[tuple[int, int], bool]) -> None:
    before = ledger()
    marks = [mark(row, column, hint=hint) for (row, column), hint in cells.items()]
    after = mark_xlsx(before, marks, STAMP, [line()])
    assert_same_meaning(before, unmark_xlsx(after))
    assert mark_xlsx(after, marks, STAMP, [line()]) == after


def coloured() -> bytes:
    book = opened(plain_book(5))
    sheet = book[LEDGER]
    sheet["B2"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["C2"].fill = PatternFill("solid", fgColor="FFFFC7CE")  # the sender's own use of Excel's 「差」
    sheet["D2"].font = Font(bold=True)
    sheet["A1"].comment = Comment("自己的", "张三")
    return saved(book)


def fills(data: bytes) -> dict[str, tuple[str | None, str]]:
    return {
        cell.coordinate: (cell.fill.fill_type, cell.fill.fgColor.rgb)
        for row in opened(data)[LEDGER]["A1:D5"]
        for cell in row
    }


def test_marks_come_off_after_another_program_rewrote_the_file() -> None:
    before = coloured()
    marked = opened(mark_xlsx(before, [mark(2, column) for column in range(1, 5)], STAMP, [line()]))
    marked[LEDGER]["D2"] = "改好了"
    returned = saved(marked)
    after = unmark_xlsx(returned)
    assert reference_in_xlsx(returned) == "2026-0012"
    assert opened(after).sheetnames == [LEDGER]
    assert fills(after) == fills(before)
    sheet = opened(after)[LEDGER]
    assert sheet["D2"].value == "改好了"
    assert sheet["D2"].font.bold
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] == ["A1"]


def test_rows_moved_by_the_sender_get_their_fill_back_all_the_same() -> None:
    marked = opened(mark_xlsx(coloured(), [mark(2, 2)], STAMP, [line()]))
    sheet = marked[LEDGER]
    sheet["B4"]._style, sheet["B2"]._style = sheet["B2"]._style, sheet["B4"]._style
    after = fills(unmark_xlsx(saved(marked)))
    assert after["B4"] == ("solid", "FFFFFF00")
    assert after["B2"][0] is None


def test_with_our_sheet_deleted_the_notes_still_tell_and_red_becomes_none() -> None:
    marked = opened(mark_xlsx(coloured(), [mark(2, 1), mark(2, 4)], STAMP, [line()]))
    del marked["反馈意见"]
    returned = saved(marked)
    assert reference_in_xlsx(returned) == "2026-0012"
    after = unmark_xlsx(returned)
    assert fills(after) == fills(coloured())
    assert opened(after)[LEDGER]["D2"].font.bold


def test_a_program_that_drops_the_author_and_shares_the_red_is_seen_through() -> None:
    """What LibreOffice makes of our marks: no author, one style for all red cells, no signature in the fill."""
    before = coloured()
    content = parts(mark_xlsx(before, [mark(2, column) for column in range(1, 5)], STAMP, [line()]))
    for name in ("xl/comments1.xml", "xl/comments/comment1.xml"):
        if name in content:
            content[name] = content[name].replace(AUTHOR.encode(), b" ")
    styles = etree.fromstring(content["xl/styles.xml"])
    for colour in styles.iter(f"{S}bgColor"):
        colour.set("rgb", "FFD9D9D9")
    content["xl/styles.xml"] = etree.tostring(styles)
    after = unmark_xlsx(packed(content))
    assert fills(after) == fills(before)
    assert [cell.coordinate for row in opened(after)[LEDGER].iter_rows() for cell in row if cell.comment] == ["A1"]


def test_a_forged_record_does_no_harm() -> None:
    marked = opened(mark_xlsx(coloured(), [mark(2, 2), mark(9, 2)], STAMP, [line()]))
    forged = ('{"selected": 1}', '[1, 99999, "<!DOCTYPE x><y/>", null, "old"]', "[[[", "7")
    for number, text in enumerate(forged, 1):
        marked["反馈意见"][f"H{number}"] = text
    after = unmark_xlsx(saved(marked))
    assert opened(after).sheetnames == [LEDGER]
    assert fills(after)["B2"][0] is None


def test_macros_keep_their_bytes() -> None:
    content = parts(ledger())
    macros = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(plain.encode(), macros.encode())
    content["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0 macros"
    before = packed(content)
    after = mark_xlsx(before, [mark(2, 3)], STAMP, [line()])
    assert macros.encode() in parts(after)["[Content_Types].xml"]
    assert parts(after)["xl/vbaProject.bin"] == content["xl/vbaProject.bin"]
    assert_same_meaning(before, unmark_xlsx(after))


def test_a_threaded_comment_is_left_alone_and_the_cell_is_red_all_the_same() -> None:
    content = parts(ledger())
    notes = content["xl/comments1.xml"]
    content["xl/comments1.xml"] = notes.replace("张三".encode(), b"tc={0B0E0F7C-0000-0000-0000-000000000001}")
    after = mark_xlsx(packed(content), [mark(2, 2)], STAMP, [line()])
    assert opened(after)[LEDGER]["B2"].comment.text == "单位自己的批注"
    assert opened(after)[LEDGER]["B2"].fill.fgColor.rgb == "FFFFC7CE"


def test_vml_that_is_no_well_formed_xml_is_kept() -> None:
    content = parts(ledger())
    broken = content["xl/drawings/vmlDrawing1.vml"].replace(b"</xml>", b"<v:shape id='_x0000_s9'><br></v:shape></xml>")
    content["xl/drawings/vmlDrawing1.vml"] = broken
    after = mark_xlsx(packed(content), [mark(2, 3)], STAMP, [])
    drawing = parts(after)["xl/drawings/vmlDrawing1.vml"]
    assert b"<x:Row>1</x:Row><x:Column>2</x:Column>" in drawing
    assert b"<br></v:shape>" in drawing
    assert parts(unmark_xlsx(after))["xl/drawings/vmlDrawing1.vml"] == broken


def test_a_large_sheet_is_marked_in_seconds() -> None:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = book.add_worksheet(LEDGER)
    for row in range(20_000):
        sheet.write_row(row, 0, [row] * 6)
    book.close()
    data = buffer.getvalue()
    start = time.process_time()
    after = mark_xlsx(data, [mark(row, 3) for row in range(1, 19_000, 63)], STAMP, [line()] * 300)
    assert time.process_time() - start < 6
    assert len(opened(after)["反馈意见"]["A"]) >= 300


def test_sheets_too_big_for_a_workers_memory_are_not_marked():
    small, memory = BytesIO(), 256 << 20
    limits = Limits(ratio=100_000, memory_bytes=memory)
    with zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b" " * (memory // TREE))
    assert can_be_marked(small.getvalue(), limits)
    with zipfile.ZipFile(small, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet2.xml", b" ")
    assert not can_be_marked(small.getvalue(), limits)
    assert can_be_marked(small.getvalue(), Limits(ratio=100_000))
    assert not can_be_marked(b"PK", Limits())
