"""Objects: warnings, forecasts, briefs and reports, each with all its versions.

Reading takes rows of the audiences that allow the reader, and no other row takes part in anything.
Writing adds a version. Of the markings of an object none is lost by a new version: a stricter one
marks the earlier versions and all children, too, and only a release by the owner takes one away.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from tocsin.errors import TocsinError
from tocsin.share.server.access.decision import types_shown_to
from tocsin.share.server.access.marking import Audience
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.database.audiences import audience_of, number_of, visible
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.outbound import statements
from tocsin.share.server.database.tables import aliases, among, not_sought, objects

LARGEST = 2_000_000
"""Bytes of an object, at most."""
GAP = 1000
"""Microseconds between two rows that are written at one time, at most. The gap is drawn by chance,
so that the times of the rows that a reader sees do not tell how many lie between them."""

Object = Row[Any]
"""A row of the table `objects`."""

# Statements of nearly every request are made once: to make one costs more than to run it.
_NEWEST = select(objects).where(objects.c.id == bindparam("of"), objects.c.newest)
_PASS = (
    update(objects).where(objects.c.id == bindparam("of"), objects.c.newest).values(newest=False)
)
_AFTER_THE_LAST = func.coalesce(
    select(func.max(objects.c.date_added)).scalar_subquery(), 0
) + bindparam("step", type_=BigInteger)
_NOW = bindparam("now", type_=BigInteger)
_ADD = (
    insert(objects)
    .values(date_added=case((_AFTER_THE_LAST > _NOW, _AFTER_THE_LAST), else_=_NOW))
    .returning(objects)
)
_ADD_ALIAS = insert(aliases)
_MARKED_AS = select(objects.c.audience).where(objects.c.id == bindparam("of")).distinct()
_MARK = (
    update(objects)
    .where(objects.c.id == bindparam("of"))
    .where(not_sought(objects.c.audience) == bindparam("as_before"))
    .values(audience=bindparam("wanted"))
)
_PARTS = select(objects.c.id).where(objects.c.parent == bindparam("of"), objects.c.newest)
_STATE_ANEW = (
    update(statements)
    .where(statements.c.id == bindparam("of"), statements.c.made_of != "", statements.c.place > 0)
    .values(place=-statements.c.place)
)


class NoObject(TocsinError):
    """There is no such object for whoever asked; a hidden one and a missing one are the same."""

    def __init__(self) -> None:
        super().__init__("There is no such object.", remedy="Check the address.")


class TooLarge(TocsinError):
    """What was sent is larger than the server takes."""


@dataclass(frozen=True)
class Draft:
    """This is an object, or a new version of one, that is to be written."""

    id: str
    type: str
    owner: str
    """The organisation whose object it is."""
    audience: Audience
    """Its own markings; those of its parent and of its earlier versions are added."""
    payload: bytes
    """The bytes as they came; they are kept and given out as they are."""
    jurisdiction: str = ""
    """The code of the territory that it is about; empty: the region."""
    parent: str | None = None
    """The id of the object of which it is a part, or to which it answers."""
    media_type: str = "application/json"
    origin: str = ""
    """The server from which it came; empty: this one."""
    created: int | None = None
    """The producer's times, microseconds since 1970; None: now."""
    modified: int | None = None
    deleted: bool = False
    exercise: bool = False
    """True where it belongs to an exercise; so does all that is written in exercise mode."""
    alias: str = ""
    """The id by which its producer knows it, where that is another one or not ours to give."""


def put(
    database: Database, connection: Connection, draft: Draft, *, before: Object | None = None,
    is_new: bool = False,
) -> Object:  # fmt: skip
    """Write an object or a new version of it; writing what is there already changes nothing.

    Args:
        database: the database.
        connection: a connection that writes.
        draft: the object.
        before: its newest version, where it was found already.
        is_new: True where its id was drawn by chance just now, so that no version is looked for.

    Returns:
        The newest version, as it is kept now.

    Raises:
        TooLarge: it has more than `LARGEST` bytes.
        NoObject: the parent is not there.
        NotAllowed: the server is in exercise mode, and the object is real.
    """
    check_size(draft)
    if before is None and not is_new:
        before = newest(connection, draft.id)
    audience = _whole(connection, draft, before)
    if before is not None and not draft.deleted and _same(connection, before, draft, audience):
        return before
    if before is not None:
        _tighten(connection, draft.id, audience, set())
        connection.execute(_PASS, {"of": draft.id})
    return _insert(database, connection, draft, before, number_of(connection, audience, database))


def check_size(draft: Draft) -> None:
    """Check that an object is not too large.

    Raises:
        TooLarge: it has more than `LARGEST` bytes.
    """
    if len(draft.payload) > LARGEST:
        raise TooLarge(f"An object has at most {LARGEST:,} bytes.", remedy="Send a shorter one.")


def _insert(
    database: Database, connection: Connection, draft: Draft, before: Object | None, audience: int
) -> Object:
    row = row_of(database, connection, draft, before, audience)
    if draft.alias and before is None:
        connection.execute(_ADD_ALIAS, {"object": draft.id, "alias": draft.alias})
    return connection.execute(_ADD, row | {"now": database.time(), "step": step()}).one()


def step() -> int:
    """Draw the microseconds by which a row's time follows that of the row before it, at least."""
    return 1 + secrets.randbelow(GAP)


def row_of(
    database: Database, connection: Connection, draft: Draft, before: Object | None, audience: int
) -> dict[str, Any]:
    """Make the row of a version, but for its number and for the time at which it is added.

    Args:
        database: the database.
        connection: a connection that writes.
        draft: the object.
        before: the version before; None: there is none.
        audience: the number of its audience.

    Returns:
        Values by the names of the table's columns.

    Raises:
        NotAllowed: as `put`.
    """
    now = database.time()
    return {
        "id": draft.id, "version": before.version + 1 if before is not None else 1,
        "newest": True, "type": draft.type, "owner": draft.owner,
        "jurisdiction": draft.jurisdiction, "audience": audience, "parent": draft.parent,
        "origin": draft.origin,
        "created": draft.created or (before.created if before is not None else now),
        "modified": draft.modified or now, "media_type": draft.media_type,
        "payload": draft.payload, "digest": hashlib.sha256(draft.payload).hexdigest(),
        "deleted": draft.deleted, "exercise": _is_exercise(database, connection, draft, before),
    }  # fmt: skip


def _is_exercise(
    database: Database, connection: Connection, draft: Draft, before: Object | None
) -> bool:
    """Does it belong to an exercise, as its versions, its whole, or the server's mode say?"""
    played = database.exercise and not draft.origin
    if played and before is not None and not before.exercise:
        raise NotAllowed(
            "The server is in exercise mode, and this object is real.",
            remedy="End the exercise first, or write an object of its own for it.",
        )
    if draft.exercise or played or (before is not None and before.exercise):
        return True
    parent = newest(connection, draft.parent) if draft.parent is not None else None
    return parent is not None and bool(parent.exercise)


def _whole(connection: Connection, draft: Draft, before: Object | None) -> Audience:
    """The draft's own markings, and those of its parent and of its version before."""
    parts = [draft.audience]
    if draft.parent is not None:
        parent = newest(connection, draft.parent)
        if parent is None:
            raise NoObject
        parts.append(audience_of(connection, parent.audience))
    if before is not None:
        parts.append(audience_of(connection, before.audience))
    return Audience.of_all(parts)


def _same(connection: Connection, before: Object, draft: Draft, audience: Audience) -> bool:
    same = (before.payload, before.jurisdiction, before.deleted) == (
        draft.payload, draft.jurisdiction, False,
    )  # fmt: skip
    return same and audience_of(connection, before.audience) == audience


def _tighten(connection: Connection, id: str, audience: Audience, seen: set[str]) -> None:
    """Add markings to all versions of an object, and to all its children."""
    if id in seen:
        return
    seen.add(id)
    is_marked = False
    for number in connection.execute(_MARKED_AS, {"of": id}).scalars().all():
        kept = audience_of(connection, number)
        whole = Audience.of_all([audience, kept])
        if whole != kept:
            wanted = {"as_before": number, "wanted": number_of(connection, whole)}
            connection.execute(_MARK, {"of": id, **wanted})
            is_marked = True
    if is_marked:
        connection.execute(_STATE_ANEW, {"of": id})
    for child in connection.execute(_PARTS, {"of": id}).scalars().all():
        _tighten(connection, child, audience, seen)


def mark(database: Database, connection: Connection, kept: Object, audience: Audience) -> Object:
    """Mark an object more strictly: it keeps its markings and gets these, and its children too.

    Args:
        database: the database.
        connection: a connection that writes.
        kept: the newest version.
        audience: the further markings.

    Returns:
        A new version with all markings, or the old one where they were there already.
    """
    return put(database, connection, replace(draft_of(connection, kept), audience=audience))


def release(database: Database, connection: Connection, kept: Object, audience: Audience) -> Object:
    """Let more readers see the newest version: the only way in which a marking is taken away.

    Earlier versions keep their markings, and so do children. Markings that other organisations set
    stay, and so do those of the parent. The caller decides who may release, and records why.

    Args:
        database: the database.
        connection: a connection that writes.
        kept: the newest version.
        audience: the markings that it has from now on.

    Returns:
        A new version.
    """
    old = audience_of(connection, kept.audience)
    others = frozenset(one for one in old.markings if one.owner != kept.owner)
    parts = [audience, *([Audience(others)] if others else [])]
    if kept.parent is not None and (parent := newest(connection, kept.parent)) is not None:
        parts.append(audience_of(connection, parent.audience))
    connection.execute(_PASS, {"of": kept.id})
    number = number_of(connection, Audience.of_all(parts))
    return _insert(database, connection, draft_of(connection, kept), kept, number)


def draft_of(connection: Connection, kept: Object) -> Draft:
    """Make a draft of a version as it stands, for writing a changed one."""
    return Draft(
        kept.id, kept.type, kept.owner, audience_of(connection, kept.audience), kept.payload,
        kept.jurisdiction, kept.parent, kept.media_type, kept.origin, kept.created,
        deleted=kept.deleted, exercise=bool(kept.exercise),
    )  # fmt: skip


def newest(connection: Connection, id: str) -> Object | None:
    """Find the newest version of an object, whoever may see it: for the server's own work only."""
    return connection.execute(_NEWEST, {"of": id}).one_or_none()


def select_visible(database: Database, connection: Connection, reader: Reader) -> Select[Any]:
    """Make the query for all rows that a reader may see: every answer is built on it.

    Args:
        database: the database.
        connection: the connection on which it will run.
        reader: who asks.

    Returns:
        A query of the table `objects`, to which conditions may be added and from which none can be
        taken away.
    """
    numbers = visible(database, connection, reader)
    return rows_of(types_shown_to(reader), objects.c.audience.in_(numbers))


def rows_of(types: tuple[str, ...] | None, shown: ColumnElement[bool]) -> Select[Any]:
    """Make the query for rows of some types, None: of all, and of some audiences.

    Args:
        types: the types.
        shown: the condition that a row's audience is one of those.

    Returns:
        The query.
    """
    query = select(objects).where(shown)
    return query if types is None else query.where(objects.c.type.in_(types))


@cache
def _page(
    types: tuple[str, ...] | None, some_types: bool, somewhere: bool, dialect: str
) -> Select[Any]:
    added, id = bindparam("added", type_=BigInteger), bindparam("of", type_=String)
    query = rows_of(types, among(objects.c.audience, "audiences", dialect)).where(
        objects.c.newest,
        ~objects.c.deleted,
        or_(objects.c.date_added > added, and_(objects.c.date_added == added, objects.c.id > id)),
    )
    if some_types:
        query = query.where(among(objects.c.type, "types", dialect))
    if somewhere:
        query = query.where(objects.c.jurisdiction == bindparam("jurisdiction"))
    limit = bindparam("limit", type_=Integer)
    return query.order_by(objects.c.date_added, objects.c.id).limit(limit)


def page(
    database: Database,
    connection: Connection,
    reader: Reader,
    *,
    types: Sequence[str] = (),
    jurisdiction: str = "",
    after: tuple[int, str] = (0, ""),
    limit: int = 100,
) -> list[Object]:
    """List newest versions in the order in which they were added, beginning after a place.

    Args:
        database: the database.
        connection: any connection.
        reader: who asks.
        types: only these types; none: all.
        jurisdiction: only what is about this territory; empty: all.
        after: `date_added` and id of the last row of the page before.
        limit: how many at most.

    Returns:
        The rows, oldest first, without deleted objects.
    """
    added, id = after
    shown_to, dialect = types_shown_to(reader), connection.dialect.name
    query = _page(shown_to, bool(types), bool(jurisdiction), dialect)
    given = {
        "audiences": visible(database, connection, reader), "added": added, "of": id,
        "types": list(types), "jurisdiction": jurisdiction, "limit": limit,
    }  # fmt: skip
    return list(connection.execute(query, given).all())
