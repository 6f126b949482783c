"""Reading workbooks: what is on the screen, what is behind it, and nothing of what only bloats a file."""

from __future__ import annotations

import time
import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Unreadable
from pipeline.model import Grid, Stored
from pipeline.office.read import read
from pipeline.office.xlsx_formats import compile_format
from pipeline.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Document

S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(
    *sheets: str | tuple[str, str, str],
    strings: Sequence[str] = (),
    formats: Sequence[str | int] = (),
    workbook_pr: str = "",
) -> bytes:
    """A workbook; a sheet is its XML, or title, state and XML. `formats`: style 1, 2 … as code or built-in id."""
    entries, relations, members = "", "", {}
    for number, sheet in enumerate(sheets, 1):
        title, state, xml = (f"表{number}", "visible", sheet) if isinstance(sheet, str) else sheet
        entries += f'<sheet name="{title}" sheetId="{number}" state="{state}" r:id="r{number}"/>'
        relations += f'<Relationship Id="r{number}" Type="{OFFICE}/worksheet" Target="sheet{number}.xml"/>'
        members[f"xl/sheet{number}.xml"] = f'<worksheet xmlns="{S}">{xml}</worksheet>'
    relations += f'<Relationship Id="s" Type="{OFFICE}/sharedStrings" Target="strings.xml"/>'
    relations += f'<Relationship Id="t" Type="{OFFICE}/styles" Target="styles.xml"/>'
    own = {code: 200 + index for index, code in enumerate(formats) if isinstance(code, str)}
    identifiers = [own[code] if isinstance(code, str) else code for code in formats]
    codes = "".join(
        '<numFmt numFmtId="{}" formatCode="{}"/>'.format(identifier, code.replace("&", "&amp;").replace('"', "&quot;"))
        for code, identifier in own.items()
    )
    styles = "".join(f'<xf numFmtId="{identifier}"/>' for identifier in [0, *identifiers])
    members |= {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="xml" ContentType="{TYPES}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{OFFICE}">{workbook_pr}'
        f"<sheets>{entries}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        "xl/strings.xml": f'<sst xmlns="{S}">{"".join(f"<si>{string}</si>" for string in strings)}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{S}"><numFmts>{codes}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>',
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def rows(*cells: str) -> str:
    """Sheet data with one row per argument, numbered from 1."""
    return "<sheetData>" + "".join(f'<row r="{at}">{row}</row>' for at, row in enumerate(cells, 1)) + "</sheetData>"


def text(reference: str, content: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{content}</t></is></c>'


def cell(reference: str, value: str, style: int = 0, kind: str = "n", formula: str = "") -> str:
    inside = (f"<f>{formula}</f>" if formula else "") + f"<v>{value}</v>"
    return f'<c r="{reference}" s="{style}" t="{kind}">{inside}</c>'


def opened(data: bytes, limits: Limits | None = None) -> Document:
    return read(data, limits or Limits())


def only(data: bytes, limits: Limits | None = None) -> Grid:
    (grid,) = opened(data, limits).grids()
    return grid


def shown(raw: str, code: str | int, **more: str) -> tuple[str, Stored | None]:
    grid = only(workbook(rows(text("A1", "x") + cell("B1", raw, 1)), formats=[code], **more))
    return grid.rows[0][1], grid.stored.get((0, 1))


def refused(data: bytes, limits: Limits | None = None) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        opened(data, limits)
    return caught.value


# texts


def test_shared_strings_join_runs_and_leave_phonetic_guides_out() -> None:
    strings = ["<t>甲</t>", "<r><t>乙</t></r><r><rPr/><t>丙</t></r><rPh><t>yi</t></rPh>", "<t>一_x000D_\n二_x0041_</t>"]
    grid = only(workbook(rows(*(cell(f"A{at}", str(at - 1), kind="s") for at in (1, 2, 3))), strings=strings))
    assert grid.rows == (("甲",), ("乙丙",), ("一\n二A",))


def test_inline_and_formula_strings_booleans_and_errors() -> None:
    row = (
        text("A1", "甲")
        + cell("B1", "乙", kind="str", formula="A1")
        + cell("C1", "1", kind="b")
        + cell("D1", "#N/A", kind="e")
    )
    grid = only(workbook(rows(row)))
    assert grid.rows == (("甲", "乙", "TRUE", "#N/A"),)
    assert dict(grid.stored) == {(0, 2): Stored(True)}


def test_pictures_in_cells_are_named() -> None:
    wps = cell("A1", '=DISPIMG("ID_1",1)', kind="str", formula='_xlfn.DISPIMG("ID_1",1)')
    excel = '<c r="B1" t="e" vm="1"><v>#VALUE!</v></c>'
    assert only(workbook(rows(wps + excel))).rows == (("[图片]", "[图片]"),)


def test_a_wrong_shared_string_is_corrupt() -> None:
    for index in ("7", "-1", "x", "9" * 5000):
        assert refused(workbook(rows(cell("A1", index, kind="s")), strings=["<t>甲</t>"])).code == "corrupt"


def test_elements_with_a_prefix_are_read_and_foreign_ones_are_not() -> None:
    inside = '<x:c r="A1" t="str"><x:v>甲</x:v><y:v xmlns:y="u">乙</y:v></x:c>'
    sheet = f'<x:sheetData><x:row r="1">{inside}</x:row></x:sheetData>'
    data = with_part(workbook(""), "xl/sheet1.xml", f'<x:worksheet xmlns:x="{S}">{sheet}</x:worksheet>'.encode())
    assert only(data).rows == (("甲",),)


def with_part(data: bytes, part: str, content: bytes) -> bytes:
    """The package with one part replaced."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(out, "w") as archive:
        for info in source.infolist():
            archive.writestr(info.filename, content if info.filename == part else source.read(info))
    return out.getvalue()


# numbers


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        ("46184", 'yyyy"年"m"月"d"日"', "2026年6月11日"),
        ("46184", "yyyy年m月d日;@", "2026年6月11日"),
        ("46184", "yyyy-mm-dd", "2026-06-11"),
        ("46184", "yyyy/m/d", "2026/6/11"),
        ("46184", 'm"月"d"日"', "6月11日"),
        ("46184", r"yyyy\.mm\.dd", "2026.06.11"),
        ("46184", "yy-m-d", "26-6-11"),
        ("46184", '[$-804]yyyy"年"m"月"d"日"\\ aaaa;@', "2026年6月11日 星期四"),
        ("46184", '[DBNum1][$-804]yyyy"年"m"月"d"日"', "二〇二六年六月十一日"),
        ("46184", "[$-F800]dddd, mmmm dd, yyyy", "2026年6月11日"),
        ("46184", 14, "2026/6/11"),
        ("46184", 15, "11-Jun-26"),
        ("46184", 17, "Jun-26"),
        ("46184.75", 22, "2026/6/11 18:00"),
        ("46184", 27, "2026年6月"),
        ("46184", 31, "2026年6月11日"),
        ("46184", 57, "2026年6月"),
        ("46184", 58, "6月11日"),
        ("46184.5", "yyyy-mm-dd hh:mm:ss", "2026-06-11 12:00:00"),
        ("59", "yyyy-mm-dd", "1900-02-28"),
        ("61", "yyyy-mm-dd", "1900-03-01"),
    ],
)
def test_dates_look_as_on_the_screen(raw: str, code: str | int, expected: str) -> None:
    text_shown, stored = shown(raw, code)
    assert text_shown == expected
    assert stored is not None
    assert type(stored.value) is date


def test_the_date_behind_the_text() -> None:
    assert shown("46184.9", 'm"月"d"日"')[1] == Stored(date(2026, 6, 11))
    assert shown("44722", "yyyy-mm-dd", workbook_pr='<workbookPr date1904="1"/>') == (
        "2026-06-11",
        Stored(date(2026, 6, 11)),
    )


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        ("0.75", "h:mm", "18:00"),
        ("0.75", "上午/下午h:mm", "下午6:00"),
        ("0.5", "h:mm AM/PM", "12:00 PM"),
        ("1.5", "[h]:mm:ss", "36:00:00"),
        ("0.0104166667", "mm:ss", "15:00"),
    ],
)
def test_times_are_no_dates(raw: str, code: str, expected: str) -> None:
    text_shown, stored = shown(raw, code)
    assert text_shown == expected
    assert stored == Stored(Decimal(raw))


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        ("3.2899999999999996", "General", "3.29"),
        ("0.30000000000000004", "General", "0.3"),
        ("0.33333333333333331", "General", "0.333333333"),
        ("2014", "General", "2014"),
        ("2015.0", "General", "2015"),
        ("13800138000", "General", "13800138000"),
        ("1.38001380001E11", "General", "138001380001"),
        ("1E-7", "General", "0.0000001"),
        ("-0", "General", "0"),
        ("35.6", "0.00", "35.60"),
        ("2.675", "0.00", "2.68"),
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("-1234.5", "#,##0.00_ ;[Red]\\-#,##0.00\\ ", "-1,234.50"),
        ("-5", "0", "-5"),
        ("-0.4", "0", "0"),
        ("7", "000", "007"),
        ("0.5", "#.##", ".5"),
        ("12000", '0.0,"千元"', "12.0千元"),
        ("35.6", '0.0"万元"', "35.6万元"),
        ("1234.5", "[$¥-804]#,##0.00", "¥1,234.50"),
        ("0", '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        ("12345", "0.00E+00", "1.23E+04"),
        ("1", '[=1]"☑";[=0]"□";General', "☑"),
        ("0", '[=1]"☑";[=0]"□";General', "□"),
        ("3", '[=1]"☑";[=0]"□";General', "3"),
        ("13800138000", "000-0000-0000", "13800138000"),
        ("0.5", "# ?/?", "0.5"),
        ("5", "@", "5"),
        ("1E+299", "0.00", "1.00000E+299"),
        ("5", "0" * 300, "5"),
        ("5", "0%%%%%%%%", "5"),
        ("9999999999", "yyyy-mm-dd", "9999999999"),
        ("-3", "yyyy-mm-dd", "-3"),
    ],
)
def test_numbers_look_as_on_the_screen(raw: str, code: str, expected: str) -> None:
    text_shown, stored = shown(raw, code)
    assert text_shown == expected
    assert stored is not None
    assert stored.value == Decimal(repr(float(raw)))


@pytest.mark.parametrize(("code", "expected"), [("0%", "60%"), ("0.00%", "60.00%"), (9, "60%"), (10, "60.00%")])
def test_percent(code: str | int, expected: str) -> None:
    assert shown("0.6", code) == (expected, Stored(Decimal("0.6"), percent=True))


def test_iso_dates_of_strict_workbooks() -> None:
    row = cell("A1", "2026-06-11T00:00:00", 1, kind="d") + cell("B1", "2026-06-11", kind="d")
    grid = only(workbook(rows(row), formats=['yyyy"年"m"月"d"日"']))
    assert grid.rows == (("2026年6月11日", "2026/6/11"),)
    assert grid.stored[0, 0] == Stored(date(2026, 6, 11))


def test_a_value_that_is_no_number_stays_text() -> None:
    assert shown("nan", "0.00") == ("nan", None)
    assert shown("一百", "0.00") == ("一百", None)


@given(st.text(max_size=30), st.decimals(allow_nan=False, allow_infinity=False))
def test_no_format_fails(code: str, value: Decimal) -> None:
    assert isinstance(compile_format(code).show(value, from_1904=False), str)


@given(st.dates(date(1900, 3, 1), date(9999, 12, 30)))
def test_every_date_of_excel_comes_back(day: date) -> None:
    serial = str((day - date(1899, 12, 30)).days)
    assert shown(serial, "yyyy-mm-dd") == (day.isoformat(), Stored(day))


# formulas


def serials(formula: str, count: int = 3) -> list[str]:
    cells = [f'<c r="A{at}"><f>{formula.format(row=at, above=at - 1)}</f><v></v></c>' for at in range(2, count + 2)]
    grid = only(workbook(rows(text("A1", "序号"), *cells)))
    return [row[0] for row in grid.rows[1:]]


@pytest.mark.parametrize("formula", ["ROW()-1", "=ROW( ) - 1", "ROW()-ROW($A$1)", "ROW(A{row})-1", "row()-3+2"])
def test_serial_numbers_without_a_result_are_worked_out(formula: str) -> None:
    assert serials(formula) == ["1", "2", "3"]


def test_references_without_a_result_are_followed_upwards() -> None:
    first = cell("A1", "7") + text("B1", "甲")
    second = "<c r='A2'><f>A1+1</f></c><c r='B2'><f>$B$1</f></c><c r='C2'><f>C1</f></c>"
    third = "<c r='A3'><f>A2+1</f></c>"
    grid = only(workbook(rows(first, second, third)))
    assert grid.rows == (("7", "甲", ""), ("8", "甲", "0"), ("9", "", ""))
    assert grid.stored[2, 0] == Stored(Decimal(9))


def test_shared_formulas_move_along() -> None:
    master = '<c r="A2"><f t="shared" ref="A2:A3" si="0">A1+1</f></c>'
    grid = only(workbook(rows(cell("A1", "1"), master, '<c r="A3"><f t="shared" si="0"/></c>')))
    assert [row[0] for row in grid.rows] == ["1", "2", "3"]


@pytest.mark.parametrize("formula", ["SUM(A1:A1)", "B9+1", "A3", "A1*2", "Sheet2!A1", "1/0", "A1+1;", ""])
def test_other_formulas_without_a_result_are_marked(formula: str) -> None:
    later = "<c r='A3'><f>NOW()</f></c><c r='B9'/>"
    grid = only(workbook(rows(cell("A1", "1"), f"<c r='A2'><f>{formula}</f></c>", later)))
    expected = Stored(Decimal(1)) if formula == "B9+1" else Stored(None, uncached=True)
    assert grid.stored[1, 0] == expected
    assert grid.rows[1][0] == ("1" if formula == "B9+1" else "")


def test_a_stored_result_is_trusted_even_when_empty() -> None:
    grid = only(
        workbook(
            rows(
                cell("A1", "5", formula="2+2") + text("B1", "x"),
                cell("A2", "", kind="str", formula='""') + text("B2", "y"),
            )
        )
    )
    assert grid.rows == (("5", "x"), ("", "y"))
    assert dict(grid.stored) == {(0, 0): Stored(Decimal(5))}


# shape


def test_merges_keep_the_top_left_and_are_clipped() -> None:
    merges = '<mergeCells><mergeCell ref="A1:XFD1"/><mergeCell ref="A2:A3"/><mergeCell ref="D9:F9"/></mergeCells>'
    data = workbook(
        rows(text("A1", "题") + text("B1", "隐"), text("A2", "组") + text("B2", "一"), text("B3", "二")) + merges
    )
    grid = only(data)
    assert grid.rows == (("题", ""), ("组", "一"), ("", "二"))
    assert dict(grid.spans) == {(0, 0): (1, 2), (1, 0): (2, 1)}


def test_merges_over_each_other_are_corrupt() -> None:
    merges = "".join(f'<mergeCell ref="A{row}:Z99"/>' for row in range(1, 50))
    data = workbook(rows(*[text(f"Z{row}", "x") for row in range(1, 100)]) + f"<mergeCells>{merges}</mergeCells>")
    assert refused(data).facts["reason"] == "merges"


def test_cells_and_rows_without_an_address_follow_each_other() -> None:
    first = "<row><c t='str'><v>甲</v></c><c/><c t='str'><v>乙</v></c></row>"
    sheet = f"<sheetData>{first}<row><c t='str'><v>丙</v></c></row></sheetData>"
    assert only(workbook(sheet)).rows == (("甲", "", "乙"), ("丙", "", ""))


def test_rows_out_of_order_are_corrupt() -> None:
    assert refused(workbook('<sheetData><row r="2"/><row r="2"/></sheetData>')).code == "corrupt"
    assert refused(workbook(rows('<c r="甲1"><v>1</v></c>'))).code == "corrupt"


def test_empty_rows_and_columns_at_the_end_are_cut_and_those_at_the_start_stay() -> None:
    sheet = rows("", text("B2", "甲") + '<c r="Z2" s="1"/>' + text("Y2", "  "), '<c r="A3" s="1"/>', "")
    assert only(workbook(sheet)).rows == (("", ""), ("", "甲"))


def test_one_cell_in_the_farthest_corner_costs_nothing_and_is_reported() -> None:
    far = '<row r="1048576"><c r="XFD1048576" t="str"><v>远</v></c></row>'
    merge = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    first = f'<row r="1">{text("A1", "甲")}{text("B1", "乙")}</row>'
    sheet = f'<dimension ref="A1:XFD1048576"/><sheetData>{first}{far}</sheetData>'
    start = time.perf_counter()
    document = opened(workbook(sheet))
    assert time.perf_counter() - start < 0.5
    assert [grid.rows for grid in document.grids()] == [(("甲", "乙"),)]
    (finding,) = document.findings
    assert (finding.code, finding.facts["row"]) == ("far_cells", "1048576")
    assert dict(only(workbook(sheet + merge)).spans) == {(0, 0): (1, 2)}


def test_thousands_of_formatted_empty_rows_are_no_content() -> None:
    empty = "".join(f'<row r="{at}" hidden="1"><c r="A{at}" s="1"/></row>' for at in range(2, 5_000))
    document = opened(workbook(f'<sheetData><row r="1">{text("A1", "甲")}</row>{empty}</sheetData>'))
    assert [grid.rows for grid in document.grids()] == [(("甲",),)]
    assert document.findings == ()


def test_merges_after_many_empty_rows_still_count() -> None:
    empty = "".join(f'<row r="{at}"/>' for at in range(2, 1_500))
    merges = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    sheet = f'<sheetData><row r="1">{text("A1", "甲")}{text("C1", "乙")}</row>{empty}</sheetData>{merges}'
    assert dict(only(workbook(sheet)).spans) == {(0, 0): (1, 2)}


@pytest.mark.parametrize(
    ("reason", "limits", "sheet"),
    [
        ("columns", Limits(), rows(text("XFD1", "远"))),
        ("rows", Limits(rows=2), rows(text("A1", "1"), text("A2", "2"), text("A3", "3"))),
        ("cells", Limits(cells=5), rows(text("C1", "1"), text("A2", "2"))),
    ],
)
def test_too_large_sheets_are_refused(reason: str, limits: Limits, sheet: str) -> None:
    failure = refused(workbook(sheet), limits)
    assert (failure.code, failure.facts["reason"]) == ("too_large", reason)


def test_too_many_sheets_are_refused() -> None:
    assert refused(workbook(*[rows(text("A1", "x"))] * 3), Limits(sheets=2)).facts["reason"] == "sheets"


# hidden and ours


def test_hidden_rows_columns_and_sheets_are_read_and_marked() -> None:
    columns = '<cols><col min="2" max="2" hidden="1"/><col min="4" max="16384" hidden="1"/></cols>'
    hidden = '<row r="2" hidden="1">' + text("A2", "藏") + "</row>"
    first = f'<row r="1">{text("A1", "甲")}{text("B1", "乙")}{text("C1", "丙")}</row>'
    sheet = f"{columns}<sheetData>{first}{hidden}</sheetData>"
    document = opened(workbook(("台账", "visible", sheet), ("字典", "veryHidden", rows(text("A1", "是")))))
    ledger, words = document.grids()
    assert (ledger.rows, ledger.hidden_rows, ledger.hidden_columns) == ((("甲", "乙", "丙"), ("藏", "", "")), {1}, {1})
    assert (ledger.hidden, words.hidden, words.name, words.part) == (False, True, "字典", "字典")
    (finding,) = document.findings
    assert (finding.code, dict(finding.facts)) == ("hidden_rows", {"sheet": "台账", "rows": "2", "columns": "B"})


def test_neighbouring_hidden_rows_are_a_range() -> None:
    body = "".join(
        f'<row r="{at}" hidden="{int(at in (2, 3, 4, 6))}">{text(f"A{at}", "x")}</row>' for at in range(1, 8)
    )
    (finding,) = opened(workbook(f"<sheetData>{body}</sheetData>")).findings
    assert finding.facts["rows"] == "2-4、6"


def test_our_own_sheet_is_left_out_and_tells_the_reference() -> None:
    ours = ("反馈意见", "visible", rows(text("A1", "反馈意见（编号：2026-0007）"), text("A2", "问题")))
    document = opened(workbook(ours, ("台账", "visible", rows(text("A1", "甲")))))
    assert ([grid.name for grid in document.grids()], document.answers) == (["台账"], "2026-0007")
    theirs = ("反馈意见", "visible", rows(text("A1", "我的反馈意见")))
    assert [grid.name for grid in opened(workbook(theirs)).grids()] == ["反馈意见"]


def test_a_workbook_without_text_is_not_read() -> None:
    assert refused(workbook("<sheetData/>", rows(text("A1", " ")))).code == "no_text"


def test_a_doctype_is_forbidden_in_every_part() -> None:
    doctype = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY e "x">]><x/>'.encode("utf-16")
    for part in ("xl/sheet1.xml", "xl/strings.xml", "xl/styles.xml", "xl/workbook.xml"):
        assert refused(with_part(workbook(rows(text("A1", "甲"))), part, doctype)).code == "forbidden_xml"


# other writers


@given(st.lists(st.lists(st.text("甲乙 a1。", max_size=4), min_size=1, max_size=4), min_size=1, max_size=5))
def test_what_openpyxl_writes_is_what_we_read(cells: list[list[str]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [["题"], *cells]:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    width = max(len(row) for row in [["题"], *cells])
    expected = [[text if text.strip() else "" for text in row] + [""] * (width - len(row)) for row in [["题"], *cells]]
    while not any(expected[-1]):
        expected.pop()
    used = max(at for row in expected for at, text in enumerate(row) if text) + 1
    assert [list(row) for row in only(out.getvalue()).rows] == [row[:used] for row in expected]


def test_dates_and_percents_of_openpyxl() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = datetime(2026, 6, 11)
    sheet["A1"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["B1"] = 0.6
    sheet["B1"].number_format = "0%"
    out = BytesIO()
    book.save(out)
    grid = only(out.getvalue())
    assert grid.rows == (("2026年6月11日", "60%"),)
    assert grid.place((0, 1)).anchor == (1, 2)


def test_ten_thousand_rows_are_read_fast() -> None:
    strings = [f"<t>第{number}条</t>" for number in range(500)]
    columns = list(enumerate("ABCDEFGHIJKLMN"))
    body = rows(*(
        "".join(cell(f"{column}{at}", str((at + index) % 500), kind="s") for index, column in columns)
        for at in range(1, 10_001)
    ))  # fmt: skip
    data = workbook(body, strings=strings)
    start = time.process_time()
    grid = only(data)
    assert time.process_time() - start < 2  # 0.3 s on a quiet machine; the bound only catches a change of order
    assert (len(grid.rows), grid.rows[9_999][13]) == (10_000, "第13条")
