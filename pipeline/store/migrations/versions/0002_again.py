"""Three small indexes, for every look asks: outputs still owed, what waits for a person, what the office taught."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the indexes."""
    owed = sa.text("state = 'owed'")
    op.create_index("output_unwritten", "output_owed", ["arrival_id"], sqlite_where=owed, postgresql_where=owed)
    waiting = sa.text("active AND verdict = 'review'")
    op.create_index("submission_waiting", "submission", ["id"], sqlite_where=waiting, postgresql_where=waiting)
    learned = sa.text("kind = 'learned'")
    op.create_index("event_learned", "event", ["n"], sqlite_where=learned, postgresql_where=learned)
