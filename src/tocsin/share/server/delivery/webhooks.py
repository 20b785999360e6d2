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
import secrets
from collections.abc import Sequence
from typing import Any

import httpx
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from tocsin.errors import UsageError
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.accounts.sealing import Seal
from tocsin.share.server.database.connection import Database, moment
from tocsin.share.server.database.objects import select_visible
from tocsin.share.server.database.outbound import deliveries, webhooks
from tocsin.share.server.database.tables import objects

SECOND = 1_000_000
HOUR = 3600 * SECOND
OVERLAP = 24.0
"""Hours for which the secret from before signs beside a new one, unless somebody says otherwise."""
LONGEST_OVERLAP = 720.0
"""Hours: a month. Two secrets are twice as many to be lost."""
MOST = 20
"""Webhooks of one account, at most."""
NEWEST = 10
"""Deliveries that a page shows of a webhook."""
PREFIX = "whsec_"


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
    hosts: Sequence[str] | None = None,
) -> str:
    """Let a program be told of what a reader may see, from now on.

    Args:
        database: the database.
        connection: a connection that writes.
        seal: seals the secret.
        reader: the account for which it asks.
        url: the address to post to.
        live: False for a program that plays an exercise along.
        hosts: the only ones to which the address may lead, with a port where it is not 443; None:
            any. Whoever is not the operator could else let the server ask within its own network.

    Returns:
        The secret, which is shown once.

    Raises:
        UsageError: the address is not protected, or leads to another host, or the account has a
            webhook to it, or too many.
    """
    parts = _parse(url)
    if parts.scheme != "https" or not parts.host or parts.userinfo:
        raise UsageError(
            "The address is not protected.", where="url",
            remedy="Give an address that begins with https://, without a name or password.",
        )  # fmt: skip
    if hosts is not None and parts.netloc not in {_parse(f"https://{one}").netloc for one in hosts}:
        raise UsageError(
            "The operator of this server has not named this host for webhooks.", where="url",
            remedy="Ask the operator to name it in 'webhook_hosts', or take one that is named.",
        )  # fmt: skip
    mine = select(webhooks.c.url).where(webhooks.c.account == reader.name)
    there = connection.execute(mine).scalars().all()
    if url in there or len(there) >= MOST:
        raise UsageError(
            "There is such a webhook already." if url in there else "There are too many webhooks.",
            where="url", remedy="Remove one that is not needed.",
        )  # fmt: skip
    secret = _new_secret()
    connection.execute(
        insert(webhooks).values(
            id=secrets.token_hex(16), account=reader.name, url=url, secret=seal.close(secret),
            place=database.time(), live=live,
        )
    )  # fmt: skip
    return secret


def _parse(url: str) -> httpx.URL:
    """Read an address as the client reads it that will ask there: nobody's reading else counts."""
    try:
        return httpx.URL(url)
    except httpx.InvalidURL as error:
        raise UsageError("This is no address.", where="url", remedy="Give one as https://…") from (
            error
        )


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


def list_deliveries(
    database: Database, connection: Connection, reader: Reader, hook: str
) -> list[Row[Any]]:
    """List the newest deliveries of a webhook that tell of what a reader may see now.

    How often something was sent of which the reader may know nothing by now is no part of it.

    Args:
        database: the database.
        connection: any connection.
        reader: who asks.
        hook: the webhook's id.

    Returns:
        Rows with `id`, `state`, `tries`, `tried`, `answer` and `due` of the delivery, and the
        `type` of the object; the newest object first, at most `NEWEST`.
    """
    names = ("id", "state", "tries", "tried", "answer", "due")
    query = (
        select_visible(database, connection, reader)
        .join(deliveries, deliveries.c.row == objects.c.number)
        .where(deliveries.c.hook == hook)
        .with_only_columns(*(deliveries.c[one] for one in names), objects.c.type)
        .order_by(objects.c.date_added.desc(), deliveries.c.id)
    )
    found: list[Row[Any]] = list(connection.execute(query.limit(NEWEST)))
    return found


def state_of(hook: Row[Any]) -> str:
    """Give a text that changes with the secret and tells nothing of it, for forms."""
    return hashlib.sha256(hook.secret.encode()).hexdigest()[:16]


def end_overlap(database: Database, connection: Connection, hook: Row[Any]) -> None:
    """Forget the secret from before where its time is over."""
    if hook.secret_before and hook.before_until <= database.time():
        _change(connection, hook.id, secret_before="", before_until=0)


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
