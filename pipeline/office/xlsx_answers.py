"""A list as an Excel workbook that a person fills in: some columns are open for answers, everything else is locked.

A4 landscape, one page wide, the header row on every page. Every cell is text, never a formula, whatever a value begins
with; the same values give the same bytes. The lock is against slips of the hand: it has no password.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook

from pipeline.office.text_size import lines_needed

if TYPE_CHECKING:
    from pipeline.settings import Fonts

_POINTS = 11
_LINE_POINTS, _PADDING_POINTS, _MOST_POINTS = 16.0, 6.0, 390.0
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
_OPEN, _SHUT = "#FFF2CC", "#F2F2F2"
_MOST_CHARACTERS = 32_000


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """A column: heading, width in half-width characters of the body, centred or not, open for answers or not."""

    heading: str
    width: float
    centred: bool = False
    answer: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """Texts by column, and for answer columns what may be chosen: () for free text, None where nothing is asked."""

    texts: tuple[str, ...]
    choices: tuple[tuple[str, ...] | None, ...]


def write_answers(
    title: str, *, note: str, columns: Sequence[AnswerColumn], rows: Sequence[AnswerRow], fonts: Fonts
) -> bytes:
    """The workbook; its only sheet is called as its title. `choices` of a row: one per column."""
    stream = BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "created": _CREATED})
    page = book.add_worksheet(title)
    _set_up(page, columns)
    last = len(columns) - 1
    page.set_row(0, 34)
    page.merge_range(0, 0, 0, last, title, book.add_format({**_face(fonts.title, 22), "align": "center"}))
    page.set_row(1, 24)
    page.merge_range(1, 0, 1, last, note, book.add_format({**_face(fonts.body, 13), "align": "left"}))
    head = book.add_format({**_face(fonts.heading, _POINTS), "border": 1, "text_wrap": True, "align": "center"})
    page.set_row(2, 38)
    for place, column in enumerate(columns):
        page.write_string(2, place, column.heading, head)
    faces = _Faces(book, fonts)
    for number, row in enumerate(rows, 3):
        _write(page, number, row, (columns, faces))
    page.print_area(0, 0, 2 + max(len(rows), 1), last)
    page.protect("", {"format_columns": True, "format_rows": True})
    book.close()
    return stream.getvalue()


class _Faces:
    """How cells look: what is locked, what is open, what is open elsewhere but not in this row."""

    def __init__(self, book: Any, fonts: Fonts) -> None:
        base = {**_face(fonts.body, _POINTS), "border": 1, "text_wrap": True, "num_format": "@"}
        self._made = {
            (kind, side): book.add_format({**base, "align": side, **more})
            for side in ("left", "center")
            for kind, more in (
                ("locked", {}),
                ("open", {"locked": False, "bg_color": _OPEN}),
                ("shut", {"bg_color": _SHUT}),
            )
        }

    def of(self, column: AnswerColumn, choices: tuple[str, ...] | None) -> Any:
        """The face of one cell."""
        kind = "locked" if not column.answer else "shut" if choices is None else "open"
        return self._made[kind, "center" if column.centred else "left"]


def _write(page: Any, number: int, row: AnswerRow, how: tuple[Sequence[AnswerColumn], _Faces]) -> None:
    columns, faces = how
    page.set_row(number, _height(row.texts, columns))
    for place, (text, choices, column) in enumerate(zip(row.texts, row.choices, columns, strict=True)):
        face = faces.of(column, choices)
        if text:
            page.write_string(number, place, text[:_MOST_CHARACTERS], face)
        else:
            page.write_blank(number, place, None, face)
        if column.answer and choices:
            page.data_validation(number, place, number, place, {
                "validate": "list", "source": list(choices), "error_title": column.heading,
                "error_message": f"请从下拉列表里选：{'、'.join(choices)}。",
            })  # fmt: skip


def _set_up(page: Any, columns: Sequence[AnswerColumn]) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.center_horizontally()
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.set_footer("&C第 &P 页，共 &N 页")
    page.repeat_rows(2)
    page.freeze_panes(3, 2)
    for number, column in enumerate(columns):
        page.set_column(number, number, column.width)


def _height(texts: Sequence[str], columns: Sequence[AnswerColumn]) -> float:
    lines = max(
        lines_needed(text, (column.width - 1) * 11 / _POINTS) for text, column in zip(texts, columns, strict=True)
    )
    return min(max(lines, 2) * _LINE_POINTS + _PADDING_POINTS, _MOST_POINTS)


def _face(name: str, points: int) -> dict[str, object]:
    return {"font_name": name, "font_size": points, "valign": "vcenter"}
