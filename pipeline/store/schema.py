"""The tables of the registry and the revision this program works with.

The same definitions serve SQLite and PostgreSQL; `migrations/` makes them, and a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)

REVISION = "0002"
STATES = ("received", "decided", "archived")


class Instant(TypeDecorator[datetime]):
    """A moment with its time zone, kept in UTC; SQLite would give it back without a zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Zone → UTC; a moment without a zone is a defect."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "moment without a time zone"
            raise ValueError(msg)
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """UTC again."""
        return value.replace(tzinfo=UTC) if value is not None else None


metadata = MetaData()

arrival = Table(
    "arrival",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("unit", Text, nullable=False),
    Column("path", Text, nullable=False),  # below inbox/, as first seen
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("original", Text, nullable=False),  # where it will lie, below the workspace
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    CheckConstraint("state IN ('received', 'decided', 'archived')", name="arrival_state"),
)
Index(
    "arrival_unfinished",
    arrival.c.state,
    sqlite_where=text("state <> 'archived'"),
    postgresql_where=text("state <> 'archived'"),
)

submission = Table(
    "submission",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("arrival_id", ForeignKey("arrival.id"), nullable=False),
    Column("form", Integer, nullable=False),  # its place in the file, from 0
    Column("unit", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("type", Text),
    Column("layout", Text),
    Column("verdict", String(16), nullable=False),
    Column("number", Text),
    Column("key", Text, nullable=False),
    Column("subject", Text, nullable=False),  # what no two matters of a cycle may share, "" for nothing
    Column("chain", Text, nullable=False),  # first submission of the same matter
    Column("supersedes", ForeignKey("submission.id")),
    Column("active", Boolean, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("due", Date),  # last day for a correction
    Column("outcome", JSON, nullable=False),
    Column("progress", JSON),
)
_ACTIVE = text("active")
Index(
    "submission_once",
    submission.c.unit,
    submission.c.type,
    submission.c.sha256,
    submission.c.form,
    unique=True,
    sqlite_where=_ACTIVE,
    postgresql_where=_ACTIVE,
)
Index("submission_key", submission.c.type, submission.c.key)
Index("submission_subject", submission.c.type, submission.c.subject)
Index("submission_name", submission.c.unit, submission.c.name)
Index("submission_chain", submission.c.chain)
Index("submission_number", submission.c.number)
Index("submission_arrival", submission.c.arrival_id)
Index(
    "submission_waiting",
    submission.c.id,
    sqlite_where=text("active AND verdict = 'review'"),
    postgresql_where=text("active AND verdict = 'review'"),
)

counter = Table(
    "counter",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)

output = Table(
    "output_owed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("arrival_id", ForeignKey("arrival.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("path", Text, nullable=False),  # below the workspace
    Column("forms", JSON, nullable=False),  # which submissions of the arrival it speaks of
    Column("notice", JSON, nullable=False),  # everything else it says, so that it can be written again
    Column("state", String(8), nullable=False),
    Column("sha256", String(64)),
    CheckConstraint("state IN ('owed', 'written', 'void')", name="output_state"),
)
Index("output_arrival", output.c.arrival_id)
Index(
    "output_unwritten",
    output.c.arrival_id,
    sqlite_where=text("state = 'owed'"),
    postgresql_where=text("state = 'owed'"),
)

event = Table(
    "event",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("year", Integer, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
Index("event_learned", event.c.n, sqlite_where=text("kind = 'learned'"), postgresql_where=text("kind = 'learned'"))
