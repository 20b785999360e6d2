"""Which versions publishing wrote, found at once among all acts on an object.

Revision: 10; before it: 9.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "10"
down_revision = "9"


def upgrade() -> None:
    """Add the index; it holds these acts alone, so that readings cost nothing more."""
    only = sa.text("verb = 'publish'")
    op.create_index(
        "ix_acts_published", "acts", ["object", "version"],
        sqlite_where=only, postgresql_where=only,
    )  # fmt: skip
