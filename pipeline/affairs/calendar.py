"""Workdays: the State Council's lists (values.workdays), amended by the office, Monday to Friday where unknown.

Answers for: is this a workday, the n-th workday after a day, the next workday. A year whose list is not known
(`announced` false) is told to the reader as 「节假日安排未公布」. Knowingly not: lunar dates, office hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import count, islice

from pipeline.settings import Holidays
from pipeline.values.workdays import is_workday

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A day that was computed; `announced` is false when a year without a known holiday list took part."""

    day: date
    announced: bool = True


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Workdays as an office knows them: its own entries count before the published lists."""

    holidays: Holidays = field(default_factory=Holidays)

    def is_workday(self, day: date) -> bool:
        """Whether people work on that day, by the best list there is."""
        if day in self.holidays.work:
            return True
        if day in self.holidays.off:
            return False
        listed = _listed(day)
        return day.weekday() < _SATURDAY if listed is None else listed

    def announced(self, day: date) -> bool:
        """Whether the holidays of that day's year are known, by package or by the office's own entries."""
        own = (*self.holidays.off, *self.holidays.work)
        return _listed(day) is not None or any(entry.year == day.year for entry in own)

    def next_workday(self, day: date) -> Reckoned:
        """The day itself if it is a workday, else the first one after it (民法典 203)."""
        return next(self._workdays(day))

    def add_workdays(self, day: date, number: int) -> Reckoned:
        """The `number`-th workday after `day`, which itself does not count (民法典 201). `number` ≥ 1."""
        if number < 1:
            raise ValueError(number)
        return next(islice(self._workdays(day + timedelta(days=1)), number - 1, None))

    def _workdays(self, start: date) -> Iterator[Reckoned]:
        announced = True
        for step in count():
            day = start + timedelta(days=step)
            announced = announced and self.announced(day)
            if self.is_workday(day):
                yield Reckoned(day, announced)


@lru_cache(maxsize=4096)
def _listed(day: date) -> bool | None:
    """Whether the published lists say workday; None for a year the package does not know."""
    works, known = is_workday(day)
    return works if known else None
