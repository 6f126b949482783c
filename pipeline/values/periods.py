"""From … to …: 2022.8~2022.12, 2026年9月1日至2027年8月31日, 2026年第三季度, 自2026年9月1日起一年.

A period needs both ends, or says that it stays open (2026年9月起，长期坚持). One end alone is a question to the
sender, not a value. Whether a period is too long or outside the cycle is decided in `checks`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pipeline.values import calendars, writing
from pipeline.values.dates import (
    cell_month,
    from_cell,
    inherited,
    is_ditto,
    not_a_date,
    number_alone,
    plain_date,
    shown_month,
)
from pipeline.values.lengths import Stated, read_length
from pipeline.values.parsed import Context, Parsed, failed, unique
from pipeline.values.points import Flaw
from pipeline.values.scan import Scan, prepare, scan
from pipeline.values.spans import Span

if TYPE_CHECKING:
    from pipeline.model import Stored

_PLAIN = re.compile(r"(\d{4})[.年](\d{1,2})月?[~至-](\d{4})[.年](\d{1,2})月?", re.ASCII).fullmatch
_OPEN = re.compile(r"(?:并|且)?(?:长期(?:坚持|有效|推进)?|持续(?:推进|坚持|改进)?|常态化)")
_OPEN_LEFT = re.compile(r"(?:[-~至到]|截止|截至)$")
_OPEN_RIGHT = re.compile(r"^[-~至到]")


@dataclass(frozen=True, slots=True)
class Period:
    """First day … last day, both included; `end` is None only if `open_ended`. precision: day, xun, month, …"""

    start: date
    end: date | None
    precision: str = "day"
    open_ended: bool = False

    @property
    def months(self) -> int | None:
        """Whole months, None if it is not made of whole months or open."""
        return calendars.months_between(self.start, self.end) if self.end else None

    def exceeds(self, months: int) -> bool:
        """True if longer than so many months (一般不超过一年: 12); an open period always is."""
        return self.end is None or calendars.exceeds_months(self.start, self.end, months)


def parse_period(text: str, context: Context, stored: Stored | None = None) -> Parsed:
    """A period. Problems: end_before_start, invalid_date, inconsistent, ambiguous_date (half open, vague)."""
    if (early := _plain(text.strip())) is not None:
        return early
    if stored is not None and (cell := from_cell(stored, text, context)) is not None:
        return _cell(cell, cell_month(stored) or text, context)
    if (early := not_a_date(text)) is not None:
        return early
    if is_ditto(text):
        return inherited(context, parse_period)
    ready = prepare(text)
    if (early := number_alone(ready, context)) is not None:
        return failed("ambiguous_date", "ambiguous", note=early.note)
    try:
        return _assembled(scan(ready, context, (read_length, _read_open)))
    except Flaw as flaw:
        return failed(flaw.code, *flaw.flags, note=flaw.note)


def _plain(text: str) -> Parsed | None:
    """The two ordinary spellings, fast; None for all others and for everything that is wrong."""
    match = _PLAIN(text)
    if match is None:
        first_day, _, last_day = text.partition("至")
        begin, end = plain_date(first_day), plain_date(last_day)
        return Parsed(Period(begin, end)) if begin and end and begin <= end else None
    start = calendars.make_date(int(match[1]), int(match[2]), 1)
    first = calendars.make_date(int(match[3]), int(match[4]), 1)
    if start is None or first is None or start > first:
        return None
    return Parsed(Period(start, calendars.month_end(first.year, first.month), "month"))


def _cell(cell: Parsed, text: str, context: Context) -> Parsed:
    if (shown := shown_month(cell, text, context, parse_period)) is not None:
        return shown
    if isinstance(cell.value, date):
        return failed("ambiguous_date", "half_open", "ambiguous", note=writing.day(cell.value))
    return cell


@dataclass(frozen=True, slots=True)
class _Open:
    stop: int


def _read_open(text: str, pos: int) -> _Open | None:
    match = _OPEN.match(text, pos)
    return _Open(match.end()) if match else None


def _assembled(found: Scan[Stated | _Open]) -> Parsed:
    spans = [item for item in found.items if isinstance(item, Span)]
    lengths = [item for item in found.items if isinstance(item, Stated) and item.exact]
    if len(spans) == 2 and found.rests[1].strip() == "" and len(found.items) == 2:
        return _side_by_side(spans[0], spans[1])
    if len(spans) != 1 or len(lengths) > 1 or found.unread:
        return failed("ambiguous_date", *(("several",) if len(spans) > 1 else ()))
    span = spans[0]
    if any(isinstance(item, _Open) for item in found.items):
        return _open_ended(span)
    if lengths:
        return _with_length(span, lengths[0])
    if note := _missing_end(span, found):
        return failed("ambiguous_date", "half_open", "ambiguous", *span.flags, note=note)
    return failed("ambiguous_date") if found.hangs else _closed(span)


def _missing_end(span: Span, found: Scan[Stated | _Open]) -> str:
    """The half that is there, if the other one is not: 2026年9月1日起, 2026年12月31日止."""
    index = found.items.index(span)
    start, end = f"{writing.day(span.start)}起", f"{writing.day(span.end)}止"
    if span.since or _OPEN_RIGHT.search(found.rests[index + 1]):
        return start
    if _OPEN_LEFT.search(found.rests[index]) or (span.edge and not span.ranged):
        return end
    if span.precision == "day" and not span.ranged:
        return f"{writing.day(span.end)}或{span.other}" if span.other else writing.day(span.end)
    return ""


def _closed(span: Span) -> Parsed:
    return Parsed(Period(span.start, span.end, span.precision), flags=unique(span.flags), note=span.other)


def _side_by_side(left: Span, right: Span) -> Parsed:
    """Two dates with only a space or line break between them."""
    if left.start > right.end:
        return failed("end_before_start", note=f"{writing.day(left.start)}至{writing.day(right.end)}")
    precision = "month" if left.precision == right.precision == "month" else "day"
    return Parsed(
        Period(left.start, right.end, precision),
        flags=unique((*left.flags, *right.flags, "ambiguous")),
        note=right.other,
    )


def _open_ended(span: Span) -> Parsed:
    if span.ranged:
        return failed("ambiguous_date", "open_ended", "ambiguous", note=f"{writing.day(span.start)}起")
    precision = "month" if span.precision == "month" else "day"
    return Parsed(Period(span.start, None, precision, open_ended=True), flags=unique((*span.flags, "open_ended")))


def _with_length(span: Span, stated: Stated) -> Parsed:
    """2026年9月至2027年8月（一年) must agree; 自2026年9月1日起一年 is computed."""
    end = stated.length.after(span.start)[0] - timedelta(days=1)
    if stated.length.workdays or stated.anchor or stated.least or stated.after:
        return failed("ambiguous_date", "relative")
    if span.ranged:
        if end == span.end:
            return _closed(span)
        return failed("inconsistent", note=f"{writing.day(span.start)}至{writing.day(span.end)}")
    if not span.since and stated.firm:
        return failed("ambiguous_date", "half_open", "ambiguous", note=f"{writing.day(span.start)}起")
    precision = "month" if span.precision == "month" and stated.length.months and not stated.length.days else "day"
    return Parsed(Period(span.start, end, precision), flags=unique((*span.flags, "derived")))


def format_period(value: Period) -> str:
    """House style: 2026.8~2026.12, 2026年9月1日至2027年8月31日, 2026年第三季度, 2026年9月1日起，长期坚持."""
    if value.end is None:
        whole_month = value.precision == "month" and value.start.day == 1
        return (writing.month(value.start) if whole_month else writing.day(value.start)) + "起，长期坚持"
    if value.precision == "month" and value.months and value.start.day == 1:
        return f"{value.start.year}.{value.start.month}~{value.end.year}.{value.end.month}"
    if value.precision == "year" and value.start == calendars.whole("year", value.end.replace(year=value.start.year)):
        years = (value.start.year, value.end.year)
        return f"{years[0]}年" if years[0] == years[1] else f"{years[0]}年至{years[1]}年"
    if value.precision in ("xun", "quarter", "half") and calendars.whole(value.precision, value.end) == value.start:
        return writing.stretch(value.end, value.precision)
    return f"{writing.day(value.start)}至{writing.day(value.end)}"
