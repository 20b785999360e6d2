"""What the server sends by itself, as each asker gets it: webhooks, digests, the neighbours' feed.

A webhook is made to have a delivery of every row, as if each had been shown to its account when it
was queued and been marked since: what is sent, and what the page of webhooks tells of it, may be of
nothing but what the account may see now.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import delete, insert, select, update

from tocsin.bench.share.permissions.people import Asker
from tocsin.bench.share.permissions.world import PUBLIC, Answer, World
from tocsin.share.audit.note import new_key
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.database.connection import moment
from tocsin.share.server.database.outbound import deliveries, webhooks
from tocsin.share.server.database.tables import objects
from tocsin.share.server.delivery.digest import day_of, write_digest
from tocsin.share.server.delivery.sending import describe, enqueue, send_due
from tocsin.share.server.delivery.webhooks import add_hook, list_hooks, remove_hook
from tocsin.share.server.neighbours.feed import read_feed

PLACES = ("webhook's queue", "webhook", "page of webhooks", "digest", "neighbours' feed")
SENT = 60
"""Deliveries that are sent for each asker."""
ZONE = ZoneInfo("UTC")
KEY = new_key("measured")


def sent_to(world: World, asker: Asker) -> Iterator[tuple[str, set[int]]]:
    """Give the numbers of the objects that show in what is sent to an asker, by place.

    Args:
        world: the server.
        asker: who gets it; nobody known gets nothing.

    Returns:
        A place of `PLACES` and the numbers, for each place.
    """
    if not asker.role:
        yield from ((place, set()) for place in PLACES)
        return
    reader = world.signed[asker].reader
    yield from _told_by_webhook(world, asker, reader)
    yield "digest", _digest(world, reader)
    yield "neighbours' feed", _feed(world, reader)


def _told_by_webhook(world: World, asker: Asker, reader: Reader) -> Iterator[tuple[str, set[int]]]:
    database, seal = world.database, world.service.seal
    with database.writing() as connection:
        add_hook(database, connection, seal, reader, "https://receiver.example/hook")
        (hook,) = (one["id"] for one in list_hooks(connection))
        connection.execute(update(webhooks).values(place=0))
        while enqueue(database, connection, lambda _name: reader):
            pass
        # A second version of what is in the world was released, with its sign, to everybody.
        columns = (objects.c.number, objects.c.id, objects.c.payload)
        rows = connection.execute(select(*columns).where(objects.c.version != 2)).all()
        queued = set(connection.execute(select(deliveries.c.row)).scalars())
        yield "webhook's queue", _names(one for one in rows if one.number in queued)
        connection.execute(delete(deliveries))
        # The id is shown on the page, so it carries the sign of its row.
        made: list[dict[str, Any]] = [
            {"id": f"{_sign(one)} {one.number}"[:64], "hook": hook, "row": one.number, "tries": 0,
             "due": 0, "state": "waiting"} for one in rows
        ]  # fmt: skip
        connection.execute(insert(deliveries), made)
    got: list[bytes] = []

    def take(request: httpx.Request) -> httpx.Response:
        got.append(request.content)
        return httpx.Response(200)

    with httpx.Client(transport=httpx.MockTransport(take)) as client:
        send_due(
            database, client, seal, lambda _name: reader, lambda _, row: describe(row), limit=SENT
        )
    yield "webhook", Answer(200, "", b"".join(got)).names()
    yield "page of webhooks", world.ask(asker, "GET", "/webhooks").names()
    with database.writing() as connection:
        remove_hook(connection, hook)


def _names(rows: Iterator[Any]) -> set[int]:
    return Answer(200, "", b"".join(row.id.encode() + row.payload for row in rows)).names()


def _sign(row: Any) -> str:
    """A sign that names the object of a row, if any has one."""
    found = sorted(_names(iter([row])))
    return f"sign-{found[0]:05d}-sign" if found else "plain"


def _digest(world: World, reader: Reader) -> set[int]:
    """The digests around the moment at which all rows were written."""
    database = world.database
    with database.reading() as connection:
        at = connection.execute(
            select(objects.c.date_added).where(objects.c.id == PUBLIC)
        ).scalar_one()
        day = day_of(moment(at).astimezone(UTC), 7, ZONE)
        texts = [
            write_digest(database, connection, reader, day + timedelta(days=n), zone=ZONE)
            for n in (-1, 0, 1)
        ]
    return Answer(200, "", "".join(texts).encode()).names()


def _feed(world: World, reader: Reader) -> set[int]:
    heard, after, more = b"", 0, True
    while more:
        with world.database.writing() as connection:
            page = read_feed(world.database, connection, reader, KEY, after=after)
        heard += b"".join(entry.head.encode() + entry.body for entry in page.entries)
        after, more = page.next, page.more
    return Answer(200, "", heard).names()
