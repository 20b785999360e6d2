"""The feed: what a neighbour may know of all objects, in the order in which it changed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, func, insert, select, update

from tocsin.share.audit.note import PrivateKey
from tocsin.share.server.access.decision import types_shown_to
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.database.audiences import visible
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.outbound import given_to, statements
from tocsin.share.server.database.tables import not_sought, objects
from tocsin.share.server.neighbours.statements import Entry, state

MOST = 500
"""Entries on a page, at most."""


@dataclass(frozen=True)
class Page:
    """These are entries of the feed."""

    entries: tuple[Entry, ...]
    """Statements, oldest change first."""
    next: int
    """The place after the last, from which the next page begins."""
    more: bool
    """Is there more now?"""


def read_feed(
    database: Database,
    connection: Connection,
    neighbour: Reader,
    key: PrivateKey,
    *,
    after: int = 0,
    limit: int = MOST,
    exercises: bool = False,
) -> Page:
    """Give a neighbour what changed after a place.

    A neighbour gets statements on objects that it may see. Of what it was given and may not see any
    more, because it was marked more strictly or deleted, it hears once, by the head alone. However
    often that object changes afterwards, the neighbour hears no more of it, also where it asks for
    everything from the beginning: it gets that same head again.

    Args:
        database: the database.
        connection: a connection that writes: changes are stated, and what is given is noted.
        neighbour: the account of the neighbouring server.
        key: this server's key.
        after: the place of the last entry that it has; 0: none.
        limit: at most so many entries.
        exercises: True for a neighbour who plays along; a live one never hears of an exercise.

    Returns:
        The page. Asking again gives the same or what came since; nothing is skipped.
    """
    state(database, connection, key)
    audiences = visible(database, connection, neighbour)
    told = ~statements.c.deleted & (func.length(statements.c.body) > 0)
    sees = not_sought(objects.c.audience).in_(audiences) & told
    types = types_shown_to(neighbour)
    if types is not None:
        sees &= objects.c.type.in_(types)
    joined = statements.join(objects, (objects.c.id == statements.c.id) & objects.c.newest)
    # In the order of places also where it does not matter: so no database begins with all objects.
    later = select(statements).select_from(joined).where(statements.c.place > after)
    later = later.order_by(statements.c.place)
    if not exercises:
        later = later.where(~objects.c.exercise)
    seen = connection.execute(later.where(sees).limit(limit + 1)).all()
    hidden = later.where(~sees)
    if len(seen) > limit:
        # What lies behind this page is looked at when its own page is asked for.
        hidden = hidden.where(statements.c.place < seen[-1].place)
    _withhold(connection, neighbour, hidden)
    mine = given_to.c.neighbour == neighbour.name
    withheld = select(given_to.c.withheld, given_to.c.head).where(mine, given_to.c.withheld > after)
    gone = connection.execute(withheld.order_by(given_to.c.withheld).limit(limit + 1)).all()
    placed = [(row.place, Entry(row.head, row.body), row.id) for row in seen]
    placed += [(row.withheld, Entry(row.head, b""), "") for row in gone]
    placed.sort(key=lambda one: one[0])
    page = placed[:limit]
    _note_given(connection, neighbour, [id for _, _, id in page if id])
    entries = tuple(entry for _, entry, _ in page)
    return Page(entries, page[-1][0] if page else after, len(placed) > limit)


def _withhold(connection: Connection, neighbour: Reader, hidden: Select[Any]) -> None:
    """Note of objects that the neighbour has and may not see any more what it is told of them."""
    held = exists().where(
        given_to.c.neighbour == neighbour.name,
        given_to.c.id == statements.c.id,
        given_to.c.withheld == 0,
    )
    found = connection.execute(
        hidden.where(held).with_only_columns(statements.c.id, statements.c.place, statements.c.head)
    ).all()
    if found:
        this = (given_to.c.neighbour == neighbour.name) & (given_to.c.id == bindparam("of"))
        told = update(given_to).where(this)
        connection.execute(
            told.values(withheld=bindparam("place"), head=bindparam("told")),
            [{"of": row.id, "place": row.place, "told": row.head} for row in found],
        )


def _note_given(connection: Connection, neighbour: Reader, ids: list[str]) -> None:
    """Note that the neighbour has the bodies of the newest statements on objects."""
    if not ids:
        return
    mine = (given_to.c.neighbour == neighbour.name) & given_to.c.id.in_(ids)
    known = connection.execute(select(given_to.c.id, given_to.c.withheld).where(mine)).all()
    fresh = set(ids) - {row.id for row in known}
    if fresh:
        new = [{"neighbour": neighbour.name, "id": id} for id in ids if id in fresh]
        connection.execute(insert(given_to), new)
    back = [row.id for row in known if row.withheld]
    if back:
        again = (given_to.c.neighbour == neighbour.name) & given_to.c.id.in_(back)
        connection.execute(update(given_to).where(again).values(withheld=0, head=""))
