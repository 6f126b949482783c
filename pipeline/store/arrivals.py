"""Arrivals: one row per file taken from the inbox, from the moment its bytes are safe in the spool."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update

from pipeline.store.schema import arrival, output
from pipeline.store.states import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: people read it from paper
_LENGTH = 8
_TURNS = 12


@dataclass(frozen=True, slots=True)
class Received:
    """A row of the arrival table. `path` is below inbox/, `original` below the workspace."""

    id: str
    reference: str
    unit: str
    path: str
    name: str
    sha256: str
    size: int
    received_at: datetime
    received_on: date
    original: str
    state: State = State.RECEIVED
    attempts: int = 0


def reference_of(arrival_id: str, turn: int = 0) -> str:
    """A short name for an arrival: 40 of its 128 bits, other ones at each turn."""
    bits = int(arrival_id, 16) >> (8 * turn)
    return "".join(_LETTERS[(bits >> (5 * place)) & 31] for place in range(_LENGTH))


def free_references(connection: Connection, arrival_ids: Sequence[str]) -> dict[str, str]:
    """A short name for each arrival; the next one where another arrival already has it."""
    names: dict[str, str] = {}
    for turn in range(_TURNS):
        wanted = {one: reference_of(one, turn) for one in arrival_ids if one not in names}
        taken = set(
            connection.execute(select(arrival.c.reference).where(arrival.c.reference.in_(wanted.values()))).scalars()
        )
        for one, reference in wanted.items():
            if reference not in taken and reference not in names.values():
                names[one] = reference
        if len(names) == len(arrival_ids):
            break
    return names


def register(connection: Connection, rows: Iterable[Received]) -> None:
    """Record new arrivals."""
    values = [asdict(row) for row in rows]
    if values:
        connection.execute(insert(arrival), values)


def count_attempts(connection: Connection, ids: Sequence[str]) -> None:
    """Count an attempt before it is made, so that a poison file is known by its number of attempts."""
    connection.execute(update(arrival).where(arrival.c.id.in_(ids)).values(attempts=arrival.c.attempts + 1))


def unfinished(connection: Connection) -> list[Received]:
    """Arrivals that an earlier run did not carry to the end, oldest first."""
    query = select(arrival).where(arrival.c.state != State.ARCHIVED).order_by(arrival.c.received_at, arrival.c.id)
    return [_row(row) for row in connection.execute(query).mappings()]


def owing(connection: Connection) -> list[Received]:
    """Arrivals that were carried to the end once and owe something again: a person decided about them since."""
    again = select(output.c.arrival_id).where(output.c.state == "owed")
    query = select(arrival).where(arrival.c.state == State.ARCHIVED, arrival.c.id.in_(again))
    return [_row(row) for row in connection.execute(query.order_by(arrival.c.received_at, arrival.c.id)).mappings()]


def known(connection: Connection, ids: Sequence[str]) -> dict[str, Received]:
    """Those of the arrivals that are recorded."""
    query = select(arrival).where(arrival.c.id.in_(ids))
    return {row["id"]: _row(row) for row in connection.execute(query).mappings()}


def _row(row: Any) -> Received:
    return Received(**{**row, "state": State(row["state"])})
