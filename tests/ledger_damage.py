"""What people do to a ledger before they hand it in: each damage turns one `Document` into another.

A damage keeps what the records say, in other places or under other words, or adds what is no record; the reading must
stay equal, become doubtful or say what it left out. All of them work on any of the shipped ledgers.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.forms.header import find_header
from pipeline.forms.labels import vocabulary
from pipeline.forms.spec import TypeSpec
from pipeline.model import Block, Document, Grid, Paragraph, Stored
from tests.documents import paragraph, sheet, table

Damage = Callable[[Document, TypeSpec, random.Random], Document]
Row = tuple[str, ...]


class Frame:
    """The ledger's grid cut into what stands above the header, the header, and what stands below it."""

    def __init__(self, document: Document, spec: TypeSpec) -> None:
        """The first grid with a header; `found` is None when a damage before this one took the header away."""
        grids = [(n, block) for n, block in enumerate(document.blocks) if isinstance(block, Grid)]
        headed = [(n, grid, header) for n, grid in grids if (header := find_header(grid, vocabulary(spec), ()))]
        self.document = document
        self.ok = bool(headed)
        self.number, self.grid, header = headed[0] if headed else (*grids[0], None)
        self.top, self.bottom = (header.top, header.bottom) if header else (0, 0)
        self.leaves = header.leaves if header else ()
        self.columns = dict(header.columns) if header else {}
        self.above = list(self.grid.rows[: self.top])
        self.head = list(self.grid.rows[self.top : self.bottom])
        self.body = list(self.grid.rows[self.bottom :])
        self.width = len(self.grid.rows[0])

    def line(self, *texts: str, at: int = 0) -> Row:
        """A row as wide as the grid with these texts from a column on."""
        row = [""] * at + list(texts)
        return tuple((row + [""] * self.width)[: max(self.width, len(row))])

    def merged_body(self) -> bool:
        return any(row >= self.bottom for row, _ in self.grid.spans)

    def rebuilt(
        self,
        *,
        above: Sequence[Row] | None = None,
        head: Sequence[Row] | None = None,
        body: Sequence[Row] | None = None,
        wide: Sequence[int] = (),
    ) -> Document:
        """The document with other rows. Merges of the parts above keep their rows; `wide`: body rows merged whole."""
        above = self.above if above is None else list(above)
        head = self.head if head is None else list(head)
        body = self.body if body is None else list(body)
        moved = len(above) - self.top
        spans = {
            (r + (moved if r >= self.top else 0), c): size
            for (r, c), size in self.grid.spans.items()
            if r >= self.top or moved == 0
        }
        width = max(len(row) for row in (*above, *head, *body))
        spans |= {(len(above) + len(head) + at, 0): (1, width) for at in wide}
        return self.put([*above, *head, *body], spans)

    def put(self, rows: Sequence[Row], spans: dict[tuple[int, int], tuple[int, int]], *more: Block) -> Document:
        """The grid replaced; further blocks behind it."""
        if not rows:
            return self.document
        maker = table if self.grid.kind == "table" else sheet
        made = replace(
            maker(rows, spans, self.grid.name),
            part=self.grid.part,
            hidden=self.grid.hidden,
            hidden_rows=self.grid.hidden_rows,
            hidden_columns=self.grid.hidden_columns,
        )
        blocks = self.document.blocks
        return replace(self.document, blocks=(*blocks[: self.number], made, *more, *blocks[self.number + 1 :]))

    def other(self, rows: Sequence[Row], name: str, *, hidden: bool = False) -> Grid:
        """A further table or sheet of the same kind."""
        maker = table if self.grid.kind == "table" else sheet
        return replace(
            maker(rows, name=name), part=name if self.grid.kind == "sheet" else self.grid.part, hidden=hidden
        )

    def with_columns(self, order: Sequence[int]) -> Document:
        """The columns in another order (or fewer, or -1 for an empty one); group heads over columns are unmerged."""
        if self.merged_body():
            return self.document
        leaves = tuple(self._leaf(column) for column in range(self.width))
        rows = [leaves, *self.body]
        moved = [tuple(row[at] if 0 <= at < len(row) else "" for at in order) for row in rows]
        above = [tuple((list(row) + [""] * len(order))[: max(len(order), len(row))]) for row in self.above]
        return self.put([*above, *moved], {pos: size for pos, size in self.grid.spans.items() if pos[0] < self.top})

    def _leaf(self, column: int) -> str:
        texts = [row[column] for row in self.head if row[column].strip()]
        return texts[-1] if texts else ""

    def relabelled(self, change: Callable[[str], str]) -> Document:
        return self.rebuilt(head=[tuple(change(text) if text.strip() else text for text in row) for row in self.head])

    def column(self, name: str) -> int:
        return self.columns.get(name, -1)


def _frame(document: Document, spec: TypeSpec) -> Frame:
    return Frame(document, spec)


def columns_shuffled(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    frame = _frame(document, spec)
    return frame.with_columns(rng.sample(range(frame.width), frame.width))


def columns_reversed(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    frame = _frame(document, spec)
    return frame.with_columns(range(frame.width - 1, -1, -1))


def column_inserted(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """An unknown column with its own content in the middle."""
    frame = _frame(document, spec)
    if frame.merged_body() or not frame.ok:
        return document
    at = rng.randrange(frame.width + 1)
    order = [*range(at), -1, *range(at, frame.width)]
    wider = _frame(frame.with_columns(order), spec)
    if not wider.ok or wider.width != frame.width + 1:
        return document
    head = [tuple("集团核对意见" if n == at else text for n, text in enumerate(row)) for row in wider.head]
    body = [tuple(f"核对{r}" if n == at else text for n, text in enumerate(row)) for r, row in enumerate(wider.body)]
    return wider.rebuilt(head=head, body=[row if any(row[:at] + row[at + 1 :]) else wider.line() for row in body])


def column_dropped(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    frame = _frame(document, spec)
    gone = rng.randrange(frame.width)
    return frame.with_columns([at for at in range(frame.width) if at != gone])


def column_blank_left(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    frame = _frame(document, spec)
    spans = {(r, c + 1): size for (r, c), size in frame.grid.spans.items()}
    return frame.put([("", *row) for row in frame.grid.rows], spans)


def rows_blank_top(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    frame = _frame(document, spec)
    spans = {(r + 3, c): size for (r, c), size in frame.grid.spans.items()}
    return frame.put([frame.line(), frame.line(), frame.line(), *frame.grid.rows], spans)


def label_synonym(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    others = {label: rng.choice(one.labels) for one in spec.columns if len(one.labels) > 1 for label in one.labels[:1]}
    taken: set[str] = {label for one in spec.columns for label in one.labels[:1]}
    return _frame(document, spec).relabelled(
        lambda text: new if (new := others.get("".join(text.split()), text)) not in taken else text
    )


def label_unknown(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    frame = _frame(document, spec)
    victim = rng.choice([leaf for leaf in frame.leaves if leaf] or [""])
    return frame.relabelled(lambda text: "其它事项甲" if "".join(text.split()) == victim else text)


def label_twice(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """Two columns under one label: each says something of its own."""
    frame = _frame(document, spec)
    leaves = [leaf for leaf in frame.leaves if leaf and leaf != "序号"]
    if len(leaves) < 2:
        return document
    kept, lost = rng.sample(leaves, 2)
    return frame.relabelled(lambda text: kept if "".join(text.split()) == lost else text)


def labels_spaced(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _frame(document, spec).relabelled(lambda text: rng.choice([" ", "　", "\u00a0"]).join(text))


def labels_broken(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _frame(document, spec).relabelled("\n".join)


def labels_required(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _frame(document, spec).relabelled(
        lambda text: rng.choice(["{}（必填）", "*{}", "{}：", "{}(单选)"]).format(text)
    )


def rows_blank(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _between(document, spec, rng, lambda frame: frame.line())


def _between(
    document: Document, spec: TypeSpec, rng: random.Random, make: Callable[[Frame], Row], *, wide: bool = False
) -> Document:
    """One more row somewhere among the records; not inside merges."""
    frame = _frame(document, spec)
    if frame.merged_body() or not frame.ok:
        return document
    at = rng.randrange(len(frame.body) + 1)
    return frame.rebuilt(body=[*frame.body[:at], make(frame), *frame.body[at:]], wide=[at] if wide else ())


def _below(document: Document, spec: TypeSpec, rows: Callable[[Frame], list[Row]], *, wide: bool = False) -> Document:
    frame = _frame(document, spec)
    if frame.merged_body() or not frame.ok:
        return document
    added = rows(frame)
    first = len(frame.body)
    return frame.rebuilt(body=[*frame.body, *added], wide=range(first, first + len(added)) if wide else ())


def total_row(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    word = rng.choice(["合计", "小  计", "总计：", "合 计"])
    return _below(document, spec, lambda frame: [frame.line(word, "3项", "", "—")])


def total_row_filled(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """A total with a word in every column."""
    return _below(
        document, spec, lambda frame: [frame.line("合计", *("全部已核对并经会议研究通过",) * (frame.width - 1))]
    )


def total_in_text_column(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _below(document, spec, lambda frame: [frame.line("合计", "3项", at=min(1, frame.width - 2))])


def notes_below(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    lines = ["注：1.类型分三种；2.已完成的须附材料。", "2.本表一式两份，于每月25日前报送。"]
    return _below(document, spec, lambda frame: [frame.line(text) for text in lines])


def notes_below_merged(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _below(document, spec, lambda frame: [frame.line("填表说明：单位名称填写全称。")], wide=True)


def notes_above(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    frame = _frame(document, spec)
    return frame.rebuilt(above=[frame.line("填表说明：请逐项填写，不得空项，于25日前报送。"), *frame.above])


def section_rows(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    text = rng.choice(["一、政治建设方面", "（二）组织建设方面", "三、作风建设"])
    return _between(document, spec, rng, lambda frame: frame.line(text), wide=True)


def section_rows_unmerged(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    at = rng.randrange(2)
    return _between(document, spec, rng, lambda frame: frame.line("一、政治建设方面", at=at))


def section_row_in_two_cells(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _between(document, spec, rng, lambda frame: frame.line("二", "组织建设方面"))


def header_repeated(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    frame = _frame(document, spec)
    if frame.merged_body() or not frame.ok:
        return document
    at = rng.randrange(len(frame.body) + 1)
    return frame.rebuilt(body=[*frame.body[:at], *frame.head, *frame.body[at:]])


def header_repeated_in_other_order(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """Two people kept the ledger: below the second header the columns stand the other way round."""
    frame = _frame(document, spec)
    if frame.merged_body() or not frame.ok or len(frame.head) != 1:
        return document
    at = rng.randrange(len(frame.body) + 1)
    lower = [row[::-1] for row in (*frame.head, *frame.body[at:])]
    return frame.rebuilt(body=[*frame.body[:at], *lower])


def header_numbered(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """A row that numbers the columns, as statistical forms have it."""
    frame = _frame(document, spec)
    numbers = tuple(str(n + 1) if leaf else "" for n, leaf in enumerate(frame.leaves)) if frame.ok else ()
    return document if frame.merged_body() or not frame.ok else frame.rebuilt(body=[numbers, *frame.body])


def header_grouped(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """A row of groups above the header; the columns outside the group are merged over both rows."""
    frame = _frame(document, spec)
    if frame.merged_body() or not frame.ok or len(frame.head) != 1 or frame.width < 5:
        return document
    left = rng.randrange(1, frame.width - 3)
    group = range(left, left + 3)
    upper = tuple("基本情况" if n == left else "" if n in group else text for n, text in enumerate(frame.head[0]))
    lower = tuple(text if n in group else "" for n, text in enumerate(frame.head[0]))
    spans = {pos: size for pos, size in frame.grid.spans.items() if pos[0] < frame.top}
    spans |= {(frame.top, left): (1, 3)}
    spans |= {(frame.top, column): (2, 1) for column in range(frame.width) if column not in group}
    return frame.put([*frame.above, upper, lower, *frame.body], spans)


def facts_in_cells(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """The line 单位名称：…　填表人：… becomes label and value cells above the header."""
    return _facts_moved(document, spec, below=False)


def facts_in_cells_below(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _facts_moved(document, spec, below=True)


def facts_line_below(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    frame = _frame(document, spec)
    at = next((n for n, row in enumerate(frame.above) if "：" in row[0]), None)
    if at is None or frame.merged_body():
        return document
    line = frame.above[at]
    spans = {(r - (r > at), c): size for (r, c), size in frame.grid.spans.items() if r != at}
    rows = [*frame.above[:at], *frame.above[at + 1 :], *frame.head, *frame.body, line]
    return frame.put(rows, {**spans, (len(rows) - 1, 0): (1, frame.width)} if rows else {})


def _facts_moved(document: Document, spec: TypeSpec, *, below: bool) -> Document:
    frame = _frame(document, spec)
    at = next((n for n, row in enumerate(frame.above) if "：" in row[0] and "说明" not in row[0]), None)
    if at is None or frame.merged_body():
        return document
    pairs = [part.split("：", 1) for part in frame.above[at][0].split("　") if "：" in part]
    cells = [text for pair in pairs for text in pair]
    lines = [frame.line(*pair) for pair in pairs] if len(cells) > frame.width else [frame.line(*cells)]
    spans = {pos: size for pos, size in frame.grid.spans.items() if pos[0] < at}
    if not below:
        moved = len(lines) - 1
        spans |= {(r + moved, c): size for (r, c), size in frame.grid.spans.items() if r > at}
        return frame.put([*frame.above[:at], *lines, *frame.above[at + 1 :], *frame.head, *frame.body], spans)
    spans |= {(r - 1, c): size for (r, c), size in frame.grid.spans.items() if r > at}
    return frame.put([*frame.above[:at], *frame.above[at + 1 :], *frame.head, *frame.body, *lines], spans)


def cells_merged_down(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """Equal cells of neighbouring records become one cell, as with several measures for one problem."""
    frame = _frame(document, spec)
    if frame.merged_body() or not frame.ok:
        return document
    spans = dict(frame.grid.spans)
    rows = [list(row) for row in frame.grid.rows]
    for at in range(frame.bottom, len(rows) - 1):
        for column in range(frame.width):
            text = frame.grid.rows[at][column]
            if text and text == frame.grid.rows[at + 1][column] and rows[at][column]:
                spans[at, column] = (2, 1)
                rows[at + 1][column] = ""
    return frame.put([tuple(row) for row in rows], spans)


def cells_merged_across(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """Two neighbouring cells of one record merged: a spreadsheet keeps the first text, Word both."""
    frame = _frame(document, spec)
    if frame.merged_body() or not frame.ok or not frame.body or frame.width < 4:
        return document
    at, column = rng.randrange(len(frame.body)), rng.randrange(1, frame.width - 1)
    left, right = frame.body[at][column : column + 2]
    text = left if frame.grid.kind == "sheet" else f"{left}\n{right}".strip()
    row = (*frame.body[at][:column], text, "", *frame.body[at][column + 2 :])
    rows = [*frame.above, *frame.head, *frame.body[:at], row, *frame.body[at + 1 :]]
    return frame.put(rows, {**frame.grid.spans, (frame.bottom + at, column): (1, 2)})


def serials_missing(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _column_changed(document, spec, "序号", lambda text, row: "" if text.isdigit() else text)


def serials_as_formulas(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """=ROW()-3 without a stored result: the cells show nothing."""
    frame = _frame(_column_changed(document, spec, "序号", lambda text, row: "" if text.isdigit() else text), spec)
    column = frame.column("序号")
    if column < 0 or frame.grid.kind == "table":
        return document
    cells = {(row, column): Stored(None, uncached=True) for row in range(frame.bottom, len(frame.grid.rows))}
    grid = replace(frame.grid, stored=cells)
    blocks = frame.document.blocks
    return replace(frame.document, blocks=(*blocks[: frame.number], grid, *blocks[frame.number + 1 :]))


def serials_added(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """A ledger without serial numbers gets them in front, with some prepared for records that never came."""
    frame = _frame(document, spec)
    whole = len(frame.columns) * 2 > len(spec.columns)
    if frame.column("序号") >= 0 or frame.merged_body() or not whole or len(frame.head) != 1:
        return document
    facts = {field.name for field in spec.fields}
    body = [("" if facts & set(row) else str(n), *row) for n, row in enumerate(frame.body, 1)]
    spare = [(str(len(body) + n), *[""] * frame.width) for n in (1, 2)]
    head = ("序号", *frame.head[0])
    return frame.put([*((*row, "") for row in frame.above), head, *body, *spare], {})


def serials_decorated(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    style = rng.choice(["{}.", "（{}）", "{}、"])
    return _column_changed(document, spec, "序号", lambda text, row: style.format(text) if text.isdigit() else text)


def _column_changed(document: Document, spec: TypeSpec, name: str, change: Callable[[str, int], str]) -> Document:
    frame = _frame(document, spec)
    column = frame.column(name)
    if column < 0:
        return document
    body = [
        tuple(change(text, n) if at == column and text else text for at, text in enumerate(row))
        for n, row in enumerate(frame.body)
    ]
    return frame.rebuilt(body=body)


def serials_only_below(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """Numbers prepared for records that never came."""
    frame = _frame(document, spec)
    column = frame.column("序号")
    if column < 0:
        return document
    return _below(document, spec, lambda frame: [frame.line(str(n), at=column) for n in (21, 22, 23)])


def row_hidden(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _hiding(document, spec, rng, rows=True)


def column_hidden(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _hiding(document, spec, rng, rows=False)


def _hiding(document: Document, spec: TypeSpec, rng: random.Random, *, rows: bool) -> Document:
    frame = _frame(document, spec)
    if frame.grid.kind == "table" or not frame.body:
        return document
    some = frozenset([frame.bottom + rng.randrange(len(frame.body)) if rows else rng.randrange(frame.width)])
    grid = replace(frame.grid, hidden_rows=some) if rows else replace(frame.grid, hidden_columns=some)
    blocks = document.blocks
    return replace(document, blocks=(*blocks[: frame.number], grid, *blocks[frame.number + 1 :]))


def instructions_beside(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    frame = _frame(document, spec)
    rows = [("填写说明", ""), ("1", "单位名称填写全称，填表人填写本人姓名"), ("2", "各项均须填写，不得空项")]
    first = rng.random() < 0.5
    return _beside(document, frame.other(rows, "说明"), first=first)


def dictionary_beside(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """A list of allowed words whose heads are names of columns."""
    frame = _frame(document, spec)
    keys = set(spec.row_key)
    heads = [one.name for one in spec.columns if one.name not in keys][-3:]
    rows = [tuple(heads), *(tuple(f"{head}可选{n}" for head in heads) for n in range(1, 5))]
    return _beside(document, frame.other(rows, "字典"), first=rng.random() < 0.5)


def sheet_hidden_beside(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """Last year's ledger on a hidden sheet."""
    frame = _frame(document, spec)
    if frame.grid.kind == "table" or not frame.ok or not frame.body:
        return document
    old = [tuple(f"旧{text}" if text else "" for text in row) for row in frame.body]
    return _beside(document, frame.other([*frame.head, *old], "往年", hidden=True), first=rng.random() < 0.5)


def _beside(document: Document, grid: Grid, *, first: bool) -> Document:
    sheets = document.kind == "xlsx"
    blocks = (grid, *document.blocks) if first and sheets else (*document.blocks, grid)
    return replace(document, blocks=blocks)


def records_on_two_sheets(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """The second half on a further sheet with its own title, facts and header."""
    frame = _frame(document, spec)
    if frame.grid.kind == "table" or frame.merged_body() or not frame.ok or len(frame.body) < 2:
        return document
    half = len(frame.body) // 2
    upper = _frame(frame.rebuilt(body=frame.body[:half]), spec)
    lower = _frame(frame.rebuilt(body=frame.body[half:]), spec)
    second = replace(lower.grid, name="续", part="续")
    return _beside(upper.document, second, first=False)


def table_split_with_header(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _split(document, spec, rng, header=True)


def table_split_without_header(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _split(document, spec, rng, header=False)


def _split(document: Document, spec: TypeSpec, rng: random.Random, *, header: bool) -> Document:
    frame = _frame(document, spec)
    if frame.grid.kind != "table" or frame.merged_body() or not frame.ok or len(frame.body) < 2:
        return document
    at = rng.randrange(1, len(frame.body))
    upper = frame.rebuilt(body=frame.body[:at])
    head = frame.head if header else []
    lower = replace(table([*head, *frame.body[at:]], name="表2"), part=frame.grid.part)
    between: list[Block] = [paragraph("（续上表）", 950)] if rng.random() < 0.5 else []
    blocks = upper.blocks
    place = frame.number + 1
    return replace(document, blocks=(*blocks[:place], *between, lower, *blocks[place:]))


def sample_row(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """The example of the blank form stays above the records."""
    frame = _frame(document, spec)
    if frame.merged_body() or not frame.ok:
        return document
    cells = {column: f"{name}XX样例" for name, column in frame.columns.items()}
    row = tuple(cells.get(at, "") for at in range(frame.width))
    serial = frame.column("序号")
    if serial >= 0:
        row = (*row[:serial], rng.choice(["例", "示例", "1"]), *row[serial + 1 :])
    return frame.rebuilt(body=[row, *frame.body])


def row_shifted(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """One record slipped a column to the right, from some column on."""
    frame = _frame(document, spec)
    if frame.merged_body() or not frame.ok or not frame.body:
        return document
    at, start = rng.randrange(len(frame.body)), rng.randrange(1, frame.width)
    body = [(*row, "") for row in frame.body]
    body[at] = (*body[at][:start], "", *body[at][start:-1])
    return frame.put(
        [*((*row, "") for row in frame.above), *((*row, "") for row in frame.head), *body], dict(frame.grid.spans)
    )


def cells_padded(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    frame = _frame(document, spec)
    pad = rng.choice(["  {}　", "\n{}\n", "\u00a0{} \n"])
    return frame.rebuilt(body=[tuple(pad.format(text) if text else text for text in row) for row in frame.body])


def row_thinned(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """Of one record only one or two cells are left."""
    frame = _frame(document, spec)
    if frame.merged_body() or not frame.body:
        return document
    at = rng.randrange(len(frame.body))
    filled = [n for n, text in enumerate(frame.body[at]) if text]
    kept = set(rng.sample(filled, min(len(filled), rng.choice([1, 2]))))
    row = tuple(text if n in kept else "" for n, text in enumerate(frame.body[at]))
    return frame.rebuilt(body=[*frame.body[:at], row, *frame.body[at + 1 :]])


def cell_like_a_remark(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """A record begins with a word that also opens a total, a note or a section."""
    frame = _frame(document, spec)
    if frame.merged_body() or not frame.body or not frame.ok:
        return document
    word = rng.choice(["合计", "累计", "注：", "备注：", "说明：", "一、", "（二）", "平均", "单位："])
    at, column = rng.randrange(len(frame.body)), rng.randrange(frame.width)
    row = frame.body[at]
    if not row[column] or column == frame.column("序号"):
        return document
    changed = tuple(f"{word}{text}" if n == column else text for n, text in enumerate(row))
    return frame.rebuilt(body=[*frame.body[:at], changed, *frame.body[at + 1 :]])


def title_rows(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    frame = _frame(document, spec)
    return frame.rebuilt(above=[frame.line("附件3"), frame.line("淮源集团有限公司"), *frame.above])


def title_between(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _between(document, spec, rng, lambda frame: frame.line(spec.titles[0] + "（续）"), wide=rng.random() < 0.5)


def signatures_below(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    return _below(
        document, spec, lambda frame: [frame.line("审核人：", "", "主要领导签字：", "", "日期：2026年5月6日")]
    )


def remarks_beside(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """Somebody ticked the records off in a column without a head."""
    frame = _frame(document, spec)
    body = [(*row, "已阅" if any(row) else "") for row in frame.body]
    rows = [*((*row, "") for row in (*frame.above, *frame.head)), *body]
    return frame.put(rows, dict(frame.grid.spans))


def row_above_header(document: Document, spec: TypeSpec, rng: random.Random) -> Document:
    """Sorting took the header along: a record stands above it."""
    frame = _frame(document, spec)
    if frame.merged_body() or not frame.ok or len(frame.body) < 2 or len(frame.head) != 1:
        return document
    at = rng.randrange(len(frame.body))
    body = [*frame.body[:at], *frame.body[at + 1 :]]
    return frame.rebuilt(above=[*frame.above, frame.body[at]], body=body)


def paragraphs_of(document: Document) -> list[str]:
    """Every text of a document, for asking whether something still stands in it."""
    texts = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    return texts + [text for grid in document.grids() for row in grid.rows for text in row]


DAMAGES: tuple[Damage, ...] = (
    columns_shuffled, columns_reversed, column_inserted, column_dropped, column_blank_left, rows_blank_top,
    label_synonym, label_unknown, label_twice, labels_spaced, labels_broken, labels_required, rows_blank, total_row,
    total_row_filled, total_in_text_column, notes_below, notes_below_merged, notes_above, section_rows,
    section_rows_unmerged, section_row_in_two_cells, header_repeated, header_repeated_in_other_order, header_numbered,
    header_grouped, facts_in_cells, facts_in_cells_below, facts_line_below, cells_merged_down, cells_merged_across,
    serials_missing, serials_as_formulas, serials_added, serials_decorated, serials_only_below, row_hidden,
    column_hidden, instructions_beside, dictionary_beside, sheet_hidden_beside, records_on_two_sheets,
    table_split_with_header, table_split_without_header, sample_row, row_shifted, cells_padded, row_thinned,
    cell_like_a_remark, title_rows,
    title_between, signatures_below, remarks_beside, row_above_header,
)  # fmt: skip
