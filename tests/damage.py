"""What people do to a form before they hand it in: each damage turns one `Document` into another.

A damage takes the document, a random source and what it must know of the form, and keeps what the form says; the
reading must stay equal or become doubtful, never different. Damages of papers with headings: `tests/part_damage.py`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pipeline.model import Block, Document, Grid, Paragraph
from tests.documents import paragraph, table


@dataclass(frozen=True)
class Form:
    """What the damages must know of a form: its printed labels, those of short values, other words for some labels."""

    title: str
    labels: tuple[str, ...]
    short: tuple[str, ...]
    synonyms: Mapping[str, str]


Damage = Callable[[Document, random.Random, Form], Document]


def _first_table(document: Document) -> tuple[int, Grid]:
    """Its index and the table; an empty one past the end when the form has become paragraphs."""
    tables = ((n, b) for n, b in enumerate(document.blocks) if isinstance(b, Grid))
    return next(tables, (len(document.blocks), table([("", "")])))


def _with(document: Document, number: int, *blocks: Block) -> Document:
    if number >= len(document.blocks):
        return document
    return replace(document, blocks=(*document.blocks[:number], *blocks, *document.blocks[number + 1 :]))


def _relabel(document: Document, form: Form, change: Callable[[str], str]) -> Document:
    def cell(text: str) -> str:
        bare = text.rstrip(":：")
        return change(bare) + text[len(bare) :] if "".join(bare.split()) in form.labels else text

    blocks = [
        replace(b, rows=tuple(tuple(cell(t) for t in row) for row in b.rows)) if isinstance(b, Grid) else b
        for b in document.blocks
    ]
    return replace(document, blocks=tuple(blocks))


def _rows(document: Document, change: Callable[[list[tuple[str, ...]]], list[tuple[str, ...]]]) -> Document:
    """Changes the rows of the first table; only for tables without merged cells."""
    if not any(isinstance(block, Grid) for block in document.blocks):
        return document
    number, grid = _first_table(document)
    return document if grid.spans else _with(document, number, table(change(list(grid.rows)), name=grid.name))


def _is_pair(row: tuple[str, ...]) -> bool:
    return len(row) == 2 and bool(row[1])


def spaced_labels(document: Document, rng: random.Random, form: Form) -> Document:
    return _relabel(document, form, lambda text: rng.choice([" ", "　", "\u00a0"]).join(text))


def broken_labels(document: Document, rng: random.Random, form: Form) -> Document:
    return _relabel(document, form, lambda text: text[: len(text) // 2] + "\n" + text[len(text) // 2 :])


def vertical_labels(document: Document, rng: random.Random, form: Form) -> Document:
    return _relabel(document, form, "\n".join)


def coloned_labels(document: Document, rng: random.Random, form: Form) -> Document:
    return _relabel(document, form, lambda text: text + rng.choice([":", "："]))


def numbered_labels(document: Document, rng: random.Random, form: Form) -> Document:
    return _relabel(document, form, lambda text: rng.choice(["1.", "二、", "（3）", "④"]) + text)


def remarked_labels(document: Document, rng: random.Random, form: Form) -> Document:
    return _relabel(document, form, lambda text: text + rng.choice(["（盖章）", "(必填)", "（可另附页）"]))


def synonym_labels(document: Document, rng: random.Random, form: Form) -> Document:
    return _relabel(document, form, lambda text: form.synonyms.get(text, text))


def unknown_label(document: Document, rng: random.Random, form: Form) -> Document:
    victim = rng.choice(form.short)
    return _relabel(document, form, lambda text: "报送事项" if text == victim else text)


def missing_label(document: Document, rng: random.Random, form: Form) -> Document:
    victim = rng.choice(form.short)
    return _relabel(document, form, lambda text: "" if text == victim else text)


def instructions_above(document: Document, rng: random.Random, form: Form) -> Document:
    return replace(
        document, blocks=(paragraph("填表须知：请于8月27日前报送公司党委，一式两份。", 900), *document.blocks)
    )


def notes_below(document: Document, rng: random.Random, form: Form) -> Document:
    text = "填表说明：1.本表由党支部填写；2.项目名称应简明；3.立项支部填写全称。"
    return replace(document, blocks=(*document.blocks, paragraph(text, 901)))


def row_inserted(document: Document, rng: random.Random, form: Form) -> Document:
    def change(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        at = rng.randrange(len(rows) + 1)
        return [*rows[:at], (rng.choice(["项目编号", "联系电话", "参加人数"]), "0517-88791116"), *rows[at:]]

    return _rows(document, change)


def tick_row_inserted(document: Document, rng: random.Random, form: Form) -> Document:
    def change(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        at = rng.randrange(len(rows) + 1)
        return [*rows[:at], ("选题类别", "☑生产经营  □党建工作  □其他"), *rows[at:]]

    return _rows(document, change)


def rows_swapped(document: Document, rng: random.Random, form: Form) -> Document:
    def change(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        i, j = rng.randrange(len(rows)), rng.randrange(len(rows))
        rows[i], rows[j] = rows[j], rows[i]
        return rows

    return _rows(document, change)


def rows_reversed(document: Document, rng: random.Random, form: Form) -> Document:
    return _rows(document, lambda rows: rows[::-1])


def rows_shuffled(document: Document, rng: random.Random, form: Form) -> Document:
    return _rows(document, lambda rows: rng.sample(rows, len(rows)))


def column_appended(document: Document, rng: random.Random, form: Form) -> Document:
    return _rows(document, lambda rows: [(*row, "") for row in rows])


def column_prepended(document: Document, rng: random.Random, form: Form) -> Document:
    return _rows(document, lambda rows: [("", *row) for row in rows])


def column_between(document: Document, rng: random.Random, form: Form) -> Document:
    return _rows(document, lambda rows: [(row[0], "", *row[1:]) for row in rows])


def remark_column(document: Document, rng: random.Random, form: Form) -> Document:
    return _rows(document, lambda rows: [(*row, "已核对" if n == 1 else "") for n, row in enumerate(rows)])


def value_in_label_cell(document: Document, rng: random.Random, form: Form) -> Document:
    return _rows(
        document,
        lambda rows: [
            (f"{row[0]}：{row[1]}",) if row[0].rstrip(":：") in form.short and _is_pair(row) else row for row in rows
        ],
    )


def all_values_in_label_cells(document: Document, rng: random.Random, form: Form) -> Document:
    return _rows(document, lambda rows: [(f"{row[0]}：\n{row[1]}",) if _is_pair(row) else row for row in rows])


def label_above_value(document: Document, rng: random.Random, form: Form) -> Document:
    number, grid = _first_table(document)
    if grid.spans or any(len(row) != 2 for row in grid.rows):
        return document
    first, rest = grid.rows[:3], grid.rows[3:]
    rows = [tuple(row[0] for row in first), tuple(row[1] for row in first)]
    spans = {}
    for row in rest:
        for text in row:
            spans[(len(rows), 0)] = (1, 3)
            rows.append((text, "", ""))
    return _with(document, number, table(rows, spans, grid.name))


def two_pairs_a_row(document: Document, rng: random.Random, form: Form) -> Document:
    number, grid = _first_table(document)
    if grid.spans or len(grid.rows) < 3 or any(len(row) != 2 for row in grid.rows):
        return document
    rows = [(*grid.rows[0], *grid.rows[1]), *((row[0], row[1], "", "") for row in grid.rows[2:])]
    spans = {(n, 1): (1, 3) for n in range(1, len(rows))}
    return _with(document, number, table(rows, spans, grid.name))


def table_split(document: Document, rng: random.Random, form: Form) -> Document:
    number, grid = _first_table(document)
    if grid.spans or len(grid.rows) < 4:
        return document
    at = rng.randrange(1, len(grid.rows) - 1)
    upper, lower = table(grid.rows[:at], name="表1"), table(grid.rows[at:], name="表2")
    return _with(document, number, upper, paragraph("（接上表）", 902), lower)


def title_in_table(document: Document, rng: random.Random, form: Form) -> Document:
    number, grid = _first_table(document)
    if grid.spans:
        return document
    width = len(grid.rows[0])
    rows = [(form.title, *("",) * (width - 1)), *grid.rows]
    return _with(document, number, table(rows, {(0, 0): (1, width)} if width > 1 else {}, grid.name))


def cover_table(document: Document, rng: random.Random, form: Form) -> Document:
    number, _ = _first_table(document)
    if number >= len(document.blocks):
        return document
    cover = table(
        [("收件编号", "DJ2026-017", "收件人", "尤敏"), ("收件日期", "2026年8月24日", "份数", "1份")], name="表0"
    )
    return _with(document, number, cover, document.blocks[number])


def cover_repeats_label(document: Document, rng: random.Random, form: Form) -> Document:
    number, _ = _first_table(document)
    if number >= len(document.blocks):
        return document
    cover = table([("项目名称", "党建项目化管理资料"), ("报送单位", "第一工程公司")], name="表0")
    return _with(document, number, cover, document.blocks[number])


def label_repeated_empty(document: Document, rng: random.Random, form: Form) -> Document:
    return _rows(document, lambda rows: [*rows, (rng.choice(form.short), *("",) * (len(rows[0]) - 1))])


def label_repeated_other(document: Document, rng: random.Random, form: Form) -> Document:
    return _rows(document, lambda rows: [*rows, (rng.choice(form.short), "另一个值", *("",) * (len(rows[0]) - 2))])


def value_cell_split(document: Document, rng: random.Random, form: Form) -> Document:
    def change(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        at = rng.randrange(3)
        if at < len(rows) and len(rows[at]) > 1:
            half = max(len(rows[at][1]) // 2, 1)
            rows[at] = (rows[at][0], rows[at][1][:half], rows[at][1][half:], *rows[at][2:])
        return rows

    return _rows(document, change)


def row_removed(document: Document, rng: random.Random, form: Form) -> Document:
    return _rows(document, lambda rows: [row for n, row in enumerate(rows) if n != rng.randrange(3) or len(rows) < 4])


def blank_rows(document: Document, rng: random.Random, form: Form) -> Document:
    return _rows(document, lambda rows: [item for row in rows for item in (row, ("",) * len(row))])


def padded_values(document: Document, rng: random.Random, form: Form) -> Document:
    return _rows(document, lambda rows: [(row[0], *(f"\n  {text}\n\n" for text in row[1:])) for row in rows])


def as_paragraphs(document: Document, rng: random.Random, form: Form) -> Document:
    number, grid = _first_table(document)
    if grid.spans:
        return document
    if not all(_is_pair(row) for row in grid.rows):
        return document
    lines = [f"{''.join(row[0].split())}：{row[1]}" for row in grid.rows]
    return _with(
        document, number, *(paragraph(line, 910 + n) for n, text in enumerate(lines) for line in text.split("\n"))
    )


def sections_as_rows(document: Document, rng: random.Random, form: Form) -> Document:
    number, grid = _first_table(document)
    block = next((n for n, row in enumerate(grid.rows) if row[0] == "项目具体工作内容"), None)
    if grid.spans or block is None or len(grid.rows[block]) != 2:
        return document
    parts = grid.rows[block][1].replace("1.选题：", "\x01选题\x02").replace("2.内容：", "\x01内容\x02")
    parts = parts.replace("3.预期目标：", "\x01预期目标\x02")
    sections = [tuple(part.split("\x02", 1)) for part in parts.split("\x01")[1:]]
    rows = [(row[0], row[1], "") for row in grid.rows[:block]]
    rows += [("项目具体工作内容" if n == 0 else "", *section) for n, section in enumerate(sections)]
    rows += [(row[0], row[1], "") for row in grid.rows[block + 1 :]]
    spans = {(n, 1): (1, 2) for n in range(len(rows)) if not block <= n < block + len(sections)}
    return _with(document, number, table(rows, {**spans, (block, 0): (len(sections), 1)}, grid.name))


def sections_in_one_line(document: Document, rng: random.Random, form: Form) -> Document:
    return _rows(
        document,
        lambda rows: [
            (r[0], r[1].replace("\n2.内容", "2.内容").replace("\n3.预期", "3.预期")) if len(r) == 2 else r for r in rows
        ],
    )


def sections_retitled(document: Document, rng: random.Random, form: Form) -> Document:
    titles = {
        "1.选题：": "一、选题（存在的问题）\n",
        "2.内容：": "二、内容（主要采取措施）\n",
        "3.预期目标：": "三、预期目标（预期达到目标）\n",
    }

    def retitle(text: str) -> str:
        for old, new in titles.items():
            text = text.replace(old, new)
        return text

    return _rows(document, lambda rows: [tuple(retitle(text) for text in row) for row in rows])


def second_form_below(document: Document, rng: random.Random, form: Form) -> Document:
    """An unrelated small table with one of our labels below the form."""
    return replace(document, blocks=(*document.blocks, table([("填报人", "王浩"), ("联系电话", "8710")], name="表9")))


def wrong_paragraph_between(document: Document, rng: random.Random, form: Form) -> Document:
    number, grid = _first_table(document)
    return _with(document, number, paragraph("内容：", 903), grid)


def tables_only(document: Document, rng: random.Random, form: Form) -> Document:
    """Somebody moved 填表时间 into the table."""
    number, grid = _first_table(document)
    stamp = next((b for b in document.blocks if isinstance(b, Paragraph) and "填表时间" in b.text), None)
    if stamp is None or grid.spans or len(grid.rows[0]) != 2:
        return document
    value = stamp.text.split("：", 1)[-1]
    blocks = tuple(b for b in document.blocks if b is not stamp)
    number, grid = _first_table(replace(document, blocks=blocks))
    return _with(replace(document, blocks=blocks), number, table([("填表时间", value), *grid.rows], name=grid.name))


DAMAGES: tuple[Damage, ...] = (
    spaced_labels, broken_labels, vertical_labels, coloned_labels, numbered_labels, remarked_labels, synonym_labels,
    unknown_label, missing_label, instructions_above, notes_below, row_inserted, tick_row_inserted, rows_swapped,
    rows_reversed, rows_shuffled, column_appended, column_prepended, column_between, remark_column,
    value_in_label_cell, all_values_in_label_cells, label_above_value, two_pairs_a_row, table_split, title_in_table,
    cover_table, cover_repeats_label, label_repeated_empty, label_repeated_other, value_cell_split, row_removed,
    blank_rows, padded_values, as_paragraphs, sections_as_rows, sections_in_one_line, sections_retitled,
    second_form_below, wrong_paragraph_between, tables_only,
)  # fmt: skip
