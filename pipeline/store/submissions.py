"""Submissions: what each form of a file came to, what it replaces, and the numbers projects get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from pipeline.model import Verdict
from pipeline.store.schema import arrival, counter, submission

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

Json = dict[str, Any]
ROSTER = "组织名册"
ANSWERS = "待人工确认"
"""Types that the office alone hands in."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A submission already in the registry, as far as a new one needs to know it."""

    id: int
    reference: str
    unit: str
    verdict: Verdict
    number: str | None
    chain: str
    decided_on: date
    due: date | None
    outcome: Json
    received_at: datetime
    key: str
    form: int


def twin(connection: Connection, unit: str, type_name: str, sha256: str, form: int) -> Earlier | None:
    """The active submission of the same bytes by the same unit."""
    c = submission.c
    found = _active(connection, c.unit == unit, c.type == type_name, c.sha256 == sha256, c.form == form)
    return found[0] if found else None


def answered(connection: Connection, unit: str, type_name: str, reference: str) -> list[Earlier]:
    """The active submissions of the matter that the unit's earlier document `reference` belongs to."""
    own, _, _ = reference.partition("-")
    c = submission.c
    query = (
        select(c.chain, c.outcome)
        .join(arrival, arrival.c.id == c.arrival_id)
        .where(arrival.c.reference == own, c.unit == unit, c.type == type_name)
    )
    chains = {row.chain for row in connection.execute(query) if full_reference(own, row.outcome) == reference}
    return _active(connection, c.unit == unit, c.chain.in_(chains))


def full_reference(reference: str, outcome: Json) -> str:
    """What a document is called: the arrival's reference, with the document's number when it came in an archive."""
    member = outcome.get("member")
    return f"{reference}-{member['number']}" if member else reference


def of_key(connection: Connection, unit: str, type_name: str, key: str) -> list[Earlier]:
    """The unit's active submissions with that business key."""
    c = submission.c
    return _active(connection, c.unit == unit, c.type == type_name, c.key == key) if key else []


def of_id(connection: Connection, number: int | None) -> Earlier | None:
    """The submission of that id, in force or not."""
    found = _found(connection, submission.c.id == number)
    return found[0] if found else None


def of_name(connection: Connection, unit: str, type_name: str, name: str) -> list[Earlier]:
    """Of the unit's last document under that file name the forms that were sent back or are waiting for a person."""
    c = submission.c
    found = _active(connection, c.unit == unit, c.name == name, c.type == type_name)
    last = [item for item in found if item.reference == found[0].reference]
    return [item for item in last if item.verdict in (Verdict.RETURNED, Verdict.REVIEW)]


def rival(connection: Connection, type_name: str, subject: str, chains: Collection[str]) -> Earlier | None:
    """An accepted submission of another matter, of whatever unit, with the same subject in the same cycle (R8)."""
    c = submission.c
    others = c.chain.not_in(list(chains))
    same = (c.type == type_name, c.subject == subject, c.verdict == Verdict.ACCEPTED, others)
    found = _active(connection, *same) if subject else []
    return found[0] if found else None


def retire(connection: Connection, ids: Sequence[int]) -> None:
    """These no longer count: a later one took their place."""
    connection.execute(update(submission).where(submission.c.id.in_(ids)).values(active=False))


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Record a submission."""
    connection.execute(insert(submission).values(**values))


def number_of(connection: Connection, chain: str) -> str | None:
    """The number that the matter got when it was first accepted."""
    query = select(submission.c.number).where(submission.c.chain == chain, submission.c.number.is_not(None))
    return connection.execute(query.order_by(submission.c.id).limit(1)).scalar()


def next_serial(connection: Connection, scope: str) -> int:
    """The next number of a counter; never given twice."""
    last = connection.execute(select(counter.c.last).where(counter.c.scope == scope)).scalar()
    if last is None:
        connection.execute(insert(counter).values(scope=scope, last=1))
    else:
        connection.execute(update(counter).where(counter.c.scope == scope).values(last=last + 1))
    return (last or 0) + 1


def is_taken(connection: Connection, number: str) -> bool:
    """Whether a project already has this number."""
    return connection.execute(select(submission.c.id).where(submission.c.number == number).limit(1)).first() is not None


def of_arrivals(connection: Connection, ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """The submissions of these arrivals as decided last, in the order of the documents and the forms in them."""
    query = select(submission).where(submission.c.arrival_id.in_(ids)).order_by(submission.c.id)
    found: dict[str, dict[tuple[int, int], Row[Any]]] = {arrival_id: {} for arrival_id in ids}
    for row in connection.execute(query):
        found[row.arrival_id][spot(row)] = row
    return {arrival_id: list(forms.values()) for arrival_id, forms in found.items()}


def spot(row: Row[Any]) -> tuple[int, int]:
    """Where in its arrival a submission stands: number of the document (0 for the file itself), form in it."""
    return (row.outcome.get("member") or {}).get("number", 0), row.form


def roster(connection: Connection) -> tuple[int, Json]:
    """Id and outcome of the roster in force; (0, {}) before the office handed one in."""
    c = submission.c
    query = select(c.id, c.outcome).where(c.type == ROSTER, c.unit == "", c.verdict == Verdict.ACCEPTED, c.active)
    row = connection.execute(query.order_by(c.id.desc()).limit(1)).first()
    return (row.id, row.outcome) if row else (0, {})


def _active(connection: Connection, *conditions: ColumnElement[bool]) -> list[Earlier]:
    return _found(connection, submission.c.active, *conditions)


def _found(connection: Connection, *conditions: ColumnElement[bool]) -> list[Earlier]:
    c = submission.c
    query = (
        select(
            c.id,
            arrival.c.reference,
            c.unit,
            c.verdict,
            c.number,
            c.chain,
            c.decided_on,
            c.due,
            c.outcome,
            arrival.c.received_at,
            c.key,
            c.form,
        )
        .join(arrival, arrival.c.id == c.arrival_id)
        .where(*conditions)
        .order_by(c.id.desc())
    )
    rows = connection.execute(query)
    return [_earlier(dict(row)) for row in rows.mappings()]


def _earlier(row: Json) -> Earlier:
    reference = full_reference(row["reference"], row["outcome"])
    return Earlier(**{**row, "verdict": Verdict(row["verdict"]), "reference": reference})
