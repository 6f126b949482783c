"""What a ledger holds and is not read: said by findings, never passed over in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import Finding, Place, Severity, column_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.forms.rowkinds import Part
    from pipeline.model import Grid


def rows_left_out(grid: Grid, rows: Sequence[int]) -> Iterator[Finding]:
    """One finding per run of rows that may have been meant as records."""
    for first, last in _runs(rows):
        place = grid.place((first, next((at for at, text in enumerate(grid.rows[first]) if text.strip()), 0)))
        numbers = str(first + 1) if first == last else f"{first + 1}-{last + 1}"
        found = next((text.strip() for text in grid.rows[first] if text.strip()), "")
        facts = {"rows": numbers, "name": grid.name}
        yield Finding("rows_left_out", Severity.EXPLAIN, place=place, found=found, facts=facts)


def columns_left_out(part: Part, rows: Iterable[int]) -> Iterator[Finding]:
    """One finding for all columns that are none of the type's, yet say something beside the records."""
    known = part.known
    grid = part.grid
    filled = {at for row in rows for at, text in enumerate(grid.rows[row]) if at not in known and text.strip()}
    filled.discard(part.serial)
    if filled:
        names = "、".join(_name(part, column) for column in sorted(filled))
        place = grid.place((part.header.top, min(filled)))
        yield Finding("columns_left_out", Severity.HINT, place=place, facts={"columns": names, "name": grid.name})


def grid_left_out(grid: Grid) -> Finding:
    """A table or sheet with words of the type's header that is not this ledger (a list of the allowed words …)."""
    return Finding("table_left_out", Severity.HINT, place=_whole(grid), facts={"name": grid.name})


def hidden_left_out(grid: Grid) -> Finding:
    """A hidden sheet that looks like the visible ledger."""
    return Finding("table_left_out", Severity.HINT, place=_whole(grid), facts={"name": grid.name, "variant": "hidden"})


def _whole(grid: Grid) -> Place:
    return Place("file", f"工作表「{grid.name}」" if grid.kind == "sheet" else grid.name, grid.part)


def _name(part: Part, column: int) -> str:
    leaf = part.header.leaves[column] if column < len(part.header.leaves) else ""
    return f"“{leaf}”" if leaf else f"第{column_letters(column + 1)}列（没有列名）"


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
