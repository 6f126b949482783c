"""People and organisations: a person where a person belongs, known branches, the sender's own unit (R3, R8, R14, R40).

Answers for: 各部门 in a person's place, branches the roster does not know, another unit's form in this folder, a
responsible person who is not the branch's secretary. Without a roster only the wording of a branch can be judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline import values
from pipeline.model import Finding, Severity

if TYPE_CHECKING:
    from pipeline.checks.case import Case, Cell

_BRANCH_WORDS = ("党支部", "党总支", "支部")


def person(case: Case, *, field: str, branch: str = "") -> Iterator[Finding]:
    """A person's name (R8, R45); with `branch`, also that it is the branch's secretary (R14, R40: a remark)."""
    for cell in case.telling(field, lambda datum: branch or datum.kind not in ("person", "persons")):
        if not cell.firm:
            continue
        name = cell.datum.value
        if cell.datum.kind not in ("person", "persons"):
            parsed = values.parse("person", cell.text, values.Context(year=case.context.year))
            name = parsed.value
            if parsed.problem:
                yield case.finding(parsed.problem, Severity.ERROR, cell)
                continue
        yield from _secretary(case, cell, name, branch)


def one_person(case: Case, *, field: str) -> Iterator[Finding]:
    """One row, one person (R99): several names in a cell cannot sign one paper."""
    for cell in case.cells(field):
        if cell.firm and "、" in str(cell.datum.value):
            facts = {"names": str(cell.datum.value)}
            yield case.finding("not_a_person", Severity.EXPLAIN, cell, variant="several", **facts)


def branch(case: Case, *, field: str) -> Iterator[Finding]:
    """The field names a branch of the roster (R3) and one of the sender's own unit.

    A branch the roster lacks is asked about only if the roster knows the sender: else the roster may be incomplete.
    """
    for cell in case.cells(field):
        if not cell.firm:
            continue
        known = case.context.roster.find_branch(cell.text)
        if known is not None:
            yield from _own_unit(case, cell, known.unit)
        elif case.context.roster:
            severity = Severity.EXPLAIN if _sender(case) else Severity.HINT
            yield case.finding("unknown_branch", severity, cell)
        elif not any(word in cell.text for word in _BRANCH_WORDS):
            yield case.finding("unknown_branch", Severity.HINT, cell, variant="wording")


def unit_matches(case: Case, *, field: str) -> Iterator[Finding]:
    """The unit written in the form is the unit whose folder it came in."""
    for cell in case.cells(field):
        if not cell.firm or not case.context.roster:
            continue
        unit = case.context.roster.find_unit(cell.text)
        if unit is not None:
            yield from _own_unit(case, cell, unit)
        elif _sender(case):
            yield case.finding("unknown_unit", Severity.EXPLAIN, cell)


def _secretary(case: Case, cell: Cell, name: object, branch: str) -> Iterator[Finding]:
    beside = case.beside(branch, cell.row) if branch else None
    known = case.context.roster.find_branch(beside.text) if beside and beside.firm else None
    if beside and known and known.branch_secretary and isinstance(name, str) and name != known.branch_secretary:
        facts = {"secretary": known.branch_secretary, "branch": beside.text}
        yield case.finding("not_secretary", Severity.HINT, cell, **facts)


def _own_unit(case: Case, cell: Cell, unit: str) -> Iterator[Finding]:
    sender = _sender(case)
    if sender and unit != sender:
        yield case.finding("wrong_unit", Severity.ERROR, cell, unit=unit, sender=sender)


def _sender(case: Case) -> str:
    """The unit whose folder the file came in, "" when the roster does not know the folder."""
    roster, folder = case.context.roster, case.context.unit
    return (roster.unit_of_folder(folder) or roster.find_unit(folder) or "") if folder else ""
