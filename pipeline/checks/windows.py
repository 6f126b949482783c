"""Stages of the cycle and the order of dates (R1, R2, R9, R11, R18, R35, R48).

Answers for: late and early arrivals, a form dated after it arrived or outside its stage, dates that run backwards, an
application made only after the day it is about.
Knowingly not: who has handed in nothing at all (that needs all submissions, not one).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipeline.errors import SettingsError
from pipeline.model import Finding, Severity
from pipeline.values import format_value

if TYPE_CHECKING:
    from pipeline.checks.case import Case, Cell
    from pipeline.settings import Window

_LATE: Mapping[str, Severity] = {"accepted": Severity.EXPLAIN, "returned": Severity.ERROR}


def window(case: Case, *, name: str = "", field: str = "") -> Iterator[Finding]:
    """Arrival and form date against a stage, both ends included (R2, R18).

    `name`: the stage, by default the type's own. `field`: the form's date, by default its first required date.
    Lateness goes by rules.lateness_by; a form dated after its arrival is an error (domain_rules §8.4).
    """
    stage = _stage(case, name or case.spec.window)
    cell = _form_date(case, field)
    filled = cell.date if cell else None
    rules, received = case.context.settings.rules, case.context.received
    counted = received if rules.lateness_by == "arrival" else filled
    if filled and filled > case.context.day:
        yield case.finding("inconsistent", Severity.ERROR, cell, variant="after_arrival", **_days(case.context.day))
    if counted and counted > (last := _last(case, stage)):
        late = {"days": str((counted - last).days), "arrived": _day(counted), **_stage_facts(case, stage)}
        yield case.finding("late", _LATE[rules.late], cell, **late)
        return
    if counted and counted < stage.start:
        yield case.finding("early", Severity.HINT, cell, arrived=_day(counted), **_stage_facts(case, stage))
    if filled and filled < stage.start:
        yield _dated_before(case, cell, filled, stage)


def date_in_window(case: Case, *, name: str, field: str) -> Iterator[Finding]:
    """A date that belongs to a stage, e.g. 党委意见日期 to 立项审批 (R11): outside it is worth a remark."""
    stage = _stage(case, name)
    for cell in case.cells(field):
        day = cell.date
        if day and day not in stage:
            yield case.finding("outside_window", Severity.HINT, cell, **_stage_facts(case, stage))


def date_order(case: Case, *, earlier: str, later: str) -> Iterator[Finding]:
    """`earlier` ≤ `later`, e.g. 填表时间 ≤ 支部意见日期 ≤ 党委意见日期 (R9). The finding is on the later field."""
    for cell in case.cells(later):
        day, before = cell.date, case.beside(earlier, cell.row)
        if day and before and before.date and day < before.date:
            facts = {"other": earlier, "other_date": _day(before.date)}
            yield case.finding("inconsistent", Severity.ERROR, cell, variant="order", **facts)


def postponed(case: Case, *, earlier: str, later: str) -> Iterator[Finding]:
    """`later` truly after `earlier`: an extension that ends no later is none (R35). The finding is on `later`."""
    for cell in case.cells(later):
        before = case.beside(earlier, cell.row)
        if cell.date and before and before.date and cell.date <= before.date:
            facts = {"other": earlier, "other_date": _day(before.date)}
            yield case.finding("inconsistent", Severity.ERROR, cell, variant="not_later", **facts)


def in_time(case: Case, *, field: str, deadline: str) -> Iterator[Finding]:
    """An application dated after the day it is about is late (R35): a remark, or an error if rules.late says so."""
    for cell in case.cells(field):
        due = case.beside(deadline, cell.row)
        if cell.date and due and due.date and cell.date > due.date:
            facts = {"other": deadline, "other_date": _day(due.date), "days": str((cell.date - due.date).days)}
            yield case.finding("late", _LATE[case.context.settings.rules.late], cell, variant="after_due", **facts)


def not_in_future(case: Case, *, fields: Sequence[str]) -> Iterator[Finding]:
    """Days that must have come by the time the paper arrives: when it was written, when the work was done (R48)."""
    for cell in (cell for name in fields for cell in case.cells(name)):
        if cell.date and cell.date > case.context.day:
            yield case.finding("inconsistent", Severity.ERROR, cell, variant="after_arrival", **_days(case.context.day))


def _dated_before(case: Case, cell: Cell | None, filled: date, stage: Window) -> Finding:
    """A form of another year is more than early: an old form was probably used again."""
    if filled.year != stage.start.year:
        facts = _stage_facts(case, stage)
        return case.finding("inconsistent", Severity.EXPLAIN, cell, variant="other_year", **facts)
    return case.finding("outside_window", Severity.HINT, cell, **_stage_facts(case, stage))


def _stage(case: Case, name: str) -> Window:
    try:
        return case.context.settings.cycle.window(name, case.context.day)
    except KeyError as error:
        raise SettingsError(
            f"文种“{case.spec.name}”要按阶段“{name}”检查，请在 pipeline.toml 的 [cycle.windows] 里加上它。"
        ) from error


def _form_date(case: Case, field: str) -> Cell | None:
    dates = [one.name for one in case.spec.fields if one.type == "date" and one.required == "yes"]
    name = field or next(iter(dates), "")
    return next(iter(case.cells(name)), None) if name else None


def _last(case: Case, stage: Window) -> date:
    """The last day in time; a rest day stays the printed one unless the office shifts it (domain_rules §8.3)."""
    shift = case.context.settings.rules.shift_window_end
    return case.calendar.next_workday(stage.end).day if shift else stage.end


def _stage_facts(case: Case, stage: Window) -> dict[str, str]:
    facts = {"window": stage.name, "start": _day(stage.start), "end": _day(_last(case, stage))}
    if not case.calendar.is_workday(stage.end):
        facts["rest_day"] = "（截止日为休息日）"
    return {**facts, "clause": stage.clause} if stage.clause else facts


def _days(day: date) -> dict[str, str]:
    return {"arrived": _day(day)}


def _day(day: date) -> str:
    return format_value("date", day)
