"""Percent, score and count as exact numbers. Whether a number is in range is decided in `checks`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.values.dates import not_a_date
from pipeline.values.fold import squeeze
from pipeline.values.numerals import small_number
from pipeline.values.parsed import Parsed, failed, unique

if TYPE_CHECKING:
    from pipeline.model import Stored

NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,10})?"
ABOUT = r"(?:约|大约|大概|近|将近|超过|超|达|达到|不少于|不低于|累计|累计完成|已完成|完成|共|共计|合计)"
_LONGEST = 20
_VAGUE = frozenset(("约", "大约", "大概", "近", "将近", "超过", "超", "不少于", "不低于"))
_PERCENT = re.compile(rf"(?P<about>{ABOUT})?(?P<n>{NUMBER})(?P<sign>%)?(?P<more>左右|以上|多)?(?:完成)?", re.ASCII)
_IN_WORDS = re.compile(r"百分之(?P<n>[一二三四五六七八九十]{1,3}|百)")
_SCORE = re.compile(rf"(?P<n>{NUMBER})分?", re.ASCII)
_COUNT = re.compile(
    rf"(?P<about>{ABOUT})?(?P<n>{NUMBER}|[一二两三四五六七八九十]{{1,3}})(?P<more>余|多)?"
    r"(?:个|项|人次|人|名|次|年度|年|期|份|批|轮|家|处|件|条|场|套|台|户|篇|天|日|号|课时|学时)?(?:左右|以上)?",
    re.ASCII,
)


def parse_percent(text: str, stored: Stored | None = None, unit: str = "") -> Parsed:
    """60 for 60 %, 百分之六十, a cell with % format. 0.6 without a sign is ambiguous: 0.6 % or 60 %? So is 1, unless
    the percent sign stands in the label (`unit`)."""
    if (early := not_a_date(text)) is not None and not _from_cell(text, stored):
        return early
    tight = squeeze(text)
    if stored is not None and stored.percent and isinstance(stored.value, Decimal) and "%" not in tight:
        return Parsed(_plain(stored.value * 100))
    if match := _IN_WORDS.fullmatch(tight):
        return Parsed(Decimal(100 if match["n"] == "百" else small_number(match["n"]) or 0))
    match = _PERCENT.fullmatch(tight)
    if match is None:
        return failed("bad_number")
    number = _plain(decimal(match["n"]))
    flags = ["approximate"] if match["about"] in _VAGUE or match["more"] else []
    if not match["sign"] and (0 < number < 1 or (number == 1 and "%" not in unit)):
        return failed("ambiguous", note=f"{plain(number)}%、{plain(number * 100)}%")
    return Parsed(number, flags=unique(flags))


def parse_score(text: str) -> Parsed:
    """A number of points: 92, 92.5分. Words (优秀) are bad_number."""
    if (early := not_a_date(text)) is not None:
        return early
    match = _SCORE.fullmatch(squeeze(text))
    return Parsed(_plain(decimal(match["n"]))) if match else failed("bad_number")


def parse_count(text: str) -> Parsed:
    """A whole number with its counter: 286人次, 40余人次 (approximate), 2026年度, 三项."""
    if (early := not_a_date(text)) is not None:
        return early
    match = _COUNT.fullmatch(squeeze(text))
    if match is None:
        return failed("bad_number")
    number = (
        Decimal(small_number(match["n"]) or 0) if match["n"][0] in "一二两三四五六七八九十" else decimal(match["n"])
    )
    if number != number.to_integral_value():
        return failed("bad_number")
    vague = match["about"] in _VAGUE or match["more"] or match[0].endswith(("左右", "以上"))
    return Parsed(int(number), flags=("approximate",) if vague else ())


def decimal(text: str) -> Decimal:
    """A matched NUMBER."""
    return Decimal(text.replace(",", ""))


def plain(value: Decimal) -> str:
    """Without exponent and without trailing zeros: 7.132, 50000."""
    return format(_plain(value), "f") if abs(value.adjusted()) < _LONGEST else str(value)


def _plain(value: Decimal) -> Decimal:
    value = value.normalize()
    return Decimal(int(value)) if value == value.to_integral_value() and value.adjusted() < _LONGEST else value


def _from_cell(text: str, stored: Stored | None) -> bool:
    return not text.strip() and stored is not None and stored.percent
