"""Amounts of money, exact: 7.132万元, 1.05亿元, ￥50,000.00, 人民币伍万元整, 约600元, 5万.

The unit is part of the value; an amount without one takes the unit printed in the label (`Context.unit`), and is
refused where there is none, for 元 and 万元 differ by a factor of ten thousand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pipeline.values.dates import not_a_date
from pipeline.values.fold import squeeze
from pipeline.values.numbers import NUMBER, decimal, plain
from pipeline.values.parsed import Context, Parsed, failed

YUAN = {"元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "千万元": 10_000_000, "亿元": 100_000_000}
"""Unit → how many 元."""

_ABOUT = r"约|大约|近|将近|超过|超|逾|不低于"
_PLAIN = re.compile(
    rf"(?:人民币|[¥￥]|RMB)?(?P<about>{_ABOUT}|达|共|共计|合计|累计)?(?:人民币|[¥￥])?(?P<n>{NUMBER})(?P<more>余|多)?"
    r"(?P<unit>百万|千万|亿|万|千)?(?P<late>余|多)?(?P<yuan>元|圆|块)?(?:人民币)?(?:整|正)?(?P<round>左右|以上|以内)?",
    re.ASCII,
)
_WITHIN = re.compile(rf"(?<![\d.,~-])(?:(?<!节)(?:{_ABOUT}))?{NUMBER}[余多]?(?:百万|千万|亿|万|千)?[余多]?元", re.ASCII)
_NUMERIC = re.compile(r"[\d零壹贰叁肆伍陆柒捌玖拾佰仟几数]|[一二三四五六七八九十百千两][万亿元]", re.ASCII)
_CAPITAL = r"零〇壹贰叁肆伍陆柒捌玖拾佰仟萬一二三四五六七八九十百千万亿两"
_WORDS = re.compile(
    rf"(?:人民币)?[:]?(?P<yuan>[{_CAPITAL}]+)[元圆](?:整|正|(?:(?P<jiao>[{_CAPITAL}])角)?零?(?:(?P<fen>[{_CAPITAL}])分)?(?:整|正)?)"
)


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in `unit` (a key of YUAN); `approximate` for 约, 余, 左右."""

    amount: Decimal
    unit: str = "元"
    approximate: bool = False

    @property
    def yuan(self) -> Decimal:
        """The amount in 元."""
        return self.amount * YUAN[self.unit]


def parse_money(text: str, context: Context) -> Parsed:
    """One amount. bad_number: none, several, or no unit anywhere (flag no_unit)."""
    if (early := not_a_date(text)) is not None:
        return early
    tight = squeeze(text).rstrip("。;")
    if match := _PLAIN.fullmatch(tight):
        return _plain(match, context)
    if match := _WORDS.fullmatch(tight):
        return _in_words(match)
    return _among_words(tight, context)


def _among_words(text: str, context: Context) -> Parsed:
    """One amount with its unit among words without numbers (节约35.6万元, 251万元（含税）): read, and marked."""
    match = _WITHIN.search(text)
    if match is None or _NUMERIC.search(text[: match.start()] + text[match.end() :]):
        return failed("bad_number")
    found = parse_money(match[0], context)
    return failed("bad_number") if found.value is None else Parsed(found.value, flags=(*found.flags, "ambiguous"))


def _plain(match: re.Match[str], context: Context) -> Parsed:
    unit = f"{match['unit'] or ''}元"
    if (
        not match["unit"]
        and not match["yuan"]
        and "¥" not in match[0]
        and "￥" not in match[0]
        and "RMB" not in match[0]
    ):
        unit = _label_unit(context.unit)
        if not unit:
            return failed("bad_number", "no_unit", note=match["n"])
    about = re.fullmatch(_ABOUT, match["about"] or "") or match["more"] or match["late"] or match["round"]
    value = Money(decimal(match["n"]), unit, bool(about))
    return Parsed(value, flags=("approximate",) if value.approximate else ())


def _label_unit(unit: str) -> str:
    name = unit.strip("（）() ")
    return name if name in YUAN else f"{name}元" if f"{name}元" in YUAN and name else ""


def _in_words(match: re.Match[str]) -> Parsed:
    """大写金额, to the 分."""
    amount = _number_in_words(match["yuan"])
    jiao, fen = (_number_in_words(match[part]) if match[part] else 0 for part in ("jiao", "fen"))
    if amount is None or jiao is None or fen is None:
        return failed("bad_number")
    return Parsed(Money(Decimal(amount) + Decimal(jiao) / 10 + Decimal(fen) / 100))


def _number_in_words(text: str) -> int | None:
    from cn2an import cn2an

    try:
        return int(cn2an(text.replace("萬", "万"), "smart"))
    except ValueError:
        return None


def format_money(value: Money) -> str:
    """251万元, 约600元."""
    return f"{'约' if value.approximate else ''}{plain(value.amount)}{value.unit}"
