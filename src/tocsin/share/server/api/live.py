"""Live updates: Server-Sent Events that tell an open page which objects changed, and no more.

The format is that of the HTML standard (WHATWG, 9.2). An event has the object's id and a cursor;
what the object says is asked for as always, so that reading it is decided on and logged there.

A stream looks at fixed moments, whether anything was written or not, and its looks see what the
asker may see and nothing else. So a hidden object causes no event, no count and no other moment.
At each look it is asked anew who asks: a session that ended ends the stream.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection
from starlette.types import Receive, Scope, Send

from tocsin.share.server.access.reader import Reader
from tocsin.share.server.access.refusals import TooOften
from tocsin.share.server.api.answers import cursor_of, place_of, time
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Object, select_visible
from tocsin.share.server.database.tables import objects
from tocsin.share.server.web.asking import Here, Service, Signed, address_of, find
from tocsin.share.server.web.limits import Slots

router = APIRouter(prefix="/api", tags=["live"])
TICK = 1.0
"""Seconds between two looks."""
BEAT = 15
"""Looks between two comments that keep the connection open."""
LONGEST = 3600
"""Looks of one stream; browsers then connect again and go on after the last event."""
MOST = 1000
"""Events of one look; the next look goes on after them."""
END = b"event: end\ndata: {}\n\n"
"""Tells that whoever asked is not signed in any more."""

Ask = Callable[[], Reader | None]
"""Gives who asks now; None where the session or token does not hold any more."""
Place = tuple[int, str]


@router.get("/events")
async def events(
    request: Request,
    signed: Signed,
    here: Here,
    type: Annotated[list[str], Query(max_length=10)] = ["warning"],  # noqa: B006
    after: str = "",
    last_event_id: Annotated[str, Header()] = "",
) -> Response:
    """Tell which objects change, as Server-Sent Events, until the asker goes.

    A browser that lost the line names the last event that it got, and nothing is left out.
    """
    place = place_of(last_event_id or after)
    asker = signed.account or f"address {address_of(request)}"

    def ask() -> Reader | None:
        if not signed.reader.known:
            return signed.reader
        found = find(here, request)
        return found.reader if found else None

    return _Live(stream(here, ask, place, frozenset(type)), here.streams, asker)


class _Live(StreamingResponse):
    """This is an answer that has one of the places for streams from its beginning to its end.

    The place is not the body's to give back: where the asker leaves at once, the body never begins,
    and what never began does not end.
    """

    def __init__(self, body: AsyncIterator[bytes], places: Slots, asker: str) -> None:
        super().__init__(body, media_type="text/event-stream")
        self._places, self._asker = places, asker

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._places.take(self._asker):
            raise TooOften(30)
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._places.give_back(self._asker)


async def stream(
    here: Service,
    ask: Ask,
    place: Place,
    types: frozenset[str],
    *,
    looks: int = LONGEST,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[bytes]:
    """Write the stream.

    Args:
        here: the server.
        ask: gives who asks, at each look.
        place: the place of the last event that the asker has; (0, ''): begin with what comes.
        types: only objects of these types.
        looks: how many looks.
        sleep: waits some seconds.

    Yields:
        Parts of the stream: events, comments, and at last, where the session ended, `END`.
    """
    yield b"retry: 3000\n\n"
    clock = asyncio.get_running_loop().time
    begun = clock()
    for look in count(1):
        found = await run_in_threadpool(_look, here.database, ask, place, types)
        if found is None:
            yield END
            return
        rows, place = found
        for row in rows:
            yield _event(row)
        if look % BEAT == 0:
            yield b": still here\n\n"
        if look == looks or here.stopping():
            return
        await sleep(max(0.0, begun + look * TICK - clock()))


def _look(
    database: Database, ask: Ask, place: Place, types: frozenset[str]
) -> tuple[list[Object], Place] | None:
    """What is new for the asker, and the place after it."""
    reader = ask()
    if reader is None:
        return None
    with database.reading() as connection:
        if place == (0, ""):
            return [], _newest(database, connection, reader)
        query = select_visible(database, connection, reader).where(
            objects.c.newest, objects.c.type.in_(types), objects.c.date_added > place[0]
        )
        rows = connection.execute(query.order_by(objects.c.date_added).limit(MOST)).all()
    return list(rows), (rows[-1].date_added, rows[-1].id) if rows else place


def _newest(database: Database, connection: Connection, reader: Reader) -> Place:
    """The place of the newest object that the asker may see; before the first, where none is."""
    query = (
        select_visible(database, connection, reader).order_by(objects.c.date_added.desc()).limit(1)
    )
    row = connection.execute(query).one_or_none()
    return (row.date_added, row.id) if row else (1, "")


def _event(row: Object) -> bytes:
    told = {"id": row.id, "type": row.type, "deleted": bool(row.deleted),
            "date_added": time(row.date_added)}  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return f"id: {cursor_of(row)}\nevent: change\ndata: {text}\n\n".encode()
