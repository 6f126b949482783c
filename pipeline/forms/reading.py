"""A submission read by both readers; where they do not agree, the field is a doubt with both readings.

The rule (design.md, "Right or loud"): equal → accepted; different, a second candidate, or only one reader sure →
doubt. A printed hint left standing counts as not filled and is kept beside the empty text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.forms.above import AboveTitle, BeforeWords, field_above
from pipeline.forms.align import Aligner
from pipeline.forms.area import Area, place_of, split_tail, text_of, without_closing
from pipeline.forms.echo import echoes
from pipeline.forms.found import Candidate, Found
from pipeline.forms.gaps import cut_short, gaps
from pipeline.forms.intext import period_in_text, stated
from pipeline.forms.labels import squeeze, unit_in, vocabulary
from pipeline.forms.locate import Locator
from pipeline.forms.page import Page, PageReader, running_text
from pipeline.forms.runon import RunOn
from pipeline.forms.ticks import ticked
from pipeline.model import Block, Reading
from pipeline.values import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.forms.spec import FieldSpec, Layout, TypeSpec


class FormReader:
    """Reads the labelled fields of one type in one layout."""

    def __init__(self, spec: TypeSpec, layout: Layout) -> None:
        """Prepares both readers once; `read` may be called for any number of submissions."""
        self.spec = spec
        self.words = vocabulary(spec)
        tails = {field.tail_of: field for field in spec.fields if field.tail_of}
        self._fields = [(field, tails.get(field.name)) for field in spec.fields if not field.tail_of]
        self._long = [field.name for field in spec.fields if field.type == "long"]
        self._stated = [(f.name, stated(f)) for f in spec.fields if f.type == "period" and f.required == "no"]
        wide = {f.name for f in spec.fields if f.type == "long" or f.section_of or f.name in tails}
        self._open_ended = {field.name for field in spec.fields if field.stands == "heading" or field.section_of}
        self._headed = [field for field in spec.fields if field.stands == "heading"]
        self._above = field_above(spec)
        self._over_title = AboveTitle(spec.titles)
        self._before_words = BeforeWords(self._above, layout.document)
        self._measured = {field.name for field in spec.fields if field.type in ("money", "percent")}
        self._short = [f.name for f in spec.fields if f.name not in wide and not f.tail_of]
        self._runs_on = RunOn(self.words.known)
        self._pages = PageReader(self.words)
        self._locator = Locator(self.words, frozenset(wide))
        self._aligner = Aligner(spec, self.words, layout.document, frozenset(wide))

    def read(self, blocks: tuple[Block, ...]) -> dict[str, Reading]:
        """Every field of the type; text "" where the document has nothing."""
        page = self._pages.page(blocks)
        seen = self._locator.locate(page)
        found = seen.candidates
        aligned = self._aligner.align(page)
        if self._above:
            self._line_above(page, found, aligned)
        readings: dict[str, Reading] = {}
        for field, tail in self._fields:
            first = found.get(field.name, [])
            second = aligned.get(field.name)
            if field.stands == "heading":
                first = [candidate._replace(area=without_closing(candidate.area)) for candidate in first]
                second = without_closing(second) if second is not None else None
            if tail is None:
                readings[field.name] = _agree(field, first, second)
                continue
            readings[field.name], readings[tail.name] = _agree_split(field, tail, first, second)
        self._doubt_run_on(readings)
        if self._measured:
            self._add_units(page, readings)
        return self._with_gaps(self._with_period(readings), seen)

    def _add_units(self, page: Page, readings: dict[str, Reading]) -> None:
        """Amounts keep the unit that their label prints, unless two labels print different ones."""
        units: dict[str, set[str]] = {}
        for label, name in self._labels(page):
            if name in self._measured and (unit := unit_in(label)):
                units.setdefault(name, set()).add(unit)
        for name, printed in units.items():
            if len(printed) == 1:
                readings[name] = replace(readings[name], unit=printed.pop())

    def _labels(self, page: Page) -> Iterator[tuple[str, str]]:
        """Every label as printed, and its field."""
        for piece in running_text(page):
            if piece.word in self.words.fields:
                yield piece.text, self.words.fields[piece.word]
                continue
            for start, end, word in piece.marks:
                yield piece.text[start:end], self.words.known[word]

    def _line_above(self, page: Page, found: dict[str, list[Candidate]], aligned: dict[str, Area]) -> None:
        """The value over the title, which has no label, for both readers."""
        over, before = self._over_title.find(page), self._before_words.find(page)
        if text_of(over):
            found.setdefault(self._above, []).append(Candidate(over))
        if before is not None and not text_of(aligned.get(self._above, ())):
            aligned[self._above] = before

    def _with_gaps(self, readings: dict[str, Reading], seen: Found) -> dict[str, Reading]:
        """Where a heading is missing or stands twice, a part may hold more or less than its text: a doubt (`gaps`)."""
        short = {name: other for name, other in cut_short(seen, readings).items() if name in self._open_ended}
        for name, other in (gaps(self._headed, readings, seen.candidates) | short).items():
            readings[name] = replace(readings[name], reason="merged", other=self.spec.field(other).labels[0])
        return readings

    def _doubt_run_on(self, readings: dict[str, Reading]) -> None:
        for name in self._short:
            reading = readings[name]
            if reading.text and not reading.reason and self._runs_on(reading.text):
                readings[name] = replace(reading, reason="remainder")

    def _with_period(self, readings: dict[str, Reading]) -> dict[str, Reading]:
        """R10: 附件1 prints no period; offices write it into the text."""
        for name, pattern in self._stated:
            if not readings[name].text and (hit := period_in_text(pattern, [readings[long] for long in self._long])):
                readings[name] = hit
        return readings


def _agree_split(
    field: FieldSpec, tail: FieldSpec, first: Sequence[Candidate], second: Area | None
) -> tuple[Reading, Reading]:
    """An opinion and its date: doubtful together when the readers differ on the text they were cut from."""
    if (same := _same(first, second)) is not None:
        opinion, day = split_tail(same)
        return _reading(field, opinion), _reading(tail, day)
    whole = _agree(field, first, second)
    parts = [_split(candidate) for candidate in first]
    other, other_day = split_tail(second) if second is not None else (None, None)
    pair = (_agree(field, [part[0] for part in parts], other), _agree(tail, [part[1] for part in parts], other_day))
    if not whole.reason:
        return pair
    first_part, second_part = (one if one.reason else replace(one, reason=whole.reason) for one in pair)
    return first_part, second_part


def _split(candidate: Candidate) -> tuple[Candidate, Candidate]:
    opinion, day = split_tail(candidate.area)
    return Candidate(opinion, candidate.inner), Candidate(day, candidate.inner)


def _same(candidates: Sequence[Candidate], aligned: Area | None) -> Area | None:
    """The text on which both readers agree, line by line, when no other candidate stands beside it."""
    areas = [candidate.area for candidate in candidates if not candidate.inner]
    return aligned if len(areas) == 1 and areas[0] == aligned else None


_NOTHING = Reading("")


def _agree(field: FieldSpec, candidates: Sequence[Candidate], aligned: Area | None) -> Reading:
    """Both readings of one field, compared."""
    if not candidates and not aligned:
        return _NOTHING
    if (same := _same(candidates, aligned)) is not None:
        return _reading(field, same)
    outer = _distinct(field, (candidate.area for candidate in candidates if not candidate.inner))
    if not outer and not aligned:
        inner = _distinct(field, (candidate.area for candidate in candidates))
        outer = inner if field.required == "no" else []
        aligned = inner[0][1] if len(inner) == 1 and field.required == "no" else aligned
    filled = [item for item in outer if item[0]] or outer[:1]
    other = clean(field, aligned) if aligned is not None else None
    if not filled:
        return _reading(field, aligned or (), reason="alone" if other else "")
    text, area = filled[0]
    if len(filled) > 1:
        return _reading(field, area, reason="second", other=filled[1][0], beside=filled[1][1])
    if other is None:
        return _reading(field, area, reason="alone" if text else "")
    if text != other and squeeze(text) != squeeze(other):
        return _reading(field, area, reason="disagree", other=other, beside=aligned)
    return _reading(field, area)


def _distinct(field: FieldSpec, areas: Iterable[Area]) -> list[tuple[str, Area]]:
    found = [(clean(field, area), area) for area in areas]
    if len(found) < 2:
        return found
    seen: dict[str, tuple[str, Area]] = {}
    for text, area in found:
        seen.setdefault(squeeze(text), (text, area))
    return list(seen.values())


def clean(field: FieldSpec, area: Area) -> str:
    """The value's text: the ticked option of a row of boxes, "" for a printed hint."""
    return _clean(field, text_of(area))


def _clean(field: FieldSpec, text: str) -> str:
    return "" if is_blank(text, field.hints) else ticked(text)


def _reading(field: FieldSpec, area: Area, *, reason: str = "", other: str = "", beside: Area | None = None) -> Reading:
    raw = text_of(area)
    text = _clean(field, raw)
    reason = reason or ("repeated" if echoes(text) else "")
    return Reading(
        text=text,
        place=place_of(area),
        reason=reason,
        other=other,
        other_place=place_of(beside) if beside else None,
        printed=raw if raw and not text else "",
    )


def texts_of(readings: Mapping[str, Reading]) -> dict[str, str]:
    """Field → text, for comparisons and tests."""
    return {name: reading.text for name, reading in readings.items()}
