"""What the values themselves said while they were read: problems, remarks on the reading, doubts.

Answers for: turning `Datum.problem`, `Datum.flags` and `Reading.reason` into findings. A doubtful reading is a hint to
the sender and a task for a person: nothing else is held against it (design.md, "Right or loud").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pipeline import values
from pipeline.model import Datum, Finding, Severity

if TYPE_CHECKING:
    from pipeline.checks.case import Case, Cell

_SOFT: Mapping[str, Severity] = {"bad_phone": Severity.EXPLAIN, "ambiguous": Severity.EXPLAIN}
_FLAGS: tuple[tuple[str, str, Severity], ...] = (
    ("no_unit", "no_unit", Severity.EXPLAIN),
    ("half_open", "half_open", Severity.EXPLAIN),
    ("base_unknown", "relative_date", Severity.EXPLAIN),
    ("relative", "relative_date", Severity.EXPLAIN),
    ("derived", "derived", Severity.HINT),
)
_VARIANTS: Mapping[str, str] = {"month": "month", "score": "plain", "count": "plain"}
"""Kinds whose problems have sentences of their own; where there is none, the code's plain one is said."""
_TIME = re.compile(r"\d\s*[年月日]|[上下]半年|季度|年[底末内]|\d{4}\s*[-./]\s*\d")
"""A schedule that names a time, yet no last day that a program could tell, is asked about."""
_READ_AS = ("implied_year", "short_year", "typo", "inherited", "multi", "serial", "ambiguous")


def problems(case: Case) -> Iterator[Finding]:
    """Every field and cell that has something to say, in order."""
    for name in case.fields:
        for cell in case.telling(name, _says_something):
            if cell.datum.reading.reason:
                yield _doubt(case, cell)
            elif not values.is_blank(cell.text):
                yield from _remarks(case, cell)


def _says_something(datum: Datum) -> bool:
    return bool(datum.reading.reason or datum.problem or datum.flags)


def _doubt(case: Case, cell: Cell) -> Finding:
    reading = cell.datum.reading
    score = {} if reading.score is None else {"score": f"{reading.score:.0%}"}
    return case.finding("doubt", Severity.HINT, cell, variant=reading.reason, other=reading.other, **score)


def _severity(case: Case, cell: Cell) -> Severity:
    if case.fields[cell.field].required == "office":
        return Severity.EXPLAIN
    if cell.datum.problem == "ambiguous_date" and cell.datum.kind == "deadline" and _TIME.search(cell.text):
        return Severity.EXPLAIN
    return _SOFT.get(cell.datum.problem, Severity.ERROR)


def _remarks(case: Case, cell: Cell) -> Iterator[Finding]:
    datum = cell.datum
    if datum.problem:
        yield case.finding(datum.problem, _severity(case, cell), cell, **_facts(datum))
        return
    for flag, code, severity in _FLAGS:
        if flag in datum.flags:
            yield case.finding(code, severity, cell, **_facts(datum))
            return
    if "class_word" not in datum.flags and any(flag in datum.flags for flag in _READ_AS):
        yield case.finding("read_as", Severity.HINT, cell, **_facts(datum))


def _facts(datum: Datum) -> dict[str, str]:
    """`variant` "note" when the reading left a fact beside the value: the other reading, the likely date, the range."""
    reading = "" if datum.value is None else values.format_value(datum.kind, datum.value)
    variant = _VARIANTS.get(datum.kind, "note" if datum.note else "")
    told = (("reading", reading), ("note", datum.note), ("variant", variant))
    return {key: text for key, text in told if text}
