"""How high a row must be so that wrapped text is printed whole: Excel does not grow rows that a program wrote.

An estimate from column widths and font sizes (a Chinese character is two units wide); generous rather than exact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.etree import _Element as Element

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DEFAULT_WIDTH = 8.43
BASE_SIZE = 11.0
LINE = 1.3
PADDING = 4.0
HIGHEST = 409.0
_LETTERS = re.compile(r"[A-Z]+")


@dataclass(frozen=True, slots=True)
class Fit:
    """A cell's room: characters of unit width on a line, and points a line takes."""

    units: float
    line: float

    def points(self, text: str) -> float:
        """The height the text needs in this cell."""
        return sum(self._lines(line) for line in text.split("\n")) * self.line + PADDING

    def _lines(self, text: str) -> int:
        return max(1, -int(-width(text) // self.units))


def width(text: str) -> float:
    """Units: 1 for ASCII, 2 for Chinese characters and signs (one and three bytes of UTF-8)."""
    return (len(text) + len(text.encode("utf-8", "surrogatepass"))) / 2


@dataclass(frozen=True, slots=True)
class Measure:
    """Column widths of a sheet, and size and wrapping of every cell style of its workbook."""

    widths: Mapping[int, float]
    default: float
    styles: Sequence[tuple[float, bool]]

    def fit(self, style: int, first: int, last: int) -> Fit | None:
        """The room of a cell over columns first … last (from 1); None when its style does not wrap."""
        size, wraps = self.styles[style] if style < len(self.styles) else (BASE_SIZE, False)
        if not wraps:
            return None
        total = sum(self.widths.get(column, self.default) for column in range(first, last + 1))
        return Fit(max((total - 1) * BASE_SIZE / size, 2.0), size * LINE)


def measure(sheet: Element, styles: Sequence[tuple[float, bool]]) -> Measure:
    """Reads the column widths of a sheet."""
    widths: dict[int, float] = {}
    for column in sheet.iterfind(f"{NS}cols/{NS}col"):
        for number in range(int(column.get("min", "1")), min(int(column.get("max", "1")), 1024) + 1):
            widths[number] = float(column.get("width", DEFAULT_WIDTH))
    properties = sheet.find(f"{NS}sheetFormatPr")
    default = DEFAULT_WIDTH if properties is None else float(properties.get("defaultColWidth", DEFAULT_WIDTH))
    return Measure(widths, default, styles)


def cell_styles(root: Element | None) -> list[tuple[float, bool]]:
    """(font size in points, wraps) of every cell style in xl/styles.xml."""
    if root is None:
        return []
    sizes = [_size(font) for font in root.iterfind(f"{NS}fonts/{NS}font")]
    found = []
    for style in root.iterfind(f"{NS}cellXfs/{NS}xf"):
        font = int(style.get("fontId", "0"))
        alignment = style.find(f"{NS}alignment")
        wraps = alignment is not None and alignment.get("wrapText") in ("1", "true")
        found.append((sizes[font] if font < len(sizes) else BASE_SIZE, wraps))
    return found


def _size(font: Element) -> float:
    size = font.find(f"{NS}sz")
    return BASE_SIZE if size is None else float(size.get("val", BASE_SIZE))


def column_number(reference: str) -> int:
    """AB12 → 28."""
    match = _LETTERS.match(reference)
    number = 0
    for letter in match[0] if match else "":
        number = number * 26 + ord(letter) - 64
    return number
