"""Which objects belong to an exercise, and which webhooks are live or paused.

Revision: 3; before it: 2. What was there before is real.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Add the columns."""
    op.add_column(
        "objects", sa.Column("exercise", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "webhooks", sa.Column("paused", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "webhooks", sa.Column("live", sa.Boolean(), nullable=False, server_default=sa.true())
    )
