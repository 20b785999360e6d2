"""Ids and keys that a sender chose belong to the sender's organisation alone.

Revision: 7; before it: 6. What another organisation used before, and whoever asks may not see, no
longer tells itself by a refusal: digests of the keys of reports and of their sendings are taken
anew with the organisation, and objects of STIX are found by the id of their producer.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "7"
down_revision = "6"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table of producers' ids, and take the digests anew."""
    op.create_table(
        "aliases",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("object", sa.String(length=250), nullable=False),
        sa.Column("alias", sa.String(length=250), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_aliases"),
        sa.UniqueConstraint("object", name="uq_aliases_object"),
    )
    op.create_index("ix_aliases_alias", "aliases", ["alias"])
    op.execute(
        "INSERT INTO aliases (object, alias) SELECT id, id FROM objects "
        "WHERE newest AND media_type LIKE 'application/stix+json%' ORDER BY number"
    )
    connection = op.get_bind()
    # A new digest could be another row's old one only by a collision of SHA-256.
    for table, key, owner in (
        ("reports", "key_digest", "SELECT object, key_digest, organisation FROM reports"),
        (
            "submissions",
            "digest",
            "SELECT s.digest, s.digest, r.organisation FROM submissions s "
            "JOIN reports r ON r.object = s.object",
        ),
    ):
        id = "object" if table == "reports" else "digest"
        rows = connection.execute(sa.text(owner)).all()
        changed = [
            {"id_of": row[0], "new": hashlib.sha256(f"{row[2]}\n{row[1]}".encode()).hexdigest()}
            for row in rows
        ]
        if changed:
            connection.execute(
                sa.text(f"UPDATE {table} SET {key} = :new WHERE {id} = :id_of"), changed
            )
