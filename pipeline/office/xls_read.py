"""An old Excel workbook (.xls, WPS's .et) as a `Document`, told by its content and not by its name.

The result is the same as for today's files: texts as on the screen, values behind them, merges, what is hidden.
Files before Excel 5, chart and macro sheets and links are not read; nothing can be written into such a file.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlrd

from pipeline.errors import Unreadable
from pipeline.model import Document, Finding, Grid, Place, Severity
from pipeline.office.xls_records import survey, workbook_stream
from pipeline.office.xls_rows import read_rows
from pipeline.office.xlsx_cells import CellTexts
from pipeline.office.xlsx_formats import NumberFormat, built_in, compile_format
from pipeline.office.xlsx_grid import grid_of, sheet_findings

if TYPE_CHECKING:
    from xlrd.book import Book

    from pipeline.model import Pos
    from pipeline.settings import Limits

_UNICODE_SINCE = 80  # BIFF 8, Excel 97
_OFFICE_ENCODING = "gb18030"


def read_old_workbook(data: bytes, limits: Limits) -> Document | None:
    """The document, None when `data` is no old workbook. Raises Unreadable: corrupt, encrypted, too_large, no_text."""
    if len(data) > limits.file_bytes:
        return None
    stream = workbook_stream(data)
    if stream is None:
        return None
    found = survey(stream)
    if found.encrypted:
        raise Unreadable("encrypted")
    try:
        grids, findings = _read(stream, found.uncalculated, limits)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # xlrd meets damaged records with whatever comes up
        raise Unreadable("corrupt", reason=type(error).__name__) from None
    if not any(text for grid in grids for row in grid.rows for text in row):
        raise Unreadable("no_text")
    if found.macros:
        findings.append(Finding("macros", Severity.HINT, place=Place("file", "整个文件")))
    return Document("xlsx", tuple(grids), findings=tuple(findings))


def _read(stream: bytes, uncalculated: list[set[Pos]], limits: Limits) -> tuple[list[Grid], list[Finding]]:
    book = _open(stream)
    if book.nsheets > limits.sheets:
        raise Unreadable("too_large", reason="sheets", limit=str(limits.sheets), found=str(book.nsheets))
    texts = CellTexts([], _formats(book), from_1904=book.datemode == 1)
    grids: list[Grid] = []
    findings: list[Finding] = []
    for index, missing in zip(range(book.nsheets), uncalculated, strict=True):
        old = book.sheet_by_index(index)
        sheet = read_rows(old, texts, missing, limits)
        findings.extend(sheet_findings(old.name, sheet))
        if sheet.rows:
            grids.append(grid_of(old.name, sheet, limits, hidden=bool(old.visibility)))
        book.unload_sheet(index)
    return grids, findings


def _open(stream: bytes) -> Book:
    book = _book(stream, None)
    if book.codepage is None and book.biff_version < _UNICODE_SINCE:
        return _book(stream, _OFFICE_ENCODING)  # xlrd would take the texts for western ones
    return book


def _book(stream: bytes, encoding: str | None) -> Book:
    return xlrd.open_workbook(
        file_contents=stream,
        logfile=io.StringIO(),
        formatting_info=True,
        on_demand=True,
        ragged_rows=True,
        encoding_override=encoding,
    )


def _formats(book: Book) -> tuple[NumberFormat, ...]:
    """The number format of every cell style; xlrd's own list of built-in formats is that of an American Excel."""
    own = {entry.format_key: compile_format(entry.format_str) for entry in book.format_list}
    return tuple(own.get(style.format_key) or built_in(style.format_key) for style in book.xf_list)
