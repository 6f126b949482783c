"""The year a paper is about (年度): 2026, 2026年, 2026年度, 二〇二六年, as a number or a text."""

from __future__ import annotations

import re

from pipeline.values.dates import not_a_date
from pipeline.values.parsed import Context, Parsed, failed
from pipeline.values.scan import prepare

OLDEST, NEWEST = 1949, 2149
"""A number outside these years is none."""

_YEAR = re.compile(r"(?P<y>\d{4}|\d{2}(?=年))(?:\.0+)?(?:年度?|年?度)?", re.ASCII)
_THIS = frozenset(("今年", "本年", "本年度", "当年"))


def parse_year(text: str, context: Context) -> Parsed:
    """The year as a whole number. bad_year for several years, a month, words; 26年 has the flag short_year."""
    if (early := not_a_date(text)) is not None:
        return early
    ready = prepare(text).strip("() 。.")
    if ready in _THIS:
        return Parsed(context.implied_year, flags=("implied_year",))
    match = _YEAR.fullmatch(ready)
    if match is None:
        return failed("bad_year")
    year = int(match["y"])
    if len(match["y"]) == 2:
        return Parsed(2000 + year, flags=("short_year",))
    return Parsed(year) if OLDEST <= year <= NEWEST else failed("bad_year")


def format_year(value: int) -> str:
    """2026年."""
    return f"{value}年"
