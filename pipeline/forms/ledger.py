"""Ledgers (台账, 汇总表, 名册): a header block of labelled fields and repeating rows, in Excel or in a Word table.

Titles, repeated headers, subtotals, notes, section lines, blank rows and rows with only a serial number are not rows.
A vertically merged cell counts for every row it covers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.forms.area import area_of
from pipeline.forms.header import Header, find_header
from pipeline.forms.labels import Vocabulary, inline_labels, key, vocabulary
from pipeline.forms.locate import is_note
from pipeline.forms.reading import FormReader, clean
from pipeline.forms.tags import find_tags
from pipeline.model import Block, Document, Extract, Grid, Pos, Reading, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.forms.spec import FieldSpec, Layout, TypeSpec

TOTAL_WORDS = ("合计", "小计", "总计", "共计", "累计", "平均")
ABSENT = Reading("")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid of the submission with its header."""

    grid: Grid
    header: Header
    covered: Mapping[Pos, Pos]


class LedgerReader:
    """Reads one ledger type in one layout."""

    def __init__(self, spec: TypeSpec, layout: Layout) -> None:
        """The template's header block is read as a form; its column order comes from the repeating row's tags."""
        self.spec = spec
        self._order = column_order(spec, layout.document)
        self._words = vocabulary(spec)
        self._form = FormReader(spec, replace(layout, document=_without_columns(spec, layout.document)))
        self._columns: dict[str, FieldSpec] = {column.name: column for column in spec.columns}

    def read(self, document: Document, layout: str) -> tuple[Extract, ...]:
        """One extract per visible table or sheet with this header; hidden ones only when there is no other."""
        sheets = [sheet for grid in document.grids() if not grid.nested and (sheet := self._sheet(grid))]
        visible = [sheet for sheet in sheets if not sheet.grid.hidden] or sheets
        filled = [(sheet, rows) for sheet in visible if (rows := tuple(self._rows(sheet)))]
        if not filled:
            filled = [(sheet, ()) for sheet in visible[:1]]
        return tuple(
            Extract(
                self.spec.name, layout, self._form.read(self._around(document, sheet, alone=len(filled) == 1)), rows
            )
            for sheet, rows in filled
        )

    def _sheet(self, grid: Grid) -> Sheet | None:
        header = find_header(grid, self._words, self._order)
        return None if header is None else Sheet(grid, header, grid.covered())

    def _around(self, document: Document, sheet: Sheet, *, alone: bool) -> tuple[Block, ...]:
        """What surrounds the table: paragraphs (Word) and the rows of the grid that are neither header nor data."""
        first, last = sheet.header.top, len(sheet.grid.rows)
        data = {row for row in range(first, last) if row < sheet.header.bottom or self._is_data(sheet, row)}
        rows = tuple(("",) * len(texts) if row in data else texts for row, texts in enumerate(sheet.grid.rows))
        rest = replace(sheet.grid, rows=rows, hidden=False)
        if not alone or sheet.grid.kind == "sheet":
            return (rest,)
        return tuple(rest if block is sheet.grid else block for block in document.blocks)

    def _rows(self, sheet: Sheet) -> Iterator[Row]:
        for row in range(sheet.header.bottom, len(sheet.grid.rows)):
            if self._is_data(sheet, row):
                yield self._row(sheet, row)

    def _is_data(self, sheet: Sheet, row: int) -> bool:
        if row < sheet.header.bottom:
            return False
        own = [(column, text) for column, text in enumerate(sheet.grid.rows[row]) if text.strip()]
        if not own:
            return False
        if _is_remark(sheet, row, own, self._form.words) or self._is_repeat(sheet, own):
            return False
        serial = self._serial_column(sheet)
        return any(column != serial for column, text in own if column in sheet.header.columns.values())

    def _serial_column(self, sheet: Sheet) -> int:
        return sheet.header.columns.get("序号", -1)

    def _is_repeat(self, sheet: Sheet, own: Sequence[tuple[int, str]]) -> bool:
        """The header printed again on the next page."""
        same = sum(1 for column, text in own if key(text) and key(text) == sheet.header.leaves[column])
        return same * 2 > len(own) and same > 1

    def _row(self, sheet: Sheet, row: int) -> Row:
        columns = sheet.header.columns
        return {
            name: self._cell(sheet, row, name, columns[name]) if name in columns else ABSENT for name in self._columns
        }

    def _cell(self, sheet: Sheet, row: int, name: str, column: int) -> Reading:
        reading = self._at(sheet, name, (row, column))
        rival = sheet.header.rivals.get(name)
        if rival is None:
            return reading
        other = self._at(sheet, name, (row, rival))
        if other.text == reading.text:
            return reading
        return replace(reading, reason="second", other=other.text, other_place=other.place)

    def _at(self, sheet: Sheet, name: str, pos: Pos) -> Reading:
        at = sheet.covered.get(pos, pos)
        grid = sheet.grid
        raw = grid.rows[at[0]][at[1]] if at[1] < len(grid.rows[at[0]]) else ""
        stored = grid.stored.get(at)
        sideways = at[1] != pos[1] and raw.strip()
        spec = self._columns[name]
        place = grid.place(at)
        if "\n" in raw or spec.hints or "□" in raw or "☑" in raw:
            text = clean(spec, area_of(raw, place))
        else:
            text = raw.strip()
        reason = "uncached" if stored is not None and stored.uncached else "remainder" if sideways else ""
        return Reading(text, place, reason, stored=stored, printed=raw.strip() if raw.strip() and not text else "")


def _is_remark(sheet: Sheet, row: int, own: Sequence[tuple[int, str]], words: Vocabulary) -> bool:
    """Subtotals, notes, section lines over the whole width, and labelled lines below the table."""
    first = own[0][1].strip()
    bare = key(first)
    if any(bare == word or (bare.startswith(word) and len(own) <= 3) for word in TOTAL_WORDS):
        return True
    if len(own) > 2:
        return False
    if is_note(first) or any(inline_labels(text, words.fields) for _, text in own):
        return True
    width = sheet.grid.spans.get((row, own[0][0]), (1, 1))[1]
    return len(own) == 1 and width * 2 > len(sheet.grid.rows[row]) > 2


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
