"""The doubts of a record, and a person's word on them: which there are, and the extract with the word put in.

A cell merged over several rows is one doubt, settled once for all rows that show it. Pure: what the new text means and
whether it passes the checks is asked afterwards, as for any reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from pipeline.model import Confirmed, Datum, Extract, Reading, Record
from pipeline.placed import unplaced

if TYPE_CHECKING:
    from pipeline.forms.spec import TypeSpec

Spot = tuple[str, int | None]
"""A field, and the row it stands in counted from 1, None for a field of the form or of a ledger's head."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt where it is met first; `rows`: every row that shows the same cell, () for a field without rows."""

    field: str
    row: int | None
    rows: tuple[int, ...]
    reading: Reading

    @property
    def where(self) -> str:
        """第3条，整改台账!C5: unique among the doubts of a field."""
        place = self.reading.place or self.reading.other_place
        row = f"第{self.row}条" if self.row is not None else ""
        return "，".join(part for part in (row, place.text if place else "") if part) or "全文"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says a field reads; `text` None: as it was read first."""

    field: str
    row: int | None
    text: str | None
    by: str
    on: date
    note: str = ""


def doubts(record: Record) -> tuple[Doubt, ...]:
    """What waits for a person, in the order of the record."""
    return tuple(_gathered(record, settled=False))


def settled(record: Record) -> tuple[Doubt, ...]:
    """What a person has confirmed, with the reading as it is now."""
    return tuple(_gathered(record, settled=True))


def _gathered(record: Record, *, settled: bool) -> Iterator[Doubt]:
    def wanted(datum: Datum) -> bool:
        return datum.reading.confirmed is not None if settled else datum.reading.doubt

    for name, datum in record.fields.items():
        if wanted(datum):
            yield Doubt(name, None, (), datum.reading)
    told: set[Spot] = set()
    for number, row in enumerate(record.rows, 1):
        for name, datum in row.items() if any(map(wanted, unplaced(row))) else ():
            if wanted(datum) and (name, number) not in told:
                same = same_cell(record, name, number)
                told |= {(name, other) for other in same}
                yield Doubt(name, number, same, datum.reading)


def same_cell(record: Record, field: str, row: int) -> tuple[int, ...]:
    """The rows that show the very cell of this row."""
    reading = record.rows[row - 1][field].reading
    if reading.place is None:
        return (row,)
    return tuple(n for n, other in enumerate(record.rows, 1) if field in other and other[field].reading == reading)


def reading_at(record: Record, field: str, row: int | None) -> Reading | None:
    """What was read there, None when the record has no such spot."""
    if row is None:
        data: Mapping[str, Datum] = record.fields
    else:
        data = record.rows[row - 1] if 1 <= row <= len(record.rows) else {}
    return data[field].reading if field in data else None


def said(reading: Reading, text: str | None) -> str:
    """The text a person means: a reading where one is meant, else what was typed, as it was typed."""
    if text is None:
        return reading.text
    known = (reading.text, reading.other)
    return next((one for one in known if one.strip() == text.strip()), text.strip())


def answered(record: Record, spec: TypeSpec, layout: str, answers: Iterable[Answer]) -> Extract:
    """The record's readings with the answers in place of the doubts they settle."""
    fields = {field.name: _reading(record.fields.get(field.name)) for field in spec.fields}
    rows = [{column.name: _reading(row.get(column.name)) for column in spec.columns} for row in record.rows]
    for answer in answers:
        if answer.row is None:
            fields[answer.field] = _confirmed(fields[answer.field], answer)
            continue
        for row in same_cell(record, answer.field, answer.row):
            rows[row - 1][answer.field] = _confirmed(rows[row - 1][answer.field], answer)
    return Extract(spec.name, layout, fields, tuple(rows))


def _reading(datum: Datum | None) -> Reading:
    return datum.reading if datum else Reading("")


def _confirmed(reading: Reading, answer: Answer) -> Reading:
    text = said(reading, answer.text)
    first = text == reading.text
    word = Confirmed(answer.by, answer.on, reading.text, reading.other, reading.reason, answer.note)
    place = reading.place if first or reading.place else reading.other_place
    stored = reading.stored if first and not (reading.stored and reading.stored.uncached) else None
    kept = replace(reading, text=text, reason="", other="", other_place=None, confirmed=word)
    return replace(kept, place=place, stored=stored, printed=reading.printed if not text else "")
