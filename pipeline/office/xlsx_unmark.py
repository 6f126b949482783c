"""Takes our marks out of a workbook: directly after marking, or after the sender's program has rewritten the file.

Untouched since marking, the styles get their old indices back. Rewritten, a cell gets the fill it had before, found
again by content; where even the record is gone (our sheet deleted), red becomes no fill.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.office.xlsx_cells_mark import drop_if_empty
from pipeline.office.xlsx_comments import Notes
from pipeline.office.xlsx_parts import Book, Sheet, number_of, s
from pipeline.office.xlsx_record import Record, record_from
from pipeline.office.xlsx_styles_mark import Styles, styles_part
from pipeline.office.xlsx_workbook_mark import our_sheet, record_lines, take_out

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def remove_marks(book: Book, author: str) -> None:
    """Removes our notes, fills and first sheet; changes nothing when there are none."""
    sheet = our_sheet(book)
    record = record_from(record_lines(book, sheet)) if sheet else Record()
    for other in book.sheets():
        if other != sheet:
            Notes(book.package, other.part, author).remove()
    if styles_part(book):
        Restoring(book, record).run(sheet)
    if sheet:
        take_out(book, sheet, record)


class Restoring:
    """Gives marked cells their own look back."""

    def __init__(self, book: Book, record: Record) -> None:
        self._book, self._record = book, record
        self._styles = Styles(book)
        self._fresh = bool(record.digest) and self._styles.digest() == record.digest
        self._ours = self._styles.ours()
        self._known: dict[tuple[int, int], int] = {}

    def run(self, own: Sheet | None) -> None:
        """Restores every cell of every sheet but our own."""
        for sheet in self._book.sheets():
            if sheet != own:
                self._sheet(sheet)
        if self._fresh:
            self._styles.cut(self._record.sizes)

    def _sheet(self, sheet: Sheet) -> None:
        by_address = {cell: number for (name, cell), number in self._record.cells.items() if name == sheet.name}
        content = self._book.package.read(sheet.part)
        if not by_address and not _mentions(content, self._ours):
            return
        changed = False
        for element in list(self._book.package.root(sheet.part).iter(s("c"), s("row"), s("col"))):
            changed = self._restore(element, by_address) or changed
        if changed:
            self._book.package.save(sheet.part)

    def _restore(self, element: Element, by_address: dict[str, int]) -> bool:
        attribute = "style" if element.tag == s("col") else "s"
        index = number_of(element.get(attribute))
        if index in self._ours:
            number = self._ours[index]
        elif element.get("r", "") in by_address and element.tag == s("c") and self._styles.is_red(index):
            number = by_address[element.get("r", "")]
        else:
            return False
        original = self._record.originals.get(number)
        element.set(attribute, str(self._former(index, number)))
        if original is not None and element.tag == s("c"):
            drop_if_empty(element, original.origin)
        return True

    def _former(self, index: int, number: int) -> int:
        original = self._record.originals.get(number)
        if self._fresh and original is not None:
            return original.index
        if (index, number) not in self._known:
            self._known[(index, number)] = self._styles.restored(index, original)
        return self._known[(index, number)]


def _mentions(content: bytes, formats: dict[int, int]) -> bool:
    """Whether a sheet uses one of these cell formats at all; spares reading it else."""
    numbers = "|".join(map(str, formats))
    return bool(formats) and bool(re.search(rf'\b(?:s|style)\s*=\s*["\'](?:{numbers})["\']'.encode(), content))
