"""The geometry of a Word table: which w:tc stands where, under all the merges, on a grid of the columns in use.

Columns where no cell begins are squeezed out, so a cell that claims a hundred thousand columns is one column wide.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import Unreadable
from pipeline.office import names
from pipeline.office.docx_text import control_parts, control_text
from pipeline.office.docx_traits import Element, Shape, Traits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Pos
    from pipeline.settings import Limits

_PLAIN = Shape()


class Cell(NamedTuple):
    """A cell in raw grid columns, `end` excluded. `down`: "", "restart" or "continue". `muted`: shows a prompt."""

    element: Element
    start: int
    end: int
    down: str = ""
    muted: bool = False


class Layout(NamedTuple):
    """Cells by top-left position, the sizes (rows, columns) of the merged ones, and the size of the whole."""

    cells: dict[Pos, Cell]
    spans: dict[Pos, tuple[int, int]]
    height: int
    width: int


def lay_out(table: Element, traits: Traits, limits: Limits) -> Layout:
    """The layout of a w:tbl. Raises Unreadable(too_large) for more rows, columns or cells than allowed."""
    rows = [_cells(row, traits, muted) for row, muted in _rows(table, muted=False) if row not in traits.dropped]
    starts = {cell.start for row in rows for cell in row}
    edges = sorted(starts | {max((cell.end for row in rows for cell in row), default=0)})
    height, width = len(rows), max(len(edges) - 1, 0)
    _check(height, width, limits)
    cells: dict[Pos, Cell] = {}
    spans: dict[Pos, tuple[int, int]] = {}
    above: dict[tuple[int, int], Pos] = {}
    for row, content in enumerate(rows):
        merging: dict[tuple[int, int], Pos] = {}
        for cell in content:
            column = bisect_left(edges, cell.start)
            across = bisect_left(edges, cell.end) - column
            top = above.get((cell.start, cell.end)) if cell.down == "continue" else None
            if top is not None:
                spans[top] = (row - top[0] + 1, across)
            else:
                top = (row, column)
                cells[top] = cell
                if across > 1:
                    spans[top] = (1, across)
            if cell.down:
                merging[cell.start, cell.end] = top
        above = merging
    return Layout(cells, spans, height, width)


def _check(height: int, width: int, limits: Limits) -> None:
    for reason, found, limit in (
        ("rows", height, limits.rows),
        ("columns", width, limits.columns),
        ("cells", height * width, limits.cells),
    ):
        if found > limit:
            raise Unreadable("too_large", reason=reason, limit=str(limit), found=str(found))


def _rows(parent: Element, *, muted: bool) -> Iterator[tuple[Element, bool]]:
    """The rows of a table, also those wrapped in content controls."""
    for child in parent:
        if child.tag == names.TR:
            yield child, muted
        elif child.tag == names.SDT:
            silent, content = _control(child)
            if content is not None:
                yield from _rows(content, muted=muted or silent)
        elif child.tag in (names.CUSTOM_XML, names.INS, names.MOVE_TO):
            yield from _rows(child, muted=muted)


def _cells(row: Element, traits: Traits, muted: bool) -> list[Cell]:
    """The row's cells with their columns; a cell merged across (the old way) widens its left neighbour."""
    cells: list[Cell] = []
    column = traits.indents.get(row, 0)
    for element, silent in _cell_elements(row, muted=muted):
        shape = traits.shapes.get(element, _PLAIN)
        end = column + shape.span
        if shape.across == "continue" and cells:
            cells[-1] = cells[-1]._replace(end=end)
        else:
            cells.append(Cell(element, column, end, shape.down, silent))
        column = end
    return cells


def _cell_elements(parent: Element, *, muted: bool) -> Iterator[tuple[Element, bool]]:
    for child in parent:
        if child.tag == names.TC:
            yield child, muted
        elif child.tag == names.SDT:
            silent, content = _control(child)
            if content is not None:
                yield from _cell_elements(content, muted=muted or silent)
        elif child.tag == names.CUSTOM_XML:
            yield from _cell_elements(child, muted=muted)


def _control(control: Element) -> tuple[bool, Element | None]:
    """Whether a content control around rows or cells still shows its prompt, and its content."""
    properties, content = control_parts(control)
    return properties is not None and control_text(properties) == "", content
