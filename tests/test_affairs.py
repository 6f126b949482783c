"""Workdays, months, the three kinds of rectification and their lights."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.affairs.calendar import WorkCalendar
from pipeline.affairs.deadlines import IMMEDIATE, LASTING, LIMITED, add_months, class_limits, longer_than
from pipeline.affairs.rectification import Light, light
from pipeline.settings import Holidays, Rules

PLAIN = WorkCalendar()
RULES = Rules()
DAYS = st.dates(date(2004, 1, 1), date(2040, 12, 31))


def test_published_lists_decide_weekends_and_holidays() -> None:
    assert not PLAIN.is_workday(date(2026, 10, 1))
    assert PLAIN.is_workday(date(2026, 10, 10))  # a Saturday people work on
    assert not PLAIN.is_workday(date(2026, 8, 29))


def test_the_office_overrides_the_lists() -> None:
    own = WorkCalendar(Holidays(off=(date(2026, 8, 27),), work=(date(2026, 8, 29),)))
    assert not own.is_workday(date(2026, 8, 27))
    assert own.is_workday(date(2026, 8, 29))


def test_a_year_without_a_list_goes_by_weekdays_and_says_so() -> None:
    reckoned = PLAIN.next_workday(date(2031, 1, 4))  # a Saturday
    assert reckoned.day == date(2031, 1, 6)
    assert not reckoned.announced
    assert PLAIN.next_workday(date(2026, 8, 29)).announced


def test_an_office_that_entered_a_year_has_announced_it() -> None:
    own = WorkCalendar(Holidays(off=(date(2031, 1, 1),)))
    assert own.announced(date(2031, 6, 1))
    assert own.next_workday(date(2031, 1, 1)).day == date(2031, 1, 2)


def test_the_first_day_does_not_count() -> None:
    assert PLAIN.add_workdays(date(2026, 8, 27), 3).day == date(2026, 9, 1)  # Thursday, over a weekend
    assert PLAIN.add_workdays(date(2026, 9, 30), 1).day == date(2026, 10, 8)  # over the National Day week


def test_crossing_into_an_unknown_year_is_flagged() -> None:
    assert not PLAIN.add_workdays(date(2026, 12, 31), 3).announced
    with pytest.raises(ValueError, match="0"):
        PLAIN.add_workdays(date(2026, 1, 1), 0)


@given(DAYS, st.integers(1, 40))
def test_the_nth_workday_is_the_nth(day: date, number: int) -> None:
    end = PLAIN.add_workdays(day, number).day
    between = [day + timedelta(days=step) for step in range(1, (end - day).days + 1)]
    assert sum(map(PLAIN.is_workday, between)) == number
    assert PLAIN.is_workday(end)


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(9999, 12, 1), 1, date.max),
    ],
)
def test_a_month_ends_on_the_same_day_or_at_its_end(day: date, months: int, end: date) -> None:
    assert add_months(day, months) == end


@given(DAYS, st.integers(0, 60))
def test_months_are_whole_months(day: date, months: int) -> None:
    end = add_months(day, months)
    assert (end.year - day.year) * 12 + end.month - day.month == months
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("start", "end", "too_long"),
    [
        (date(2022, 8, 1), date(2023, 7, 31), False),
        (date(2022, 8, 1), date(2023, 8, 31), True),
        (date(2022, 5, 1), date(2023, 4, 30), False),
        (date(2022, 5, 1), date(2023, 5, 1), False),
        (date(2022, 5, 1), date(2023, 5, 2), True),
    ],
)
def test_exactly_one_year_is_not_longer(start: date, end: date, *, too_long: bool) -> None:
    assert longer_than(start, end, 12) is too_long


def test_limits_of_the_three_kinds() -> None:
    base = date(2026, 3, 10)
    limits = {kind: class_limits(kind, base, RULES, PLAIN) for kind in (IMMEDIATE, LIMITED, LASTING)}
    assert {kind: found.last for kind, found in limits.items() if found} == {
        IMMEDIATE: date(2026, 3, 17),
        LIMITED: date(2026, 6, 10),
        LASTING: date(2027, 3, 10),
    }
    limited, lasting = limits[LIMITED], limits[LASTING]
    assert limited is not None
    assert limited.plan == date(2026, 4, 10)
    assert lasting is not None
    assert lasting.earliest == date(2026, 9, 10)
    assert not lasting.announced  # 2027 is not published yet


def test_a_computed_limit_moves_past_a_holiday_and_keeps_the_printed_day() -> None:
    limits = class_limits(IMMEDIATE, date(2026, 9, 25), RULES, PLAIN)
    assert limits is not None
    assert (limits.printed, limits.last) == (date(2026, 10, 2), date(2026, 10, 8))
    unshifted = class_limits(IMMEDIATE, date(2026, 9, 25), Rules(shift_computed=False), PLAIN)
    assert unshifted is not None
    assert unshifted.last == date(2026, 10, 2)


def test_the_week_may_be_counted_in_workdays() -> None:
    limits = class_limits(IMMEDIATE, date(2026, 3, 10), Rules(immediate_workdays=True), PLAIN)
    assert limits is not None
    assert limits.last == date(2026, 3, 19)


def test_other_words_and_wild_dates_have_no_limit() -> None:
    assert class_limits("中长期整改", date(2026, 3, 10), RULES, PLAIN) is None
    assert class_limits(IMMEDIATE, date.max, RULES, PLAIN) is None


@pytest.mark.parametrize(
    ("today", "colour"),
    [
        (date(2026, 3, 31), Light.GREEN),
        (date(2026, 4, 1), Light.OVERDUE),
        (date(2026, 4, 13), Light.OVERDUE),
        (date(2026, 4, 14), Light.YELLOW),
        (date(2026, 4, 30), Light.YELLOW),
        (date(2026, 5, 1), Light.RED),
    ],
)
def test_two_weeks_late_is_yellow_more_than_a_month_is_red(today: date, colour: Light) -> None:
    assert light(date(2026, 3, 31), today, RULES) == colour


@given(DAYS)
def test_open_ended_and_finished_items_never_turn_red(today: date) -> None:
    assert light(None, today, RULES) == Light.OPEN
    assert light(date(2004, 1, 1), today, RULES, done=True) == Light.DONE
