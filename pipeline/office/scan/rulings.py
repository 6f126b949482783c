"""Ruling lines in a bitmap: the long straight runs of ink, told from the strokes of large characters.

A run counts when it is longer than any character, or when both of its ends meet lines that count. Rulings are taken out
of the ink, so that what is left is writing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.office.scan.upright import Mask

_LEAST = 11.0
"""Points: the shortest run that is looked at."""
_LONG = 42.0
"""Points: longer than a character of any form's title."""
_GAP = 3.0
_THICKEST, _THIN = 5.0, 2.4
"""Of a ruling as long as CERTAIN, and of a shorter one."""
_MEETS = 3.0
_CERTAIN = 120.0
_WHOLE, _NEARLY, _FREE = 0.97, 0.8, 0.1


class Ruling(NamedTuple):
    """A level or upright line in pixels: `at` is its middle, `start` … `end` its length, `thick` its thickness."""

    at: float
    start: float
    end: float
    thick: float

    @property
    def length(self) -> float:
        """Pixels."""
        return self.end - self.start


class Rulings(NamedTuple):
    """All rulings of a page and the pixels they cover; `certain`: of those that no stroke of writing is as long as."""

    across: list[Ruling]
    down: list[Ruling]
    mask: Mask
    certain: Mask


def rulings(ink: Mask, points: float) -> Rulings:
    """The rulings of an upright page; `points`: of paper in a pixel."""
    level, level_map = _runs(ink, points)
    post, post_map = _runs(ink.T, points)
    across, down = _kept(level, post, points)
    certain = np.zeros_like(ink)
    for number in down:
        _paint(certain.T, post_map, post[number])
    for number in across:
        if level[number][0].length * points > _CERTAIN:
            _paint(certain, level_map, level[number])
    mask = certain.copy()
    for number in across:
        _paint(mask, level_map, level[number])
    return Rulings([level[number][0] for number in across], [post[number][0] for number in down], mask, certain)


_Run = tuple[Ruling, int, tuple[int, int, int, int]]


def _runs(ink: Mask, points: float) -> tuple[list[_Run], NDArray[np.int32]]:
    """Level runs of ink, with their number and box in the map of runs."""
    least = max(round(_LEAST / points), 4)
    thick = cv2.dilate(ink, np.ones((3, 1), np.uint8))  # a faint line that climbs a pixel stays in one piece
    opened = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, least), np.uint8))
    opened = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((1, max(round(_GAP / points), 1)), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    runs: list[_Run] = []
    for number in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[number])
        thickness = max(area / w - 2, 1.0)
        too_high = h * points > max(_THICKEST + 2, 0.02 * w * points + 4)
        thickest = _THICKEST if w * points > _CERTAIN else _THIN
        if too_high or thickness * points > thickest or not _is_line(ink, (x, y, w, h), w * points):
            continue
        runs.append((Ruling(y + h / 2, x, x + w, thickness), number, (x, y, w, h)))
    return runs, labels.astype(np.int32, copy=False)


def _is_line(ink: Mask, box: tuple[int, int, int, int], length: float) -> bool:
    """Without gaps, or with nothing on both sides: the strokes of neighbouring characters have gaps and neighbours."""
    x, y, w, h = box
    if length > _CERTAIN:
        return True
    covered = float(ink[y : y + h, x : x + w].max(axis=0).mean())
    if covered > _WHOLE:
        return True
    above, below = ink[max(y - 3, 0) : max(y - 1, 1), x : x + w], ink[y + h + 1 : y + h + 3, x : x + w]
    return covered > _NEARLY and all(not side.size or float(side.mean()) < _FREE for side in (above, below))


def _kept(level: Sequence[_Run], post: Sequence[_Run], points: float) -> tuple[list[int], list[int]]:
    """Long runs, and short ones that end at lines that count."""
    across = {n for n, run in enumerate(level) if run[0].length * points >= _LONG}
    down = {n for n, run in enumerate(post) if run[0].length * points >= _LONG}
    near = _MEETS / points
    grown = True
    while grown:
        more_across = _spanning(level, across, [post[n][0] for n in down], near)
        across |= more_across
        more_down = _spanning(post, down, [level[n][0] for n in across], near)
        down |= more_down
        grown = bool(more_across or more_down)
    return sorted(across), sorted(down)


def _spanning(runs: Sequence[_Run], known: set[int], cross: Sequence[Ruling], near: float) -> set[int]:
    return {
        number
        for number, (run, *_) in enumerate(runs)
        if number not in known and _meets(run.start, run.at, cross, near) and _meets(run.end, run.at, cross, near)
    }


def _meets(end: float, at: float, cross: Sequence[Ruling], near: float) -> bool:
    return any(abs(one.at - end) <= near and one.start - near <= at <= one.end + near for one in cross)


def _paint(mask: Mask, labels: NDArray[np.int32], run: _Run) -> None:
    _, number, (x, y, w, h) = run
    spot = mask[y : y + h, x : x + w]
    spot |= (labels[y : y + h, x : x + w] == number).astype(np.uint8)
