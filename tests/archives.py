"""Tiny builders of archives: members in order, names as text (UTF-8) or as the bytes another program would write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_PLACE = "\x01"


def zipped(members: Mapping[str | bytes, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The archive. A name that is bytes is written without the UTF-8 flag, as it is."""
    stream = io.BytesIO()
    raw: dict[bytes, bytes] = {}
    with zipfile.ZipFile(stream, "w", method) as archive:
        for number, (name, data) in enumerate(members.items()):
            if isinstance(name, bytes):
                stands = f"{number}".ljust(len(name), _PLACE)[: len(name)]
                raw[stands.encode()] = name
                archive.writestr(stands, data)
            else:
                archive.writestr(name, data)
    whole = stream.getvalue()
    for stands, name in raw.items():
        whole = whole.replace(stands, name)
    return whole


def locked(data: bytes) -> bytes:
    """The archive with the flag that says its first member has a password."""
    out = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        out[out.index(mark) + at] |= 1
    return bytes(out)
