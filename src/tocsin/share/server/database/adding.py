"""Adding several new objects at once, each statement for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from tocsin.share.server.access.marking import Audience
from tocsin.share.server.database.audiences import number_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Draft, check_size, row_of, step
from tocsin.share.server.database.tables import aliases, objects

_LAST = select(func.max(objects.c.date_added))
_ADD = insert(objects)
_ADD_ALIAS = insert(aliases)


class Version(NamedTuple):
    """This is a version of an object that was written."""

    id: str
    version: int


def add_new(database: Database, connection: Connection, drafts: Sequence[Draft]) -> list[Version]:
    """Write the first versions of objects that are no parts of others.

    Args:
        database: the database.
        connection: a connection that writes in the order of objects (`Database.writing`), so that
            nobody else writes an object meanwhile.
        drafts: the objects, of which none is here yet and none is a part of another.

    Returns:
        The versions, in the order of the drafts.

    Raises:
        TooLarge: an object has more bytes than the server takes.
    """
    if not drafts:
        return []
    last = connection.execute(_LAST).scalar() or 0
    now = database.time()
    numbers = {
        one: number_of(connection, Audience.of_all([one]), database)
        for one in dict.fromkeys(draft.audience for draft in drafts)
    }
    rows = []
    for draft in drafts:
        check_size(draft)
        last = max(last + step(), now)
        row = row_of(database, connection, draft, None, numbers[draft.audience])
        rows.append(row | {"date_added": last})
    connection.execute(_ADD, rows)
    aliased = [{"object": one.id, "alias": one.alias} for one in drafts if one.alias]
    if aliased:
        connection.execute(_ADD_ALIAS, aliased)
    return [Version(draft.id, 1) for draft in drafts]
