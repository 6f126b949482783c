"""Lists of goals: every category has one, every goal of the year is broken down (R75, R79).

Knowingly not: whether a goal is the right one. Vague wording (R81) is `wording.vague`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.model import Finding, Severity
from pipeline.values.fold import fold

if TYPE_CHECKING:
    from pipeline.checks.case import Case, Cell


def incomplete_categories(case: Case, *, field: str) -> Iterator[Finding]:
    """Every allowed word of a choice column stands in some row (R79); one finding names those that do not.

    A column with a cell that is doubtful or no allowed word is asked about, not condemned: the cell may be the one.
    """
    cells = case.cells(field)
    present = {str(cell.datum.value) for cell in cells if cell.firm}
    absent = [word for word in case.fields[field].choices if word not in present]
    if not absent or not present:
        return
    unclear = any(not cell.firm for cell in cells)
    severity = Severity.EXPLAIN if unclear else Severity.ERROR
    column = case.about_all(cells[0])
    yield case.finding("incomplete_categories", severity, column, missing="、".join(absent))


def broken_down(case: Case, *, field: str, level: str, words: Sequence[str]) -> Iterator[Finding]:
    """A goal none of whose rows has a `level` among `words` is not broken down (R75), on its first row.

    Nothing is said where a level is empty or doubtful.
    """
    levels: dict[str, list[Cell]] = {}
    firsts: dict[str, Cell] = {}
    for goal in case.cells(field):
        stage = case.beside(level, goal.row)
        if goal.firm and stage is not None:
            text = "".join(fold(goal.text).split())
            firsts.setdefault(text, goal)
            levels.setdefault(text, []).append(stage)
    for text, stages in levels.items():
        if all(stage.firm and str(stage.datum.value) not in words for stage in stages):
            yield case.finding("not_broken_down", Severity.EXPLAIN, firsts[text], wanted="、".join(words))
