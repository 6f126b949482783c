"""What was read from a picture: every value gets the score of its least sure character; unsure ones make it a doubt.

The readers copy texts and cut them; where a value came from is found again by its characters, white space left out,
in the cell or paragraph it was read from. A value that cannot be found there is unsure as soon as anything there is.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Block, Document, Extract, Grid, Paragraph, Place, Reading, Recognised, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class _Spot(NamedTuple):
    """A cell or paragraph: its text without white space, and what is known of it (None: not from a picture)."""

    place: Place
    text: str
    recognised: Recognised | None


def is_recognised(document: Document) -> bool:
    """Whether any of it was read from a picture."""
    return any(
        block.recognised if isinstance(block, Paragraph) else any(block.recognised.values())
        for block in document.blocks
    )


def weighed(extracts: Iterable[Extract], document: Document) -> tuple[Extract, ...]:
    """The extracts with a score, and where it is too low a doubt, for every value that was read from a picture."""
    scale = _Scale(document.blocks)
    return tuple(
        replace(one, fields=scale.all(one.fields), rows=tuple(scale.all(row) for row in one.rows)) for one in extracts
    )


def _spots(blocks: Iterable[Block]) -> Iterator[_Spot]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield _Spot(block.place, bare(block.text), block.recognised)
        else:
            yield from _cells(block)


def _cells(grid: Grid) -> Iterator[_Spot]:
    for row, texts in enumerate(grid.rows):
        for column, text in enumerate(texts):
            if text:
                yield _Spot(grid.place((row, column)), bare(text), grid.recognised.get((row, column)))


def bare(text: str) -> str:
    """Without white space."""
    return "".join(text.split())


class _Scale:
    """The document as one row of characters, with the spot where each place begins."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._spots = list(_spots(blocks))
        self._text = "".join(spot.text for spot in self._spots)
        self._starts = list(accumulate((len(spot.text) for spot in self._spots), initial=0))[:-1]
        self._at = {spot.place: number for number, spot in reversed(list(enumerate(self._spots)))}

    def all(self, readings: Mapping[str, Reading]) -> Row:
        return {name: self._weighed(reading) for name, reading in readings.items()}

    def _weighed(self, reading: Reading) -> Reading:
        number = None if reading.place is None else self._at.get(reading.place)
        if number is None or not reading.text.strip():
            return reading
        score, other = self._judged(reading.text, number)
        if score is None:
            return reading
        if other is None or reading.reason:
            return replace(reading, score=score)
        return replace(reading, score=score, reason="unsure", other=other if bare(other) != bare(reading.text) else "")

    def _judged(self, text: str, number: int) -> tuple[float | None, str | None]:
        """The lowest score of a value that begins in a spot, and its other reading, None when it is sure."""
        lowest: float | None = None
        sure = True
        others: list[str] = []
        at = self._starts[number]
        for line in text.split("\n"):
            begin = self._text.find(bare(line), at)
            if begin < 0 or begin > at + _FAR:
                return self._whole(number)
            at = begin + len(bare(line))
            score, other = self._stretch(begin, at)
            if score is not None:
                lowest = score if lowest is None else min(lowest, score)
            sure = sure and other is None
            others.append(line if other is None else other)
        return lowest, None if sure else "\n".join(others)

    def _stretch(self, begin: int, end: int) -> tuple[float | None, str | None]:
        """The lowest score of a stretch of the document and its other reading."""
        lowest: float | None = None
        letters = list(self._text[begin:end])
        sure = True
        for at in range(begin, end):
            number = bisect_right(self._starts, at) - 1
            known = self._spots[number].recognised
            if known is None:
                continue
            inside = at - self._starts[number]
            lowest = min(known.scores[inside], 1.0 if lowest is None else lowest)
            if inside in known.others:
                letters[at - begin] = known.others[inside]
                sure = False
        return lowest, None if sure else "".join(letters)

    def _whole(self, number: int) -> tuple[float | None, str | None]:
        """All of a spot, for a value that is no stretch of it."""
        known = self._spots[number].recognised
        if known is None:
            return None, None
        return min(known.scores, default=0.0), "" if known.others else None


_FAR = 4000
"""Characters: no line of a value stands farther from the one before it."""
