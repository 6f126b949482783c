"""The piece of a document that belongs to a label: lines with their places, cut into sections, opinion and date.

Works the same for one cell (all lines share its place) and for a run of paragraphs (each line has its own).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.forms.labels import key
from pipeline.values import is_blank

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.model import Place


class Line(NamedTuple):
    """One line of text and where it stands."""

    text: str
    place: Place


Area = tuple[Line, ...]


def area_of(text: str, place: Place) -> Area:
    """The lines of one cell or paragraph."""
    return tuple([Line(line, place) for line in text.split("\n")])


def text_of(area: Sequence[Line]) -> str:
    """As a careful clerk copies it: outer white space trimmed, empty lines left out, inner characters as written."""
    if len(area) == 1:
        return area[0].text.strip()
    return "\n".join([stripped for line in area if (stripped := line.text.strip())])


def place_of(area: Sequence[Line], default: Place | None = None) -> Place | None:
    """The place of the first line with text, else of the first line."""
    for line in area:
        if line.text.strip():
            return line.place
    return area[0].place if area else default


_DAY = (
    r"(?:[\d０-９〇○ＯO零一二三四五六七八九十两廿卅xX×_＿\s]{0,12}年[\d０-９〇○零一二三四五六七八九十廿卅xX×_＿\s]{0,8}月"
    r"(?:[\d０-９〇○零一二三四五六七八九十廿卅xX×_＿\s]{0,8}[日号])?"
    r"|[\d０-９]{2,4}\s*[.．/／\-－—]\s*[\d０-９]{1,2}\s*[.．/／\-－—]\s*[\d０-９]{1,2}|[12１２][\d０-９]{7})"
)
_TAIL = re.compile(rf"(?:^|(?<=[\s。；;：:，,）)]))\s*({_DAY})\s*$")
_SEALED = re.compile(r"[（(](?:盖章|公章|签章|加盖公章)[)）][:：]?$")
_LONE_DAY = re.compile(rf"\s*{_DAY}\s*")
_TAIL_LENGTH = 80  # more than any way to write a day: without a bound, a line of blanks costs its length squared
_SIGNATURE = re.compile(
    r"^.{0,14}(?:签字|签名|盖章|公章|签章|书记|负责人)[^:：]{0,6}[:：][\s_＿]*$|^[（(]?(?:盖章|公章|签章|签字)[)）]?$"
)


def split_tail(area: Area) -> tuple[Area, Area]:
    """An opinion and the date below it: (opinion lines, date line); printed signature labels belong to neither."""
    last = next((n for n in range(len(area) - 1, -1, -1) if area[n].text.strip()), None)
    if last is None:
        return area, ()
    line = area[last]
    text = line.text.rstrip()
    match = _TAIL.search(text, max(0, len(text) - _TAIL_LENGTH))
    if match is None:
        return without_signatures(area), ()
    before = (*area[:last], Line(line.text[: match.start(1)], line.place))
    return without_signatures(before), (Line(match.group(1), line.place),)


def day_at_end(area: Area) -> tuple[Area, Area]:
    """A text and the date that closes it on a line of its own, if one does: (text, date line)."""
    filled = [number for number, line in enumerate(area) if line.text.strip()]
    if len(filled) < 2 or not _LONE_DAY.fullmatch(area[filled[-1]].text):
        return area, ()
    return area[: filled[-1]], (area[filled[-1]],)


def without_closing(area: Area) -> Area:
    """Without the lines below a text that ask for a signature, a seal or a date, or are a seal's with its date."""
    end = len(area)
    while end and _closes(area[:end]):
        end -= 1
    return area[: max(end, 1)]


def _closes(area: Area) -> bool:
    text = area[-1].text.strip()
    if not text or _SIGNATURE.match(text) or _SEALED.search(text) or is_blank(text):
        return True
    rest, day = day_at_end(area)
    above = next((line.text.strip() for line in reversed(rest) if line.text.strip()), "")
    return bool(day) and _SEALED.search(above) is not None


def without_signatures(area: Area) -> Area:
    """Leaves out lines that only ask for a signature or a seal (支部书记签字：, （盖章）)."""
    return tuple(line for line in area if not _SIGNATURE.match(line.text.strip()))


class Headings:
    """Finds the titled sections of one block: 1.选题：…, 二、内容（主要采取措施）, a title alone on its line."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """`words`: label key → field name of the sections of one type."""
        self._words = words
        loose = sorted(words, key=len, reverse=True)
        # the words come first in the pattern: the engine then skips to their first characters
        names = "|".join(r"[ \t　]*".join(re.escape(char) for char in word) for word in loose) or r"(?!)"
        self._word = re.compile(rf"(?P<word>{names}){_REMARK}[ \t　]*(?:[:：]|$)", re.MULTILINE)

    def strict(self, text: str) -> list[tuple[int, int, str]]:
        """Headings at the start of a line, or numbered after a full stop: (start, end, field)."""
        return opening(text, self.anywhere(text))

    def anywhere(self, text: str) -> list[tuple[int, int, str]]:
        """Every spot that reads like a heading, also inside a sentence: (start, end, field)."""
        spans: list[tuple[int, int, str]] = []
        for match in self._word.finditer(text):
            number = _NUMBER.search(text, max(match.start() - 12, 0), match.start())
            start = number.start() if number else match.start()
            spans.append((start, match.end(), self._words[key(match.group("word"))]))
        return spans


_REMARK = r"(?:[ \t　]*[（(][^（）()\n]{0,24}[）)])?"
_NUMBER = re.compile(r"(?:[(（]?(?:[\d０-９]{1,2}|[一二三四五六七八九十]{1,3})[)）.、．]|[①-⑳⑴-⒇])[ \t　]*$")


def opening(text: str, spans: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Those of the spans that open a line, or are numbered after a full stop."""
    return [span for span in spans if _opens(text, span[0])]


def _opens(text: str, start: int) -> bool:
    """A heading opens a line, or follows a full stop and carries a number."""
    before = text[:start].rstrip(" \t　")
    if not before or before[-1] == "\n":
        return True
    return before[-1] in "。；;！!." and _NUMBERED.match(text, start) is not None


_NUMBERED = re.compile(r"[(（]?(?:[\d０-９]{1,2}|[一二三四五六七八九十]{1,3})[)）.、．]|[①-⑳⑴-⒇]")


def cut(area: Area, start: int, end: int) -> Area:
    """The part of an area between two offsets of its lines joined by line feeds."""
    pieces: list[Line] = []
    offset = 0
    for text, place in area:
        if offset >= end:
            break
        if start <= min(offset + len(text), end):
            pieces.append(Line(text[max(start - offset, 0) : end - offset], place))
        offset += len(text) + 1
    return tuple(pieces)


def joined(area: Area) -> str:
    """The lines joined by line feeds, untrimmed: the text that `cut` counts in."""
    return "\n".join([line.text for line in area])
