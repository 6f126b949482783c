"""A list as an Excel workbook that a person fills in: some columns are open for answers, everything else is locked.

Every cell is text, never a formula, whatever a value begins with. The lock is against slips of the hand: it has no
password.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.office.text_size import lines_needed
from pipeline.office.xlsx_titled import HEAD, Look, TitledSheet

if TYPE_CHECKING:
    from pipeline.settings import Fonts

_POINTS = 11
_LINE_POINTS, _PADDING_POINTS, _MOST_POINTS = 16.0, 6.0, 390.0
_LOOK = Look(title=(22, 34), note=(13, 24), sides=0.4, ends=0.6, frozen=2)
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
    widths = [column.width for column in columns]
    paper = TitledSheet(title, title, note, widths=widths, fonts=fonts, look=_LOOK)
    page = paper.page
    head = paper.face(fonts.heading, _POINTS, border=1, text_wrap=True, align="center")
    page.set_row(HEAD, 38)
    for place, column in enumerate(columns):
        page.write_string(HEAD, place, column.heading, head)
    faces = _Faces(paper, fonts)
    for number, row in enumerate(rows, HEAD + 1):
        _write(page, number, row, (columns, faces))
    page.print_area(0, 0, HEAD + max(len(rows), 1), len(columns) - 1)
    page.protect("", {"format_columns": True, "format_rows": True})
    return paper.close()


class _Faces:
    """How cells look: what is locked, what is open, what is open elsewhere but not in this row."""

    def __init__(self, paper: TitledSheet, fonts: Fonts) -> None:
        ruled = {"border": 1, "text_wrap": True, "num_format": "@"}
        self._made = {
            (kind, side): paper.face(fonts.body, _POINTS, **ruled, align=side, **more)
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


def _height(texts: Sequence[str], columns: Sequence[AnswerColumn]) -> float:
    lines = max(
        lines_needed(text, (column.width - 1) * 11 / _POINTS) for text, column in zip(texts, columns, strict=True)
    )
    return min(max(lines, 2) * _LINE_POINTS + _PADDING_POINTS, _MOST_POINTS)
