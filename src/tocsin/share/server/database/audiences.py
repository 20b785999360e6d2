"""Audiences in the database: found once, kept for ever, and decided on by `access.decision`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from tocsin.errors import UsageError
from tocsin.share.server.access.decision import may_see
from tocsin.share.server.access.marking import Audience
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.database.connection import Database, seen_by, writes
from tocsin.share.server.database.tables import DIALECTS, among, audiences

# Statements are made once: to make one costs more than to run it.
_NUMBER = select(audiences.c.number).where(audiences.c.digest == bindparam("of"))
_MARKINGS = select(audiences.c.markings).where(audiences.c.number == bindparam("of"))
_NEWER = (
    select(audiences.c.number, audiences.c.markings)
    .where(audiences.c.number > bindparam("after"))
    .order_by(audiences.c.number)
)
_SEVERAL = {
    one: select(audiences.c.number, audiences.c.markings).where(
        among(audiences.c.number, "of", one)
    )
    for one in DIALECTS
}
_KNOWN = "audiences"
_READ, _NUMBERED = "audiences_by_number", "numbers_by_audience"
REMEMBERED = 1000
"""Readers, at most, of whom it is remembered which audiences allow them."""


def number_of(connection: Connection, audience: Audience, database: Database | None = None) -> int:
    """Find the number of an audience, which is added if it is new.

    Args:
        connection: a connection that writes.
        audience: the audience.
        database: what remembers the audiences that readers have seen; None: ask for it.

    Returns:
        Its number.
    """
    remembered = None if database is None else database.numbers.get(audience)
    if remembered is not None:
        return remembered
    numbered = _found_in(connection, _NUMBERED)
    if audience not in numbered:
        numbered[audience] = _ask_or_add(connection, audience)
    return int(numbered[audience])


def _found_in(connection: Connection, what: str) -> dict[Any, Any]:
    """What was found within the transaction: a page of a neighbour asks for a few, many times."""
    seen = seen_by(connection)
    found: dict[Any, Any] = {} if seen is None else seen.setdefault(what, {})
    return found


def _ask_or_add(connection: Connection, audience: Audience) -> int:
    digest = audience.digest()
    found = connection.execute(_NUMBER, {"of": digest}).scalar()
    if found is not None:
        return int(found)
    made = connection.execute(
        insert(audiences).values(digest=digest, markings=audience.as_text())
    ).inserted_primary_key
    assert made is not None
    return int(made[0])


def forget_audiences(connection: Connection) -> None:
    """Forget which audiences were found within a transaction, since it changed one of them."""
    for what in (_READ, _NUMBERED):
        _found_in(connection, what).clear()


def audience_of(connection: Connection, number: int) -> Audience:
    """Read the audience with a number, as it stands in the database.

    Args:
        connection: any connection.
        number: a number in the table `audiences`.

    Returns:
        The audience.
    """
    read = _found_in(connection, _READ)
    if number not in read:
        text = connection.execute(_MARKINGS, {"of": number}).scalar_one()
        read[number] = Audience.of_text(text)
    found: Audience = read[number]
    return found


def audiences_of(connection: Connection, numbers: Iterable[int]) -> dict[int, Audience]:
    """Read several audiences at once.

    Args:
        connection: any connection.
        numbers: numbers in the table `audiences`.

    Returns:
        The audiences by their numbers.
    """
    wanted = set(numbers)
    known = (seen_by(connection) or {}).get(_KNOWN, {})
    found: dict[int, Audience] = {n: known[n] for n in wanted if known.get(n) is not None}
    if len(found) < len(wanted):
        query = _SEVERAL[connection.dialect.name]
        rows = connection.execute(query, {"of": list(wanted - set(found))})
        found |= {number: Audience.of_text(markings) for number, markings in rows}
    return found


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
    seen = seen_by(connection)
    if seen is not None and _KNOWN in seen:
        return _audiences_of(database, seen[_KNOWN], reader)
    known = database.known_audiences
    # They were read in rising order, so that the last one has the largest number.
    newer = connection.execute(_NEWER, {"after": next(reversed(known), 0)}).all()
    if newer:
        known = known | {number: _read(markings) for number, markings in newer}
    if writes(connection):
        # What a writer sees may be taken back, and its number given to another audience.
        return _allowing(known, reader)
    if newer:
        database.known_audiences = known
        database.numbers = {one: number for number, one in known.items() if one is not None}
    if seen is not None:
        seen[_KNOWN] = known
    return _audiences_of(database, known, reader)


def _audiences_of(
    database: Database, known: dict[int, Audience | None], reader: Reader
) -> list[int]:
    """The numbers that allow a reader, of whom it is remembered up to which number they are."""
    last = next(reversed(known), 0)
    until, numbers = database.visible_to.get(reader, (0, []))
    if until < last:
        later = {number: one for number, one in known.items() if number > until}
        numbers = [*numbers, *_allowing(later, reader)]
        database.visible_to[reader] = (last, numbers)
        while len(database.visible_to) > REMEMBERED:
            database.visible_to.popitem(last=False)
    return numbers


def _allowing(some: Mapping[int, Audience | None], reader: Reader) -> list[int]:
    return sorted(n for n, one in some.items() if one is not None and may_see(reader, one))


def _read(markings: str) -> Audience | None:
    try:
        return Audience.of_text(markings)
    except (UsageError, ValueError):
        return None
