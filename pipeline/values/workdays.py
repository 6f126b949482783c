"""Working days (工作日) after the State Council's yearly list.

`chinesecalendar` knows the announced years; beyond it only Monday to Friday is certain, and the answer says so. The
office's own table of exceptions belongs to `affairs`.
"""

from __future__ import annotations

from datetime import date, timedelta


def is_workday(day: date) -> tuple[bool, bool]:
    """(working day?, is the year's holiday list known?)."""
    from chinese_calendar import is_workday as announced

    try:
        return bool(announced(day)), True
    except NotImplementedError:
        return day.weekday() < 5, False


def add_workdays(base: date, count: int) -> tuple[date, bool]:
    """The `count`-th working day after `base` (which does not count), and whether all its years are announced."""
    day, known = base, True
    while count > 0:
        day += timedelta(days=1)
        works, announced = is_workday(day)
        known = known and announced
        count -= works
    return day, known
