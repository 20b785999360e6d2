"""A second factor at sign-in, its recovery codes, and sessions that still wait for it.

Revision: 5; before it: 4. Nobody has a second factor before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5"
down_revision = "4"


def upgrade() -> None:
    """Add the columns and the table."""
    columns: tuple[tuple[str, sa.Column[object]], ...] = (
        ("accounts", sa.Column("factor", sa.Text(), nullable=False, server_default="")),
        ("accounts", sa.Column("factor_new", sa.Text(), nullable=False, server_default="")),
        ("accounts", sa.Column("factor_step", sa.BigInteger(), nullable=False, server_default="0")),
        (
            "sessions",
            sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false()),
        ),
        ("sessions", sa.Column("agent", sa.String(length=200), nullable=False, server_default="")),
    )
    for table, column in columns:
        op.add_column(table, column)
    op.create_table(
        "recovery_codes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_recovery_codes_account"),
        sa.PrimaryKeyConstraint("digest", name="pk_recovery_codes"),
    )
    op.create_index("ix_recovery_codes_account", "recovery_codes", ["account"])
