"""What the decision of a committee must say besides its result (R12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.model import Finding, Severity
from pipeline.values.blanks import says_not_applicable

if TYPE_CHECKING:
    from pipeline.checks.case import Case


def reason_given(case: Case, *, field: str, state: str, words: Sequence[str]) -> Iterator[Finding]:
    """A refusal or a return for correction (`state` among `words`) says why; without a reason it is asked for."""
    for cell in case.cells(field):
        result = case.beside(state, cell.row)
        if result is None or not result.firm or str(result.datum.value) not in words:
            continue
        if cell.blank or says_not_applicable(cell.text):
            yield case.finding("missing", Severity.EXPLAIN, cell, variant="reason", state=result.text)
