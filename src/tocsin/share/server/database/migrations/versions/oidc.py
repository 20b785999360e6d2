"""Tables of sign-in by an organisation's own service.

Revision: 6; before it: 5.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6"
down_revision = "5"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "oidc_attempts",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("next", sa.String(length=100), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_oidc_attempts"),
    )
    op.create_table(
        "oidc_subjects",
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_oidc_subjects_account"),
        sa.PrimaryKeyConstraint("subject", name="pk_oidc_subjects"),
        sa.UniqueConstraint("account", name="uq_oidc_subjects_account"),
    )
