"""By when: a day, the end of a stretch, a length from the feedback, 长期坚持, 每季度, and several of them in one cell.

An open end is never turned into a date. Class words (立行立改) carry no date of their own: `rule` names them, the
limit is a setting of the office and is computed in `affairs`. Words without a date (尽快, 待定) and states in the wrong
column (已完成) are ambiguous_date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
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
from pipeline.values.deadline_words import Word, read_word
from pipeline.values.lengths import Stated, read_length
from pipeline.values.parsed import Context, Parsed, failed, unique
from pipeline.values.points import Flaw
from pipeline.values.scan import Scan, prepare, scan
from pipeline.values.spans import Span

if TYPE_CHECKING:
    from pipeline.model import Stored


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One of several deadlines in a cell: `label` is what has to be ready (完成方案), as written."""

    end: date | None
    precision: str = "day"
    open_ended: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """`end`: last day still in time, None if open, recurring or a class word only. `open_ended`: 长期坚持.

    precision: day, xun, month, quarter, half, year, relative (class word), none. `recurring`: 每季度末.
    `rule`: 立行立改. `start`: lower bound or first day of a written range. `time`: HH:MM on the last day.
    `checkpoints`: all dates of a cell that holds several, `end` is then the last of them.
    """

    end: date | None = None
    open_ended: bool = False
    precision: str = "day"
    recurring: str = ""
    rule: str = ""
    start: date | None = None
    time: str = ""
    checkpoints: tuple[Checkpoint, ...] = ()

    @property
    def order(self) -> tuple[bool, date]:
        """Sort key: by the last day, everything without one at the end."""
        return self.end is None, self.end or date.max


@dataclass(frozen=True, slots=True)
class _Due:
    """One dated item, ready to be assembled."""

    end: date
    precision: str
    flags: tuple[str, ...]
    start: date | None = None
    time: str = ""
    other: str = ""


Found = Scan[Stated | Word]


def parse_deadline(text: str, context: Context, stored: Stored | None = None) -> Parsed:
    """A deadline. Problems: ambiguous_date, invalid_date, end_before_start, inconsistent (weekday)."""
    if stored is not None and (cell := from_cell(stored, text, context)) is not None:
        return _cell(cell, cell_month(stored) or text, context)
    if (day := plain_date(text.strip().removesuffix("前"))) is not None:
        return Parsed(Deadline(day))
    if (early := not_a_date(text)) is not None:
        return early
    if is_ditto(text):
        return inherited(context, parse_deadline)
    ready = prepare(text)
    if (early := number_alone(ready, context)) is not None:
        return Parsed(_of_day(early.value), early.problem, early.flags, early.note)
    try:
        return _assembled(scan(ready, context, (read_length, read_word)), context)
    except Flaw as flaw:
        return failed(flaw.code, *flaw.flags, note=flaw.note)


def _of_day(value: object) -> Deadline | None:
    return Deadline(value) if isinstance(value, date) else None


def _cell(cell: Parsed, text: str, context: Context) -> Parsed:
    """A date cell; a month, if that is all it shows (Aug-22) or all its number says (2022.12)."""
    if (shown := shown_month(cell, text, context, parse_deadline)) is not None:
        return shown
    return Parsed(_of_day(cell.value), cell.problem, cell.flags, cell.note)


def _assembled(found: Found, context: Context) -> Parsed:
    words = [item for item in found.items if isinstance(item, Word)]
    kinds = {word.kind for word in words}
    if "event" in kinds and not any(isinstance(item, Span) for item in found.items):
        return failed("ambiguous_date", "relative")
    if "done" in kinds or found.unread or found.hangs:
        return failed("ambiguous_date")
    dues = [due for due in (_due(item, found, context) for item in found.items) if due is not None]
    if not dues and not kinds & {"open", "recurring", "class"}:
        return failed("ambiguous_date")
    flags = [flag for due in dues for flag in due.flags]
    half_read = any(map(_HALF_READ, found.rests))
    flags += ["ambiguous"] if half_read or kinds & {"vague", "event"} else []
    flags += [word.flag for word in words if word.flag]
    return _deadline(found, dues, words, flags)


def _deadline(found: Found, dues: list[_Due], words: list[Word], flags: list[str]) -> Parsed:
    open_ended = any(word.kind == "open" for word in words)
    recurring = next((word.text for word in words if word.kind == "recurring"), "")
    rule = next((word.text for word in words if word.kind == "class" and not (dues and word.weak)), "")
    flags += [
        name for name, there in (("open_ended", open_ended), ("recurring", recurring), ("class_word", rule)) if there
    ]
    flags += ["ambiguous"] if rule and not dues else []
    if len({due.end for due in dues}) > 1:
        return _several(found, dues, flags, Deadline(None, open_ended, "none", recurring, rule))
    if not dues:
        precision = "relative" if rule else "none"
        return Parsed(Deadline(None, open_ended, precision, recurring, rule), flags=unique(flags))
    due = dues[0]
    value = Deadline(due.end, open_ended, due.precision, recurring, rule, due.start, due.time)
    return Parsed(value, flags=unique(flags), note=due.other)


def _due(item: Span | Stated | Word, found: Found, context: Context) -> _Due | None:
    if isinstance(item, Stated):
        return _from_length(item, found, context)
    if not isinstance(item, Span):
        return None
    if item.since:
        raise Flaw("ambiguous_date", f"{writing.day(item.start)}起", ("half_open", "ambiguous"))
    flags, other = item.flags, item.other
    if "implied_year" in flags and context.base and item.end < context.base:
        flags = (*flags, "ambiguous")
        other = other or writing.day(calendars.add_months(item.end, 12))
    return _Due(item.end, item.precision, flags, item.start if item.ranged else None, item.time, other)


def _from_length(item: Stated, found: Found, context: Context) -> _Due | None:
    """The day a length leads to; without a base it leads nowhere."""
    whole_text = item.begin == 0 and item.stop == len(found.text)
    if not item.exact or item.after or item.other_base or not (item.firm or whole_text):
        raise Flaw("ambiguous_date", "", ("relative",))
    if context.base is None:
        raise Flaw("ambiguous_date", "", ("base_unknown", "ambiguous"))
    end, announced = item.length.after(context.base)
    flags = ["derived"]
    flags += [] if item.anchor else ["ambiguous"]
    flags += [] if announced else ["holidays_unpublished"]
    start = item.least.after(context.base)[0] if item.least else None
    if start and start > end:
        raise Flaw("end_before_start", found.text)
    return _Due(end, "day", tuple(flags), start)


def _several(found: Found, dues: list[_Due], flags: list[str], frame: Deadline) -> Parsed:
    """Two or more dates in one cell: one checkpoint each, in the order written."""
    labels = _labels(found)
    points: list[Checkpoint] = []
    remaining = iter(dues)
    for item, label in zip(found.items, labels, strict=True):
        if isinstance(item, Word):
            points += [Checkpoint(None, "none", open_ended=True, label=label)] if item.kind == "open" else []
            continue
        due = next(remaining)
        points.append(Checkpoint(due.end, due.precision, label=label))
    flags += ["multi"] if all(point.label for point in points if point.end) else ["multi", "ambiguous"]
    last = max(dues, key=lambda due: due.end)
    value = Deadline(last.end, frame.open_ended, last.precision, frame.recurring, frame.rule, checkpoints=tuple(points))
    return Parsed(value, flags=unique(flags), note=last.other)


_HALF_READ = re.compile("长期|坚持|持续|常态").search
_CUT = re.compile(r"[,;。、\n]")
_NUMBERING = re.compile(r"[①-⑳㈠-㈩]|(?:^|(?<=[,;。]))\(?[\d一二三四五六七八九十]{1,2}[).、]")
_TRIM = ",;。、:()- "


def _labels(found: Found) -> list[str]:
    """What stands directly before and behind each item, without numbering and punctuation."""
    before, after = [""] * len(found.items), [""] * len(found.items)
    for index, rest in enumerate(found.rests):
        parts = _CUT.split(_NUMBERING.sub("", rest), maxsplit=1)
        if index > 0:
            after[index - 1] = parts[0].strip(_TRIM)
        if index < len(found.items) and (index == 0 or len(parts) > 1):
            before[index] = parts[-1].strip(_TRIM)
    return [left + right for left, right in zip(before, after, strict=True)]
