"""The chain of events: every decision, in order, each bound to the one before it by its hash.

Entries hold references, hashes, verdicts and codes, no values out of the forms. A chain proves order and consistency
only; feedback files print entry and hash, so units hold witnesses (checking them is the work of `verify`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, insert, select

from pipeline.store.schema import event

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as it stands in the registry and, line by line, in the journal."""

    n: int
    at: datetime
    year: int
    kind: str
    payload: Mapping[str, Any]
    prev: str
    hash: str

    def line(self) -> bytes:
        """Its line in the journal."""
        data = {"n": self.n, **_content(self.at, self.kind, self.payload), "prev": self.prev, "hash": self.hash}
        return canonical(data) + b"\n"


def canonical(data: Mapping[str, Any]) -> bytes:
    """JSON with one possible spelling."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def chained(n: int, prev: str, at: datetime, kind: str, payload: Mapping[str, Any]) -> str:
    """SHA-256 over number, previous hash and content."""
    return hashlib.sha256(f"{n}\n{prev}\n".encode() + canonical(_content(at, kind, payload))).hexdigest()


def record(connection: Connection, kind: str, payload: Mapping[str, Any], *, at: datetime, year: int) -> Entry:
    """Add an event inside the transaction that makes it true."""
    last = connection.execute(select(event.c.n, event.c.hash).order_by(event.c.n.desc()).limit(1)).first()
    n, prev = (last.n + 1, last.hash) if last else (1, FIRST)
    at = at.astimezone(UTC)
    entry = Entry(n, at, year, kind, payload, prev, chained(n, prev, at, kind, payload))
    values = {name: getattr(entry, name) for name in Entry.__slots__}
    connection.execute(insert(event).values(**values))
    return entry


def entries_after(connection: Connection, n: int, year: int) -> list[Entry]:
    """The events of a year with a higher number, in order."""
    query = select(event).where(event.c.n > n, event.c.year == year).order_by(event.c.n)
    return [Entry(**row) for row in connection.execute(query).mappings()]


def years(connection: Connection) -> list[int]:
    """The years that have events."""
    return sorted(connection.execute(select(event.c.year).distinct()).scalars())


def count(connection: Connection) -> int:
    """How many events there are."""
    return connection.execute(select(func.count()).select_from(event)).scalar_one()


def _content(at: datetime, kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"at": at.isoformat(), "kind": kind, "payload": dict(payload)}
