"""Puts an Office package together from members that may already be compressed, always the same way.

The same members give the same bytes: the order is kept, every date is 1980-01-01. Files stay below 4 GiB (no zip64).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_DATE = 0x21  # 1980-01-01, the first day a zip file knows
_UTF8 = 0x800
STORED, _DEFLATED = 0, 8


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a package: `raw` packed by `method` (0 stored, 8 deflated), `crc` and `size` of the plain content."""

    name: str
    method: int
    crc: int
    size: int
    raw: bytes


def packed(name: str, data: bytes) -> Member:
    """A member from its plain content."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return Member(name, _DEFLATED, zlib.crc32(data), len(data), packer.compress(data) + packer.flush())


def join(members: Iterable[Member]) -> bytes:
    """The package, members in the order given. Names must differ: ValueError."""
    pieces: list[bytes] = []
    entries: list[bytes] = []
    seen: set[str] = set()
    offset = 0
    for member in members:
        if member.name in seen:
            raise ValueError(member.name)
        seen.add(member.name)
        head, entry = _headers(member, offset)
        pieces += (head, member.raw)
        entries.append(entry)
        offset += len(head) + len(member.raw)
    directory = b"".join(entries)
    end = _END.pack(b"PK\5\6", 0, 0, len(entries), len(entries), len(directory), offset, 0)
    return b"".join((*pieces, directory, end))


def _headers(member: Member, offset: int) -> tuple[bytes, bytes]:
    name = member.name.encode()
    flags = 0 if member.name.isascii() else _UTF8
    sizes = (member.crc, len(member.raw), member.size)
    local = _LOCAL.pack(b"PK\3\4", 20, flags, member.method, 0, _DATE, *sizes, len(name), 0)
    central = _CENTRAL.pack(
        b"PK\1\2", 20, 0, 20, 0, flags, member.method, 0, _DATE, *sizes, len(name), 0, 0, 0, 0, 0, offset
    )
    return local + name, central + name
