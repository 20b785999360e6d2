"""Who owns what came from another server is named with that server.

Revision: 13; before it: 12. A marking that the owner set is the owner's at that server, too, and
no namesake here is meant by it. All other names stay as they are.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "13"
down_revision = "12"
LONGEST = 200


def upgrade() -> None:
    """Name the owners, and find or add the audiences that this makes."""
    connection = op.get_bind()
    found = connection.execute(
        sa.text(
            "SELECT DISTINCT o.owner, o.origin, o.audience, a.markings FROM objects o "
            "JOIN audiences a ON a.number = o.audience WHERE o.origin <> '' AND o.owner <> ''"
        )
    ).all()
    for owner, origin, audience, markings in found:
        named = f"{owner} ({origin})"
        if owner.endswith(f" ({origin})") or len(named) > LONGEST:
            continue
        told = [one | _owner(one, owner, named) for one in json.loads(markings)]
        connection.execute(
            sa.text(
                "UPDATE objects SET owner = :named, audience = :to "
                "WHERE owner = :owner AND origin = :origin AND audience = :audience"
            ),
            {"named": named, "owner": owner, "origin": origin, "audience": audience,
             "to": _number(connection, told)},
        )  # fmt: skip


def _owner(one: dict[str, Any], owner: str, named: str) -> dict[str, Any]:
    return {"owner": named} if one.get("owner") == owner else {}


def _number(connection: sa.Connection, markings: list[dict[str, Any]]) -> int:
    texts = sorted(json.dumps(one, sort_keys=True, ensure_ascii=False) for one in markings)
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
