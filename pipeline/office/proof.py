"""A second pair of eyes: what our own patchers wrote is opened by python-docx or openpyxl before it is handed out.

Two libraries that know nothing of ours must open the marked file, find our remarks where they belong and read the same
contents as in the sender's original. What they object to is not handed out. Workbooks are streamed: openpyxl's own
trees would hold every empty cell between two cells that stand far apart. Knowingly left out: the contents of workbooks
larger than `LARGE`, which would take many seconds to compare (they are still read through, and their remarks looked
for), pictures and charts, and anything that only Word or Excel themselves could object to.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from pipeline.office.marks import AUTHOR
from pipeline.office.xlsx_sheet_mark import TITLE as PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.office.marks import Mark

LARGE = 300_000
"""Bytes of a workbook beyond which contents are not compared."""

_WORD = (
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)
"""Main parts that differ from a plain document's in their content type alone; python-docx refuses them unless told."""


class Unsound(Exception):  # noqa: N818 - a verdict about a file of ours
    """The marked file is not what it should be; the message says in which respect, without any contents."""


def proof_docx(original: bytes, marked: bytes, marks: Sequence[Mark]) -> None:
    """Raises Unsound unless the text is the sender's and every remark stands in a comment of ours."""
    before, after = (_document(data) for data in (original, marked))
    if _words(before) != _words(after):
        raise Unsound("text")
    said = "\n".join(comment.text for comment in after.comments if comment.author == AUTHOR)
    if not all(_plain(mark.text) in _plain(said) for mark in marks):
        raise Unsound("remarks")


def proof_xlsx(original: bytes, marked: bytes, marks: Sequence[Mark]) -> None:
    """Raises Unsound unless the page is first, every remark a note at its cell, and the contents unchanged."""
    after = _Workbook(marked)
    if marks and after.names[0] != PAGE:
        raise Unsound("page")
    cells = [(mark.place, mark.text) for mark in marks if mark.place is not None and mark.place.kind == "sheet"]
    for name in {place.part for place, _ in cells} & set(after.names):
        notes = _Notes(after, name)
        if not all(notes.say(text, place.anchor) for place, text in cells if place.part == name):
            raise Unsound("remarks")
    if len(original) > LARGE:
        deque((cell for name in after.names for cell in after.filled(name)), maxlen=0)
        return
    before = _Workbook(original)
    if [name for name in before.names if name != PAGE] != [name for name in after.names if name != PAGE]:
        raise Unsound("sheets")
    for name in before.names:
        if name != PAGE and not _same(before.filled(name), after.filled(name)):
            raise Unsound("cells")


def _document(data: bytes) -> Any:
    from docx.opc.part import PartFactory
    from docx.package import Package
    from docx.parts.document import DocumentPart

    PartFactory.part_type_for.update(dict.fromkeys(_WORD, DocumentPart))
    part = Package.open(BytesIO(data)).main_document_part
    if not isinstance(part, DocumentPart):
        raise Unsound("kind")
    return part.document


def _words(document: Any) -> str:
    return "".join(element.text or "" for element in document.element.body.iter() if str(element.tag).endswith("}t"))


class _Workbook:
    """A workbook as openpyxl streams it. `names`: its sheets in order, sheets of a chart included."""

    def __init__(self, data: bytes) -> None:
        from openpyxl.reader.excel import ExcelReader

        self._reader = ExcelReader(BytesIO(data), read_only=True, keep_links=False)
        self._reader.read()
        self.names: list[str] = self._reader.wb.sheetnames
        self.parts: dict[str, str] = {sheet.name: rel.target for sheet, rel in self._reader.parser.find_sheets()}

    def filled(self, name: str) -> Iterator[tuple[str, object, str]]:
        """Address, value and number format of every filled cell of a sheet, in order."""
        sheet = self._reader.wb[name]
        if sheet not in self._reader.wb.worksheets:
            return
        sheet.reset_dimensions()  # what the sheet says about its size may be anything
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield cell.coordinate, cell.value, cell.number_format

    def notes(self, name: str) -> dict[str, str]:
        """The text of every note on a sheet by the address of its cell."""
        from openpyxl.comments.comment_sheet import CommentSheet
        from openpyxl.packaging.relationship import get_dependents, get_rels_path
        from openpyxl.xml.constants import COMMENTS_NS
        from openpyxl.xml.functions import fromstring

        relations = get_rels_path(self.parts[name])
        if relations not in self._reader.valid_files:
            return {}
        parts = [rel.target for rel in get_dependents(self._reader.archive, relations).find(COMMENTS_NS)]
        sheets = [CommentSheet.from_tree(fromstring(self._reader.archive.read(part))) for part in parts]
        return {address: note.text or "" for sheet in sheets for address, note in sheet.comments}

    def merges(self, name: str) -> list[Any]:
        """The merged areas of a sheet."""
        from openpyxl.worksheet.cell_range import CellRange
        from openpyxl.xml.functions import iterparse

        areas = []
        with self._reader.archive.open(self.parts[name]) as xml:
            for _, element in iterparse(xml):
                if element.tag.endswith("}mergeCell"):
                    areas.append(CellRange(element.get("ref")))
                element.clear()
        return areas


@dataclass
class _Notes:
    """The notes of one sheet."""

    book: _Workbook
    sheet: str

    @cached_property
    def _texts(self) -> dict[str, str]:
        return self.book.notes(self.sheet)

    @cached_property
    def _areas(self) -> list[Any]:
        return self.book.merges(self.sheet)

    def say(self, text: str, anchor: tuple[int, ...]) -> bool:
        """Whether the note stands at the cell, or at the top left of the merge that covers it.

        A cell with a discussion of the sender's carries no note of ours, only the red fill and its line on the page.
        """
        from openpyxl.utils import get_column_letter

        row, column = anchor
        over = (m for m in self._areas if m.min_row <= row <= m.max_row and m.min_col <= column <= m.max_col)
        area = next(over, None)
        top, left = (area.min_row, area.min_col) if area else (row, column)
        note = self._texts.get(f"{get_column_letter(left)}{top}", "")
        return _plain(text) in _plain(note) or note.startswith("[Threaded comment]")


def _same(one: Iterator[object], other: Iterator[object]) -> bool:
    return all(left == right for left, right in zip_longest(one, other))


def _plain(text: str) -> str:
    return "".join(text.split())
