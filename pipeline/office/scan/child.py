"""The child process: a file on its input, what its pages show on its output, as JSON.

    python -m pipeline.office.scan.child KIND MOST_PAGES THREADS [PAGE…]

KIND: "picture" or "pdf"; PAGE: the pages of a PDF that are wanted, counted from 1. The answer is {"pages": […]}, each
with width, height, across, down, glyphs (see `page_of`), all in points from the top left corner, or {"flaw": code, …}.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.office.scan.bitmap import LONG_SIDE, Damaged, Sheet, TooLarge, sheets_of_pdf, sheets_of_picture
from pipeline.office.scan.nets import Box, Nets
from pipeline.office.scan.rulings import Ruling, rulings
from pipeline.office.scan.segments import segments
from pipeline.office.scan.upright import FIND_SIDE, Page, made_ready, quarter_turns, shrunk, straightened
from pipeline.office.scan.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.office.scan.bitmap import Grey
    from pipeline.office.scan.upright import Mask

Json = dict[str, Any]

_WHITE = 255


def main(arguments: Sequence[str]) -> None:
    """Answer once and end."""
    kind, most_pages, threads, *numbers = arguments
    data = sys.stdin.buffer.read()
    try:
        sheets = (
            sheets_of_pdf(data, [int(number) for number in numbers])
            if kind == "pdf"
            else sheets_of_picture(data, int(most_pages))
        )
        answer: Json = {"pages": [page_of(sheet, nets) for sheet, nets in _with_nets(sheets, int(threads))]}
    except TooLarge as flaw:
        answer = {"flaw": "too_large", "reason": flaw.reason, "limit": str(flaw.limit)}
    except Damaged:
        answer = {"flaw": "corrupt"}
    except MemoryError:
        answer = {"flaw": "memory"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


def _with_nets(sheets: Iterator[Sheet], threads: int) -> Iterator[tuple[Sheet, Nets]]:
    """The nets are loaded once the first page has turned out to be one."""
    nets: Nets | None = None
    for sheet in sheets:
        nets = nets or Nets(threads)
        yield sheet, nets


def page_of(sheet: Sheet, nets: Nets) -> Json:
    """What a page shows. Glyphs: text, left, top, right, bottom, score, second reading (null when it is sure)."""
    page, boxes = _upright(sheet, nets)
    ruled = rulings(page.ink, sheet.points)
    writing = (page.ink & (1 - ruled.mask)).astype(np.uint8)
    lines = segments(boxes, writing, ruled)
    signs = words(lines, (_blanked(page.grey, ruled.mask), _blanked(page.plain, ruled.certain)), nets)
    height, width = page.grey.shape
    scale = sheet.points
    glyphs: list[list[object]] = []
    for line, found in zip(lines, signs, strict=True):
        middle = (line.box.y0 + line.box.y1) / 2
        top, bottom = (middle - line.height / 2) * scale, (middle + line.height / 2) * scale
        glyphs.extend(
            [sign.text, sign.x0 * scale, top, sign.x1 * scale, bottom, round(sign.score, 3), sign.other]
            for sign in found
        )
    return {
        "width": width * scale,
        "height": height * scale,
        "across": [_stroke(one, scale) for one in ruled.across],
        "down": [_stroke(one, scale) for one in ruled.down],
        "glyphs": glyphs,
    }


def _upright(sheet: Sheet, nets: Nets) -> tuple[Page, list[Box]]:
    picture = straightened(sheet.picture)
    page = made_ready(picture)
    boxes = _found(page.grey, nets)
    if turns := quarter_turns(page.grey, boxes, nets):
        page = made_ready(np.ascontiguousarray(np.rot90(picture, turns)))
        boxes = _found(page.grey, nets)
    return page, boxes


def _found(grey: Grey, nets: Nets) -> list[Box]:
    small, scale = shrunk(grey, min(FIND_SIDE, LONG_SIDE))
    return [Box(*(round(value / scale) for value in box)) for box in nets.find(small)]


def _blanked(view: Grey, mask: Mask) -> Grey:
    """The view with its rulings painted over in the tone of the paper."""
    blank = view.copy()
    blank[mask > 0] = np.percentile(view[::16, ::16], 80) if view.size else _WHITE
    return blank


def _stroke(one: Ruling, scale: float) -> list[float]:
    return [round(one.at * scale, 2), round(one.start * scale, 2), round(one.end * scale, 2)]


if __name__ == "__main__":
    main(sys.argv[1:])
