"""How the registry is opened: the only place that knows which database it is.

SQLite: every transaction begins IMMEDIATE, waits for another writer, and is durable when COMMIT returns. WAL is used
only where SQLite no longer has the bug that can lose commits when two connections write and checkpoint (fixed in
3.51.3, 3.50.7 and 3.44.6; 3.52.0 was withdrawn); elsewhere the rollback journal is truncated.
"""

from __future__ import annotations

import json
import sqlite3
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool, StaticPool

if TYPE_CHECKING:
    from pathlib import Path

_BUSY_MS = 20_000


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite keeps every commit in WAL mode."""
    if version[:2] == (3, 52):
        return version >= (3, 52, 1)
    if version[:2] == (3, 50):
        return version >= (3, 50, 7)
    if version[:2] == (3, 44):
        return version >= (3, 44, 6)
    return version >= (3, 51, 3)


def open_engine(path: Path) -> Engine:
    """The registry at `path`, made when missing."""
    engine = _engine(URL.create("sqlite", database=str(path)))
    event.listen(engine, "connect", _durable)
    return engine


def rehearsal_engine(path: Path) -> Engine:
    """A copy in memory of the registry at `path` (empty when there is none): nothing done to it leaves a trace."""
    memory = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    if path.exists():
        source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_MS / 1000)
        try:
            source.backup(memory)
        finally:
            source.close()
    return _engine("sqlite://", creator=lambda: memory, poolclass=StaticPool)


def _engine(url: URL | str, **options: Any) -> Engine:
    engine = create_engine(
        url,
        json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
        **({"poolclass": NullPool} | options),
    )
    event.listen(engine, "connect", _plain)
    event.listen(engine, "begin", _begin)
    return engine


def _plain(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN is deferred and fails later instead of waiting
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    connection.execute("PRAGMA foreign_keys=ON")


def _durable(connection: sqlite3.Connection, record: object) -> None:
    connection.execute("PRAGMA synchronous=FULL")
    if not (wal_is_safe(sqlite3.sqlite_version_info) and _wal_works(connection)):
        connection.execute("PRAGMA journal_mode=TRUNCATE")


def _wal_works(connection: sqlite3.Connection) -> bool:
    """Where the file system cannot do WAL, SQLite says yes and fails at the first write: so write."""
    try:
        mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute(f"PRAGMA user_version={int(version)}")
    except sqlite3.OperationalError:
        return False
    return bool(mode == "wal")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
