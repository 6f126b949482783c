"""What the papers need to know of the registry: a few reading questions, answered with values of `model`.

Whoever answers keeps the SQL to himself; the papers never see a row of a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pipeline.model import Verdict
from pipeline.values import Roster

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pipeline.model import Datum, Outcome
    from pipeline.settings import Settings
    from pipeline.values import Branch


@dataclass(frozen=True, slots=True)
class Filed:
    """One form as registered. `number`: its project number (党建-2026-YF-003), "" as long as it has none."""

    unit: str
    reference: str
    number: str
    file_name: str
    received: date
    outcome: Outcome

    @property
    def accepted(self) -> bool:
        """Registered without anything left to settle."""
        return self.outcome.verdict is Verdict.ACCEPTED

    def text(self, field: str) -> str:
        """A field as a clerk would copy it; "" when the form does not have it."""
        datum = self._datum(field)
        return datum.text if datum else ""

    def line(self, field: str) -> str:
        """A field on one line: people break long names over two lines of a cell."""
        return joined_lines(self.text(field))

    def doubtful(self, field: str) -> bool:
        """Two readings of this field are still open."""
        datum = self._datum(field)
        return datum is not None and datum.reading.doubt

    def value(self, field: str) -> object | None:
        """A field's meaning, None when it has none or is in doubt."""
        datum = self._datum(field)
        return None if datum is None or datum.reading.doubt else datum.value

    def _datum(self, field: str) -> Datum | None:
        record = self.outcome.record
        return record.fields.get(field) if record else None


def joined_lines(text: str) -> str:
    """Several lines as one: Chinese joins without a space, words of Latin letters keep one."""
    return re.sub(r"(?<=[!-~])\s*\n\s*(?=[!-~])", " ", text.strip()).replace("\n", "")


class Registry(Protocol):
    """The reading side of the store."""

    def accepted(self, type_name: str) -> Sequence[Filed]:
        """Forms of a type that were accepted and are neither withdrawn nor replaced, in the order of arrival."""

    def filed(self) -> Sequence[Filed]:
        """Every form that has come in and was not replaced by a later one, whatever became of it."""

    def roster(self) -> Roster:
        """The 组织名册 in force; empty when none was handed in."""


class Branches:
    """Finds the branch a paper of a unit means: among the unit's own first, for every unit may have a 机关党支部."""

    def __init__(self, roster: Roster) -> None:
        self._all = roster
        self._own = {
            unit: Roster.of(branch for branch in roster.branches if branch.unit == unit) for unit in roster.units
        }

    def find(self, unit: str, text: str) -> Branch | None:
        """The one branch meant, wherever it belongs; None when there is none or more than one."""
        own = self._own.get(unit)
        return (own.find_branch(text) if own else None) or self._all.find_branch(text)


def in_year(filed: Sequence[Filed], settings: Settings, today: date) -> tuple[Filed, ...]:
    """Those of the cycle in force: the year the office fixed, else that of `today`, by the day of arrival (R1).

    When the year has just begun and nothing has come in yet, the last year with anything is still the one in force.
    """
    years = {one.received.year for one in filed}
    year = settings.cycle.year_for(today)
    if not settings.cycle.fixed and years and year not in years:
        year = max(years)
    return tuple(one for one in filed if one.received.year == year)
