"""The words printed beside a doubtful value, where they are no label that the type knows: what a person may teach.

Forms only: left of a ledger's cell stands another value, not a label. A guess for people, never used for reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.forms.labels import COMMON_LABELS, key, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.forms.spec import TypeSpec
    from pipeline.model import Document, Grid, Place, Pos

_LONGEST = 16


def unknown_label(document: Document, place: Place | None, spec: TypeSpec) -> str:
    """The label left of the place, else above it; "" when there is none or the type knows it."""
    if place is None or spec.kind != "form":
        return ""
    words = vocabulary(spec)
    for grid in document.grids():
        for pos in _positions(grid, place):
            text = next(_before(grid, pos), "")
            word = key(text)
            if word and len(word) <= _LONGEST and word not in COMMON_LABELS and not words.knows(word):
                return "".join(text.split()) if any(char.isalpha() for char in word) else ""
    return ""


def _positions(grid: Grid, place: Place) -> Iterator[Pos]:
    if place.kind == "sheet" and place.part == grid.part and grid.kind == "sheet":
        yield place.anchor[0] - 1, place.anchor[1] - 1
    if place.kind == "cell" and place.part == grid.part:
        yield from (pos for pos, anchor in grid.anchors.items() if (anchor,) == place.anchor)


def _before(grid: Grid, pos: Pos) -> Iterator[str]:
    """What stands left of a cell, the nearest first, then what stands above it."""
    covered = grid.covered()
    row, column = pos
    spots = [(row, left) for left in range(column - 1, -1, -1)] + [(above, column) for above in range(row - 1, -1, -1)]
    for spot in spots:
        top, left = covered.get(spot, spot)
        if grid.rows[top][left].strip():
            yield grid.rows[top][left]
