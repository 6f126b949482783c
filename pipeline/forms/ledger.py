"""Ledgers (台账, 汇总表, 名册): a header block of labelled fields and repeating rows, in Excel or in a Word table.

What is a record is decided row by row in `rowkinds`, which tables and sheets belong together in `books`. A vertically
merged cell counts for every row it covers. What is left out although it may have been meant is said by a finding.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.forms.area import area_of
from pipeline.forms.books import Book, shelve
from pipeline.forms.found import is_note
from pipeline.forms.header import find_header
from pipeline.forms.labels import squeeze, vocabulary
from pipeline.forms.leavings import columns_left_out, rows_left_out
from pipeline.forms.reading import FormReader, clean
from pipeline.forms.rowkinds import Part, RowKind, Words, kinds, strays
from pipeline.forms.tags import find_tags
from pipeline.forms.unmarked import with_facts_above
from pipeline.model import Block, Document, Extract, Finding, Grid, Pos, Reading, Row
from pipeline.placed import SOMEWHERE, Lines, PlacedRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.forms.spec import FieldSpec, Layout, TypeSpec
    from pipeline.model import Place

ABSENT = Reading("")
READ_AS_FORM = frozenset({RowKind.BLANK, RowKind.LINE, RowKind.FACTS})
"""Rows below the header that may hold facts of the header block."""

BESIDE_OTHER_COLUMNS = frozenset({RowKind.RECORD, RowKind.BLANK})
"""Rows whose content in columns that are none of the type's is asked about."""

SHARED = 10_000
"""So many different cells of one column are remembered; a column of nothing but different texts is not worth more."""

PartKinds = tuple[Part, tuple[tuple[int, RowKind], ...]]
Table = tuple[Book, tuple[Block, ...], tuple[Row, ...], tuple[Finding, ...]]
"""One ledger of a file: its book, the blocks its header block may stand in, its records, what was said about it."""
Opened = dict[tuple[str, ...], tuple[Table, ...]]
"""Order of columns → the ledgers of a document."""


class LedgerReader:
    """Reads one ledger type in one layout."""

    def __init__(self, spec: TypeSpec, layout: Layout) -> None:
        """The template's header block is read as a form; its column order comes from the repeating row's tags."""
        self.spec = spec
        self._order = column_order(spec, layout.document)
        self._form = FormReader(spec, replace(layout, document=_without_columns(spec, layout.document)))
        choices = frozenset(word for column in spec.columns for word in column.choices)
        titles = frozenset(squeeze(title) for title in spec.titles)
        self._words = Words(self._form.words.fields, titles, choices)
        self._columns: dict[str, FieldSpec] = {column.name: column for column in spec.columns}

    def read(self, document: Document, layout: str, opened: Opened | None = None) -> tuple[Extract, ...]:
        """One extract per ledger in the file, in any number of tables; hidden sheets only when there is no other.

        `opened`: what readers of other layouts found in this document; their rows are the same where the columns
        stand in the same order.
        """
        opened = {} if opened is None else opened
        if self._order not in opened:
            opened[self._order] = tuple(self._tables(document))
        return tuple(
            Extract(self.spec.name, layout, self._head(book, blocks), rows, findings)
            for book, blocks, rows, findings in opened[self._order]
        )

    def _head(self, book: Book, blocks: tuple[Block, ...]) -> dict[str, Reading]:
        return with_facts_above(self.spec, self._form.read(blocks), book.blocks, book.parts[0], self._words)

    def _tables(self, document: Document) -> Iterator[Table]:
        shelf = shelve(document, self.spec, self._order, self._words)
        known = [(book, tuple((part, tuple(kinds(part, self._words))) for part in book.parts)) for book in shelf.books]
        for book, parts in [(book, parts) for book, parts in known if any(_says(parts))] or known[:1]:
            rows = tuple(row for part, kinds_of in parts for row in self._rows(part, kinds_of))
            yield book, _around(book, parts), rows, (*shelf.findings, *self._findings(parts))

    def _findings(self, parts: tuple[PartKinds, ...]) -> Iterator[Finding]:
        tops: set[int] = set()
        for part, kinds_of in parts:
            if id(part.grid) not in tops:
                yield from rows_left_out(part.grid, strays(part, self._words))
            tops.add(id(part.grid))
            yield from rows_left_out(part.grid, [row for row, kind in kinds_of if kind is RowKind.UNSURE])
            yield from columns_left_out(part, [row for row, kind in kinds_of if kind in BESIDE_OTHER_COLUMNS])

    def _rows(self, part: Part, kinds_of: tuple[tuple[int, RowKind], ...]) -> Iterator[Row]:
        numbers = (row for row, kind in kinds_of if kind is RowKind.RECORD)
        if part.grid.kind == "sheet":
            return self._placed(part, numbers)
        return (self._row(part, row) for row in numbers)

    def _placed(self, part: Part, numbers: Iterator[int]) -> Iterator[Row]:
        """The rows of a sheet: equal cells share one reading; merged ones and those in doubt have their own."""
        grid, header = part.grid, part.header
        lines = Lines(grid.name, grid.part, {name: header.columns.get(name, -1) for name in self._columns})
        merged = {row for row, _ in part.covered} | {row for row, _ in grid.spans}
        columns: list[tuple[str, int, dict[tuple[str, int], Reading]]] = [
            (name, -1 if name in header.rivals else column, {}) for name, column in lines.columns.items()
        ]
        behind = grid.stored.get
        for row in numbers:
            texts = grid.rows[row]
            readings: list[Reading] = []
            for name, column, seen in columns:
                if column < 0 or (row in merged and ((row, column) in part.covered or (row, column) in grid.spans)):
                    readings.append(self._exact(part, row, name))
                    continue
                stored = behind((row, column))
                spelt = texts[column], id(stored)
                reading = seen.get(spelt)
                if reading is None:
                    reading = self._at(part, name, (row, column), SOMEWHERE)
                    if len(seen) < SHARED:
                        seen[spelt] = reading
                readings.append(reading)
            yield PlacedRow(lines, row, tuple(readings))

    def _row(self, part: Part, row: int) -> Row:
        return {name: self._exact(part, row, name) for name in self._columns}

    def _exact(self, part: Part, row: int, name: str) -> Reading:
        column = part.header.columns.get(name)
        return ABSENT if column is None else self._cell(part, row, name, column)

    def _cell(self, part: Part, row: int, name: str, column: int) -> Reading:
        reading = self._at(part, name, (row, column))
        for rival in part.header.rivals.get(name, ()):
            other = self._at(part, name, (row, rival))
            if other.text != reading.text:
                return replace(reading, reason="second", other=other.text, other_place=other.place)
        return reading

    def _at(self, part: Part, name: str, pos: Pos, shared: Place | None = None) -> Reading:
        at = part.covered.get(pos, pos)
        grid = part.grid
        raw = grid.rows[at[0]][at[1]] if at[1] < len(grid.rows[at[0]]) else ""
        stored = grid.stored.get(at)
        spec = self._columns[name]
        place = shared or grid.place(at)
        if "\n" in raw or spec.hints or "□" in raw or "☑" in raw:
            text = clean(spec, area_of(raw, place))
        else:
            text = raw.strip()
        uncached = stored is not None and stored.uncached
        reason = "uncached" if uncached else "remainder" if raw.strip() and _is_shared(part, at) else ""
        return Reading(text, place, reason, stored=stored, printed=raw.strip() if raw.strip() and not text else "")


def _is_shared(part: Part, at: Pos) -> bool:
    """A cell merged over more columns than the head above it: nobody knows which of them it is about."""
    width = part.grid.spans.get(at, (1, 1))[1]
    if width < 2:
        return False
    heads = part.header.leaves[at[1] : at[1] + width]
    above = range(part.header.top, part.header.bottom)
    under_one = any(part.grid.spans.get((row, at[1]), (1, 1))[1] >= width for row in above)
    return sum(1 for head in heads if head) > 1 or not (under_one or part.header.elsewhere)


def _says(parts: tuple[PartKinds, ...]) -> Iterator[bool]:
    """Whether there is anything to read or to report in a book, row by row."""
    return (kind in (RowKind.RECORD, RowKind.UNSURE) for _, kinds_of in parts for _, kind in kinds_of)


def _around(book: Book, parts: tuple[PartKinds, ...]) -> tuple[Block, ...]:
    """The book's blocks with its headers and its records blanked: what the header block can stand in."""
    blank: dict[int, set[int]] = {}
    for part, kinds_of in parts:
        rows = blank.setdefault(id(part.grid), set())
        rows.update(range(part.header.top, part.header.bottom))
        rows.update(row for row in range(part.header.top) if _is_instruction(part.grid.rows[row]))
        rows.update(row for row, kind in kinds_of if kind not in READ_AS_FORM)
    return tuple(
        _blanked(block, blank[id(block)]) if isinstance(block, Grid) and id(block) in blank else block
        for block in book.blocks
    )


def _is_instruction(texts: tuple[str, ...]) -> bool:
    """Notes above the header explain its labels (填表说明：单位名称：填写全称); they are no facts."""
    return is_note(next((text for text in texts if text.strip()), ""))


def _blanked(grid: Grid, rows: set[int]) -> Grid:
    empty = ("",) * max(map(len, grid.rows), default=0)
    texts = tuple(empty[: len(row)] if at in rows else row for at, row in enumerate(grid.rows))
    return replace(grid, rows=texts, hidden=False)


def column_order(spec: TypeSpec, template: Document) -> tuple[str, ...]:
    """The columns as the template prints them, from the tags of its repeating row."""
    names = {column.name for column in spec.columns}
    tags = [tag for grid in template.grids() for row in grid.rows for text in row for tag in find_tags(text)]
    return tuple(dict.fromkeys(tag.name for tag in tags if tag.group and tag.name in names))


def _without_columns(spec: TypeSpec, template: Document) -> Document:
    words = vocabulary(spec)

    def bare(grid: Grid) -> Grid:
        header = find_header(grid, words, ())
        skip = range(header.top, header.bottom) if header else range(0)
        rows = tuple(
            ("",) * len(row) if number in skip or any(tag.group for text in row for tag in find_tags(text)) else row
            for number, row in enumerate(grid.rows)
        )
        return replace(grid, rows=rows)

    return replace(template, blocks=tuple(bare(b) if isinstance(b, Grid) else b for b in template.blocks))
