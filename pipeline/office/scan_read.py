"""Scans and photos: recognised by a confined child process, put together like the pages of a text PDF.

Needs the `ocr` extra; without it scans and photos are refused with a sentence. The child (`office/scan`) gets the bytes
and answers what it sees as JSON; what it says is checked, for a hostile picture may have talked it into anything.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from functools import cache
from importlib.util import find_spec
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import Unreadable
from pipeline.model import Document, Finding, Severity
from pipeline.office.apart import run_apart
from pipeline.office.pdf_blocks import WHOLE, document_of
from pipeline.office.pdf_page import Glyph, Seen, Stroke

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.settings import Limits

_NEEDED = ("rapidocr", "onnxruntime", "cv2", "numpy", "PIL", "pypdfium2")
_ROOT = Path(__file__).parents[2]
_MEMORY = 3 * 1024 * 1024 * 1024
_SPARE_SECONDS = 6
_KILLED = (-9, -6, -11, -7)
_FAR = 20_000.0
_MOST_GLYPHS, _MOST_STROKES = 60_000, 20_000
_MOST_OTHER = 400


@cache
def is_available() -> bool:
    """Whether the `ocr` extra is installed."""
    return all(find_spec(name) is not None for name in _NEEDED)


def read_picture(data: bytes, limits: Limits) -> Document:
    """The document a photo shows, or the pages of a TIFF. Raises Unreadable."""
    if len(data) > limits.file_bytes:
        raise Unreadable("too_large", reason="file", limit=str(limits.file_bytes), found=str(len(data)))
    pages = _recognised(data, "picture", (), limits)
    if not any(seen.glyphs for seen in pages):
        raise Unreadable("no_text")
    return document_of(pages, limits, said(range(1, len(pages) + 1)))


def pages_of_pdf(data: bytes, numbers: Sequence[int], limits: Limits) -> dict[int, Seen]:
    """What the pages of a PDF with these numbers (counted from 1) show. Raises Unreadable."""
    if len(numbers) > limits.scan_pages:
        raise _too_many(limits)
    return dict(zip(numbers, _recognised(data, "pdf", numbers, limits), strict=True))


def said(numbers: Iterable[int]) -> tuple[Finding, ...]:
    """What is said about a file that was read by recognition."""
    pages = "、".join(map(str, numbers))
    return (Finding("recognised", Severity.HINT, place=WHOLE, facts={"pages": pages}),)


def _too_many(limits: Limits) -> Unreadable:
    return Unreadable("too_large", reason="scan_pages", limit=str(limits.scan_pages))


def _recognised(data: bytes, kind: str, numbers: Sequence[int], limits: Limits) -> list[Seen]:
    threads = min(os.cpu_count() or 1, 2)
    arguments = [kind, str(limits.scan_pages), str(threads), *map(str, numbers)]
    command = [sys.executable, "-P", "-m", "pipeline.office.scan.child", *arguments]
    with tempfile.TemporaryDirectory(prefix="scan-") as folder:
        ended = run_apart(
            command,
            seconds=max(limits.seconds - _SPARE_SECONDS, 1),
            memory_bytes=_MEMORY,
            folder=Path(folder),
            stdin=data,
            environment={"PYTHONPATH": str(_ROOT)},
        )
    if ended.late:
        raise Unreadable("timeout", reason="scan")
    if ended.status:
        raise Unreadable("memory" if ended.status in _KILLED else "crashed")
    try:
        answer = json.loads(ended.stdout)
        if flaw := answer.get("flaw"):
            raise _flaw(str(flaw), str(answer.get("reason", "")), str(answer.get("limit", "")))
        pages = [_seen(page) for page in answer["pages"]]
    except (ValueError, TypeError, LookupError, AttributeError):
        raise Unreadable("crashed") from None
    if numbers and len(pages) != len(numbers):
        raise Unreadable("crashed")
    return pages


def _flaw(code: str, reason: str, limit: str) -> Unreadable:
    if code == "too_large":
        return Unreadable(code, reason=f"scan_{reason}", limit=limit)
    return Unreadable(code if code in ("corrupt", "memory") else "crashed")


def _seen(page: dict[str, Any]) -> Seen:
    """One page as the child tells it. ValueError for anything it has no business to tell."""
    if len(page["glyphs"]) > _MOST_GLYPHS or len(page["across"]) + len(page["down"]) > _MOST_STROKES:
        raise ValueError
    seen = Seen()
    seen.width, seen.height = _number(page["width"]), _number(page["height"])
    seen.across = [Stroke(*map(_number, stroke)) for stroke in page["across"]]
    seen.down = [Stroke(*map(_number, stroke)) for stroke in page["down"]]
    seen.glyphs = [_glyph(*glyph) for glyph in page["glyphs"]]
    return seen


def _number(value: object) -> float:
    if not isinstance(value, (int, float)) or not isfinite(value) or abs(value) > _FAR:
        raise ValueError
    return float(value)


def _glyph(text: object, *numbers_and_other: object) -> Glyph:
    *numbers, other = numbers_and_other
    x0, top, x1, bottom, score = map(_number, numbers)
    if not (isinstance(text, str) and len(text) == 1 and (text.isprintable() or other is not None)):
        raise ValueError
    if other is not None and not (isinstance(other, str) and len(other) <= _MOST_OTHER):
        raise ValueError
    return Glyph(text, x0, top, x1, bottom, bottom, score=min(max(score, 0.0), 1.0), other=other)
