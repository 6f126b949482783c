"""How large the box of a note must be to show its text, and which cells it then lies over.

Sizes are pixels at 96 dpi as Excel counts them; the width of a column is estimated for the usual fonts.
"""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING

from pipeline.office.xlsx_parts import number_of, s

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

_WIDTH, _MARGIN, _LINE, _WIDE = 280, 18, 16, 12
_COLUMN, _ROW = 64, 20
_LAST_COLUMN = 16_380


class Ruler:
    """Column widths and row heights of one worksheet."""

    def __init__(self, root: Element) -> None:
        self._columns = [
            (number_of(span.get("min")), number_of(span.get("max")), _pixels(span, "width", 7, 5))
            for span in root.iterfind(f"{s('cols')}/{s('col')}")
        ]
        defaults = root.find(s("sheetFormatPr"))
        self._column = _pixels(defaults, "defaultColWidth", 7, 5) or _COLUMN
        self._row = _pixels(defaults, "defaultRowHeight", 4 / 3, 0) or _ROW
        self._sheet_data = root.find(s("sheetData"))
        self._heights: dict[int, int] | None = None

    def box(self, row: int, column: int, text: str) -> tuple[str, int, int]:
        """The anchor Excel wants (two corners as cell and offset), width and height."""
        height = _MARGIN + _LINE * text_lines(text, (_WIDTH - _MARGIN) // _WIDE * 2)
        left, top = min(column + 1, _LAST_COLUMN), max(row - 1, 1)
        right, right_rest = self._walk(left, _WIDTH + 12, self._column_width)
        bottom, bottom_rest = self._walk(top, height + 8, self._row_height)
        corners = (left - 1, 12, top - 1, 8, right - 1, right_rest, bottom - 1, bottom_rest)
        return ", ".join(map(str, corners)), _WIDTH, height

    @staticmethod
    def _walk(start: int, distance: int, size: Callable[[int], int]) -> tuple[int, int]:
        number = start
        while distance > size(number) and number < start + _WIDTH:
            distance -= size(number)
            number += 1
        return number, min(distance, size(number))

    def _column_width(self, column: int) -> int:
        for first, last, width in self._columns:
            if first <= column <= last:
                return width
        return self._column

    def _row_height(self, row: int) -> int:
        if self._heights is None:
            rows = [] if self._sheet_data is None else self._sheet_data.iterfind(s("row"))
            self._heights = {
                number_of(line.get("r")): _pixels(line, "ht", 4 / 3, 0)
                for line in rows
                if line.get("ht") or line.get("hidden")
            }
        return self._heights.get(row, self._row)


def _pixels(element: Element | None, name: str, factor: float, extra: int) -> int:
    """A stated size in pixels, 0 when it is hidden or not stated."""
    if element is None or element.get("hidden") in ("1", "true"):
        return 0
    try:
        size = float(element.get(name, "0"))
    except ValueError:
        return 0
    return int(size * factor) + extra if 0 < size < 500 else 0


def text_lines(text: str, room: int) -> int:
    """How many lines a text takes where `room` Latin characters fit on one; a Chinese one counts for two."""
    return sum(max(1, math.ceil(_columns(line) / room)) for line in text.split("\n"))


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in line)
