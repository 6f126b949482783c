"""Facts above a ledger's table that stand behind no colon: in its title, or after their label and a space.

党建项目进展月报（2026年10月） names the month, and so does that month alone in a line beneath it. Asked only for years
and months whose label stands nowhere above the table: a label with nothing behind it is a blank to be reported. Two
different years or months are none. 「书记　冯敏」, as an exported table without lines looks, is a doubt: where a value
begins and ends is only guessed.
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
LONGEST_LINE = 300
_YEAR = r"(?<!\d)\d{4}\s*年"
_WRITTEN = {
    "year": re.compile(rf"{_YEAR}度?"),
    "month": re.compile(rf"{_YEAR}\s*(?:\d{{1,2}}\s*月|第\s*\d{{1,2}}\s*周)"),
}

Lines = tuple[tuple[str, "Place"], ...]


def with_facts_above(
    spec: TypeSpec, readings: dict[str, Reading], blocks: Sequence[Block], part: Part, words: Words
) -> dict[str, Reading]:
    """The readings, with what stands above the table where the header block has nothing for a field."""
    readings = {name: _without_labels(reading, words.fields) for name, reading in readings.items()}
    asked = [field for field in spec.fields if _is_open(readings[field.name])]
    if not asked:
        return readings
    lines = tuple(_above(blocks, part))
    spaced = dict(found for text, place in lines for found in _spaced(text, place, words.fields))
    labelled = {name for text, _ in lines for name in _labelled(text, words.fields)}
    found = {field.name: spaced[field.name] for field in asked if field.name in spaced}
    for field in asked:
        if field.type in _WRITTEN and field.name not in labelled | found.keys() and not readings[field.name].text:
            found[field.name] = _titled(lines, words.titles, field.type)
    return readings | found


def _is_open(reading: Reading) -> bool:
    """Nothing was read, or only a guess at where the value ends."""
    return reading.reason == "alone" or not (reading.text or reading.doubt)


def _without_labels(reading: Reading, fields: Mapping[str, str]) -> Reading:
    """Nothing, if a doubtful reading is only the labels that follow in the same line."""
    only = reading.reason == "alone" and all(key(word) in fields for word in reading.text.split())
    return Reading("") if only else reading


def _above(blocks: Sequence[Block], part: Part) -> Iterator[tuple[str, Place]]:
    """The texts before the table's header, line by line."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from ((line, block.place) for line in block.text.split("\n") if len(line) < LONGEST_LINE)
        elif block is part.grid:
            rows = enumerate(block.rows[: part.header.top])
            cells = [(row, at, text) for row, texts in rows for at, text in enumerate(texts) if text.strip()]
            yield from ((line, block.place((row, at))) for row, at, text in cells for line in text.split("\n"))
            return


def _labelled(line: str, fields: Mapping[str, str]) -> Iterator[str]:
    if key(line) in fields:
        yield fields[key(line)]
    yield from (fields[word] for _, _, word in inline_labels(line, fields))


def _spaced(line: str, place: Place, fields: Mapping[str, str]) -> Iterator[tuple[str, Reading]]:
    """Field and doubtful value for every label of a line that begins with one."""
    name, value = "", list[str]()
    tokens = _apart(line, fields)
    if not tokens or key(tokens[0]) not in fields:
        return
    for token in (*tokens, tokens[0]):
        if key(token) not in fields:
            value.append(token)
            continue
        if name and value:
            yield name, Reading(" ".join(value), place, reason="alone")
        name, value = fields[key(token)], []


def _apart(line: str, fields: Mapping[str, str]) -> list[str]:
    """The words of a line; a label with its colon is one even where the value before it runs into it."""
    tokens: list[str] = []
    for word in line.replace("：", "： ").replace(":", ": ").split():
        label = next((at for at in range(len(word) - 2) if word[-1] in "：:" and word[at:-1] in fields), 0)
        tokens += [word[:label], word[label:]] if label else [word]
    return tokens


def _titled(lines: Lines, titles: frozenset[str], kind: str) -> Reading:
    written = _WRITTEN[kind]
    hits = [
        Reading(found[0], place)
        for text, place in lines
        if len(text) < LONGEST
        and (any(title in squeeze(text) for title in titles) or written.fullmatch(text.strip(" 　()（）\n")))
        for found in written.finditer(text)
    ]
    return hits[0] if len({squeeze(hit.text) for hit in hits}) == 1 else Reading("")
