"""Two small indexes: outputs that are still owed and what the office taught, for every look asks for them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the indexes."""
    owed = sa.text("state = 'owed'")
    op.create_index("output_unwritten", "output_owed", ["arrival_id"], sqlite_where=owed, postgresql_where=owed)
    learned = sa.text("kind = 'learned'")
    op.create_index("event_learned", "event", ["n"], sqlite_where=learned, postgresql_where=learned)
