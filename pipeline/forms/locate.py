"""Reader 1: by label and geometry. A label cell's value stands right of it, below it, or behind its colon.

It never looks at the order in which the template prints its labels; that is what reader 2 (`align`) goes by. It
reports every candidate it sees; which of them counts is decided in `reading`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.forms.area import Area, Headings, cut, joined, opening
from pipeline.forms.flow import FlowReader
from pipeline.forms.found import Found, stretches
from pipeline.forms.labels import COMMON_LABELS, Vocabulary
from pipeline.forms.page import Mark, Page, Piece, Table
from pipeline.values import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Locator:
    """Reader 1 for one document type."""

    def __init__(self, words: Vocabulary, wide: frozenset[str]) -> None:
        """`words`: the labels to look for; `wide`: fields whose value may run over several paragraphs."""
        self._words = words
        self._wide = wide
        self._headings = Headings(words.sections)
        self._flow = FlowReader(words, wide, self._headings)
        self._labels = words.known.keys() | COMMON_LABELS

    def locate(self, page: Page) -> Found:
        """Reads tables cell by cell and the paragraphs between them, with the lists among them, as running text."""
        found = Found()
        flow: list[Piece | Table] = []
        for part in page:
            if isinstance(part, Piece) or (self._flow.opens_heading(flow) and self._is_list(part)):
                flow.append(part)
                continue
            if part.grid.nested and ((flow and isinstance(flow[-1], Table)) or self._is_list(part)):
                continue
            self._flow.read(found, flow)
            flow = []
            self._table(found, part)
        self._flow.read(found, flow)
        return found

    def _is_list(self, table: Table) -> bool:
        """Whether a table under a heading is part of its text: rows under heads, most of which begin with no label."""
        first = [piece for (row, column), piece in table.cells.items() if row and not column]
        heads = [piece for (row, _), piece in table.cells.items() if not row]
        labels = sum(1 for piece in first if piece.word in self._labels)
        return len(heads) > 1 and all(piece.text.strip() for piece in heads) and 2 * labels < len(first)

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
            if value is not None and (name := self._words.fields.get(piece.word)):
                for orphan in self._orphans(table, piece, value):
                    found.add(name, orphan.area)
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

    def _orphans(self, table: Table, label: Piece, value: Piece) -> Iterator[Piece]:
        """Text below a value with nothing in front of it: a row cut in two by the page, or one that somebody added."""
        (row, column), (height, _) = value.pos, table.grid.spans.get(value.pos, (1, 1))
        if row != label.pos[0] or not value.text.strip():
            return
        for below in range(row + height, len(table.grid.rows)):
            front = table.at(below, label.pos[1])
            if front is None or front.pos[0] != below or front.text.strip():
                return
            filled = [piece for at, piece in table.cells.items() if at[0] == below and piece.text.strip()]
            if [piece.pos[1] for piece in filled] != [column] or not self._is_loose(filled[0]):
                return
            yield filled[0]

    def _is_loose(self, piece: Piece) -> bool:
        return piece.word not in self._labels and not piece.marks and not is_blank(piece.text)

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
        if not inner and any(word in self._words.headings and "\n" in piece.text for _, _, word in piece.marks):
            self._flow.read(found, [piece])
        elif piece.marks:
            self._behind_colons(found, piece.area, piece.marks, inner=inner)
        elif not inner:
            titles = opening(piece.text, piece.titles)
            if len({name for _, _, name in titles}) > 1:
                self._sections(found, piece.area, titles)

    def _behind_colons(self, found: Found, area: Area, marks: Sequence[Mark], *, inner: bool) -> None:
        for begin, end, word in stretches(marks, len(joined(area))):
            piece = cut(area, begin, end)
            if word in self._words.blocks:
                self._sections(found, piece, self._headings.strict(joined(piece)))
            else:
                name = self._words.fields[word]
                found.add(name, piece[:1] if inner and name not in self._wide else piece, inner=inner)

    def _sections(self, found: Found, area: Area, titles: Sequence[Mark]) -> None:
        for begin, end, name in stretches(titles, len(joined(area))):
            found.add_part(name, cut(area, begin, end))
