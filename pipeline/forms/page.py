"""A submission as both readers of a form find it: pieces of text in reading order, with the label words in them.

Here stands only what cannot depend on the way of reading: cells under their merges, bare words, labels before colons,
titles of sections, lines with their places. What belongs to which label is for `locate` and `align` to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.errors import Unreadable
from pipeline.forms.area import Area, Headings, Line, area_of
from pipeline.forms.headlines import headline
from pipeline.forms.labels import Vocabulary, inline_labels, key
from pipeline.model import Block, Grid, Paragraph, Pos

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.model import Place

Mark = tuple[int, int, str]
"""Start, end and word (or field) of a label inside a text."""

EMPTY_ROWS = 8
"""A value stands no lower than so many empty rows below its label."""


class Piece:
    """A paragraph (`row` is None) or an unmerged or merged cell.

    `word`: its bare words, "" for anything that is no label. `marks`: labels with a colon and headings, titles of
    sections left out. `titles`: every spot that reads like the title of a section. `underlined`: all of it stands on
    a printed line, so it may go on with the one above.
    """

    __slots__ = ("_area", "_place", "marks", "pos", "row", "table", "text", "titles", "underlined", "word")

    def __init__(self, text: str, place: Place | None = None, *, table: Table | None = None, pos: Pos = (0, 0)) -> None:
        self.text = text
        self.word = key(text) if text else ""
        self.marks: tuple[Mark, ...] = ()
        self.titles: tuple[Mark, ...] = ()
        self.underlined = False
        self.table = table
        self.pos = pos
        self.row = None if table is None else (table.number, pos[0])
        self._place = place
        self._area: Area | None = None

    @property
    def area(self) -> Area:
        """Its lines."""
        if self._area is None:
            self._area = area_of(self.text, self._place or self._cell_place())
        return self._area

    def until(self, end: int | None) -> Area:
        """Its lines up to an offset of its text, None for all of them."""
        return self.area if end is None else area_of(self.text[:end], self.area[0].place)

    def _cell_place(self) -> Place:
        if self.table is None:
            raise ValueError(self.text)
        return self.table.grid.place(self.pos)


@dataclass(slots=True)
class Table:
    """A grid with its cells by top-left position; `number` is its block's. Positions under a merge: `covered`."""

    grid: Grid
    number: int
    covered: dict[Pos, Pos]
    cells: dict[Pos, Piece] = field(default_factory=dict)

    def at(self, row: int, column: int) -> Piece | None:
        """The cell that fills a position, None outside the table."""
        return self.cells.get(self.covered.get((row, column), (row, column)))

    def lines(self) -> Area:
        """What a list says, as a clerk would copy it: a line per row, its filled cells beside each other."""
        rows: dict[int, list[Piece]] = {}
        for (row, _), piece in self.cells.items():
            if piece.text.strip():
                rows.setdefault(row, []).append(piece)
        return tuple(row_line(rows[row]) for row in sorted(rows))

    def below(self, piece: Piece) -> Piece | None:
        """The cell under the left edge of a cell."""
        row, column = piece.pos
        return self.at(row + self.grid.spans.get(piece.pos, (1, 1))[0], column)


def row_line(cells: Sequence[Piece]) -> Line:
    """Cells of one row as a line of text, at the place of the first."""
    return Line(" ".join(" ".join(cell.text.split()) for cell in cells), cells[0].area[0].place)


Page = tuple[Piece | Table, ...]
MOST_LABELS = 2_000
"""Labels on one page. A form has tens; the readers compare each with all others, so an endless list is refused."""


class PageReader:
    """Prepares documents for the readers of one document type."""

    def __init__(self, words: Vocabulary) -> None:
        """`words`: the labels to look for."""
        self._words = words
        self._headings = Headings(words.sections)
        self._count = 0

    def page(self, blocks: Iterable[Block]) -> Page:
        """The visible blocks in reading order. Raises Unreadable: too_large, for labels without end."""
        self._count = 0
        return tuple(
            self._paragraph(block) if isinstance(block, Paragraph) else self._table(block, number)
            for number, block in enumerate(blocks)
            if isinstance(block, Paragraph) or not block.hidden
        )

    def _paragraph(self, paragraph: Paragraph) -> Piece:
        piece = Piece(paragraph.text, paragraph.place)
        piece.underlined = bool(paragraph.blanks) and _all_on_lines(paragraph)
        return self._marked(piece)

    def _table(self, grid: Grid, number: int) -> Table:
        table = Table(grid, number, grid.covered())
        for row, column in grid.anchors or _positions(table):
            if (row, column) not in table.covered:
                piece = Piece(grid.rows[row][column], table=table, pos=(row, column))
                table.cells[row, column] = self._marked(piece)
        return table

    def _marked(self, piece: Piece) -> Piece:
        text = piece.text
        headed = bool(self._words.headings and text) and (piece.table is None or "\n" in text)
        if headed or ":" in text or "：" in text:
            piece.marks = tuple(self._marks(text, headed=headed))
        if text and piece.word not in self._words.known:
            piece.titles = tuple(self._headings.anywhere(text))
        self._count += len(piece.marks) + len(piece.titles)
        if self._count > MOST_LABELS:
            raise Unreadable("too_large", reason="labels", limit=str(MOST_LABELS), found=str(self._count))
        return piece

    def _marks(self, text: str, *, headed: bool) -> Iterator[Mark]:
        offset = 0
        for line in text.split("\n"):
            if headed and (head := headline(line, self._words.headings)):
                yield offset, offset + head.end, head.word
            else:
                for start, end, word in inline_labels(line, self._words.known):
                    if word not in self._words.sections:
                        yield offset + start, offset + end, word
            offset += len(line) + 1


def _all_on_lines(paragraph: Paragraph) -> bool:
    first = len(paragraph.text) - len(paragraph.text.lstrip())
    last = len(paragraph.text.rstrip())
    return any(start <= first < last <= end for start, end in paragraph.blanks)


def _positions(table: Table) -> Iterator[Pos]:
    """All cells; of a long stretch of empty rows, as a ledger's records leave it, only the first few."""
    merged = {row for row, _ in table.covered}
    empty = 0
    for row, texts in enumerate(table.grid.rows):
        empty = 0 if row in merged or any(texts) else empty + 1
        if empty <= EMPTY_ROWS:
            yield from ((row, column) for column in range(len(texts)))


def running_text(page: Page) -> list[Piece]:
    """Paragraphs and cells in one row; a nested table is read in the text of its parent's cell."""
    pieces: list[Piece] = []
    for part in page:
        if isinstance(part, Piece):
            pieces.append(part)
        elif not part.grid.nested:
            pieces.extend(part.cells.values())
    return pieces
