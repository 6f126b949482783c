"""Which tables and sheets of a file make up one ledger (a book), and which are left out.

A Word table that continues the one above it belongs to it: with the header printed again, or without it when it has
as many columns and the serial numbers run on. Every Excel sheet with a header is a book of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.forms.header import find_headers
from pipeline.forms.labels import inline_labels, squeeze, vocabulary
from pipeline.forms.leavings import grid_left_out, hidden_left_out, rows_left_out
from pipeline.forms.rowkinds import Part, RowKind, Words, kinds, serial_number
from pipeline.model import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.forms.header import Header
    from pipeline.forms.spec import TypeSpec
    from pipeline.model import Block, Document, Finding, Grid

ROW_LIKE = 3
"""A row of a table without a header is like a record when it fills so many cells and the first numbers it."""


@dataclass(slots=True)
class Book:
    """One ledger: its parts in reading order and the blocks of the file in which its header block may stand."""

    parts: list[Part]
    blocks: tuple[Block, ...] = ()


@dataclass(slots=True)
class Shelf:
    """The ledgers of a file, and what was said about what is none."""

    books: list[Book] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def shelve(document: Document, spec: TypeSpec, order: Sequence[str], words: Words) -> Shelf:
    """The ledgers of a file: visible ones, else hidden ones, else tables inside other tables' cells."""
    headed = {id(grid): found for grid in document.grids() if (found := find_headers(grid, vocabulary(spec), order))}
    with_header = [grid for grid in document.grids() if id(grid) in headed]
    outer = [grid for grid in with_header if not grid.nested] or with_header
    shown = [grid for grid in outer if not grid.hidden]
    if shown and not any(True for grid in shown for _ in _records(grid, headed[id(grid)], words)):
        shown = []
    grids = _ledgers(shown or outer, headed)
    shelf = Shelf()
    shelf.findings.extend(hidden_left_out(grid) for grid in outer if shown and grid.hidden)
    for grid in shown:
        if not _among(grid, grids):
            shelf.findings.extend(_poor(grid, headed[id(grid)], spec, words))
    _fill(shelf, document, {id(grid): headed[id(grid)] for grid in grids}, words)
    read = [part.grid for book in shelf.books for part in book.parts]
    for grid in document.grids():
        if shelf.books and id(grid) not in headed and not (grid.nested or grid.hidden or _among(grid, read)):
            shelf.findings.extend(_unread(shelf, grid, words))
    return shelf


def _records(grid: Grid, headers: tuple[Header, ...], words: Words) -> Iterator[int]:
    return (row for part in _parts(grid, headers) for row, kind in kinds(part, words) if kind is RowKind.RECORD)


def _poor(grid: Grid, headers: tuple[Header, ...], spec: TypeSpec, words: Words) -> Iterator[Finding]:
    """What is said about a table with too few of the columns: its rows one by one if they are about the same things."""
    if any(name in header.columns for header in headers for name in spec.row_key):
        yield from rows_left_out(grid, list(_records(grid, headers, words)))
    else:
        yield grid_left_out(grid)


def _among(grid: Grid, grids: Iterable[Grid]) -> bool:
    return any(grid is other for other in grids)


def _ledgers(grids: Sequence[Grid], headed: dict[int, tuple[Header, ...]]) -> list[Grid]:
    """Those with at least half as many columns as the best one; a list of allowed words has fewer."""
    best = max((len(headed[id(grid)][0].columns) for grid in grids), default=0)
    return [grid for grid in grids if len(headed[id(grid)][0].columns) * 2 >= best]


def _parts(grid: Grid, headers: tuple[Header, ...]) -> list[Part]:
    covered = grid.covered()
    ends = [*(later.top for _, later in pairwise(headers)), len(grid.rows)]
    return [Part(grid, header, covered, header.bottom, end) for header, end in zip(headers, ends, strict=True)]


def _fill(shelf: Shelf, document: Document, headed: dict[int, tuple[Header, ...]], words: Words) -> None:
    """Walks the file from top to bottom and gives each table to the book above it, to a new one, or leaves it out."""
    ends: list[int] = []
    fresh: list[Paragraph] = []
    for number, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            fresh.append(block)
            continue
        joins = bool(shelf.books) and block.kind == "table" and not _opens(fresh, words)
        if id(block) in headed:
            _take(shelf, _parts(block, headed[id(block)]), joins=joins)
        elif not (joins and _continued(shelf.books[-1], block, words)):
            continue
        ends[len(shelf.books) - 1 :] = [number]
        fresh = []
    _hand_out(shelf, document, ends)


def _take(shelf: Shelf, parts: list[Part], *, joins: bool) -> None:
    if joins:
        shelf.books[-1].parts.extend(parts)
    else:
        shelf.books.append(Book(parts))


def _opens(paragraphs: Iterable[Paragraph], words: Words) -> bool:
    """Whether a title or a fact of the header block stands here: another ledger begins."""
    texts = [paragraph.text for paragraph in paragraphs]
    return any(inline_labels(text, words.fields) or squeeze(text) in words.titles for text in texts)


def _hand_out(shelf: Shelf, document: Document, ends: Sequence[int]) -> None:
    """Each book gets the blocks down to its last table, the last one all the rest; a sheet stands for itself."""
    begins = [0, *(end + 1 for end in ends)]
    stops = [*(end + 1 for end in ends[:-1]), len(document.blocks)]
    for book, begin, stop in zip(shelf.books, begins, stops, strict=False):
        own = [part.grid for part in book.parts]
        blocks = document.blocks[begin:stop]
        alone = own[0].kind == "sheet"
        book.blocks = tuple(block for block in blocks if not alone or any(block is grid for grid in own))


def _continued(book: Book, grid: Grid, words: Words) -> bool:
    """Adds a table without a header whose rows run on from the book's; says whether it did."""
    part = _under(book.parts[-1].header, grid)
    if part is None or not (_counts_on(book, part, words) or _numbered_alike(book, part, words)):
        return False
    book.parts.append(part)
    return True


def _counts_on(book: Book, part: Part, words: Words) -> bool:
    last = _last_serial(book, words)
    return last is not None and _first_serial(part, words) == last + 1


def _numbered_alike(book: Book, part: Part, words: Words) -> bool:
    """Whether every row has a number of the same make as those above: DJ-2026-023 below DJ-2026-006."""
    here = {_make(text) for text in _numbers(part, words)}
    above = {_make(text) for one in book.parts for text in _numbers(one, words)}
    return bool(here) and "" not in here and here <= above


def _make(number: str) -> str:
    """DJ-2026-006 → DJ-0000-000; "" for what is no such number."""
    bare = squeeze(number)
    return re.sub(r"\d", "0", bare) if re.search(r"[A-Za-z\-].*\d|\d.*[A-Za-z\-]", bare) else ""


def _under(header: Header, grid: Grid) -> Part | None:
    """The whole grid under a header that stands somewhere else; None unless it has as many columns."""
    if grid.nested or not grid.rows or len(grid.rows[0]) != len(header.leaves):
        return None
    return Part(grid, replace(header, top=0, bottom=0, elsewhere=True), grid.covered(), 0, len(grid.rows))


def _numbers(part: Part, words: Words) -> Iterator[str]:
    for row, kind in kinds(part, words):
        if kind is RowKind.RECORD:
            at = part.covered.get((row, part.serial), (row, part.serial))
            yield part.grid.rows[at[0]][at[1]] if part.serial >= 0 else ""


def _serials(part: Part, words: Words) -> Iterator[int | None]:
    return (serial_number(text) for text in _numbers(part, words))


def _first_serial(part: Part, words: Words) -> int | None:
    return next(_serials(part, words), None)


def _last_serial(book: Book, words: Words) -> int | None:
    numbers = [number for part in book.parts for number in _serials(part, words)]
    return numbers[-1] if numbers else None


def _unread(shelf: Shelf, grid: Grid, words: Words) -> Iterator[Finding]:
    """Rows of a table or sheet without a header that look like records of the ledger beside it."""
    under = _under(shelf.books[0].parts[0].header, grid)
    if under is not None:
        rows = [row for row, kind in kinds(under, words) if kind in (RowKind.RECORD, RowKind.UNSURE)]
    else:
        rows = [row for row in range(len(grid.rows)) if _filled(grid, row) >= ROW_LIKE and _numbered(grid, row)]
    return rows_left_out(grid, rows)


def _filled(grid: Grid, row: int) -> int:
    return sum(1 for text in grid.rows[row] if text.strip())


def _numbered(grid: Grid, row: int) -> bool:
    first = next(text for text in grid.rows[row] if text.strip())
    return serial_number(first) is not None or bool(_make(first))
