"""The feed: what a neighbour may know of all objects, in the order in which it changed here."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, true

from tocsin.share.audit.note import PrivateKey
from tocsin.share.server.access.decision import types_shown_to
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.database.audiences import visible
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.outbound import given_to, statements
from tocsin.share.server.database.tables import objects
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

    A neighbour gets statements on objects that it may see. What it was given and may not see any
    more, because it was marked more strictly or deleted, it hears of by the head alone.

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
    sees = objects.c.audience.in_(audiences) & told
    types = types_shown_to(neighbour)
    if types is not None:
        sees &= objects.c.type.in_(types)
    told_to = true() if exercises else ~objects.c.exercise
    given = select(given_to.c.id).where(given_to.c.neighbour == neighbour.name)
    heard_of = given.where(given_to.c.id == statements.c.id).exists()
    joined = statements.join(objects, (objects.c.id == statements.c.id) & objects.c.newest)
    query = (
        select(statements, sees.label("sees"))
        .select_from(joined)
        .where(statements.c.place > after, sees | heard_of, told_to)
        .order_by(statements.c.place)
        .limit(limit + 1)
    )
    rows = connection.execute(query).all()
    page = rows[:limit]
    shown = [row.id for row in page if row.sees]
    known = (
        set(connection.execute(given.where(given_to.c.id.in_(shown))).scalars()) if shown else set()
    )
    fresh = [{"neighbour": neighbour.name, "id": id} for id in shown if id not in known]
    if fresh:
        connection.execute(insert(given_to), fresh)
    entries = tuple(Entry(row.head, row.body if row.sees else b"") for row in page)
    return Page(entries, page[-1].place if page else after, len(rows) > limit)
