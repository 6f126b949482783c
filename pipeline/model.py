"""The values that the stages hand to each other: all frozen, none knows a file format, a database or a screen.

A submission (报送件) becomes a `Document` (what the file shows), an `Extract` (field → text and place), a `Record`
(typed values), `Finding`s (问题) and at last an `Outcome` with its `Verdict` (结论).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

Pos = tuple[int, int]
"""Row and column of a grid, both counted from 0."""

_EMPTY: Mapping[str, str] = MappingProxyType({})


class Severity(StrEnum):
    """How much a finding asks of the sender."""

    ERROR = "error"  # must correct
    EXPLAIN = "explain"  # correct or explain
    HINT = "hint"  # worth knowing


class Verdict(StrEnum):
    """What becomes of a submission (contract: verdicts)."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    REVIEW = "review"
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in the sender's file: words for people, an anchor for the marker.

    kind "cell": a Word table cell, anchor = (n,), the n-th w:tc of `part` in document order, counted from 0.
    kind "paragraph": a Word paragraph, anchor = (n,), the n-th w:p of `part` in document order (text boxes and
    nested tables included in the count).
    kind "sheet": an Excel cell, `part` = the sheet's name, anchor = (row, column), both counted from 1.
    kind "file": the whole file, no anchor.
    """

    kind: Literal["cell", "paragraph", "sheet", "file"]
    text: str
    part: str = ""
    anchor: tuple[int, ...] = ()

    @property
    def spot(self) -> Spot:
        """The place without its words."""
        return (self.kind, self.part, self.anchor)


Spot = tuple[str, str, tuple[int, ...]]
"""A place without its words: kind, part, anchor."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw or remark: a stable code, where it is, what was found and the facts its sentence needs."""

    code: str
    severity: Severity
    field: str | None = None
    row: int | None = None
    place: Place | None = None
    found: str = ""
    facts: Mapping[str, str] = dataclasses.field(default_factory=lambda: _EMPTY)


@dataclass(frozen=True, slots=True)
class Recognised:
    """How surely a text was read from a picture, character by character, white space left out.

    `scores`: 0…1 for each character. `others`: number of a character that is not sure → what a second look read there
    ("" nothing; more than one character where the looks differ in length).
    """

    scores: tuple[float, ...]
    others: Mapping[int, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph outside tables. `blanks` are the character ranges printed with an underline (fill-in blanks).

    `recognised`: set for text read from a picture.
    """

    text: str
    place: Place
    blanks: tuple[tuple[int, int], ...] = ()
    recognised: Recognised | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What an Excel cell holds behind the text it shows.

    `value`: date, Decimal, bool or str. `percent`: shown with a % format. `general`: a number without a date format.
    `uncached`: a formula without a stored result.
    """

    value: date | Decimal | bool | str | None
    percent: bool = False
    uncached: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A Word table or an Excel sheet as a rectangle of texts.

    `rows[r][c]` is the text at a cell's top-left position, paragraphs joined by a line feed, "" elsewhere under a
    merge. `spans` holds rows × columns of merged cells only, keyed by their top-left position. `anchors` (Word) maps
    top-left positions to the ordinal of the w:tc. `stored` (Excel) is sparse: only cells that are not plain text.
    `nested` is set for a Word table inside a cell of another one (whose text contains this table's text too).
    `recognised` (scans): top-left positions of the cells whose text was read from a picture.
    """

    name: str
    kind: Literal["table", "sheet"]
    rows: tuple[tuple[str, ...], ...]
    spans: Mapping[Pos, tuple[int, int]] = dataclasses.field(default_factory=dict)
    anchors: Mapping[Pos, int] = dataclasses.field(default_factory=dict)
    stored: Mapping[Pos, Stored] = dataclasses.field(default_factory=dict)
    part: str = ""
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    nested: bool = False
    recognised: Mapping[Pos, Recognised] = dataclasses.field(default_factory=dict)

    def covered(self) -> dict[Pos, Pos]:
        """Every position under a merge (its top-left one excepted) → the top-left position of that merge."""
        return {
            (row, column): (top, left)
            for (top, left), (height, width) in self.spans.items()
            for row in range(top, top + height)
            for column in range(left, left + width)
            if (row, column) != (top, left)
        }

    def place(self, pos: Pos) -> Place:
        """Where a cell is, for people (表1 第3行第2格, 整改台账!C5) and for the marker."""
        row, column = pos
        if self.kind == "sheet":
            return sheet_place(self.name, self.part, pos)
        ordinal = sum([(row, left) in self.anchors for left in range(column + 1)]) or column + 1
        text = f"{self.name} 第{row + 1}行第{ordinal}格"
        anchor = self.anchors.get(pos)
        return Place("cell", text, self.part, () if anchor is None else (anchor,))


def sheet_place(name: str, part: str, pos: Pos) -> Place:
    """Where a cell of an Excel sheet is."""
    row, column = pos
    return Place("sheet", f"{name}!{column_letters(column + 1)}{row + 1}", part, (row + 1, column + 1))


@lru_cache(maxsize=1024)
def column_letters(number: int) -> str:
    """Excel's name of a column counted from 1: 1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


Block = Paragraph | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """The neutral form of any office file: what it shows, in reading order, each piece with a markable address.

    `findings`: what the reader saw that concerns the whole file (tracked changes, hidden rows, macros left out …).
    `answers`: the reference printed in our own marks when the sender corrected the file we had sent back, else "".
    `pictures`: the cells and paragraphs that hold a picture.
    """

    kind: Literal["docx", "xlsx"]
    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...] = ()
    margins: tuple[Paragraph, ...] = ()
    answers: str = ""
    pictures: frozenset[Spot] = frozenset()

    def grids(self) -> Iterator[Grid]:
        """The tables or sheets, in order."""
        return (block for block in self.blocks if isinstance(block, Grid))


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A person's word on a doubt (人工确认): who and when, and what had been read before and why it was doubted."""

    by: str
    on: date
    reading: str
    other: str
    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One field as found. A doubt keeps the second reading; nothing doubtful is a fact.

    `reason`: "" (no doubt), "disagree" (the two readers differ), "second" (a second candidate), "alone" (only one
    reader found it, and not at a clear spot), "remainder" (text left unread), "merged" (the heading
    labelled `other` is missing or stands twice, and its text may stand here), "repeated" (one piece
    several times over), "uncached" (formula without result), "unsure" (read from a picture, perhaps wrongly).
    `printed`: the printed hint or sample that stood where the value belongs (then `text` is "").
    `unit`: the unit printed in the label (经济效益（万元）), "" when none is.
    `confirmed`: a person settled the doubt there was; `text` is what the person said.
    `score`: for text read from a picture what its least sure character got, 0…1.
    """

    text: str
    place: Place | None = None
    reason: str = ""
    other: str = ""
    other_place: Place | None = None
    stored: Stored | None = None
    printed: str = ""
    unit: str = ""
    confirmed: Confirmed | None = None
    score: float | None = None

    @property
    def doubt(self) -> bool:
        """A person has to look at it."""
        return bool(self.reason)


Row = Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class Extract:
    """What one form or ledger says: every field of its type is present, with text "" where nothing was found."""

    type: str
    layout: str
    fields: Mapping[str, Reading]
    rows: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()
    area: Place | None = None


@dataclass(frozen=True, slots=True)
class Datum:
    """A field's text with its meaning: `value` (see `values`), `problem` (a finding code) and `flags`.

    flags: "ambiguous", "implied_year", "short_year", "typo", "derived" (推算), "approximate", "open_ended" …
    """

    reading: Reading
    value: object | None = None
    problem: str = ""
    flags: tuple[str, ...] = ()
    note: str = ""
    kind: str = "text"

    @property
    def text(self) -> str:
        """The text as a careful clerk would copy it."""
        return self.reading.text


@dataclass(frozen=True, slots=True)
class Record:
    """An extract with typed values. `rows` keep the order of the document."""

    type: str
    fields: Mapping[str, Datum]
    rows: tuple[Mapping[str, Datum], ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file as it came in: unit from the sub-folder (单位), arrival day, name as the sender gave it."""

    name: str
    unit: str
    received: date
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything known about one submission after checking (one per form: a file with two forms gives two)."""

    type: str | None
    layout: str | None
    verdict: Verdict
    record: Record | None
    findings: tuple[Finding, ...]
    answers: str = ""
