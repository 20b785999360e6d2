"""Audiences in the database: found once, kept for ever, and decided on by `access.decision`."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from tocsin.errors import UsageError
from tocsin.share.server.access.decision import may_see
from tocsin.share.server.access.marking import Audience
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.database.connection import Database, writes
from tocsin.share.server.database.tables import audiences


def number_of(connection: Connection, audience: Audience) -> int:
    """Find the number of an audience, which is added if it is new.

    Args:
        connection: a connection that writes.
        audience: the audience.

    Returns:
        Its number.
    """
    digest = audience.digest()
    query = select(audiences.c.number).where(audiences.c.digest == digest)
    found = connection.execute(query).scalar()
    if found is not None:
        return int(found)
    made = connection.execute(
        insert(audiences).values(digest=digest, markings=audience.as_text())
    ).inserted_primary_key
    assert made is not None
    return int(made[0])


def audience_of(connection: Connection, number: int) -> Audience:
    """Read the audience with a number, as it stands in the database.

    Args:
        connection: any connection.
        number: a number in the table `audiences`.

    Returns:
        The audience.
    """
    query = select(audiences.c.markings).where(audiences.c.number == number)
    return Audience.of_text(connection.execute(query).scalar_one())


def audiences_of(connection: Connection, numbers: Iterable[int]) -> dict[int, Audience]:
    """Read several audiences at once.

    Args:
        connection: any connection.
        numbers: numbers in the table `audiences`.

    Returns:
        The audiences by their numbers.
    """
    query = select(audiences.c.number, audiences.c.markings)
    rows = connection.execute(query.where(audiences.c.number.in_(set(numbers))))
    return {number: Audience.of_text(markings) for number, markings in rows}


def visible(database: Database, connection: Connection, reader: Reader) -> list[int]:
    """List the numbers of the audiences that allow a reader.

    Every query for rows takes only rows of these. An audience with a marking that this version does
    not know is shown to nobody.

    Args:
        database: the database, which remembers the audiences that it has read.
        connection: any connection.
        reader: who asks.

    Returns:
        The numbers, in rising order.
    """
    known = database.known_audiences
    query = select(audiences.c.number, audiences.c.markings)
    newer = connection.execute(query.where(audiences.c.number > max(known, default=0)))
    found = known | {number: _read(markings) for number, markings in newer}
    if not writes(connection):
        # What a writer sees may be taken back, and its number given to another audience.
        database.known_audiences = found
    return sorted(n for n, one in found.items() if one is not None and may_see(reader, one))


def _read(markings: str) -> Audience | None:
    try:
        return Audience.of_text(markings)
    except (UsageError, ValueError):
        return None
