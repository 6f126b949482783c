"""What stands there, read twice: from the evened page without its rulings, and from the plain one in another shape.

A character is sure when both looks show it and both give it enough. Forms of one character that differ in width only
（，and ,）count as the same. What neither look can make out is UNREAD, which is never sure.
"""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import cv2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.office.scan.bitmap import Grey
    from pipeline.office.scan.nets import Box, Char, Nets
    from pipeline.office.scan.segments import Segment

UNREAD = "�"
SURE, SURE_SMALL = 0.9, 0.97
"""What both looks have to give a character; more where the line is so small that strokes run together."""
_SMALL, _TINY = 18, 15
"""Pixels of a line's ink at 200 dots an inch: less than seven points; and what is so small that it is never sure."""
SURE_BOX = 0.95
"""The same for a tick box, where one small stroke turns the meaning round."""
OFF, LIKE_OFF = "□", "口"
BOXES = frozenset("□☐▢○☑☒■√✓✔▣")
LIKE_BOXES = frozenset("口囗回図区凶因团囚困固国日目田曰四V")
"""What a box, empty or ticked, has been read as."""
_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_MARGINS = (0.15, 0.25)
"""Line heights of paper around a line in the first and in the second look."""
_SQUEEZED = 0.92
"""How far the second look squeezes a line."""
_PARTED = 0.15
_NEVER = 1.01


class Sign(NamedTuple):
    """A character with its place on the line in pixels. `other`: None when it is sure, else the second reading."""

    text: str
    x0: float
    x1: float
    score: float
    other: str | None


class _Letter(NamedTuple):
    text: str
    score: float
    middle: float
    spaced: bool


def words(segments: Sequence[Segment], views: tuple[Grey, Grey], nets: Nets) -> list[tuple[Sign, ...]]:
    """What each segment says. `views`: the two views of the page, both without rulings."""
    first, second = views
    looks = (
        _look([(one.box, one.height) for one in segments], first, nets, again=False),
        _look([(one.wide, one.height) for one in segments], second, nets, again=True),
    )
    return [_signs(segment, *pair) for segment, *pair in zip(segments, *looks, strict=True)]


def _look(boxes: Sequence[tuple[Box, int]], view: Grey, nets: Nets, *, again: bool) -> list[list[_Letter]]:
    spans: list[tuple[int, int]] = []
    cuts: list[Grey] = []
    for box, height in boxes:
        edge = max(round(height * _MARGINS[again]), 1)
        left, right = max(box.x0 - edge, 0), min(box.x1 + edge, view.shape[1])
        cut = view[max(box.y0 - edge, 0) : min(box.y1 + edge, view.shape[0]), left:right]
        if again:
            size = (max(round(cut.shape[1] * _SQUEEZED), 1), cut.shape[0])
            cut = cv2.resize(cut, size, interpolation=cv2.INTER_AREA).astype(cut.dtype, copy=False)
        spans.append((left, right))
        cuts.append(cut)
    return [_letters(chars, *span) for chars, span in zip(nets.read(cuts), spans, strict=True)]


def _letters(chars: Sequence[Char], left: int, right: int) -> list[_Letter]:
    letters: list[_Letter] = []
    spaced = False
    for char in chars:
        if char.text.isspace() or not char.text.isprintable():
            spaced = True
            continue
        score = char.score + (char.rival_score if folded(char.rival) == folded(char.text) else 0.0)
        letters.append(_Letter(char.text, min(score, 1.0), left + char.at * (right - left), spaced))
        spaced = False
    return letters


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The form under which wide and narrow ones are the same."""
    return unicodedata.normalize("NFKC", text)


def _signs(segment: Segment, one: Sequence[_Letter], two: Sequence[_Letter]) -> tuple[Sign, ...]:
    """The better look, with what the other one says against it."""
    if _mean(two) > _mean(one):
        one, two = two, one
    box = segment.box
    if not one:
        return (Sign(UNREAD, box.x0, box.x1, 0.0, ""),)
    scores, others = _compared(one, two, _needed(segment, [letter.text for letter in one]))
    for at in _boxes_in_doubt([letter.text for letter in one], scores):
        scores[at], others[at] = min(scores[at], 0.5), others[at] or (OFF if one[at].text != OFF else "")
    edges = _edges(one, segment)
    texts = typeset([letter.text for letter in one])
    return tuple(
        Sign(text, *span, score, other) for text, span, score, other in zip(texts, edges, scores, others, strict=True)
    )


def _needed(segment: Segment, texts: Sequence[str]) -> float:
    """What a letter has to get; the ink of figures and of 一 says nothing of the size of the print."""
    full = any("\u4e00" <= text <= "\u9fff" and text not in "一二三" for text in texts)
    height = segment.box.height if full else segment.height
    if height < _TINY:
        return _NEVER
    return SURE_SMALL if height < _SMALL else SURE


def typeset(texts: Sequence[str]) -> list[str]:
    """Signs in their wide form where the line is Chinese, but for those between two figures or letters (9:30)."""
    if not any("\u4e00" <= text <= "\u9fff" for text in texts):
        return list(texts)
    framed = ["", *texts, ""]
    return [
        text if text not in _WIDE or (_is_narrow(before) and _is_narrow(after)) else _WIDE[text]
        for before, text, after in zip(framed, texts, framed[2:], strict=False)
    ]


def _is_narrow(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _boxes_in_doubt(texts: Sequence[str], scores: Sequence[float]) -> list[int]:
    """Which letters of a line with tick boxes may be boxes, or may be boxes of the other kind."""
    boxes = sum(text in BOXES for text in texts)
    if not boxes and not (texts[0] == LIKE_OFF and texts.count(LIKE_OFF) > 1):
        return []
    return [at for at, text in enumerate(texts) if text in LIKE_BOXES or (text in BOXES and scores[at] < SURE_BOX)]


def _mean(letters: Sequence[_Letter]) -> float:
    return sum(letter.score for letter in letters) / len(letters) if letters else 0.0


def _compared(one: Sequence[_Letter], two: Sequence[_Letter], sure: float) -> tuple[list[float], list[str | None]]:
    """For each letter of the one look the lower score of both, and what stands against it in the other."""
    scores = [letter.score for letter in one]
    others: list[str | None] = [None] * len(one)
    matcher = SequenceMatcher(None, [folded(at.text) for at in one], [folded(at.text) for at in two], autojunk=False)
    for kind, a0, a1, b0, b1 in matcher.get_opcodes():
        text = "".join(letter.text for letter in two[b0:b1])
        if kind == "equal":
            for at, twin in zip(range(a0, a1), two[b0:b1], strict=True):
                scores[at] = min(scores[at], twin.score)
        elif kind == "insert":
            at = max(a0 - 1, 0)
            scores[at] = min(scores[at], 0.5)
            others[at] = (one[at].text + text) if a0 else (text + one[at].text)
        else:
            for at in range(a0, a1):
                scores[at] = min(scores[at], 0.5)
                others[at] = text if at == a0 else ""
    for at, letter in enumerate(one):
        if others[at] is None and scores[at] < sure:
            others[at] = letter.text
    return scores, others


def _edges(letters: Sequence[_Letter], segment: Segment) -> list[tuple[float, float]]:
    """Left and right edge of each letter: half-way to its neighbours, but no wider than a letter is."""
    box = segment.box
    size = _pitch(letters) or segment.height
    bounds: list[tuple[float, float]] = []
    for before, after in pairwise([None, *letters, None]):
        bounds.append(_gap(before, after, box.x0, box.x1, size))
    return [(bounds[at][1], max(bounds[at + 1][0], bounds[at][1])) for at in range(len(letters))]


def _pitch(letters: Sequence[_Letter]) -> float:
    steps = [b.middle - a.middle for a, b in pairwise(letters) if not (a.text.isascii() or b.text.isascii())]
    return median(steps) if len(steps) > 2 else 0.0


def _gap(before: _Letter | None, after: _Letter | None, left: float, right: float, size: float) -> tuple[float, float]:
    """Where one letter ends and the next begins: the same spot, but for a space between them."""
    if before is None:
        return left, left
    if after is None:
        return right, right
    middle = (before.middle + after.middle) / 2
    if before.text.isascii() and after.text.isascii():
        apart = _PARTED * size if after.spaced else 0.0
        return middle - apart, middle + apart
    return (
        min(middle, before.middle + (0.3 if before.text.isascii() else 0.55) * size),
        max(middle, after.middle - (0.3 if after.text.isascii() else 0.55) * size),
    )
