"""A PDF that was exported from Word, Excel or WPS as a `Document`: ruled tables as grids, other lines as paragraphs.

The document is of kind "docx": a PDF shows what a Word page shows, and its ledgers are tables on pages, not sheets
with stored values; so both readers of forms and the ledger reader take it as it is. Nothing can be marked in it: no
package opens it, so the anchors of its places only number the cells. Not read: scans (Unreadable "scan"), pictures,
annotations but for text notes, scripts, attachments, tables without lines.
"""

from __future__ import annotations

import io
import logging
import struct
import zlib
from typing import TYPE_CHECKING

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from pipeline.errors import Unreadable
from pipeline.model import Block, Document, Finding, Grid, Paragraph, Place, Severity
from pipeline.office.pdf_fields import field_glyphs
from pipeline.office.pdf_join import cells_in_order, join_tables, take_margins
from pipeline.office.pdf_layout import Leaf, Table, lay_out
from pipeline.office.pdf_page import Eye
from pipeline.office.pdf_text import Line, is_wrapped, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.office.pdf_page import Seen
    from pipeline.settings import Limits

MOST_PAGES = 200
_PICTURE = 0.7
"""Share of a page: a larger picture is a scan, whatever text lies over it."""
_MOST_UNKNOWN = 0.1
_END = 2048
_WHOLE = Place("file", "整个文件")
_DAMAGE = (
    PDFException, PSException, PdfminerException, MalformedPDFException,
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RecursionError, OSError,
    struct.error, zlib.error,
)  # fmt: skip
"""What pdfminer meets damaged files with."""


for _library in ("pdfminer", "pdfplumber"):  # they tell of every oddity, with pieces of what the file says
    logging.getLogger(_library).addHandler(logging.NullHandler())
    logging.getLogger(_library).propagate = False


def read_pdf(data: bytes, limits: Limits) -> Document:
    """The document. Raises Unreadable: corrupt, encrypted, too_large, scan."""
    if len(data) > limits.file_bytes:
        raise Unreadable("too_large", reason="file", limit=str(limits.file_bytes), found=str(len(data)))
    if b"%%EOF" not in data[-_END:]:
        raise Unreadable("corrupt", reason="truncated")  # the library would read what is left, and say nothing
    try:
        pages = _look(data)
    except _DAMAGE as flaw:
        raise _unreadable(flaw) from None
    findings = tuple(_page_findings(pages))
    leaves = [lay_out(seen, number) for number, seen in enumerate(pages, 1)]
    margins = [_paragraph(line, page, 0) for page, line in take_margins(leaves)]
    margins.extend(_slanted(pages))
    join_tables(leaves)
    blocks = tuple(block for leaf in leaves for block in _blocks(leaf, limits))
    return Document("docx", blocks, (*findings, *_over(leaves)), tuple(margins))


def _look(data: bytes) -> list[Seen]:
    pages: list[Seen] = []
    pdf = pdfplumber.open(io.BytesIO(data), pages=range(1, MOST_PAGES + 2), raise_unicode_errors=False)  # type: ignore[arg-type]
    eye = Eye(pdf.rsrcmgr)
    for page in pdf.pages:
        if len(pages) == MOST_PAGES:
            raise Unreadable("too_large", reason="pages", limit=str(MOST_PAGES))
        seen = eye.look(page.page_obj)
        seen.glyphs.extend(field_glyphs(page))
        pages.append(seen)
    if not pages:
        raise Unreadable("corrupt", reason="pages")
    return pages


def _unreadable(flaw: BaseException) -> Unreadable:
    """pdfplumber wraps what pdfminer raised."""
    inner = flaw.args[0] if flaw.args and isinstance(flaw.args[0], BaseException) else flaw
    if isinstance(inner, Unreadable):
        return inner
    return Unreadable("encrypted" if isinstance(inner, PDFPasswordIncorrect) else "corrupt", reason="pdf")


def _page_findings(pages: Sequence[Seen]) -> Iterator[Finding]:
    """What could not be read. Raises Unreadable(scan) when that is all or most of it."""
    scanned = [number for number, seen in enumerate(pages, 1) if _is_scan(seen)]
    read = sum(len(seen.glyphs) for seen in pages)
    unknown = sum(seen.unknown for seen in pages)
    if len(scanned) == len(pages) or not any(g.text.strip() for s in pages for g in s.glyphs):
        raise Unreadable("scan")
    if unknown > _MOST_UNKNOWN * read:
        raise Unreadable("scan", reason="fonts")
    if scanned:
        numbers = "、".join(map(str, scanned))
        yield Finding("scanned_pages", Severity.EXPLAIN, place=_WHOLE, facts={"pages": numbers})
    if unknown:
        yield Finding("unknown_characters", Severity.EXPLAIN, place=_WHOLE, facts={"count": str(unknown)})


def _is_scan(seen: Seen) -> bool:
    return seen.pictured > _PICTURE * seen.width * seen.height


def _slanted(pages: Sequence[Seen]) -> Iterator[Paragraph]:
    for number, seen in enumerate(pages, 1):
        if seen.slanted:
            yield Paragraph("".join(glyph.text for glyph in seen.slanted), Place("paragraph", f"第{number}页"))


def _over(leaves: Sequence[Leaf]) -> Iterator[Finding]:
    """Text that was struck out, and text that runs over the edge of its cell or over other text."""
    if any(leaf.struck for leaf in leaves):
        yield Finding("struck_out", Severity.HINT, place=_WHOLE)
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
    for piece in leaf.pieces:
        if isinstance(piece, Line):
            count += 1
            if above is not None and _goes_on(above, piece, leaf):
                text = joined(text, piece.text, wrapped=True)
            else:
                if above is not None:
                    yield _paragraph(above._replace(text=text), leaf.number, begun)
                text, begun = piece.text, count
            above = piece
            continue
        if above is not None:
            yield _paragraph(above._replace(text=text), leaf.number, begun)
            above = None
        yield from _grids(piece, limits)
    if above is not None:
        yield _paragraph(above._replace(text=text), leaf.number, begun)


def _goes_on(above: Line, below: Line, leaf: Leaf) -> bool:
    """The same size, close below, and the line above ended for want of room."""
    if abs(above.size - below.size) > 0.15 * above.size or below.top - above.bottom > 3 * above.size:
        return False
    return above.x0 < (leaf.left + leaf.right) / 2 and is_wrapped(above, below, leaf.left, leaf.right)


def _paragraph(line: Line, page: int, number: int) -> Paragraph:
    return Paragraph(line.text, Place("paragraph", f"第{page}页 第{number}行" if number else f"第{page}页"))


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
    )
