"""What became of what was sent by TAXII, kept for a while where all processes find it (4.3)."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from tocsin.share.server.accounts.people import DAY
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.database.outbound import taxii_statuses

KEPT = DAY
"""Microseconds for which it may be asked for: what was sent has been dealt with before the answer,
which says the same, so that a day is enough to ask again."""
MOST = 100
"""Of one account, the newest of these are kept."""


def keep_status(
    database: Database, connection: Connection, account: str, told: dict[str, Any]
) -> None:
    """Keep a status, in the transaction that wrote what it tells of; the oldest ones go.

    Args:
        database: the database.
        connection: a connection that writes.
        account: who sent it, and may ask.
        told: the resource, with its `id`.
    """
    table, now = taxii_statuses, database.time()
    connection.execute(delete(table).where(table.c.made < now - KEPT))
    mine = table.c.account == account
    newest = select(table.c.id).where(mine).order_by(table.c.made.desc(), table.c.id)
    connection.execute(delete(table).where(mine, table.c.id.not_in(newest.limit(MOST - 1))))
    body = json.dumps(told, ensure_ascii=False).encode()
    connection.execute(insert(table).values(id=told["id"], account=account, made=now, body=body))


def read_status(database: Database, connection: Connection, account: str, id: str) -> bytes:
    """Give a status as it was told.

    Args:
        database: the database.
        connection: any connection.
        account: who asks.
        id: its id.

    Returns:
        JSON.

    Raises:
        NoObject: there is none, it is too old, or another account sent what it tells of.
    """
    table = taxii_statuses
    mine = (table.c.id == id) & (table.c.account == account)
    fresh = mine & (table.c.made >= database.time() - KEPT)
    found = connection.execute(select(table.c.body).where(fresh)).scalar()
    if found is None:
        raise NoObject
    return bytes(found)
