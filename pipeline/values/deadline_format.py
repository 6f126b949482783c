"""House style of a deadline: 2026年8月20日, 2026年8月底前, 2026年12月31日前，并长期坚持, 每季度末, several with ；."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.values import calendars, writing

if TYPE_CHECKING:
    from datetime import date

    from pipeline.values.deadlines import Checkpoint, Deadline

OPEN = "长期坚持"


def format_deadline(value: Deadline) -> str:
    """The text that `parse_deadline` reads back as the same value."""
    if value.checkpoints:
        parts = [*filter(None, (value.rule,)), *map(_checkpoint, value.checkpoints), *filter(None, (value.recurring,))]
        return "；".join(parts)
    parts = [part for part in (value.rule, _when(value), value.recurring) if part]
    if value.open_ended:
        parts.append(f"并{OPEN}" if value.end else OPEN)
    return "，".join(parts)


def _when(value: Deadline) -> str:
    if value.end is None:
        return ""
    if value.start is not None:
        return _range(value.start, value.end, value.precision)
    if value.time:
        return f"{writing.day(value.end)}{value.time}前"
    return due(value.end, value.precision, before=value.open_ended)


def _checkpoint(point: Checkpoint) -> str:
    if point.end is None:
        return OPEN + point.label
    return due(point.end, point.precision, before=True) + point.label


def due(end: date, precision: str, *, before: bool) -> str:
    """One last day in the words of its precision; 前 is left out where it would raise a doubt."""
    if calendars.whole(precision, end) is None:
        return writing.day(end) + ("前" if before else "")
    if precision == "month":
        return writing.month(end) + "底前"
    if precision == "year":
        return f"{end.year}年底前"
    return writing.stretch(end, precision)


def _range(start: date, end: date, precision: str) -> str:
    last_day = end == calendars.month_end(end.year, end.month)
    if precision == "year" and (start.month, start.day, end.month, last_day) == (1, 1, 12, True):
        return f"{start.year}年至{end.year}年"
    if precision == "month" and start.day == 1 and last_day:
        return f"{writing.month(start)}至{writing.month(end)}"
    return f"{writing.day(start)}至{writing.day(end)}"
