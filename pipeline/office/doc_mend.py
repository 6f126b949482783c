"""An old Word file that ends in a table gets the paragraph that has to follow: without it LibreOffice reads no table.

Word always writes that paragraph. LibreOffice itself does not when it saves a .doc from a document whose table comes
last, and then reads the cells of its own file as one running text. The paragraph mark goes behind everything else in
the stream, with a piece, a paragraph run and a character run of its own; nothing that was there moves. Files before
Word 97 stay as they are.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_WORD_97 = 0xC1
_PAGE = 512
_VERSION_AT, _TEXT_END_AT, _SIZE_AT, _CHARACTERS_AT, _PAIRS_AT = 0x02, 0x1C, 0x40, 0x4C, 0x9A
_SECTIONS, _CHARACTER_RUNS, _PARAGRAPH_RUNS, _PIECES = 6, 12, 13, 33  # pairs of the FIB (MS-DOC 2.5.6)
_CELL_END = 7
_NARROW = 0x40000000  # a piece of single bytes; its offset counts twice
_MARK = "\r".encode("utf-16-le")
_NO_PROPERTIES = {_PARAGRAPH_RUNS: 13, _CHARACTER_RUNS: 1}  # bytes that say so in a page of runs
_FIELD = struct.Struct("<I")
_PAIR = struct.Struct("<2I")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters [start, end) of the text stand in the stream at `at`; `rest` are the words around the offset."""

    start: int
    end: int
    offset: int
    head: bytes
    tail: bytes

    def at(self, character: int) -> int:
        """Where a character of the piece stands."""
        shift = character - self.start
        return (self.offset & ~_NARROW) // 2 + shift if self.offset & _NARROW else self.offset + 2 * shift

    def cut(self, start: int, end: int) -> _Piece:
        """A part of it; a single-byte offset counts twice, so both kinds move by two for a character."""
        return _Piece(start, end, self.offset + 2 * (start - self.start), self.head, self.tail)


class _File:
    """The two streams while they are changed; struct.error when they are not what they should be."""

    def __init__(self, text: bytes, table: bytes) -> None:
        self.text = bytearray(text)
        self.table = bytearray(table)

    def number(self, at: int) -> int:
        """A 32-bit number of the FIB."""
        return int(_FIELD.unpack_from(self.text, at)[0])

    def structure(self, index: int) -> bytes:
        """One of the structures in the table stream that the FIB points to."""
        start, size = _PAIR.unpack_from(self.text, _PAIRS_AT + 8 * index)
        return bytes(self.table[start : start + size])

    def replace(self, index: int, structure: bytes) -> None:
        """Put a new version of a structure at the end of the table stream."""
        _PAIR.pack_into(self.text, _PAIRS_AT + 8 * index, len(self.table), len(structure))
        self.table += structure

    def add(self, data: bytes) -> int:
        """Put data on a fresh page of the text stream; where that is."""
        self.text += bytes(-len(self.text) % _PAGE)
        at = len(self.text)
        self.text += data
        return at


def mended(text: bytes, table: bytes) -> tuple[bytes, bytes]:
    """The streams WordDocument and 0Table or 1Table, with a paragraph after a table that ends the document."""
    if struct.unpack_from("<H", text, _VERSION_AT)[0] < _WORD_97:
        return text, table
    file = _File(text, table)
    length = file.number(_CHARACTERS_AT)
    head, pieces = _pieces(file.structure(_PIECES))
    last = next((piece for piece in pieces if piece.start < length <= piece.end), None)
    if last is None or text[last.at(length - 1)] != _CELL_END:
        return text, table
    mark = file.add(_MARK)
    for index in (_PARAGRAPH_RUNS, _CHARACTER_RUNS):
        _add_run(file, index, mark + len(_MARK))
    file.replace(_PIECES, head + _clx(_with_mark(pieces, length, mark)))
    file.replace(_SECTIONS, _longer(file.structure(_SECTIONS), length))
    for at, value in ((_CHARACTERS_AT, length + 1), (_TEXT_END_AT, mark + len(_MARK)), (_SIZE_AT, len(file.text))):
        _FIELD.pack_into(file.text, at, value)
    return bytes(file.text), bytes(file.table)


def _pieces(clx: bytes) -> tuple[bytes, list[_Piece]]:
    """What stands before the piece table (saved formatting), and the pieces."""
    at = 0
    while clx[at] == 1:
        at += 3 + int(struct.unpack_from("<H", clx, at + 1)[0])
    size = _FIELD.unpack_from(clx, at + 1)[0]
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc)
    pieces = []
    for number in range(count):
        flags, offset, formatting = struct.unpack_from("<2sI2s", plc, 4 * (count + 1) + 8 * number)
        pieces.append(_Piece(ends[number], ends[number + 1], offset, flags, formatting))
    return clx[:at], pieces


def _with_mark(pieces: list[_Piece], length: int, mark: int) -> list[_Piece]:
    """The pieces with the mark after `length` characters; what follows the body (headers, notes) moves on by one."""
    parts = []
    for piece in pieces:
        for start, end in ((piece.start, min(piece.end, length)), (max(piece.start, length), piece.end)):
            if start < end:
                parts.append(piece.cut(start, end))
    before = [part for part in parts if part.end <= length]
    after = [_Piece(part.start + 1, part.end + 1, part.offset, part.head, part.tail) for part in parts[len(before) :]]
    return [*before, _Piece(length, length + 1, mark, bytes(2), bytes(2)), *after]


def _clx(pieces: list[_Piece]) -> bytes:
    ends = [pieces[0].start, *(piece.end for piece in pieces)]
    plc = struct.pack(f"<{len(ends)}I", *ends)
    plc += b"".join(piece.head + _FIELD.pack(piece.offset) + piece.tail for piece in pieces)
    return b"\x02" + _FIELD.pack(len(plc)) + plc


def _add_run(file: _File, index: int, end: int) -> None:
    """A page of runs with one run without properties, from the last run so far to `end`."""
    plc = file.structure(index)
    count = (len(plc) - 4) // 8
    bounds = struct.unpack_from(f"<{count + 1}I", plc)
    run = _PAIR.pack(bounds[-1], end) + bytes(_NO_PROPERTIES[index])
    page = file.add(run + bytes(_PAGE - 1 - len(run)) + b"\x01") // _PAGE
    file.replace(index, plc[: 4 * (count + 1)] + _FIELD.pack(end) + plc[4 * (count + 1) :] + _FIELD.pack(page))


def _longer(plc: bytes, length: int) -> bytes:
    """The sections: the last one takes the mark in."""
    count = (len(plc) - 4) // 16
    end = _FIELD.unpack_from(plc, 4 * count)[0]
    return plc[: 4 * count] + _FIELD.pack(end + 1 if end == length else end) + plc[4 * count + 4 :]
