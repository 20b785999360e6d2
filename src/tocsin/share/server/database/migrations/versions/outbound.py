"""Tables of neighbours and webhooks, which earlier forms made at their first use.

Revision: 2; before it: 1. Where the tables are there already their rows are kept.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"

TABLES: dict[str, tuple[sa.Column[object] | sa.Constraint, ...]] = {
    "neighbour_statements": (
        sa.Column("id", sa.String(length=250), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("parent", sa.String(length=250), nullable=True),
        sa.Column("made_of", sa.String(length=100), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_neighbour_statements"),
        sa.UniqueConstraint("place", name="uq_neighbour_statements_place"),
    ),
    "neighbour_given": (
        sa.Column("neighbour", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=250), nullable=False),
        sa.PrimaryKeyConstraint("neighbour", "id", name="pk_neighbour_given"),
    ),
    "neighbour_cursors": (
        sa.Column("neighbour", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("neighbour", name="pk_neighbour_cursors"),
    ),
    "webhooks": (
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(length=100), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    ),
    "webhook_deliveries": (
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("hook", sa.String(length=32), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_deliveries"),
    ),
}
INDEXES = (
    ("neighbour_statements", "parent"),
    ("webhook_deliveries", "hook"),
    ("webhook_deliveries", "due"),
)


def upgrade() -> None:
    """Make the tables, and move the rows of those that were made before."""
    connection = op.get_bind()
    there = set(sa.inspect(connection).get_table_names())
    for table, column in INDEXES:
        if table in there:
            op.drop_index(f"ix_{table}_{column}", table)
    for name, parts in TABLES.items():
        before = f"{name}_before"
        if name in there:
            op.rename_table(name, before)
        op.create_table(name, *parts)
        if name in there:
            columns = [one.name for one in parts if isinstance(one, sa.Column)]
            old = sa.table(before, *(sa.column(one) for one in columns))
            new = sa.table(name, *(sa.column(one) for one in columns))
            op.execute(sa.insert(new).from_select(columns, sa.select(old)))
            op.drop_table(before)
    for table, column in INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column])
