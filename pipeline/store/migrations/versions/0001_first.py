"""The first registry: arrivals, submissions, numbers, owed outputs, events."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables and indexes."""
    _arrival()
    _submission()
    op.create_table(
        "counter",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "output_owed",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("arrival_id", sa.String(32), sa.ForeignKey("arrival.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("forms", sa.JSON, nullable=False),
        sa.Column("notice", sa.JSON, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.CheckConstraint("state IN ('owed', 'written', 'void')", name="output_state"),
    )
    op.create_index("output_arrival", "output_owed", ["arrival_id"])
    op.create_table(
        "event",
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def _arrival() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("reference", sa.String(16), nullable=False, unique=True),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("received_at", sa.DateTime, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("original", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.CheckConstraint("state IN ('received', 'decided', 'archived')", name="arrival_state"),
    )
    unfinished = sa.text("state <> 'archived'")
    op.create_index("arrival_unfinished", "arrival", ["state"], sqlite_where=unfinished, postgresql_where=unfinished)


def _submission() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("arrival_id", sa.String(32), sa.ForeignKey("arrival.id"), nullable=False),
        sa.Column("form", sa.Integer, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("type", sa.Text),
        sa.Column("layout", sa.Text),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("chain", sa.Text, nullable=False),
        sa.Column("supersedes", sa.Integer, sa.ForeignKey("submission.id")),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("outcome", sa.JSON, nullable=False),
        sa.Column("progress", sa.JSON),
    )
    active = sa.text("active")
    once = ["unit", "type", "sha256", "form"]
    op.create_index("submission_once", "submission", once, unique=True, sqlite_where=active, postgresql_where=active)
    op.create_index("submission_key", "submission", ["type", "key"])
    op.create_index("submission_subject", "submission", ["type", "subject"])
    op.create_index("submission_name", "submission", ["unit", "name"])
    for name in ("chain", "number"):
        op.create_index(f"submission_{name}", "submission", [name])
    op.create_index("submission_arrival", "submission", ["arrival_id"])
