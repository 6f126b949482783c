"""The chain of events: every decision, in order, each bound to the one before it by its hash.

Entries hold references, hashes, verdicts and codes; of the values in the forms only those that a person decided, since
nothing else could tell later what was said. A chain proves order and consistency
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


class Chain:
    """The end of the chain inside a transaction, where events are added; `save` records them."""

    def __init__(self, connection: Connection, *, at: datetime, year: int) -> None:
        last = connection.execute(select(event.c.n, event.c.hash).order_by(event.c.n.desc()).limit(1)).first()
        self._n: int = last.n if last else 0
        self._prev: str = last.hash if last else FIRST
        self._connection, self._at, self._year = connection, at.astimezone(UTC), year
        self._new: list[Entry] = []

    def add(self, kind: str, payload: Mapping[str, Any]) -> Entry:
        """The next event."""
        self._n += 1
        found = chained(self._n, self._prev, self._at, kind, payload)
        entry = Entry(self._n, self._at, self._year, kind, payload, self._prev, found)
        self._prev = found
        self._new.append(entry)
        return entry

    def save(self) -> None:
        """Record what was added, in the transaction that makes it true."""
        if self._new:
            values = [{name: getattr(entry, name) for name in Entry.__slots__} for entry in self._new]
            self._connection.execute(insert(event), values)
            self._new.clear()


def entries_after(connection: Connection, n: int, year: int) -> list[Entry]:
    """The events of a year with a higher number, in order."""
    query = select(event).where(event.c.n > n, event.c.year == year).order_by(event.c.n)
    return [Entry(**row) for row in connection.execute(query).mappings()]


def years(connection: Connection) -> list[int]:
    """The years that have events."""
    return sorted(connection.execute(select(event.c.year).distinct()).scalars())


def last(connection: Connection, kind: str) -> int:
    """The number of the last event of a kind, 0 for none."""
    return connection.execute(select(func.max(event.c.n)).where(event.c.kind == kind)).scalar() or 0


def count(connection: Connection) -> int:
    """How many events there are."""
    return connection.execute(select(func.count()).select_from(event)).scalar_one()


def _content(at: datetime, kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"at": at.isoformat(), "kind": kind, "payload": dict(payload)}
