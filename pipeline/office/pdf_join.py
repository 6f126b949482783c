"""Pages put together: tables that go on over the page, rows cut in two by it, headers, footers and page numbers.

A row counts as cut when the next page begins with cells that only go on: most of what the row had filled is empty
there, and where there is text it had run down to the edge of the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.office.pdf_grid import NEAR
from pipeline.office.pdf_layout import Box, Leaf, Table
from pipeline.office.pdf_text import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.model import Pos

_ZONE = 0.12
_REPEATED_ZONE = 0.09
_PAGE_NUMBER = re.compile(r"[-—–－·\s]*第?\s*\d{1,3}\s*页?(?:\s*[,，/、]?\s*(?:共|of|/)?\s*\d{1,3}\s*页?)?[-—–－·\s]*")


def take_margins(leaves: Sequence[Leaf]) -> list[tuple[int, Line]]:
    """Removes page numbers, and lines that every page repeats at its upper or lower end, but for the first time.

    Returns them as (page, line).
    """
    taken: list[tuple[int, Line]] = []
    known: set[tuple[str, int]] = set()
    for leaf in leaves:
        kept: list[Line | Table] = []
        for piece in leaf.pieces:
            if isinstance(piece, Line) and _is_margin(piece, leaf, known):
                taken.append((leaf.number, piece))
            else:
                kept.append(piece)
        known.update(_spot(piece) for piece in kept if isinstance(piece, Line) and _at_end(piece, leaf, _REPEATED_ZONE))
        leaf.pieces = kept
    return taken


def _is_margin(line: Line, leaf: Leaf, known: set[tuple[str, int]]) -> bool:
    if _at_end(line, leaf, _ZONE) and _PAGE_NUMBER.fullmatch(line.text):
        return True
    return _at_end(line, leaf, _REPEATED_ZONE) and _spot(line) in known


def _at_end(line: Line, leaf: Leaf, zone: float) -> bool:
    return line.bottom < leaf.height * zone or line.top > leaf.height * (1 - zone)


def _spot(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "0", line.text), round(line.top / 4)


def join_tables(leaves: Sequence[Leaf]) -> None:
    """Appends a table that opens a page to the one that closes the page before, when their outer edges match."""
    last: tuple[Leaf, Table] | None = None
    for leaf in leaves:
        first = leaf.pieces[0] if leaf.pieces else None
        if last is not None and isinstance(first, Table) and _continues(last, leaf, first):
            _append(last[1], first)
            del leaf.pieces[0]
            if not leaf.pieces:
                last = (leaf, last[1])
                continue
        end = leaf.pieces[-1] if leaf.pieces else None
        last = (leaf, end) if isinstance(end, Table) else None


def _continues(last: tuple[Leaf, Table], leaf: Leaf, table: Table) -> bool:
    """The next page, the same left and right edge, and no column edge of one inside a column of the other only."""
    before = last[1].xs
    if leaf.number != last[0].number + 1 or not (_same(before[0], table.xs[0]) and _same(before[-1], table.xs[-1])):
        return False
    fewer, more = sorted((before, table.xs), key=len)
    return all(any(_same(x, other) for other in more) for x in fewer)


def _same(x: float, other: float) -> bool:
    return abs(x - other) <= NEAR


def _append(table: Table, more: Table) -> None:
    xs = table.xs if len(table.xs) >= len(more.xs) else more.xs
    _regrid(table, xs)
    _regrid(more, xs)
    start = _repeated(table, more)
    if _is_cut(table, more, start):
        dropped = start + 1
        for column in _columns(more, start):
            _carry_on(table, more, (start, column))
    else:
        dropped = 0
        for column in _columns(more, start) if start == 0 else ():
            _stretch(table, more, column)
    _take_over(table, more, dropped)
    table.xs = xs
    table.last = more.last
    table.inner.extend(more.inner)


def _regrid(table: Table, xs: tuple[float, ...]) -> None:
    """The cells numbered by the finer columns."""
    edges = [min(range(len(xs)), key=lambda at: abs(xs[at] - x)) for x in table.xs]
    if len(edges) == len(xs):
        return
    boxes: dict[Pos, Box] = {}
    over: set[Pos] = set()
    for (row, column), box in table.boxes.items():
        box.span = (box.span[0], edges[column + box.span[1]] - edges[column])
        boxes[row, edges[column]] = box
        if (row, column) in table.over:
            over.add((row, edges[column]))
    table.boxes, table.over = boxes, over


def _repeated(table: Table, more: Table) -> int:
    """How many rows at the top of the next page only print the header again."""
    count = 0
    for row in range(min(table.height, more.height)):
        above, below = _row(table, row), _row(more, row)
        if above != below or sum(1 for text in below.values() if text) < 2:
            break
        count = row + 1
    return count if count < more.height else 0


def _row(table: Table, row: int) -> dict[int, str]:
    return {pos[1]: box.text for pos, box in table.boxes.items() if pos[0] == row}


def _columns(table: Table, row: int) -> list[int]:
    return [pos[1] for pos in table.boxes if pos[0] == row]


def _last_row(table: Table) -> dict[int, tuple[Pos, Box]]:
    """The cells that reach the end of the table, by column."""
    return {pos[1]: (pos, box) for pos, box in table.boxes.items() if pos[0] + box.span[0] == table.height}


def _is_cut(table: Table, more: Table, start: int) -> bool:
    above = _last_row(table)
    below = {pos[1]: box for pos, box in more.boxes.items() if pos[0] == start}
    if {column: box.span[1] for column, (_, box) in above.items()} != {c: box.span[1] for c, box in below.items()}:
        return False
    filled = [column for column, (_, box) in above.items() if box.text]
    going_on = [column for column, box in below.items() if box.text]
    if not going_on or len(filled) < 2 or not set(going_on) <= set(filled) or below[min(below)].text:
        return False
    return len(going_on) * 2 <= len(filled) and all(_runs_down(above[column][1]) for column in going_on)


def _runs_down(box: Box) -> bool:
    """No room is left for another line."""
    last = box.stacks[-1].lines[-1]
    return box.room < 1.2 * max(last.size, 1.0)


def _carry_on(table: Table, more: Table, pos: Pos) -> None:
    box = more.boxes[pos]
    if box.stacks:
        above = _last_row(table)[pos[1]][1]
        stack = above.stacks[-1]
        above.stacks[-1] = stack._replace(lines=[*stack.lines, *box.stacks[0].lines])
        above.stacks.extend(box.stacks[1:])
        above.room = box.room


def _stretch(table: Table, more: Table, column: int) -> None:
    """A cell merged downwards goes on below the page when nothing is written in its lower piece."""
    above, below = _last_row(table).get(column), more.boxes[0, column]
    if above is None or below.text or not above[1].text or above[1].span[1] != below.span[1]:
        return
    if above[1].span[0] > 1 or below.span[0] > 1:
        above[1].span = (above[1].span[0] + below.span[0], above[1].span[1])
        del more.boxes[0, column]


def _take_over(table: Table, more: Table, dropped: int) -> None:
    shift = table.height - dropped
    for (row, column), box in more.boxes.items():
        if row >= dropped:
            table.boxes[row + shift, column] = box
        elif row + box.span[0] > dropped:
            _lengthen(table, more, (row, column), dropped)
    table.over.update((row + shift, column) for row, column in more.over if row >= dropped)
    table.height += more.height - dropped


def _lengthen(table: Table, more: Table, pos: Pos, dropped: int) -> None:
    """The part of a cut row's merged cell that reaches below that row."""
    above = _last_row(table).get(pos[1])
    if above is not None:
        height, width = above[1].span
        above[1].span = (height + pos[0] + more.boxes[pos].span[0] - dropped, width)


def cells_in_order(table: Table) -> Iterator[tuple[Pos, Box]]:
    """Row by row, left to right."""
    yield from sorted(table.boxes.items())
