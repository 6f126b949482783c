"""Which document type a submission is: exactly one, or a finding. Two matches are an error, not a choice.

Evidence is the printed words only: titles, labels of a form, column heads of a ledger. File names do not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

from pipeline.forms.header import find_header
from pipeline.forms.labels import Vocabulary, before_colons, inline_labels, key, squeeze, vocabulary
from pipeline.model import Block, Document, Grid, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.forms.spec import FieldSpec, TypeSpec

ENOUGH = 0.75
"""Share of a type's required labels that must stand in the document; less than half of it suffices beside its title."""
ENOUGH_TITLED = 0.3
ENOUGH_OTHERWISE_TITLED = 0.9
"""For a form under the title of another paper (实施计划书 prints most labels of the application it follows)."""
TITLE = re.compile(r"[^:：，。；]{2,28}(?:表|书|报告|总结|计划|方案|申请|请示|通知|批复|意见)(?:[(（].{0,12}[)）])?")
FIRST_LINES = 4
"""A line like a title counts in one of the first so many texts; the title of a type in a few more."""
TITLE_TEXTS = 12
FEWEST_COLUMNS = 2
"""With fewer column heads there is no header to look for."""
SYNONYM = 0.5
"""A label that only resembles the printed one in meaning is half the evidence: other types use such words too."""
UNTITLED = 1.0
"""The score of a type whose title is not printed can be no higher."""
MARGIN = 0.25
"""By how much the best type must lead the next one."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well a document fits a type: share of its required labels present, and whether its title is printed.

    `otherwise`: it is a form under the title of another paper.
    """

    spec: TypeSpec
    share: float
    titled: bool
    otherwise: bool = False

    @property
    def score(self) -> float:
        """Share of the labels plus a half for the title."""
        return self.share + (0.5 if self.titled else 0.0)

    @property
    def fits(self) -> bool:
        """Whether the document may be one of these at all."""
        if self.titled:
            return self.share >= ENOUGH_TITLED
        return self.share >= (ENOUGH_OTHERWISE_TITLED if self.otherwise else ENOUGH)


def identify(document: Document, specs: Iterable[TypeSpec]) -> tuple[Match, ...]:
    """The types that fit, best first: none → unknown, one → it, several → ambiguous."""
    words = WordsOf(document)
    possible = words.possible(tuple(specs))
    order = {spec: number for number, spec in enumerate(possible)}
    titled = [words.match(spec) for spec in possible if words.is_titled(spec)]
    surest = max([match.score for match in titled if match.fits], default=0.0)
    others = [spec for spec in possible if not words.is_titled(spec)] if surest - MARGIN < UNTITLED else []
    matches = (*titled, *map(words.match, others))
    fitting = sorted((match for match in matches if match.fits), key=lambda match: (-match.score, order[match.spec]))
    return tuple(match for match in fitting if match.score > fitting[0].score - MARGIN)


class WordsOf:
    """The short texts of a document, gathered once and compared with any number of types."""

    def __init__(self, document: Document) -> None:
        """Collects keys of cells, lines and words before colons."""
        self._document = document
        self._keys: set[str] = set()
        self._inline: list[tuple[str, ...]] = []
        texts = list(_texts(document.blocks))
        for text in texts:
            lines = text.split("\n")
            self._keys.update(map(key, lines))
            if len(lines) > 1:
                self._keys.add(key(text))
            if ":" in text or "：" in text:
                for line in lines:
                    self._inline += before_colons(line)
        self._titles = "\n".join([squeeze(text) for text in texts[:TITLE_TEXTS] if len(text) < 60])
        self._titled: dict[TypeSpec, bool] = {}
        self._first = texts[:FIRST_LINES]

    def possible(self, specs: tuple[TypeSpec, ...]) -> list[TypeSpec]:
        """The types of which enough labels stand here to be looked at; no other one can fit."""
        known = _types_of_words(specs)
        hits: dict[TypeSpec, int] = {}
        for word in known.keys() & self._keys.union(*self._inline):
            for spec in known[word]:
                hits[spec] = hits.get(spec, 0) + 1
        return [spec for spec in specs if spec in hits and self._may_be(spec, hits[spec])]

    def _may_be(self, spec: TypeSpec, hits: int) -> bool:
        if hits >= _fewest(spec, ENOUGH):
            return True
        return hits >= _fewest(spec, ENOUGH_TITLED) and self.is_titled(spec)

    def is_titled(self, spec: TypeSpec) -> bool:
        """Whether one of the type's titles stands at the top."""
        known = self._titled.get(spec)
        if known is None:
            known = self._titled[spec] = any(title in self._titles for title in _squeezed(spec.titles))
        return known

    def match(self, spec: TypeSpec) -> Match:
        """How well the document fits a type."""
        titled = self.is_titled(spec)
        words = vocabulary(spec)
        if spec.kind == "form":
            if self._document.kind != "docx":
                return Match(spec, 0.0, titled)
            share = _share(_wanted(spec), self._present(words))
            otherwise = not titled and share >= ENOUGH and self._is_otherwise_titled(words)
            return Match(spec, share, titled, otherwise)
        if len(self._keys & words.columns.keys()) < FEWEST_COLUMNS:
            return Match(spec, 0.0, titled)
        wants = [column for column in spec.columns if column.required in ("yes", "stage")] or list(spec.columns)
        least = ENOUGH_TITLED if titled else ENOUGH
        wide = (one for one in self._document.grids() if any(len(row) / len(wants) >= least for row in one.rows))
        shares = [_share(wants, self._columns(grid, words)) for grid in wide]
        return Match(spec, max(shares, default=0.0), titled)

    def _is_otherwise_titled(self, words: Vocabulary) -> bool:
        """Whether one of the first lines reads like a title and is no label; asked when none of the type's stands."""
        lines = (line for text in self._first for line in text.split("\n"))
        return any(key(line) not in words.fields for line in lines if TITLE.fullmatch(squeeze(line)))

    def _present(self, words: Vocabulary) -> dict[str, float]:
        fields = words.fields
        seen = fields.keys() & self._keys
        for tried in self._inline:
            seen.add(next((word for word in tried if word in fields), ""))
        return _evidence(words, fields, fields.keys() & seen)

    def _columns(self, grid: Grid, words: Vocabulary) -> dict[str, float]:
        header = find_header(grid, words, ())
        seen = header.leaves if header else ()
        return _evidence(words, words.columns, (word for word in seen if word in words.columns))


@lru_cache(maxsize=16)
def _types_of_words(specs: tuple[TypeSpec, ...]) -> Mapping[str, tuple[TypeSpec, ...]]:
    """Label or column head → the types that print it or know it."""
    found: dict[str, list[TypeSpec]] = {}
    for spec in specs:
        words = vocabulary(spec)
        for word in {"form": words.fields, "ledger": words.columns}.get(spec.kind, ()):
            found.setdefault(word, []).append(spec)
    return {word: tuple(types) for word, types in found.items()}


@lru_cache(maxsize=256)
def _fewest(spec: TypeSpec, share: float) -> int:
    """So many words of a type stand in any document that has this share: each of its fields needs one of its own."""
    return max(1, ceil(share * len(_wanted(spec)))) if spec.kind == "form" else FEWEST_COLUMNS


@lru_cache(maxsize=256)
def _wanted(spec: TypeSpec) -> Sequence[FieldSpec]:
    return [field for field in spec.fields if field.required in ("yes", "stage") and not field.tail_of]


@lru_cache(maxsize=256)
def _squeezed(titles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(squeeze, titles))


def _evidence(words: Vocabulary, meaning: Mapping[str, str], seen: Iterable[str]) -> dict[str, float]:
    """Field → how much its labels in the document say for this type."""
    found: dict[str, float] = {}
    for word in seen:
        weight = 1.0 if word in words.printed else SYNONYM
        found[meaning[word]] = max(weight, found.get(meaning[word], 0.0))
    return found


def _share(wants: Sequence[FieldSpec], present: Mapping[str, float]) -> float:
    return sum(present.get(field.name, 0.0) for field in wants) / len(wants) if wants else 0.0


def _texts(blocks: Iterable[Block], first: int | None = None) -> Iterator[str]:
    count = 0
    for block in blocks:
        for text in [block.text] if isinstance(block, Paragraph) else (t for row in block.rows[:400] for t in row):
            if text.strip():
                count += 1
                if first is not None and count > first:
                    return
                yield text


def segments(document: Document, spec: TypeSpec) -> tuple[tuple[Block, ...], ...]:
    """Several forms in one file: the blocks from one title of the type to the next; one piece for one title.

    A title that comes again without any label of the type's key (over the text, behind the cover) opens no form.
    """
    titles = {squeeze(title) for title in spec.titles}
    starts = [number for number, block in enumerate(document.blocks) if _opens(block, titles)]
    if len(starts) < 2:
        return (document.blocks,)
    ends = [*starts[1:], len(document.blocks)]
    forms = [begin for begin, end in zip(starts, ends, strict=True) if _has_key(document.blocks[begin:end], spec)]
    edges = [0, *forms[1:], len(document.blocks)]
    return tuple(document.blocks[begin:end] for begin, end in pairwise(edges))


def _has_key(blocks: Sequence[Block], spec: TypeSpec) -> bool:
    known = {word: name for word, name in vocabulary(spec).fields.items() if name in spec.key}
    lines = (line for text in _texts(blocks) for line in (*text.split("\n"), text))
    return not spec.key or any(key(line) in known or inline_labels(line, known) for line in lines)


def _opens(block: Block, titles: set[str]) -> bool:
    if isinstance(block, Paragraph):
        return squeeze(block.text) in titles
    return bool(block.rows) and any(squeeze(text) in titles for text in block.rows[0])
