"""Reader 1 outside tables: paragraphs, and lists among them. A label with its colon, or a heading, owns what follows.

A heading owns everything down to the next heading or label at the start of a line; a short field only its own line.
Belongs to `locate` and, like it, never looks at the order in which the template prints its labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.forms.area import Area, Headings, Line, cut, day_at_end, joined, without_closing
from pipeline.forms.found import Found, is_note, may_be_text, stretches
from pipeline.forms.headlines import follows, is_bare, numbered
from pipeline.forms.labels import squeeze
from pipeline.forms.page import Mark, Piece, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.forms.labels import Vocabulary


class Run(NamedTuple):
    """Paragraphs and lists in one text: its lines, the text itself, the marks in it, where notes begin."""

    lines: Area
    text: str
    marks: tuple[Mark, ...]
    notes: tuple[int, ...]


class FlowReader:
    """Reads runs of paragraphs for one document type."""

    def __init__(self, words: Vocabulary, wide: frozenset[str], headings: Headings) -> None:
        """`wide`: fields whose value may run over several paragraphs; `headings`: titles of sections in a block."""
        self._words = words
        self._wide = wide
        self._headings = headings

    def read(self, found: Found, parts: Sequence[Piece | Table]) -> None:
        """Adds what a run says to `found`."""
        run = _run(parts)
        marks = list(self._openers(run))
        if marks:
            for begin, end, word in stretches(marks, len(run.text)):
                self._take(found, cut(run.lines, begin, end), word, _line_before(run.text, begin))
            return
        text = run.text[: run.notes[0]] if run.notes else run.text
        titles = self._headings.strict(text)
        if len({name for _, _, name in titles}) > 1:
            for begin, end, name in stretches(titles, len(text)):
                found.add_part(name, cut(run.lines, begin, end))

    def opens_heading(self, parts: Sequence[Piece | Table]) -> bool:
        """Whether what was read last stands under a heading."""
        marks = [mark for part in parts if isinstance(part, Piece) for mark in part.marks]
        return bool(marks) and marks[-1][2] in self._words.headings

    def _openers(self, run: Run) -> Iterator[Mark]:
        """The marks that own what follows them.

        Under a heading a label inside a sentence, or one that says again what was said before, is text. Behind a note
        only a heading goes on with the form.
        """
        said: dict[str, str] = {}
        heading, last = False, 0
        for number, mark in enumerate(run.marks):
            start, end, word = mark
            opens = not run.text[:start].rsplit("\n", 1)[-1].strip()
            head = opens and word in self._words.headings
            name = self._words.known[word]
            if not head and any(last <= note <= start for note in run.notes):
                continue
            value = squeeze(_rest_of_line(run, number, end))
            if heading and not head and (not opens or said.get(name) == value):
                continue
            if value:
                said.setdefault(name, value)
            heading, last = head, start
            yield mark

    def _take(self, found: Found, area: Area, word: str, label: str) -> None:
        whole, area = area, _before_notes(area)
        if word in self._words.blocks:
            titles = self._headings.strict(joined(area))
            for begin, end, name in stretches(titles, len(joined(area))):
                found.add_part(name, cut(area, begin, end))
            return
        name = self._words.fields[word]
        if word in self._words.headings:
            found.add_part(name, _part(area, label), label)
            if len(area) < len(whole) and may_be_text(whole[len(area)].text):
                found.add(name, _part(whole, label))
        else:
            found.add_part(name, area if name in self._wide else area[:1])


def _part(area: Area, heading: str) -> Area:
    """What stands under a heading, up to a line that looks like the next one; a date alone at the end is no text.

    Where headings bear no numbers, a few bare words between lines of text look like one.
    """
    area = without_closing(area)
    said = [number for number, line in enumerate(area) if line.text.strip()]
    inside = [number for number in said if number]
    counted = numbered(heading) is not None
    stops = (
        number
        for number in inside
        if follows(heading, area[number].text)
        or (not counted and said[0] < number < said[-1] and is_bare(area[number].text))
    )
    return day_at_end(area[: next(stops, len(area))])[0]


def _line_before(text: str, end: int) -> str:
    """The line of a text in which a label ends."""
    return text[:end].rstrip("\n").rsplit("\n", 1)[-1]


def _rest_of_line(run: Run, number: int, end: int) -> str:
    """What stands behind a mark on its own line."""
    following = run.marks[number + 1][0] if number + 1 < len(run.marks) else len(run.text)
    return run.text[end:following].split("\n", 1)[0].strip()


def _run(parts: Sequence[Piece | Table]) -> Run:
    lines: list[Line] = []
    marks: list[Mark] = []
    notes: list[int] = []
    offset = 0
    for part in parts:
        area = part.area if isinstance(part, Piece) else part.lines()
        marks += [(offset + s, offset + e, w) for s, e, w in part.marks] if isinstance(part, Piece) else []
        for line in area:
            if is_note(line.text):
                notes.append(offset)
            lines.append(line)
            offset += len(line.text) + 1
    return Run(tuple(lines), "\n".join([line.text for line in lines]), tuple(marks), tuple(notes))


def _before_notes(area: Area) -> Area:
    return area[: next((n for n, line in enumerate(area) if is_note(line.text)), len(area))]
