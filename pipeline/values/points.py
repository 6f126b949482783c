"""One day, month or longer stretch at a position of a text, without what stands behind it (前, weekday, range).

A shape that is recognised but impossible (9月31日) or that names no agreed day (年初) raises `Flaw`; a shape that is
not recognised gives None, and its digits remain for the caller to complain about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.values import writing
from pipeline.values.calendars import make_date, month_end
from pipeline.values.events import NAMES, event_day, has_own_year


class Flaw(Exception):  # noqa: N818 - a flaw of the text, caught by the reader that asked
    """Why a text that looks like a date gives none: finding code, note, flags."""

    def __init__(self, code: str, note: str = "", flags: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code, self.note, self.flags = code, note, flags


@dataclass(frozen=True, slots=True)
class Years:
    """The year of the part to the left, if any, and the year in force."""

    left: int | None
    implied: int


@dataclass(frozen=True, slots=True)
class Point:
    """Days start … end, read from the text up to `stop`. `edge`: an end is named (底, 末, 内)."""

    start: date
    end: date
    precision: str
    stop: int
    year: int
    flags: tuple[str, ...] = ()
    edge: bool = False
    before: bool = False
    ranged: bool = False
    other: str = ""


_YEAR = r"(?:(?P<y>\d{4}|\d{2})年|(?P<rel>今年|本年度?|当年|明年|次年|来年|翌年|去年|上年))"
_TO = r"[-~至到]"
_STANDS_ALONE = r"(?=$|[-~至到前之以内,;。、()]|完成|实现|达到|形成)"
_DOTTED = re.compile(
    r"(?<!\d)(?P<y>\d{4}|\d{2}(?=([./-])\d{1,2}\2\d))(?P<s>[./-])(?P<m>\d{1,2})(?!\d)"
    r"(?:(?P=s)(?P<d>\d{1,2})(?!\d)[日号]?|月份?(?P<part>底|末|初|[上中下]旬)?)?",
    re.ASCII,
)
_EIGHT = re.compile(r"(?<!\d)(?P<y>(?:19|20|21)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?!\d)[日号]?", re.ASCII)
_MONTH = re.compile(
    rf"(?<!\d)(?:{_YEAR})?(?P<m>\d{{1,2}})月份?(?:(?P<part>底|末|初|[上中下]旬)"
    rf"|(?P<d>\d{{1,2}})(?:(?P<word>[日号])|(?!\d)(?=$|[-~至到前之以起,;。、()])))?",
    re.ASCII,
)
_OPEN_MONTH = re.compile(rf"(?<!\d)(?:{_YEAR})?(?P<m>\d{{1,2}})(?={_TO}\d{{1,2}}月)", re.ASCII)
_PART_OF_YEAR = (
    r"(?:(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度|Q(?P<q>[1-4]))(?P<edge>底|末|内)?"
    r"|{edge_of}(?P<turn>底|末|终|初|内|中(?!旬))"
)
_IN_YEAR = re.compile(rf"(?<!\d){_YEAR}(?:度)?(?:{_PART_OF_YEAR.format(edge_of='年?')})?", re.ASCII)
_ALONE_PART = _PART_OF_YEAR.format(edge_of="[年岁]")
_ALONE = re.compile(rf"(?<![每半一二两三四五六七八九十数几全\d])(?:{_ALONE_PART}){_STANDS_ALONE}", re.ASCII)
_AT_START = re.compile(rf"(?:^|(?<=[,;。、:)\n]))(?:{_ALONE_PART})", re.ASCII)
_YEARS = re.compile(rf"(?<!\d)(?P<y>\d{{4}})年?{_TO}(?P<to>\d{{4}})(?:(?P<school>学年)|年度?)", re.ASCII)
_BARE_DAY = re.compile(r"(?<![\d.])(?P<m>\d{1,2})[./-](?P<d>\d{1,2})(?=$|[-~至到前之以(,])", re.ASCII)
_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ENGLISH = re.compile(rf"(?:(?P<d>\d{{1,2}})-)?(?P<m>{'|'.join(_ENGLISH_MONTHS)})(?:-(?P<y>\d{{2}}))?$", re.ASCII)
_EVENT = re.compile(
    rf"(?:{_YEAR})?[\"“”‘’「]?(?P<name>{'|'.join(NAMES)})[\"“”’」]?(?:节|假期)?(?:召开|到来|来临)?[\"“”]?"
    r"(?P<before>之前|以前|前(?![期后夕往]))?",
    re.ASCII,
)
_STARTS = frozenset('0123456789今本当明次来翌去上下第一二三四五六七八十Q年岁元春农大国建劳JFMASOND"“”‘’「')
_ONE = timedelta(days=1)


def read_point(text: str, pos: int, years: Years) -> Point | None:
    """The point that starts exactly at `pos`, or None."""
    if pos >= len(text) or text[pos] not in _STARTS:
        return None
    for pattern, build in _SHAPES:
        match = pattern.match(text, pos)
        if match is not None and (point := build(match, years)) is not None:
            return point
    return None


def _year(match: re.Match[str], years: Years) -> tuple[int, tuple[str, ...]]:
    """The year of a match and how it was found."""
    groups = match.groupdict()
    if written := groups.get("y"):
        if len(written) == 4:
            return int(written), ()
        return (2000 if int(written) < 70 else 1900) + int(written), ("short_year", "ambiguous")
    year, flags = (years.left, ()) if years.left is not None else (years.implied, ("implied_year",))
    word = groups.get("rel") or ""
    if word.startswith(("明", "次", "来", "翌")):
        return year + 1, (*flags, *(("ambiguous",) if flags else ()))
    if word.startswith(("去", "上")):
        return year - 1, (*flags, *(("ambiguous",) if flags else ()))
    return year, flags


def _day_point(match: re.Match[str], years: Years) -> Point:
    year, flags = _year(match, years)
    day = make_date(year, int(match["m"]), int(match["d"]))
    if day is None:
        raise Flaw("invalid_date", "", flags)
    return Point(day, day, "day", match.end(), year, flags)


def _month_point(match: re.Match[str], years: Years, part: str = "") -> Point:
    year, flags = _year(match, years)
    first = make_date(year, int(match["m"]), 1)
    if first is None:
        raise Flaw("invalid_date", "", flags)
    last = month_end(year, first.month)
    if part in ("", "底", "末"):
        return Point(first, last, "month", match.end(), year, flags, edge=bool(part))
    begin = {"上旬": 1, "初": 1, "中旬": 11, "下旬": 21}[part]
    end = last if part == "下旬" else first.replace(day=begin + 9)
    flags = (*flags, "ambiguous") if part == "初" else flags
    return Point(first.replace(day=begin), end, "xun", match.end(), year, flags)


def _dotted(match: re.Match[str], years: Years) -> Point | None:
    if match["d"]:
        return _day_point(match, years)
    if len(match["y"]) == 2:
        return None
    return _month_point(match, years, match["part"] or "")


def _worded(match: re.Match[str], years: Years) -> Point:
    if not match["d"]:
        return _month_point(match, years, match["part"] or "")
    point = _day_point(match, years)
    return point if match["word"] else replace(point, flags=(*point.flags, "typo"))


def _open_month(match: re.Match[str], years: Years) -> Point:
    return _month_point(match, years)


def _in_year(match: re.Match[str], years: Years) -> Point:
    """A year, or a part of it: half, quarter, 年底, 年内, 年初."""
    year, flags = _year(match, years)
    if make_date(year, 1, 1) is None:
        raise Flaw("invalid_date", "", flags)
    turn = match["turn"]
    if turn in ("初", "中"):
        raise Flaw("ambiguous_date", "", (*flags, "ambiguous"))
    if turn == "底" and "implied_year" in flags:
        flags = (*flags, "ambiguous")
    first, months, precision = _part(match)
    start = date(year, first, 1)
    end = month_end(year, first + months - 1)
    return Point(start, end, precision, match.end(), year, flags, edge=bool(turn or match["edge"]))


def _part(match: re.Match[str]) -> tuple[int, int, str]:
    """(first month, number of months, precision)."""
    if match["half"]:
        return (1 if match["half"] == "上" else 7), 6, "half"
    quarter = match["quarter"] or match["q"]
    if not quarter:
        return 1, 12, "year"
    number = int(quarter) if quarter.isdigit() else writing.QUARTERS.index(quarter) + 1
    return number * 3 - 2, 3, "quarter"


def _years(match: re.Match[str], years: Years) -> Point:
    """2024-2026年, or a school year (September to August)."""
    first, last = int(match["y"]), int(match["to"])
    if make_date(first, 1, 1) is None or make_date(last, 1, 1) is None:
        raise Flaw("invalid_date")
    if first > last:
        raise Flaw("end_before_start", f"{first}年至{last}年")
    if match["school"]:
        start, end = date(first, 9, 1), month_end(last, 8)
        return Point(start, end, "month", match.end(), last, ("ambiguous",), ranged=True, edge=True)
    return Point(date(first, 1, 1), date(last, 12, 31), "year", match.end(), last, (), ranged=True, edge=True)


def _bare_day(match: re.Match[str], years: Years) -> Point | None:
    """8.15 or 8-12, only as the whole text or the left end of a range: month and day, or month to month."""
    if match.start() > 0 or int(match["m"]) > 12:
        return None
    point = _day_point(match, years)
    until = make_date(point.year, point.end.day, 1)
    other = writing.month(point.start) + "至" + writing.month(until) if until and until > point.start else ""
    return replace(point, flags=(*point.flags, "ambiguous"), other=other)


def _english(match: re.Match[str], years: Years) -> Point | None:
    """Aug-22, 12-Aug: what Excel makes of 2022-8 and 8-12."""
    if match.start() > 0 or bool(match["d"]) == bool(match["y"]):
        return None
    year, flags = _year(match, years)
    month = _ENGLISH_MONTHS.index(match["m"]) + 1
    flags = (*flags, "ambiguous")
    if match["y"]:
        return Point(date(year, month, 1), month_end(year, month), "month", match.end(), year, flags)
    day = make_date(year, month, int(match["d"]))
    if day is None:
        raise Flaw("invalid_date", "", flags)
    return Point(day, day, "day", match.end(), year, flags)


def _event(match: re.Match[str], years: Years) -> Point | None:
    year, flags = _year(match, years)
    day = event_day(match["name"], year)
    if day is None or not (match["before"] or match.end() == len(match.string)):
        return None
    flags = () if has_own_year(match["name"]) else flags
    day = day - _ONE if match["before"] else day
    return Point(day, day, "day", match.end(), day.year, (*flags, "ambiguous"), edge=True)


_SHAPES = (
    (_YEARS, _years), (_DOTTED, _dotted), (_EIGHT, _day_point), (_OPEN_MONTH, _open_month), (_MONTH, _worded),
    (_EVENT, _event), (_IN_YEAR, _in_year), (_ALONE, _in_year),
    (_AT_START, _in_year), (_BARE_DAY, _bare_day), (_ENGLISH, _english),
)  # fmt: skip
