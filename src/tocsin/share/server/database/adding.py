"""Adding several new objects at once, each statement for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from tocsin.share.server.access.marking import Audience
from tocsin.share.server.database.audiences import number_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Draft, check_size, row_of, step
from tocsin.share.server.database.tables import objects

_LAST = select(func.max(objects.c.date_added))
_ADD = insert(objects)


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
        drafts: the objects; their ids were drawn by chance just now, and they have neither
            parents nor aliases.

    Returns:
        The versions, in the order of the drafts.

    Raises:
        TooLarge: an object has more bytes than the server takes.
    """
    if not drafts:
        return []
    last = connection.execute(_LAST).scalar() or 0
    now = database.time()
    rows = []
    for draft in drafts:
        check_size(draft)
        number = number_of(connection, Audience.of_all([draft.audience]), database)
        last = max(last + step(), now)
        rows.append(row_of(database, connection, draft, None, number) | {"date_added": last})
    connection.execute(_ADD, rows)
    return [Version(draft.id, 1) for draft in drafts]
