"""What becomes of one examined form, given what the registry already knows; runs inside the deciding transaction.

Order of the links to an earlier submission: the reference of our own marks in the file, else the business key, else
the same file name when that one had been sent back. A submission that is sent back never displaces an accepted one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.model import Finding, Place, Severity, Verdict
from pipeline.store import submissions
from pipeline.store.progress import progress_between
from pipeline.store.submissions import ROSTER, Earlier, Json
from pipeline.wire import finding_to_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from sqlalchemy import Connection

    from pipeline.store.arrivals import Received


@dataclass(frozen=True, slots=True)
class Form:
    """One form as a worker answered it: `outcome` in wire shape, and what its type says about it.

    `key`: business key, "" when it has none. `prefix`: number prefix of the type. `due`: last day for a correction.
    """

    outcome: Json
    key: str = ""
    prefix: str = ""
    unit_code: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The form's verdict as recorded."""

    form: int
    decided_on: date
    verdict: Verdict
    outcome: Json
    number: str | None = None
    progress: tuple[int, int, int] | None = None
    due: date | None = None
    supersedes: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A form with the arrival it came in and the day it is decided on; `numbering` makes its number from a serial."""

    arrival: Received
    position: int
    form: Form
    today: date
    numbering: Callable[[str, str, int], str]  # prefix, unit code, serial

    @property
    def type(self) -> str:
        """The type's name, "" when the file is of none."""
        return self.form.outcome.get("type") or ""

    @property
    def key(self) -> str:
        """The business key; all rosters of the office are one matter."""
        return self.form.key or (ROSTER if self.type == ROSTER else "")


def decide(connection: Connection, case: Case) -> Decision:
    """Record the form and say what became of it."""
    outcome = _with_house_rules(connection, case)
    verdict = Verdict(outcome["verdict"])
    if not case.type or verdict in (Verdict.UNREADABLE, Verdict.UNKNOWN):
        return _record(connection, case, Decision(case.position, case.today, verdict, outcome, due=case.form.due), [])
    twin = submissions.twin(connection, case.arrival.unit, case.type, case.arrival.sha256, case.position)
    if twin and twin.verdict in (Verdict.ACCEPTED, verdict):
        return _record(connection, case, _duplicate(case, outcome, twin), [])
    return _link(connection, case, outcome, twin)


def _link(connection: Connection, case: Case, outcome: Json, twin: Earlier | None) -> Decision:
    earlier = _earlier(connection, case, twin)
    verdict = Verdict(outcome["verdict"])
    number = submissions.number_of(connection, earlier[0].chain) if earlier else None
    if verdict is Verdict.ACCEPTED and case.form.prefix and number is None:
        number = _next_number(connection, case)
    returned = next((item for item in earlier if item.verdict is Verdict.RETURNED), None)
    decision = Decision(
        form=case.position,
        decided_on=case.today,
        verdict=verdict,
        outcome=outcome,
        number=number,
        progress=progress_between(returned.outcome, outcome) if returned else None,
        due=case.form.due,
        supersedes=earlier[0].id if earlier else None,
    )
    return _record(connection, case, decision, earlier)


def _next_number(connection: Connection, case: Case) -> str:
    """A number that no submission ever had; serials are counted per everything else that the number shows."""
    prefix, code = case.form.prefix, case.form.unit_code or "00"
    scope = case.numbering(prefix, code, 0)
    while True:
        number = case.numbering(prefix, code, submissions.next_serial(connection, scope))
        if not submissions.is_taken(connection, number):
            return number


def _earlier(connection: Connection, case: Case, twin: Earlier | None) -> list[Earlier]:
    """The active submissions of the same matter, latest first."""
    unit, type_name = case.arrival.unit, case.type
    answers = case.form.outcome.get("answers") or ""
    found = submissions.answered(connection, unit, type_name, answers) if answers else []
    found = found or submissions.of_key(connection, unit, type_name, case.key)
    found = found or submissions.of_name(connection, unit, type_name, case.arrival.name)
    return found or ([twin] if twin else [])


def _record(connection: Connection, case: Case, decision: Decision, earlier: list[Earlier]) -> Decision:
    accepted = decision.verdict is Verdict.ACCEPTED
    replaced = [item.id for item in earlier if accepted or item.verdict is not Verdict.ACCEPTED]
    if replaced:
        submissions.retire(connection, replaced)
    arrival = case.arrival
    values: dict[str, Any] = {
        "arrival_id": arrival.id, "form": case.position, "unit": arrival.unit, "name": arrival.name,
        "sha256": arrival.sha256, "type": case.type or None, "layout": decision.outcome.get("layout"),
        "verdict": decision.verdict, "number": decision.number if accepted else None, "key": case.key,
        "chain": earlier[0].chain if earlier else f"{arrival.id}-{case.position}", "supersedes": decision.supersedes,
        "active": decision.verdict in (Verdict.ACCEPTED, Verdict.RETURNED, Verdict.REVIEW),
        "decided_on": case.today, "outcome": decision.outcome,
        "progress": list(decision.progress) if decision.progress else None,
    }  # fmt: skip
    submissions.add(connection, values)
    return decision


def _duplicate(case: Case, outcome: Json, twin: Earlier) -> Decision:
    facts = {"reference": twin.reference, "number": twin.number or "", "date": twin.decided_on.isoformat()}
    facts["verdict"] = str(twin.verdict)
    finding = _whole_file("duplicate", Severity.HINT, facts)
    changed = {**outcome, "verdict": str(Verdict.DUPLICATE), "findings": [finding]}
    return Decision(case.position, case.today, Verdict.DUPLICATE, changed, twin.number, due=case.form.due)


def _with_house_rules(connection: Connection, case: Case) -> Json:
    """The outcome with the findings that only the registry and the folder can give."""
    outcome, unit = case.form.outcome, case.arrival.unit
    if case.type == ROSTER and unit:
        return _returned(outcome, _whole_file("wrong_unit", Severity.ERROR, {"unit": unit, "type": ROSTER}))
    other = submissions.elsewhere(connection, unit, case.type, case.key) if case.form.prefix else None
    if other is None:
        return outcome
    # the other unit's name and file are not told: a unit never receives another unit's data
    facts = {"number": other.number or "", "date": other.decided_on.isoformat()}
    return _returned(outcome, _whole_file("duplicate_project", Severity.EXPLAIN, facts))


def _returned(outcome: Json, finding: Json) -> Json:
    verdict = Verdict.RETURNED if outcome["verdict"] == Verdict.ACCEPTED else Verdict(outcome["verdict"])
    return {**outcome, "verdict": str(verdict), "findings": [*outcome["findings"], finding]}


def _whole_file(code: str, severity: Severity, facts: dict[str, str]) -> Json:
    return finding_to_json(Finding(code, severity, place=Place("file", "全文"), facts=facts))
