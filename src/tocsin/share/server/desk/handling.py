"""Handling of warnings: who has taken note, who looks into it, and until when.

Each organisation has its own inbox over the warnings that it may see, and none sees another's. A
warning is to be acknowledged within a time that hangs on its level; the clock starts when this
server got it, and anew when it changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from tocsin.errors import UsageError
from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS
from tocsin.share.server.access.decision import may_see
from tocsin.share.server.access.reader import HANDLE
from tocsin.share.server.accounts.people import members, reader_of
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database import objects as kept_objects
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import Database, moment
from tocsin.share.server.database.objects import Object
from tocsin.share.server.database.tables import handling, objects
from tocsin.share.server.desk.acts import reason_of, record
from tocsin.share.server.desk.changing import check_may, find
from tocsin.share.server.desk.said import Warned, read_warning
from tocsin.share.server.settings import ServiceLevels

NEW, ACKNOWLEDGED, ESCALATED, ENDED = "new", "acknowledged", "escalated", "ended"
ORDER = {ESCALATED: 0, NEW: 1, ACKNOWLEDGED: 2, ENDED: 3}
"""In which order warnings stand in the inbox."""
HOUR = 3_600_000_000
SHOWN = 500
"""Warnings in an inbox, at most: those that matter most stand first."""


@dataclass(frozen=True)
class Item:
    """This is a warning as it stands in an organisation's inbox."""

    row: Object
    said: Warned
    state: str
    due: int | None
    """Until when it is to be acknowledged, microseconds since 1970; None where it was, or ended."""
    is_late: bool
    assignee: str
    """The name of the member who looks into it; empty: nobody yet."""
    note: str


def inbox(
    database: Database, connection: Connection, signed: SignedIn, hours: ServiceLevels
) -> list[Item]:
    """List the warnings that whoever asks may see, the most pressing first.

    Args:
        database: the database.
        connection: any connection.
        signed: who asks.
        hours: until when a warning of each level is to be acknowledged.

    Returns:
        The items.
    """
    query = kept_objects.select_visible(database, connection, signed.reader)
    newest = query.where(objects.c.type == "warning", objects.c.newest, ~objects.c.deleted)
    rows = connection.execute(newest).all()
    mine = _own_handling(connection, signed)
    names = {one.id: one.name for one in members(connection, signed.reader.organisation)}
    items = [_item(database, row, mine.get(row.id), names, hours) for row in rows]
    return sorted(items, key=_rank)[:SHOWN]


def item(
    database: Database, connection: Connection, signed: SignedIn, id: str, hours: ServiceLevels
) -> Item:
    """Find one warning as it stands in the inbox of whoever asks.

    Raises:
        NoObject: there is none, or it may not be seen.
    """
    row = find(database, connection, signed, id)
    names = {one.id: one.name for one in members(connection, signed.reader.organisation)}
    return _item(database, row, _own_handling(connection, signed).get(id), names, hours)


def _own_handling(connection: Connection, signed: SignedIn) -> dict[str, Row[Any]]:
    mine = handling.c.organisation == signed.reader.organisation
    return {row.object: row for row in connection.execute(select(handling).where(mine))}


def _item(
    database: Database,
    row: Object,
    done: Row[Any] | None,
    names: dict[str, str],
    hours: ServiceLevels,
) -> Item:
    said = read_warning(row.payload)
    is_over = said.level not in ALERT_LEVELS[1:] or said.is_past(this_month(database))
    state = ENDED if is_over else NEW
    # Who took note of an earlier version has not seen what changed.
    if done is not None and state != ENDED and done.version == row.version:
        state = done.state
    due = None
    if state == NEW:
        due = row.date_added + int(getattr(hours, said.level) * HOUR)
    late = due is not None and database.time() > due
    assignee = names.get(done.assignee, "") if done is not None else ""
    return Item(row, said, state, due, late, assignee, done.note if done else "")


def this_month(database: Database) -> str:
    """Give the month now, in UTC, as 2026-12."""
    return f"{moment(database.time()):%Y-%m}"


def _rank(one: Item) -> tuple[object, ...]:
    level = ALERT_LEVELS.index(one.said.level) if one.said.level in ALERT_LEVELS else 0
    return (ORDER.get(one.state, 1), -level, -(one.said.chance or 0.0), one.row.id)


def acknowledge(database: Database, connection: Connection, signed: SignedIn, id: str) -> None:
    """Take note of a warning for one's organisation.

    Raises:
        NoObject: it is not there for whoever asks.
        NotAllowed: their role does not handle warnings.
    """
    kept, before = _before(database, connection, signed, id)
    _keep(connection, signed, kept, before, state=ACKNOWLEDGED, acknowledged=database.time())
    record(database, connection, signed, "acknowledge", kept)


def assign(
    database: Database, connection: Connection, signed: SignedIn, id: str, member: str
) -> None:
    """Give a warning to a member of one's own organisation who may see it.

    Raises:
        NoObject: it is not there for whoever asks.
        NotAllowed: their role does not handle warnings.
        UsageError: there is no such member.
    """
    kept, before = _before(database, connection, signed, id)
    found = [one for one in able(connection, signed, kept) if one.name == member]
    if not found:
        raise UsageError("There is no such member.", where="member", remedy="Choose of the list.")
    _keep(
        connection, signed, kept, before, state=ACKNOWLEDGED, acknowledged=database.time(),
        assignee=found[0].id,
    )  # fmt: skip
    record(database, connection, signed, "assign", kept, detail=found[0].id)


def escalate(
    database: Database, connection: Connection, signed: SignedIn, id: str, reason: str
) -> None:
    """Pass a warning on to those who decide, with a reason.

    Raises:
        NoObject: it is not there for whoever asks.
        NotAllowed: their role does not handle warnings.
        UsageError: no reason is given.
    """
    why = reason_of(reason)
    kept, before = _before(database, connection, signed, id)
    _keep(connection, signed, kept, before, state=ESCALATED, escalated=database.time(), note=why)
    record(database, connection, signed, "escalate", kept, reason=why)


def able(connection: Connection, signed: SignedIn, kept: Object) -> list[Row[Any]]:
    """List the members of one's organisation who may see and handle a warning."""
    audience = audience_of(connection, kept.audience)
    found = members(connection, signed.reader.organisation)
    readers = [(one, reader_of(one)) for one in found]
    return [one for one, who in readers if HANDLE in who.verbs and may_see(who, audience)]


def _before(
    database: Database, connection: Connection, signed: SignedIn, id: str
) -> tuple[Object, Row[Any] | None]:
    kept = find(database, connection, signed, id)
    check_may(connection, signed, HANDLE, kept)
    if kept.type != "warning":
        raise UsageError("Only warnings are handled.", remedy="Name a warning.")
    return kept, _own_handling(connection, signed).get(id)


def _keep(
    connection: Connection, signed: SignedIn, kept: Object, before: Row[Any] | None, **values: Any
) -> None:
    organisation = signed.reader.organisation
    fields = ("assignee", "acknowledged", "escalated", "note")
    old = {name: getattr(before, name) for name in fields} if before is not None else {}
    this = (handling.c.object == kept.id) & (handling.c.organisation == organisation)
    connection.execute(delete(handling).where(this))
    connection.execute(
        insert(handling).values(
            **(old | {"object": kept.id, "organisation": organisation, "version": kept.version})
            | values
        )
    )
