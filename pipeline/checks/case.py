"""What a check is given: one record with its type and surroundings, and the means to point at a cell.

Answers for: finding the cells a check speaks about (a field once, a column in every row), telling a fact from a doubt,
and building a `Finding` with place, found text and the field's own label, example and clause.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pipeline.affairs.calendar import WorkCalendar
from pipeline.model import Datum, Finding, Place, Record, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

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


@dataclass(frozen=True)
class Case:
    """One record under examination."""

    spec: TypeSpec
    record: Record
    context: CheckContext
    _cells: dict[str, tuple[Cell, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The office's workdays."""
        return WorkCalendar(self.context.settings.holidays)

    @cached_property
    def fields(self) -> Mapping[str, FieldSpec]:
        """Fields and columns by name."""
        return {spec.name: spec for spec in (*self.spec.fields, *self.spec.columns)}

    def cells(self, name: str) -> tuple[Cell, ...]:
        """The field of that name, or the column's cell of every row; nothing if the record has neither."""
        known = self._cells.get(name)
        if known is None:
            known = self._cells[name] = self._gathered(name)
        return known

    def _gathered(self, name: str) -> tuple[Cell, ...]:
        if name in self.record.fields:
            return (Cell(name, None, self.record.fields[name]),)
        return tuple(Cell(name, number, row[name]) for number, row in enumerate(self.record.rows, 1) if name in row)

    def beside(self, name: str, row: int | None) -> Cell | None:
        """The cell of that name in the same row, or the field of the header; None if there is none."""
        if row is not None and name in self.record.rows[row - 1]:
            return Cell(name, row, self.record.rows[row - 1][name])
        return Cell(name, None, self.record.fields[name]) if name in self.record.fields else None

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
            place=reading.place or self._near(cell.row),
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

    def _near(self, row: int | None) -> Place:
        """Where to mark what is absent: the first cell of its row, else the file."""
        data = self.record.rows[row - 1].values() if row is not None else ()
        return next((datum.reading.place for datum in data if datum.reading.place), WHOLE_FILE)
