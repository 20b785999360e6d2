"""Proposals: who finds a fault in another's object asks its owner, and overwrites nothing.

A proposal is an object of its own: a part of the object that it is about, marked as strictly, owned
by who proposes. It travels to the owner as every object does. Who owns the object may accept it.
"""

from __future__ import annotations

import base64
import json
import uuid

from sqlalchemy import Connection

from tocsin.share.server.access.decision import may_do
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import PROPOSE, WRITE, Reader
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.database import lookup, objects
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Draft, NoObject, Object, draft_of

PROPOSAL = "proposal"


def propose(
    database: Database,
    connection: Connection,
    reader: Reader,
    id: str,
    payload: bytes,
    *,
    reason: str,
) -> Object:
    """Propose another content for an object to its owner.

    Args:
        database: the database.
        connection: a connection that writes.
        reader: who proposes.
        id: the object.
        payload: what it should hold.
        reason: why.

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
    told = {
        "about": id, "based_on": kept.digest, "reason": reason,
        "payload": base64.b64encode(payload).decode(),
    }  # fmt: skip
    draft = Draft(
        f"{PROPOSAL}--{uuid.uuid4()}", PROPOSAL, reader.organisation,
        Audience.of_all([audience, Audience.of(Marking("GREEN", reader.organisation))]),
        json.dumps(told, ensure_ascii=False).encode(), kept.jurisdiction, id,
    )  # fmt: skip
    return objects.put(database, connection, draft)


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
        NotAllowed: the object is another's, or changed since the proposal was made.
    """
    asked = lookup.find(database, connection, reader, proposal)
    if asked.type != PROPOSAL or asked.deleted:
        raise NoObject
    told = json.loads(asked.payload)
    kept = lookup.find(database, connection, reader, told["about"])
    if kept.origin or not may_do(reader, WRITE, audience_of(connection, kept.audience), kept.owner):
        raise NotAllowed("The object is another's.", remedy="Its owner decides.")
    if told["based_on"] != kept.digest:
        raise NotAllowed(
            "The object changed since this was proposed.", remedy="Compare both, and write anew."
        )
    draft = draft_of(connection, kept)
    changed = Draft(
        draft.id, draft.type, draft.owner, draft.audience, base64.b64decode(told["payload"]),
        draft.jurisdiction, draft.parent, draft.media_type, created=draft.created,
    )  # fmt: skip
    return objects.put(database, connection, changed)
