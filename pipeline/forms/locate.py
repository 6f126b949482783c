"""Reader 1: by label and geometry. A label cell's value stands right of it, below it, or behind its colon.

It never looks at the order in which the template prints its labels; that is what reader 2 (`align`) goes by. It
reports every candidate it sees; which of them counts is decided in `reading`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.forms.area import Area, Headings, Line, cut, joined, opening
from pipeline.forms.labels import COMMON_LABELS, Vocabulary
from pipeline.forms.page import Mark, Page, Piece, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NOTE = re.compile(
    r"[(（]?\s*(?:接上[表页]|续[上前]?[表页]|转下[页表]|以下无正文)\s*[)）]?$"
    r"|(?:填表说明|填写说明|填报说明|说明|备注|注)(?:[:：]|$)"
)


class Candidate(NamedTuple):
    """A value that may belong to a field. `inner`: found inside the value of another label, so only a last resort."""

    area: Area
    inner: bool = False


@dataclass(slots=True)
class Found:
    """Everything reader 1 saw: field → candidates, in reading order."""

    candidates: dict[str, list[Candidate]] = field(default_factory=dict)

    def add(self, name: str, area: Area, *, inner: bool = False) -> None:
        """One more candidate for a field."""
        self.candidates.setdefault(name, []).append(Candidate(area, inner))


class Locator:
    """Reader 1 for one document type."""

    def __init__(self, words: Vocabulary, wide: frozenset[str]) -> None:
        """`words`: the labels to look for; `wide`: fields whose value may run over several paragraphs."""
        self._words = words
        self._wide = wide
        self._headings = Headings(words.sections)
        self._labels = words.known.keys() | COMMON_LABELS

    def locate(self, page: Page) -> Found:
        """Reads tables cell by cell and the paragraphs between them as running text."""
        found = Found()
        flow: list[Piece] = []
        for part in page:
            if isinstance(part, Piece):
                flow.append(part)
                continue
            self._flow(found, flow)
            flow = []
            self._table(found, part)
        self._flow(found, flow)
        return found

    def _table(self, found: Found, table: Table) -> None:
        taken: set[Piece] = set()
        others: list[Piece] = []
        for piece in table.cells.values():
            if piece.word not in self._words.known:
                if piece.marks or piece.titles:
                    others.append(piece)
                continue
            value = self._value_cell(table, piece)
            if value is not None:
                taken.add(value)
            self._take(found, piece.word, value)
        for piece in others:
            self._inside(found, piece, inner=piece in taken)

    def _value_cell(self, table: Table, label: Piece) -> Piece | None:
        """The cell right of a label, else the one below it, unless that is a label too."""
        (row, column), (height, width) = label.pos, table.grid.spans.get(label.pos, (1, 1))
        beside = table.at(row, column + width)
        if beside is not None and beside.word not in self._labels:
            return self._first_filled(table, beside)
        below = table.at(row + height, column)
        return None if below is None or below.word in self._labels else below

    def _first_filled(self, table: Table, piece: Piece) -> Piece:
        """The value cell, or the only filled cell right of it before the next label (an empty column put between)."""
        if piece.text.strip():
            return piece
        row, first = piece.pos
        filled: list[Piece] = []
        for column in range(first + 1, len(table.grid.rows[row])):
            other = table.cells.get((row, column))
            if other is None:
                continue
            if other.word in self._labels:
                break
            if other.text.strip():
                filled.append(other)
        return filled[0] if len(filled) == 1 else piece

    def _take(self, found: Found, word: str, value: Piece | None) -> None:
        if word not in self._words.blocks:
            found.add(self._words.fields[word], value.area if value else ())
        elif value is not None:
            self._sections(found, value.area, opening(value.text, value.titles))

    def _inside(self, found: Found, piece: Piece, *, inner: bool) -> None:
        """A cell that is no label by itself: labels behind which a colon stands, or a block of titled sections."""
        if piece.marks:
            self._behind_colons(found, piece.area, piece.marks, inner=inner)
        elif not inner:
            titles = opening(piece.text, piece.titles)
            if len({name for _, _, name in titles}) > 1:
                self._sections(found, piece.area, titles)

    def _behind_colons(
        self, found: Found, area: Area, marks: Sequence[Mark], *, inner: bool = False, flowing: bool = False
    ) -> None:
        for begin, end, word in _stretches(marks, len(joined(area))):
            piece = cut(area, begin, end)
            if word in self._words.blocks:
                self._sections(found, piece, self._headings.strict(joined(piece)))
            else:
                name = self._words.fields[word]
                found.add(name, first_line(piece) if flowing and name not in self._wide else piece, inner=inner)

    def _sections(self, found: Found, area: Area, titles: Sequence[Mark]) -> None:
        for begin, end, name in _stretches(titles, len(joined(area))):
            found.add(name, cut(area, begin, end))

    def _flow(self, found: Found, pieces: Sequence[Piece]) -> None:
        """Paragraphs: a label with its colon owns the text up to the next label or a note."""
        body = tuple(_before_notes(line for piece in pieces for line in piece.area))
        if not body:
            return
        text = joined(body)
        marks = [mark for mark in _in_one_text(pieces) if mark[1] <= len(text)]
        if marks:
            self._behind_colons(found, body, marks, flowing=True)
            return
        titles = self._headings.strict(text)
        if len({name for _, _, name in titles}) > 1:
            self._sections(found, body, titles)


def _in_one_text(pieces: Iterable[Piece]) -> Iterator[Mark]:
    """The marks of pieces joined by line feeds."""
    offset = 0
    for piece in pieces:
        yield from ((offset + start, offset + end, word) for start, end, word in piece.marks)
        offset += len(piece.text) + 1


def _stretches(marks: Sequence[Mark], length: int) -> Iterator[Mark]:
    """What each mark owns: from its end to the start of the next one or the end of the text."""
    ends = [start for start, _, _ in marks[1:]]
    return ((begin, end, word) for (_, begin, word), end in zip(marks, [*ends, length], strict=False))


def first_line(area: Area) -> Area:
    """The first line with text, or the empty first line: all that a short field owns among paragraphs."""
    return next(((line,) for line in area if line.text.strip()), area[:1])


def _before_notes(lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        if is_note(line.text):
            return
        yield line


def is_note(text: str) -> bool:
    """Whether a line opens the notes that offices print below a form (填表说明：…, 注：…)."""
    return _NOTE.match(text.strip()) is not None
