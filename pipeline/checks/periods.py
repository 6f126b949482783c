"""How long a project takes and whether it lies in its cycle (R10, R20, R24).

Answers for: more than a year without a dated stage goal, periods outside the cycle's year, a deadline outside its
period. Knowingly not: what the stage goal says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipeline import values
from pipeline.affairs.deadlines import longer_than
from pipeline.checks.case import Case, Cell
from pipeline.model import Finding, Severity
from pipeline.values import Deadline, Period, format_value
from pipeline.values.fold import fold

_DATE = re.compile(
    r"(?:\d{4}|本)\s*年\s*(?:年?底|年?末|内|度内)|\d{4}\s*[年.\-/]\s*\d{1,2}\s*(?:[月.\-/]\s*(?:\d{1,2}\s*日?|[上中下]旬|底|末)?)?"
    r"|\d{1,2}\s*月\s*(?:\d{1,2}\s*日|[上中下]旬|底|末)?|年底|年末|年内"
)
_STAGE_WORD = "阶段"


def one_year(case: Case, *, period: str, stage_goal: str = "") -> Iterator[Finding]:
    """More than rules.max_months needs a stage goal dated by the year's end (R10); exactly a year is no more,
    an open end is.

    On a form the finding is on the stage goal; in a ledger, and on a form that has no field for it, on the period,
    where any cell of the row or any field may hold the goal.
    """
    months = case.context.settings.rules.max_months
    for cell in case.cells(period):
        span = cell.datum.value
        if not cell.firm or not isinstance(span, Period):
            continue
        if span.end is None or longer_than(span.start, span.end, months):
            yield from _stage_goal(case, cell, stage_goal)


def period_inside_cycle(case: Case, *, field: str) -> Iterator[Finding]:
    """A period that ends before the cycle's year, or starts in another one, is asked about (R24)."""
    year = case.context.year
    for cell in case.cells(field):
        span = cell.datum.value
        if not cell.firm or not isinstance(span, Period):
            continue
        if span.start.year < year:
            yield case.finding("outside_cycle", Severity.EXPLAIN, cell, year=str(year))
        elif span.start.year > year:
            yield case.finding("outside_cycle", Severity.HINT, cell, year=str(year))


def inside_period(case: Case, *, field: str, period: str) -> Iterator[Finding]:
    """A day or deadline within the period beside it, both ends included (R20). The finding is on `field`."""
    for cell in case.cells(field):
        beside = case.beside(period, cell.row)
        span = beside.datum.value if beside and beside.firm else None
        day = _last_day(cell)
        if isinstance(span, Period) and day and (day < span.start or (span.end and day > span.end)):
            facts = {"other": period, "period": beside.text if beside else ""}
            yield case.finding("inconsistent", Severity.ERROR, cell, variant="outside_period", **facts)


def _last_day(cell: Cell) -> date | None:
    value = cell.datum.value if cell.firm else None
    return value.end if isinstance(value, Deadline) else cell.date


def _stage_goal(case: Case, period: Cell, name: str) -> Iterator[Finding]:
    due = case.context.settings.rules.stage_goal_by(case.context.year)
    facts = {"period": period.text, "due": format_value("date", due), "months": str(_months(case))}
    goal = case.beside(name, period.row) if name else None
    if period.row is not None or not name:
        if not _dated_by(_goal_in(case, period.row), due):
            variant = "form" if period.row is None else "row"
            yield case.finding("too_long", Severity.EXPLAIN, period, variant=variant, **facts)
        return
    if goal is None or goal.blank:
        yield case.finding("too_long", Severity.ERROR, _at(goal, period), **facts)
    elif not goal.datum.reading.doubt and not _dated_by(goal.text, due):
        yield case.finding("too_long", Severity.EXPLAIN, goal, variant="undated", **facts)


def _at(goal: Cell | None, period: Cell) -> Cell:
    """The missing stage goal is marked where the period stands when the form has no place for it."""
    if goal is None:
        return period
    if goal.datum.reading.place is None and period.datum.reading.place is not None:
        return Cell(goal.field, None, period.datum)
    return goal


def _goal_in(case: Case, row: int | None) -> str:
    """Every text of the row, or of the form, that speaks of a stage."""
    data = case.record.fields if row is None else case.record.rows[row - 1]
    return "\n".join(datum.text for datum in data.values() if _STAGE_WORD in datum.text)


def _dated_by(text: str, due: date) -> bool:
    """Whether the text names a day not later than `due`; a date without a year is read in the year of `due`."""
    context = values.Context(year=due.year)
    for found in _DATE.finditer(fold(text)):
        value = values.parse("deadline", found[0].replace("本年", ""), context).value
        end = getattr(value, "end", None)
        if isinstance(end, date) and end <= due:
            return True
    return False


def _months(case: Case) -> int:
    return case.context.settings.rules.max_months
