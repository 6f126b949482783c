"""The year a paper is about, and the days of a reported month or week."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.values import Context, parse
from pipeline.values.months import days_of

CONTEXT = Context(year=2025)


@pytest.mark.parametrize(
    "text",
    ["2026", "2026年", "2026年度", "2026 年度", "２０２６年", "二〇二六年", "二○二六年度", "2026.0", "（2026年）"],
)
def test_a_year_however_it_is_written(text: str) -> None:
    assert parse("year", text, CONTEXT).value == 2026
    assert parse("year", text, CONTEXT).flags == ()


@pytest.mark.parametrize(("text", "year", "flag"), [("26年", 2026, "short_year"), ("本年度", 2025, "implied_year")])
def test_a_year_that_needs_help_says_so(text: str, year: int, flag: str) -> None:
    assert (parse("year", text, CONTEXT).value, parse("year", text, CONTEXT).flags) == (year, (flag,))


@pytest.mark.parametrize("text", ["2025-2026年度", "2026年3月", "1905/7/18", "26", "0226年", "上一年", "20262027"])
def test_what_names_no_single_year_is_asked_about(text: str) -> None:
    assert parse("year", text, CONTEXT).problem == "bad_year"


@pytest.mark.parametrize(("text", "problem"), [("", ""), ("    年度", "bad_year"), ("XX年", "placeholder")])
def test_nothing_is_invented(text: str, problem: str) -> None:
    assert (parse("year", text, CONTEXT).value, parse("year", text, CONTEXT).problem) == (None, problem)


@pytest.mark.parametrize(
    ("text", "received", "month"),
    [
        ("12月", date(2027, 1, 5), "2026-12"),
        ("12月份", date(2027, 12, 1), "2027-12"),
        ("第52周", date(2027, 1, 5), "2026-W52"),
        ("1月", date(2027, 1, 5), "2027-01"),
        ("2027年12月", date(2027, 1, 5), "2027-12"),
    ],
)
def test_a_month_without_a_year_has_begun_when_it_is_reported(text: str, received: date, month: str) -> None:
    assert parse("month", text, Context(year=2027, received=received)).value == month


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("2026-02", (date(2026, 2, 1), date(2026, 2, 28))),
        ("2024-02", (date(2024, 2, 1), date(2024, 2, 29))),
        ("2026-W01", (date(2025, 12, 29), date(2026, 1, 4))),
        ("2026-W42", (date(2026, 10, 12), date(2026, 10, 18))),
        ("10月", None),
    ],
)
def test_the_days_of_a_month_or_week(code: str, days: tuple[date, date] | None) -> None:
    assert days_of(code) == days
