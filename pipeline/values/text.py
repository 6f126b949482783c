"""The one door: a text of a given kind → its value, and back; values → JSON, and back.

Kinds are those of `forms.spec.TYPES`. Laws: parse(kind, format_value(kind, v)).value == v and
from_json(kind, to_json(v)) == v for every value these readers give.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from pipeline.values import writing
from pipeline.values.blanks import is_blank, is_sample, says_not_applicable
from pipeline.values.choices import parse_choice
from pipeline.values.dates import parse_date
from pipeline.values.deadline_format import format_deadline
from pipeline.values.deadlines import Deadline, parse_deadline
from pipeline.values.fold import tidy
from pipeline.values.money import Money, format_money, parse_money
from pipeline.values.months import format_month, parse_month
from pipeline.values.numbers import parse_count, parse_percent, parse_score, plain
from pipeline.values.parsed import BLANK, Context, Parsed, failed
from pipeline.values.people import parse_person, parse_persons
from pipeline.values.periods import Period, format_period, parse_period
from pipeline.values.phones import parse_phone
from pipeline.values.years import format_year, parse_year

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipeline.model import Stored

_NO_WORDS: Mapping[str, str] = MappingProxyType({})


def parse(
    kind: str,
    text: str,
    context: Context,
    *,
    stored: Stored | None = None,
    choices: tuple[str, ...] = (),
    words: Mapping[str, str] = _NO_WORDS,
) -> Parsed:
    """The meaning of a text; never raises for any text. `words`: other wordings → the allowed word of `choices`.

    KeyError for a kind that does not exist.
    """
    if kind == "choice":
        return parse_choice(text, choices, words)
    return _READERS[kind](text, context, stored)


def _text(text: str) -> Parsed:
    """Any text, kept as written; 无 and / are values here, with the flag not_applicable."""
    trimmed = text.strip()
    if not trimmed or is_blank(trimmed):
        return BLANK
    if is_sample(trimmed):
        return failed("placeholder")
    return Parsed(trimmed, flags=("not_applicable",) if says_not_applicable(trimmed) else ())


def _org(text: str) -> Parsed:
    """The name of a unit or branch as written, spaces closed up; whether it exists is the roster's answer."""
    found = _text(text)
    if not isinstance(found.value, str):
        return found
    return Parsed(flags=found.flags) if found.flags else Parsed(tidy(found.value))


_READERS: Mapping[str, Callable[[str, Context, Stored | None], Parsed]] = {
    "text": lambda text, context, stored: _text(text),
    "long": lambda text, context, stored: _text(text),
    "org": lambda text, context, stored: _org(text),
    "person": lambda text, context, stored: parse_person(text),
    "persons": lambda text, context, stored: parse_persons(text),
    "date": parse_date,
    "period": parse_period,
    "deadline": parse_deadline,
    "month": parse_month,
    "year": lambda text, context, stored: parse_year(text, context),
    "money": lambda text, context, stored: parse_money(text, context),
    "percent": lambda text, context, stored: parse_percent(text, stored, context.unit),
    "score": lambda text, context, stored: parse_score(text),
    "count": lambda text, context, stored: parse_count(text),
    "phone": lambda text, context, stored: parse_phone(text, stored),
}


def format_value(kind: str, value: object) -> str:
    """A value in the house style of generated documents; "" for None."""
    if value is None:
        return ""
    if isinstance(value, date):
        return writing.day(value)
    if isinstance(value, Period):
        return format_period(value)
    if isinstance(value, Deadline):
        return format_deadline(value)
    if isinstance(value, Money):
        return format_money(value)
    if isinstance(value, Decimal):
        return plain(value) + ("%" if kind == "percent" else "")
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    if kind == "year" and isinstance(value, int):
        return format_year(value)
    return format_month(str(value)) if kind == "month" else str(value)
