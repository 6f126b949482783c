"""Old Word files (.doc, .dot, WPS's .wps) before LibreOffice sees them: whether they are, passwords, what reaches out.

LibreOffice gets a new container with the text, its formatting and its pictures: no macros, no embedded objects. What
a field would fetch from elsewhere is blanked in place. Pictures linked without a field, and text that Word saved in
pieces in the middle of a field's name, are not seen here: behind this gate stand the profile and the walls.
"""

from __future__ import annotations

import io
import re
import struct
from typing import TYPE_CHECKING

from pipeline.errors import Unreadable
from pipeline.office.doc_mend import mended
from pipeline.office.ole_write import container

if TYPE_CHECKING:
    import olefile

_STREAM = "WordDocument"
_TABLES, _PICTURES = ("0Table", "1Table"), "Data"
_FLAGS_AT, _ENCRYPTED, _SECOND_TABLE = 0x0A, 0x0100, 0x0200  # FIB; also "encrypted" when the text is merely obfuscated
_MACROS = ("Macros", "_VBA_PROJECT_CUR")
_DAMAGED = (
    ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError, struct.error
)  # fmt: skip
_REACHING = ("INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "LINK", "DDEAUTO", "DDE", "DATABASE", "RD")
_NARROW = re.compile(
    rb"(?<=\x13)[\x01-\x12\x20]*(?:%s)\b[^\x13\x14\x15]*" % "|".join(_REACHING).encode(), re.IGNORECASE
)
_WIDE = re.compile(
    rb"(?<=\x13\x00)(?:[\x01-\x12\x20]\x00)*(?:%s)(?![A-Za-z]\x00)(?:[^\x13\x14\x15].|[\x13\x14\x15][^\x00])*"
    % b"|".join(word.encode("utf-16-le").replace(b"\x00", rb"\x00") for word in _REACHING),
    re.IGNORECASE | re.DOTALL,
)


def is_word(data: bytes) -> bool:
    """Whether an OLE container holds a Word document."""
    import olefile  # hardly any file needs it

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            return bool(container.exists(_STREAM))
    except _DAMAGED:
        return False


def cleaned_doc(data: bytes) -> tuple[bytes, frozenset[str]]:
    """The document in a new container that reaches nowhere; the codes of what was left out: external_parts, macros.

    Raises Unreadable: encrypted, corrupt.
    """
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as old:
            codes = {"macros"} if any(old.exists(name) for name in _MACROS) else set()
            text = _stream(old, _STREAM)
            flags = struct.unpack_from("<H", text, _FLAGS_AT)[0]
            if flags & _ENCRYPTED:
                raise Unreadable("encrypted")
            table = _TABLES[bool(flags & _SECOND_TABLE)]
            streams = {name: _stream(old, name) for name in (table, _PICTURES) if old.exists(name)}
        blank = _blanked(text)
        codes |= {"external_parts"} if blank != text else set()
        streams[_STREAM], streams[table] = mended(blank, streams.get(table, b""))
        return container(streams), frozenset(codes)
    except _DAMAGED:
        raise Unreadable("corrupt", reason="container") from None


def _stream(old: olefile.OleFileIO, name: str) -> bytes:
    """A whole stream; olefile hands out a part of it when sectors are missing."""
    with old.openstream(name) as stream:
        content: bytes = stream.read()
    if len(content) != old.get_size(name):
        raise Unreadable("corrupt", reason="truncated")
    return content


def _blanked(text: bytes) -> bytes:
    """The text with spaces for the instructions of fields that fetch something, at the same length."""
    text = _NARROW.sub(lambda found: b" " * len(found[0]), text)
    return _WIDE.sub(lambda found: b" \x00" * (len(found[0]) // 2), text)
