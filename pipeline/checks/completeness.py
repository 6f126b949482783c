"""What is not filled in, or still holds sample text (R7, R8, R20, R22, R23, R25, R44, R45).

Answers for: required fields and columns, printed hints and samples left standing, ledgers without rows. Office fields
(°) may stay blank. Knowingly not: whether what is filled in makes sense.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline import values
from pipeline.checks.case import Case, Cell
from pipeline.model import Finding, Severity
from pipeline.values.blanks import is_picture, says_not_applicable

if TYPE_CHECKING:
    from pipeline.forms.spec import FieldSpec

_DATE_LINE = re.compile(r"[\s\d年月日时分_＿:：()（）/.-]*")
_SEVERITY = {"yes": Severity.ERROR, "stage": Severity.EXPLAIN}


def completeness(case: Case) -> Iterator[Finding]:
    """Every field and column of the type, in order."""
    for field in case.spec.fields:
        for cell in case.cells(field.name):
            if (flaw := _flaw(case, field, cell)) is not None:
                yield flaw
    if case.spec.columns and not case.record.rows:
        yield case.finding("no_rows", Severity.ERROR, None)
    for column in case.spec.columns:
        yield from _column(case, column)


def _column(case: Case, column: FieldSpec) -> Iterator[Finding]:
    cells = case.cells(column.name)
    if cells and not any(cell.text or cell.datum.reading.place or cell.datum.reading.doubt for cell in cells):
        if column.required in _SEVERITY:
            absent = case.about_all(cells[0])
            yield case.finding("missing_column", _SEVERITY[column.required], absent)
        return
    for cell in case.telling(column.name, lambda datum: _flaw(case, column, Cell(column.name, None, datum))):
        if (flaw := _flaw(case, column, cell)) is not None:
            yield flaw


def _flaw(case: Case, field: FieldSpec, cell: Cell) -> Finding | None:
    reading = cell.datum.reading
    if reading.reason:
        return None
    if values.is_sample(reading.text):
        return case.finding("placeholder", Severity.ERROR, cell)
    severity = _SEVERITY.get(field.required)
    if severity is None:
        return None
    if is_picture(reading.text):
        return case.finding("missing", severity, cell, variant="picture")
    if values.is_blank(reading.text, field.hints):
        hint_left = bool(reading.printed.strip()) and not _DATE_LINE.fullmatch(reading.printed)
        return case.finding("placeholder" if hint_left else "missing", severity, cell)
    if "not_applicable" in cell.datum.flags or says_not_applicable(reading.text):
        return case.finding("missing", Severity.EXPLAIN, cell, variant="not_applicable")
    return None
