"""Accounts that RED of another server names are named with it; own markings are said anew.

Revision: 14; before it: 13. Neighbours have what was stated before with bare names of recipients,
of which some are bodies of this server alone. Stated anew, they say so.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "14"
down_revision = "13"
LONGEST = 200
OTHERS = sa.text(
    "SELECT DISTINCT o.origin, o.audience, a.markings FROM objects o "
    "JOIN audiences a ON a.number = o.audience WHERE o.origin <> ''"
)
OWN = sa.text(
    "SELECT DISTINCT o.audience, a.markings FROM objects o "
    "JOIN audiences a ON a.number = o.audience WHERE o.origin = '' AND o.newest"
)


def upgrade() -> None:
    """Name the accounts, and let what gives something to organisations be stated anew."""
    connection = op.get_bind()
    servers = {row.name for row in connection.execute(sa.text("SELECT name FROM neighbours"))}
    for origin, audience, markings in connection.execute(OTHERS).all():
        told = json.loads(markings)
        named = [_named(one, origin, servers) for one in told]
        if named != told:
            connection.execute(
                sa.text(
                    "UPDATE objects SET audience = :to WHERE origin = :origin AND audience = :at"
                ),
                {"to": _number(connection, named), "origin": origin, "at": audience},
            )
    for audience, markings in connection.execute(OWN).all():
        if any(one.get("recipients") for one in json.loads(markings)):
            connection.execute(
                sa.text(
                    "UPDATE neighbour_statements SET place = -place "
                    "WHERE place > 0 AND made_of <> '' AND id IN (SELECT id FROM objects "
                    "WHERE origin = '' AND newest AND audience = :at)"
                ),
                {"at": audience},
            )


def _named(one: dict[str, Any], origin: str, servers: set[str]) -> dict[str, Any]:
    if not one.get("readers"):
        return one
    endings = tuple(f" ({server})" for server in {origin, *servers})
    # A name that is too long with its server becomes one that no account has.
    readers = {
        name if name.endswith(endings) else f"{name[: LONGEST - len(origin) - 3]} ({origin})"
        for name in one["readers"]
    }
    return one | {"readers": sorted(readers)}


def _number(connection: sa.Connection, markings: list[dict[str, Any]]) -> int:
    texts = sorted({json.dumps(one, sort_keys=True, ensure_ascii=False) for one in markings})
    text = f"[{', '.join(texts)}]"
    digest = hashlib.sha256(text.encode()).hexdigest()
    by = sa.text("SELECT number FROM audiences WHERE digest = :digest")
    number = connection.execute(by, {"digest": digest}).scalar()
    if number is None:
        connection.execute(
            sa.text("INSERT INTO audiences (digest, markings) VALUES (:digest, :text)"),
            {"digest": digest, "text": text},
        )
        number = connection.execute(by, {"digest": digest}).scalar_one()
    return int(number)
