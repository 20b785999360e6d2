"""Objects of STIX in the server: how they are marked, and what of them is kept.

The markings of STIX become markings of this server, and none is loosened: all that stand on an
object or on a part of it count, one that is not known counts as RED, and an object that says
nothing may be seen within the organisation that sent it alone.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from tocsin.schema.vocabulary.marking import TLP_1, TLP_2
from tocsin.share.server.access.decision import may_see
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.database import objects
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import Database, micros
from tocsin.share.server.database.objects import Draft, Object, TooLarge
from tocsin.share.server.database.tables import aliases
from tocsin.share.server.database.tables import objects as kept_objects
from tocsin.share.stix.original import STIX, fault_of, version_of

NAMES = uuid.UUID("0c6a9f0b-52f4-5d0e-8a3f-1c7d3b9e6a42")
"""The name space of the ids that objects of STIX have on this server."""
UNMARKED = "AMBER+STRICT"
"""The level of an object that carries no marking."""
PLATFORMS_STRICT = "826578e1-40ad-459f-bc73-ede076f81f37"
"""AMBER+STRICT under the identifier of one popular platform."""


@dataclass(frozen=True)
class Taken:
    """This is what became of one object that was sent."""

    id: str
    version: str
    fault: str
    """Why it was not kept; empty where it was, or was here already."""
    kept: Object | None = None
    """The row, where something was written."""


def audience_for(
    told: Mapping[str, Any], owner: str, reader: str, statements: frozenset[str] = frozenset()
) -> Audience:
    """Work out who may see an object of STIX.

    Args:
        told: the object.
        owner: the organisation that sent it.
        reader: the account that sent it, to whom RED is given.
        statements: identifiers of markings that say a copyright and restrict nothing.

    Returns:
        The audience: all markings must allow.
    """
    refs = list(told.get("object_marking_refs") or [])
    parts = told.get("granular_markings") or []
    refs += [one["marking_ref"] for one in parts if isinstance(one, dict) and "marking_ref" in one]
    levels = {_level(str(ref)) for ref in refs if ref not in statements}
    if told.get("type") == "marking-definition":
        levels = {"CLEAR"}
    named = frozenset({reader})
    return Audience(
        frozenset(
            Marking(level, owner, readers=named if level == "RED" else frozenset())
            for level in levels or {UNMARKED}
        )
    )


def _level(reference: str) -> str:
    uuid = reference.removeprefix("marking-definition--").lower()
    if uuid == PLATFORMS_STRICT:
        return "AMBER+STRICT"
    old = TLP_1.get(uuid)
    return TLP_2.get(uuid) or ("CLEAR" if old == "WHITE" else old) or "RED"


def statements_among(some: Iterable[Any]) -> frozenset[str]:
    """Name the markings among some objects that say a copyright and restrict nothing.

    Args:
        some: objects of STIX.

    Returns:
        Their identifiers.
    """
    return frozenset(
        str(one.get("id"))
        for one in some
        if isinstance(one, dict) and one.get("definition_type") == "statement"
    )


def keep(
    database: Database,
    connection: Connection,
    reader: Reader,
    told: Any,
    content: bytes,
    *,
    statements: frozenset[str] = frozenset(),
    origin: str = "",
) -> Taken:
    """Keep one object with its own bytes, for the organisation that sent it.

    Args:
        database: the database.
        connection: a connection that writes.
        reader: who sent it; the object becomes that organisation's.
        told: the object as read.
        content: its bytes.
        statements: markings that restrict nothing.
        origin: the server from which it came; empty: it was sent here.

    Returns:
        What became of it. An object of another organisation, an older version, and another
        content under a version that is here are not kept.
    """
    fault = fault_of(told)
    id = str(told.get("id", "")) if isinstance(told, dict) else ""
    version = version_of(told) if isinstance(told, dict) else ""
    modified = micros_of(version)
    if fault or modified is None:
        return Taken(id, version, fault or "Its time is none of RFC 3339.")
    before = _before(connection, reader, id)
    fault = _why_refused(before, reader.organisation, modified, content)
    known = before is not None and before.payload == content and not before.deleted
    if fault or known:
        return Taken(id, version, fault)
    audience = audience_for(told, reader.organisation, reader.name, statements)
    draft = Draft(
        # By chance: an id made of the object's own would tell that a hidden one has it already.
        f"{told['type']}--{uuid.uuid4()}" if before is None else before.id,
        told["type"], reader.organisation, audience, content, media_type=STIX,
        origin=origin, created=micros_of(str(told.get("created", ""))) or modified,
        modified=modified, alias=id,
    )  # fmt: skip
    try:
        return Taken(id, version, "", objects.put(database, connection, draft))
    except TooLarge as error:
        return Taken(id, version, error.what)


def _before(connection: Connection, reader: Reader, id: str) -> Object | None:
    """The object of this id, as far as the sender sees one: their own, or else the first."""
    known = select(kept_objects).join(aliases, aliases.c.object == kept_objects.c.id)
    rows = connection.execute(
        known.where(aliases.c.alias == id, kept_objects.c.newest).order_by(aliases.c.number)
    ).all()
    seen = [row for row in rows if may_see(reader, audience_of(connection, row.audience))]
    own = [row for row in seen if row.owner == reader.organisation and not row.origin]
    return next(iter([*own, *seen]), None)


def find_own(connection: Connection, owner: str, id: str) -> Object | None:
    """Find an organisation's own object by the id of its producer, for the server's work only.

    Args:
        connection: any connection.
        owner: the organisation.
        id: the id by which its producer knows it.

    Returns:
        The newest version of the first that was sent here or published; None where there is none.
    """
    query = select(kept_objects).join(aliases, aliases.c.object == kept_objects.c.id)
    mine = query.where(
        aliases.c.alias == id, kept_objects.c.newest, kept_objects.c.owner == owner,
        kept_objects.c.origin == "",
    )  # fmt: skip
    return connection.execute(mine.order_by(aliases.c.number).limit(1)).one_or_none()


def own_id(id: str, owner: str) -> str:
    """Give the id that an object of STIX has on this server.

    Args:
        id: the id by which its producer knows it.
        owner: the organisation that sent it.

    Returns:
        An id of the same type; no other organisation's object has it.
    """
    return f"{id.partition('--')[0]}--{uuid.uuid5(NAMES, json.dumps([owner, id]))}"


def _why_refused(before: Object | None, owner: str, modified: int, content: bytes) -> str:
    """Why a version is not kept beside the newest one that is here."""
    if before is None:
        return ""
    if before.owner != owner or before.origin:
        # No more is said: the sender may not even see that object.
        return "It cannot be kept."
    if before.modified > modified:
        return "A newer version is here."
    if before.modified == modified and before.payload != content:
        return "This version is here with another content."
    return ""


def micros_of(text: str) -> int | None:
    """Give microseconds since 1970 of a time of RFC 3339.

    Args:
        text: the time, with its zone.

    Returns:
        The number, at least 1; None where the text is no such time.
    """
    try:
        found = datetime.fromisoformat(text)
        return max(1, micros(found.astimezone(UTC))) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
