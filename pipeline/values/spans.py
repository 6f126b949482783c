"""Stretches of days inside a text: 2022.8.15, 8月底前, 2026年第三季度, 4至6月, 2022.8~2022.12, “七一”前.

`read_span` reads one at a given position of a squeezed text; a year or month that is not written comes from the left
part, then from the context. Whole readings (date, period, deadline) are made of spans by the modules of those names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.values import calendars, points, writing
from pipeline.values.points import Flaw, Point, Years

_SINCE = re.compile(r"起|开始|之?后|以后")
_TO = re.compile(r"(?:起|开始)?,?(?:[-~]|直?至|直?到)")
_SUFFIX = re.compile(
    r"(?:\(?(?:星期|周|礼拜)(?P<week>[一二三四五六日天])\)?)?"
    r"(?:[ T]?(?P<half>上午|下午|晚上?|中午|早上)?(?P<hour>\d{1,2})(?:[:：](?P<minute>\d{2})(?::\d{2})?|[点时]"
    r"(?:(?P<past>\d{1,2})分|(?P<thirty>半)|整|钟)?)|(?:上午|下午|晚上|中午|下班))?"
    r"(?P<mark>前后|左右|上下|(?:之前|以前|前)(?![期往进述置列景沿后])|以内|之内|内|为?止|起|开始|(?:之|以)后)?",
    re.ASCII,
)
_RIGHT_MONTH_DAY = re.compile(r"(?P<m>\d{1,2})[./-](?P<d>\d{1,2})(?![\d./-])日?", re.ASCII)
_RIGHT_DAY = re.compile(r"(?P<d>\d{1,2})[日号]", re.ASCII)
_RIGHT_BARE = re.compile(r"(?P<n>\d{1,2})(?=$|[,;。、()前之以止内])", re.ASCII)
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day of what is written at text[begin:stop], both included.

    `ranged`: from … to … was written. `before`: 前. `since`: 起, 后 (an end is missing). `edge`: an end is named (底).
    `time`: HH:MM of a day. `other`: the other defensible reading. `year`: the year to inherit on the right.
    """

    start: date
    end: date
    precision: str
    begin: int
    stop: int
    flags: tuple[str, ...] = ()
    ranged: bool = False
    before: bool = False
    since: bool = False
    edge: bool = False
    time: str = ""
    other: str = ""
    year: int = 0


def read_span(text: str, pos: int, years: Years) -> Span | None:
    """The span that starts exactly at `pos`, a range if one is written there. Raises Flaw for an impossible one."""
    point = points.read_point(text, pos, years)
    if point is None:
        return None
    left = _with_suffix(text, _span(point, pos))
    separator = _TO.match(text, left.stop)
    if separator is None:
        return left
    right = _right_side(text, separator.end(), left)
    return left if right is None else _join(left, right, text[separator.start() : separator.end()])


def _span(point: Point, begin: int) -> Span:
    return Span(
        point.start, point.end, point.precision, begin, point.stop, point.flags,
        before=point.before, edge=point.edge or point.before, year=point.year, other=point.other, ranged=point.ranged,
    )  # fmt: skip


def _with_suffix(text: str, span: Span) -> Span:
    """Weekday, time of day, and 前 / 内 / 起 behind a point."""
    match = _SUFFIX.match(text, span.stop)
    if match is None or match.end() == span.stop:
        return span
    if match["week"] and span.precision == "day":
        _check_weekday(span.end, match["week"])
    elif match["week"] or (match["hour"] and span.precision != "day"):
        return span
    span = replace(span, stop=match.end(), time=_time(match))
    return _with_mark(span, match["mark"] or "")


def _check_weekday(day: date, written: str) -> None:
    actual = calendars.WEEKDAYS[day.weekday()]
    if actual != written.replace("天", "日"):
        raise Flaw("inconsistent", f"{writing.day(day)}（星期{actual}）")


def _time(match: re.Match[str]) -> str:
    if not match["hour"]:
        return ""
    hour, minute = int(match["hour"]), int(match["minute"] or match["past"] or (30 if match["thirty"] else 0))
    if match["half"] in ("下午", "晚上", "晚") and hour < 12:
        hour += 12
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise Flaw("invalid_date")
    return f"{hour:02}:{minute:02}"


def _with_mark(span: Span, mark: str) -> Span:
    if mark in ("前后", "左右", "上下"):
        return replace(span, flags=(*span.flags, "approximate", "ambiguous"))
    if _SINCE.fullmatch(mark):
        return replace(span, since=True)
    if mark in ("前", "之前", "以前"):
        return _before(span)
    return replace(span, edge=True) if mark else span


def _before(span: Span) -> Span:
    """前: by office habit the named day or stretch is still in time; where that is open to doubt, say so."""
    if span.precision == "year" and not span.edge:
        raise Flaw("ambiguous_date", "", ("ambiguous",))
    exact = span.edge or (span.precision == "day" and ("implied_year" not in span.flags or bool(span.time)))
    span = replace(span, before=True, edge=True)
    if exact:
        return span
    return replace(span, flags=(*span.flags, "ambiguous"), other=writing.day(span.start - _ONE))


def _right_side(text: str, pos: int, left: Span) -> Span | None:
    point = points.read_point(text, pos, Years(left.year, left.year))
    if point is not None:
        return _with_suffix(text, _span(point, pos))
    found = _short_right(text, pos, left)
    if found is None:
        return None
    month, day, stop, flags = found
    end = calendars.make_date(left.year, month, day or 1)
    if end is None:
        raise Flaw("invalid_date")
    if day:
        span = Span(end, end, "day", pos, stop, flags, year=left.year)
    else:
        span = Span(end, calendars.month_end(end.year, month), "month", pos, stop, flags, year=left.year)
    return _with_suffix(text, span)


def _short_right(text: str, pos: int, left: Span) -> tuple[int, int, int, tuple[str, ...]] | None:
    """(month, day or 0, stop, flags) of a right side that leaves out what the left side says."""
    if match := _RIGHT_MONTH_DAY.match(text, pos):
        return int(match["m"]), int(match["d"]), match.end(), () if left.precision == "day" else ("ambiguous",)
    if left.precision == "day" and (match := _RIGHT_DAY.match(text, pos)):
        return left.end.month, int(match["d"]), match.end(), ()
    match = _RIGHT_BARE.match(text, pos)
    if match is None or left.precision not in ("day", "month"):
        return None
    if left.precision == "day":
        return left.end.month, int(match["n"]), match.end(), ("ambiguous",)
    return int(match["n"]), 0, match.end(), ("ambiguous",) if text[pos - 1] == "-" else ()


def _join(left: Span, right: Span, separator: str) -> Span:
    flags = tuple(flag for flag in left.flags if flag != "typo" or right.precision != "day")
    if left.precision == "year" != right.precision and left.year == right.end.year:
        flags = (*flags, "ambiguous")  # 2026年-8月 may be a slip for 2026年8月
    if left.start > right.end:
        raise Flaw("end_before_start", f"{writing.day(left.start)}至{writing.day(right.end)}", (*flags, *right.flags))
    other = right.other or left.other
    if "ambiguous" in right.flags and left.precision == "month" and not other:
        other = _as_day_of(left, right)
    return replace(
        right, start=left.start, begin=left.begin, precision=_range_precision(left, right), ranged=True, other=other,
        flags=(*flags, *right.flags), since=right.since, edge=True,
    )  # fmt: skip


def _as_day_of(left: Span, right: Span) -> str:
    """2022.8-12 may mean 2022-08-12."""
    day = calendars.make_date(left.year, left.start.month, right.end.month)
    return writing.day(day) if day and right.precision == "month" else ""


def _range_precision(left: Span, right: Span) -> str:
    kinds = {left.precision, right.precision}
    if kinds == {"year"}:
        return "year"
    return "day" if kinds & {"day", "xun"} else "month"
