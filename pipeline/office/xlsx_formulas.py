"""The few formulas that are worked out when a file holds no result: serial numbers and plain references.

ROW(), ROW(A5), =A5, whole numbers, joined by + and −. Anything else stays uncached: a guess would be a wrong value.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.model import Pos

_REF = r"\$?[A-Z]{1,3}\$?[0-9]{1,7}"
_TERM = re.compile(rf"(?P<sign>[+-]?)(?:ROW\((?P<row>(?:{_REF})?)\)|(?P<ref>{_REF})|(?P<number>[0-9]{{1,9}}))")
_PARTS = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})")
_LONGEST = 60

Value = Decimal | str | None
"""Of a cell: a number, a text, or None when it is not known."""


def evaluate(formula: str, at: Pos, value_of: Callable[[Pos], Value], base: Pos | None = None) -> Value:
    """The result of a formula standing at `at`, None when it is not one of the few.

    `base`: where the master of a shared formula stands; its relative references move along.
    """
    text = formula.replace(" ", "").lstrip("=").upper()
    if not text or len(text) > _LONGEST:
        return None
    shift = (0, 0) if base is None else (at[0] - base[0], at[1] - base[1])
    terms = _terms(text)
    if terms is None:
        return None
    if len(terms) == 1 and terms[0]["ref"] and not terms[0]["sign"]:
        return value_of(position(terms[0]["ref"], shift))
    total = Decimal(0)
    for term in terms:
        number = _number(term, at, value_of, shift)
        if number is None:
            return None
        total += -number if term["sign"] == "-" else number
    return total


def position(reference: str, shift: Pos = (0, 0)) -> Pos:
    """A1-style reference → row and column from 0; relative parts moved by `shift`."""
    match = _PARTS.fullmatch(reference)
    if match is None:
        return -1, -1
    column = 0
    for letter in match[2]:
        column = column * 26 + ord(letter) - 64
    row = int(match[4]) - 1 + (0 if match[3] else shift[0])
    return row, column - 1 + (0 if match[1] else shift[1])


def _terms(text: str) -> list[re.Match[str]] | None:
    """The terms of a sum; None when the text is not wholly made of them."""
    terms: list[re.Match[str]] = []
    at = 0
    while at < len(text):
        match = _TERM.match(text, at)
        if match is None or (terms and not match["sign"]):
            return None
        terms.append(match)
        at = match.end()
    return terms


def _number(term: re.Match[str], at: Pos, value_of: Callable[[Pos], Value], shift: Pos) -> Decimal | None:
    if term["number"]:
        return Decimal(term["number"])
    if term["ref"]:
        value = value_of(position(term["ref"], shift))
        return value if isinstance(value, Decimal) else None
    return Decimal(1 + (position(term["row"], shift)[0] if term["row"] else at[0]))
