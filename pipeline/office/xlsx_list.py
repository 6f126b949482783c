"""A plain ruled list as an Excel workbook: one title, a line under it, one header row, rows; ready to be printed.

A4 landscape, one page wide, the header row on every page, row heights grown to their text. Every cell is text, never
a formula, whatever a value begins with; the same values give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook

from pipeline.office.text_size import lines_needed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.settings import Fonts

BODY_POINTS = 11
_LINE_POINTS = 16.0
_PADDING_POINTS = 6.0
_MOST_POINTS = 400.0
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in half-width characters, and whether its texts stand centred."""

    heading: str
    width: float
    centred: bool = False


def write_list(
    sheet: str, title: str, *, note: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], fonts: Fonts
) -> bytes:
    """The workbook. `note` stands left under the title; each row has as many texts as there are columns."""
    stream = BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "created": _CREATED})
    page = book.add_worksheet(sheet)
    _set_up(page, columns)
    last = len(columns) - 1
    page.set_row(0, 36)
    page.merge_range(0, 0, 0, last, title, book.add_format({**_face(fonts.title, 18), "align": "center"}))
    page.set_row(1, 22)
    page.merge_range(1, 0, 1, last, note, book.add_format({**_face(fonts.body, BODY_POINTS), "align": "left"}))
    _fill(book, page, columns, rows, fonts)
    book.close()
    return stream.getvalue()


def _set_up(page: Any, columns: Sequence[Column]) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.center_horizontally()
    page.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    page.set_footer("&C第 &P 页，共 &N 页")
    page.repeat_rows(2)
    page.freeze_panes(3, 0)
    for number, column in enumerate(columns):
        page.set_column(number, number, column.width)


def _fill(book: Any, page: Any, columns: Sequence[Column], rows: Sequence[Sequence[str]], fonts: Fonts) -> None:
    ruled = {"border": 1, "text_wrap": True}
    head = book.add_format({**_face(fonts.heading, BODY_POINTS), **ruled, "align": "center"})
    left = book.add_format({**_face(fonts.body, BODY_POINTS), **ruled, "align": "left"})
    centre = book.add_format({**_face(fonts.body, BODY_POINTS), **ruled, "align": "center"})
    texts = [[column.heading for column in columns], *rows]
    for number, row in enumerate(texts):
        page.set_row(number + 2, row_height(row, columns))
        for place, (text, column) in enumerate(zip(row, columns, strict=True)):
            face = head if number == 0 else centre if column.centred else left
            page.write_string(number + 2, place, text, face)


def _face(name: str, points: int) -> dict[str, object]:
    return {"font_name": name, "font_size": points, "valign": "vcenter"}


def row_height(row: Sequence[str], columns: Sequence[Column]) -> float:
    """Points that the longest text of a row takes in its column."""
    lines = max(lines_needed(text, column.width - 1) for text, column in zip(row, columns, strict=True))
    return min(lines * _LINE_POINTS + _PADDING_POINTS, _MOST_POINTS)
