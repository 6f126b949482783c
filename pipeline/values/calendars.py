"""Plain arithmetic on days: months, quarters, ten-day parts, with the end-of-month rule of 民法典 200–204.

Working days and holidays are in `workdays`; which classes of deadline an office sets is not known here.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

WEEKDAYS = "一二三四五六日"
FIRST_YEAR, LAST_YEAR = 1900, 2199
_DAY = timedelta(days=1)


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None if there is no such day or the year cannot be meant (before 1900, after 2199)."""
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12:
        return None
    return date(year, month, day) if 1 <= day <= days_in(year, month) else None


def days_in(year: int, month: int) -> int:
    """How many days a month has."""
    return calendar.monthrange(year, month)[1]


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, days_in(year, month))


def add_months(day: date, months: int) -> date:
    """The same day number `months` later, or the month's last day where there is none (31 January + 1 → 28)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, days_in(year, month + 1)))


def add_days(day: date, days: int) -> date:
    """`days` natural days later; the first day does not count."""
    return day + timedelta(days=days)


def months_between(start: date, end: date) -> int | None:
    """Whole months that the days from start to end (both included) make up, else None: 2022-08-01…2023-07-31 → 12."""
    after = end + _DAY
    months = (after.year - start.year) * 12 + after.month - start.month
    return months if months > 0 and add_months(start, months) == after else None


def exceeds_months(start: date, end: date, months: int) -> bool:
    """True if the days from start to end, both included, are more than so many months (不超过 includes the number)."""
    return end >= add_months(start, months)


def whole(precision: str, end: date) -> date | None:
    """First day of the month, quarter, half, year or ten-day part that ends on `end`; None if none ends there."""
    last = end == month_end(end.year, end.month)
    if precision == "xun":
        return end.replace(day=21) if last else end.replace(day=end.day - 9) if end.day in (10, 20) else None
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(precision)
    if months is None or not last or end.month % months:
        return None
    return end.replace(month=end.month - months + 1, day=1)
