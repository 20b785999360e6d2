"""Proposals and replies: who finds a fault in another's object says so, and overwrites nothing.

A proposal is an object of its own: a part of the object that it is about, marked as strictly, owned
by who proposes. It travels to the owner as every object does. Who owns the object may accept it. A
reply is a proposal in words alone; it stands beside the object for everybody who may see that.
"""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from tocsin.share.server.access.decision import may_do
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import PROPOSE, WRITE, Reader
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.database import lookup, objects
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Draft, NoObject, Object, draft_of
from tocsin.share.server.database.tables import objects as kept_rows

PROPOSAL = "proposal"
LONGEST_REASON = 1000
"""Characters of a reply that are shown."""


def propose(
    database: Database,
    connection: Connection,
    reader: Reader,
    id: str,
    payload: bytes | None,
    *,
    reason: str,
) -> Object:
    """Propose another content for an object to its owner, or reply to it in words.

    Args:
        database: the database.
        connection: a connection that writes.
        reader: who proposes.
        id: the object.
        payload: what it should hold; None: this is a reply, and proposes no other content.
        reason: why, or the reply.

    Returns:
        The proposal. The object is as it was.

    Raises:
        NoObject: there is no such object for whoever asks.
        NotAllowed: they may not propose.
    """
    kept = lookup.find(database, connection, reader, id)
    audience = audience_of(connection, kept.audience)
    if kept.deleted:
        raise NoObject
    if not may_do(reader, PROPOSE, audience, kept.owner):
        raise NotAllowed("You may not propose changes.", remedy="Ask an analyst.")
    told = {"about": id, "based_on": kept.digest, "reason": reason}
    if payload is not None:
        told["payload"] = base64.b64encode(payload).decode()
    # What somebody says of a public object is as public as that; another content of it is not yet.
    level = "CLEAR" if payload is None else "GREEN"
    draft = Draft(
        f"{PROPOSAL}--{uuid.uuid4()}", PROPOSAL, reader.organisation,
        Audience.of_all([audience, Audience.of(Marking(level, reader.organisation))]),
        json.dumps(told, ensure_ascii=False).encode(), kept.jurisdiction, id,
    )  # fmt: skip
    return objects.put(database, connection, draft)


@dataclass(frozen=True)
class Said:
    """This is what somebody says of an object."""

    row: Any
    """The proposal."""
    reason: str
    """In words: the reply, or why the object should be another."""
    changes: tuple[tuple[str, str, str], ...] | None
    """What would change: name, value now, value proposed, as JSON; None: this is a reply."""
    can_accept: bool
    """May the reader accept it, and is it still about the object as it is now?"""


def said_of(database: Database, connection: Connection, reader: Reader, kept: Object) -> list[Said]:
    """List what others say of an object, as far as a reader may see it.

    Args:
        database: the database.
        connection: any connection.
        reader: who asks, and may see the object.
        kept: the object.

    Returns:
        Proposals and replies, the oldest first.
    """
    query = objects.select_visible(database, connection, reader).where(
        kept_rows.c.type == PROPOSAL, kept_rows.c.newest, ~kept_rows.c.deleted
    )  # fmt: skip
    audience = audience_of(connection, kept.audience)
    mine = not kept.origin and may_do(reader, WRITE, audience, kept.owner)
    found = []
    # One that came from a neighbour is no part of the object here, so what it says counts.
    for row in connection.execute(query.order_by(kept_rows.c.date_added)).all():
        told = _read_proposal(row.payload)
        if told.get("about") == kept.id:
            changes = _changes(kept.payload, told["payload"]) if "payload" in told else None
            can_accept = mine and bool(changes) and told["based_on"] == kept.digest
            found.append(Said(row, told["reason"][:LONGEST_REASON], changes, can_accept))
    return found


def _changes(now: bytes, proposed: str) -> tuple[tuple[str, str, str], ...]:
    """What differs between two contents; nothing where one of them is no object of JSON."""
    try:
        old, new = json.loads(now), json.loads(base64.b64decode(proposed, validate=True))
    except (ValueError, RecursionError):
        return ()
    if not isinstance(old, dict) or not isinstance(new, dict):
        return ()
    # Nobody takes over what cannot be seen whole, so nothing is cut.
    # The same names and values in another order say the same.
    told = [
        {name: json.dumps(value, ensure_ascii=False, sort_keys=True) for name, value in one.items()}
        for one in (old, new)
    ]
    pairs = [
        (name, *(one.get(name, json.dumps(None)) for one in told)) for name in sorted({*old, *new})
    ]
    return tuple(one for one in pairs if one[1] != one[2])


def _is_object(payload: bytes) -> bool:
    try:
        return isinstance(json.loads(payload), dict)
    except (ValueError, RecursionError):
        return False


def _read_proposal(payload: bytes) -> dict[str, str]:
    """What a proposal says; empty where it is none, as a neighbour may send anything."""
    try:
        told = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(told, dict) or not {"about", "based_on", "reason"} <= set(told):
        return {}
    return told if all(isinstance(one, str) for one in told.values()) else {}


def accept(database: Database, connection: Connection, reader: Reader, proposal: str) -> Object:
    """Accept a proposal: the object gets the content that was proposed, as a new version.

    Args:
        database: the database.
        connection: a connection that writes.
        reader: who accepts, of the owner's organisation.
        proposal: the proposal.

    Returns:
        The new version of the object.

    Raises:
        NoObject: there is no such proposal for whoever asks.
        NotAllowed: the object is another's, or changed since the proposal was made, or what is
            proposed cannot be read.
    """
    asked = lookup.find(database, connection, reader, proposal)
    told = _read_proposal(asked.payload) if asked.type == PROPOSAL and not asked.deleted else {}
    if "payload" not in told:
        raise NoObject
    try:
        payload = base64.b64decode(told["payload"], validate=True)
    except ValueError as error:
        raise NotAllowed("What is proposed cannot be read.", remedy="Ask who sent it.") from error
    kept = lookup.find(database, connection, reader, told["about"])
    if kept.origin or not may_do(reader, WRITE, audience_of(connection, kept.audience), kept.owner):
        raise NotAllowed("The object is another's.", remedy="Its owner decides.")
    if told["based_on"] != kept.digest:
        raise NotAllowed(
            "The object changed since this was proposed.", remedy="Compare both, and write anew."
        )
    if kept.media_type == "application/json" and not _is_object(payload):
        raise NotAllowed("What is proposed is no object of JSON.", remedy="Ask who sent it.")
    draft = draft_of(connection, kept)
    changed = Draft(
        draft.id, draft.type, draft.owner, draft.audience, payload,
        draft.jurisdiction, draft.parent, draft.media_type, created=draft.created,
    )  # fmt: skip
    return objects.put(database, connection, changed)
