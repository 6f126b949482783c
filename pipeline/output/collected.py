"""All accepted ledgers of one type as one list (进展月报, 考核评分表 …): who handed it in, what it is about, its rows.

Texts are copied; only what was understood without doubt is put in the house style (45%, 2026年10月12日). Knowingly not:
adding up, comparing, judging. The 党建项目汇总表 has rules of its own (`consolidate`, `tables`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.office.xlsx_list import Column, write_list
from pipeline.output import words
from pipeline.output.consolidate import unit_order
from pipeline.values import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from pipeline.forms.spec import FieldSpec, TypeSpec
    from pipeline.model import Datum
    from pipeline.output.registry import Filed
    from pipeline.settings import Settings
    from pipeline.values import Roster

_UNIT_FIELDS = ("单位名称", "单位")
_SERIAL = "序号"
_HOUSE = frozenset(("date", "month", "year", "percent", "score", "choice", "person", "period"))
_WIDTHS = {"date": 16.0, "deadline": 18.0, "period": 18.0, "month": 13.0, "year": 9.0, "percent": 9.0, "score": 9.0,
           "count": 8.0, "choice": 12.0, "person": 10.0, "phone": 15.0, "org": 20.0, "long": 30.0}  # fmt: skip
_OTHERWISE = 22.0


@dataclass(frozen=True, slots=True)
class Collected:
    """The list before it is written: `sources` is the number of ledgers it was made from."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: int


def collect_rows(spec: TypeSpec, filed: Sequence[Filed], roster: Roster) -> Collected:
    """Units as the roster lists them, their ledgers in the order of arrival, rows as they stand; numbered through."""
    about = [one for one in spec.fields if one.name in spec.key and one.name not in _UNIT_FIELDS]
    own = [one for one in spec.columns if one.name != _SERIAL]
    ordered = sorted(filed, key=lambda one: unit_order(roster, one.unit))
    rows = [cells for one in ordered for cells in _rows(one, about, own)]
    columns = (Column(_SERIAL, 6.0, centred=True), Column("单位", 20.0), *map(_column, (*about, *own)))
    numbered = tuple((str(number), *cells) for number, cells in enumerate(rows, 1))
    return Collected(columns, numbered, len(ordered))


def render_collected(spec: TypeSpec, whole: Collected, settings: Settings, *, today: date) -> bytes:
    """The workbook, landscape, header on every page."""
    title = words.COLLECTED_TITLE.format(title=spec.titles[0])
    note = words.collected_note(today, whole.sources, len(whole.rows))
    return write_list(spec.name, title, note=note, columns=whole.columns, rows=whole.rows, fonts=settings.fonts)


def _rows(one: Filed, about: Sequence[FieldSpec], own: Sequence[FieldSpec]) -> Iterator[tuple[str, ...]]:
    record = one.outcome.record
    if record is None:
        return
    head = tuple(_text(record.fields.get(field.name)) for field in about)
    for row in record.rows:
        yield (one.unit, *head, *(_text(row.get(column.name)) for column in own))


def _text(datum: Datum | None) -> str:
    if datum is None:
        return ""
    sure = datum.value is not None and not datum.reading.doubt and datum.kind in _HOUSE
    return format_value(datum.kind, datum.value) if sure else datum.text


def _column(field: FieldSpec) -> Column:
    width = _WIDTHS.get(field.type, _OTHERWISE)
    return Column(field.name, width, centred=width < _OTHERWISE and field.type not in ("org", "text"))
