"""A ledger's header: which rows it takes and which column holds which field, read in two independent ways.

Way 1 looks each header word up among the labels. Way 2 lays the template's columns, in their printed order, along the
header's words by likeness and order. A column on which they differ, or a field with two columns, is doubtful. A header
printed again further down counts for what stands below it: its columns need not be in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.forms.labels import Vocabulary, key, may_be

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.model import Grid

SEARCH_ROWS = 60
"""A first header that starts lower than this many rows is not looked for."""
FIRST_CELLS = 3
"""A row none of whose first filled cells is a column's label is no header printed again."""


@dataclass(frozen=True, slots=True)
class Header:
    """Rows top … bottom-1; field → column, and field → the other columns that claim to be it.

    `elsewhere`: it stands in another table, which this one continues.
    """

    top: int
    bottom: int
    columns: Mapping[str, int]
    rivals: Mapping[str, tuple[int, ...]]
    leaves: tuple[str, ...]
    elsewhere: bool = False

    def known(self) -> frozenset[int]:
        """The columns whose content is some field's, or claims to be."""
        return frozenset([*self.columns.values(), *(column for group in self.rivals.values() for column in group)])


def find_headers(grid: Grid, words: Vocabulary, order: Sequence[str]) -> tuple[Header, ...]:
    """The header and every further one below it in the same table or sheet; empty for no header at all."""
    first = find_header(grid, words, order)
    if first is None:
        return ()
    headers = [first]
    for row in range(first.bottom, len(grid.rows)):
        if row >= headers[-1].bottom and _is_again(grid.rows[row], words, least=len(first.columns) / 2):
            near = range(max(row - 2, headers[-1].bottom), min(row + 6, len(grid.rows)))
            scores = {at: _score(grid.rows[at], words) for at in near}
            best = max((row, row + 1), key=lambda at: (scores.get(at, 0), -at))
            headers.append(_header(grid, words, order, (best, scores, headers[-1].bottom)))
    return tuple(headers)


def find_header(grid: Grid, words: Vocabulary, order: Sequence[str]) -> Header | None:
    """The header of a table or sheet; None when fewer than two columns of the type are recognised.

    `order`: the columns in the template's printed order.
    """
    scores = {at: _score(texts, words) for at, texts in enumerate(grid.rows[:SEARCH_ROWS])}
    best = max(scores, key=lambda row: (scores[row], -row), default=-1)
    if best < 0 or scores[best] < 2:
        return None
    return _header(grid, words, order, (best, scores, 0))


def _score(texts: Sequence[str], words: Vocabulary) -> int:
    """How many different columns of the type a row names."""
    return len({words.columns[word] for text in texts if (word := key(text)) in words.columns})


def _is_again(texts: Sequence[str], words: Vocabulary, *, least: float) -> bool:
    """A row that names at least so many columns and says little else."""
    filled = [text for text in texts if text and not text.isspace()]
    longest = words.longest_column
    if not any(may_be(text, longest) and key(text) in words.columns for text in filled[:FIRST_CELLS]):
        return False
    score = _score(filled, words)
    return score >= max(least, 2) and score * 2 > len(filled)


def _header(grid: Grid, words: Vocabulary, order: Sequence[str], found: tuple[int, Mapping[int, int], int]) -> Header:
    """`found`: the row that names most columns, the names per row, and the first row that may belong to it."""
    best, scores, floor = found
    covered = grid.covered()
    top, bottom = _extent(grid, words, scores, (best, floor))
    leaves = tuple(_leaf(grid, covered, words, (top, bottom), column) for column in range(len(grid.rows[best])))
    columns, rivals = _by_label(leaves, words)
    by_order = _by_order(leaves, order, words)
    for name, column in columns.items():
        if by_order.get(name, column) not in (column, *rivals.get(name, ())):
            rivals[name] = (*rivals.get(name, ()), by_order[name])
    return Header(top, bottom, columns, rivals, leaves)


def _extent(grid: Grid, words: Vocabulary, scores: Mapping[int, int], start: tuple[int, int]) -> tuple[int, int]:
    """Rows above and below the best one that belong to the same header (groups above, sub-headings below)."""
    best, floor = start
    top, bottom = best, best + 1
    while top > floor and scores.get(top - 1, 0) >= 2 and _labels_only(grid.rows[top - 1], words):
        top -= 1
    reach = [pos[0] + span[0] for pos, span in grid.spans.items() if top <= pos[0] < bottom]
    bottom = max([bottom, *(end for end in reach if end <= best + 4)])
    while scores.get(bottom, 0) >= 2 and _labels_only(grid.rows[bottom], words):
        bottom += 1
    if top > floor and any(pos[0] == top - 1 and span[0] > 1 for pos, span in grid.spans.items()):
        top -= 1
    return top, bottom


def _labels_only(texts: Sequence[str], words: Vocabulary) -> bool:
    """A row of a header says hardly anything that is not a column's label; a record does."""
    filled = [key(text) for text in texts if text.strip()]
    return sum(1 for word in filled if word in words.columns) * 2 > len(filled)


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


def _by_label(leaves: Sequence[str], words: Vocabulary) -> tuple[dict[str, int], dict[str, tuple[int, ...]]]:
    columns: dict[str, int] = {}
    rivals: dict[str, tuple[int, ...]] = {}
    for column, leaf in enumerate(leaves):
        name = words.columns.get(leaf)
        if name is None:
            continue
        if name not in columns:
            columns[name] = column
        elif leaf in words.printed and leaves[columns[name]] not in words.printed:
            columns[name] = column  # the printed label outranks a synonym; the synonym's column is an extra one
            rivals.pop(name, None)
        elif not (leaves[columns[name]] in words.printed and leaf not in words.printed):
            rivals[name] = (*rivals.get(name, ()), column)
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
