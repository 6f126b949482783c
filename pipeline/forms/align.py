"""Reader 2: by the template's fixed words in the order in which the template prints them.

The template is read by the same reader as the submission; its fixed words are anchors, its tags the holes between
them. Anchors are matched to the submission's running text by the heaviest chain that keeps the template's order;
anchors left over (rows that somebody moved) are matched when there is exactly one spot for them. A hole's value is
what follows its anchor. No geometry beyond "next": a label above its value is followed downwards.
"""

from __future__ import annotations

import re
from itertools import groupby, pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

from pipeline.forms.area import Area, Line, cut, joined, text_of
from pipeline.forms.found import is_form_note, is_note
from pipeline.forms.labels import COMMON_LABELS, Vocabulary, inline_labels, key
from pipeline.forms.page import Page, PageReader, Piece, row_line, running_text
from pipeline.forms.running import Running, glued, row_of
from pipeline.forms.tags import find_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.forms.spec import TypeSpec
    from pipeline.model import Document


class Spot(NamedTuple):
    """Where an anchor may stand: number of the piece and offsets in its text; `whole`: the piece is but the label."""

    piece: int
    start: int
    end: int
    whole: bool


class Anchor(NamedTuple):
    """A label of the template in its printed order. Name "" is a block of sections (项目具体工作内容)."""

    word: str
    name: str


class Link(NamedTuple):
    """The end of a chain of anchors that stand in order: its length, and the number of the link before, or -1."""

    length: int
    spot: Spot
    anchor: Anchor
    before: int


def anchors_of(spec: TypeSpec, words: Vocabulary, template: Document) -> tuple[Anchor, ...]:
    """The template's anchors in printed order; fields the blank does not print come last."""
    printed: list[Anchor] = []
    for piece in running_text(PageReader(words).page(template.blocks)):
        bare = piece.text
        for tag in reversed(find_tags(bare)):
            bare = bare[: tag.start] + " " * (tag.end - tag.start) + bare[tag.end :]
        printed.extend(_anchor(words, word) for word in _words_in(bare, words))
    seen = {anchor.name for anchor in printed if anchor.name}
    rest = (field for field in spec.fields if field.name not in seen and not field.tail_of)
    return (*dict.fromkeys(printed), *(Anchor(key(field.name), field.name) for field in rest))


def _words_in(text: str, words: Vocabulary) -> Iterator[str]:
    whole = key(text)
    if whole in words.known:
        yield whole
        return
    for line in text.split("\n"):
        yield from (word for _, _, word in inline_labels(line, words.known))


def _anchor(words: Vocabulary, word: str) -> Anchor:
    return Anchor(word, "" if word in words.blocks else words.fields[word])


class Aligner:
    """Reader 2 for one layout of one document type."""

    def __init__(self, spec: TypeSpec, words: Vocabulary, template: Document, wide: frozenset[str]) -> None:
        """`template`: the layout's blank with its tags; `wide`: fields that may run over several paragraphs."""
        self._words = words
        self._wide = wide
        self._labels = frozenset(words.known) | COMMON_LABELS
        self._parts = frozenset(field.name for field in spec.fields if field.stands == "heading")
        self._anchors = anchors_of(spec, words, template)
        self._blocks = tuple(anchor.word for anchor in self._anchors if not anchor.name)

    def align(self, page: Page) -> dict[str, Area]:
        """Field → its lines; a field whose anchor was not found, or not surely, is absent."""
        text = Running(running_text(page), self._labels)
        spots = self._spots(text)
        chosen = self._chain(spots)
        for anchor in self._anchors:
            if anchor not in chosen and len(spots.get(anchor, ())) == 1:
                chosen[anchor] = spots[anchor][0]
        taken = sorted(chosen.values())
        found = {anchor.name: self._value(anchor, spot, text, taken) for anchor, spot in chosen.items() if anchor.name}
        for anchor in self._anchors:
            if anchor not in spots and anchor.name and anchor.name not in self._wide:
                labels = (word for word, name in self._words.fields.items() if name == anchor.name)
                if area := glued(text.pieces, labels):
                    found[anchor.name] = area
        return found

    def _spots(self, text: Running) -> dict[Anchor, list[Spot]]:
        """Every place where an anchor's words, or a synonym of them, stand."""
        by_name: dict[str, list[Spot]] = {}
        known = self._words.known
        values = {text.next(n) for n, piece in enumerate(text.pieces) if piece.row is not None and piece.word in known}
        for number, piece in enumerate(text.pieces):
            if piece.word in known:
                self._note(by_name, piece.word, Spot(number, 0, len(piece.text), whole=piece.row is not None))
                continue
            for start, end, name in piece.titles:
                by_name.setdefault(name, []).append(Spot(number, start, end, whole=False))
            for start, end, word in piece.marks if number not in values else ():
                self._note(by_name, word, Spot(number, start, end, whole=False))
        return {a: by_name[a.name or a.word] for a in self._anchors if (a.name or a.word) in by_name}

    def _note(self, by_name: dict[str, list[Spot]], word: str, spot: Spot) -> None:
        for name in self._blocks if word in self._words.blocks else (self._words.fields[word],):
            by_name.setdefault(name, []).append(spot)

    def _chain(self, spots: dict[Anchor, list[Spot]]) -> dict[Anchor, Spot]:
        """The longest chain that keeps the template's order; later spots only when they let more anchors match."""
        if all(len(found) == 1 for found in spots.values()):
            only = [(anchor, spots[anchor][0]) for anchor in self._anchors if anchor in spots]
            if all(one[:2] < other[:2] for (_, one), (_, other) in pairwise(only)):
                return dict(reversed(only))
        ends: list[Link] = []
        for anchor in self._anchors:
            ends.extend([_longest(ends, spot, anchor) for spot in spots.get(anchor, ())])
        chosen: dict[Anchor, Spot] = {}
        at = max(range(len(ends)), key=lambda n: (ends[n].length, -n), default=-1)
        while at >= 0:
            link = ends[at]
            chosen[link.anchor], at = link.spot, link.before
        return chosen

    def _value(self, anchor: Anchor, spot: Spot, text: Running, taken: Sequence[Spot]) -> Area:
        if spot.whole:
            return self._cell_value(spot.piece, text, taken)
        piece = text.pieces[spot.piece]
        later = [other for other in taken if other[:2] > spot[:2]]
        stop = next((other.start for other in later if other.piece == spot.piece), len(piece.text))
        area = cut(piece.area, spot.end, stop)
        if stop < len(piece.text):
            return self._part(area, last=False) if anchor.name in self._parts else area
        if piece.row is not None:
            area = self._to_end_of_row(area, spot, text, later[0] if later else None)
            return self._part(area, last=not later) if anchor.name in self._parts else area
        following = text.pieces[spot.piece + 1 : later[0].piece if later else None]
        if anchor.name in self._parts:
            area += _down_to(following, later[0] if later else None, text)
            return self._part(area, last=not later)
        return self._running_on(anchor, area, following)

    def _part(self, area: Area, *, last: bool) -> Area:
        """What stands under a heading, up to the notes below the last one or a row that offices add to any form."""
        return area[
            : next((number for number in range(1, len(area)) if self._ends(area, number, last=last)), len(area))
        ]

    def _ends(self, area: Area, number: int, *, last: bool) -> bool:
        """Notes end only the last part, and only when they close it or speak of the form itself."""
        text = area[number].text
        if is_note(text):
            return last and (is_form_note(text) or not text_of(area[number + 1 :]))
        label = _STRANGE_LABEL.match(text)
        return label is not None and key(label[0]) in _ROWS_ADDED and key(label[0]) not in self._words.known

    def _cell_value(self, number: int, text: Running, taken: Sequence[Spot]) -> Area:
        """All that stands between a label cell and the next label of its row; else what stands below."""
        following = text.next(number)
        if following is None:
            return ()
        beside = text.pieces[following].row == text.pieces[number].row
        area: Area = ()
        for at in (following, *(text.filled(following) if beside else ())):
            stop = next((spot.start for spot in taken if spot.piece == at and not spot.whole), None)
            area += text.pieces[at].until(stop)
        return area

    def _to_end_of_row(self, area: Area, spot: Spot, text: Running, stop: Spot | None) -> Area:
        """A value that ends its cell owns unclaimed text beside it; a label alone in its cell has it next door.

        `stop`: where the next anchor stands, which claims what follows.
        """
        if joined(area).strip():
            for at in text.filled(spot.piece):
                if stop is not None and at >= stop.piece:
                    return area + (text.pieces[at].until(stop.start) if at == stop.piece else ())
                area += text.pieces[at].area
            return area
        if text.pieces[spot.piece].text[: spot.start].strip():
            return area
        following = text.next(spot.piece)
        return area if following is None else text.pieces[following].area

    def _running_on(self, anchor: Anchor, area: Area, following: Sequence[Piece]) -> Area:
        """Paragraphs: the value runs on to the next anchor, a table or the notes."""
        lines = list(area)
        for piece in following:
            if piece.row is not None or is_note(piece.text) or piece.word in self._words.known:
                break
            if _STRANGE_LABEL.match(piece.text):
                break
            lines += piece.area
        if anchor.name in self._wide:
            return tuple(lines)
        return _on_the_line(tuple(lines), following)


def _on_the_line(area: Area, following: Sequence[Piece]) -> Area:
    """All that a short field owns: the first line with text, and what goes on beneath it on printed lines."""
    first = next((number for number, line in enumerate(area) if line.text.strip()), None)
    if first is None:
        return area[:1]
    on_lines = takewhile(lambda piece: piece.underlined or not piece.text.strip(), following if not first else ())
    return (area[first], *(line for piece in on_lines for line in piece.area))


def _down_to(following: Sequence[Piece], stop: Spot | None, text: Running) -> Area:
    """Everything under a heading down to the next anchor, paragraphs and rows of tables alike."""
    lines: list[Line] = []
    for row, group in groupby(following, row_of):
        pieces = list(group)
        if row is not None:
            filled = [piece for piece in pieces if piece.text.strip()]
            lines += [row_line(filled)] if filled else []
            continue
        lines += [line for piece in pieces for line in piece.area]
    if stop is not None and text.pieces[stop.piece].row is None:
        lines += text.pieces[stop.piece].until(stop.start) if stop.start else ()
    return tuple(lines)


def _longest(ends: Sequence[Link], spot: Spot, anchor: Anchor) -> Link:
    """The spot as the end of the longest chain it can close."""
    length, before = 0, -1
    for number, link in enumerate(ends):
        if link.length > length and link.spot[:2] < spot[:2]:
            length, before = link.length, number
    return Link(length + 1, spot, anchor, before)


_STRANGE_LABEL = re.compile(r"\s*(?:[^\W\d（(]{2,8})?[:：]")
"""A paragraph that opens with a short word and a colon is likely another form's field, not more of this value."""
_ROWS_ADDED = COMMON_LABELS - {"成员", "项目组成员", "职务", "岗位"} | {""}
"""Labels that end a part, also one whose words were deleted; not those usual in a text about people."""
