"""Reader 1: by label and geometry. A label cell's value stands right of it, below it, or behind its colon.

It never looks at the order in which the template prints its labels; that is what reader 2 (`align`) goes by. It
reports every candidate it sees; which of them counts is decided in `reading`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.forms.area import Area, Headings, Line, area_of, cut, joined
from pipeline.forms.labels import COMMON_LABELS, Vocabulary, inline_labels, key
from pipeline.model import Block, Grid, Paragraph, Pos

_CONTINUED = re.compile(r"[(（]?\s*(?:接上[表页]|续[上前]?[表页]|转下[页表]|以下无正文)\s*[)）]?$")
NOTE_WORDS = ("填表说明", "填写说明", "填报说明", "说明", "备注", "注")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that may belong to a field. `inner`: found inside the value of another label, so only a last resort."""

    area: Area
    inner: bool = False


@dataclass(slots=True)
class Found:
    """Everything reader 1 saw: field → candidates, in reading order."""

    candidates: dict[str, list[Candidate]] = field(default_factory=dict)

    def add(self, name: str, area: Area, *, inner: bool = False) -> None:
        """One more candidate for a field."""
        self.candidates.setdefault(name, []).append(Candidate(area, inner))


class Locator:
    """Reader 1 for one document type."""

    def __init__(self, words: Vocabulary, wide: frozenset[str]) -> None:
        """`words`: the labels to look for; `wide`: fields whose value may run over several paragraphs."""
        self._words = words
        self._wide = wide
        self._headings = Headings(words.sections)
        self._known = dict(words.fields) | dict.fromkeys(words.blocks, "")
        self._labels = self._known.keys() | COMMON_LABELS

    def locate(self, blocks: tuple[Block, ...]) -> Found:
        """Reads tables cell by cell and the paragraphs between them as running text."""
        found = Found()
        flow: list[Line] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                flow.extend(Line(text, block.place) for text in block.text.split("\n"))
                continue
            self._flow(found, tuple(flow))
            flow.clear()
            if not block.hidden:
                self._grid(found, block)
        self._flow(found, tuple(flow))
        return found

    def _grid(self, found: Found, grid: Grid) -> None:
        covered = grid.covered()
        taken: set[Pos] = set()
        cells = [(pos, text) for pos, text in _cells(grid) if text.strip()]
        for pos, text in cells:
            word = key(text)
            if word not in self._known:
                continue
            target = self._value_cell(grid, covered, pos)
            if target is not None:
                taken.add(target)
            spot = target or pos
            area = area_of(grid.rows[spot[0]][spot[1]], grid.place(spot)) if target else ()
            self._take(found, word, area)
        for pos, text in cells:
            if key(text) not in self._known:
                self._inside(found, area_of(text, grid.place(pos)), inner=pos in taken)

    def _value_cell(self, grid: Grid, covered: dict[Pos, Pos], pos: Pos) -> Pos | None:
        height, width = grid.spans.get(pos, (1, 1))
        for row, column in ((pos[0], pos[1] + width), (pos[0] + height, pos[1])):
            if row >= len(grid.rows) or column >= len(grid.rows[row]):
                continue
            target = covered.get((row, column), (row, column))
            if target == pos or (grid.anchors and target not in grid.anchors):
                continue
            if key(grid.rows[target[0]][target[1]]) not in self._labels:
                return target if row > pos[0] else self._first_filled(grid, covered, target)
        return None

    def _first_filled(self, grid: Grid, covered: dict[Pos, Pos], pos: Pos) -> Pos:
        """The value cell, or the only filled cell right of it before the next label (an empty column put between)."""
        if grid.rows[pos[0]][pos[1]].strip():
            return pos
        filled: list[Pos] = []
        for column in range(pos[1] + 1, len(grid.rows[pos[0]])):
            text = grid.rows[pos[0]][column]
            if key(text) in self._labels:
                break
            if text.strip() and (pos[0], column) not in covered:
                filled.append((pos[0], column))
        return filled[0] if len(filled) == 1 else pos

    def _take(self, found: Found, word: str, area: Area) -> None:
        if word in self._words.blocks:
            self._sections(found, area)
        else:
            found.add(self._words.fields[word], area)

    def _inside(self, found: Found, area: Area, *, inner: bool) -> None:
        """A cell that is no label by itself: labels behind which a colon stands, or a block of titled sections."""
        marks = self._marks(area)
        if not inner and len({name for _, _, name in self._headings.strict(joined(area))}) > 1 and not marks:
            self._sections(found, area)
            return
        self._behind_colons(found, area, marks, inner=inner)

    def _marks(self, area: Area) -> list[tuple[int, int, str]]:
        """Inline labels of the whole area except section titles, as offsets of the joined text."""
        marks: list[tuple[int, int, str]] = []
        offset = 0
        for line in area:
            for start, end, word in inline_labels(line.text, self._known):
                if word not in self._words.sections:
                    marks.append((offset + start, offset + end, word))
            offset += len(line.text) + 1
        return marks

    def _behind_colons(
        self, found: Found, area: Area, marks: list[tuple[int, int, str]], *, inner: bool = False, flowing: bool = False
    ) -> None:
        for begin, end, word in _stretches(marks, len(joined(area))):
            piece = cut(area, begin, end)
            if word in self._words.blocks:
                self._sections(found, piece)
            else:
                name = self._words.fields[word]
                found.add(name, first_line(piece) if flowing and name not in self._wide else piece, inner=inner)

    def _sections(self, found: Found, area: Area) -> None:
        for begin, end, name in _stretches(self._headings.strict(joined(area)), len(joined(area))):
            found.add(name, cut(area, begin, end))

    def _flow(self, found: Found, lines: tuple[Line, ...]) -> None:
        """Paragraphs: a label with its colon owns the text up to the next label or a note."""
        body = tuple(_before_notes(lines))
        marks = self._marks(body)
        if marks:
            self._behind_colons(found, body, marks, flowing=True)
        elif len({name for _, _, name in self._headings.strict(joined(body))}) > 1:
            self._sections(found, body)


def _stretches(marks: list[tuple[int, int, str]], length: int) -> Iterator[tuple[int, int, str]]:
    """What each mark owns: from its end to the start of the next one or the end of the text."""
    ends = [start for start, _, _ in marks[1:]]
    return ((begin, end, word) for (_, begin, word), end in zip(marks, [*ends, length], strict=False))


def _cells(grid: Grid) -> Iterator[tuple[Pos, str]]:
    for row, texts in enumerate(grid.rows):
        for column, text in enumerate(texts):
            yield (row, column), text


def first_line(area: Area) -> Area:
    """The first line with text, or the empty first line: all that a short field owns among paragraphs."""
    return next(((line,) for line in area if line.text.strip()), area[:1])


def _before_notes(lines: tuple[Line, ...]) -> Iterator[Line]:
    for line in lines:
        if is_note(line.text):
            return
        yield line


def is_note(text: str) -> bool:
    """Whether a line opens the notes that offices print below a form (填表说明：…, 注：…)."""
    bare = text.strip()
    if _CONTINUED.match(bare):
        return True
    return any(
        bare.startswith(word) and bare[len(word) : len(word) + 1] in ("：", ":", "") for word in NOTE_WORDS if bare
    )
