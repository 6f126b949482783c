"""Tiny builders: a `Document` as the office readers would give it, without any file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.forms.tags import find_tags
from pipeline.model import Block, Document, Grid, Paragraph, Place, Pos

Spans = Mapping[Pos, tuple[int, int]]


def paragraph(text: str, number: int = 0) -> Paragraph:
    return Paragraph(text, Place("paragraph", f"第{number + 1}段", "word/document.xml", (number,)))


def table(rows: Sequence[Sequence[str]], spans: Spans | None = None, name: str = "表1") -> Grid:
    """A Word table; positions under a span hold "" and have no anchor."""
    width = max(len(row) for row in rows)
    grid = tuple(tuple(row) + ("",) * (width - len(row)) for row in rows)
    merged = dict(spans or {})
    hidden = {
        (r, c) for (top, left), (h, w) in merged.items() for r in range(top, top + h) for c in range(left, left + w)
    } - merged.keys()
    spots = [(r, c) for r in range(len(grid)) for c in range(width) if (r, c) not in hidden]
    return Grid(name, "table", grid, merged, {pos: n for n, pos in enumerate(spots)}, part="word/document.xml")


def sheet(rows: Sequence[Sequence[str]], spans: Spans | None = None, name: str = "Sheet1") -> Grid:
    width = max(len(row) for row in rows)
    grid = tuple(tuple(row) + ("",) * (width - len(row)) for row in rows)
    return Grid(name, "sheet", grid, dict(spans or {}), part=name)


def document(*blocks: Block | str, kind: str = "docx") -> Document:
    """Strings become paragraphs."""
    made = [paragraph(block, number) if isinstance(block, str) else block for number, block in enumerate(blocks)]
    return Document("xlsx" if kind == "xlsx" else "docx", tuple(made))


def filled(template: Document, texts: Mapping[str, str], rows: Sequence[Mapping[str, str]] = ()) -> Document:
    """The template's document with its tags replaced, as a clerk would have typed it."""
    return replace(template, blocks=tuple(_filled(block, texts, rows) for block in template.blocks))


def _filled(block: Block, texts: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, text=put(block.text, texts))
    repeating = next((n for n, row in enumerate(block.rows) if any(t.group for x in row for t in find_tags(x))), None)
    if repeating is None:
        return replace(block, rows=tuple(tuple(put(text, texts) for text in row) for row in block.rows))
    head = [tuple(put(text, texts) for text in row) for row in block.rows[:repeating]]
    body = [tuple(put(text, record) for text in block.rows[repeating]) for record in rows]
    foot = [tuple(put(text, texts) for text in row) for row in block.rows[repeating + 1 :]]
    maker = table if block.kind == "table" else sheet
    spans = {pos: span for pos, span in block.spans.items() if pos[0] < repeating}
    return replace(maker([*head, *body, *foot], spans, block.name), part=block.part)


def put(text: str, texts: Mapping[str, str]) -> str:
    for tag in reversed(find_tags(text)):
        text = text[: tag.start] + texts.get(tag.name, "") + text[tag.end :]
    return text
