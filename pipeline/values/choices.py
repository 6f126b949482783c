"""One word out of a closed list, also ticked among boxes: ☑同意 □不同意, 同意√ 不同意□.

Only whole words count: 未完成 is never taken for 完成. Other wordings come from the type's `choice_words`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.values.blanks import is_blank, is_sample, says_not_applicable
from pipeline.values.fold import fold, key
from pipeline.values.parsed import BLANK, NOT_APPLICABLE, Parsed, failed

if TYPE_CHECKING:
    from collections.abc import Mapping

_TICKED = "☑☒✓✔√■●◉▣🗹✅"
_EMPTY = "□☐○◯▢"
_BRACKETED = re.compile(r"[(\[]\s*([√✓✔☑■]?)\s*[)\]]")
_MARK = re.compile(f"[{_TICKED}{_EMPTY}]")
_NUMBERING = re.compile(
    r"^(?:\((?:\d{1,2}|[一二三四五六七八九十]{1,3})\)|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.、])(?=.)"
)
_END = ".。,，;；:：、!！"
_YES, _NO = ("√", "✓", "✔", "☑", "■", "对", "y", "yes", "1"), ("×", "✗", "✘", "x", "否", "n", "no", "0")


def parse_choice(text: str, choices: tuple[str, ...], words: Mapping[str, str]) -> Parsed:
    """The allowed word. bad_choice for others and (flag ambiguous) for several ticks; no tick at all is blank."""
    trimmed = text.strip()
    if trimmed in choices:
        return Parsed(trimmed)
    if is_blank(text):
        return BLANK
    if (word := _lookup(trimmed, choices, words)) is not None:
        return Parsed(word)
    if is_sample(text):
        return failed("placeholder")
    if says_not_applicable(text):
        return NOT_APPLICABLE
    if not choices:
        return Parsed(trimmed)
    marked = _BRACKETED.sub(lambda match: match[1] or "□", fold(text))
    return _ticked(marked, choices, words) if _MARK.search(marked) else failed("bad_choice")


def _lookup(text: str, choices: tuple[str, ...], words: Mapping[str, str]) -> str | None:
    wanted = _NUMBERING.sub("", key(text).strip(_END))
    names = {key(choice): choice for choice in choices}
    names |= {key(word): choice for word, choice in words.items() if not choices or choice in choices}
    for spelling in (wanted, wanted.removesuffix("类"), wanted + "类"):
        if spelling in names:
            return names[spelling]
    if {"是", "否"} <= set(choices):
        return "是" if wanted in _YES else "否" if wanted in _NO else None
    return None


def _ticked(text: str, choices: tuple[str, ...], words: Mapping[str, str]) -> Parsed:
    """Which option has the tick; the marks stand before the options if the text begins with one."""
    marks = _MARK.findall(text)
    options = [option.strip() for option in _MARK.split(text)]
    ahead = not options[0]
    options = options[1:] if ahead else options[:-1] if not options[-1] else options
    if len(options) != len(marks):
        return failed("bad_choice", "ambiguous")
    chosen = [option for option, mark in zip(options, marks, strict=True) if mark in _TICKED]
    if not chosen:
        known = all(_lookup(option, choices, words) is not None for option in options)
        return BLANK if known else failed("bad_choice")
    if len(chosen) > 1:
        return failed("bad_choice", "ambiguous", note="、".join(chosen))
    word = _lookup(chosen[0], choices, words)
    return failed("bad_choice", note=chosen[0]) if word is None else Parsed(word)
