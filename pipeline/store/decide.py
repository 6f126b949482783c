"""What becomes of one examined form, given what the registry already knows; runs inside the deciding transaction.

Which earlier submissions a form follows is told by `following`. One that is sent back never displaces an accepted one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.checks import verdict_of
from pipeline.model import Finding, Place, Severity, Verdict
from pipeline.store import standing, submissions
from pipeline.store.following import followed
from pipeline.store.progress import Progress, progress_between
from pipeline.store.submissions import ROSTER, Earlier, Json
from pipeline.wire import finding_from_json, finding_to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from sqlalchemy import Connection

    from pipeline.store.arrivals import Received
    from pipeline.store.standing import Standing


@dataclass(frozen=True, slots=True)
class Form:
    """One form as a worker answered it: `outcome` in wire shape, and what its type says about it.

    `key`: business key, "" when it has none. `subject`: what no two matters of a cycle may share, and the field it
    stands in. `prefix`: number prefix of the type. `due`: last day for a correction.
    """

    outcome: Json
    key: str = ""
    subject: str = ""
    subject_field: str = ""
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
    progress: Progress | None = None
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
    def member(self) -> Json:
        """The document of an archive that the form stands in: number, name, sha256, form; {} for a file of its own."""
        return self.form.outcome.get("member") or {}

    @property
    def name(self) -> str:
        """The name of the document."""
        return str(self.member.get("name", self.arrival.name))

    @property
    def sha256(self) -> str:
        """The hash of the document's bytes."""
        return str(self.member.get("sha256", self.arrival.sha256))

    @property
    def place(self) -> int:
        """Which form of its document it is, counted from 0; the same for a file sent alone and in an archive."""
        return int(self.member.get("form", self.position))

    @property
    def key(self) -> str:
        """The business key; all rosters of the office are one matter."""
        return self.form.key or (ROSTER if self.type == ROSTER else "")


def decide(connection: Connection, cases: Sequence[Case]) -> list[Decision]:
    """Record the forms of one document and say what became of each.

    What they follow is settled before the first is recorded, so that none takes the place of another one beside it.
    """
    verdict = Verdict(cases[0].form.outcome["verdict"])
    if not cases[0].type or verdict in (Verdict.UNREADABLE, Verdict.UNKNOWN):
        return [_set_aside(connection, case) for case in cases]
    return [_decide(connection, *pair) for pair in zip(cases, followed(connection, cases), strict=True)]


def _set_aside(connection: Connection, case: Case) -> Decision:
    verdict = Verdict(case.form.outcome["verdict"])
    alone = Decision(case.position, case.today, verdict, case.form.outcome, due=case.form.due)
    return _record(connection, case, alone, _linked(case, []))


def _decide(connection: Connection, case: Case, earlier: list[Earlier]) -> Decision:
    twin = submissions.twin(connection, case.arrival.unit, case.type, case.sha256, case.place)
    earlier = earlier or ([twin] if twin else [])
    linked = _linked(case, earlier)
    outcome = _with_house_rules(connection, case, earlier, linked.returned)
    if twin and twin.verdict in (Verdict.ACCEPTED, Verdict(outcome["verdict"])):
        return _record(connection, case, _duplicate(case, outcome, twin), _linked(case, []))
    return _link(connection, case, outcome, linked)


def decide_again(connection: Connection, case: Case, former: Standing, *, ruled: bool) -> Decision:
    """Record what became of a form by a person's word; `former` is how it stood, and counts no longer.

    `ruled`: the office decided the verdict itself, nothing is held against it. What came in later stays as it is; the
    caller has made sure that no later one was accepted (`standing.overtaking`).
    """
    before = submissions.of_id(connection, standing.predecessor(connection, former))
    returned = before if before and before.verdict is Verdict.RETURNED else None
    unit, since = case.arrival.unit, case.arrival.received_at
    own = [item for item in [submissions.of_id(connection, former.id)] if item]
    others = [one for one in submissions.of_key(connection, unit, case.type, case.key) if one.id != former.id]
    known = (*others, *own)
    numbered = [one for one in known if submissions.number_of(connection, one.chain)]
    outcome = case.form.outcome if ruled else _with_house_rules(connection, case, list(known), returned)
    replaced = [*own, *(one for one in others if one.received_at <= since)]
    linked = _Linked((numbered or own)[0].chain, former.id, returned, tuple(replaced))
    return _link(connection, case, outcome, linked)


@dataclass(frozen=True, slots=True)
class _Linked:
    """What a form belongs to: chain of its matter, what it answers, and what it may take the place of."""

    chain: str
    supersedes: int | None
    returned: Earlier | None
    replaced: tuple[Earlier, ...]


def _linked(case: Case, earlier: list[Earlier]) -> _Linked:
    chain = earlier[0].chain if earlier else f"{case.arrival.id}-{case.position}"
    returned = next((item for item in earlier if item.verdict is Verdict.RETURNED), None)
    return _Linked(chain, earlier[0].id if earlier else None, returned, tuple(earlier))


def _link(connection: Connection, case: Case, outcome: Json, linked: _Linked) -> Decision:
    verdict = Verdict(outcome["verdict"])
    returned = linked.returned
    number = submissions.number_of(connection, linked.chain)
    if verdict is Verdict.ACCEPTED and case.form.prefix and number is None:
        number = _next_number(connection, case)
    decision = Decision(
        form=case.position,
        decided_on=case.today,
        verdict=verdict,
        outcome=outcome,
        number=number,
        progress=progress_between(returned.outcome, outcome) if returned else None,
        due=case.form.due,
        supersedes=linked.supersedes,
    )
    return _record(connection, case, decision, linked)


def _next_number(connection: Connection, case: Case) -> str:
    """A number that no submission ever had; serials are counted per everything else that the number shows."""
    prefix, code = case.form.prefix, case.form.unit_code or "00"
    scope = case.numbering(prefix, code, 0)
    while True:
        number = case.numbering(prefix, code, submissions.next_serial(connection, scope))
        if not submissions.is_taken(connection, number):
            return number


def _record(connection: Connection, case: Case, decision: Decision, linked: _Linked) -> Decision:
    accepted = decision.verdict is Verdict.ACCEPTED
    replaced = [item.id for item in linked.replaced if accepted or item.verdict is not Verdict.ACCEPTED]
    if replaced:
        submissions.retire(connection, replaced)
    arrival = case.arrival
    values: dict[str, Any] = {
        "arrival_id": arrival.id, "form": case.place, "unit": arrival.unit, "name": case.name,
        "sha256": case.sha256, "type": case.type or None, "layout": decision.outcome.get("layout"),
        "subject": case.form.subject,
        "verdict": decision.verdict, "number": decision.number if accepted else None, "key": case.key,
        "chain": linked.chain, "supersedes": decision.supersedes,
        "active": decision.verdict in (Verdict.ACCEPTED, Verdict.RETURNED, Verdict.REVIEW),
        "decided_on": case.today, "due": decision.due, "outcome": decision.outcome,
        "progress": list(decision.progress) if decision.progress else None,
    }  # fmt: skip
    submissions.add(connection, values)
    return decision


def _duplicate(case: Case, outcome: Json, twin: Earlier) -> Decision:
    facts = {"reference": twin.reference, "number": twin.number or "", "date": twin.decided_on.isoformat()}
    facts["verdict"] = str(twin.verdict)
    finding = _whole_file("duplicate", Severity.HINT, facts)
    kept = [one for one in outcome["findings"] if one["code"] == "archive_skipped"]  # of the archive, said once
    changed = {**outcome, "verdict": str(Verdict.DUPLICATE), "findings": [finding, *kept]}
    return Decision(case.position, case.today, Verdict.DUPLICATE, changed, twin.number, due=case.form.due)


def _with_house_rules(connection: Connection, case: Case, earlier: list[Earlier], returned: Earlier | None) -> Json:
    """The outcome with the findings that only the registry and the folder can give."""
    outcome, unit = _in_time(case, returned), case.arrival.unit
    if case.type == ROSTER and unit and not any(one["code"] == "wrong_unit" for one in outcome["findings"]):
        return _returned(outcome, _whole_file("wrong_unit", Severity.ERROR, {"unit": unit, "type": ROSTER}))
    other = submissions.rival(connection, case.type, case.form.subject, {item.chain for item in earlier})
    return outcome if other is None else _returned(outcome, _same_project(case, other))


def _in_time(case: Case, first: Earlier | None) -> Json:
    """A correction handed in by its last day is not late when what it corrects was not."""
    outcome = case.form.outcome
    if first is None or first.due is None or case.arrival.received_on > first.due or _late(first.outcome):
        return outcome
    kept = [finding for finding in outcome["findings"] if finding["code"] != "late"]
    if len(kept) == len(outcome["findings"]):
        return outcome
    verdict = Verdict(outcome["verdict"])
    if verdict is Verdict.RETURNED:
        doubts = any(finding["code"] == "doubt" for finding in kept)
        verdict = verdict_of((finding_from_json(finding) for finding in kept), doubts=doubts)
    return {**outcome, "verdict": str(verdict), "findings": kept}


def _late(outcome: Json) -> bool:
    return any(finding["code"] == "late" for finding in outcome["findings"])


def _same_project(case: Case, other: Earlier) -> Json:
    """R8: the project's name is unique in the cycle. Another unit is not named: it would be its data."""
    own = other.unit == case.arrival.unit
    note = f"{other.number or other.reference}，{other.decided_on:%Y-%m-%d}" if own else ""
    name = case.form.subject_field
    cell = case.form.outcome.get("fields", {}).get(name, {})
    finding = Finding("duplicate_project", Severity.EXPLAIN, field=name or None, found=cell.get("text", ""))
    return {**finding_to_json(finding), "place": cell.get("place"), "at": cell.get("at"), "facts": {"note": note}}


def _returned(outcome: Json, finding: Json) -> Json:
    open_ones = (Verdict.ACCEPTED, Verdict.REVIEW)
    verdict = Verdict.RETURNED if outcome["verdict"] in open_ones else Verdict(outcome["verdict"])
    return {**outcome, "verdict": str(verdict), "findings": [*outcome["findings"], finding]}


def _whole_file(code: str, severity: Severity, facts: dict[str, str]) -> Json:
    return finding_to_json(Finding(code, severity, place=Place("file", "全文"), facts=facts))
