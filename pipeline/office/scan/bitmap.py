"""From a file's bytes to the bitmaps of its pages: pictures by Pillow, PDF pages by pdfium, with bounded sizes.

Runs in the confined child: what a decoder does with hostile bytes ends there. A picture counts as one A4 sheet, for
the resolution that cameras and screenshots write into files is not that of the paper.
"""

from __future__ import annotations

import io
import struct
import zlib
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageOps, ImageSequence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Grey = NDArray[np.uint8]
"""Rows × columns, 0 black … 255 white."""
Colour = NDArray[np.uint8]
"""Rows × columns × red, green, blue."""

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "MPO")
LONG_SIDE = 2339
"""Pixels of the longer side of a sheet: A4 at 200 dpi."""
SHEET = 842.0
"""Points of that side."""
MOST_PIXELS = 120_000_000
"""Of a picture as stored; a phone's largest has 108 million."""
_SHORTEST = 32
_DAMAGE = (OSError, ValueError, SyntaxError, LookupError, EOFError, struct.error, zlib.error, pypdfium2.PdfiumError)
"""What the decoders meet damaged files with."""
_MOST_PAGE = LONG_SIDE * LONG_SIDE


class TooLarge(Exception):  # noqa: N818 - what is said about a file, no fault
    """More pages or pixels than are read: `reason` and `limit` as in the finding too_large."""

    def __init__(self, reason: str, limit: int) -> None:
        super().__init__(reason)
        self.reason, self.limit = reason, limit


class Sheet(NamedTuple):
    """One page: its bitmap, and how many points of paper a pixel is."""

    picture: Colour
    points: float


class Damaged(Exception):  # noqa: N818 - the same
    """A decoder gave up."""


def sheets_of_picture(data: bytes, most_pages: int) -> Iterator[Sheet]:
    """The frames of a picture, turned the way it says it was held. Raises TooLarge, Damaged."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            several = image.format == "TIFF"
            if several and getattr(image, "n_frames", 1) > most_pages:
                raise TooLarge("pages", most_pages)
            for frame in ImageSequence.Iterator(image) if several else (image,):
                if frame.width * frame.height > MOST_PIXELS:
                    raise TooLarge("pixels", MOST_PIXELS)
                yield _sheet(frame)
    except Image.DecompressionBombError:
        raise TooLarge("pixels", MOST_PIXELS) from None
    except _DAMAGE as flaw:
        raise Damaged from flaw


def _sheet(frame: Image.Image) -> Sheet:
    if max(frame.size) > LONG_SIDE:
        frame.draft("RGB", (LONG_SIDE, LONG_SIDE))
    held = ImageOps.exif_transpose(frame)
    if held.mode in ("RGBA", "LA", "PA", "P"):
        held = held.convert("RGBA")
        ground = Image.new("RGBA", held.size, "white")
        held = Image.alpha_composite(ground, held)
    elif held.mode.startswith("I"):
        held = Image.fromarray((np.asarray(held, np.float64) / 257).clip(0, 255).astype(np.uint8))
    held = held.convert("RGB")
    scale = LONG_SIDE / max(held.size)
    picture = np.asarray(held)
    size = (max(round(held.width * scale), _SHORTEST), max(round(held.height * scale), _SHORTEST))
    if size != held.size:
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        picture = cv2.resize(picture, size, interpolation=how).astype(np.uint8, copy=False)
    return Sheet(picture, SHEET / LONG_SIDE)


def sheets_of_pdf(data: bytes, numbers: Sequence[int]) -> Iterator[Sheet]:
    """The pages with these numbers (counted from 1) as they look. Raises Damaged."""
    try:
        yield from _pages(pypdfium2.PdfDocument(data), numbers)
    except _DAMAGE as flaw:
        raise Damaged from flaw


def _pages(pdf: pypdfium2.PdfDocument, numbers: Sequence[int]) -> Iterator[Sheet]:
    try:
        for number in numbers:
            page = pdf[number - 1]
            width, height = page.get_size()
            scale = min(LONG_SIDE / SHEET, sqrt(_MOST_PAGE / max(width * height, 1.0)))
            picture = page.render(scale=scale, rev_byteorder=True, draw_annots=True).to_numpy()
            page.close()
            yield Sheet(np.ascontiguousarray(_three(picture)), 1 / scale)
    finally:
        pdf.close()


def _three(picture: NDArray[np.uint8]) -> Colour:
    if picture.ndim == 2 or picture.shape[2] == 1:
        return np.repeat(picture.reshape(*picture.shape[:2], 1), 3, axis=2)
    return picture[:, :, :3]
