"""Lines that open a part of a paper (四、主要措施): which of them are labels, and which only look as if they were.

A heading stands on a line of its own, with or without a number; a numbered one may carry its value behind a gap
(六、完成时间　2027年6月). Styles and automatic numbers are knowingly not known here: there are the words and the line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.forms.labels import LONGEST, key

if TYPE_CHECKING:
    from collections.abc import Container

_NUMBER = re.compile(
    r"\s*(?P<open>[(（]|第)?\s*(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})\s*"
    r"(?P<close>[)）]|部分|章|[.、．]|[ \t　](?=\S))\s*"
)
_ORNAMENT = re.compile(r"\s*[■◆●★▲※◇○•▪□►➤【〖]\s*")
_GAP = re.compile(r"[ \t　]+")
_SENTENCE = re.compile(r"[。；;！!？?，,]|[:：].")
_LONGEST_HEADING = 20
_BARE = re.compile(r"[^\W\d_a-zA-Z]{4,14}")
_PLAIN = "一、"
"""The kind of number that parts of a paper have, unless they are numbered otherwise."""
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}


class Headline(NamedTuple):
    """A label that is a heading: where what it says begins in its line, and its bare words."""

    end: int
    word: str


def headline(line: str, labels: Container[str]) -> Headline | None:
    """The heading that a line is, or opens with: a number, a label, a gap and the value behind it."""
    if (word := key(line)) in labels:
        return Headline(len(line), word)
    if ornament := _ORNAMENT.match(line):
        bare = line[ornament.end() :].rstrip().rstrip("】〗")
        return Headline(len(line), key(bare)) if key(bare) in labels else None
    number = _NUMBER.match(line)
    if number is None:
        return None
    if (word := key(line[number.end() :])) in labels:
        return Headline(len(line), word)
    for gap in _GAP.finditer(line, number.end(), number.end() + LONGEST):
        if (word := key(line[number.end() : gap.start()])) in labels:
            return Headline(gap.end(), word)
    return None


def follows(heading: str, line: str) -> bool:
    """Whether a line looks like a heading after this one: the same kind of number, one higher, and no sentence.

    Any 二、 looks like one: parts may have been moved, and Word may count by itself.
    """
    own, other = numbered(heading), numbered(line)
    if other is None or len(line.strip()) > _LONGEST_HEADING or _SENTENCE.search(line.strip()):
        return False
    return other[0] == _PLAIN or (own is not None and (own[0], own[1] + 1) == other)


def is_bare(line: str) -> bool:
    """Whether a line could be a heading nobody knows: a few Chinese words and nothing else."""
    return _BARE.fullmatch(line.strip()) is not None


def numbered(line: str) -> tuple[str, int] | None:
    """The kind of number a line opens with, and its value."""
    match = _NUMBER.match(line)
    if match is None:
        return None
    close = "、" if match["close"] in ".、．" else ")" if match["close"] in ")）" else match["close"]
    digits = match["n"].isdecimal()
    kind = f"{'(' if match['open'] else ''}{'1' if digits else '一'}{close}"
    return kind, int(match["n"]) if digits else _chinese(match["n"])


def _chinese(number: str) -> int:
    """十二 → 12; two digits are enough for the parts of a paper."""
    tens, ten, ones = number.rpartition("十")
    if not ten:
        return _DIGITS.get(number, 0)
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
