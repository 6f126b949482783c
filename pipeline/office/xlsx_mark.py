"""Puts notes and a red fill at the exact cells of the sender's own workbook, and 《反馈意见》 as its first tab.

Works on the parts themselves, since openpyxl loses shapes, sparklines and newer formats when it saves: only the marked
sheets with their notes, the styles, the workbook part and the lists of parts change. Texts, formulas and their stored
results, shared strings, macros (.xlsm) and everything else keep their bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import Unreadable
from pipeline.model import Severity
from pipeline.office.marks import AUTHOR, Mark, PageLine, Stamp, remark, signature
from pipeline.office.members import list_members
from pipeline.office.package_edit import PackageEdit
from pipeline.office.xlsx_cells_mark import Cells
from pipeline.office.xlsx_comments import Notes
from pipeline.office.xlsx_parts import Book, Sheet, address, local, merged_areas
from pipeline.office.xlsx_record import Record
from pipeline.office.xlsx_sheet_mark import page_xml, put_record
from pipeline.office.xlsx_styles_mark import Styles
from pipeline.office.xlsx_unmark import remove_marks
from pipeline.office.xlsx_workbook_mark import our_sheet, put_first, show_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.settings import Limits

TREE = 42
"""How many times the bytes of its sheets a workbook takes in memory while it is marked, with room for the rest."""

_SHEETS = "xl/worksheets/"

Spots = dict[tuple[int, int], list[Mark]]


def can_be_marked(data: bytes, limits: Limits) -> bool:
    """False for sheets whose trees a worker's memory does not hold: at 1 GiB more than 24 MiB of sheets."""
    try:
        members = list_members(data, limits)
    except Unreadable:
        return False
    return sum(one.size for name, one in members.items() if name.startswith(_SHEETS)) * TREE <= limits.memory_bytes


def mark_xlsx(data: bytes, marks: Sequence[Mark], stamp: Stamp, page: Sequence[PageLine]) -> bytes:
    """The workbook with a note on every marked cell (red unless it is a hint) and the first sheet showing `page`.

    Earlier marks of ours are removed first. A mark without a cell (whole file, unknown sheet) shows by its line in
    `page` only. Without marks and lines nothing is added.
    """
    package = PackageEdit(data)
    book = Book(package)
    remove_marks(book, stamp.author)
    if marks or page:
        _mark(book, marks, stamp, page)
    return package.to_bytes()


def unmark_xlsx(data: bytes, author: str = AUTHOR) -> bytes:
    """The workbook without our notes, fills and first sheet; the very same bytes when there are none."""
    package = PackageEdit(data)
    remove_marks(Book(package), author)
    return package.to_bytes()


def reference_in_xlsx(data: bytes, author: str = AUTHOR) -> str:
    """The reference on our first sheet or in our notes, "" when the workbook has none of ours."""
    package = PackageEdit(data)
    book = Book(package)
    sheet = our_sheet(book)
    if sheet is not None:
        return signature(book.text_at(sheet, "A1"))
    texts = (text for sheet in book.sheets() for text in Notes(package, sheet.part, author).texts())
    return next(filter(None, map(signature, texts)), "")


def _mark(book: Book, marks: Sequence[Mark], stamp: Stamp, page: Sequence[PageLine]) -> None:
    sheets, styles, record = book.sheets(), Styles(book), Record()
    record.sizes = styles.sizes()
    show_first(book, record)
    for sheet in sheets:
        spots = _spots(book.package, sheet, marks)
        if spots:
            _mark_sheet(sheet, spots, stamp, styles, record)
    sheet_xml = page_xml(page, [sheet.name for sheet in sheets], styles, stamp.reference)
    record.originals, record.digest = styles.originals, styles.digest()
    put_first(book, put_record(sheet_xml, record.lines()))


def _spots(package: PackageEdit, sheet: Sheet, marks: Sequence[Mark]) -> Spots:
    """The marks of one sheet by row and column; a cell under a merge means the merge's first cell."""
    here = [mark for mark in marks if mark.place and mark.place.kind == "sheet" and mark.place.part == sheet.name]
    if not here or local(package.root(sheet.part)) != "worksheet":
        return {}
    areas = merged_areas(package.root(sheet.part))
    spots: Spots = {}
    for mark in here:
        anchor = mark.place.anchor if mark.place else ()
        if len(anchor) == 2 and min(anchor) > 0:
            spots.setdefault(_top_left(anchor, areas), []).append(mark)
    return dict(sorted(spots.items()))


def _top_left(anchor: tuple[int, ...], areas: list[tuple[int, int, int, int]]) -> tuple[int, int]:
    row, column = anchor
    for top, left, bottom, right in areas:
        if top <= row <= bottom and left <= column <= right:
            return top, left
    return row, column


def _mark_sheet(sheet: Sheet, spots: Spots, stamp: Stamp, styles: Styles, record: Record) -> None:
    package = styles.book.package
    cells = Cells(package.root(sheet.part))
    for (row, column), marks in spots.items():
        if any(mark.severity != Severity.HINT for mark in marks):
            cell, origin = cells.at(row, column)
            record.cells[(sheet.name, address(row, column))] = styles.paint(cell, origin)
    notes = {place: remark(marks, stamp.reference) for place, marks in spots.items()}
    Notes(package, sheet.part, stamp.author).add(notes)
    package.save(sheet.part)
