"""The year or month that a ledger names in its title (党建项目进展月报（2026年10月）) or alone in a line beneath it.

Asked only for fields of those types whose label stands nowhere above the table: a label with nothing behind it is a
blank to be reported. Two different years or months are none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.forms.labels import inline_labels, key, squeeze
from pipeline.model import Paragraph, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.forms.rowkinds import Part, Words
    from pipeline.forms.spec import TypeSpec
    from pipeline.model import Block, Place

LONGEST = 60
"""A text longer than this is no title."""
_YEAR = r"(?<!\d)\d{4}\s*年"
_WRITTEN = {
    "year": re.compile(rf"{_YEAR}度?"),
    "month": re.compile(rf"{_YEAR}\s*(?:\d{{1,2}}\s*月|第\s*\d{{1,2}}\s*周)"),
}

Lines = tuple[tuple[str, "Place"], ...]


def with_title(
    spec: TypeSpec, readings: dict[str, Reading], blocks: Sequence[Block], part: Part, words: Words
) -> dict[str, Reading]:
    """The readings, with what the title says where the header block has no place for it."""
    asked = [field for field in spec.fields if field.type in _WRITTEN and not readings[field.name].text]
    if not asked:
        return readings
    lines = tuple(_above(blocks, part))
    labelled = {name for text, _ in lines for name in _labelled(text, words.fields)}
    free = [field for field in asked if field.name not in labelled]
    return readings | {field.name: _said(lines, words.titles, field.type) for field in free}


def _above(blocks: Sequence[Block], part: Part) -> Iterator[tuple[str, Place]]:
    """The short texts before the table's header."""
    for block in blocks:
        if isinstance(block, Paragraph):
            if len(block.text) < LONGEST:
                yield block.text, block.place
        elif block is part.grid:
            rows = enumerate(block.rows[: part.header.top])
            cells = [(row, at, text) for row, texts in rows for at, text in enumerate(texts) if text.strip()]
            yield from ((text, block.place((row, at))) for row, at, text in cells if len(text) < LONGEST)
            return


def _labelled(text: str, fields: Mapping[str, str]) -> Iterator[str]:
    if key(text) in fields:
        yield fields[key(text)]
    for line in text.split("\n"):
        yield from (fields[word] for _, _, word in inline_labels(line, fields))


def _said(lines: Lines, titles: frozenset[str], kind: str) -> Reading:
    written = _WRITTEN[kind]
    hits = [
        Reading(found[0], place)
        for text, place in lines
        if any(title in squeeze(text) for title in titles) or written.fullmatch(text.strip(" 　()（）\n"))
        for found in written.finditer(text)
    ]
    return hits[0] if len({squeeze(hit.text) for hit in hits}) == 1 else Reading("")
