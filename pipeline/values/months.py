"""The reporting period (报告期): a month as "2026-10" or an ISO week as "2026-W42"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pipeline.values.calendars import make_date, month_end
from pipeline.values.dates import cell_month, from_cell, not_a_date, number_alone
from pipeline.values.parsed import Context, Parsed, failed, unique
from pipeline.values.points import Flaw
from pipeline.values.scan import Scan, prepare, scan

if TYPE_CHECKING:
    from pipeline.model import Stored
    from pipeline.values.spans import Span

_WEEK = re.compile(r"(?:(?P<y>\d{4})年?[-/]?)?(?:第(?P<n>\d{1,2})周|W(?P<w>\d{1,2}))(?:周?报)?", re.ASCII)
_CODE = re.compile(r"(\d{4})-(?:W(\d\d)|(\d\d))", re.ASCII)


def parse_month(text: str, context: Context, stored: Stored | None = None) -> Parsed:
    """A month or week. Problems: invalid_date, ambiguous_date (a quarter, a day, 2026.1).

    Nobody reports on what has not begun: without a year, December handed in in January is last year's.
    """
    found = _parsed(text, context, stored)
    if "implied_year" not in found.flags or context.received is None or not isinstance(found.value, str):
        return found
    days = days_of(found.value)
    early = days is not None and days[0] > context.received
    return _parsed(text, replace(context, year=context.implied_year - 1, base=None), stored) if early else found


def _parsed(text: str, context: Context, stored: Stored | None) -> Parsed:
    if stored is not None and (cell := from_cell(stored, text, context)) is not None:
        return _of_cell(cell, cell_month(stored), context)
    if (early := not_a_date(text)) is not None:
        return early
    ready = prepare(text)
    if match := _WEEK.fullmatch(ready):
        return _week(match, context)
    if (early := number_alone(ready, context)) is not None:
        return failed("ambiguous_date", "ambiguous", note=early.note)
    try:
        found: Scan[Span] = scan(ready, context)
    except Flaw as flaw:
        return failed(flaw.code, *flaw.flags, note=flaw.note)
    if len(found.items) != 1 or found.unread or found.hangs:
        return failed("ambiguous_date")
    return _of_span(found.items[0])


def _of_cell(cell: Parsed, number: str, context: Context) -> Parsed:
    if number:
        return Parsed(parse_month(number, context).value, flags=("ambiguous",))
    if not isinstance(cell.value, date):
        return cell
    return Parsed(f"{cell.value:%Y-%m}", flags=("ambiguous",) if cell.value.day != 1 else ())


def _week(match: re.Match[str], context: Context) -> Parsed:
    year, number = int(match["y"] or context.implied_year), int(match["n"] or match["w"])
    if make_date(year, 12, 28) is None or not 1 <= number <= date(year, 12, 28).isocalendar().week:
        return failed("invalid_date")
    return Parsed(f"{year}-W{number:02}", flags=() if match["y"] else ("implied_year",))


def _of_span(span: Span) -> Parsed:
    """A month, or days that are exactly one month or one ISO week."""
    first, last = span.start, span.end
    if span.precision == "month" and (first.year, first.month) == (last.year, last.month):
        return Parsed(f"{first:%Y-%m}", flags=unique(span.flags))
    if first.day == 1 and (last.year, last.month) == (first.year, first.month) and (last - first).days >= 27:
        return Parsed(f"{first:%Y-%m}", flags=unique((*span.flags, "derived")))
    if first.weekday() == 0 and (last - first).days == 6:
        year, week, _ = first.isocalendar()
        return Parsed(f"{year}-W{week:02}", flags=unique((*span.flags, "derived")))
    return failed("ambiguous_date", *span.flags)


def format_month(value: str) -> str:
    """2026年10月, 2026年第42周; any other string as it is."""
    match = _CODE.fullmatch(value)
    if match is None:
        return value
    return f"{match[1]}年第{int(match[2])}周" if match[2] else f"{match[1]}年{int(match[3])}月"


def days_of(value: str) -> tuple[date, date] | None:
    """First and last day of "2026-10" or "2026-W42"; None for any other string."""
    match = _CODE.fullmatch(value)
    if match is None:
        return None
    if match[2]:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1), date.fromisocalendar(
            int(match[1]), int(match[2]), 7
        )
    return date(int(match[1]), int(match[3]), 1), month_end(int(match[1]), int(match[3]))
