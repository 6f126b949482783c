"""What a check is given: one record with its type and surroundings, and the means to point at a cell.

Answers for: finding the cells a check speaks about (a field once, a column in every row), telling a fact from a doubt,
and building a `Finding` with place, found text and the field's own label, example and clause.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import count, repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.affairs.calendar import WorkCalendar
from pipeline.model import Datum, Finding, Place, Record, Severity
from pipeline.placed import SOMEWHERE, PlacedRow, column_unplaced, one_unplaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pipeline import values
    from pipeline.forms.spec import FieldSpec, TypeSpec
    from pipeline.settings import Settings

WHOLE_FILE = Place("file", "整个文件")


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a record is judged by. `unit` is the sub-folder it came in, "" when unknown; `received` None: no arrival."""

    settings: Settings
    today: date
    received: date | None
    unit: str
    roster: values.Roster

    @property
    def day(self) -> date:
        """The day that decides the year: the arrival, else today."""
        return self.received or self.today

    @property
    def year(self) -> int:
        """The year of the cycle this submission belongs to."""
        return self.settings.cycle.year_for(self.day)


class Cell(NamedTuple):
    """A field (row None) or a ledger cell (row counted from 1) with what was read there."""

    field: str
    row: int | None
    datum: Datum

    @property
    def text(self) -> str:
        """The text as written."""
        return self.datum.reading.text

    @property
    def blank(self) -> bool:
        """Nothing was filled in and nothing is in doubt."""
        reading = self.datum.reading
        return not reading.reason and not reading.text.strip()

    @property
    def firm(self) -> bool:
        """Filled, read without doubt, understood: a named check may rely on it."""
        reading = self.datum.reading
        return not reading.reason and not self.datum.problem and bool(reading.text.strip())

    @property
    def date(self) -> date | None:
        """The date, if it is a firm one."""
        value = self.datum.value
        return value if isinstance(value, date) and self.firm else None


class Column(Sequence[Cell]):
    """The cells of a column, made as they are looked at."""

    def __init__(self, field: str, data: Sequence[Datum]) -> None:
        """`data`: one for each row, from the first."""
        self._field = field
        self._data = data

    def __len__(self) -> int:
        return len(self._data)

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return tuple(self)[number]
        at = range(len(self._data))[number]
        return Cell(self._field, at + 1, self._data[at])

    def __iter__(self) -> Iterator[Cell]:
        return map(Cell, repeat(self._field), count(1), self._data)

    @property
    def data(self) -> Sequence[Datum]:
        """What was read, from the first row on."""
        return self._data

    @cached_property
    def distinct(self) -> Mapping[int, Datum]:
        """Every datum once, by its id."""
        return {id(datum): datum for datum in self._data}


@dataclass(frozen=True)
class Case:
    """One record under examination."""

    spec: TypeSpec
    record: Record
    context: CheckContext
    _cells: dict[str, Sequence[Cell]] = field(default_factory=dict, repr=False)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The office's workdays."""
        return WorkCalendar(self.context.settings.holidays)

    @cached_property
    def fields(self) -> Mapping[str, FieldSpec]:
        """Fields and columns by name."""
        return {spec.name: spec for spec in (*self.spec.fields, *self.spec.columns)}

    def cells(self, name: str) -> Sequence[Cell]:
        """The field of that name, or the column's cell of every row; nothing if the record has neither."""
        known = self._cells.get(name)
        if known is None:
            known = self._cells[name] = self._gathered(name)
        return known

    def telling(self, name: str, holds: Callable[[Datum], object]) -> Iterable[Cell]:
        """Those of the cells whose datum is such; equal cells of a ledger share one and are judged once."""
        cells = self.cells(name)
        if isinstance(cells, Column):
            told = {key for key, datum in cells.distinct.items() if holds(datum)}
            return (cell for cell in cells if id(cell.datum) in told) if told else ()
        return [cell for cell in cells if holds(cell.datum)]

    def _gathered(self, name: str) -> Sequence[Cell]:
        if name in self.record.fields:
            return (Cell(name, None, self.record.fields[name]),)
        with suppress(KeyError):
            return Column(name, column_unplaced(self.record.rows, name))
        return tuple(
            Cell(name, number, one_unplaced(row, name)) for number, row in enumerate(self.record.rows, 1) if name in row
        )

    def beside(self, name: str, row: int | None) -> Cell | None:
        """The cell of that name in the same row, or the field of the header; None if there is none."""
        if row is not None and name in self.record.rows[row - 1]:
            return Cell(name, row, one_unplaced(self.record.rows[row - 1], name))
        return Cell(name, None, self.record.fields[name]) if name in self.record.fields else None

    def about_all(self, cell: Cell) -> Cell:
        """The cell as the one that stands for its whole column, where it is."""
        row = self.record.rows[cell.row - 1] if cell.row else {}
        datum = row.exact(cell.field, cell.datum) if isinstance(row, PlacedRow) else cell.datum
        return Cell(cell.field, None, datum)

    def finding(self, code: str, severity: Severity, cell: Cell | None, **facts: str) -> Finding:
        """A finding about a cell, or about the whole file (None). `variant` chooses a sentence of the code."""
        if cell is None:
            return Finding(code, severity, place=WHOLE_FILE, facts=facts)
        reading = cell.datum.reading
        return Finding(
            code,
            severity,
            field=cell.field,
            row=cell.row,
            place=self._place(cell) or self._near(cell.row),
            found=cell.text or reading.printed,
            facts={**self._told(cell.field), **facts},
        )

    def _told(self, name: str) -> dict[str, str]:
        spec = self.fields.get(name)
        if spec is None:
            return {}
        told = {"label": spec.labels[0] if spec.labels else "", "example": spec.example, "clause": spec.clause}
        told["year"] = str(self.context.year)
        return {key: text for key, text in told.items() if text}

    def _place(self, cell: Cell) -> Place | None:
        """Where a cell is; what rows of a ledger share stands where their own row says."""
        place = cell.datum.reading.place
        if place is not SOMEWHERE:
            return place
        row = self.record.rows[cell.row - 1] if cell.row else {}
        return row.place(cell.field) if isinstance(row, PlacedRow) else None

    def _near(self, row: int | None) -> Place:
        """Where to mark what is absent: the first cell of its row, else the file."""
        data = self.record.rows[row - 1].values() if row is not None else ()
        return next((datum.reading.place for datum in data if datum.reading.place), WHOLE_FILE)
