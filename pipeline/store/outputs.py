"""Outputs owed: recorded with the decision, written afterwards, ticked off at last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, bindparam, insert, select, update

from pipeline.store.schema import output

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Kind = Literal["marked", "slip", "receipt", "aside", "note"]


@dataclass(frozen=True, slots=True)
class Owed:
    """One file to write: `path` below the workspace, `forms` = which forms of the arrival it speaks of."""

    arrival_id: str
    kind: Kind
    path: str
    forms: tuple[int, ...]
    notice: Mapping[str, Any]
    id: int = 0


def owe(connection: Connection, outputs: Iterable[Owed]) -> None:
    """Record what is owed, in the transaction that decides."""
    values = [
        {"arrival_id": item.arrival_id, "kind": item.kind, "path": item.path, "forms": list(item.forms),
         "notice": dict(item.notice), "state": "owed"}
        for item in outputs
    ]  # fmt: skip
    if values:
        connection.execute(insert(output), values)


def owed(connection: Connection, arrival_ids: Sequence[str]) -> dict[str, list[Owed]]:
    """What is still to be written for these arrivals, in the order it was decided."""
    query = select(output).where(output.c.arrival_id.in_(arrival_ids), output.c.state == "owed").order_by(output.c.id)
    found: dict[str, list[Owed]] = {arrival_id: [] for arrival_id in arrival_ids}
    for row in connection.execute(query):
        item = Owed(row.arrival_id, row.kind, row.path, tuple(row.forms), row.notice, row.id)
        found[row.arrival_id].append(item)
    return found


def paths(connection: Connection, arrival_id: str) -> frozenset[str]:
    """Everything that was ever owed for an arrival, written or not."""
    return frozenset(connection.execute(select(output.c.path).where(output.c.arrival_id == arrival_id)).scalars())


def settle(connection: Connection, done: Iterable[tuple[Owed, str]]) -> None:
    """Tick off owed files: with the SHA-256 of what was written at `path`, or "" where nothing had to be."""
    values = [
        {"owed_id": item.id, "now": "written" if sha256 else "void", "at": item.path, "sha": sha256 or None}
        for item, sha256 in done
    ]
    if values:
        statement = update(output).where(output.c.id == bindparam("owed_id"))
        new: dict[str, Any] = {"state": bindparam("now"), "path": bindparam("at"), "sha256": bindparam("sha")}
        connection.execute(statement.values(new), values)
