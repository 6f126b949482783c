"""The stream of records inside an old Excel file, and what only the bare records tell.

Old files are an OLE container with a stream Workbook (Excel 97 and later, WPS) or Book (Excel 5 and 95); some programs
write the stream without the container. Cells, formats and texts are xlrd's work, not this module's.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.errors import Unreadable
from pipeline.office.sniff import OLE

if TYPE_CHECKING:
    import olefile

    from pipeline.model import Pos

_BARE = b"\x09\x08\x10\x00\x00\x06\x05\x00"
STARTS = (OLE, _BARE)
"""How an old workbook can begin; other old documents begin like that too."""

_STREAMS = ("Workbook", "Book")
_OTHER_DOCUMENTS = ("WordDocument", "PowerPoint Document", "EncryptedPackage")
_DAMAGED = (
    ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError, struct.error
)  # fmt: skip
_HEADER = struct.Struct("<HH")
_FORMULA_HEAD = struct.Struct("<HHH8sH")
_SHEET_HEAD = struct.Struct("<IBB")
_BEGIN, _END, _FORMULA, _FILE_PASS, _BOUND_SHEET = 0x0809, 0x000A, 0x0006, 0x002F, 0x0085
_PROGRAM, _PROGRAM_IS_EMPTY = 0x00D3, 0x01BD
_WORKSHEET = 0
_TO_CALCULATE = 0b11  # always, or when the file is loaded
_EMPTY_TEXT = b"\x03"
_NOT_A_NUMBER = b"\xff\xff"
_TEXT_CONSTANT = 0x17
_TOKENS = 22  # bytes of a formula record before its tokens


@dataclass(slots=True)
class Survey:
    """What a walk over the records found: a password, macros, and formulas nobody has calculated, per sheet.

    `uncalculated` has one set of positions for each worksheet, in the order of the tabs.
    """

    encrypted: bool = False
    macros: bool = False
    uncalculated: list[set[Pos]] = field(default_factory=list)


def workbook_stream(data: bytes) -> bytes | None:
    """The records of an old workbook, None when `data` is none. Raises Unreadable(corrupt) when it is damaged."""
    if data.startswith(_BARE):
        return data
    if not data.startswith(OLE):
        return None
    import olefile  # hardly any file needs it

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            if any(container.exists(name) for name in _OTHER_DOCUMENTS):
                return None
            name = next((name for name in _STREAMS if container.exists(name)), "")
            return _content(container, name) if name else None
    except _DAMAGED:
        if _BARE in data:  # the directory is lost, typically with the end of the file
            raise Unreadable("corrupt", reason="truncated") from None
        return None


def survey(stream: bytes) -> Survey:
    """Walk over the records once; a damaged stream just ends early, xlrd will say so."""
    found = Survey()
    begins: list[int] = []  # where the worksheets start
    formulas: dict[int, set[Pos]] = {}
    seen: set[int] = set()
    current, depth = 0, 0
    for at, kind, size in _records(stream):
        if kind == _FORMULA:
            if (pos := _never_calculated(stream[at : at + size])) is not None:
                formulas.setdefault(current, set()).add(pos)
        elif kind == _BEGIN:
            current, depth = (at - _HEADER.size if depth == 0 else current), depth + 1
        elif kind == _END:
            depth -= 1
        elif kind == _BOUND_SHEET and size >= _SHEET_HEAD.size:
            begin, _, sheet_type = _SHEET_HEAD.unpack_from(stream, at)
            begins += [begin] if sheet_type == _WORKSHEET else []
        elif kind == _FILE_PASS:
            found.encrypted = True
            return found
        else:
            seen.add(kind)
    found.macros = _PROGRAM in seen and _PROGRAM_IS_EMPTY not in seen
    found.uncalculated = [formulas.get(begin, set()) for begin in begins]
    return found


def _content(container: olefile.OleFileIO, name: str) -> bytes:
    """The whole stream; olefile hands out a part of it when sectors are missing."""
    try:
        with container.openstream(name) as stream:
            content: bytes = stream.read()
        whole = len(content) == container.get_size(name)
    except _DAMAGED:
        raise Unreadable("corrupt", reason="container") from None
    if not whole:
        raise Unreadable("corrupt", reason="truncated")
    return content


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Where the content of a record starts, its kind and its size."""
    at, end = 0, len(stream) - _HEADER.size
    while at <= end:
        kind, size = _HEADER.unpack_from(stream, at)
        if not kind and not size:  # the padding after the last record
            return
        yield at + _HEADER.size, kind, size
        at += _HEADER.size + size


def _never_calculated(record: bytes) -> Pos | None:
    """The position of a formula whose result no program has worked out.

    Programs that only write files put a zero there and ask for calculation, or put an empty text; no text can come
    from a formula that has neither a text constant nor, as a rule, anything else to take it from.
    """
    if len(record) < _FORMULA_HEAD.size:
        return None
    row, column, _, result, flags = _FORMULA_HEAD.unpack_from(record)
    if result[6:] == _NOT_A_NUMBER:
        missing = result[:1] == _EMPTY_TEXT and _TEXT_CONSTANT not in record[_TOKENS:]
    else:
        missing = not any(result) and bool(flags & _TO_CALCULATE)
    return (row, column) if missing else None
