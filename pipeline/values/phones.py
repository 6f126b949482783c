"""Telephone numbers, read softly: whatever has three digits is a number. Names and words around it do not matter."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.values.blanks import is_blank, says_not_applicable
from pipeline.values.fold import fold
from pipeline.values.parsed import BLANK, NOT_APPLICABLE, Parsed, failed

if TYPE_CHECKING:
    from pipeline.model import Stored

_NUMBER = re.compile(
    r"(?:\+?86[- ]?(?=1\d{10}))?"
    r"(?:1\d{2}[- ]\d{4}[- ]\d{4}(?!\d)|\(?0\d{2,3}\)?\s?-?\s?[\d*]{6,8}(?!\d)"
    r"|[48]00[- ]\d{3,4}[- ]\d{3,4}(?!\d)|\d[\d*]+\d)"
    r"(?:\s?(?:转|-)\s?\d{1,6})*",
    re.ASCII,
)
_LOOSE = re.compile(r"[\d][\d* ()-]*\d", re.ASCII)
_AREA = re.compile(r"\(?(0\d{2,3})(?:\)-?|-|\s)\s?-?\s?(?=[\d*]{6,8})", re.ASCII)


def parse_phone(text: str, stored: Stored | None = None) -> Parsed:
    """A tuple of numbers, in order. bad_phone only where there are fewer than three digits."""
    if stored is not None and isinstance(stored.value, Decimal) and "E" in text.upper():
        text = format(stored.value, "f")
    if is_blank(text):
        return BLANK
    if says_not_applicable(text):
        return NOT_APPLICABLE
    plain = fold(text)
    numbers = [_neat(match[0]) for match in _NUMBER.finditer(plain)]
    if not numbers and sum(map(str.isdigit, plain)) >= 3:
        numbers = [_neat(match[0]) for match in _LOOSE.finditer(plain)] or ["".join(filter(str.isdigit, plain))]
    if not numbers:
        return failed("placeholder" if re.search(r"[Xx×*]{3}", plain) else "bad_phone")
    return Parsed(tuple(dict.fromkeys(numbers)))


def _neat(number: str) -> str:
    """Area code and extension behind a hyphen, nothing else between digits."""
    number = _AREA.sub(r"\1-", number.strip())
    number = re.sub(r"\s?转\s?", "-", number)
    return re.sub(r"[\s()]", "", number)
