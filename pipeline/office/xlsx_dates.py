"""Excel's dates: serial numbers to moments, and moments to the text of a date format."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.office.xlsx_formats import Token

_BEFORE_LEAP_ERROR = datetime(1899, 12, 31)  # noqa: DTZ001 - Excel knows no zones
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - the same
_LAST_SERIAL = 2_958_465  # 9999-12-31
_LEAP_ERROR = 60  # Excel believes in 1900-02-29
_DAYS_1904 = 1_462
_WEEKDAYS = "一二三四五六日"
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_NUMERALS = "〇一二三四五六七八九"


def moment(serial: Decimal, *, from_1904: bool) -> datetime | None:
    """The date and time of a serial, to the second; None for a number that is no date."""
    if from_1904:
        serial += _DAYS_1904
    if not 0 <= serial <= _LAST_SERIAL + 1:
        return None
    first = _BEFORE_LEAP_ERROR if serial < _LEAP_ERROR else _EPOCH
    try:
        return first + timedelta(days=int(serial), seconds=int((serial % 1) * 86_400 + Decimal("0.5")))
    except OverflowError:
        return None


def day_of(serial: Decimal, *, from_1904: bool) -> date | None:
    """The calendar date of a serial; None below day 1 (a mere time of day) and for numbers that are no date."""
    when = moment(serial, from_1904=from_1904)
    return when.date() if when is not None and when.year >= 1900 else None


def date_text(tokens: Sequence[Token], when: datetime, serial: Decimal, *, numerals: bool) -> str:
    """A moment in the tokens of a date format. `numerals`: in Chinese numerals, 二〇二六年六月十一日."""
    half_day = any(token.kind == "noon" for token in tokens)
    dates = [index for index, token in enumerate(tokens) if token.kind in ("date", "elapsed")]
    minutes = {index for index in dates if _is_minute(tokens, dates, index)}
    parts: list[str] = []
    for index, token in enumerate(tokens):
        if token.kind == "noon":
            parts.append(_noon(token.text, when))
        elif token.kind == "elapsed":
            parts.append(_elapsed(token.text, serial))
        elif token.kind != "date":
            parts.append(token.text if token.kind == "literal" else "")
        elif index in minutes:
            parts.append(f"{when.minute:0{min(len(token.text), 2)}}")
        else:
            text = _date_part(token.text, when, half_day=half_day)
            parts.append(_chinese(text, token.text) if numerals and text.isdigit() else text)
    return "".join(parts).strip()


def _is_minute(tokens: Sequence[Token], dates: list[int], index: int) -> bool:
    """m and mm mean minutes right after hours or right before seconds."""
    if tokens[index].text not in ("m", "mm"):
        return False
    at = dates.index(index)
    before = tokens[dates[at - 1]].text[0] if at else ""
    after = tokens[dates[at + 1]].text[0] if at + 1 < len(dates) else ""
    return before == "h" or after == "s"


def _date_part(letters: str, when: datetime, *, half_day: bool) -> str:
    kind, length = letters[0], len(letters)
    width = min(length, 2)
    if kind == "y":
        return f"{when.year % 100:02}" if length <= 2 else f"{when.year:04}"
    if kind == "e":
        return f"{when.year:04}"
    if kind == "m":
        return _MONTHS[when.month - 1][: 3 if length == 3 else None] if length > 2 else f"{when.month:0{width}}"
    if kind == "d":
        return _DAYS[when.weekday()][: 3 if length == 3 else None] if length > 2 else f"{when.day:0{width}}"
    if kind == "a":
        return ("星期" if length > 3 else "") + _WEEKDAYS[when.weekday()]
    if kind == "h":
        return f"{(when.hour % 12 or 12) if half_day else when.hour:0{width}}"
    return f"{when.second:0{width}}"


def _noon(text: str, when: datetime) -> str:
    morning, _, afternoon = text.partition("/")
    return morning if when.hour < 12 else afternoon


def _elapsed(letters: str, serial: Decimal) -> str:
    seconds = int(serial * 86_400 + Decimal("0.5"))
    return f"{seconds // {'h': 3600, 'm': 60, 's': 1}[letters[0]]:0{len(letters)}}"


def _chinese(digits: str, letters: str) -> str:
    """Years digit by digit (二〇二六), months and days counted (十一)."""
    if letters[0] in "ye":
        return "".join(_NUMERALS[int(digit)] for digit in digits)
    number = int(digits)
    tens, ones = divmod(number, 10)
    if not tens:
        return _NUMERALS[ones]
    return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")
