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
from pipeline.values.blanks import says_not_applicable

if TYPE_CHECKING:
    from pipeline.forms.spec import FieldSpec

_DATE_LINE = re.compile(r"[\s\d年月日时分_＿:：()（）/.-]*")
_SEVERITY = {"yes": Severity.ERROR, "stage": Severity.EXPLAIN}


def completeness(case: Case) -> Iterator[Finding]:
    """Every field and column of the type, in order."""
    for field in case.spec.fields:
        for cell in case.cells(field.name):
            yield from _cell(case, field, cell)
    if case.spec.columns and not case.record.rows:
        yield case.finding("no_rows", Severity.ERROR, None)
    for column in case.spec.columns:
        yield from _column(case, column)


def _column(case: Case, column: FieldSpec) -> Iterator[Finding]:
    cells = list(case.cells(column.name))
    if cells and not any(cell.text or cell.datum.reading.place or cell.datum.reading.doubt for cell in cells):
        if column.required in _SEVERITY:
            absent = Cell(column.name, None, cells[0].datum)
            yield case.finding("missing_column", _SEVERITY[column.required], absent)
        return
    for cell in cells:
        yield from _cell(case, column, cell)


def _cell(case: Case, field: FieldSpec, cell: Cell) -> Iterator[Finding]:
    if cell.datum.reading.doubt:
        return
    if values.is_sample(cell.text):
        yield case.finding("placeholder", Severity.ERROR, cell)
    elif field.required in _SEVERITY:
        yield from _required(case, field, cell)


def _required(case: Case, field: FieldSpec, cell: Cell) -> Iterator[Finding]:
    severity = _SEVERITY[field.required]
    printed = cell.datum.reading.printed
    if values.is_blank(cell.text, field.hints):
        hint_left = bool(printed.strip()) and not _DATE_LINE.fullmatch(printed)
        yield case.finding("placeholder" if hint_left else "missing", severity, cell)
    elif "not_applicable" in cell.datum.flags or says_not_applicable(cell.text):
        yield case.finding("missing", Severity.EXPLAIN, cell, variant="not_applicable")
