"""Looking objects up by their ids, for one reader or for several who ask at one time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, select

from tocsin.share.server.access.decision import types_shown_to
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.database.audiences import visible
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import NoObject, Object, rows_of
from tocsin.share.server.database.tables import DIALECTS, among, objects


def find(database: Database, connection: Connection, reader: Reader, id: str) -> Object:
    """Find the newest version of an object for a reader.

    Args:
        database: the database.
        connection: any connection.
        reader: who asks.
        id: the object's id.

    Returns:
        The row; it may say that the object is deleted.

    Raises:
        NoObject: there is none, or the reader may not see it.
    """
    (found,) = find_all(database, connection, [(reader, id)])
    if found is None:
        raise NoObject
    return found


def find_all(
    database: Database, connection: Connection, wanted: Sequence[tuple[Reader, str]]
) -> list[Object | None]:
    """Find newest versions of objects, as `find` does it, for each reader what this one may see.

    Readers who may see the same types and audiences are asked for in one query.

    Args:
        database: the database.
        connection: any connection.
        wanted: readers, each with the id of an object.

    Returns:
        The rows, in this order; None where there is none, or its reader may not see it.
    """
    asked: dict[_Seen, set[str]] = {}
    seen: list[_Seen] = []
    for reader, id in wanted:
        seen.append((types_shown_to(reader), tuple(visible(database, connection, reader))))
        asked.setdefault(seen[-1], set()).add(id)
    found: dict[tuple[_Seen, str], Object] = {}
    for (types, audiences), ids in asked.items():
        rows = connection.execute(
            _select_newest(types, connection.dialect.name),
            {"audiences": list(audiences), "of": sorted(ids)},
        )
        found |= {((types, audiences), row.id): row for row in rows}
    return [found.get((one, id)) for one, (_, id) in zip(seen, wanted, strict=True)]


def newest_of(connection: Connection, ids: Collection[str]) -> dict[str, Object]:
    """Find the newest versions of objects, whoever may see them: for the server's own work only.

    Args:
        connection: any connection.
        ids: the objects, as many as one question may name.

    Returns:
        The rows by their ids, where there is one.
    """
    query = _NEWEST_OF[connection.dialect.name]
    return {row.id: row for row in connection.execute(query, {"of": list(ids)})}


_NEWEST_OF = {
    one: select(objects).where(among(objects.c.id, "of", one), objects.c.newest) for one in DIALECTS
}
_Seen = tuple[tuple[str, ...] | None, tuple[int, ...]]
"""Types, None: all, and numbers of audiences."""


@cache
def _select_newest(types: tuple[str, ...] | None, dialect: str) -> Select[Any]:
    shown = among(objects.c.audience, "audiences", dialect)
    return rows_of(types, shown).where(among(objects.c.id, "of", dialect), objects.c.newest)
