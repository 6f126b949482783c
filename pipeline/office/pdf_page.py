"""One page of a PDF as what can be seen on it: characters with their boxes, and the straight lines that were drawn.

Invisible characters (the text layer of a scan), slanted ones (watermarks) and what lies off the page are told apart.
Nothing is followed or run: scripts, attachments, links and the appearance of annotations stay shut. Not seen: colour
and pictures, of which only the area counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from pdfminer.layout import LTChar
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.utils import apply_matrix_pt, apply_matrix_rect

from pipeline.errors import Unreadable
from pipeline.office.docx_symbols import UNKNOWN, is_symbol_font, symbol
from pipeline.office.pdf_window import WindowDevice, WindowInterpreter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdfminer.pdfcolor import PDFColorSpace
    from pdfminer.pdfdevice import PDFTextSeq
    from pdfminer.pdffont import PDFFont
    from pdfminer.pdfinterp import PDFGraphicState, PDFResourceManager, PDFTextState
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdftypes import PDFStream
    from pdfminer.utils import Matrix, PathSegment, Rect

MOST_CHARACTERS = 2_000_000
"""Characters of one file; real forms have some hundreds, real ledgers some ten thousand."""
MOST_PATHS = 50_000
"""Lines, rectangles and drawings of one page."""
THIN = 3.0
"""A filled rectangle no thicker (points) is a ruling; a wider one is a background."""
_STRAIGHT = 0.7
_HIDDEN = frozenset({3, 7})
_BOWS = frozenset("cvy")
_DEEPEST = 5_000
_ROUNDING = 0.3

Point = tuple[float, float]
Box = tuple[float, float, float, float]


class Glyph(NamedTuple):
    """A character and its box in points from the page's top left corner.

    `base`: the height of its base line. `turned`: it does not stand upright. `window`: the rectangle (left, top, right,
    bottom) that is shown of what is drawn there, None for all of it. `score`, `other`: see model.Recognised; None for a
    character that was not read from a picture, or (`other`) is sure.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    turned: bool = False
    window: Box | None = None
    score: float | None = None
    other: str | None = None

    @property
    def middle(self) -> Point:
        """Centre of the box, moved to what is shown of it: there the text belongs that was cut off at an edge."""
        x, y = (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2
        if self.window is None:
            return x, y
        left, top, right, bottom = self.window
        return _within(x, left, right), _within(y, top, bottom)

    @property
    def hidden(self) -> bool:
        """Whether it reaches out of its window, by more than the rounding of edges."""
        if self.window is None:
            return False
        left, top, right, bottom = self.window
        high = (self.top + self.bottom) / 2
        return self.x0 < left - _ROUNDING or self.x1 > right + _ROUNDING or not top <= high <= bottom


def _within(at: float, low: float, high: float) -> float:
    """The nearest spot between two edges, a little off them, so that it lies on one side of a ruling."""
    inset = min(1.0, (high - low) / 2)
    return min(max(at, low + inset), high - inset)


class Stroke(NamedTuple):
    """A horizontal or vertical line: `at` is its y or x, `start` and `end` the other coordinate."""

    at: float
    start: float
    end: float


class Seen:
    """What a page shows. `slanted`: characters of a watermark; `unknown`: how many have no meaning (no ToUnicode);
    `curves`: how many bows were drawn."""

    __slots__ = ("across", "curves", "down", "glyphs", "height", "pictured", "slanted", "unknown", "width")

    def __init__(self) -> None:
        self.width = self.height = 0.0
        self.glyphs: list[Glyph] = []
        self.slanted: list[Glyph] = []
        self.across: list[Stroke] = []
        self.down: list[Stroke] = []
        self.pictured = 0.0
        self.unknown = 0
        self.curves = 0


class Eye(WindowDevice):
    """Looks at one page after the other; counts the file's characters. Raises Unreadable(too_large)."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self._interpreter = WindowInterpreter(resources, self)
        self._characters = 0
        self._paths = 0
        self._figures = 0
        self._spots: dict[tuple[str, int, int], list[Point]] = defaultdict(list)
        self._shown: Rect = (0, 0, 0, 0)
        self._seen = Seen()

    def look(self, page: PDFPage) -> Seen:
        """What the page shows."""
        self._seen = Seen()
        self._paths = self._figures = 0
        self._spots.clear()
        self.window = None
        self._interpreter.process_page(page)
        return self._seen

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        """Notes the size of the page and the part of it that is shown."""
        x0, y0, x1, y1 = apply_matrix_rect(ctm, page.mediabox)
        self._seen.width, self._seen.height = abs(x1 - x0), abs(y1 - y0)
        left, low, right, high = apply_matrix_rect(ctm, page.cropbox)
        self._shown = (left, self._seen.height - high, right, self._seen.height - low)

    def end_page(self, page: PDFPage) -> None:
        """Nothing is left to do."""

    def begin_figure(self, name: str, bbox: Rect, matrix: Matrix) -> None:
        """Forms inside forms can multiply: they are counted."""
        self._figures += 1
        if self._figures > _DEEPEST:
            raise Unreadable("too_large", reason="paths", limit=str(_DEEPEST))

    def end_figure(self, _: str) -> None:
        """What a form shows belongs to the page."""

    def render_image(self, name: str, stream: PDFStream) -> None:
        """A picture's area; its bytes are not touched."""
        a, b, c, d, _e, _f = self.ctm
        self._seen.pictured += abs(a * d - b * c)

    def render_string(
        self, textstate: PDFTextState, seq: PDFTextSeq, ncs: PDFColorSpace, graphicstate: PDFGraphicState
    ) -> None:
        """Characters, unless they are drawn invisibly."""
        if textstate.render not in _HIDDEN:
            super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: PDFColorSpace,
        graphicstate: PDFGraphicState,
    ) -> float:
        """Notes one character; returns how far it moves the pen."""
        self._characters += 1
        if self._characters > MOST_CHARACTERS:
            raise Unreadable("too_large", reason="text", limit=str(MOST_CHARACTERS))
        text = _meaning(font, cid)
        width, shift = font.char_width(cid), font.char_disp(cid)
        char = LTChar(matrix, font, fontsize, scaling, rise, text, width, shift, ncs, graphicstate)
        height = self._seen.height
        window = self._window()
        glyph = Glyph(
            text, char.x0, height - char.y1, char.x1, height - char.y0, height - matrix[5], not char.upright, window
        )
        if text and self._is_new(glyph):
            self._seen.unknown += text == UNKNOWN
            slanted = abs(matrix[0]) > 0.1 * abs(matrix[1]) > 0.01 * abs(matrix[0])
            (self._seen.slanted if slanted else self._seen.glyphs).append(glyph)
        return char.adv

    def _window(self) -> Box | None:
        """The device's window counted from the top; None when it shows the whole page."""
        if self.window is None:
            return None
        left, low, right, high = self.window
        width, height = self._seen.width, self._seen.height
        if left <= 0 and low <= 0 and right >= width and high >= height:
            return None
        return left, height - high, right, height - low

    def _is_new(self, glyph: Glyph) -> bool:
        """Off the page nothing is seen, and printing the same letter twice in one place only makes it bold."""
        x, y = glyph.middle
        left, top, right, bottom = self._shown
        if not (left <= x <= right and top <= y <= bottom):
            return False
        columns = {int((glyph.x0 - 1) // 4), int((glyph.x0 + 1) // 4)}
        rows = {int((glyph.top - 1) // 4), int((glyph.top + 1) // 4)}
        near = (spot for column in columns for row in rows for spot in self._spots.get((glyph.text, column, row), ()))
        if any(abs(x0 - glyph.x0) <= 1 and abs(y0 - glyph.top) <= 1 for x0, y0 in near):
            return False
        self._spots[glyph.text, int(glyph.x0 // 4), int(glyph.top // 4)].append((glyph.x0, glyph.top))
        return True

    def paint_path(
        self,
        gstate: PDFGraphicState,
        stroke: bool,
        fill: bool,
        evenodd: bool,
        path: Sequence[PathSegment],
    ) -> None:
        """Notes the straight level and upright lines of a drawing."""
        self._paths += 1 + len(path) // 8
        if self._paths > MOST_PATHS:
            raise Unreadable("too_large", reason="paths", limit=str(MOST_PATHS))
        visible = stroke and not _is_white(gstate.scolor)
        filled = fill and not stroke and not _is_white(gstate.ncolor)
        if not (visible or filled):
            return
        self._seen.curves += sum(1 for operator, *_ in path if operator in _BOWS)
        for points in self._outlines(path):
            if visible:
                for first, second in pairwise(points):
                    self._rule(*first, *second)
            else:
                self._bar(points)

    def _outlines(self, path: Sequence[PathSegment]) -> Iterator[list[Point]]:
        """The corners of each piece made of straight lines; a bow ends a piece."""
        height = self._seen.height
        points: list[Point] = []
        for operator, *numbers in path:
            if operator == "m" or operator in _BOWS:
                if len(points) > 1:
                    yield points
                points = []
            if operator == "h":
                points.extend(points[:1])
            else:
                x, y = apply_matrix_pt(self.ctm, (float(numbers[-2]), float(numbers[-1])))
                points.append((_bounded(x), _bounded(height - y)))
        if len(points) > 1:
            yield points

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if abs(y1 - y0) < _STRAIGHT:
            self._seen.across.append(Stroke((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) < _STRAIGHT:
            self._seen.down.append(Stroke((x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    def _bar(self, points: Sequence[Point]) -> None:
        """A filled shape that is thin enough is a line; a dot may belong to a dotted line of either direction."""
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        top, bottom = min(y for _, y in points), max(y for _, y in points)
        if bottom - top <= THIN:
            self._seen.across.append(Stroke((top + bottom) / 2, left, right))
        if right - left <= THIN:
            self._seen.down.append(Stroke((left + right) / 2, top, bottom))


def _bounded(at: float) -> float:
    """A place that can be on paper; damaged files have others, and numbers that are none."""
    return min(max(at, -_FAR), _FAR) if isfinite(at) else _FAR


_FAR = 100_000.0
_RADICAL = re.compile("[\u2e80-\u2fdf\ufb00-\ufb06]")


def _meaning(font: PDFFont, cid: int) -> str:
    """What a character code of a font says; control characters say nothing, UNKNOWN stands for the unreadable."""
    try:
        text = font.to_unichr(cid)
    except PDFUnicodeNotDefined:
        return UNKNOWN
    family = _family(font)
    private = len(text) == 1 and "\ue000" <= text <= "\uf8ff"
    pictures = len(text) == 1 and " " < text <= "\xff" and is_symbol_font(family)
    return symbol(family, ord(text)) if private or pictures else _tidy(text)


def _tidy(text: str) -> str:
    if _RADICAL.search(text):  # some writers name a character by its look-alike among the radicals and ligatures
        text = unicodedata.normalize("NFKC", text)
    return "".join(" " if char in "\t\xa0" else char for char in text if char in "\t\xa0" or char.isprintable())


def _family(font: PDFFont) -> str:
    """ABCDEF+Wingdings-Regular → Wingdings."""
    name = font.fontname.decode("latin-1") if isinstance(font.fontname, bytes) else str(font.fontname)
    return re.split(r"[-,]", name.rpartition("+")[2])[0].replace("Wingdings2", "Wingdings 2")


def _is_white(colour: object) -> bool:
    parts = colour if isinstance(colour, (tuple, list)) else (colour,)
    if not parts or not all(isinstance(part, (int, float)) for part in parts):
        return False
    return all(part <= 0.01 for part in parts) if len(parts) == 4 else all(part >= 0.99 for part in parts)
