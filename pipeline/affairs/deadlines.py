"""Periods and the time limits of the three kinds of rectification (整改类型).

Answers for: adding months and days as 民法典 200–204 does (the first day does not count, a month ends on the same day
number or at its end), and the limits R50–R52 with the office's settings. Knowingly not: reading dates from text.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from typing import TYPE_CHECKING

from pipeline.affairs.calendar import Reckoned, WorkCalendar

if TYPE_CHECKING:
    from pipeline.settings import Rules

_YEARS = range(1950, 2200)

IMMEDIATE, LIMITED, LASTING = "立行立改", "限期整改", "长效治理"


@dataclass(frozen=True, slots=True)
class ClassLimits:
    """What a kind of rectification allows, counted from `base`. All days are still in time.

    `earliest`: before it only a remark (长效治理, §8.13). `plan`: the plan's own due date (限期整改). `printed` is the
    last day before any shift for a holiday, `last` the one that counts.
    """

    kind: str
    base: date
    printed: date
    last: date
    announced: bool = True
    earliest: date | None = None
    plan: date | None = None


def add_months(day: date, months: int) -> date:
    """The same day number `months` later, or that month's end: 31 January + 1 → 28 February.

    Beyond the last year a calendar knows it stays at that calendar's last day.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def class_limits(kind: str, base: date, rules: Rules, calendar: WorkCalendar) -> ClassLimits | None:
    """The limits of 立行立改, 限期整改 or 长效治理 counted from `base` (R50–R52); None for other words."""
    earliest = plan = None
    if base.year not in _YEARS:
        return None
    if kind == IMMEDIATE:
        printed = _immediate(base, rules, calendar)
    elif kind == LIMITED:
        printed = Reckoned(add_months(base, rules.effect_months))
        plan = _shifted(add_months(base, rules.plan_months), rules, calendar).day
    elif kind == LASTING:
        printed = Reckoned(add_months(base, rules.lasting_months))
        earliest = add_months(base, rules.lasting_min_months)
    else:
        return None
    last = _shifted(printed.day, rules, calendar)
    announced = printed.announced and last.announced
    return ClassLimits(kind, base, printed.day, last.day, announced=announced, earliest=earliest, plan=plan)


def longer_than(start: date, end: date, months: int) -> bool:
    """Whether start … end is more than `months`: exactly that long is not longer (R10, 民法典 1259).

    2022-08-01…2023-07-31 and 2022-05-01…2023-05-01 are twelve months, 2022-08-01…2023-08-31 is longer.
    """
    return end > add_months(start, months)


def _immediate(base: date, rules: Rules, calendar: WorkCalendar) -> Reckoned:
    if rules.immediate_workdays:
        return calendar.add_workdays(base, rules.immediate_days)
    return Reckoned(base + timedelta(days=rules.immediate_days))


def _shifted(day: date, rules: Rules, calendar: WorkCalendar) -> Reckoned:
    return calendar.next_workday(day) if rules.shift_computed else Reckoned(day)
