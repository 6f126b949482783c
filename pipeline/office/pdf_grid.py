"""From ruled lines to tables: which lines belong together, where the cells are and how far merged ones reach.

A table is a set of lines that touch each other and enclose at least two cells. A cell is a patch of the finest grid
with no line inside. Not seen: tables without lines, and those drawn with horizontal lines only.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.errors import Unreadable
from pipeline.office.pdf_page import Seen, Stroke

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Pos

NEAR = 3.0
"""Points: lines closer than this are one line, ends closer than this touch."""
_SHORTEST = 5.0
_MOST_PAIRS = 4_000_000
_MOST_PATCHES = 100_000


@dataclass(frozen=True, slots=True)
class Lattice:
    """A ruled table: column edges `xs`, row edges `ys` (points), cells by top-left position with rows × columns."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: dict[Pos, tuple[int, int]]
    covered: dict[Pos, Pos]

    @property
    def area(self) -> float:
        """Square points."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def at(self, x: float, y: float) -> Pos | None:
        """The cell that holds a point, None outside the table."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        pos = (bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1)
        return self.covered.get(pos, pos)

    def box(self, pos: Pos) -> tuple[float, float, float, float]:
        """Left, top, right and bottom edge of a cell."""
        height, width = self.cells[pos]
        return self.xs[pos[1]], self.ys[pos[0]], self.xs[pos[1] + width], self.ys[pos[0] + height]


def lattices(seen: Seen) -> list[Lattice]:
    """The tables of a page, from top to bottom. Raises Unreadable(too_large) for more lines than any form has."""
    across, down = _merged(seen.across), _merged(seen.down)
    if len(across) * len(down) > _MOST_PAIRS:
        raise Unreadable("too_large", reason="paths", limit=str(_MOST_PAIRS))
    found = (_lattice(rules, posts) for rules, posts in _groups(across, down))
    return sorted((one for one in found if one is not None), key=lambda one: (one.ys[0], one.xs[0]))


def _merged(strokes: Iterable[Stroke]) -> list[Stroke]:
    """Pieces of one line made one; what stays too short to rule anything is dropped."""
    merged: list[Stroke] = []
    for row in _clusters(sorted(strokes)):
        at = sum(stroke.at for stroke in row) / len(row)
        row.sort(key=lambda stroke: stroke.start)
        start, end = row[0].start, row[0].end
        for stroke in row[1:]:
            if stroke.start > end + NEAR:
                merged.append(Stroke(at, start, end))
                start, end = stroke.start, stroke.end
            end = max(end, stroke.end)
        merged.append(Stroke(at, start, end))
    return [stroke for stroke in merged if stroke.end - stroke.start >= _SHORTEST]


def _clusters(ordered: Sequence[Stroke]) -> Iterable[list[Stroke]]:
    """Runs of lines at the same height (or side), told by the distance to the run's first one."""
    run: list[Stroke] = []
    for stroke in ordered:
        if run and stroke.at - run[0].at > NEAR:
            yield run
            run = []
        run.append(stroke)
    if run:
        yield run


def _groups(across: Sequence[Stroke], down: Sequence[Stroke]) -> Iterable[tuple[list[Stroke], list[Stroke]]]:
    """Lines that touch each other, directly or through others."""
    parent = list(range(len(across) + len(down)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for i, rule in enumerate(across):
        for j, post in enumerate(down, len(across)):
            if _touch(rule, post):
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Stroke], list[Stroke]]] = {}
    for i, rule in enumerate(across):
        groups.setdefault(root(i), ([], []))[0].append(rule)
    for j, post in enumerate(down, len(across)):
        groups.setdefault(root(j), ([], []))[1].append(post)
    return groups.values()


def _touch(rule: Stroke, post: Stroke) -> bool:
    return (
        rule.start - NEAR <= post.at <= rule.end + NEAR  # the post stands within the rule's length
        and post.start - NEAR <= rule.at <= post.end + NEAR
    )


def _lattice(rules: list[Stroke], posts: list[Stroke]) -> Lattice | None:
    if not rules or not posts:
        return None
    xs, ys = _edges(posts, rules), _edges(rules, posts)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows * columns < 2:
        return None
    if rows * columns > _MOST_PATCHES:
        raise Unreadable("too_large", reason="cells", limit=str(_MOST_PATCHES), found=str(rows * columns))
    cells = _cells(_walls(posts, xs, ys), _walls(rules, ys, xs), rows, columns)
    return _squeezed(xs, ys, cells) if len(cells) > 1 else None


def _edges(own: Sequence[Stroke], other: Sequence[Stroke]) -> list[float]:
    """Where the lines of one direction stand; a side left open ends where the other direction's lines end."""
    edges: list[float] = []
    for at in sorted(stroke.at for stroke in own):
        if not edges or at - edges[-1] > NEAR:
            edges.append(at)
    first, last = min(stroke.start for stroke in other), max(stroke.end for stroke in other)
    if first < edges[0] - 2 * NEAR:
        edges.insert(0, first)
    if last > edges[-1] + 2 * NEAR:
        edges.append(last)
    return edges


def _walls(lines: Sequence[Stroke], edges: Sequence[float], cross: Sequence[float]) -> set[tuple[int, int]]:
    """(edge, gap) pairs: the edge is drawn along that gap between two edges of the other direction."""
    middles = [(start + end) / 2 for start, end in pairwise(cross)]
    walls: set[tuple[int, int]] = set()
    for line in lines:
        edge = min(range(len(edges)), key=lambda number: abs(edges[number] - line.at))
        walls.update((edge, gap) for gap, middle in enumerate(middles) if line.start <= middle <= line.end)
    return walls


def _cells(
    posts: set[tuple[int, int]], rules: set[tuple[int, int]], rows: int, columns: int
) -> dict[Pos, tuple[int, int]]:
    """Patches not parted by a wall, as rectangles; a patch of another shape falls into its rows."""
    known: set[Pos] = set()
    cells: dict[Pos, tuple[int, int]] = {}
    for row in range(rows):
        for column in range(columns):
            if (row, column) in known:
                continue
            members = _spread((row, column), posts, rules, (rows, columns))
            known |= members
            height = max(r for r, _ in members) - row + 1
            left, right = min(c for _, c in members), max(c for _, c in members)
            if height * (right - left + 1) == len(members):
                cells[row, left] = (height, right - left + 1)
            else:
                cells.update(_strips(members))
    return cells


def _spread(start: Pos, posts: set[tuple[int, int]], rules: set[tuple[int, int]], size: tuple[int, int]) -> set[Pos]:
    members = {start}
    todo = [start]
    while todo:
        row, column = todo.pop()
        steps = (
            (row, column + 1, column + 1 < size[1] and (column + 1, row) not in posts),
            (row, column - 1, column > 0 and (column, row) not in posts),
            (row + 1, column, row + 1 < size[0] and (row + 1, column) not in rules),
            (row - 1, column, row > 0 and (row, column) not in rules),
        )
        for r, c, open_ in steps:
            if open_ and (r, c) not in members:
                members.add((r, c))
                todo.append((r, c))
    return members


def _strips(members: set[Pos]) -> dict[Pos, tuple[int, int]]:
    strips: dict[Pos, tuple[int, int]] = {}
    for row, column in sorted(members):
        if (row, column - 1) in members:
            continue
        end = column
        while (row, end) in members:
            end += 1
        strips[row, column] = (1, end - column)
    return strips


def _squeezed(xs: Sequence[float], ys: Sequence[float], cells: dict[Pos, tuple[int, int]]) -> Lattice:
    """Without rows and columns where no cell begins."""
    rows = sorted({row for row, _ in cells})
    columns = sorted({column for _, column in cells})
    row_of, column_of = _numbering(rows, len(ys)), _numbering(columns, len(xs))
    placed = {
        (row_of[row], column_of[column]): (
            row_of[row + height] - row_of[row],
            column_of[column + width] - column_of[column],
        )
        for (row, column), (height, width) in sorted(cells.items())
    }
    return Lattice(
        (*(xs[column] for column in columns), xs[-1]),
        (*(ys[row] for row in rows), ys[-1]),
        placed,
        under_merges(placed),
    )


def _numbering(starts: Sequence[int], count: int) -> list[int]:
    """Old edge number → new one; an edge that is no longer there counts as the next one."""
    return [bisect_right(starts, edge - 1) for edge in range(count)]


def under_merges(cells: dict[Pos, tuple[int, int]]) -> dict[Pos, Pos]:
    """Every position under a merged cell, the top-left one excepted → its top-left position."""
    return {
        (row, column): pos
        for pos, (height, width) in cells.items()
        for row in range(pos[0], pos[0] + height)
        for column in range(pos[1], pos[1] + width)
        if (row, column) != pos
    }
