"""A worksheet in the spelling that nearly every program writes, read without a parser; the rest goes to the parser.

The rows are cut into blocks. A block counts only when every character of it belongs to a row, a cell, a value or an
inline text in plain spelling; any other block goes through the parser alone, and what stands around the rows always
does. Where cutting could be wrong (comments, CDATA, other encodings) or a flaw or limit is met, the whole part is read
by the parser and nothing of this reading is used: results and refusals are those of `xlsx_rows` in every case.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import Unreadable
from pipeline.office.xlsx_rows import SheetReading, read_strictly
from pipeline.office.xml_events import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Stored
    from pipeline.office.xlsx_cells import CellTexts
    from pipeline.office.xlsx_rows import Sheet
    from pipeline.settings import Limits

_OPEN, _CLOSE, _ROW_END = b"<sheetData>", b"</sheetData>", b"</row>"
_HEAD = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="(?:yes|no)")? ?\?>\s*)?'
    rb"<worksheet[\s>]"
)
_CELL = r'<c r="([A-Z]{1,3})[0-9]{1,7}"([^<>/]*)(?:/>|>'
_FORMULA = r"(?:<f>(?:[^<>&D\x00-\x1f\ufffe\uffff]+|D(?!ISPIMG\())*</f>)?"
_INLINE = r'<is><t(?: xml:space="preserve")?>([^<&]+)</t></is>'
_VALUES = re.compile(rf"{_CELL}(?:{_FORMULA}<v>([!-%'-;=?-~]+)</v>)?</c>)")
_TEXTS = re.compile(rf"{_CELL}(?:{_FORMULA}<v>([^<&]+)</v>|{_INLINE})?</c>)")
_ROW = re.compile(r'(</row>)?<row r="([0-9]{1,7})"([^<>/]*)>')
_ATTRIBUTES = re.compile(r'(?: [A-Za-z:0-9]+="[^"<&\x00-\x1f\ufffe\uffff]*")*')
_ATTRIBUTE = re.compile(r' ([A-Za-z:0-9]+)="([^"]*)"')
_BLOCK = 1 << 17
_MISSES = 4
"""After so many blocks in a row that needed the parser the plain spelling is not tried any more."""
_TRUE = ("1", "true")


class _Unusual(Exception):  # noqa: N818 - no mistake: the parser reads this part
    """The whole part has to go through the parser."""


class _Cell(NamedTuple):
    """A cell of a row that is no shared string: its place among the row's cells, its column, type and style."""

    at: int
    column: int
    kind: str
    style: str


class _Plan(NamedTuple):
    """What the cells of a row are: their columns, None for the first ones without a gap, and those to be shown."""

    columns: tuple[int, ...] | None
    cells: tuple[_Cell, ...]
    width: int


class _Row(NamedTuple):
    """A row of a block: its number from 0, whether hidden, its cells first … last-1 of the block, their plan."""

    number: int
    hidden: bool
    first: int
    last: int
    plan: _Plan


def read_sheet(xml: bytes, texts: CellTexts, limits: Limits) -> Sheet:
    """The sheet. Raises Unreadable: corrupt, forbidden_xml, too_large (facts: reason, limit, found)."""
    try:
        return _PlainReading(texts, limits).read(xml)
    except (_Unusual, Unreadable, ValueError, IndexError):
        return read_strictly(xml, texts, limits)


class _PlainReading:
    """One worksheet: the blocks in plain spelling, the others handed to `SheetReading`."""

    def __init__(self, texts: CellTexts, limits: Limits) -> None:
        self._reading = SheetReading(texts, limits)
        self._texts = texts
        self._strings = texts.said
        self._limits = limits
        self._plans: dict[tuple[tuple[str, ...], tuple[str, ...]], _Plan | None] = {}
        self._rows: dict[str, bool | None] = {}
        self._inline: dict[str, str] = {}
        self._pattern, self._other = _VALUES, _TEXTS

    def read(self, xml: bytes) -> Sheet:
        """The sheet; raises _Unusual, Unreadable or UnicodeDecodeError where the parser has to read all of it."""
        start, end = xml.find(_OPEN) + len(_OPEN), xml.rfind(_CLOSE)
        head = _HEAD.match(xml)
        if head is None or not head.end() < start <= end:
            raise _Unusual
        shell = xml[:start] + xml[end:]
        if b"<!" in shell or b"<?" in shell[head.end() :]:
            raise _Unusual
        reading = self._reading
        reading.parse(shell)
        if reading.sheet.rows or reading.row_number >= 0:
            raise _Unusual
        misses = 0
        for block in _blocks(xml, start, end):
            if misses < _MISSES and self._take(block):
                misses = 0
                continue
            misses += 1
            if b"<!" in block or b"<?" in block:
                raise _Unusual
            reading.parse(b"<worksheet>" + block + b"</worksheet>")
        reading.work_out()
        return reading.sheet

    def _take(self, block: bytes) -> bool:
        """Reads a block in plain spelling; False, with nothing read, for any other."""
        text = block.decode()
        for _ in range(2):
            if self._pattern is _VALUES or is_plain(block):
                parts = self._pattern.split(text)
                step = self._pattern.groups + 1
                rows = self._plan(parts[::step], parts[1::step], parts[2::step])
                if rows:
                    self._read(rows, self._raws(parts, step))
                    return True
            self._pattern, self._other = self._other, self._pattern
        return False

    def _raws(self, parts: list[str], step: int) -> list[str]:
        """What each cell holds, "" or None for nothing; inline texts that say the same become one."""
        if self._pattern is _VALUES:
            return parts[3::step]
        known = self._inline.setdefault
        pairs = zip(parts[3::step], parts[4::step], strict=True)
        return [value or (text and known(text, text)) for value, text in pairs]

    def _plan(self, between: list[str], letters: list[str], attributes: list[str]) -> list[_Row] | None:
        """The rows of a block; None unless there is nothing between its cells but the tags of rows."""
        if between[-1] != "</row>" or not between[0]:
            return None
        starts = [at for at, text in enumerate(between) if text]
        rows = []
        for first, last in pairwise(starts):
            tag = _ROW.fullmatch(between[first])
            if tag is None or (tag[1] is None) != (first == 0):
                return None
            hidden = self._hidden(tag[3])
            signature = tuple(letters[first:last]), tuple(attributes[first:last])
            plan = self._plans[signature] if signature in self._plans else self._new_plan(signature)
            if plan is None or hidden is None:
                return None
            rows.append(_Row(int(tag[2]) - 1, hidden, first, last, plan))
        return rows

    def _hidden(self, attributes: str) -> bool | None:
        """Whether a row with these attributes is hidden; None when they are not plain."""
        if attributes not in self._rows:
            named = _attributes(attributes)
            hidden = None if named is None else named.get("hidden") in _TRUE or named.get("ht") == "0"
            self._rows[attributes] = hidden
        return self._rows[attributes]

    def _new_plan(self, signature: tuple[tuple[str, ...], tuple[str, ...]]) -> _Plan | None:
        self._plans[signature] = plan = _plan_of(*signature)
        if plan is not None and plan.width > self._limits.columns:
            raise _Unusual
        return plan

    def _read(self, rows: list[_Row], raws: list[str]) -> None:
        strings, take = self._strings, self._reading.take
        for number, hidden, first, last, plan in rows:
            own = raws[first:last]
            stored: dict[int, Stored] = {}
            shown = self._shown(own, plan.cells, stored) if plan.cells else ()
            indexes = "".join(filter(None, own))
            if indexes and not indexes.isdecimal():
                raise _Unusual
            row = [strings[int(raw)] if raw else "" for raw in own]
            for at, text in shown:
                row[at] = text
            if plan.columns is not None:
                row = _spread(row, plan.columns)
            if not row[-1]:
                _cut(row, stored)
            if not take(number, row, stored, hidden=hidden):
                raise _Unusual

    def _shown(self, raws: list[str], cells: tuple[_Cell, ...], stored: dict[int, Stored]) -> list[tuple[int, str]]:
        """What those cells show that are no shared strings; takes them out of `raws`, puts what is behind them."""
        shown = []
        show, known = self._texts.show, self._texts.numbers.get
        for at, column, kind, style in cells:
            raw = raws[at]
            if not raw:
                continue
            raws[at] = ""
            text, value = known((style, raw)) or show(kind, style, raw) if kind == "n" else show(kind, style, raw)
            if value is not None:
                stored[column] = value
            elif text.isspace():
                continue
            shown.append((at, text))
        return shown


def _blocks(xml: bytes, start: int, end: int) -> Iterator[bytes]:
    """Whole rows, and what is left after the last of them."""
    while start < end:
        stop = xml.rfind(_ROW_END, start, min(start + _BLOCK, end))
        if stop < 0:
            stop = xml.find(_ROW_END, start, end)
        stop = end if stop < 0 else stop + len(_ROW_END)
        yield xml[start:stop]
        start = stop


def _attributes(text: str) -> dict[str, str] | None:
    """The attributes of a tag; None when they are not spelt plainly, or one stands there twice."""
    if not _ATTRIBUTES.fullmatch(text):
        return None
    pairs = _ATTRIBUTE.findall(text)
    named = dict(pairs)
    return named if len(named) == len(pairs) and "r" not in named else None


def _plan_of(letters: tuple[str, ...], attributes: tuple[str, ...]) -> _Plan | None:
    """None when an attribute is not plain, the columns do not rise, or an error stands for a picture."""
    columns = tuple(_column(name) for name in letters)
    if any(after <= before for before, after in pairwise(columns)):
        return None
    cells = []
    for at, text in enumerate(attributes):
        named = _attributes(text)
        if named is None:
            return None
        kind = named.get("t", "n")
        if kind == "e" and "vm" in named:
            return None
        if kind != "s":
            cells.append(_Cell(at, columns[at], kind, named.get("s", "0")))
    plain = columns == tuple(range(len(columns)))
    return _Plan(None if plain else columns, tuple(cells), columns[-1] + 1)


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _spread(texts: list[str], columns: tuple[int, ...]) -> list[str]:
    row = [""] * (columns[-1] + 1)
    for column, text in zip(columns, texts, strict=True):
        row[column] = text
    return row


def _cut(row: list[str], stored: dict[int, Stored]) -> None:
    """Ends the row with the last cell that says something."""
    last = max(stored, default=-1)
    while len(row) > last + 1 and not row[-1]:
        row.pop()
