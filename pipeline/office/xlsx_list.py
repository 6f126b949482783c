"""A plain ruled list as an Excel workbook: one title, a line under it, one header row, rows; ready to be printed.

Row heights grow to their text. Every cell is text, never a formula, whatever a value begins with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.office.text_size import lines_needed
from pipeline.office.xlsx_titled import HEAD, Look, TitledSheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.settings import Fonts

BODY_POINTS = 11
_LINE_POINTS = 16.0
_PADDING_POINTS = 6.0
_MOST_POINTS = 400.0
_LOOK = Look(title=(18, 36), note=(BODY_POINTS, 22), sides=0.6, ends=0.8)


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
    widths = [column.width for column in columns]
    paper = TitledSheet(sheet, title, note, widths=widths, fonts=fonts, look=_LOOK)
    _fill(paper, columns, rows, fonts)
    return paper.close()


def _fill(paper: TitledSheet, columns: Sequence[Column], rows: Sequence[Sequence[str]], fonts: Fonts) -> None:
    head = paper.face(fonts.heading, BODY_POINTS, border=1, text_wrap=True, align="center")
    left = paper.face(fonts.body, BODY_POINTS, border=1, text_wrap=True, align="left")
    centre = paper.face(fonts.body, BODY_POINTS, border=1, text_wrap=True, align="center")
    texts = [[column.heading for column in columns], *rows]
    for number, row in enumerate(texts):
        paper.page.set_row(number + HEAD, row_height(row, columns))
        for place, (text, column) in enumerate(zip(row, columns, strict=True)):
            face = head if number == 0 else centre if column.centred else left
            paper.page.write_string(number + HEAD, place, text, face)


def row_height(row: Sequence[str], columns: Sequence[Column]) -> float:
    """Points that the longest text of a row takes in its column."""
    lines = max(lines_needed(text, column.width - 1) for text, column in zip(row, columns, strict=True))
    return min(lines * _LINE_POINTS + _PADDING_POINTS, _MOST_POINTS)
