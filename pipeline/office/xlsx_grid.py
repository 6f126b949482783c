"""A sheet that was read, of today's or of an old file, as the `Grid` and the findings that everybody else sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import Unreadable
from pipeline.model import Finding, Grid, Place, Pos, Severity, column_letters

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.office.xlsx_rows import Sheet
    from pipeline.settings import Limits


def grid_of(title: str, sheet: Sheet, limits: Limits, *, hidden: bool) -> Grid:
    """The sheet as a rectangle up to its last cell that says something. Raises Unreadable: too_large, corrupt."""
    height, width = max(sheet.rows) + 1, sheet.width
    if height * width > limits.cells:
        raise Unreadable("too_large", reason="cells", limit=str(limits.cells), found=str(height * width))
    spans = _spans(sheet, height, width)
    _clear_covered(sheet, spans)
    empty = ("",) * width
    rows = (tuple(row) + empty[len(row) :] if (row := sheet.rows.get(at)) else empty for at in range(height))
    return Grid(
        name=title,
        kind="sheet",
        rows=tuple(rows),
        spans=spans,
        stored=sheet.stored,
        part=title,
        hidden=hidden,
        hidden_rows=frozenset(sheet.hidden_rows),
        hidden_columns=frozenset(_hidden_columns(sheet)),
    )


def _spans(sheet: Sheet, height: int, width: int) -> dict[Pos, tuple[int, int]]:
    """Merges clipped to the used area; together they can cover it only once."""
    spans: dict[Pos, tuple[int, int]] = {}
    free = height * width
    for top, left, bottom, right in sheet.merges:
        size = (min(bottom + 1, height) - top, min(right + 1, width) - left)
        if min(size) < 1 or size == (1, 1) or spans.get((top, left)) == size:
            continue
        free -= size[0] * size[1]
        if free < 0:
            raise Unreadable("corrupt", reason="merges")
        spans[top, left] = size
    return spans


def _clear_covered(sheet: Sheet, spans: dict[Pos, tuple[int, int]]) -> None:
    """What stands under a merge is not on the screen."""
    for (top, left), (height, width) in spans.items():
        for row in range(top, top + height):
            content = sheet.rows.get(row, [])
            for column in range(left, min(left + width, len(content))):
                if (row, column) != (top, left) and content[column]:
                    content[column] = ""
                    sheet.stored.pop((row, column), None)


def _hidden_columns(sheet: Sheet) -> set[int]:
    return {column for first, last in sheet.hidden_columns for column in range(first, min(last + 1, sheet.width))}


def sheet_findings(title: str, sheet: Sheet) -> list[Finding]:
    """What is said about the sheet as a whole: hidden rows and columns, content far below."""
    place = Place("file", f"工作表「{title}」", title)
    findings: list[Finding] = []
    columns = [
        column for column in sorted(_hidden_columns(sheet))
        if any(len(row) > column and row[column] for row in sheet.rows.values())
    ]  # fmt: skip
    if sheet.hidden_rows or columns:
        facts = {
            "sheet": title,
            "rows": _ranges(sorted(row + 1 for row in sheet.hidden_rows), str),
            "columns": _ranges([column + 1 for column in columns], column_letters),
        }
        findings.append(Finding("hidden_rows", Severity.HINT, place=place, facts=facts))
    if sheet.far >= 0:
        facts = {"sheet": title, "row": str(sheet.far + 1)}
        findings.append(Finding("far_cells", Severity.EXPLAIN, place=place, facts=facts))
    return findings


def _ranges(numbers: list[int], name: Callable[[int], str]) -> str:
    """Numbers as people write them: 3、5-7."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return "、".join(name(first) if first == last else f"{name(first)}-{name(last)}" for first, last in ranges)
