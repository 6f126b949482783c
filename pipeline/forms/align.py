"""Reader 2: by the template's fixed words in the order in which the template prints them.

The template is read by the same reader as the submission; its fixed words are anchors, its tags the holes between
them. Anchors are matched to the submission's running text by the heaviest chain that keeps the template's order;
anchors left over (rows that somebody moved) are matched when there is exactly one spot for them. A hole's value is
what follows its anchor. No geometry beyond "next": a label above its value is followed downwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.forms.area import Area, Headings, area_of, cut, joined
from pipeline.forms.labels import COMMON_LABELS, Vocabulary, inline_labels, key
from pipeline.forms.locate import first_line, is_note
from pipeline.forms.tags import find_tags
from pipeline.model import Block, Document, Grid, Paragraph, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.forms.spec import TypeSpec


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph or an unmerged or merged cell, in reading order. `below` is the index of the unit under it."""

    text: str
    word: str
    place: Place
    row: tuple[int, int]
    below: int


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an anchor may stand: unit and offsets in its text; `whole` when the unit is nothing but the label."""

    unit: int
    start: int
    end: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Anchor:
    """A label of the template in its printed order. Name "" is a block of sections (项目具体工作内容)."""

    word: str
    name: str


def anchors_of(spec: TypeSpec, words: Vocabulary, template: Document) -> tuple[Anchor, ...]:
    """The template's anchors in printed order; fields the blank does not print come last."""
    printed: list[Anchor] = []
    for unit in units_of(template.blocks):
        bare = unit.text
        for tag in reversed(find_tags(unit.text)):
            bare = bare[: tag.start] + " " * (tag.end - tag.start) + bare[tag.end :]
        printed.extend(_anchor(words, word) for word in _words_in(bare, words))
    seen = {anchor.name for anchor in printed if anchor.name}
    rest = (field for field in spec.fields if field.name not in seen and not field.tail_of)
    return (*dict.fromkeys(printed), *(Anchor(key(field.name), field.name) for field in rest))


def _words_in(text: str, words: Vocabulary) -> Iterator[str]:
    whole = key(text)
    if words.knows(whole):
        yield whole
        return
    known = dict(words.fields) | dict.fromkeys(words.blocks, "")
    for line in text.split("\n"):
        yield from (word for _, _, word in inline_labels(line, known))


def _anchor(words: Vocabulary, word: str) -> Anchor:
    return Anchor(word, "" if word in words.blocks else words.fields[word])


def units_of(blocks: Iterable[Block]) -> list[Unit]:
    """The running text: paragraphs and cells in reading order; nested tables are read in their parent cell's text."""
    units: list[Unit] = []
    for number, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            units.append(Unit(block.text, key(block.text), block.place, (number, -1 - len(units)), -1))
        elif not block.hidden and not block.nested:
            units.extend(_grid_units(number, block, len(units)))
    return units


def _grid_units(number: int, grid: Grid, first: int) -> list[Unit]:
    covered = grid.covered()
    spots = [
        (row, column)
        for row, texts in enumerate(grid.rows)
        for column in range(len(texts))
        if (row, column) not in covered and (not grid.anchors or (row, column) in grid.anchors)
    ]
    index = {pos: first + n for n, pos in enumerate(spots)}
    units: list[Unit] = []
    for row, column in spots:
        height = grid.spans.get((row, column), (1, 1))[0]
        under = covered.get((row + height, column), (row + height, column))
        text = grid.rows[row][column]
        units.append(Unit(text, key(text), grid.place((row, column)), (number, row), index.get(under, -1)))
    return units


class Aligner:
    """Reader 2 for one layout of one document type."""

    def __init__(self, spec: TypeSpec, words: Vocabulary, template: Document, wide: frozenset[str]) -> None:
        """`template`: the layout's blank with its tags; `wide`: fields that may run over several paragraphs."""
        self._words = words
        self._wide = wide
        self._known = dict(words.fields) | dict.fromkeys(words.blocks, "")
        self._labels = self._known.keys() | COMMON_LABELS
        self._headings = Headings(words.sections)
        self._anchors = anchors_of(spec, words, template)

    def align(self, blocks: tuple[Block, ...]) -> dict[str, Area]:
        """Field → its lines; a field whose anchor was not found, or not surely, is absent."""
        units = units_of(blocks)
        spots = self._spots(units)
        chosen = self._chain(spots)
        for anchor in self._anchors:
            if anchor not in chosen and len(spots.get(anchor, ())) == 1:
                chosen[anchor] = spots[anchor][0]
        taken = sorted(chosen.values(), key=lambda spot: (spot.unit, spot.start))
        areas = {a.name: self._value(a, spot, units, taken) for a, spot in chosen.items() if a.name}
        return {name: area for name, area in areas.items() if area is not None}

    def _spots(self, units: Sequence[Unit]) -> dict[Anchor, list[Spot]]:
        """Every place where an anchor's words, or a synonym of them, stand."""
        by_name: dict[str, list[Spot]] = {}
        values = {self._next(n, units) for n, unit in enumerate(units) if unit.row[1] >= 0 and unit.word in self._known}
        for number, unit in enumerate(units):
            if not unit.text.strip():
                continue
            if unit.word in self._known:
                self._note(by_name, unit.word, Spot(number, 0, len(unit.text), whole=unit.row[1] >= 0))
                continue
            for start, end, name in self._headings.anywhere(unit.text):
                by_name.setdefault(name, []).append(Spot(number, start, end, whole=False))
            if number in values:
                continue
            for start, end, word in _labels(unit.text, self._known):
                if word not in self._words.sections:
                    self._note(by_name, word, Spot(number, start, end, whole=False))
        return {a: by_name[a.name or a.word] for a in self._anchors if (a.name or a.word) in by_name}

    def _note(self, by_name: dict[str, list[Spot]], word: str, spot: Spot) -> None:
        names = self._block_names() if word in self._words.blocks else (self._words.fields[word],)
        for name in names:
            by_name.setdefault(name, []).append(spot)

    def _block_names(self) -> tuple[str, ...]:
        return tuple(anchor.word for anchor in self._anchors if not anchor.name)

    def _chain(self, spots: dict[Anchor, list[Spot]]) -> dict[Anchor, Spot]:
        """The longest chain that keeps the template's order; later spots only when they let more anchors match."""
        ends: list[tuple[int, Spot, Anchor, int]] = []
        for anchor in self._anchors:
            fresh = []
            for spot in spots.get(anchor, ()):
                before = [
                    (length, -index)
                    for index, (length, last, _, _) in enumerate(ends)
                    if (last.unit, last.start) < (spot.unit, spot.start)
                ]
                length, index = max(before, default=(0, 1))
                fresh.append((length + 1, spot, anchor, -index))
            ends.extend(fresh)
        chosen: dict[Anchor, Spot] = {}
        at = max(range(len(ends)), key=lambda n: (ends[n][0], -n), default=-1)
        while at >= 0:
            _, spot, anchor, at = ends[at]
            chosen[anchor] = spot
        return chosen

    def _value(self, anchor: Anchor, spot: Spot, units: Sequence[Unit], taken: Sequence[Spot]) -> Area | None:
        unit = units[spot.unit]
        later = [other for other in taken if (other.unit, other.start) > (spot.unit, spot.start)]
        if spot.whole:
            return self._cell_value(spot.unit, units, taken)
        stop = next((other.start for other in later if other.unit == spot.unit), len(unit.text))
        area = cut(area_of(unit.text, unit.place), spot.end, stop)
        if stop < len(unit.text):
            return area
        if unit.row[1] >= 0:
            return self._to_end_of_row(area, spot, units)
        return self._running_on(anchor, area, spot.unit, units, later)

    def _cell_value(self, number: int, units: Sequence[Unit], taken: Sequence[Spot]) -> Area:
        """All that stands between a label cell and the next label of its row; else what stands below."""
        following = self._next(number, units)
        if following is None:
            return ()
        area: Area = ()
        beside = units[following].row == units[number].row
        for at in (following, *(self._rest_of_row(following, units) if beside else ())):
            stop = next((spot.start for spot in taken if spot.unit == at and not spot.whole), None)
            area = (*area, *area_of(units[at].text[:stop], units[at].place))
        return area

    def _rest_of_row(self, number: int, units: Sequence[Unit]) -> list[int]:
        """Filled cells right of a value, up to the next label of ours or of the kind that offices add."""
        rest: list[int] = []
        for at in range(number + 1, len(units)):
            if units[at].row != units[number].row or units[at].word in self._labels:
                break
            if units[at].text.strip():
                rest.append(at)
        return rest

    def _to_end_of_row(self, area: Area, spot: Spot, units: Sequence[Unit]) -> Area:
        """A value that ends its cell owns unclaimed text beside it; a label alone in its cell has it next door."""
        if joined(area).strip():
            more = self._rest_of_row(spot.unit, units)
            return (*area, *(line for at in more for line in area_of(units[at].text, units[at].place)))
        if units[spot.unit].text[: spot.start].strip():
            return area
        following = self._next(spot.unit, units)
        return area if following is None else area_of(units[following].text, units[following].place)

    def _next(self, number: int, units: Sequence[Unit]) -> int | None:
        """The unit that follows in the row; when that is a label too or there is none, the unit below."""
        unit = units[number]
        after = number + 1
        beside = after < len(units) and units[after].row == unit.row and units[after].word not in self._labels
        if beside and not self._heads_columns(number, units):
            return after
        below = unit.below
        if below >= 0 and units[below].word not in self._labels:
            return below
        return after if beside else None

    def _heads_columns(self, number: int, units: Sequence[Unit]) -> bool:
        """A row that ends with a label, or where label follows label: there labels stand above their values."""
        row = [unit.word in self._labels for unit in _row_of(number, units)]
        return len(row) > 1 and (row[-1] or any(one and two for one, two in pairwise(row)))

    def _running_on(
        self, anchor: Anchor, area: Area, number: int, units: Sequence[Unit], later: Sequence[Spot]
    ) -> Area:
        """Paragraphs: the value runs on to the next anchor, a table or the notes."""
        stop = next((other.unit for other in later if other.unit > number), len(units))
        for following in units[number + 1 : stop]:
            if following.row[1] >= 0 or is_note(following.text) or following.word in self._known:
                break
            if _STRANGE_LABEL.match(following.text):
                break
            area = (*area, *area_of(following.text, following.place))
        return area if anchor.name in self._wide else first_line(area)


def _row_of(number: int, units: Sequence[Unit]) -> Sequence[Unit]:
    first = last = number
    while first > 0 and units[first - 1].row == units[number].row:
        first -= 1
    while last + 1 < len(units) and units[last + 1].row == units[number].row:
        last += 1
    return units[first : last + 1]


_STRANGE_LABEL = re.compile(r"\s*[^\W\d（(]{2,8}[:：]")
"""A paragraph that opens with a short word and a colon is likely another form's field, not more of this value."""


def _labels(text: str, known: dict[str, str]) -> Iterator[tuple[int, int, str]]:
    offset = 0
    for line in text.split("\n"):
        yield from ((offset + start, offset + end, word) for start, end, word in inline_labels(line, known))
        offset += len(line) + 1
