"""What stands behind the texts of a sheet's cells, kept row by row: a ledger of 100,000 rows has half a million."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from pipeline.model import Pos, Stored

_Other = TypeVar("_Other")


class StoredCells(MutableMapping["Pos", "Stored"]):
    """Position → what is behind the text; only cells that are no plain text are in it."""

    __slots__ = ("_rows",)

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, Stored]] = {}

    def put_row(self, row: int, cells: dict[int, Stored]) -> None:
        """All cells of one row, by column; the dictionary is kept."""
        self._rows[row] = cells

    def get(self, at: Pos, default: _Other | None = None) -> Stored | _Other | None:  # type: ignore[override]
        """As of any mapping; spelt out because it is asked for every cell."""
        cells = self._rows.get(at[0])
        return default if cells is None else cells.get(at[1], default)

    def __getitem__(self, at: Pos) -> Stored:
        return self._rows[at[0]][at[1]]

    def __setitem__(self, at: Pos, stored: Stored) -> None:
        self._rows.setdefault(at[0], {})[at[1]] = stored

    def __delitem__(self, at: Pos) -> None:
        del self._rows[at[0]][at[1]]

    def __iter__(self) -> Iterator[Pos]:
        return ((row, column) for row, cells in self._rows.items() for column in cells)

    def __len__(self) -> int:
        return sum(map(len, self._rows.values()))
