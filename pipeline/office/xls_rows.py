"""One worksheet of an old workbook, as xlrd has it, into the same `Sheet` that the reader of today's files fills.

Text boxes, charts, notes and conditional formats are not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import xlrd

from pipeline.errors import Unreadable
from pipeline.model import Stored
from pipeline.office.xlsx_rows import Sheet

if TYPE_CHECKING:
    from collections.abc import Set

    from xlrd.sheet import Sheet as OldSheet

    from pipeline.model import Pos
    from pipeline.office.xlsx_cells import CellTexts, Shown
    from pipeline.settings import Limits

_NOTHING = frozenset({xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK})
_UNCACHED: Shown = ("", Stored(None, uncached=True))


def read_rows(old: OldSheet, texts: CellTexts, uncalculated: Set[Pos], limits: Limits) -> Sheet:
    """The sheet. Raises Unreadable(too_large: reason, limit, found)."""
    sheet = Sheet(merges=[(top, left, bottom - 1, right - 1) for top, bottom, left, right in old.merged_cells])
    sheet.hidden_columns = [
        (column, column) for column, info in old.colinfo_map.items() if info.hidden or not info.width
    ]
    last = -1
    for number in range(old.nrows):
        cells = _cells(old, number, texts, uncalculated)
        if not cells:
            continue
        if number - last - 1 > limits.empty_rows:
            sheet.far = number
            break
        last = number
        _check("rows", number + 1, limits.rows)
        _check("columns", max(cells) + 1, limits.columns)
        _add(sheet, number, cells)
        if _is_hidden(old, number):
            sheet.hidden_rows.add(number)
    return sheet


def _cells(old: OldSheet, number: int, texts: CellTexts, uncalculated: Set[Pos]) -> dict[int, Shown]:
    """What the cells of a row show, by column; cells that say nothing are left out."""
    cells: dict[int, Shown] = {}
    columns = zip(old.row_types(number), old.row_values(number), strict=True)
    for column, (kind, value) in enumerate(columns):
        if kind in _NOTHING:
            continue
        if (number, column) in uncalculated:
            cells[column] = _UNCACHED
            continue
        text, stored = _shown(kind, value, old.cell_xf_index(number, column), texts)
        if stored is not None or (text and not text.isspace()):
            cells[column] = text, stored
    return cells


def _shown(kind: int, value: float | str, style: int, texts: CellTexts) -> Shown:
    if kind == xlrd.XL_CELL_TEXT:
        return texts.show("str", "", str(value))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return texts.show("b", "", str(value))
    if kind == xlrd.XL_CELL_ERROR:
        return texts.show("e", "", xlrd.error_text_from_code.get(value, "#N/A"))
    return texts.show("n", str(style), repr(value))


def _add(sheet: Sheet, number: int, cells: dict[int, Shown]) -> None:
    row = [""] * (max(cells) + 1)
    for column, (text, stored) in cells.items():
        row[column] = text
        if stored is not None:
            sheet.stored[number, column] = stored
    sheet.rows[number] = row
    sheet.width = max(sheet.width, len(row))


def _is_hidden(old: OldSheet, number: int) -> bool:
    info = old.rowinfo_map.get(number)
    if info is None:
        return bool(old.default_row_hidden)
    return bool(info.hidden) or info.height == 0


def _check(reason: str, found: int, limit: int) -> None:
    if found > limit:
        raise Unreadable("too_large", reason=reason, limit=str(limit), found=str(found))
