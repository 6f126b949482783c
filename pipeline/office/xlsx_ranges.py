"""References that follow when the repeating row of a sheet grows: merges, rules, links, print areas, header rows.

Works on the text of a part; knows A1 references, no formulas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_CELL = re.compile(r"(\$?[A-Z]{0,3}\$?)(\d+)")
_GROWING = "dataValidation|conditionalFormatting|ignoredError|protectedRange|autoFilter|dimension"
_ELEMENT = re.compile(rf"<(mergeCell|hyperlink|selection|{_GROWING})\b[^>]*>")
_REFERENCE = re.compile(r'(\s(?:ref|sqref|activeCell)=")([^"]*)"')
_NAME = re.compile(r"(<definedName\b[^>]*>)([^<]*)(</definedName>)")


@dataclass(frozen=True, slots=True)
class Growth:
    """Row `repeat` (from 1, 0 for none) is written 1 + `added` times."""

    repeat: int
    added: int

    def row(self, number: int) -> int:
        """Where a row of the template comes to stand; the repeating row itself stays."""
        return number + self.added if self.added and number > self.repeat else number

    def range(self, reference: str, *, stretch: bool) -> str:
        """A cell or range: behind the repeating row it moves, over it it grows. `stretch`: a single cell grows too."""
        first, colon, last = reference.partition(":")
        if not colon and not (stretch and self.added and _row_of(first) == self.repeat):
            return self._moved(first, end=False)
        return f"{self._moved(first, end=False)}:{self._moved(last or first, end=True)}"

    def _moved(self, cell: str, *, end: bool) -> str:
        def part(match: re.Match[str]) -> str:
            row = int(match[2])
            return f"{match[1]}{row + self.added if end and row == self.repeat else self.row(row)}"

        return _CELL.sub(part, cell)


def ranges_moved(xml: str, growth: Growth) -> str:
    """A piece of a sheet with its references moved; a merge inside the repeating row is repeated with it."""
    if not growth.added:
        return xml

    def element(match: re.Match[str]) -> str:
        stretch = re.fullmatch(_GROWING, match[1]) is not None
        text = match[0]
        if match[1] == "mergeCell" and _within(text, growth.repeat):
            copies = (Growth(0, n) for n in range(growth.added + 1))
            return "".join(_references(text, copy, stretch=False) for copy in copies)
        return _references(text, growth, stretch=stretch)

    return re.sub(r"(<mergeCells)[^>]*>", r"\1>", _ELEMENT.sub(element, xml))


def names_moved(workbook: str, grown: Mapping[str, Growth]) -> str:
    """xl/workbook.xml with its defined names moved. `grown`: sheet name → growth."""

    def one(reference: str) -> str:
        sheet, mark, cells = reference.rpartition("!")
        growth = grown.get(sheet.strip("'").replace("''", "'").replace("&apos;", "'").replace("&amp;", "&"))
        return reference if growth is None else sheet + mark + growth.range(cells, stretch=False)

    def name(match: re.Match[str]) -> str:
        return match[1] + ",".join(one(reference) for reference in match[2].split(",")) + match[3]

    return _NAME.sub(name, workbook)


def _references(element: str, growth: Growth, *, stretch: bool) -> str:
    def attribute(match: re.Match[str]) -> str:
        return f'{match[1]}{" ".join(growth.range(one, stretch=stretch) for one in match[2].split())}"'

    return _REFERENCE.sub(attribute, element)


def _within(element: str, row: int) -> bool:
    match = _REFERENCE.search(element)
    return match is not None and {_row_of(cell) for cell in match[2].split(":")} == {row}


def _row_of(cell: str) -> int:
    match = _CELL.fullmatch(cell)
    return int(match[2]) if match else 0
