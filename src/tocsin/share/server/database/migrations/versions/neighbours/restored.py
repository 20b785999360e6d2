"""What a neighbour's log lost, and of which logs we do not know what we cosigned.

Revision: 15; before it: 14.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "15"
down_revision = "14"


def upgrade() -> None:
    """Add the columns: nothing was refused so far, and nothing is unknown."""
    for column in (
        sa.Column("refused", sa.Text(), nullable=False, server_default=""),
        sa.Column("unsure", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("neighbours", column)
