"""How a submission stands when a person wants to decide about it: found by what the person knows, as decided last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Row, select

from pipeline.model import Verdict
from pipeline.store import arrivals
from pipeline.store.schema import arrival, submission
from pipeline.store.submissions import full_reference, spot

if TYPE_CHECKING:
    from pipeline.store.arrivals import Received

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """One form of an arrival. `active`: no later submission took its place.

    `form`: which of its document's, counted from 0. `member`: which document of an archive, 0 for a file of its own.
    """

    id: int
    arrival: Received
    form: int
    member: int
    type: str
    verdict: Verdict
    number: str | None
    chain: str
    supersedes: int | None
    active: bool
    outcome: Json

    @property
    def reference(self) -> str:
        """What it is called: 来文编号, with the number of the document when it came in an archive."""
        return full_reference(self.arrival.reference, self.outcome)


def find(connection: Connection, name: str) -> list[Standing]:
    """What a reference (来文编号) or a project number stands for, form by form; [] for neither.

    A project number means what is still open in its matter, or else the submission that was accepted.
    """
    reference, _, member = name.strip().upper().partition("-")
    by_reference = _latest(connection, arrival.c.reference == reference)
    if by_reference:
        return [one for one in by_reference if not member or str(one.member) == member]
    chains = select(submission.c.chain).where(submission.c.number == name.strip())
    found = [one for one in _latest(connection, submission.c.chain.in_(chains)) if one.active]
    return [one for one in found if one.verdict is not Verdict.ACCEPTED] or found


def waiting_ids(connection: Connection) -> list[int]:
    """Which submissions wait for a person."""
    query = select(submission.c.id).where(submission.c.active, submission.c.verdict == Verdict.REVIEW)
    return list(connection.execute(query.order_by(submission.c.id)).scalars())


def waiting(connection: Connection) -> list[Standing]:
    """Everything that waits for a person, in the order of arrival."""
    found = _latest(connection, submission.c.active, submission.c.verdict == Verdict.REVIEW)
    return sorted(found, key=lambda one: (one.arrival.received_at, one.id))


def successor(connection: Connection, one: Standing) -> str:
    """The reference of what took its place, "" when nothing is in force."""
    query = (
        select(arrival.c.reference)
        .select_from(submission.join(arrival, arrival.c.id == submission.c.arrival_id))
        .where(submission.c.chain == one.chain, submission.c.active)
        .order_by(submission.c.id.desc())
    )
    return connection.execute(query.limit(1)).scalar() or ""


def predecessor(connection: Connection, one: Standing) -> int | None:
    """The submission of an earlier arrival that it took the place of, whatever a person decided in between."""
    number = one.supersedes
    while number is not None:
        row = connection.execute(select(submission).where(submission.c.id == number)).one()
        if row.arrival_id != one.arrival.id:
            return number
        number = row.supersedes
    return None


def overtaking(connection: Connection, one: Standing, key: str) -> str:
    """The reference of a later arrival of the same matter that was accepted, "" for none."""
    c = submission.c
    query = (
        select(arrival.c.reference)
        .select_from(submission.join(arrival, arrival.c.id == c.arrival_id))
        .where(c.active, c.unit == one.arrival.unit, c.type == one.type, c.key == key, c.verdict == Verdict.ACCEPTED)
        .where(arrival.c.received_at > one.arrival.received_at, arrival.c.id != one.arrival.id)
    )
    return (connection.execute(query.limit(1)).scalar() or "") if key else ""


def _latest(connection: Connection, *conditions: ColumnElement[bool]) -> list[Standing]:
    joined = submission.join(arrival, arrival.c.id == submission.c.arrival_id)
    rows = connection.execute(select(submission).select_from(joined).where(*conditions).order_by(submission.c.id)).all()
    known = arrivals.known(connection, list({row.arrival_id for row in rows}))
    found = {(row.arrival_id, *spot(row)): _standing(row, known) for row in rows}
    return sorted(found.values(), key=lambda one: (one.arrival.received_at, one.arrival.id, one.member, one.form))


def _standing(row: Row[Any], known: dict[str, Received]) -> Standing:
    member, form = spot(row)
    return Standing(
        row.id, known[row.arrival_id], form, member, row.type or "", Verdict(row.verdict), row.number, row.chain,
        row.supersedes, row.active, row.outcome,
    )  # fmt: skip
