"""Secrets of webhooks that overlap, and what became of what was sent by TAXII.

Revision: 8; before it: 7. Secrets that stand there as they are get sealed when the data folder is
opened, since their key lies in it and not in the database.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8"
down_revision = "7"


def upgrade() -> None:
    """Add the columns and the table."""
    with op.batch_alter_table("webhooks") as batch:
        batch.alter_column("secret", type_=sa.Text(), existing_nullable=False)
        batch.add_column(sa.Column("secret_before", sa.Text(), nullable=False, server_default=""))
        batch.add_column(
            sa.Column("before_until", sa.BigInteger(), nullable=False, server_default="0")
        )
    op.create_table(
        "taxii_statuses",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_taxii_statuses"),
    )
    op.create_index("ix_taxii_statuses_account_made", "taxii_statuses", ["account", "made"])
    op.create_index("ix_taxii_statuses_made", "taxii_statuses", ["made"])
