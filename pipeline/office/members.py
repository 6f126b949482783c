"""The directory of a zip file, distrusted: what is in it, and one member's bytes.

Standard zip readers believe the directory. Here every entry is checked before anything is unpacked (limits, unique
names, no overlap, known methods, no encryption) and unpacking stops at the declared size. Zip64 directories are
understood; split archives, other compression methods and data before the first member are not.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.errors import Unreadable

if TYPE_CHECKING:
    from pipeline.settings import Limits

_END = Struct("<4s4H2LH")
_END64 = Struct("<4sQ2H2L4Q")
_LOCATOR64 = Struct("<4sLQL")
_ENTRY = Struct("<4s6H3L5H2L")
_LOCAL = Struct("<4s5H3L2H")
_EXTRA = Struct("<2H")
_MAX_COMMENT = 65_535
_FULL32 = 0xFFFFFFFF
_FULL16 = 0xFFFF
_ENCRYPTED = 0x1
_UTF8 = 0x800
STORED = 0
DEFLATED = 8


class Member(NamedTuple):
    """One file in the zip. `packed` and `size` in bytes, `offset` of its local header; `raw` is the stored name."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    raw: bytes


def list_members(data: bytes, limits: Limits) -> dict[str, Member]:
    """Normalised lower-case name → member, in the order of the directory; directories left out.

    Raises Unreadable: corrupt, encrypted, too_large or bomb (facts: reason, limit, found).
    """
    members: dict[str, Member] = {}
    for member in list_entries(data, limits):
        key = member.name.lower()
        if key in members:
            raise Unreadable("corrupt", reason="duplicate")
        if not key.endswith("/"):
            members[key] = member
    return members


def list_entries(data: bytes, limits: Limits) -> list[Member]:
    """Every entry of the directory in its order, directories too; names may repeat. Raises like `list_members`."""
    count, size, offset = _directory(data)
    if count > limits.members:
        raise Unreadable("too_large", reason="members", limit=str(limits.members), found=str(count))
    entries = _entries(data, count, offset, offset + size)
    _check_sizes(entries, limits)
    _check_overlap(entries, offset)
    return entries


def unpack(data: bytes, member: Member) -> bytes:
    """The member's bytes. Raises Unreadable: corrupt (damaged) or bomb (unpacks to more than it declares)."""
    start = _body_start(data, member)
    packed = data[start : start + member.packed]
    inflate = _inflate_little if member.packed <= _LITTLE >= member.size else _inflate
    body = packed if member.method == STORED else inflate(packed, member.size + 1)
    if len(body) > member.size:
        raise Unreadable("bomb", reason="declared")
    if len(packed) != member.packed or len(body) != member.size or zlib.crc32(body) != member.crc:
        raise Unreadable("corrupt", reason="damaged")
    return body


def _inflate(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most)
    except zlib.error:
        raise Unreadable("corrupt", reason="damaged") from None


_LITTLE = 4096
_inflate_little = lru_cache(maxsize=64)(_inflate)
"""Files of one template share their little parts byte by byte."""


def _body_start(data: bytes, member: Member) -> int:
    if member.offset + _LOCAL.size > len(data):
        raise Unreadable("corrupt", reason="truncated")
    header = _LOCAL.unpack_from(data, member.offset)
    start = member.offset + _LOCAL.size
    if header[0] != b"PK\x03\x04" or data[start : start + header[9]] != member.raw:
        raise Unreadable("corrupt", reason="header")
    return start + int(header[9]) + int(header[10])


def _directory(data: bytes) -> tuple[int, int, int]:
    """Number of entries, size and offset of the central directory."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - _MAX_COMMENT - _END.size))
    if at < 0 or at + _END.size > len(data):
        raise Unreadable("corrupt", reason="truncated")
    _, _, _, _, count, size, offset, _ = _END.unpack_from(data, at)
    if _FULL32 in (size, offset) or count == _FULL16:
        count, size, offset = _directory64(data, at, (count, size, offset))
    if offset + size > at:
        raise Unreadable("corrupt", reason="truncated")
    return count, size, offset


def _directory64(data: bytes, end: int, short: tuple[int, int, int]) -> tuple[int, int, int]:
    at = end - _LOCATOR64.size
    if at < 0 or data[at : at + 4] != b"PK\x06\x07":
        return short
    record = _LOCATOR64.unpack_from(data, at)[2]
    if record + _END64.size > at or data[record : record + 4] != b"PK\x06\x06":
        raise Unreadable("corrupt", reason="truncated")
    values = _END64.unpack_from(data, record)
    return values[7], values[8], values[9]


def _entries(data: bytes, count: int, position: int, end: int) -> list[Member]:
    entries: list[Member] = []
    for _ in range(count):
        if position + _ENTRY.size > end:
            raise Unreadable("corrupt", reason="directory")
        values = _ENTRY.unpack_from(data, position)
        name_end = position + _ENTRY.size + values[10]
        entries.append(_member(values, data[position + _ENTRY.size : name_end], data[name_end : name_end + values[11]]))
        position = name_end + values[11] + values[12]
    if position != end:
        raise Unreadable("corrupt", reason="directory")
    return entries


def _member(values: tuple[Any, ...], raw: bytes, extra: bytes) -> Member:
    flags, method = values[3], values[4]
    if values[0] != b"PK\x01\x02":
        raise Unreadable("corrupt", reason="directory")
    if flags & _ENCRYPTED:
        raise Unreadable("encrypted", reason="zip")
    if method not in (STORED, DEFLATED):
        raise Unreadable("corrupt", reason="method")
    packed, size, offset = values[8], values[9], values[16]
    if _FULL32 in (packed, size, offset):
        packed, size, offset = _sizes64(extra, packed, size, offset)
    return Member(_normal(raw, flags), method, values[7], packed, size, offset, raw)


def _sizes64(extra: bytes, packed: int, size: int, offset: int) -> tuple[int, int, int]:
    """The zip64 extra field holds, in this order, only those of size, packed and offset that are full."""
    field = b""
    while len(extra) >= _EXTRA.size:
        tag, length = _EXTRA.unpack_from(extra)
        if tag == 1:
            field = extra[_EXTRA.size : _EXTRA.size + length]
            break
        extra = extra[_EXTRA.size + length :]
    found = []
    for short in (size, packed, offset):
        if short == _FULL32 and len(field) >= 8:
            found.append(int.from_bytes(field[:8], "little"))
            field = field[8:]
        else:
            found.append(short)
    return found[1], found[0], found[2]


def _normal(raw: bytes, flags: int) -> str:
    try:
        name = raw.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError:
        name = raw.decode("cp437")
    if "\\" not in name and "//" not in name and "./" not in name and not name.startswith("/"):
        return name
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if ".." in parts:
        raise Unreadable("corrupt", reason="name")
    return "/".join(parts) + ("/" if name.endswith(("/", "\\")) else "")


def _check_sizes(entries: list[Member], limits: Limits) -> None:
    total = packed = 0
    for member in entries:
        total += member.size
        packed += member.packed
        if member.size > limits.ratio_free_bytes:
            _check_size(member.size, member.packed, limits.member_bytes, limits.ratio)
    if total > limits.ratio_free_bytes:
        _check_size(total, packed, limits.total_bytes, limits.ratio)


def _check_size(size: int, packed: int, most: int, ratio: int) -> None:
    if size > ratio * max(packed, 1):
        raise Unreadable("bomb", reason="ratio", limit=str(ratio), found=str(size // max(packed, 1)))
    if size > most:
        raise Unreadable("too_large", reason="unpacked", limit=str(most), found=str(size))


def _check_overlap(entries: list[Member], directory: int) -> None:
    """Members that share bytes are the other way to build a bomb. The local extra field is not counted."""
    free = 0
    for member in sorted(entries, key=lambda entry: entry.offset):
        if member.offset < free:
            raise Unreadable("bomb", reason="overlap")
        free = member.offset + _LOCAL.size + len(member.raw) + member.packed
    if free > directory:
        raise Unreadable("corrupt", reason="truncated")
