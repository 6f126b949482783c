"""Excel number formats: what a number looks like on the screen of a Chinese Excel.

Known: sections with signs and conditions, thousands, percent, exponents, dates and times, elapsed hours, Chinese
numerals in dates. A format beyond that (fractions, digits mixed with words) shows the plain number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from pipeline.office.xlsx_dates import date_text, day_of, moment

_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)"? | \\(?P<escaped>.) | (?P<skip>[_*].) | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General|G/通用格式) | (?P<noon>上午/下午|AM/PM|A/P) | (?P<exponent>E[+-]0+)
    | (?P<date>y+|m+|d+|h+|s+|aaaa|aaa|e+) | (?P<text>@) | (?P<section>;) | (?P<digit>[0\#?.,/]) | (?P<percent>%)
    | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"([<>]=?|<>|=)(-?\d+(?:\.\d+)?)$")
_LONG_DATE = 'yyyy"年"m"月"d"日"'
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: _LONG_DATE, 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0", 38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "##0.0E+0",
    49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_GENERAL_WIDTH = 10  # digits Excel shows in the format General
_PRECISION = 15  # significant digits Excel keeps
_MOST_DIGITS = 20  # longer whole numbers are written with an exponent
_LONGEST_CODE = 255  # characters Excel allows in a format
_MOST_PLACES = 10
_MOST_PERCENTS = 2


class Token(NamedTuple):
    """A piece of a format: `kind` is the name of the group in _TOKEN, "literal" for anything printed as it is."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Section:
    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None
    numerals: bool

    @property
    def is_date(self) -> bool:
        return any(token.kind in ("date", "elapsed", "noon") for token in self.tokens)

    @property
    def shows_day(self) -> bool:
        """Whether it shows part of a calendar date, not only a time of day."""
        return any(token.kind == "date" and token.text[0] in "yda" for token in self.tokens) or (
            any(token.text[0] == "m" for token in self.tokens if token.kind == "date")
            and not any(token.text[0] in "hs" for token in self.tokens if token.kind in ("date", "elapsed"))
        )

    def holds(self, value: Decimal) -> bool:
        operator, bound = self.condition or ("", value)
        return {
            "<": value < bound, ">": value > bound, "<=": value <= bound, ">=": value >= bound, "=": value == bound,
            "<>": value != bound,
        }.get(operator, True)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A compiled number format."""

    sections: tuple[_Section, ...]

    @property
    def is_percent(self) -> bool:
        """Whether numbers are shown with a percent sign."""
        return any(token.kind == "percent" for token in self.sections[0].tokens)

    @property
    def is_day(self) -> bool:
        """Whether numbers are shown as calendar dates."""
        return self.sections[0].shows_day

    def show(self, value: Decimal, *, from_1904: bool) -> str:
        """The text on the screen."""
        section, magnitude = self._section(value)
        if not section.is_date:
            return _number(section, magnitude)
        when = moment(value, from_1904=from_1904)
        if when is None or (section.shows_day and day_of(value, from_1904=from_1904) is None):
            return general(value)
        return date_text(section.tokens, when, value, numerals=section.numerals)

    def _section(self, value: Decimal) -> tuple[_Section, Decimal]:
        """The section for this value, and the value as that section shows it (the second drops the sign)."""
        sections = self.sections
        if any(section.condition for section in sections):
            return next((section for section in sections if section.holds(value)), sections[-1]), value
        if value < 0 and len(sections) > 1:
            return sections[1], -value
        if value == 0 and len(sections) > 2:
            return sections[2], value
        return sections[0], value


def built_in(number: int) -> NumberFormat:
    """The format of a built-in id; General for an unknown one."""
    return compile_format(_BUILT_IN.get(number, "General"))


@lru_cache(maxsize=1024)
def compile_format(code: str) -> NumberFormat:
    """A format code such as yyyy"年"m"月"d"日"; never fails, an impossible one is General."""
    if len(code) > _LONGEST_CODE:
        code = "General"
    if "[$-F800]" in code.upper():
        code = _LONG_DATE
    sections: list[_Section] = []
    tokens: list[Token] = []
    brackets: list[str] = []
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or "literal"
        text = match[kind] or ""
        if kind == "section":
            sections.append(_section(tokens, brackets))
            tokens, brackets = [], []
        elif kind == "bracket":
            brackets.append(text)
            tokens.extend(_bracket(text))
        elif kind != "skip":
            tokens.append(_token(kind, text))
    return NumberFormat((*sections, _section(tokens, brackets)))


def general(value: Decimal) -> str:
    """A number in the format General, wide enough for all digits of a whole number."""
    if value.adjusted() < _PRECISION and value == (whole := int(value)):
        return str(whole)
    value = round(value, _PRECISION - 1 - value.adjusted())
    if not -9 <= value.adjusted() <= _MOST_DIGITS:
        return f"{float(value):.5E}"
    return _trimmed(value, max(_GENERAL_WIDTH - max(value.adjusted() + 1, 1), 0))


def _token(kind: str, text: str) -> Token:
    if kind in ("date", "noon"):
        return Token(kind, text.lower() if kind == "date" else text)
    return Token("literal" if kind in ("quoted", "escaped", "other") else kind, text)


def _bracket(text: str) -> list[Token]:
    """Elapsed time [h], a currency sign [$¥-804]; colours, conditions and the rest print nothing."""
    if re.fullmatch("h+|m+|s+", text, re.IGNORECASE):
        return [Token("elapsed", text.lower())]
    if text.startswith("$"):
        return [Token("literal", text[1:].partition("-")[0])]
    return []


def _section(tokens: list[Token], brackets: list[str]) -> _Section:
    conditions = [match for text in brackets if (match := _CONDITION.match(text))]
    condition = (conditions[0][1], Decimal(conditions[0][2])) if conditions else None
    numerals = any(text.upper() == "DBNUM1" for text in brackets)
    if any(token.kind in ("date", "elapsed") for token in tokens):
        tokens = [Token("literal", token.text) if token.kind in ("digit", "percent") else token for token in tokens]
    return _Section(tuple(tokens), condition, numerals)


def _number(section: _Section, value: Decimal) -> str:
    kinds = [token.kind for token in section.tokens]
    if "general" in kinds or "text" in kinds:
        return "".join(general(value) if token.kind in ("general", "text") else token.text for token in section.tokens)
    if "digit" not in kinds:
        return _signed(value, "".join(token.text for token in section.tokens))
    first = kinds.index("digit")
    last = len(kinds) - 1 - kinds[::-1].index("digit")
    inside = section.tokens[first : last + 1]
    pattern = "".join(token.text for token in inside)
    beyond = value.adjusted() >= _PRECISION or kinds.count("percent") > _MOST_PERCENTS
    if beyond or "/" in pattern or any(token.kind != "digit" for token in inside):
        return general(value)
    before = "".join(token.text for token in section.tokens[:first])
    after = list(section.tokens[last + 1 :])
    if after and after[0].kind == "exponent":
        digits = _scientific(abs(value), pattern, after.pop(0).text)
    else:
        digits = _digits(abs(value) * 100 ** kinds.count("percent"), pattern)
    return _signed(value, (before + digits + "".join(token.text for token in after)).strip())


def _signed(value: Decimal, text: str) -> str:
    return "-" + text if value < 0 and any(char in "123456789" for char in text) else text


def _digits(value: Decimal, pattern: str) -> str:
    """A magnitude in a pattern of 0 # ? , and one point."""
    whole, _, fraction = pattern.partition(".")
    scale = len(whole) - len(whole.rstrip(",")) + len(fraction) - len(fraction.rstrip(","))
    places = min(sum(fraction.count(mark) for mark in "0#?"), _MOST_PLACES)
    value = (value / 1000**scale).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    digits, _, decimals = f"{value:f}".partition(".")
    digits = digits.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole.rstrip(","):
        digits = _grouped(digits)
    while len(decimals) > fraction.count("0") and decimals.endswith("0"):
        decimals = decimals[:-1]
    return f"{digits}.{decimals}" if decimals else digits


def _grouped(digits: str) -> str:
    head = len(digits) % 3
    groups = [digits[:head]] if head else []
    return ",".join(groups + [digits[at : at + 3] for at in range(head, len(digits), 3)])


def _scientific(value: Decimal, pattern: str, exponent: str) -> str:
    places = len(pattern.partition(".")[2])
    mantissa, _, power = f"{value:.{places}E}".partition("E")
    sign = "-" if power.startswith("-") else "+" if "+" in exponent else ""
    return f"{mantissa}E{sign}{power.lstrip('+-').rjust(len(exponent) - 2, '0')}"


def _trimmed(value: Decimal, places: int) -> str:
    text = f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
