"""Sending: deliveries to webhooks are made of what changed, and tried until they are taken.

Whether a webhook's account may see a row is asked when the delivery is made and again when it is
sent. What the receiver answered is kept beside the delivery.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import Connection, Row, insert, select, update

from tocsin.share.server.access.reader import Reader
from tocsin.share.server.accounts.sealing import Seal
from tocsin.share.server.database.connection import Database, moment
from tocsin.share.server.database.objects import Object, select_visible
from tocsin.share.server.database.outbound import deliveries, webhooks
from tocsin.share.server.database.tables import objects
from tocsin.share.server.delivery.webhooks import SECOND, end_overlap, sign

WAITS = tuple(SECOND * one for one in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
"""Microseconds between tries, as the standard recommends; after the last it has failed."""
PAGE = 500


@dataclass(frozen=True)
class Sent:
    """This is what came of a round of deliveries."""

    done: int = 0
    again: int = 0
    failed: int = 0
    hidden: int = 0


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
        end_overlap(database, connection, hook)
        if reader is None or hook.paused:
            continue
        query = select_visible(database, connection, reader).where(
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
    silent: set[str] | None = None,
    limit: int = PAGE,
) -> Sent:
    """Try the deliveries that are due, once each.

    Where no answer comes, the receiver's other deliveries wait for another turn: one that hangs
    would hold up all others for as long as it is waited for, once for each delivery.

    Whether the reader may see the row is asked again at this moment. No transaction is open while
    a receiver is waited for; a stop in between means that a delivery is tried again under its id.

    Args:
        database: the database.
        client: it should follow no redirects.
        seal: opens the secrets.
        reader_of: gives the reader of an account; None where it is disabled.
        body_of: writes what is sent of a row to a reader.
        silent: the webhooks whose receivers gave no answer in this turn, which are left alone; it
            is added to. None: those of this call.
        limit: at most so many.

    Returns:
        How many were delivered, will be tried again, failed for good, or are hidden by now.

    Raises:
        TocsinError: a secret was sealed with another key; what waits goes on waiting.
    """
    counts = {"done": 0, "again": 0, "failed": 0, "hidden": 0}
    silent = set() if silent is None else silent
    with database.reading() as connection:
        due = (deliveries.c.state == "waiting") & (deliveries.c.due <= database.time())
        due &= ~webhooks.c.paused & webhooks.c.id.not_in(silent)
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
        if one.hook in silent:
            continue
        reader, answer = reader_of(one.account), 0
        row = _row(database, reader, one.row, live=one.live)
        if row is None or reader is None:
            outcome = "hidden"
        else:
            answer = _post(database, client, seal, one, id=one.id, body=body_of(reader, row))
            tried = "again" if one.tries < len(WAITS) else "failed"
            outcome = "done" if is_taken(answer) else tried
            if not answer:
                silent.add(one.hook)
        counts[outcome] += 1
        _settle(database, one, outcome, answer)
    return Sent(**counts)


def _row(database: Database, reader: Reader | None, number: int, *, live: bool) -> Object | None:
    if reader is None:
        return None
    with database.reading() as connection:
        query = select_visible(database, connection, reader).where(
            objects.c.number == number, objects.c.newest
        )
        if live:
            query = query.where(~objects.c.exercise)
        return connection.execute(query).one_or_none()


def send_test(database: Database, client: httpx.Client, seal: Seal, hook: Row[Any]) -> int:
    """Send a webhook something that tells of no object, signed as deliveries are.

    Args:
        database: the database.
        client: it should follow no redirects.
        seal: opens the secrets.
        hook: its row.

    Returns:
        The status that the receiver answered; 0: no answer came.

    Raises:
        TocsinError: the secret was sealed with another key.
    """
    at = moment(database.time()).isoformat()
    told = json.dumps({"type": "test", "timestamp": at, "data": {}}, sort_keys=True).encode()
    return _post(database, client, seal, hook, id=f"msg_{secrets.token_hex(16)}", body=told)


def is_taken(answer: int) -> bool:
    """Tell whether an answer says that the receiver has what it was sent."""
    return 200 <= answer < 300


def _post(
    database: Database, client: httpx.Client, seal: Seal, hook: Row[Any], *, id: str, body: bytes
) -> int:
    second = database.time() // SECOND
    known = [hook.secret]
    if hook.secret_before and hook.before_until > database.time():
        known.append(hook.secret_before)
    headers = {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(second),
        "webhook-signature": " ".join(sign(seal.open(one), id, second, body) for one in known),
    }
    try:
        # What stands in the answer is not read: it could be endless.
        with client.stream("POST", hook.url, content=body, headers=headers) as answer:
            return answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL):
        return 0


def _settle(database: Database, one: Row[Any], outcome: str, answer: int) -> None:
    values: dict[str, Any] = {"tries": one.tries + 1, "state": outcome, "answer": answer}
    values["tried"] = database.time()
    if outcome == "again":
        values |= {"state": "waiting", "due": database.time() + WAITS[one.tries]}
    with database.writing() as connection:
        connection.execute(update(deliveries).where(deliveries.c.id == one.id).values(**values))
