"""A single day: 2026年8月20日, 二〇二六年五月二十日, 20220815, an Excel cell. Month or year alone is not a day."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.values import writing
from pipeline.values.blanks import is_blank, is_sample, says_not_applicable
from pipeline.values.calendars import make_date
from pipeline.values.parsed import BLANK, NOT_APPLICABLE, Context, Parsed, failed, unique
from pipeline.values.points import Flaw
from pipeline.values.scan import Scan, prepare, scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.model import Stored
    from pipeline.values.spans import Span

_PLAIN = re.compile(r"(\d{4})(?: ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日|([-./])(\d{1,2})\4(\d{1,2}))", re.ASCII).fullmatch
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII).fullmatch
_EIGHT_DIGITS = re.compile(r"(?:19|20|21)\d{6}", re.ASCII).fullmatch
_YEAR_MONTH = re.compile(r"(?:(?:19|20|21)\d\d|\d{1,2})\.\d{1,2}", re.ASCII).fullmatch
_DITTO = frozenset(("同上", "〃", "″", '"', "''", "”", "々", "同前", "与上同"))
_GROUPS = re.compile(r"\d+|[一二三四五六七八九十〇○]+", re.ASCII)
_DAY_SHOWN = re.compile(r"日|号|^\s*$|^\s*[\d.,]+\s*$", re.ASCII)
_PRINTED = re.compile(r"[.。,;、:]*(?:\(?(?:加?盖章|公章|签字|签名|章)\)?)?[.。]*").fullmatch
_EPOCH = date(1899, 12, 30)
_SERIAL_YEARS = 15
_OLDEST_CELL = 1950


def plain_date(text: str) -> date | None:
    """The day of the ordinary full spellings, fast; None for every other text, also for an impossible day."""
    match = _PLAIN(text)
    if match is None:
        return None
    year, month, day, _, other_month, other_day = match.groups()
    return make_date(int(year), int(month or other_month), int(day or other_day))


def parse_date(text: str, context: Context, stored: Stored | None = None) -> Parsed:
    """One day. Problems: invalid_date, inconsistent (weekday), ambiguous_date (no day, several, 尽快)."""
    if stored is not None and (early := from_cell(stored, text, context)) is not None:
        return early
    if (day := plain_date(text.strip())) is not None:
        return Parsed(day)
    if (early := not_a_date(text)) is not None:
        return early
    if is_ditto(text):
        return inherited(context, parse_date)
    ready = prepare(text)
    if (early := number_alone(ready, context)) is not None:
        return early
    try:
        return _single(scan(ready, context))
    except Flaw as flaw:
        return failed(flaw.code, *flaw.flags, note=flaw.note)


def _single(found: Scan[Span]) -> Parsed:
    if len(found.items) != 1 or found.unread:
        return failed("ambiguous_date", *(("several",) if len(found.items) > 1 else ()))
    span = found.items[0]
    if span.ranged or span.since or (span.precision != "day" and not span.edge):
        return failed("ambiguous_date", "incomplete", note=writing.stretch(span.end, span.precision))
    if found.hangs:
        return failed("ambiguous_date")
    sure = span.precision == "day" and all(map(_PRINTED, found.rests))
    flags = span.flags if sure else (*span.flags, "ambiguous")
    return Parsed(span.end, flags=unique(flags), note=span.other)


def not_a_date(text: str) -> Parsed | None:
    """The answer for a text that is blank, left-in sample text, or 无; None if it has to be read."""
    if is_blank(text):
        return BLANK
    if is_sample(text):
        return failed("placeholder")
    return NOT_APPLICABLE if says_not_applicable(text) else None


def is_ditto(text: str) -> bool:
    """同上 and its signs."""
    return text.strip() in _DITTO


def inherited(context: Context, parse: Callable[[str, Context], Parsed]) -> Parsed:
    """The reading of the row above for 同上; ambiguous_date if there is none to copy."""
    above = context.above.strip()
    if not above or is_ditto(above):
        return failed("ambiguous_date", "inherited")
    found = parse(above, context)
    return Parsed(found.value, found.problem, unique((*found.flags, "inherited")), found.note)


def from_cell(stored: Stored, text: str, context: Context) -> Parsed | None:
    """The reading of an Excel cell that holds a date or a bare number; None if its text decides."""
    value = stored.value
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        if day.year < _OLDEST_CELL:
            return failed("ambiguous_date", "ambiguous", note=writing.day(day))
        return Parsed(day, flags=() if shows_day(text) else ("ambiguous",))
    if isinstance(value, Decimal) and not stored.percent:
        return from_number(value, context)
    return None


def shows_day(text: str) -> bool:
    """True unless the cell's text lacks a year or a day (Aug-22, 8月12日): Excel may have turned 8-12 into a day."""
    return not text.strip() or len(_GROUPS.findall(text)) >= 3


def from_number(value: Decimal, context: Context) -> Parsed:
    """A number in a date column: a serial number, eight digits, or nothing that can be known."""
    if value == value.to_integral_value():
        number = int(value)
        if 19000101 <= number <= 21991231:
            day = make_date(number // 10000, number // 100 % 100, number % 100)
            return Parsed(day) if day else failed("invalid_date")
        if 30000 <= number <= 80000:
            day = _EPOCH + timedelta(days=number)
            if abs(day.year - context.year) <= _SERIAL_YEARS:
                return Parsed(day, flags=("serial",))
    return failed("ambiguous_date", "ambiguous", note=_month_readings(value))


def cell_month(stored: Stored) -> str:
    """The month that a number like 2022.12 in a cell can only mean; "" for 2022.1 (1月 or 10月) and all others."""
    value = stored.value
    months = _month_readings(value) if isinstance(value, Decimal) else ""
    return months if months and "或" not in months else ""


def shown_month(cell: Parsed, text: str, context: Context, parse: Callable[[str, Context], Parsed]) -> Parsed | None:
    """The reading of a cell whose text names a month only, flagged; None if it does not, or not the stored one."""
    day = cell.value
    if "ambiguous" not in cell.flags or _DAY_SHOWN.search(text) or (isinstance(day, date) and day.day != 1):
        return None
    found = parse(text, context)
    if getattr(found.value, "precision", "") != "month":
        return None
    return Parsed(found.value, flags=unique((*found.flags, "ambiguous")))


def _month_readings(value: Decimal) -> str:
    """2022.1 may be 1月 or 10月: Excel drops the last 0."""
    if not 1900 <= value < 2200:
        return ""
    year, _, fraction = format(value.normalize(), "f").partition(".")
    months = {"1": (1, 10)}.get(fraction, (int(fraction),) if fraction.isdigit() and int(fraction) <= 12 else ())
    return "或".join(f"{year}年{month}月" for month in months if month)


def number_alone(text: str, context: Context) -> Parsed | None:
    """The answer for a text that is nothing but a number without a certain meaning (30, 2026.1, 44788), else None."""
    if not _NUMBER(text) or _EIGHT_DIGITS(text) or (_YEAR_MONTH(text) and not text.endswith(".1")):
        return None
    found = from_number(Decimal(text), context)
    return Parsed(found.value, found.problem, unique((*found.flags, "ambiguous")), found.note)
