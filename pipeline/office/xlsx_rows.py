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
from pipeline.office.xlsx_formulas import Value, evaluate, position
from pipeline.office.xlsx_stored import StoredCells
from pipeline.office.xml_events import End, Start, run_events
from pipeline.values.blanks import PICTURE

if TYPE_CHECKING:
    from pipeline.office.xlsx_cells import CellTexts, Shown
    from pipeline.settings import Limits

_PICTURE_CALL = "DISPIMG("
_LETTERS = re.compile("[A-Z]{1,3}")
_DIGITS = "0123456789"
_INDEX_DIGITS = 12
_TRUE = frozenset({"1", "true"})
_MAX_COLUMNS = 16_384


@dataclass(slots=True)
class Sheet:
    """What the pass found: rows by number (from 0), ragged; merges as top, left, bottom, right, all included.

    `far` is the first row, from 0, with content after more empty rows than are read, or -1.
    """

    rows: dict[int, list[str]] = field(default_factory=dict)
    stored: StoredCells = field(default_factory=StoredCells)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    width: int = 0
    far: int = -1


def read_strictly(xml: bytes, texts: CellTexts, limits: Limits) -> Sheet:
    """The sheet. Raises Unreadable: corrupt, forbidden_xml, too_large (facts: reason, limit, found)."""
    reading = SheetReading(texts, limits)
    reading.parse(xml)
    reading.work_out()
    return reading.sheet


class SheetReading:
    """The state of the pass: the cell and row at hand, and the formulas still without a result."""

    __slots__ = (
        "_buffer", "_cells", "_clear", "_columns", "_ends", "_formulas", "_last", "_limits", "_masters",
        "_muted", "_pieces", "_row_formulas", "_shared", "_starts", "_texts", "_watching",
        "data", "row_number", "sheet",
    )  # fmt: skip

    def __init__(self, texts: CellTexts, limits: Limits) -> None:
        self.sheet = Sheet()
        self._texts = texts
        self._limits = limits
        self._buffer: list[str] = []
        self._clear = self._buffer.clear
        self.data = self._buffer.append
        self._pieces: list[str] = []
        self._muted = False
        self._columns: dict[str, int] = {}
        self._cells: list[tuple[dict[str, str], str | None]] = []
        self._row_formulas: dict[int, tuple[str, str]] = {}
        self.row_number = -1
        self._last = -1
        self._shared = ""
        self._masters: dict[str, tuple[str, Pos]] = {}
        self._formulas: dict[Pos, tuple[str, str, Pos | None]] = {}
        self._watching = False
        self._starts = {
            "row": self._row_start, "f": self._formula_start, "is": self._inline_start, "t": self._text_start,
            "rPh": self._guide_start, "mergeCell": self._merge, "col": self._hide_columns,
        }  # fmt: skip
        self._ends = {
            "row": self._row_end, "f": self._formula_end, "t": self._text_end,
            "rPh": self._guide_end,
        }  # fmt: skip

    def parse(self, xml: bytes) -> None:
        """A worksheet, or some rows of one in an element around them."""
        start, end = self.handlers()
        run_events(xml, start, end, self.data)

    def take(self, number: int, row: list[str], stored: dict[int, Stored], *, hidden: bool) -> bool:
        """A row read by somebody else, ending with the last cell that says something; False where it cannot be taken.

        `stored`: column → what is behind the text.
        """
        if number <= self.row_number or self._watching:
            return False
        self.row_number = number
        if not row:
            return True
        if number - self._last - 1 > self._limits.empty_rows or number >= self._limits.rows:
            return False
        self._last = number
        sheet = self.sheet
        sheet.rows[number] = row
        if len(row) > sheet.width:
            sheet.width = len(row)
        if stored:
            sheet.stored.put_row(number, stored)
        if hidden:
            sheet.hidden_rows.add(number)
        return True

    def handlers(self) -> tuple[Start, End]:
        """What to do at tags. Cells are only gathered, as closures; `_row_end` reads a row in one go."""
        buffer, cells = self._buffer, self._cells
        clear, gather = buffer.clear, cells.append
        start_of, end_of = self._starts.get, self._ends.get
        cell: dict[str, str] = {}
        raw: str | None = None

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal cell, raw
            if name == "v":
                clear()
            elif name == "c":
                cell, raw = attributes, None
            elif (handler := start_of(name)) is not None:
                handler(attributes)

        def end(name: str) -> None:
            nonlocal raw
            if name == "v":
                raw = buffer[0] if len(buffer) == 1 else "".join(buffer)
            elif name == "c":
                gather((cell, raw))
            elif name == "is":
                raw = "".join(self._pieces)
            elif (handler := end_of(name)) is not None:
                handler()

        return start, end

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
        at = number(attributes.get("r"), self.row_number + 2) - 1
        if at <= self.row_number:
            raise Unreadable("corrupt", reason="row order")
        self.row_number = at
        self._cells.clear()
        self._row_formulas.clear()
        if at - self._last - 1 > self._limits.empty_rows:
            self._watching = True
        if attributes.get("hidden") in _TRUE or attributes.get("ht") == "0":
            self.sheet.hidden_rows.add(at)

    def _row_end(self) -> None:
        try:
            row = self._read_cells()
        except IndexError:
            raise Unreadable("corrupt", reason="shared string") from None
        if row and self._watching:
            self.sheet.far = self.row_number if self.sheet.far < 0 else self.sheet.far
        if not row or self._watching:
            self.sheet.hidden_rows.discard(self.row_number)
            return
        self._check("rows", self.row_number + 1, self._limits.rows)
        self._last = self.row_number
        self.sheet.rows[self.row_number] = row
        self.sheet.width = max(self.sheet.width, len(row))

    def _read_cells(self) -> list[str]:
        """The texts of the row's cells, ending with the last that says something."""
        row: list[str] = []
        column_of, strings, formulas = self._columns.get, self._texts.strings, self._row_formulas
        column, most = -1, self._limits.columns
        for index, (cell, raw) in enumerate(self._cells):
            letters = cell.get("r", "").rstrip(_DIGITS)
            known = column_of(letters)
            column = self._new_column(letters, column) if known is None else known
            stored = None
            if formulas and index in formulas:
                text, stored = self._formula_cell(column, cell, raw, *formulas[index])
            elif not raw:
                continue
            elif cell.get("t") == "s":
                text = strings[int(raw)] if raw.isdecimal() and len(raw) < _INDEX_DIGITS else self._texts.shared(raw)
            else:
                text, stored = self._show(cell, raw)
            if stored is None and (not text or text.isspace()):
                continue
            if column == len(row) and column < most:
                row.append(text)
            else:
                self._place(row, column, text)
            if stored is not None and not self._watching:
                self.sheet.stored[self.row_number, column] = stored
        return row

    def _place(self, row: list[str], column: int, text: str) -> None:
        """Put a text where the row has a gap, or where it already has a cell; when only watching, anywhere."""
        if self._watching:
            row[:] = [text]
            return
        self._check("columns", column + 1, self._limits.columns)
        row += [""] * (column + 1 - len(row))
        row[column] = text

    def _show(self, cell: dict[str, str], raw: str) -> Shown:
        if cell.get("t") == "e" and "vm" in cell:
            return PICTURE, None
        return self._texts.show(cell.get("t", "n"), cell.get("s", "0"), raw)

    def _formula_cell(self, column: int, cell: dict[str, str], raw: str | None, formula: str, shared: str) -> Shown:
        """A formula's stored result; one without a result keeps its place in the grid until `work_out`."""
        at, base = (self.row_number, column), None
        if shared and formula:
            self._masters[shared] = (formula, at)
        elif shared:
            formula, base = self._masters.get(shared, ("", at))
        if _PICTURE_CALL in formula:
            return PICTURE, None
        if raw and cell.get("t") == "s":
            return self._texts.shared(raw), None
        if raw or (raw is not None and cell.get("t") == "str"):
            return self._show(cell, raw)
        if not self._watching:
            self._formulas[at] = (formula, cell.get("s", "0"), base)
        return "", Stored(None, uncached=True)

    def _new_column(self, letters: str, before: int) -> int:
        """The column of an address; a cell without an address follows its neighbour."""
        if not letters:
            return before + 1
        column = position(letters + "1")[1] if _LETTERS.fullmatch(letters) else -1
        if not 0 <= column < _MAX_COLUMNS:
            raise Unreadable("corrupt", reason="cell reference")
        self._columns[letters] = column
        return column

    def _text_start(self, _attributes: dict[str, str]) -> None:
        self._clear()

    def _text_end(self) -> None:
        if not self._muted:
            self._pieces.extend(self._buffer)

    def _inline_start(self, _attributes: dict[str, str]) -> None:
        self._pieces.clear()

    def _guide_start(self, _attributes: dict[str, str]) -> None:
        self._muted = True

    def _guide_end(self) -> None:
        self._muted = False

    def _formula_start(self, attributes: dict[str, str]) -> None:
        self._clear()
        self._shared = attributes.get("si", "") if attributes.get("t") == "shared" else ""

    def _formula_end(self) -> None:
        self._row_formulas[len(self._cells)] = ("".join(self._buffer), self._shared)

    def _check(self, reason: str, found: int, limit: int) -> None:
        if found > limit:
            raise Unreadable("too_large", reason=reason, limit=str(limit), found=str(found))

    def _merge(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes.get("ref", "").replace("$", "").partition(":")
        top, left = position(first)
        bottom, right = position(last or first)
        if 0 <= top <= bottom and 0 <= left <= right:
            self.sheet.merges.append((top, left, bottom, right))

    def _hide_columns(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in _TRUE or attributes.get("width") == "0":
            first = number(attributes.get("min"), 1) - 1
            self.sheet.hidden_columns.append((max(first, 0), number(attributes.get("max"), first + 1) - 1))
