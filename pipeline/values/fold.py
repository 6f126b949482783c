"""One spelling for the many ways a keyboard writes the same character.

Answers for: full width → half width, every dash as "-", every tilde as "~", invisible characters removed, the
look-alikes that PDF extraction leaves behind (⽇ → 日), white space inside Chinese text. Knowingly leaves ①, ㈠ and
other numbering alone (full NFKC would turn ①2022年 into 12022年) and never touches words or case.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = "-‐‑‒–—―−─━⁃﹘﹣－ー\u2014"
_TILDES = "~～∼〜˜⁓∽﹋"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"


def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for low, high in ((0x2E80, 0x2FD6), (0xF900, 0xFB00), (0x1D7CE, 0x1D800)):
        table |= {code: unicodedata.normalize("NFKC", chr(code)) for code in range(low, high)}
    table |= dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u202f"), " ")
    table |= dict.fromkeys(map(ord, _INVISIBLE), "")
    table |= dict.fromkeys(map(ord, _DASHES), "-")
    return table | dict.fromkeys(map(ord, _TILDES), "~")


_FOLD = _table()
_WIDE = re.compile("[\u2014\u3000\uff01-\uff5e]")
_SIGNS = {chr(code): to for code, to in _FOLD.items() if _WIDE.match(chr(code))}
ORDINARY = re.compile("[\t\n -~\u2014\u2018\u2019\u201c\u201d\u3000-\u3002\u3008-\u3011\u4e00-\u9fff\uff01-\uff5e]*")
"""Most texts hold no other characters. Of these `fold` changes those of `_WIDE`, NFKC the wide forms of ASCII and the
wide space, each by itself; replacing the few that stand in a text is faster than a table."""
_LOOSE = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")
_GAP = re.compile(r"\s+")
_RUN = re.compile(r"([-~])\1+")
_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇·"
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_QUOTES = str.maketrans("", "", "\"'“”‘’「」『』〝〞")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The same text with one form per character; length may change only by removed invisible characters.

    Kept for a while: two readers and several checks ask for the same text.
    """
    if text.isascii():
        return text
    if not ORDINARY.fullmatch(text):
        return text.translate(_FOLD)
    for sign in set(_WIDE.findall(text)):
        text = text.replace(sign, _SIGNS[sign])
    return text


def squeeze(text: str) -> str:
    """Folded, without white space, —— as one dash; between two digits one space stays: there it separates numbers."""
    tight = _GAP.sub(" ", _LOOSE.sub("", fold(text)))
    return _RUN.sub(r"\1", tight) if "--" in tight or "~~" in tight else tight


def tidy(text: str) -> str:
    """The text as written, outer spaces trimmed and the spaces between Chinese characters closed (张　三 → 张三)."""
    return _BETWEEN_HAN.sub("", text.strip())


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """What two spellings of one name have in common: folded, no white space, no quotation marks, lower case."""
    return _GAP.sub("", fold(text)).translate(_QUOTES).lower()
