"""A page's pieces in reading order: lines of text outside tables, and tables with the lines of each cell."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from pipeline.office.pdf_grid import NEAR, Lattice, lattices, under_merges
from pipeline.office.pdf_text import Cell, Line, flow, lines, overlaps, runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Pos
    from pipeline.office.pdf_page import Glyph, Seen, Stroke

_STRIKE = (0.12, 0.6)
"""So much of its height above a character's base line runs a line that strikes it out; an underline runs below."""


class Stack(NamedTuple):
    """Lines under each other between a left and a right edge (points)."""

    lines: list[Line]
    left: float
    right: float


@dataclass(slots=True)
class Box:
    """A cell: rows × columns it fills, its lines, how much room is left below them (inf without text)."""

    span: tuple[int, int]
    stacks: list[Stack] = field(default_factory=list)
    room: float = inf

    @property
    def text(self) -> str:
        """Paragraphs joined by a line feed."""
        return "\n".join(text for stack in self.stacks if (text := flow(*stack)))

    @property
    def lines(self) -> list[Line]:
        """All lines, in the order of the text."""
        return [line for stack in self.stacks for line in stack.lines]


@dataclass(slots=True)
class Table:
    """A ruled table, perhaps over several pages (`first` … `last`, counted from 1). `number`: on its first page."""

    first: int
    last: int
    number: int
    xs: tuple[float, ...]
    height: int
    boxes: dict[Pos, Box]
    inner: list[Table] = field(default_factory=list)
    over: set[Pos] = field(default_factory=set)

    @property
    def name(self) -> str:
        """As people are told: 第1页 表1, 第1—3页 表1."""
        pages = f"{self.first}" if self.first == self.last else f"{self.first}—{self.last}"
        return f"第{pages}页 表{self.number}"

    def box_at(self, row: int, column: int) -> tuple[Pos, Box] | None:
        """The cell that fills a position."""
        pos = under_merges({pos: box.span for pos, box in self.boxes.items()}).get((row, column), (row, column))
        return (pos, self.boxes[pos]) if pos in self.boxes else None


@dataclass(slots=True)
class Leaf:
    """One page: its pieces from top to bottom; `left`, `right`: the edges of its text; `over`: overlapping text.

    `struck`: text that was struck out and is not read.
    """

    number: int
    height: float
    left: float
    right: float
    pieces: list[Line | Table]
    over: bool
    struck: bool


def lay_out(seen: Seen, number: int) -> Leaf:
    """The pieces of a page. Raises Unreadable(too_large) for more lines than any form has."""
    found = lattices(seen)
    owners = sorted(range(len(found)), key=lambda at: found[at].area)

    def cell_of(glyph: Glyph) -> Cell:
        x, y = glyph.middle
        for at in owners:
            pos = found[at].at(x, y)
            if pos is not None:
                return at, pos
        return None

    standing = _standing(seen, found)
    shared = runs(standing, cell_of)
    outside = lines(shared.by_cell.get(None, []))
    tables = [_table(lattice, number, at, shared.by_cell) for at, lattice in enumerate(found)]
    for cell in shared.over | {cell for cell, own in shared.by_cell.items() if cell and overlaps(own)}:
        if cell:
            tables[cell[0]].over.add(cell[1])
    tops = [(lattice.ys[0], table) for lattice, table in zip(found, tables, strict=True)]
    outer = _nest(found, tables)
    for rank, table in enumerate(outer, 1):
        table.number = rank
    pieces: list[tuple[float, Line | Table]] = [(line.top, line) for line in outside]
    pieces.extend((top, table) for top, table in tops if any(table is one for one in outer))
    pieces.sort(key=lambda piece: piece[0])
    left, right = _edges(seen, found, outside)
    return Leaf(
        number,
        seen.height,
        left,
        right,
        [piece for _, piece in pieces],
        None in shared.over,
        len(standing) < len(seen.glyphs),
    )


def _standing(seen: Seen, found: Sequence[Lattice]) -> list[Glyph]:
    """The characters that are not struck out: a level line that is no ruling runs through the middle of them."""
    loose = sorted(stroke for stroke in seen.across if not any(_rules(lattice, stroke) for lattice in found))
    if not loose:
        return seen.glyphs
    heights = [stroke.at for stroke in loose]

    def struck(glyph: Glyph) -> bool:
        size, x = glyph.bottom - glyph.top, glyph.middle[0]
        begin = bisect_left(heights, glyph.base - _STRIKE[1] * size)
        end = bisect_left(heights, glyph.base - _STRIKE[0] * size)
        return any(stroke.start <= x <= stroke.end for stroke in loose[begin:end])

    if any(glyph.score is not None for glyph in seen.glyphs):
        return [_in_doubt(glyph) if struck(glyph) else glyph for glyph in seen.glyphs]
    return [glyph for glyph in seen.glyphs if not struck(glyph)]


def _in_doubt(glyph: Glyph) -> Glyph:
    """What was read from a picture is kept: there a line through it may be a stain, or the stroke of a pen."""
    return glyph._replace(score=min(glyph.score or 0.0, 0.5), other=glyph.other or "")


def _rules(lattice: Lattice, stroke: Stroke) -> bool:
    inside = lattice.xs[0] - NEAR <= stroke.start and stroke.end <= lattice.xs[-1] + NEAR
    return inside and any(abs(y - stroke.at) <= NEAR for y in lattice.ys)


def _table(lattice: Lattice, page: int, at: int, by_cell: dict[Cell, list[list[Glyph]]]) -> Table:
    boxes: dict[Pos, Box] = {}
    for pos, span in lattice.cells.items():
        left, _, right, bottom = lattice.box(pos)
        own = lines(by_cell.get((at, pos), []))
        room = bottom - own[-1].bottom if own else inf
        boxes[pos] = Box(span, [Stack(own, left, right)] if own else [], room)
    return Table(page, page, 0, lattice.xs, len(lattice.ys) - 1, boxes)


def _nest(found: Sequence[Lattice], tables: Sequence[Table]) -> list[Table]:
    """Puts tables that stand in a cell of another one there; the others are returned."""
    outer: list[Table] = []
    for at in sorted(range(len(found)), key=lambda at: found[at].area):
        inner = found[at]
        middle = (inner.xs[0] + inner.xs[-1]) / 2, (inner.ys[0] + inner.ys[-1]) / 2
        hosts = [n for n in range(len(found)) if found[n].area > inner.area and found[n].at(*middle) is not None]
        if not hosts:
            outer.append(tables[at])
            continue
        host = min(hosts, key=lambda n: found[n].area)
        pos = found[host].at(*middle)
        if pos is not None:
            _insert(tables[host].boxes[pos], tables[at], inner.ys[0])
            tables[host].inner.append(tables[at])
    return sorted(outer, key=lambda table: next(at for at, one in enumerate(tables) if one is table))


def _insert(box: Box, table: Table, top: float) -> None:
    """An inner table's texts between the lines above and below it."""
    texts = [
        Line(one.text, 0, top, 0, top, tuple(glyph for line in one.lines for glyph in line.glyphs))
        for _, one in sorted(table.boxes.items())
        if one.text
    ]
    stacks = [*_cut(box.stacks, above=top), Stack(texts, 0, inf), *_cut(box.stacks, below=top)]
    box.stacks = [stack for stack in stacks if stack.lines]


def _cut(stacks: Iterable[Stack], *, above: float = inf, below: float = -inf) -> list[Stack]:
    return [
        Stack([line for line in stack.lines if below <= line.top < above], stack.left, stack.right) for stack in stacks
    ]


def _edges(seen: Seen, found: Sequence[Lattice], outside: Sequence[Line]) -> tuple[float, float]:
    """The edges of the text: of its tables and lines, and as far from the right of the page as from the left."""
    left = min([*(one.xs[0] for one in found), *(line.x0 for line in outside)], default=0.0)
    right = max([*(one.xs[-1] for one in found), *(line.x1 for line in outside)], default=seen.width)
    return left, max(right, seen.width - left)
