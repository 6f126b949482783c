"""Texts → typed values: an Extract becomes a Record, each value read in the context of its document.

The year in force, the base date of relative deadlines (反馈日期) and the row above come from the document itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from pipeline import values
from pipeline.model import Datum, Extract, Reading, Record, Row
from pipeline.placed import PlacedRow, one_unplaced

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.forms.spec import FieldSpec, TypeSpec

BASE_FIELDS = ("反馈日期", "下达日期")
OWN_DATES = ("填表时间", "申请日期", "填报日期")
_SHARED = 20_000
DITTO = ("同上", "同前", "〃", "″", "”")


@dataclass(frozen=True, slots=True)
class Frame:
    """What a bare 「8月15日」 or 「一个月内」 is read against. `year` is the cycle's, else that of the arrival."""

    year: int
    received: date | None = None


def interpret(spec: TypeSpec, extract: Extract, frame: Frame) -> Record:
    """Every field and cell with its meaning; nothing is dropped, text stays as it was."""
    context = values.Context(year=frame.year, received=frame.received)
    context = _with_dates(spec, extract.fields, context)
    fields = {field.name: _datum(field, extract.fields[field.name], context) for field in spec.fields}
    rows = _Rows(spec, context)
    return Record(spec.name, fields, tuple(map(rows.read, extract.rows)))


def _with_dates(spec: TypeSpec, readings: Mapping[str, Reading], context: values.Context) -> values.Context:
    base = _first_date(spec, readings, BASE_FIELDS, context)
    own = _first_date(spec, readings, OWN_DATES, context)
    year = base.year if base else own.year if own else _own_year(spec, readings, context)
    return replace(context, base=base, year=year)


def _own_year(spec: TypeSpec, readings: Mapping[str, Reading], context: values.Context) -> int:
    """The year that the paper says it is about (年度, 报告期), else the one in force."""
    for field in spec.fields:
        reading = readings[field.name]
        if field.type in ("year", "month") and reading.text and not reading.doubt:
            value = values.parse(field.type, reading.text, context, stored=reading.stored).value
            if value is not None:
                return int(str(value)[:4])
    return context.year


def _first_date(
    spec: TypeSpec, readings: Mapping[str, Reading], names: tuple[str, ...], context: values.Context
) -> date | None:
    for field in spec.fields:
        if field.name in names and readings[field.name].text:
            value = values.parse("date", readings[field.name].text, context, stored=readings[field.name].stored).value
            if isinstance(value, date):
                return value
    return None


class _Rows:
    """Reads the rows of one ledger in order; readings that rows share are understood once."""

    def __init__(self, spec: TypeSpec, context: values.Context) -> None:
        self._columns: list[tuple[FieldSpec, dict[int, tuple[Reading, Datum]]]] = [(one, {}) for one in spec.columns]
        self._dated = [column.name for column in spec.columns if column.type in ("deadline", "date", "period")]
        self._above: dict[str, str] = {}
        self._context = context

    def read(self, row: Row) -> Mapping[str, Datum]:
        """The data of the next row."""
        if isinstance(row, PlacedRow):
            data = tuple(map(self._shared, self._columns, row.shared))
            result: Mapping[str, Datum] = PlacedRow(row.lines, row.number, data)
        else:
            result = {column.name: self._datum(column, row[column.name]) for column, _ in self._columns}
        for name in self._dated:
            self._remember(name, one_unplaced(row, name))
        return result

    def _remember(self, name: str, reading: Reading) -> None:
        """What a later 同上 would copy; nothing from a doubt, which must not become a fact one row further down."""
        if reading.text not in DITTO:
            self._above[name] = "" if reading.reason else reading.text

    def _shared(self, known: tuple[FieldSpec, dict[int, tuple[Reading, Datum]]], reading: Reading) -> Datum:
        column, seen = known
        found = seen.get(id(reading))
        if found is not None:
            return found[1]
        datum = self._datum(column, reading)
        if reading.text not in DITTO and len(seen) < _SHARED:
            seen[id(reading)] = reading, datum  # the reading is kept so that its id stays its own
        return datum

    def _datum(self, column: FieldSpec, reading: Reading) -> Datum:
        """`above`: the last text of each dated column that said something itself, for 同上."""
        if reading.text in DITTO and column.name in self._above:
            return _datum(column, reading, replace(self._context, above=self._above[column.name]))
        return _datum(column, reading, self._context)


def _datum(field: FieldSpec, reading: Reading, context: values.Context) -> Datum:
    if not reading.text:
        return Datum(reading, kind=field.type)
    if field.type in ("text", "long"):
        return Datum(reading, reading.text, kind=field.type)
    if unit := reading.unit or field.unit:
        context = replace(context, unit=unit)
    parsed = values.parse(
        field.type, reading.text, context, stored=reading.stored, choices=field.choices, words=field.choice_words
    )
    return Datum(reading, parsed.value, parsed.problem, parsed.flags, parsed.note, field.type)
