"""Finding objects for TAXII: filters, versions, and pages that never skip nor repeat.

Every row has a `date_added` of its own, later than that of every row before it, given by this
server in the order in which rows become visible. So the place in the list is that one number:
`added_after` alone pages through everything, however many objects have one `modified`, and
whatever is added meanwhile comes later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from tocsin.errors import UsageError
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.database.audiences import visible
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Object, select_visible
from tocsin.share.server.database.tables import aliases, objects
from tocsin.share.server.taxii.keeping import micros_of
from tocsin.share.stix.original import STIX

MOST = 1000
"""Objects on a page, at most."""


@dataclass(frozen=True)
class Wanted:
    """These are the filters of a request (TAXII 2.1, 3.4)."""

    after: int = 0
    """Only what was added later, microseconds since 1970."""
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    versions: tuple[str, ...] = ("last",)
    """'last', 'first', 'all', or times."""
    spec_versions: tuple[str, ...] = ()
    limit: int = MOST


def read_wanted(request: Request) -> Wanted:
    """Read the filters of a request.

    Returns:
        What is wanted.

    Raises:
        UsageError: a time, a number, or the place of the page, is none.
    """
    given = request.query_params
    after = 0
    if "added_after" in given:
        found = micros_of(given["added_after"])
        if found is None:
            raise UsageError("'added_after' is no time.", remedy="Write it as RFC 3339 has it.")
        after = found
    if "next" in given:
        after = max(after, _number(given["next"], "next"))
    limit = _number(given["limit"], "limit") if "limit" in given else MOST
    if limit < 1:
        raise UsageError("'limit' is at least 1.", remedy="Leave it out for as many as there are.")
    return Wanted(
        after, _several(given.get("match[id]")), _several(given.get("match[type]")),
        _several(given.get("match[version]")) or ("last",),
        _several(given.get("match[spec_version]")), min(limit, MOST),
    )  # fmt: skip


Filters = Annotated[Wanted, Depends(read_wanted)]
"""The filters of a request, for a route."""


def _number(text: str, of: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise UsageError(f"'{of}' is no number of this list.", remedy="Begin again without it.")
    return int(text)


def _several(text: str | None) -> tuple[str, ...]:
    return tuple(one for one in (text or "").split(",") if one)


def find(
    database: Database, connection: Connection, reader: Reader, wanted: Wanted
) -> tuple[list[Object], bool]:
    """Find a page of objects.

    Args:
        database: the database.
        connection: any connection.
        reader: who asks; only rows that they may see take part.
        wanted: the filters.

    Returns:
        Rows in the order in which they were added, and whether there are more.
    """
    if wanted.spec_versions and "2.1" not in wanted.spec_versions:
        return [], False
    query = select_visible(database, connection, reader).where(
        objects.c.media_type == STIX,
        objects.c.date_added > wanted.after,
        # TAXII is a live channel: partners' systems would take an exercise for real.
        ~objects.c.exercise,
    )
    if wanted.ids:
        named = select(aliases.c.object).where(aliases.c.alias.in_(wanted.ids))
        query = query.where(objects.c.id.in_(named))
    if wanted.types:
        query = query.where(objects.c.type.in_(wanted.types))
    audiences = visible(database, connection, reader)
    query = query.where(_of_versions(wanted.versions, audiences), ~_is_later(audiences))
    rows = connection.execute(query.order_by(objects.c.date_added).limit(wanted.limit + 1)).all()
    return list(rows[: wanted.limit]), len(rows) > wanted.limit


def _is_later(audiences: Sequence[int]) -> ColumnElement[bool]:
    """Of objects with one id that the reader sees, from several owners, all but the first."""
    mine, other, first = aliases.alias("mine"), aliases.alias("other"), objects.alias("first")
    return exists().where(
        mine.c.object == objects.c.id,
        other.c.alias == mine.c.alias,
        other.c.number < mine.c.number,
        first.c.id == other.c.object,
        first.c.newest,
        ~first.c.deleted,
        ~first.c.exercise,
        first.c.audience.in_(audiences),
    )


def _of_versions(versions: Sequence[str], audiences: Sequence[int]) -> ColumnElement[bool]:
    """The rows of some versions; of a deleted object there are none."""
    newest = objects.c.newest & ~objects.c.deleted
    if set(versions) == {"last"}:
        return newest
    other = objects.alias("other")
    alive = ~objects.c.deleted & ~objects.c.id.in_(
        select(other.c.id).where(other.c.newest, other.c.deleted)
    )
    parts: list[ColumnElement[bool]] = []
    for one in versions:
        if one == "all":
            parts.append(alive)
        elif one == "last":
            parts.append(newest)
        elif one == "first":
            first = select(func.min(other.c.version)).where(
                other.c.id == objects.c.id, other.c.audience.in_(audiences)
            )
            parts.append(alive & (objects.c.version == first.scalar_subquery()))
        else:
            parts.append(alive & (objects.c.modified == (micros_of(one) or -1)))
    return or_(*parts)
