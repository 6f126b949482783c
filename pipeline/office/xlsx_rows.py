"""One worksheet in one streaming pass: the cells that say something, merges, hidden rows and columns.

The dimension a file claims is ignored. After many empty rows the rest is only watched: whether it holds anything.
Text boxes, charts, conditional formats and validations are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.errors import Unreadable
from pipeline.model import Pos, Stored
from pipeline.office.docx_traits import number
from pipeline.office.xlsx_cells import PICTURE, CellTexts
from pipeline.office.xlsx_formulas import Value, evaluate, position
from pipeline.office.xlsx_strings import Collector
from pipeline.office.xml_events import End, Start, run_events

if TYPE_CHECKING:
    from pipeline.settings import Limits

_PICTURE_CALL = "DISPIMG("
_LETTERS = re.compile("[A-Z]{1,3}")
_DIGITS = "0123456789"
_TRUE = frozenset({"1", "true"})
_MAX_COLUMNS = 16_384


@dataclass(slots=True)
class Sheet:
    """What the pass found: rows by number (from 0), ragged; merges as top, left, bottom, right, all included.

    `far` is the first row, from 0, with content after more empty rows than are read, or -1.
    """

    rows: dict[int, list[str]] = field(default_factory=dict)
    stored: dict[Pos, Stored] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    width: int = 0
    far: int = -1


def read_sheet(xml: bytes, texts: CellTexts, limits: Limits) -> Sheet:
    """The sheet. Raises Unreadable: corrupt, forbidden_xml, too_large (facts: reason, limit, found)."""
    reading = _Reading(texts, limits)
    run_events(xml, reading.starts(), reading.ends(), reading.collector.data)
    reading.work_out()
    return reading.sheet


class _Reading:
    """The state of the pass: the cell and row at hand, and the formulas still without a result."""

    __slots__ = ("_cell", "_column_number", "_columns", "_formula", "_formulas", "_last", "_limits", "_masters",
                 "_raw", "_row", "_row_number", "_shared", "_texts", "_watching", "collector", "sheet")  # fmt: skip

    def __init__(self, texts: CellTexts, limits: Limits) -> None:
        self.sheet = Sheet()
        self.collector = Collector()
        self._texts = texts
        self._limits = limits
        self._columns: dict[str, int] = {}
        self._column_number = -1
        self._row: list[str] = []
        self._row_number = -1
        self._last = -1
        self._cell: dict[str, str] = {}
        self._raw: str | None = None
        self._formula: str | None = None
        self._shared = ""
        self._masters: dict[str, tuple[str, Pos]] = {}
        self._formulas: dict[Pos, tuple[str, str, Pos | None]] = {}
        self._watching = False

    def starts(self) -> dict[str, Start]:
        """Handlers of start tags."""
        return {
            "row": self._row_start, "c": self._cell_start, "v": self.collector.begin, "f": self._formula_start,
            "is": self.collector.clear, "t": self.collector.begin, "rPh": self.collector.mute,
            "mergeCell": self._merge, "col": self._column,
        }  # fmt: skip

    def ends(self) -> dict[str, End]:
        """Handlers of end tags."""
        return {
            "row": self._row_end, "c": self._cell_end, "v": self._value_end, "f": self._formula_end,
            "is": self._inline_end, "t": self.collector.end, "rPh": self.collector.unmute,
        }  # fmt: skip

    def work_out(self) -> None:
        """The formulas without a stored result, in reading order."""
        for at, (formula, style, base) in self._formulas.items():
            value = evaluate(formula, at, self._value_of, base)
            if value is None:
                continue
            text, stored = self._texts.number(style, value) if isinstance(value, Decimal) else (value, None)
            self.sheet.rows[at[0]][at[1]] = text
            self.sheet.stored.pop(at)
            if stored is not None:
                self.sheet.stored[at] = stored

    def _value_of(self, at: Pos) -> Value:
        stored = self.sheet.stored.get(at)
        if stored is not None:
            return stored.value if isinstance(stored.value, Decimal) else None
        row = self.sheet.rows.get(at[0], [])
        text = row[at[1]] if 0 <= at[1] < len(row) else ""
        return text or Decimal(0)

    def _row_start(self, attributes: dict[str, str]) -> None:
        at = number(attributes.get("r"), self._row_number + 2) - 1
        if at <= self._row_number:
            raise Unreadable("corrupt", reason="row order")
        self._row_number = at
        self._row = []
        self._column_number = -1
        if at - self._last - 1 > self._limits.empty_rows:
            self._watching = True
        if attributes.get("hidden") in _TRUE or attributes.get("ht") == "0":
            self.sheet.hidden_rows.add(at)

    def _row_end(self) -> None:
        if not self._row:
            self.sheet.hidden_rows.discard(self._row_number)
            return
        self._check("rows", self._row_number + 1, self._limits.rows)
        self._last = self._row_number
        self.sheet.rows[self._row_number] = self._row
        self.sheet.width = max(self.sheet.width, len(self._row))

    def _cell_start(self, attributes: dict[str, str]) -> None:
        self._cell = attributes
        self._raw = self._formula = None
        reference = attributes.get("r")
        if reference is None:
            self._column_number += 1
            return
        letters = reference.rstrip(_DIGITS)
        column = self._columns.get(letters)
        self._column_number = self._new_column(letters) if column is None else column

    def _new_column(self, letters: str) -> int:
        column = position(letters + "1")[1] if _LETTERS.fullmatch(letters) else -1
        if not 0 <= column < _MAX_COLUMNS:
            raise Unreadable("corrupt", reason="cell reference")
        self._columns[letters] = column
        return column

    def _value_end(self) -> None:
        self._raw = self.collector.raw()

    def _inline_end(self) -> None:
        self._raw = self.collector.take()

    def _formula_start(self, attributes: dict[str, str]) -> None:
        self.collector.begin(attributes)
        self._shared = attributes.get("si", "") if attributes.get("t") == "shared" else ""

    def _formula_end(self) -> None:
        self._formula = self.collector.raw()

    def _cell_end(self) -> None:
        raw, cell = self._raw, self._cell
        kind = cell.get("t", "n")
        if self._formula is not None and not self._watching:
            self._register_formula(raw, kind)
        if not raw:
            return
        stored = None
        if kind == "s":
            text = self._texts.shared(raw)
        elif (kind == "e" and "vm" in cell) or (self._formula and _PICTURE_CALL in self._formula):
            text = PICTURE
        else:
            text, stored = self._texts.show(kind, cell.get("s", "0"), raw)
        if text and not text.isspace():
            self._put(text, stored)

    def _register_formula(self, raw: str | None, kind: str) -> None:
        """Remember a formula; one without a stored result keeps its place in the grid."""
        at = (self._row_number, self._column_number)
        formula, base = self._formula or "", None
        if self._shared and formula:
            self._masters[self._shared] = (formula, at)
        elif self._shared:
            formula, base = self._masters.get(self._shared, ("", at))
        if not raw and (raw is None or kind != "str"):
            self._put("", Stored(None, uncached=True))
            self._formulas[at] = (formula, self._cell.get("s", "0"), base)

    def _put(self, text: str, stored: Stored | None) -> None:
        if self._watching:
            self.sheet.far = self._row_number if self.sheet.far < 0 else self.sheet.far
            return
        column, row = self._column_number, self._row
        gap = column - len(row)
        if gap < 0:
            row[column] = text
        else:
            self._check("columns", column + 1, self._limits.columns)
            row.extend([""] * gap)
            row.append(text)
        if stored is not None:
            self.sheet.stored[self._row_number, column] = stored

    def _check(self, reason: str, found: int, limit: int) -> None:
        if found > limit:
            raise Unreadable("too_large", reason=reason, limit=str(limit), found=str(found))

    def _merge(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes.get("ref", "").replace("$", "").partition(":")
        top, left = position(first)
        bottom, right = position(last or first)
        if 0 <= top <= bottom and 0 <= left <= right:
            self.sheet.merges.append((top, left, bottom, right))

    def _column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in _TRUE or attributes.get("width") == "0":
            first = number(attributes.get("min"), 1) - 1
            self.sheet.hidden_columns.append((max(first, 0), number(attributes.get("max"), first + 1) - 1))
