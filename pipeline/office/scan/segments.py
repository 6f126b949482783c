"""Where to read: the finder's boxes, parted at rulings and fitted to the ink, and the ink that no box holds.

The finder alone would do to read most of a page, not to be sure of it: it cuts off last digits, joins neighbouring
cells and overlooks single characters. So every piece of ink larger than dust ends up in a segment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.office.scan.nets import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.office.scan.rulings import Ruling, Rulings
    from pipeline.office.scan.upright import Mask

_DUST = 3
"""Pixels: ink no larger than this in both directions is dust."""
_REACH = 1.0
"""Line heights: ink so near beside a line belongs to it."""
_LEAST_BESIDE, _LEAST_ALONE = 0.15, 0.4
_PITCH, _INDENT = 1.8, 0.7
"""Line heights: how far below a line the next one's ink may stand, and how far from its left end."""
_TALL = 1.7
_TWO_LINES = 1.6
_OF_BOX = 0.7
"""The finder's boxes are larger than the characters in them."""
_EDGE = 0.02
_MOST_ALONE = 60

Pieces = NDArray[np.int32]
"""One row for each piece of ink: x0, y0, x1, y1."""


class Segment(NamedTuple):
    """A line of text, or one character of a column. `height`: of the line; the ink of 一 says nothing about that.

    `box`: around the ink. `wide`: that and all that the finder took for text, where the ink may be too faint to see.
    """

    box: Box
    height: int
    wide: Box


def segments(boxes: Sequence[Box], writing: Mask, rulings: Rulings) -> list[Segment]:
    """The segments of a page, from left to right. `writing`: the ink without the rulings."""
    pieces = _pieces(writing)
    parted = [part for box in boxes for part in _parted(box, rulings, _usual(boxes))]
    parted = _levelled(parted, pieces)
    owner = _owners(pieces, parted)
    found: list[Segment] = []
    free = owner < 0
    for number, box in enumerate(parted):
        own = pieces[owner == number]
        fitted = _fitted(box, own)
        if fitted is None:
            continue
        if fitted.height > _TALL * fitted.width and box.height > _TALL * _usual(parted):
            found.extend(Segment(one, one.width, one) for one in _column(fitted, own))
            continue
        fitted, taken = _stretched(fitted, pieces, free, rulings.down)
        free &= ~taken
        wide = fitted._replace(x0=min(fitted.x0, box.x0), x1=max(fitted.x1, box.x1))
        found.append(Segment(fitted, max(fitted.height, round(box.height * _OF_BOX)), wide))
    orphans = [one for piece in pieces[free].tolist() if (one := _orphan(Box(*piece), found)) is not None]
    rest = _alone(pieces[free], _usual([one.box for one in found]) or 30, writing.shape)
    found.extend([*orphans, *(Segment(box, box.height, box) for box in rest)])
    return sorted(found, key=lambda one: (one.box.x0, one.box.y0))


def _orphan(piece: Box, lines: Sequence[Segment]) -> Segment | None:
    """A full stop that had no room on its line stands alone under the first character of it, and looks like dust."""
    small, large = sorted((piece.width, piece.height))
    for box, height, _ in lines:
        stop = _LEAST_BESIDE * height <= small and large < _LEAST_ALONE * height
        below = (piece.y0 + piece.y1) / 2 - box.y1
        if stop and 0 < below < _PITCH * height and abs(piece.x0 - box.x0) < _INDENT * height:
            return Segment(piece, height, piece)
    return None


def _levelled(boxes: Sequence[Box], pieces: Pieces) -> list[Box]:
    """Boxes that hold two lines of print (a short last line below a full one) as two boxes.

    Only between lines does a level cut meet hardly any ink; a heading in large print is crossed by its characters.
    """
    owner = _owners(pieces, boxes)
    inks = [_fitted(box, pieces[owner == number]) for number, box in enumerate(boxes)]
    usual = _usual([ink for ink in inks if ink is not None])
    levelled: list[Box] = []
    for number, (box, ink) in enumerate(zip(boxes, inks, strict=True)):
        double = ink is not None and _TWO_LINES * usual < ink.height < ink.width
        at = _gap_between(pieces[owner == number], ink, usual) if double and ink is not None else None
        levelled.extend([box] if at is None else [box._replace(y1=at), box._replace(y0=at)])
    return levelled


def _gap_between(own: Pieces, ink: Box, usual: int) -> int | None:
    """The row between two lines, the middle of the emptiest rows; None where characters cross every one."""
    rows = range(ink.y0 + usual // 2, ink.y1 - usual // 2 + 1)
    crossed = [int(((own[:, 1] + 2 < row) & (row < own[:, 3] - 2)).sum()) for row in rows]
    if not crossed or min(crossed) > 0:
        return None
    empty = [row for row, count in zip(rows, crossed, strict=True) if not count]
    return empty[len(empty) // 2]


def _usual(boxes: Sequence[Box]) -> int:
    return int(np.median([box.height for box in boxes])) if boxes else 0


def _pieces(writing: Mask) -> Pieces:
    _, _, stats, _ = cv2.connectedComponentsWithStats(writing, connectivity=8)
    x, y, w, h = (stats[1:, at] for at in range(4))
    large = (w > _DUST) | (h > _DUST)
    return np.stack([x, y, x + w, y + h], axis=1)[large].astype(np.int32)


def _parted(box: Box, rulings: Rulings, usual: int) -> Iterator[Box]:
    """A box that reaches over rulings, cut there; a level one cuts only what is higher than a line."""
    middle = (box.y0 + box.y1) / 2
    cuts = sorted(_crossing(rulings.down, (box.x0, box.x1), middle))
    for x0, x1 in zip([box.x0, *cuts], [*cuts, box.x1], strict=True):
        part = box._replace(x0=x0, x1=x1)
        level = sorted(_crossing(rulings.across, (box.y0, box.y1), (x0 + x1) / 2)) if box.height > 1.5 * usual else []
        for y0, y1 in zip([box.y0, *level], [*level, box.y1], strict=True):
            if x1 - x0 > _DUST and y1 - y0 > _DUST:
                yield part._replace(y0=y0, y1=y1)


def _crossing(rulings: Iterable[Ruling], stretch: tuple[int, int], at: float) -> Iterator[int]:
    for one in rulings:
        if one.start <= at <= one.end and stretch[0] + 2 < one.at < stretch[1] - 2:
            yield round(one.at)


def _owners(pieces: Pieces, boxes: Sequence[Box]) -> NDArray[np.int64]:
    """For each piece the box that holds its middle, the one whose middle is nearest; −1 for none."""
    if not boxes or not len(pieces):
        return np.full(len(pieces), -1, np.int64)
    x, y = (pieces[:, 0] + pieces[:, 2])[:, None] / 2, (pieces[:, 1] + pieces[:, 3])[:, None] / 2
    frame = np.array(boxes, np.float64)
    inside = (frame[:, 0] <= x) & (x <= frame[:, 2]) & (frame[:, 1] <= y) & (y <= frame[:, 3])
    far = np.where(inside, np.abs(y - (frame[:, 1] + frame[:, 3]) / 2), np.inf)
    return np.where(inside.any(axis=1), far.argmin(axis=1), -1)


def _fitted(box: Box, own: Pieces) -> Box | None:
    """The box around its ink; ink that runs far out of it (a stamp, a stroke of a pen) does not widen it."""
    if not len(own):
        return None
    slack = box.height // 3
    x0, y0 = max(int(own[:, 0].min()), box.x0 - slack), max(int(own[:, 1].min()), box.y0 - slack // 2)
    x1, y1 = min(int(own[:, 2].max()), box.x1 + slack), min(int(own[:, 3].max()), box.y1 + slack // 2)
    return Box(x0, y0, x1, y1)


def _column(box: Box, own: Pieces) -> Iterator[Box]:
    """The characters of a column: its ink from top to bottom, joined up to the height of a character."""
    top = bottom = -1
    for _, y0, _, y1 in sorted(own.tolist(), key=lambda piece: piece[1]):
        if top >= 0 and (y0 < bottom or y1 - top <= 1.1 * box.width):
            bottom = max(bottom, y1)
            continue
        if top >= 0:
            yield box._replace(y0=top, y1=bottom)
        top, bottom = y0, y1
    if top >= 0:
        yield box._replace(y0=top, y1=bottom)


def _stretched(
    box: Box, pieces: Pieces, free: NDArray[np.bool_], posts: Sequence[Ruling]
) -> tuple[Box, NDArray[np.bool_]]:
    """The box with the free ink beside it, piece after piece, up to the next ruling."""
    height = box.height
    middle = (pieces[:, 1] + pieces[:, 3]) / 2
    large = np.maximum(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]) >= _LEAST_BESIDE * height
    low = pieces[:, 3] - pieces[:, 1] <= 1.3 * height
    beside = free & large & low & (box.y0 <= middle) & (middle <= box.y1)
    stops = [one.at for one in posts if one.start <= (box.y0 + box.y1) / 2 <= one.end]
    left = max((at for at in stops if at < (box.x0 + box.x1) / 2), default=0.0)
    right = min((at for at in stops if at > (box.x0 + box.x1) / 2), default=float("inf"))
    beside &= (pieces[:, 0] >= left) & (pieces[:, 2] <= right)
    taken = np.zeros_like(free)
    for at in np.flatnonzero(beside)[np.argsort(pieces[beside][:, 0])]:
        if pieces[at][2] >= box.x1 and pieces[at][0] - box.x1 < _REACH * height:
            box, taken[at] = box._replace(x1=int(pieces[at][2])), True
    for at in np.flatnonzero(beside)[np.argsort(-pieces[beside][:, 2])]:
        if pieces[at][0] <= box.x0 and box.x0 - pieces[at][2] < _REACH * height:
            box, taken[at] = box._replace(x0=int(pieces[at][0])), True
    return box, taken


def _alone(pieces: Pieces, usual: int, shape: tuple[int, ...]) -> list[Box]:
    """Ink as large as half a character that no line took, joined where it lies close together; the largest ones."""
    height, width = shape[:2]
    sizes = np.maximum(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1])
    spots = np.zeros((height, width), np.uint8)
    for x0, y0, x1, y1 in pieces[sizes >= _LEAST_ALONE * usual]:
        spots[y0:y1, x0:x1] = 1
    closed = cv2.morphologyEx(spots, cv2.MORPH_CLOSE, np.ones((3, max(usual // 2, 1)), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed)
    found = [Box(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:]]
    edge_x, edge_y = width * _EDGE, height * _EDGE
    inner = [
        box for box in found
        if box.x0 > edge_x and box.x1 < width - edge_x and box.y0 > edge_y and box.y1 < height - edge_y
    ]  # fmt: skip
    return sorted(inner, key=lambda box: -box.width * box.height)[:_MOST_ALONE]
