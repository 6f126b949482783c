"""Pages as the `Document` they show: ruled tables as grids, other lines as paragraphs, page margins apart.

It does not matter here whether a page's characters were in a file or were read from a picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import Unreadable
from pipeline.model import Block, Document, Finding, Grid, Paragraph, Place, Severity
from pipeline.office.pdf_join import cells_in_order, join_tables, take_margins
from pipeline.office.pdf_layout import Leaf, Table, lay_out
from pipeline.office.pdf_text import Line, is_wrapped, joined, recognised

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.office.pdf_page import Glyph, Seen
    from pipeline.settings import Limits

WHOLE = Place("file", "整个文件")


def document_of(pages: Sequence[Seen], limits: Limits, findings: Sequence[Finding] = ()) -> Document:
    """The document of these pages; `findings` come first. Raises Unreadable: too_large."""
    leaves = [lay_out(seen, number) for number, seen in enumerate(pages, 1)]
    margins = [_paragraph(line, page, 0) for page, line in take_margins(leaves)]
    margins.extend(_slanted(pages))
    join_tables(leaves)
    blocks = tuple(block for leaf in leaves for block in _blocks(leaf, limits))
    return Document("docx", blocks, (*findings, *_over(leaves)), tuple(margins))


def _slanted(pages: Sequence[Seen]) -> Iterator[Paragraph]:
    for number, seen in enumerate(pages, 1):
        if seen.slanted:
            yield Paragraph("".join(glyph.text for glyph in seen.slanted), Place("paragraph", f"第{number}页"))


def _over(leaves: Sequence[Leaf]) -> Iterator[Finding]:
    """Text that was struck out, and text that runs over the edge of its cell or over other text."""
    if any(leaf.struck for leaf in leaves):
        yield Finding("struck_out", Severity.HINT, place=WHOLE)
    for leaf in leaves:
        if leaf.over:
            yield Finding("text_over_edge", Severity.EXPLAIN, place=Place("file", f"第{leaf.number}页"))
        for piece in leaf.pieces:
            if isinstance(piece, Table) and piece.over:
                grid = _grid(piece, piece.name, nested=False)
                for pos in sorted(piece.over):
                    place = grid.place(pos)
                    yield Finding("text_over_edge", Severity.EXPLAIN, place=place, found=grid.rows[pos[0]][pos[1]])


def _blocks(leaf: Leaf, limits: Limits) -> Iterator[Block]:
    above: Line | None = None
    text, count, begun = "", 0, 0
    glyphs: tuple[Glyph, ...] = ()
    for piece in leaf.pieces:
        if isinstance(piece, Line):
            count += 1
            if above is not None and _goes_on(above, piece, leaf):
                text, glyphs = joined(text, piece.text, wrapped=True), glyphs + piece.glyphs
            else:
                if above is not None:
                    yield _paragraph(above._replace(text=text, glyphs=glyphs), leaf.number, begun)
                text, glyphs, begun = piece.text, piece.glyphs, count
            above = piece
            continue
        if above is not None:
            yield _paragraph(above._replace(text=text, glyphs=glyphs), leaf.number, begun)
            above = None
        yield from _grids(piece, limits)
    if above is not None:
        yield _paragraph(above._replace(text=text, glyphs=glyphs), leaf.number, begun)


def _goes_on(above: Line, below: Line, leaf: Leaf) -> bool:
    """The same size, close below, and the line above ended for want of room."""
    if abs(above.size - below.size) > 0.15 * above.size or below.top - above.bottom > 3 * above.size:
        return False
    return above.x0 < (leaf.left + leaf.right) / 2 and is_wrapped(above, below, leaf.left, leaf.right)


def _paragraph(line: Line, page: int, number: int) -> Paragraph:
    place = Place("paragraph", f"第{page}页 第{number}行" if number else f"第{page}页")
    return Paragraph(line.text, place, recognised=recognised([line]))


def _grids(table: Table, limits: Limits, *, name: str = "", nested: bool = False) -> Iterator[Grid]:
    name = name or table.name
    width = len(table.xs) - 1
    for reason, found, limit in (
        ("rows", table.height, limits.rows),
        ("columns", width, limits.columns),
        ("cells", table.height * width, limits.cells),
    ):
        if found > limit:
            raise Unreadable("too_large", reason=reason, limit=str(limit), found=str(found))
    yield _grid(table, name, nested=nested)
    for number, inner in enumerate(table.inner, 1):
        yield from _grids(inner, limits, name=f"{name}内表{number}", nested=True)


def _grid(table: Table, name: str, *, nested: bool) -> Grid:
    width = len(table.xs) - 1
    rows = [[""] * width for _ in range(table.height)]
    cells = list(cells_in_order(table))
    for (row, column), box in cells:
        rows[row][column] = box.text
    return Grid(
        name=name,
        kind="table",
        rows=tuple(map(tuple, rows)),
        spans={pos: box.span for pos, box in cells if box.span != (1, 1)},
        anchors={pos: number for number, (pos, _) in enumerate(cells)},
        nested=nested,
        recognised={pos: found for pos, box in cells if (found := recognised(box.lines)) is not None},
    )
