"""What counts as not filled in: nothing, a printed hint, a date line without its numbers; and sample text left in.

Knowingly not here: 无, / and — say that something does not apply, which is an answer (`not_applicable`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.values.fold import fold, key

if TYPE_CHECKING:
    from collections.abc import Sequence
from functools import lru_cache

PICTURE = "[图片]"
"""Stands for a picture that an Excel cell holds instead of text."""

LONG = 60
"""A text longer than this, hints not counted, is filled in unless it is nothing but fill-in lines."""

_LINE = re.compile(r"[\s_.…·]*")
_DATE_PART = r"(?:(?:[0-9]{0,4}|二[〇○0二]{0,2}[0-9]?)年度?)?月[日号]?"
_DATE_LINE = re.compile(rf"(?:自|从|于)?{_DATE_PART}(?:\(?(?:星期|周)\)?)?(?:起?[-~至到]{_DATE_PART})?(?:前|止)?")
_PROMPT = re.compile(r"[\[(<]?(?:请)?(?:单击|点击|在)?(?:或点击|或单击)?此处(?:以?输入|添加|选择|填写).{0,12}")
_CHOOSE = re.compile(r"[\[(<]?(?:请选择|选择一项|请填写|待填写?|未填写?)[\])>。.]?")
_SAYS = re.compile("(?![自从于二年度月日号星期周起至到前止请单击点或此处以输入添加选择填写待未一项〇])[\u4e00-\u9fff]")
"""A Chinese character that stands in none of those lines and, without 此处, in no prompt."""
_LEFT_OVER = re.compile(r"(?:[\s:,;、。.()\[\]_-]|\d{1,2}[.、)])*", re.ASCII)
_SAMPLE = re.compile(
    r"(?<![A-Za-z0-9])[Xx×]{2,}(?![A-Za-z0-9])|(?<![0-9*])\*{3,}(?![0-9*])"
    r"|(?<![A-Za-z0-9×])[Xx×](?=[年月日号季]|[0-9]?(?:万|亿|千)?元|%)|(?<![一二三四五六七八九十0-9])[○〇]{2,}(?![一二三四五六七八九0-9年])"
)
_SAMPLE_SIGN = re.compile("[Xx×Ｘｘ*＊○〇]")
"""Sample text holds one of these: asked first, because most texts hold none."""
_NOT_APPLICABLE = frozenset(
    ("/", "//", "\\", "-", "--", "---", "无", "空", "没有", "不涉及", "不适用", "N/A", "n/a", "无。", "—", "——")
)
_LONGEST_NO = 16


def is_blank(text: str, hints: Sequence[str] = ()) -> bool:
    """True for nothing, fill-in lines, 年　月　日 without numbers, prompts, and text made only of the given hints."""
    if _says_beyond(tuple(hints)).search(text) and "此处" not in text:
        return False
    if len(text) > LONG and len(text) > LONG + 3 * sum(map(len, hints)):
        return not text.strip(" \t\r\n\u3000\u00a0_＿.…·")
    return _is_blank(text, tuple(hints))


@lru_cache(maxsize=1024)
def _says_beyond(hints: tuple[str, ...]) -> re.Pattern[str]:
    """A character as in `_SAYS` that stands in none of the hints either, so that they cannot be all of a text."""
    printed = "".join(map(re.escape, sorted(set("".join(map(key, hints)) + "".join(hints)))))
    return re.compile(f"{f'(?![{printed}])' if printed else ''}{_SAYS.pattern}")


@lru_cache(maxsize=4096)
def _is_blank(text: str, hints: tuple[str, ...]) -> bool:
    plain = fold(text)
    if _LINE.fullmatch(plain):
        return True
    tight = "".join(plain.replace("_", " ").split())
    if not tight or _is_date_line(tight) or _PROMPT.fullmatch(tight) or _CHOOSE.fullmatch(tight):
        return True
    return bool(hints) and _only_hints(text, hints)


def _is_date_line(tight: str) -> bool:
    return bool(_DATE_LINE.fullmatch(tight))


def _only_hints(text: str, hints: Sequence[str]) -> bool:
    rest = key(text)
    for hint in sorted(filter(None, map(key, hints)), key=len, reverse=True):
        rest = rest.replace(hint, " ")
    return " " in rest and bool(_LEFT_OVER.fullmatch(rest))


def is_sample(text: str) -> bool:
    """True if sample text was left in: XX万元, ××党支部, ***, X月X日. A masked number (177****4503) is none."""
    return bool(_SAMPLE_SIGN.search(text)) and bool(_SAMPLE.search(text if text.isascii() else fold(text)))


def is_picture(text: str) -> bool:
    """True for a cell that holds nothing but pictures."""
    return PICTURE in text and not text.replace(PICTURE, "").strip()


def says_not_applicable(text: str) -> bool:
    """True for 无, /, — and the like: an answer, but no value."""
    bare = text.strip()
    return len(bare) <= _LONGEST_NO and fold(bare).strip() in _NOT_APPLICABLE
