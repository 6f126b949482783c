"""An OLE container (MS-CFB, version 3) from streams: what the gate for old Word files hands on.

Streams are filled up with zeros to the size that keeps them out of the small-stream store; formats that address by
offset, as Word's does, do not see that. No storages within storages.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SECTOR = 512
_NUMBERS = _SECTOR // 4
_LEAST = 4096  # of a stream, bytes
_IN_HEADER = 109  # sectors of the table that the header itself lists
_FREE, _END, _OF_TABLE, _OF_LIST = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
_NOBODY = 0xFFFFFFFF
_HEAD = struct.Struct("<8s16x5H6x9I")
_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ROOT, _STREAM, _BLACK = 5, 2, 1


def container(streams: Mapping[str, bytes]) -> bytes:
    """The container with these streams, names of at most 31 characters."""
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    bodies = [_filled(streams[name].ljust(_LEAST, b"\0")) for name in names]
    directory = _filled(_directory(names, bodies))
    used = _sectors(*bodies, directory)
    table, listing = _table_size(used)
    following = [number for part in (*bodies, directory) for number in _chain(part)]
    following = [number if number == _END else number + at for at, number in enumerate(following)]
    following += [_OF_TABLE] * table + [_OF_LIST] * listing
    following += [_FREE] * (table * _NUMBERS - len(following))
    sectors = list(range(used, used + table))
    head = _header(used - _sectors(directory), sectors, used + table if listing else _END, listing)
    return b"".join((head, *bodies, directory, _numbers(following), _listing(sectors, used + table)))


def _filled(data: bytes) -> bytes:
    return data + bytes(-len(data) % _SECTOR)


def _sectors(*parts: bytes) -> int:
    return sum(len(part) for part in parts) // _SECTOR


def _chain(part: bytes) -> list[int]:
    """For each sector the step to the next one."""
    return [1] * (len(part) // _SECTOR - 1) + [_END]


def _table_size(used: int) -> tuple[int, int]:
    """Sectors of the table of all sectors, and of the list of its own sectors beyond those in the header."""
    table = listing = 0
    while table * _NUMBERS < used + table + listing:
        table += 1
        listing = max(0, -(-(table - _IN_HEADER) // (_NUMBERS - 1)))
    return table, listing


def _header(directory: int, table: Sequence[int], first_listing: int, listing: int) -> bytes:
    head = _HEAD.pack(
        _MAGIC, 0x3E, 3, 0xFFFE, 9, 6, 0, len(table), directory, 0, _LEAST, _END, 0, first_listing, listing
    )  # fmt: skip
    shown = list(table[:_IN_HEADER])
    return head + _numbers(shown + [_FREE] * (_IN_HEADER - len(shown)))


def _listing(table: Sequence[int], start: int) -> bytes:
    """The sectors of the table that the header has no room for; each sector ends with the number of the next."""
    rest = list(table[_IN_HEADER:])
    sectors: list[bytes] = []
    while rest:
        now, rest = rest[: _NUMBERS - 1], rest[_NUMBERS - 1 :]
        following = start + len(sectors) + 1 if rest else _END
        sectors.append(_numbers([*now, *[_FREE] * (_NUMBERS - 1 - len(now)), following]))
    return b"".join(sectors)


def _numbers(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


def _directory(names: Sequence[str], bodies: Sequence[bytes]) -> bytes:
    """The root and its streams, hung below it as a balanced tree."""
    links: dict[int, tuple[int, int]] = {}
    top = _tree(1, len(names), links)
    entries = [_entry("Root Entry", _ROOT, (_NOBODY, _NOBODY, top), (_END, 0))]
    start = 0
    for number, (name, body) in enumerate(zip(names, bodies, strict=True), 1):
        entries.append(_entry(name, _STREAM, (*links[number], _NOBODY), (start, len(body))))
        start += _sectors(body)
    return b"".join(entries)


def _tree(first: int, last: int, links: dict[int, tuple[int, int]]) -> int:
    if first > last:
        return _NOBODY
    middle = (first + last) // 2
    links[middle] = (_tree(first, middle - 1, links), _tree(middle + 1, last, links))
    return middle


def _entry(name: str, kind: int, links: tuple[int, int, int], body: tuple[int, int]) -> bytes:
    spelled = name.encode("utf-16-le")
    return struct.pack("<64sHBB3I36xIQ", spelled, len(spelled) + 2, kind, _BLACK, *links, *body)
