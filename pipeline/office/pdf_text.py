"""From characters to text: runs as they were written, lines as they stand, paragraphs as a clerk copies them.

A run keeps characters together that were written one after another without a gap, so that a comma hanging over the
edge of a cell, or a text too long for it, stays in one piece. Knows no words but the numbers that open an item.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Recognised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.model import Pos
    from pipeline.office.pdf_page import Glyph

Cell = tuple[int, "Pos"] | None
"""Number of a table on the page and a cell of it; None outside all tables."""

_EDGE = 0.3
_INSET = 6.0
_TIGHT = 1.5


class Line(NamedTuple):
    """One line of text and its box; `size` is the height of its characters.

    `glyphs`: the characters of its text in order, white space left out, when they were read from a picture.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    glyphs: tuple[Glyph, ...] = ()

    @property
    def size(self) -> float:
        """Height in points."""
        return self.bottom - self.top


class Runs(NamedTuple):
    """Runs by cell, in the order they were written, and the cells whose text runs over their edge."""

    by_cell: dict[Cell, list[list[Glyph]]]
    over: set[Cell]


def runs(glyphs: Sequence[Glyph], cell_of: Callable[[Glyph], Cell]) -> Runs:
    """Shares the characters out to cells, run by run: a run belongs where it begins."""
    found = Runs(defaultdict(list), set())
    run: list[Glyph] = []
    cells: list[Cell] = []
    for glyph in glyphs:
        cell = cell_of(glyph)
        if run and not _runs_on(run[-1], glyph, same=cell == cells[-1]):
            _keep(run, cells, found)
            run, cells = [], []
        run.append(glyph)
        cells.append(cell)
    if run:
        _keep(run, cells, found)
    return found


def _keep(run: list[Glyph], cells: list[Cell], found: Runs) -> None:
    spot = next((n for n, glyph in enumerate(run) if not glyph.text.isspace()), 0)
    home = cells[spot]
    found.by_cell[home].append(run)
    strangers = [glyph for glyph, cell in zip(run, cells, strict=True) if cell != home and glyph.text not in _HANGING]
    if strangers or _is_cut(run):
        found.over.add(home)


def _is_cut(run: Sequence[Glyph]) -> bool:
    """Whether something of a run is hidden, or its window ends where one more character would have had no room.

    Some writers leave out what would be hidden; they narrow the window only for text that does not fit.
    """
    shown = [glyph for glyph in run if not glyph.text.isspace() and glyph.text not in _HANGING]
    if any(glyph.hidden for glyph in shown):
        return True
    if not shown or (window := shown[-1].window) is None:
        return False
    return 0 <= shown[0].x0 - window[0] < _TIGHT and window[2] - shown[-1].x1 < 0.95 * (run[-1].bottom - run[-1].top)


def _runs_on(last: Glyph, glyph: Glyph, *, same: bool) -> bool:
    if last.turned or glyph.turned:
        return last.turned and glyph.turned and same
    size = max(last.bottom - last.top, glyph.bottom - glyph.top)
    gap = glyph.x0 - last.x1
    if abs(glyph.bottom - last.bottom) > 0.35 * size or gap < -0.6 * size:
        return False
    if not same and last.window != glyph.window:
        return False
    return gap < 0.6 * size if same else gap < 0.03 * size + _EDGE


def lines(runs_of_cell: Iterable[list[Glyph]]) -> list[Line]:
    """The lines of one cell (or of the page outside tables), top to bottom; turned and stacked text is one line."""
    pieces = [run for run in runs_of_cell if any(not glyph.text.isspace() for glyph in run)]
    if _is_stacked(pieces):
        return [_boxed("".join(glyph.text for run in pieces for glyph in run).strip(), pieces)]
    rows: list[list[list[Glyph]]] = []
    for run in sorted(pieces, key=lambda run: run[0].top + run[0].bottom):
        if rows and any(_beside(other[0], run[0]) for other in rows[-1]):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [_boxed(_row_text(row), row) for row in rows]


def _is_stacked(pieces: Sequence[list[Glyph]]) -> bool:
    """Written from top to bottom: turned characters, or single ones under each other in several columns."""
    if any(run[0].turned for run in pieces):
        return all(run[0].turned for run in pieces)
    singles = [run[0] for run in pieces if len(run) == 1]
    if len(singles) != len(pieces) or len(pieces) < 3:
        return False
    under = sum(
        abs(a.x0 - b.x0) < 0.5 * (a.bottom - a.top) and b.top - a.top > 0.6 * (a.bottom - a.top)
        for a, b in pairwise(singles)
    )
    return under * 2 >= len(singles)


def _beside(first: Glyph, second: Glyph) -> bool:
    """On one line: half of the smaller one's height in common."""
    common = min(first.bottom, second.bottom) - max(first.top, second.top)
    return common > 0.5 * min(first.bottom - first.top, second.bottom - second.top)


def _row_text(row: list[list[Glyph]]) -> str:
    row.sort(key=lambda run: run[0].x0)
    text = ""
    last: Glyph | None = None
    for glyph in (glyph for run in row for glyph in run):
        if last is not None and _is_gap(last, glyph) and not text.endswith((" ", "　")) and glyph.text not in " 　":
            text += " "
        text += glyph.text
        last = glyph
    return text.strip()


def _is_gap(last: Glyph, glyph: Glyph) -> bool:
    """Room for a space: a wide one between Chinese characters, whose distance a justified line may stretch."""
    size = glyph.bottom - glyph.top
    narrow = last.text.isascii() and glyph.text.isascii()
    return glyph.x0 - last.x1 > size * (0.2 if narrow else 0.8)


def overlaps(runs_of_cell: Sequence[list[Glyph]]) -> bool:
    """Whether texts of a cell are printed over each other."""
    boxes = sorted(
        (min(g.top for g in run), run[0].x0, run[-1].x1, max(g.bottom for g in run))
        for run in runs_of_cell
        if any(not glyph.text.isspace() for glyph in run) and not run[0].turned
    )
    for number, (_, x0, x1, bottom) in enumerate(boxes):
        for top, left, right, low in boxes[number + 1 :]:
            if top >= bottom:
                break
            size = min(bottom - boxes[number][0], low - top)
            if min(bottom, low) - top > 0.5 * size and min(x1, right) - max(x0, left) > 0.5 * size:
                return True
    return False


def _boxed(text: str, row: Sequence[list[Glyph]]) -> Line:
    glyphs = [glyph for run in row for glyph in run if not glyph.text.isspace()]
    return Line(
        text,
        min(glyph.x0 for glyph in glyphs),
        min(glyph.top for glyph in glyphs),
        max(glyph.x1 for glyph in glyphs),
        max(glyph.bottom for glyph in glyphs),
        tuple(glyphs) if glyphs[0].score is not None else (),
    )


def recognised(lines_of_text: Iterable[Line]) -> Recognised | None:
    """What is known of lines that were read from a picture, all in one; None when none was."""
    scores: list[float] = []
    others: dict[int, str] = {}
    seen = False
    for line in lines_of_text:
        seen = seen or bool(line.glyphs)
        for score, other in _marks(line):
            if other is not None:
                others[len(scores)] = other
            scores.append(score)
    return Recognised(tuple(scores), others) if seen else None


def _marks(line: Line) -> Iterable[tuple[float, str | None]]:
    if line.glyphs:
        return ((1.0 if glyph.score is None else glyph.score, glyph.other) for glyph in line.glyphs)
    return ((1.0, None) for char in line.text if not char.isspace())


_HANGING = "，。、；：！？）》”’」】,.;:!?) 　"
_ITEM = re.compile(
    r"[(（](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|\d{1,2}(?:[、)）]|[.．](?!\d))|[一二三四五六七八九十]{1,3}、|[①-⑳⑴-⒇]"
    r"|[☑☒□√■]"
)
_DIGITS = r"[\d〇○零一二三四五六七八九十XxＸ×_＿ 　]*"
_DAY_LINE = re.compile(rf"{_DIGITS}年{_DIGITS}月{_DIGITS}[日号]?")
_UNIT = re.compile(r"[（《“‘「【(]*(?:[A-Za-z\d.,%/\\:~+．％～-]+|.)[，。、；：！？）》”’」】%…,.;:!?)]*")


def flow(stack: Sequence[Line], left: float, right: float) -> str:
    """The lines between two edges as paragraphs: a line feed only where a line did not end for want of room."""
    if not stack:
        return ""
    inset = min(max(min(line.x0 for line in stack) - left, 0.0), _INSET)
    text = stack[0].text
    for above, below in pairwise(stack):
        text = joined(text, below.text, wrapped=is_wrapped(above, below, min(line.x0 for line in stack), right - inset))
    return text


def joined(text: str, more: str, *, wrapped: bool) -> str:
    """Two lines as one paragraph, or as two."""
    if not wrapped:
        return f"{text}\n{more}"
    words = text[-1:].isascii() and text[-1:].isalpha() and more[:1].isascii() and more[:1].isalpha()
    return f"{text} {more}" if words else text + more


def is_wrapped(above: Line, below: Line, left: float, right: float) -> bool:
    """Whether `below` goes on with the paragraph of `above`, in a column between two edges."""
    if _ITEM.match(below.text) or _DAY_LINE.fullmatch(below.text):
        return False
    size = below.size
    if below.x0 - left > 1.5 * size and not _is_in_line(above, below, left, right):
        return False
    unit = _UNIT.match(below.text)
    length = below.x1 - below.x0
    need = length * len(unit[0]) / len(below.text) if unit and len(unit[0]) < len(below.text) else length
    return right - above.x1 < max(need, min(size, length)) + 0.5 * size


def _is_in_line(above: Line, below: Line, left: float, right: float) -> bool:
    """Whether an indented line can go on with the one above it: both centred, indented alike, or hanging on a label."""
    size = below.size
    if abs(below.x0 - above.x0) < 0.5 * size or abs((below.x0 - left) - (right - below.x1)) < size:
        return True
    if below.x0 - left < 2.7 * size:
        return False
    label, colon, _ = above.text.partition("：")
    hanging = above.x0 + (above.x1 - above.x0) * len(label + colon) / len(above.text)
    return bool(colon) and abs(below.x0 - hanging) < 1.5 * size
