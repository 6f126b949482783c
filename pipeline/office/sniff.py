"""What a file really is, told by its first bytes and never by its name.

Only a zip is let through; everything else is refused with the code of the sentence that helps the sender. A genuine
old .doc often contains a zip (an embedded theme), so the end of a file says nothing.
"""

from __future__ import annotations

import io

from pipeline.errors import Unreadable

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RTF = b"{\\rtf"
_ODF_NAME, _ODF_NAME_AT = b"mimetype", 30

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "image_not_yet", "png"),
    (b"\xff\xd8\xff", "image_not_yet", "jpg"),
    (b"GIF8", "image_not_yet", "gif"),
    (b"BM", "image_not_yet", "bmp"),
    (b"II*\x00", "image_not_yet", "tif"),
    (b"MM\x00*", "image_not_yet", "tif"),
    (RTF, "old_format", "rtf"),
    (b"\t\x08\x10\x00\x00\x06\x05\x00", "old_format", "xls"),
    (b"Rar!\x1a\x07", "other_archive", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "other_archive", "7z"),
    (b"\x1f\x8b", "other_archive", "gz"),
)
PICTURES = tuple(magic for magic, code, name in _MAGIC if code == "image_not_yet" and name != "gif")
"""How the pictures begin that can be recognised, but for WebP."""
_LOCK_FILES = (162, 165)  # bytes: Word's, Excel's; the first byte is the length of the user's name
_LONGEST_NAME = 54
_OLE_STREAMS = {"worddocument": "doc", "workbook": "xls", "book": "xls", "powerpoint document": "ppt"}


def may_be_foreign(data: bytes) -> bool:
    """Whether the first bytes are those of an old Word file, of RTF or of OpenDocument; `foreign` looks closer."""
    return data.startswith((OLE, RTF)) or (data.startswith(ZIP) and data.startswith(_ODF_NAME, _ODF_NAME_AT))


def require_zip(data: bytes) -> None:
    """Return when `data` starts like a zip; raise Unreadable (facts: format) for anything else."""
    if data.startswith((ZIP, EMPTY_ZIP)):
        return
    if not data.strip(b"\x00"):
        raise Unreadable("empty_file")
    if data.startswith(OLE):
        raise _ole(data)
    raise _other(data)


def is_webp(data: bytes) -> bool:
    """Whether a file is a picture of that format."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _ole(data: bytes) -> Unreadable:
    """Office's old container: a password-protected file of today, or a document of the 1997 formats."""
    streams = _ole_streams(data)
    if "encryptedpackage" in streams:
        return Unreadable("encrypted")
    found = next((kind for stream, kind in _OLE_STREAMS.items() if stream in streams), "ole")
    return Unreadable("old_format", format=found)


def _ole_streams(data: bytes) -> frozenset[str]:
    import olefile  # it brings logging and more along, and hardly any file needs it

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return frozenset(entry[0].lower() for entry in ole.listdir())
    except (OSError, ValueError, IndexError, TypeError, AttributeError, RecursionError):
        # olefile meets damaged directories with whatever comes up; the magic bytes alone have to do then
        return frozenset({"encryptedpackage"} if "EncryptedPackage".encode("utf-16-le") in data else ())


def _other(data: bytes) -> Unreadable:
    for magic, code, name in _MAGIC:
        if data.startswith(magic):
            return Unreadable(code, format=name, reason=name)
    if is_webp(data):
        return Unreadable("image_not_yet", format="webp", reason="webp")
    if data[4:8] == b"ftyp":
        return Unreadable("image_not_yet", format="heic", reason="heic")
    found = _is_no_office(data)
    return Unreadable("not_office", format=found, reason=found)


def _is_no_office(data: bytes) -> str:
    """What a file without a mark of its own is: html, lock (what Office puts beside an open file), other."""
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype html")):
        return "html"
    return "lock" if len(data) in _LOCK_FILES and 0 < data[0] <= _LONGEST_NAME else "other"
