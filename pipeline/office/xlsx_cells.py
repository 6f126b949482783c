"""What one Excel cell shows and what it holds behind that.

Errors are text (#N/A), pictures in cells are [图片], numbers look as on the screen and keep their value.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from pipeline.errors import Unreadable
from pipeline.model import Stored
from pipeline.office.xlsx_dates import day_of
from pipeline.office.xlsx_formats import NumberFormat, built_in, general
from pipeline.office.xlsx_strings import clean
from pipeline.office.xlsx_styles import GENERAL
from pipeline.values.blanks import PICTURE

Shown = tuple[str, Stored | None]

_PICTURE_FORMULA = re.compile(r"=?(_xlfn\.)?DISPIMG\(", re.IGNORECASE)
_DAY = built_in(14)
_NOWHERE = 1 << 40
_REMEMBERED = 100_000
_LONGEST_NUMBER = 400  # characters; a hostile exponent must not be written out
_BIGGEST = Decimal("1e300")
_EXACT_DIGITS = 20
_PLAIN_DIGITS = 16
_PRECISE_DIGITS = 15  # whole numbers that the format General shows digit by digit


class CellTexts:
    """Turns raw cells of one workbook into text and value."""

    __slots__ = ("_formats", "_from_1904", "numbers", "said", "strings")

    def __init__(self, strings: list[str], formats: tuple[NumberFormat, ...], *, from_1904: bool) -> None:
        self.strings = strings
        self.said = ["" if text.isspace() else text for text in strings]
        """The strings, "" for those of white space alone, which say nothing."""
        self._formats = formats
        self._from_1904 = from_1904
        self.numbers: dict[tuple[str, str], Shown] = {}
        """Style and raw text → what a number shows, as far as they were met before."""

    def shared(self, raw: str) -> str:
        """The shared string with this index. Raises Unreadable(corrupt)."""
        try:
            return self.strings[int(raw) if raw.isdecimal() and len(raw) < 12 else _NOWHERE]
        except IndexError:
            raise Unreadable("corrupt", reason="shared string") from None

    def show(self, kind: str, style: str, raw: str) -> Shown:
        """A cell that is not a shared string: `kind` is its t attribute, `style` its s attribute."""
        known = self.numbers.get((style, raw)) if kind == "n" else None
        if known is not None:
            return known
        if kind in ("str", "inlineStr"):
            return (PICTURE if _PICTURE_FORMULA.match(raw) else clean(raw)), None
        if kind == "b":
            return ("TRUE", Stored(True)) if raw.strip() in ("1", "true") else ("FALSE", Stored(False))
        if kind == "e":
            return raw, None
        if kind == "d":
            return self._iso(style, raw)
        shown = self._number(style, raw)
        if kind == "n" and len(self.numbers) < _REMEMBERED:
            self.numbers[style, raw] = shown
        return shown

    def number(self, style: str, value: Decimal) -> Shown:
        """A number in a cell's style, as on the screen."""
        number_format = self._format(style)
        if number_format is GENERAL:
            return general(value), Stored(value)
        text = number_format.show(value, from_1904=self._from_1904)
        if number_format.is_day and (day := day_of(value, from_1904=self._from_1904)) is not None:
            return text, Stored(day)
        return text, Stored(value, percent=number_format.is_percent)

    def _number(self, style: str, raw: str) -> Shown:
        if len(raw) < _PRECISE_DIGITS and raw.isdecimal() and self._format(style) is GENERAL:
            whole = int(raw)
            return str(whole), Stored(Decimal(whole))
        value = _decimal(raw)
        if value is None:
            return raw.strip(), None
        return self.number(style, value)

    def _iso(self, style: str, raw: str) -> Shown:
        """A date written as 2026-06-11T00:00:00 (strict workbooks)."""
        try:
            day = date.fromisoformat(raw.strip()[:10])
        except ValueError:
            return raw.strip(), None
        serial = Decimal((day - date(1899, 12, 30)).days)
        number_format = self._format(style)
        shown = number_format if number_format.is_day else _DAY
        return shown.show(serial, from_1904=False), Stored(day)

    def _format(self, style: str) -> NumberFormat:
        index = int(style) if style.isdecimal() and len(style) < 9 else -1
        return self._formats[index] if 0 <= index < len(self._formats) else GENERAL


def _decimal(raw: str) -> Decimal | None:
    """The number of a v element as Excel understands it: a double in its shortest spelling."""
    if len(raw) < _PLAIN_DIGITS and raw.isdecimal():
        return Decimal(int(raw))
    if len(raw) > _LONGEST_NUMBER:
        return None
    try:
        value = Decimal(repr(float(raw)))
    except (ValueError, InvalidOperation):
        return None
    if not value.is_finite() or abs(value) >= _BIGGEST:
        return None
    if value == value.to_integral_value():
        value = value.quantize(Decimal(1)) if value.adjusted() < _EXACT_DIGITS else value
    return value
