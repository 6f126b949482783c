"""What papers and lists ask of the registry: the submissions that count, in the order in which they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from pipeline.store import submissions
from pipeline.store.schema import arrival, submission
from pipeline.store.submissions import full_reference


@dataclass(frozen=True, slots=True)
class Active:
    """A submission that no later one replaced. `unit` is the folder it came in, `outcome` is in wire shape."""

    unit: str
    reference: str
    number: str | None
    name: str
    received_on: date
    verdict: str
    outcome: dict[str, Any]


def active(connection: Connection) -> list[Active]:
    """Every submission in force, whatever its verdict."""
    c = submission.c
    query = (
        select(c.unit, arrival.c.reference, c.number, c.name, arrival.c.received_on, c.verdict, c.outcome)
        .join(arrival, arrival.c.id == c.arrival_id)
        .where(c.active)
        .order_by(c.id)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [Active(**{**row, "reference": full_reference(row["reference"], row["outcome"])}) for row in rows]


def roster_outcome(connection: Connection) -> dict[str, Any]:
    """The 组织名册 in force, in wire shape; empty before one was handed in."""
    return submissions.roster(connection)[1]
