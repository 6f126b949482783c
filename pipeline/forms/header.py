"""A ledger's header: which rows it takes and which column holds which field, read in two independent ways.

Way 1 looks each header word up among the labels. Way 2 lays the template's columns, in their printed order, along the
header's words by likeness and order. A column on which they differ, or a field with two columns, is doubtful.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.forms.labels import Vocabulary, key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.model import Grid

SEARCH_ROWS = 60
"""A header that starts lower than this many rows is not looked for."""


@dataclass(frozen=True, slots=True)
class Header:
    """Rows top … bottom-1; field → column, and field → the other column that claims to be it."""

    top: int
    bottom: int
    columns: Mapping[str, int]
    rivals: Mapping[str, int]
    leaves: tuple[str, ...]


def find_header(grid: Grid, words: Vocabulary, order: Sequence[str]) -> Header | None:
    """The header of a table or sheet; None when fewer than two columns of the type are recognised.

    `order`: the columns in the template's printed order.
    """
    rows = grid.rows[:SEARCH_ROWS]
    scores = [len({words.columns[word] for text in row if (word := key(text)) in words.columns}) for row in rows]
    best = max(range(len(scores)), key=lambda row: (scores[row], -row), default=-1)
    if best < 0 or scores[best] < 2:
        return None
    covered = grid.covered()
    top, bottom = _extent(grid, scores, best)
    leaves = tuple(_leaf(grid, covered, words, (top, bottom), column) for column in range(len(grid.rows[best])))
    columns, rivals = _by_label(leaves, words)
    by_order = _by_order(leaves, order, words)
    doubtful = {name: by_order[name] for name, column in columns.items() if by_order.get(name, column) != column}
    return Header(top, bottom, columns, rivals | doubtful, leaves)


def _extent(grid: Grid, scores: Sequence[int], best: int) -> tuple[int, int]:
    """Rows above and below the best one that belong to the same header (groups above, sub-headings below)."""
    top, bottom = best, best + 1
    while top > 0 and scores[top - 1] >= 2:
        top -= 1
    reach = [pos[0] + span[0] for pos, span in grid.spans.items() if top <= pos[0] < bottom]
    bottom = max([bottom, *(end for end in reach if end <= best + 4)])
    while bottom < len(scores) and scores[bottom] >= 2:
        bottom += 1
    if top > 0 and any(pos[0] == top - 1 and span[0] > 1 for pos, span in grid.spans.items()):
        top -= 1
    return top, bottom


def _leaf(
    grid: Grid,
    covered: Mapping[tuple[int, int], tuple[int, int]],
    words: Vocabulary,
    rows: tuple[int, int],
    column: int,
) -> str:
    """The lowest header word over a column; a group and its sub-heading count as one word when only both are known."""
    path: list[str] = []
    for row in range(rows[1] - 1, rows[0] - 1, -1):
        at = covered.get((row, column), (row, column))
        if not path and at[1] != column:
            return ""
        text = grid.rows[at[0]][at[1]] if at[1] < len(grid.rows[at[0]]) else ""
        word = key(text)
        if word and word not in path:
            path.append(word)
    for depth in range(len(path)):
        together = "".join(reversed(path[: depth + 1]))
        if together in words.columns:
            return together
    return path[0] if path else ""


def _by_label(leaves: Sequence[str], words: Vocabulary) -> tuple[dict[str, int], dict[str, int]]:
    columns: dict[str, int] = {}
    rivals: dict[str, int] = {}
    for column, leaf in enumerate(leaves):
        name = words.columns.get(leaf)
        if name is None:
            continue
        if name not in columns:
            columns[name] = column
        elif leaf in words.printed and leaves[columns[name]] not in words.printed:
            columns[name] = column  # the printed label outranks a synonym; the synonym's column is an extra one
        elif not (leaves[columns[name]] in words.printed and leaf not in words.printed):
            rivals[name] = column
    return columns, rivals


def _by_order(leaves: Sequence[str], order: Sequence[str], words: Vocabulary) -> dict[str, int]:
    """The heaviest pairing of template columns and header words that keeps both orders, then the sure left-overs."""
    weight = {
        (i, j): likeness
        for i, name in enumerate(order)
        for j, leaf in enumerate(leaves)
        if (likeness := _likeness(name, leaf, words))
    }
    best: list[list[float]] = [[0.0] * (len(leaves) + 1) for _ in range(len(order) + 1)]
    for i in range(len(order) - 1, -1, -1):
        for j in range(len(leaves) - 1, -1, -1):
            pair = weight.get((i, j), 0.0)
            best[i][j] = max(best[i + 1][j], best[i][j + 1], pair + best[i + 1][j + 1] if pair else 0.0)
    found: dict[str, int] = {}
    i = j = 0
    while i < len(order) and j < len(leaves):
        pair = weight.get((i, j), 0.0)
        if pair and best[i][j] == pair + best[i + 1][j + 1]:
            found[order[i]] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return _left_overs(found, order, weight)


def _left_overs(found: dict[str, int], order: Sequence[str], weight: Mapping[tuple[int, int], float]) -> dict[str, int]:
    free = sorted(((w, i, j) for (i, j), w in weight.items()), reverse=True)
    taken = set(found.values())
    for _, i, j in free:
        if order[i] not in found and j not in taken:
            found[order[i]] = j
            taken.add(j)
    return found


def _likeness(name: str, leaf: str, words: Vocabulary) -> float:
    if not leaf:
        return 0.0
    if leaf == key(name):
        return 1.0
    if leaf in words.columns:
        return 0.9 if words.columns[leaf] == name else 0.0
    shared = len(set(leaf) & set(name)) / max(len(set(leaf) | set(name)), 1)
    return shared / 2 if shared >= 0.75 else 0.0
