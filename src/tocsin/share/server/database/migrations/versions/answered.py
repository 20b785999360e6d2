"""What the receiver of a webhook answered, and when it was last asked.

Revision: 9; before it: 8.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9"
down_revision = "8"


def upgrade() -> None:
    """Add the columns; nothing is known of what was delivered before."""
    with op.batch_alter_table("webhook_deliveries") as batch:
        for name, type in (("tried", sa.BigInteger()), ("answer", sa.Integer())):
            batch.add_column(sa.Column(name, type, nullable=False, server_default="0"))
