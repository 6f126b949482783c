"""Small Chinese numbers (一 … 九十九, 半 aside) and the digits hidden in dates: 二〇二六年五月二十日, 二O二二年.

Amounts in words (伍万元整) are not read here but in `money`.
"""

from __future__ import annotations

import re

_DIGITS = {
    **{c: n for n, row in enumerate(("〇○零OoＯ0", "一壹1", "二贰两2", "三叁3", "四肆4")) for c in row},
    **{c: n + 5 for n, row in enumerate(("五伍5", "六陆6", "七柒7", "八捌8", "九玖9")) for c in row},
}
_TENS = {"十": 1, "拾": 1, "廿": 2, "卅": 3}
_WORDS = "〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖两"

_ANY = re.compile(rf"[{_WORDS}十拾廿卅Oo○]")
_YEAR = re.compile(rf"(?<![{_WORDS}0-9Oo])([{_WORDS}Oo0-9]{{4}})(?=年)")
_SMALL = re.compile(rf"(?<![{_WORDS}十拾廿卅])([{_WORDS}十拾廿卅]{{1,4}})(?=(?:月(?![内之以])|日|号))")
_AFTER_MONTH = re.compile(rf"(?<=月)[{_WORDS}十拾廿卅]{{1,3}}(?=$|[前至到,;。~-])")


def small_number(text: str) -> int | None:
    """一 → 1, 十二 → 12, 廿三 → 23, 两 → 2, 45 → 45; None for anything else or from 100 on."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 2 else None
    for ten, tens in _TENS.items():
        before, found, after = text.partition(ten)
        if found:
            return _with_tens(before, tens, after)
    return _DIGITS.get(text) if len(text) == 1 else None


def _with_tens(before: str, tens: int, after: str) -> int | None:
    high, low = _DIGITS.get(before, 0), _DIGITS.get(after, 0)
    if len(before) > 1 or len(after) > 1 or (before and not high) or (before and tens > 1) or (after and not low):
        return None
    return (high or tens) * 10 + low


def date_digits(text: str) -> str:
    """The text with the Chinese numbers before 年, 月, 日, 号 as digits; numbers that are no date stay (三年行动)."""
    if not _ANY.search(text):
        return text
    text = _YEAR.sub(lambda m: "".join(str(_DIGITS[c]) for c in m[0]), text)
    return _AFTER_MONTH.sub(_as_digits, _SMALL.sub(_as_digits, text))


def _as_digits(match: re.Match[str]) -> str:
    number = small_number(match[0])
    if number is None and len(match[0]) == 2 and set(match[0]) <= set(_WORDS):
        number = _DIGITS[match[0][0]] * 10 + _DIGITS[match[0][1]]
    return match[0] if number is None else str(number)
