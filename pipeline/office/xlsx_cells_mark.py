"""Finds the cells of a worksheet by row and column, and makes those that do not exist yet, in their right place.

Keeps to the rule of the format that a row or cell without an address follows the one before it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, Literal

from pipeline.office.xlsx_parts import address, number_of, position, s

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Origin = Literal["old", "cell", "row"]
"""What was there before: the cell itself, its row only, or not even the row."""


class Cells:
    """The cells of one worksheet."""

    def __init__(self, root: Element) -> None:
        self._root = root
        data = root.find(s("sheetData"))
        self._data = root.makeelement(s("sheetData")) if data is None else data
        self._rows: dict[int, Element] = {}
        self._new: set[int] = set()
        number = 0
        for row in self._data.iterfind(s("row")):
            number = number_of(row.get("r")) or number + 1
            self._rows[number] = row
        self._numbers = sorted(self._rows)

    def at(self, row: int, column: int) -> tuple[Element, Origin]:
        """The cell, and whether it had to be made."""
        if row not in self._rows:
            self._add_row(row)
        line = self._rows[row]
        number, following = 0, None
        for cell in line.iterfind(s("c")):
            number = position(cell.get("r", ""))[1] or number + 1
            if number == column:
                return cell, "old"
            if number > column:
                following = cell
                break
        cell = line.makeelement(s("c"), {"r": address(row, column), "s": self._inherited(line, column)})
        if following is None:
            line.insert(len(line.findall(s("c"))), cell)
        else:
            following.addprevious(cell)
        return cell, "row" if row in self._new else "cell"

    def _add_row(self, row: int) -> None:
        line = self._data.makeelement(s("row"), {"r": str(row)})
        place = bisect_left(self._numbers, row)
        if place < len(self._numbers):
            self._rows[self._numbers[place]].addprevious(line)
        else:
            self._data.append(line)
        self._rows[row] = line
        self._new.add(row)
        insort(self._numbers, row)

    def _inherited(self, line: Element, column: int) -> str:
        """The style an empty cell shows: its row's, else its column's."""
        if line.get("customFormat") in ("1", "true"):
            return line.get("s", "0")
        for span in self._root.iterfind(f"{s('cols')}/{s('col')}"):
            if number_of(span.get("min")) <= column <= number_of(span.get("max")):
                return span.get("style", "0")
        return "0"


def drop_if_empty(cell: Element, origin: Origin) -> None:
    """Takes a cell we made away again when nobody has written into it, and its row likewise."""
    line = cell.getparent()
    if origin == "old" or len(cell) or line is None:
        return
    line.remove(cell)
    sheet_data = line.getparent()
    if origin == "row" and not len(line) and not set(line.attrib) - {"r", "spans"} and sheet_data is not None:
        sheet_data.remove(line)
