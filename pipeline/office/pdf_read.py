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
from pipeline.model import Document, Finding, Severity
from pipeline.office import scan_read
from pipeline.office.pdf_blocks import WHOLE, document_of
from pipeline.office.pdf_fields import field_glyphs, is_drawn_by_viewer
from pipeline.office.pdf_page import Eye

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.office.pdf_page import Seen
    from pipeline.settings import Limits

MOST_PAGES = 200
_PICTURE = 0.7
"""Share of a page: a larger picture is a scan, whatever text lies over it."""
_LARGE, _FEW = 0.2, 40
"""A picture of this share of the page beside fewer characters than this is a scan too (a stamp of the scanner)."""
_CURVES = 400
"""Bows drawn on a page without any character: its text was turned into drawings."""
_MOST_UNKNOWN = 0.1
_END = 2048
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
    """The document. Raises Unreadable: corrupt, encrypted, too_large, xfa, scan, and what `scan_read` raises."""
    if len(data) > limits.file_bytes:
        raise Unreadable("too_large", reason="file", limit=str(limits.file_bytes), found=str(len(data)))
    if b"%%EOF" not in data[-_END:]:
        raise Unreadable("corrupt", reason="truncated")  # the library would read what is left, and say nothing
    try:
        pages = _look(data)
    except _DAMAGE as flaw:
        raise _unreadable(flaw) from None
    wanted = _pictures(pages)
    if wanted and scan_read.is_available():
        seen = scan_read.pages_of_pdf(data, wanted, limits)
        pages = [seen.get(number, page) for number, page in enumerate(pages, 1)]
        if not any(glyph.text.strip() for page in pages for glyph in page.glyphs):
            raise Unreadable("no_text")
        return document_of(pages, limits, scan_read.said(sorted(seen)))
    return document_of(pages, limits, tuple(_page_findings(pages)))


def _look(data: bytes) -> list[Seen]:
    pages: list[Seen] = []
    pdf = pdfplumber.open(io.BytesIO(data), pages=range(1, MOST_PAGES + 2), raise_unicode_errors=False)  # type: ignore[arg-type]
    if is_drawn_by_viewer(pdf.doc.catalog):
        raise Unreadable("xfa")
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


def _pictures(pages: Sequence[Seen]) -> list[int]:
    """The pages that have to be read as pictures: scans, text without meaning, text that was drawn as curves."""
    return [number for number, seen in enumerate(pages, 1) if _is_scan(seen) or _is_riddle(seen)]


def _is_riddle(seen: Seen) -> bool:
    """Hardly any character of the page says what it means."""
    return seen.unknown > _MOST_UNKNOWN * len(seen.glyphs)


def _page_findings(pages: Sequence[Seen]) -> Iterator[Finding]:
    """What could not be read. Raises Unreadable (scan, no_text) when that is all or most of it."""
    scanned = [number for number, seen in enumerate(pages, 1) if _is_scan(seen)]
    read = sum(len(seen.glyphs) for seen in pages)
    unknown = sum(seen.unknown for seen in pages)
    if len(scanned) == len(pages):
        raise Unreadable("scan")
    if not any(glyph.text.strip() for seen in pages for glyph in seen.glyphs):
        raise Unreadable("scan" if scanned else "no_text")
    if unknown > _MOST_UNKNOWN * read:
        raise Unreadable("scan", reason="fonts")
    if scanned:
        numbers = "、".join(map(str, scanned))
        yield Finding("scanned_pages", Severity.EXPLAIN, place=WHOLE, facts={"pages": numbers})
    if unknown:
        yield Finding("unknown_characters", Severity.EXPLAIN, place=WHOLE, facts={"count": str(unknown)})


def _is_scan(seen: Seen) -> bool:
    """A picture as large as the page, whatever text lies over it; one with hardly a word beside it; or only curves."""
    share = seen.pictured / max(seen.width * seen.height, 1.0)
    written = sum(1 for glyph in seen.glyphs if not glyph.text.isspace())
    return share > _PICTURE or (share > _LARGE and written < _FEW) or (seen.curves > _CURVES and not written)
