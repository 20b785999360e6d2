"""Of which reports a collected file was made, and of which files an object was computed.

Revision: 12; before it: 11.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "12"
down_revision = "11"


def upgrade() -> None:
    """Make both tables; of what was collected and published before nothing is known."""
    for name, column in (("collected_reports", "report"), ("computed_from", "object")):
        op.create_table(
            name,
            sa.Column("sha256", sa.String(length=64), nullable=False),
            sa.Column(column, sa.String(length=250), nullable=False),
            sa.PrimaryKeyConstraint("sha256", column, name=f"pk_{name}"),
        )
        op.create_index(f"ix_{name}_{column}", name, [column])
