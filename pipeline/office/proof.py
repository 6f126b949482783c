"""A second pair of eyes: what our own patchers wrote is opened by python-docx or openpyxl before it is handed out.

Two libraries that know nothing of ours must open the marked file, find our remarks where they belong and read the same
contents as in the sender's original. What they object to is not handed out. Knowingly left out: workbooks larger than
`LARGE`, whose contents openpyxl would take many seconds to compare (their remarks are still looked for), and anything
that only Word or Excel themselves could object to.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from pipeline.office.marks import AUTHOR
from pipeline.office.xlsx_sheet_mark import TITLE as PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.office.marks import Mark

LARGE = 300_000
"""Bytes of a workbook beyond which only the remarks are looked for."""


class Unsound(Exception):  # noqa: N818 - a verdict about a file of ours
    """The marked file is not what it should be; the message says in which respect, without any contents."""


def proof_docx(original: bytes, marked: bytes, marks: Sequence[Mark]) -> None:
    """Raises Unsound unless the text is the sender's and every remark stands in a comment of ours."""
    import docx

    before, after = (docx.Document(BytesIO(data)) for data in (original, marked))
    if _words(before) != _words(after):
        raise Unsound("text")
    said = "\n".join(comment.text for comment in after.comments if comment.author == AUTHOR)
    if not all(_plain(mark.text) in _plain(said) for mark in marks):
        raise Unsound("remarks")


def proof_xlsx(original: bytes, marked: bytes, marks: Sequence[Mark]) -> None:
    """Raises Unsound unless the page is first, every remark a note at its cell, and the contents unchanged."""
    from openpyxl import load_workbook

    after = load_workbook(BytesIO(marked))
    if marks and after.sheetnames[0] != PAGE:
        raise Unsound("page")
    cells = [(mark.place, mark.text) for mark in marks if mark.place is not None and mark.place.kind == "sheet"]
    if not all(
        _noted(after[place.part], place.anchor, text) for place, text in cells if place.part in after.sheetnames
    ):
        raise Unsound("remarks")
    if len(original) > LARGE:
        return
    before = load_workbook(BytesIO(original))
    if [sheet for sheet in before.sheetnames if sheet != PAGE] != [s for s in after.sheetnames if s != PAGE]:
        raise Unsound("sheets")
    for name in before.sheetnames:
        if name != PAGE and list(_filled(before[name])) != list(_filled(after[name])):
            raise Unsound("cells")


def _words(document: Any) -> str:
    return "".join(element.text or "" for element in document.element.body.iter() if str(element.tag).endswith("}t"))


def _noted(sheet: Any, anchor: tuple[int, ...], text: str) -> bool:
    """Whether the note stands at the cell, or at the top left of the merge that covers it.

    A cell with a discussion of the sender's carries no note of ours, only the red fill and its line on the page.
    """
    row, column = anchor
    merges = sheet.merged_cells.ranges
    area = next((m for m in merges if m.min_row <= row <= m.max_row and m.min_col <= column <= m.max_col), None)
    cell = sheet.cell(area.min_row, area.min_col) if area else sheet.cell(row, column)
    note = cell.comment.text if cell.comment else ""
    return _plain(text) in _plain(note) or note.startswith("[Threaded comment]")


def _filled(sheet: Any) -> Iterator[tuple[str, object, str]]:
    """Address, value and number format of every filled cell, in order."""
    return (
        (cell.coordinate, cell.value, cell.number_format)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    )


def _plain(text: str) -> str:
    return "".join(text.split())
