"""Acts: who did what, to which object, and why, written in the transaction of the act itself.

Oversight reads them here; `tocsin.share.audit` logs the same as commitments that nobody can change
without being seen.

Who reads an object that is marked AMBER or more strictly leaves an act, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select

from tocsin.errors import UsageError
from tocsin.share.audit import Act
from tocsin.share.audit.act import record_many
from tocsin.share.server.access.marking import LEVELS
from tocsin.share.server.access.reader import OVERSEE, Reader
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database.adding import Version
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import Database, moment, write_at_end
from tocsin.share.server.database.objects import NoObject, Object, select_visible
from tocsin.share.server.database.tables import accounts, acts, objects

RESTRICTED = LEVELS[LEVELS.index("AMBER") :]
LONGEST_REASON = 1000
"""Characters of a reason, at most."""
PLACE = re.compile(r"(\d{1,17})\.(\d{1,9})", re.ASCII)
"""Where a page of acts ended."""
_ADD = insert(acts)


def record(
    database: Database,
    connection: Connection,
    signed: SignedIn,
    verb: str,
    kept: Object | Version | None = None,
    *,
    reason: str = "",
    detail: str = "",
) -> None:
    """Write that somebody did something.

    Args:
        database: the database.
        connection: the connection on which it is done.
        signed: who did it.
        verb: what was done.
        kept: the object to which it was done.
        reason: why, in the actor's words.
        detail: further facts, as JSON or words.
    """
    told = _row(database, signed, verb, kept) | {"reason": reason, "detail": detail}
    write_at_end(connection, _write, [told])


def record_for_all(
    database: Database,
    connection: Connection,
    signed: SignedIn,
    verb: str,
    public: Mapping[str, Any],
    *,
    reason: str = "",
    detail: str = "",
) -> None:
    """Write that something was done, with words in the log that are never erased.

    Args:
        database: the database.
        connection: the connection on which it is done.
        signed: who did it.
        verb: what was done.
        public: what stays in the log for ever, as JSON can hold it; nothing of a person.
        reason: why, in the actor's words.
        detail: further facts, for oversight.
    """
    told = _row(database, signed, verb, None) | {"reason": reason, "detail": detail}
    connection.execute(_ADD, [told])
    record_many(connection, [replace(_act(told), public=public)], at=moment(told["at"]))


def _row(
    database: Database, signed: SignedIn, verb: str, kept: Object | Version | None
) -> dict[str, Any]:
    return {
        "at": database.time(), "account": signed.account or None,
        "organisation": signed.reader.organisation, "verb": verb,
        "object": "" if kept is None else kept.id,
        "version": None if kept is None else kept.version, "reason": "", "detail": "",
    }  # fmt: skip


def record_reading(database: Database, signed: SignedIn, rows: Sequence[Object]) -> None:
    """Write that somebody read objects, as far as they are restricted; before they are shown.

    Args:
        database: the database.
        signed: who reads.
        rows: what is about to be shown.
    """
    made = readings(database, signed, rows)
    if made:
        database.write_together(
            lambda connection: write_at_end(connection, _write, made), ordered=False
        )


def readings(database: Database, signed: SignedIn, rows: Sequence[Object]) -> list[dict[str, Any]]:
    """Make what `record_reading` writes, for `keep_readings`; none where nothing is restricted."""
    if not signed.reader.known:
        return []
    read = [row for row in rows if _is_restricted(database, row.audience)]
    return [_row(database, signed, "read", row) for row in read]


async def keep_readings(database: Database, made: list[dict[str, Any]]) -> None:
    """Write that somebody read objects, together with what others write, and wait until it is kept.

    Args:
        database: the database.
        made: what `readings` made.
    """
    if made:
        await database.unordered.join(_write_all, made)


def _write_all(
    _database: Database, connection: Connection, several: list[list[dict[str, Any]]]
) -> list[None]:
    write_at_end(connection, _write, [one for made in several for one in made])
    return [None] * len(several)


def _is_restricted(database: Database, audience: int) -> bool:
    """Is it AMBER or stricter? Whoever was shown a row has had its audience looked at before."""
    known = database.known_audiences.get(audience)
    if known is None:
        with database.reading() as connection:
            known = audience_of(connection, audience)
    return known.level in RESTRICTED


def _write(connection: Connection, made: list[dict[str, Any]]) -> None:
    """Write acts, here and in the log that others can check: as commitments without names."""
    connection.execute(_ADD, made)
    record_many(connection, [_act(told) for told in made], at=[moment(told["at"]) for told in made])


def _act(told: dict[str, Any]) -> Act:
    said = {name: told[name] for name in ("version", "reason", "detail") if told[name]}
    return Act(told["verb"], told["account"] or "", told["object"], said)


def reason_of(text: str) -> str:
    """Check a reason, without which nothing is released, deleted or escalated.

    Raises:
        UsageError: it is empty or too long.
    """
    plain = text.strip()
    if not 3 <= len(plain) <= LONGEST_REASON:
        raise UsageError(
            "Say why.", where="reason",
            remedy=f"A reason has 3 to {LONGEST_REASON:,} characters; oversight reads it.",
        )  # fmt: skip
    return plain


def page(
    database: Database,
    connection: Connection,
    reader: Reader,
    *,
    object: str = "",
    before: str = "",
    limit: int = 100,
) -> tuple[list[Row[Any]], str]:
    """List acts for oversight, the newest first: those on objects that the reader may see.

    Args:
        database: the database.
        connection: any connection.
        reader: who asks.
        object: only acts on this object; empty: on all.
        before: where the page before ended, as it was given with it; empty: from the newest on.
        limit: how many at most.

    Returns:
        Rows of the table `acts`, and where they end; empty where no earlier ones are left. With
        each row stands the account's `name` where it is of the reader's own
        organisation. What was done to no object is listed for the reader's own organisation
        alone, and what a third organisation did to an object for the object's owner: it would
        tell others to whom the object was given.

    Raises:
        NoObject: the reader does not oversee.
        UsageError: no page ends where `before` says.
    """
    if OVERSEE not in reader.verbs:
        raise NoObject
    # What counts is who may see the object now, not who could when it was done.
    shown_now = select_visible(database, connection, reader).with_only_columns(objects.c.id)
    of_owner = select_visible(database, connection, reader).where(
        objects.c.newest, objects.c.id == acts.c.object, objects.c.owner == acts.c.organisation
    )
    known = acts.c.organisation.in_(("", reader.organisation))
    mine_is = shown_now.where(objects.c.newest, objects.c.owner == reader.organisation)
    parties = or_(known, of_owner.exists(), acts.c.object.in_(mine_is))
    seen = acts.c.object.in_(shown_now) & parties
    own = (acts.c.object == "") & (acts.c.organisation == reader.organisation)
    # Members' names are their own organisation's.
    mine = and_(accounts.c.id == acts.c.account, acts.c.organisation == reader.organisation)
    query = select(acts, accounts.c.name).outerjoin(accounts, mine).where(seen | own)
    if object:
        query = query.where(acts.c.object == object)
    at, skipped = _place(before)
    if at is not None:
        query = query.where(acts.c.at <= at)
    ordered = query.order_by(acts.c.at.desc(), acts.c.number.desc()).offset(skipped)
    rows = list(connection.execute(ordered.limit(limit + 1)).all())
    if len(rows) <= limit:
        return rows, ""
    rows, end = rows[:limit], rows[limit - 1].at
    listed = sum(row.at == end for row in rows) + (skipped if end == at else 0)
    return rows, f"{end}.{listed}"


def _place(before: str) -> tuple[int | None, int]:
    """The time at which a page ended, and how many acts of this very time it had listed.

    The number of an act would be simpler, and would tell how many hidden ones lie between.
    """
    if not before:
        return None, 0
    found = PLACE.fullmatch(before)
    if found is None:
        raise UsageError("No page of acts ends there.", where="before")
    return int(found[1]), int(found[2])
