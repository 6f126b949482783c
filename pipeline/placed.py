"""Rows of a sheet in which equal cells share what was read of them; each gets its place when it is asked for.

A ledger of 100,000 rows has nearly two million cells and few different ones: an object for every cell with a place of
its own would take a gigabyte. To everybody else such a row is a mapping like any other, with exact places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pipeline.model import Datum, Place, Reading, sheet_place

SOMEWHERE = Place("file", "")
"""Stands in shared data for "where its row and column say"; nobody sees it who takes a cell out of its row."""

V = TypeVar("V", Reading, Datum)


@dataclass(frozen=True, slots=True)
class Lines:
    """What the rows of one sheet have in common: its name and part, the fields in order and their columns from 0.

    A field without a column stands at -1.
    """

    sheet: str
    part: str
    columns: Mapping[str, int]
    index: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """`index`: a field's place among the fields."""
        object.__setattr__(self, "index", {name: number for number, name in enumerate(self.columns)})


class PlacedRow(Mapping[str, V]):
    """A row of a sheet: `number` from 0, `shared` in the order of the fields."""

    __slots__ = ("lines", "number", "shared")

    def __init__(self, lines: Lines, number: int, shared: tuple[V, ...]) -> None:
        self.lines = lines
        self.number = number
        self.shared: tuple[V, ...] = shared

    def __getitem__(self, name: str) -> V:
        return self.exact(name, self.shared[self.lines.index[name]])

    def __iter__(self) -> Iterator[str]:
        return iter(self.lines.index)

    def __len__(self) -> int:
        return len(self.shared)

    def __contains__(self, name: object) -> bool:
        return name in self.lines.index

    def exact(self, name: str, one: V) -> V:
        """One of the shared data with the place it has in this row."""
        reading = one.reading if isinstance(one, Datum) else one
        if reading.place is not SOMEWHERE:
            return one
        reading = replace(reading, place=self.place(name))
        return replace(one, reading=reading) if isinstance(one, Datum) else reading

    def place(self, name: str) -> Place:
        """Where a field stands in this row."""
        return sheet_place(self.lines.sheet, self.lines.part, (self.number, self.lines.columns[name]))


def unplaced(row: Mapping[str, V]) -> Iterable[V]:
    """The data of a row, in order, where places do not matter."""
    return row.shared if isinstance(row, PlacedRow) else row.values()


def column_unplaced(rows: Sequence[Mapping[str, V]], name: str) -> list[V]:
    """The data of one field in every row. KeyError when a row has no such field."""
    first = rows[0] if rows else None
    if isinstance(first, PlacedRow) and name in first:
        index = first.lines.index
        at = index[name]
        shared = [row.shared[at] for row in rows if isinstance(row, PlacedRow) and row.lines.index is index]
        if len(shared) == len(rows):
            return shared
    return [one_unplaced(row, name) for row in rows]


def one_unplaced(row: Mapping[str, V], name: str) -> V:
    """One of them. KeyError when the row has no such field."""
    return row.shared[row.lines.index[name]] if isinstance(row, PlacedRow) else row[name]
