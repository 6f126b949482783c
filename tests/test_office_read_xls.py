"""Reading old workbooks (.xls, .et): the same document as from today's format, or a word why not."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import olefile
import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from xlwt.CompoundDoc import XlsDoc

from pipeline.errors import Unreadable
from pipeline.model import Document, Grid, Stored
from pipeline.office.read import read
from pipeline.settings import Limits

LIMITS = Limits()
BEGIN, END, FORMULA, FILE_PASS, BOUND_SHEET, LABEL = 0x0809, 0x000A, 0x0006, 0x002F, 0x0085, 0x0204
Fill = Callable[[xlwt.Worksheet], object]


def saved(workbook: xlwt.Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def xls(*sheets: Fill) -> bytes:
    """An old workbook with the sheets 表1, 表2 …, each filled by a function."""
    workbook = xlwt.Workbook()
    for number, fill in enumerate(sheets, 1):
        fill(workbook.add_sheet(f"表{number}"))
    return saved(workbook)


def cells(rows: Sequence[Sequence[object]]) -> Fill:
    def fill(sheet: xlwt.Worksheet) -> None:
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if value is not None:
                    sheet.write(row, column, value)

    return fill


def styled(value: object, code: str) -> Fill:
    return lambda sheet: sheet.write(0, 0, value, xlwt.easyxf(num_format_str=code))


def records(data: bytes) -> list[tuple[int, bytes]]:
    with olefile.OleFileIO(io.BytesIO(data)) as container:
        stream = container.openstream("Workbook").read()
    found, at = [], 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if not kind:
            break
        found.append((kind, stream[at + 4 : at + 4 + size]))
        at += 4 + size
    return found


def contained(pieces: Sequence[tuple[int, bytes]]) -> bytes:
    """Records in a container. Their sizes have to stay what they were: the sheets are found by offsets."""
    out = io.BytesIO()
    XlsDoc().save(out, b"".join(struct.pack("<HH", kind, len(content)) + content for kind, content in pieces))
    return out.getvalue()


def biff5(text: bytes, code_page: int | None) -> bytes:
    """A workbook of Excel 95 with one text; its texts are bytes in the code page."""

    def first(kind: int) -> tuple[int, bytes]:
        return BEGIN, struct.pack("<HHHH", 0x0500, kind, 0x0DBB, 0x07CC)

    before = [first(5)] + ([(0x0042, struct.pack("<H", code_page))] if code_page else [])
    start = sum(4 + len(content) for _, content in before) + 4 + 8 + 4
    tab = (BOUND_SHEET, struct.pack("<IBBB", start, 0, 0, 1) + b"A")
    label = (LABEL, struct.pack("<HHHH", 0, 0, 0, len(text)) + text)
    return contained([*before, tab, (END, b""), first(16), label, (END, b"")])


def old(data: bytes, limits: Limits = LIMITS) -> Document:
    return read(data, limits)


def only(data: bytes) -> Grid:
    (grid,) = old(data).grids()
    return grid


def refused(data: bytes, limits: Limits = LIMITS) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        old(data, limits)
    return caught.value


def test_texts_numbers_and_truth_stand_at_their_addresses() -> None:
    grid = only(xls(cells([[], [None, "序号", "责任人"], [None, 1, "郑国强"], [None, 2.5, True]])))
    assert grid.rows == (("", "", ""), ("", "序号", "责任人"), ("", "1", "郑国强"), ("", "2.5", "TRUE"))
    assert grid.stored == {(2, 1): Stored(Decimal(1)), (3, 1): Stored(Decimal("2.5")), (3, 2): Stored(True)}
    assert grid.place((2, 2)).text == "表1!C3"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (date(2026, 6, 11), 'yyyy"年"m"月"d"日"'),
        (date(2026, 6, 11), "yyyy/m/d;@"),
        (date(2026, 6, 11), "yyyy\\-mm\\-dd"),
        (date(2026, 10, 1), 'yyyy"年"m"月"'),
        (date(2026, 6, 11), "[DBNum1]yyyy年m月d日"),
        (46184, "General"),
        (0.955, "0.0%"),
        (0.2, "0%"),
        (1234567.891, "#,##0.00"),
        (-12.5, "0.00;[Red]-0.00"),
        (2026.1, "General"),
        (2026.1, "0.00"),
        (15043788620, "0"),
    ],
)
def test_the_screen_shows_the_same_in_both_formats(value: object, code: str) -> None:
    workbook = openpyxl.Workbook()
    cell = workbook.worksheets[0].cell(1, 1, value)
    cell.number_format = code
    out = io.BytesIO()
    workbook.save(out)
    today, before = only(out.getvalue()), only(xls(styled(value, code)))
    assert before.rows == today.rows != (("",),)
    assert before.stored == today.stored


def test_a_built_in_date_is_shown_as_by_a_chinese_excel() -> None:
    grid = only(xls(styled(date(2026, 6, 11), "M/D/YY")))
    assert (grid.rows, grid.stored[0, 0]) == ((("2026/6/11",),), Stored(date(2026, 6, 11)))


def test_dates_may_count_from_1904() -> None:
    workbook = xlwt.Workbook()
    workbook.dates_1904 = True
    workbook.add_sheet("A").write(0, 0, 46184 - 1462, xlwt.easyxf(num_format_str="yyyy/m/d"))
    assert only(saved(workbook)).stored[0, 0] == Stored(date(2026, 6, 11))


def test_merges_are_known_and_what_they_cover_is_not_shown() -> None:
    def fill(sheet: xlwt.Worksheet) -> None:
        sheet.write_merge(0, 0, 0, 3, "整改台账")
        sheet.write_merge(1, 2, 0, 0, "序号")
        sheet.write(1, 1, "甲")
        sheet.write(2, 3, "乙")

    grid = only(xls(fill))
    assert grid.spans == {(0, 0): (1, 4), (1, 0): (2, 1)}
    assert grid.rows == (("整改台账", "", "", ""), ("序号", "甲", "", ""), ("", "", "", "乙"))


def test_hidden_rows_columns_and_sheets_are_read_and_said() -> None:
    def fill(sheet: xlwt.Worksheet) -> None:
        cells([["序号", "备注", "责任人"], [1, "藏", "甲"], [2, None, "乙"]])(sheet)
        sheet.row(2).hidden = True
        sheet.row(30).hidden = True
        sheet.col(1).hidden = True

    def hide(sheet: xlwt.Worksheet) -> None:
        sheet.write(0, 0, "底稿")
        sheet.visibility = 1

    document = old(xls(fill, hide))
    shown, hidden = document.grids()
    assert (shown.hidden, shown.hidden_rows, shown.hidden_columns) == (False, {2}, {1})
    assert (hidden.name, hidden.hidden) == ("表2", True)
    (finding,) = document.findings
    assert (finding.code, finding.facts) == ("hidden_rows", {"sheet": "表1", "rows": "3", "columns": "B"})


def test_formatted_emptiness_is_no_content_and_empty_sheets_are_left_out() -> None:
    def fill(sheet: xlwt.Worksheet) -> None:
        border = xlwt.easyxf("borders: left thin, bottom thin")
        sheet.write(0, 0, "序号")
        for row in range(1, 400):
            for column in range(20):
                sheet.write(row, column, " " if row == 7 else None, border)

    assert only(xls(fill, cells([]))).rows == (("序号",),)


def test_content_far_below_is_reported_not_read() -> None:
    def fill(sheet: xlwt.Worksheet) -> None:
        sheet.write(0, 0, "序号")
        sheet.write(40_000, 3, "掉在下面")

    document = old(xls(fill))
    assert [grid.rows for grid in document.grids()] == [(("序号",),)]
    assert [(finding.code, finding.facts["row"]) for finding in document.findings] == [("far_cells", "40001")]


@pytest.mark.parametrize(
    ("change", "reason"), [({"rows": 2}, "rows"), ({"columns": 2}, "columns"), ({"cells": 8}, "cells")]
)
def test_limits_hold(change: dict[str, int], reason: str) -> None:
    data = xls(cells([["a", "b", "c"]] * 3))
    failure = refused(data, replace(LIMITS, **change))
    assert (failure.code, failure.facts["reason"]) == ("too_large", reason)
    assert old(data, replace(LIMITS, rows=3, columns=3, cells=9)).blocks


def test_files_and_workbooks_have_a_size() -> None:
    data = xls(cells([["a"]]), cells([["b"]]))
    assert refused(data, replace(LIMITS, sheets=1)).facts["reason"] == "sheets"
    assert refused(data, replace(LIMITS, file_bytes=len(data) - 1)).facts["reason"] == "file"


def test_a_formula_shows_its_result_or_is_known_to_have_none() -> None:
    data = xls(cells([[3, xlwt.Formula("A1*2")]]))
    assert only(data).stored[0, 1] == Stored(None, uncached=True)

    def with_result(result: bytes, flags: int) -> Grid:
        return only(contained([
            (kind, content[:6] + result + struct.pack("<H", flags) + content[16:] if kind == FORMULA else content)
            for kind, content in records(data)
        ]))  # fmt: skip

    assert with_result(struct.pack("<d", 6), 0).rows == (("3", "6"),)
    assert with_result(struct.pack("<d", 6), 1).rows == (("3", "6"),)
    assert with_result(bytes(8), 0).rows == (("3", "0"),)
    assert with_result(bytes(8), 2).stored[0, 1] == Stored(None, uncached=True)
    assert with_result(b"\x02\0\x07\0\0\0\xff\xff", 0).rows == (("3", "#DIV/0!"),)


def test_an_empty_text_can_be_a_result() -> None:
    assert only(xls(cells([["完成", xlwt.Formula('IF(A1="";"";"")')]]))).stored == {}


def test_a_formula_without_result_is_found_on_its_own_sheet() -> None:
    first, second = old(xls(cells([["甲", "乙"]]), cells([["丙", xlwt.Formula("1+1")]]))).grids()
    assert (first.stored, second.stored) == ({}, {(0, 1): Stored(None, uncached=True)})


def test_a_password_is_named() -> None:
    pieces = records(xls(cells([["秘"]])))
    assert refused(contained([pieces[0], (FILE_PASS, bytes(6)), *pieces[1:]])).code == "encrypted"


def test_macros_are_said_unless_the_program_is_empty() -> None:
    def codes(*kinds: int) -> list[str]:
        # at the end, behind the last sheet: no offset moves
        return [finding.code for finding in old(contained([*pieces, *((kind, b"") for kind in kinds)])).findings]

    pieces = records(xls(cells([["序号"]])))
    assert (codes(), codes(0xD3), codes(0xD3, 0x1BD)) == ([], ["macros"], [])


def test_a_file_cut_short_is_never_read_in_part() -> None:
    data = xls(cells([[f"{row}-{column}" for column in range(8)] for row in range(60)]))
    codes = {refused(data[:size]).code for size in range(600, len(data) - 2048, 512)}
    assert codes == {"corrupt"}


def test_missing_records_are_damage() -> None:
    pieces = records(xls(cells([["甲", "乙"]])))
    assert refused(contained(pieces[:-1])).code == "corrupt"


def test_a_workbook_without_any_text_is_not_taken_for_read() -> None:
    assert refused(xls(cells([]))).code == "no_text"


def test_the_records_may_come_without_a_container() -> None:
    data = xls(cells([["序号"]]))
    with olefile.OleFileIO(io.BytesIO(data)) as container:
        assert only(container.openstream("Workbook").read()).rows == (("序号",),)


@pytest.mark.parametrize("code_page", [936, None])
def test_texts_of_excel_95_are_chinese_even_when_no_code_page_is_named(code_page: int | None) -> None:
    assert only(biff5("党建项目汇总表".encode("gbk"), code_page)).rows == (("党建项目汇总表",),)


@given(st.binary(max_size=40), st.integers(8, 5000), st.integers(0, 40))
def test_damage_ends_in_a_document_or_a_verdict(noise: bytes, at: int, gap: int) -> None:
    damaged = SAMPLE[:at] + noise + SAMPLE[at + gap :]
    assert verdict(damaged) in {"read", "corrupt", "old_format", "no_text", "encrypted", "not_office", "empty_file"}


def verdict(data: bytes) -> str:
    try:
        return "read" if old(data).kind == "xlsx" else "another kind"
    except Unreadable as failure:
        return failure.code


SAMPLE = xls(cells([["序号", "反馈问题"], [1, xlwt.Formula("A2+1")]]))
TEXTS = st.text(st.characters(codec="utf-16", exclude_categories=("Cc", "Cs")), max_size=30).filter(
    lambda text: "_x" not in text and "DISPIMG" not in text.upper()
)


@given(st.lists(st.lists(TEXTS | st.integers(-(10**14), 10**14), min_size=1, max_size=5), min_size=1, max_size=8))
def test_what_was_written_is_read(rows: list[list[str | int]]) -> None:
    rows[0][0] = "题"
    grid = only(xls(cells(rows)))
    shown = {(row, column): text for row, texts in enumerate(grid.rows) for column, text in enumerate(texts) if text}
    assert shown == {
        (row, column): str(value)
        for row, values in enumerate(rows) for column, value in enumerate(values)
        if str(value).strip()
    }  # fmt: skip
