"""A page made ready: turned upright, straightened, its light made even, red ink told from black.

Skew is found where the sums of ink along the rows differ most, which rulings and lines of text both sharpen. Not
undone: the perspective of a camera held aslant, and folds; what suffers from them scores low and becomes a doubt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.office.scan.bitmap import Colour, Grey
    from pipeline.office.scan.nets import Box, Nets

Mask = NDArray[np.uint8]
"""1 where something is, else 0."""

FIND_SIDE = 1280
"""Pixels of the longer side of what the text finder sees."""
_SKEW_SIDE = 700
_MOST_SKEW = 6.0
_COARSE, _FINE = 0.5, 0.05
_SAMPLES = 4
_READABLE = 0.75
_RED_LEAD, _RED_LEAST = 45, 90
_SEAM, _BLACK = 9, 90
"""Beside red ink only what is as dark as this is black ink."""
_INK = 0.72
"""Of the brightness of the paper around it: darker is ink."""


class Page(NamedTuple):
    """An upright page. `grey`: even light and no red ink; `plain`: as it was; `ink`, `red`: what is written where."""

    grey: Grey
    plain: Grey
    ink: Mask
    red: Mask


def made_ready(picture: Colour) -> Page:
    """The four views of an upright bitmap."""
    plain = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    strongest = picture.max(axis=2)
    even = _even(strongest)
    lead = picture[:, :, 0].astype(np.int16) - picture[:, :, 1:].max(axis=2)
    red = ((lead > _RED_LEAD) & (picture[:, :, 0] > _RED_LEAST)).astype(np.uint8)
    seam = cv2.dilate(red, np.ones((_SEAM, _SEAM), np.uint8)) > 0  # pictures are stored with their colours blurred
    even[seam & (even > _BLACK)] = 255
    ink = (even < _INK * 255).astype(np.uint8)
    return Page(even, plain, ink, red)


def _even(grey: Grey) -> Grey:
    """The page divided by its paper: shadows and uneven light go, ink stays."""
    height, width = grey.shape
    small = cv2.resize(grey, (max(width // 8, 1), max(height // 8, 1)), interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 21)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(grey, np.maximum(paper, 1), scale=255).astype(np.uint8, copy=False)


def straightened(picture: Colour) -> Colour:
    """The bitmap turned by a few degrees, so that its lines are level (or upright, on a page that lies on its side)."""
    angle = _skew(picture)
    return picture if abs(angle) < _FINE else _rotated(picture, angle)


def shrunk(grey: Grey, side: int) -> tuple[Grey, float]:
    """The bitmap with its longer side as given, and by how much it was scaled."""
    scale = side / max(grey.shape)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = (max(round(grey.shape[1] * scale), 1), max(round(grey.shape[0] * scale), 1))
    return cv2.resize(grey, size, interpolation=how).astype(np.uint8, copy=False), scale


def quarter_turns(grey: Grey, boxes: Sequence[Box], nets: Nets) -> int:
    """By how many quarters (counter-clockwise) a page has to be turned for its longest lines to read best."""
    lying = sum(box.width for box in boxes if box.width > 2 * box.height)
    standing = sum(box.height for box in boxes if box.height > 2 * box.width)
    long = sorted(boxes, key=lambda box: max(box.width, box.height), reverse=True)[:_SAMPLES]
    cuts = [grey[box.y0 : box.y1, box.x0 : box.x1] for box in long]
    best, mark = 0, 0.0
    for turn in (1, 3) if standing > lying else (0, 2):
        scores = [char.score for chars in nets.read([np.rot90(cut, turn) for cut in cuts]) for char in chars]
        now = float(np.mean(scores)) if scores else 0.0
        if now > mark:
            best, mark = turn, now
        if turn == 0 and now > _READABLE:
            break
    return best


def _skew(picture: Colour) -> float:
    """Degrees by which the page has to be turned counter-clockwise to stand straight."""
    small, _ = shrunk(_even(picture.max(axis=2)), _SKEW_SIDE)
    ink = (small < _INK * 255).astype(np.float32)
    ink[: ink.shape[0] // 40] = ink[-ink.shape[0] // 40 :] = 0
    ink[:, : ink.shape[1] // 40] = ink[:, -ink.shape[1] // 40 :] = 0
    if not ink.any():
        return 0.0
    coarse = max(np.arange(-_MOST_SKEW, _MOST_SKEW + _COARSE, _COARSE), key=lambda angle: _sharpness(ink, angle))
    fine = np.arange(coarse - _COARSE, coarse + _COARSE + _FINE, _FINE)
    best = float(max(fine, key=lambda angle: _sharpness(ink, angle)))
    return best if abs(best) < _MOST_SKEW else 0.0


def _sharpness(ink: NDArray[np.float32], angle: float) -> float:
    """How much the ink of a row differs from that of the next, when the page is turned so."""
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(angle), 1.0)
    sums = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
    return float(np.square(np.diff(sums)).sum())


def _rotated(picture: Colour, angle: float) -> Colour:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    edge = cv2.BORDER_REPLICATE
    turned = cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=edge)
    return turned.astype(np.uint8, copy=False)
