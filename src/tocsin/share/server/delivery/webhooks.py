"""Webhooks: a program is told of what changed, with a signature and an id by which it knows it.

Standard Webhooks (https://www.standardwebhooks.com), 1.0: the headers `webhook-id`,
`webhook-timestamp` and `webhook-signature`, HMAC-SHA-256 over the three parts with full stops
between, once for each secret that counts. Secrets are sealed in the database. The id is made of
the hook and of the row, so a delivery has the same one each time it is tried, after a restart too,
and the receiver can pass over what it has.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from sqlalchemy import Connection, delete, func, insert, select, update

from tocsin.errors import UsageError
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.accounts.sealing import Seal
from tocsin.share.server.database.connection import Database, moment
from tocsin.share.server.database.objects import Object, shown
from tocsin.share.server.database.outbound import deliveries, webhooks
from tocsin.share.server.database.tables import objects

SECOND = 1_000_000
WAITS = tuple(SECOND * one for one in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
"""Microseconds between tries, as the standard recommends; after the last it has failed."""
PAGE = 500
HOUR = 3600 * SECOND
OVERLAP = 24.0
"""Hours for which the secret from before signs beside a new one, unless somebody says otherwise."""
LONGEST_OVERLAP = 720.0
"""Hours: a month. Two secrets are twice as many to be lost."""
PREFIX = "whsec_"


@dataclass(frozen=True)
class Sent:
    """This is what came of a round of deliveries."""

    done: int = 0
    again: int = 0
    failed: int = 0
    hidden: int = 0


def sign(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """Sign a delivery.

    Args:
        secret: `whsec_` and Base64.
        id: the delivery's id.
        timestamp: seconds since 1970.
        body: what is sent.

    Returns:
        The value of the header `webhook-signature`.

    Raises:
        UsageError: the secret is none.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError as error:
        raise UsageError("This is no secret of a webhook.") from error
    signed = hmac.digest(key, f"{id}.{timestamp}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(signed).decode()}"


def add_hook(
    database: Database,
    connection: Connection,
    seal: Seal,
    reader: Reader,
    url: str,
    *,
    live: bool = True,
) -> str:
    """Let a program be told of what a reader may see, from now on.

    Args:
        database: the database.
        connection: a connection that writes.
        seal: seals the secret.
        reader: the account for which it asks.
        url: the address to post to.
        live: False for a program that plays an exercise along.

    Returns:
        The secret, which is shown once.

    Raises:
        UsageError: the address is not protected.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username:
        raise UsageError(
            "The address is not protected.", where="url",
            remedy="Give an address that begins with https://, without a name or password.",
        )  # fmt: skip
    secret = _new_secret()
    connection.execute(
        insert(webhooks).values(
            id=secrets.token_hex(16), account=reader.name, url=url, secret=seal.close(secret),
            place=database.time(), live=live,
        )
    )  # fmt: skip
    return secret


def _new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def list_hooks(connection: Connection) -> list[dict[str, Any]]:
    """List the webhooks without their secrets, with how many deliveries are in each state.

    Args:
        connection: any connection.
    """
    counted = select(deliveries.c.hook, deliveries.c.state, func.count()).group_by(
        deliveries.c.hook, deliveries.c.state
    )
    counts: dict[str, dict[str, int]] = {}
    for hook, state, n in connection.execute(counted):
        counts.setdefault(hook, {})[state] = n
    rows = connection.execute(select(webhooks).order_by(webhooks.c.account, webhooks.c.id)).all()
    return [
        {"id": one.id, "account": one.account, "url": one.url, "paused": bool(one.paused),
         "live": bool(one.live), "deliveries": counts.get(one.id, {}),
         "two_secrets_until": moment(one.before_until).isoformat() if one.secret_before else None}
        for one in rows
    ]  # fmt: skip


def rotate_secret(
    database: Database,
    connection: Connection,
    seal: Seal,
    id: str,
    *,
    overlap: float = OVERLAP,
) -> str:
    """Give a webhook a new secret; for a while the old one signs, too.

    The header then holds two signatures, and a receiver that knows either secret finds one that is
    right. A secret from before the old one signs nothing from now on.

    Args:
        database: the database.
        connection: a connection that writes.
        seal: seals the secret.
        id: the webhook.
        overlap: hours for which the old secret signs beside the new one; 0: not at all, as where
            it may be known to others.

    Returns:
        The secret, which is shown once.

    Raises:
        UsageError: there is no such webhook, or the overlap is too long.
    """
    if not 0 <= overlap <= LONGEST_OVERLAP:
        raise UsageError(
            "There is no such overlap.", where="overlap",
            remedy=f"Give 0 to {LONGEST_OVERLAP:.0f} hours.",
        )  # fmt: skip
    secret = _new_secret()
    before = {"secret_before": webhooks.c.secret if overlap else "",
              "before_until": database.time() + int(overlap * HOUR) if overlap else 0}  # fmt: skip
    _change(connection, id, secret=seal.close(secret), **before)
    return secret


def seal_secrets(database: Database, seal: Seal) -> int:
    """Seal secrets that stand in the database as they are, as earlier versions left them.

    Args:
        database: the database.
        seal: seals them.

    Returns:
        How many were sealed.
    """
    query = select(webhooks.c.id, webhooks.c.secret).where(webhooks.c.secret.startswith(PREFIX))
    with database.reading() as connection:
        if connection.execute(query.limit(1)).first() is None:
            return 0
    with database.writing() as connection:
        rows = connection.execute(query).all()
        for one in rows:
            _change(connection, one.id, secret=seal.close(one.secret))
    return len(rows)


def pause_hook(connection: Connection, id: str, *, paused: bool) -> None:
    """Pause a webhook, or go on; what came meanwhile is then delivered.

    Raises:
        UsageError: there is no such webhook.
    """
    _change(connection, id, paused=paused)


def remove_hook(connection: Connection, id: str) -> None:
    """Remove a webhook and what waits for it.

    Raises:
        UsageError: there is no such webhook.
    """
    _change(connection, id, paused=True)
    connection.execute(delete(deliveries).where(deliveries.c.hook == id))
    connection.execute(delete(webhooks).where(webhooks.c.id == id))


def _change(connection: Connection, id: str, **values: object) -> None:
    if not connection.execute(
        update(webhooks).where(webhooks.c.id == id).values(**values)
    ).rowcount:
        raise UsageError("There is no such webhook.", where=id,
                         remedy="`tocsin webhooks list` shows them.")  # fmt: skip


def describe(row: Object) -> bytes:
    """Write what a webhook is told of a row: JSON with `type`, `timestamp` and `data`.

    Args:
        row: the object.

    Returns:
        The bytes; content that is no JSON is left out, and is asked for by the object's id.
    """
    data: dict[str, Any] = {
        "id": row.id, "type": row.type, "owner": row.owner, "jurisdiction": row.jurisdiction,
        "exercise": bool(row.exercise),
    }  # fmt: skip
    if row.media_type == "application/json" and not row.deleted:
        data["payload"] = json.loads(row.payload)
    told = {
        "type": f"{row.type}.{'deleted' if row.deleted else 'changed'}",
        "timestamp": moment(row.date_added).isoformat(), "data": data,
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def enqueue(
    database: Database, connection: Connection, reader_of: Callable[[str], Reader | None]
) -> int:
    """Make a delivery of each row that came since, for each hook whose reader may see it.

    Args:
        database: the database.
        connection: a connection that writes.
        reader_of: gives the reader of an account; None where it is disabled.

    Returns:
        How many deliveries were made.
    """
    made = 0
    for hook in connection.execute(select(webhooks)).all():
        reader = reader_of(hook.account)
        if hook.secret_before and hook.before_until <= database.time():
            _change(connection, hook.id, secret_before="", before_until=0)
        if reader is None or hook.paused:
            continue
        query = shown(database, connection, reader).where(
            objects.c.newest, objects.c.date_added > hook.place
        )
        if hook.live:
            query = query.where(~objects.c.exercise)
        rows = connection.execute(query.order_by(objects.c.date_added).limit(PAGE)).all()
        for row in rows:
            values = {"id": _id(hook.id, row), "hook": hook.id, "row": row.number, "tries": 0,
                      "due": database.time(), "state": "waiting"}  # fmt: skip
            connection.execute(insert(deliveries).values(**values))
        if rows:
            here = webhooks.c.id == hook.id
            connection.execute(update(webhooks).where(here).values(place=rows[-1].date_added))
        made += len(rows)
    return made


def _id(hook: str, row: Object) -> str:
    return "msg_" + hashlib.sha256(f"{hook} {row.id} {row.version}".encode()).hexdigest()[:32]


def send_due(
    database: Database,
    client: httpx.Client,
    seal: Seal,
    reader_of: Callable[[str], Reader | None],
    body_of: Callable[[Reader, Object], bytes],
    *,
    limit: int = PAGE,
) -> Sent:
    """Try the deliveries that are due, once each.

    Whether the reader may see the row is asked again at this moment. No transaction is open while
    a receiver is waited for; a stop in between means that a delivery is tried again under its id.

    Args:
        database: the database.
        client: it should follow no redirects.
        seal: opens the secrets.
        reader_of: gives the reader of an account; None where it is disabled.
        body_of: writes what is sent of a row to a reader.
        limit: at most so many.

    Returns:
        How many were delivered, will be tried again, failed for good, or are hidden by now.

    Raises:
        TocsinError: a secret was sealed with another key; what waits goes on waiting.
    """
    counts = {"done": 0, "again": 0, "failed": 0, "hidden": 0}
    with database.reading() as connection:
        due = (deliveries.c.state == "waiting") & (deliveries.c.due <= database.time())
        due &= ~webhooks.c.paused
        query = select(
            deliveries,
            webhooks.c.url,
            webhooks.c.account,
            webhooks.c.live,
            webhooks.c.secret,
            webhooks.c.secret_before,
            webhooks.c.before_until,
        ).join(webhooks, webhooks.c.id == deliveries.c.hook)
        waiting = connection.execute(
            query.where(due).order_by(deliveries.c.due, deliveries.c.id).limit(limit)
        ).all()
    for one in waiting:
        reader = reader_of(one.account)
        row = _row(database, reader, one.row, live=one.live)
        if row is None or reader is None:
            outcome = "hidden"
        elif _post(database, client, seal, one, body_of(reader, row)):
            outcome = "done"
        else:
            outcome = "again" if one.tries < len(WAITS) else "failed"
        counts[outcome] += 1
        _settle(database, one, outcome)
    return Sent(**counts)


def _row(database: Database, reader: Reader | None, number: int, *, live: bool) -> Object | None:
    if reader is None:
        return None
    with database.reading() as connection:
        query = shown(database, connection, reader).where(
            objects.c.number == number, objects.c.newest
        )
        if live:
            query = query.where(~objects.c.exercise)
        return connection.execute(query).one_or_none()


def _post(database: Database, client: httpx.Client, seal: Seal, one: Any, body: bytes) -> bool:
    second = database.time() // SECOND
    known = [one.secret]
    if one.secret_before and one.before_until > database.time():
        known.append(one.secret_before)
    headers = {
        "content-type": "application/json",
        "webhook-id": one.id,
        "webhook-timestamp": str(second),
        "webhook-signature": " ".join(
            sign(seal.open(secret), one.id, second, body) for secret in known
        ),
    }
    try:
        return client.post(one.url, content=body, headers=headers).is_success
    except httpx.HTTPError:
        return False


def _settle(database: Database, one: Any, outcome: str) -> None:
    values: dict[str, Any] = {"tries": one.tries + 1, "state": outcome}
    if outcome == "again":
        values |= {"state": "waiting", "due": database.time() + WAITS[one.tries]}
    with database.writing() as connection:
        connection.execute(update(deliveries).where(deliveries.c.id == one.id).values(**values))
