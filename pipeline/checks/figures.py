"""Numbers within their scale (R32: scores 0–100; R28: a share of the work 0–100 %).

Answers for: what lies outside. That a number is one at all was asked when it was read (`problems`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.model import Finding, Severity
from pipeline.values import format_value

if TYPE_CHECKING:
    from pipeline.checks.case import Case


def number_range(case: Case, *, fields: Sequence[str], least: int, most: int) -> Iterator[Finding]:
    """A percent, score or count below `least` or above `most`; both ends are allowed."""
    for name in fields:
        for cell in case.cells(name):
            value = cell.datum.value
            if cell.firm and isinstance(value, Decimal | int) and not least <= value <= most:
                ends = "至".join(format_value(cell.datum.kind, Decimal(end)) for end in (least, most))
                yield case.finding("out_of_range", Severity.ERROR, cell, variant="note", note=f"应为{ends}")
