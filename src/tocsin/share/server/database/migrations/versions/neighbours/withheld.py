"""What a neighbour was told last of an object that is not for it any more.

Revision: 11; before it: 10.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "11"
down_revision = "10"


def upgrade() -> None:
    """Add the columns; who was told before is told once more."""
    with op.batch_alter_table("neighbour_given") as batch:
        batch.add_column(sa.Column("withheld", sa.BigInteger(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("head", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_neighbour_given_withheld", "neighbour_given", ["neighbour", "withheld"])
