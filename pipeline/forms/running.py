"""The running text of a submission as reader 2 sees it: piece after piece, and what "next" means in a row of cells."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from pipeline.forms.area import Area, cut
from pipeline.forms.labels import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.forms.page import Piece

_LONG_ENOUGH = 4
"""Shorter labels open too many sentences."""
_SHORT = 80


class Running:
    """The running text of one submission: its pieces, and what a reader can see of their rows without any chain."""

    __slots__ = ("_heads", "_labels", "_numbers", "pieces")

    def __init__(self, pieces: list[Piece], labels: frozenset[str]) -> None:
        self.pieces = pieces
        self._labels = labels
        self._numbers: dict[Piece, int] = {}
        self._heads = {row for row, cells in groupby(pieces, row_of) if row is not None and self._heads_columns(cells)}

    def _heads_columns(self, cells: Iterator[Piece]) -> bool:
        """A row that ends with a label, or where label follows label: there labels stand above their values."""
        row = [piece.word in self._labels for piece in cells]
        return len(row) > 1 and (row[-1] or any(one and two for one, two in pairwise(row)))

    def next(self, number: int) -> int | None:
        """The piece that follows in the row; when that is a label too or there is none, the piece below."""
        piece = self.pieces[number]
        beside = self.is_beside(number, number + 1)
        if beside and piece.row not in self._heads:
            return number + 1
        below = piece.table.below(piece) if piece.table else None
        if below is not None and below.word not in self._labels:
            return self._number(below)
        return number + 1 if beside else None

    def is_beside(self, number: int, other: int) -> bool:
        """Whether another piece is a cell of the same row and no label."""
        if other >= len(self.pieces):
            return False
        row, piece = self.pieces[number].row, self.pieces[other]
        return row is not None and piece.row == row and piece.word not in self._labels

    def filled(self, number: int) -> list[int]:
        """The numbers of the filled cells right of a value, up to the next label of ours or of the kind offices add."""
        rest: list[int] = []
        at = number + 1
        while self.is_beside(number, at):
            if self.pieces[at].text.strip():
                rest.append(at)
            at += 1
        return rest

    def _number(self, piece: Piece) -> int:
        if not self._numbers:
            self._numbers = {piece: number for number, piece in enumerate(self.pieces)}
        return self._numbers[piece]


def row_of(piece: Piece) -> tuple[int, int] | None:
    """Number of the table and the row of a cell, None for a paragraph."""
    return piece.row


def glued(pieces: Iterable[Piece], labels: Iterable[str]) -> Area:
    """What follows a label that opens a paragraph without any sign between (a cover's table printed without lines).

    `labels`: bare words; () unless there is exactly one such paragraph. Never sure, only better than nothing.
    """
    words = sorted((label for label in labels if len(label) >= _LONG_ENOUGH), key=len, reverse=True)
    hits: list[Area] = []
    for piece in pieces:
        if piece.row is None and len(piece.text) <= _SHORT:
            tight = squeeze(piece.text)
            hits += [_behind(piece, len(word)) for word in words if tight.startswith(word)][:1]
    return hits[0] if len(hits) == 1 else ()


def _behind(piece: Piece, count: int) -> Area:
    """A paragraph's lines behind its first `count` characters, white space not counted."""
    text = piece.text
    start = next((n for n in range(len(text) + 1) if len(squeeze(text[:n])) >= count), len(text))
    return cut(piece.area, start, len(text))
