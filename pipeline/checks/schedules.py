"""Dates against the year or the period a ledger is about, and schedules that name a time (R15, R74, R75, R104)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipeline.model import Finding, Severity
from pipeline.values import Deadline
from pipeline.values.months import days_of

if TYPE_CHECKING:
    from pipeline.checks.case import Case, Cell


def dated(case: Case, *, fields: Sequence[str]) -> Iterator[Finding]:
    """A schedule (时序进度) names at least one time or a rhythm (R104); 长期坚持 alone names none.

    What cannot be read as a date at all was said when it was read.
    """
    for name in fields:
        for cell in case.cells(name):
            value = cell.datum.value
            if cell.firm and isinstance(value, Deadline) and not (value.end or value.recurring):
                yield case.finding("ambiguous_date", Severity.EXPLAIN, cell)


def same_year(case: Case, *, fields: Sequence[str], year: str) -> Iterator[Finding]:
    """Dates and deadlines that end before or after the year of the ledger; before it, last year's was copied."""
    for name in fields:
        for cell in case.cells(name):
            of, end = case.beside(year, cell.row), _end(cell)
            meant = of.datum.value if of and of.firm else None
            if end is None or not isinstance(meant, int) or end.year == meant:
                continue
            severity = Severity.EXPLAIN if end.year < meant else Severity.HINT
            yield case.finding("outside_cycle", severity, cell, variant="of_year", of_year=str(meant))


def date_in_period(case: Case, *, field: str, period: str) -> Iterator[Finding]:
    """A date inside the month or week reported on (R15): outside it is worth a remark."""
    for cell in case.cells(field):
        reported = case.beside(period, cell.row)
        if cell.date is None or reported is None or not reported.firm:
            continue
        days = days_of(str(reported.datum.value))
        if days and not days[0] <= cell.date <= days[1]:
            yield case.finding("inconsistent", Severity.HINT, cell, variant="period", period=reported.text)


def _end(cell: Cell) -> date | None:
    value = cell.datum.value
    return value.end if cell.firm and isinstance(value, Deadline) else cell.date
