"""Changing objects: what each verb asks for, in one place for programs' and people's side."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from tocsin.errors import UsageError
from tocsin.share.server.access.decision import may_do
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import DELETE, MARK, OF_OWNER, RELEASE, WRITE
from tocsin.share.server.access.refusals import NotAllowed, Stale
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database import lookup, objects
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Draft, NoObject, Object
from tocsin.share.server.desk.acts import reason_of, record
from tocsin.share.server.desk.resting import tighten_results

TYPES = ("warning", "forecast", "brief", "note")
"""Types of objects that people and programs write here; reports come in by a way of their own."""


@dataclass(frozen=True)
class Wanted:
    """This is what somebody wants to write."""

    type: str
    payload: Mapping[str, Any]
    markings: tuple[Marking, ...]
    jurisdiction: str = ""
    parent: str | None = None


def markings_of(said: Iterable[Mapping[str, Any]], signed: SignedIn) -> tuple[Marking, ...]:
    """Read the markings that somebody sets; their owner is the setter's organisation.

    Who gives something to named readers (RED) is one of them.

    Raises:
        UsageError: they are no markings, or name another organisation as their owner.
    """
    found = []
    for one in said:
        marking = Marking.of_dict(one)
        if marking.owner not in ("", signed.reader.organisation):
            raise UsageError(
                "A marking is its owner's own.", where="markings.owner", remedy="Leave it out."
            )
        readers = marking.readers | ({signed.reader.name} if marking.level == "RED" else set())
        found.append(replace(marking, owner=signed.reader.organisation, readers=readers))
    return tuple(found)


def find(database: Database, connection: Connection, signed: SignedIn, id: str) -> Object:
    """Find an object that is not deleted, for whoever asks.

    Raises:
        NoObject: there is none, it is deleted, or whoever asks may not see it.
    """
    (found,) = find_all(database, connection, [(signed, id)])
    if found is None:
        raise NoObject
    return found


def find_all(
    database: Database, connection: Connection, wanted: Sequence[tuple[SignedIn, str]]
) -> list[Object | None]:
    """Find objects that are not deleted, as `find` does it; None where there is none."""
    asked = [(signed.reader, id) for signed, id in wanted]
    rows = lookup.find_all(database, connection, asked)
    return [None if row is None or row.deleted else row for row in rows]


def check_may(connection: Connection, signed: SignedIn, verb: str, kept: Object) -> None:
    """Check that somebody may do something to an object that they see.

    What came from another server is changed there alone: here it would say something else under the
    owner's name, and a release here would loosen what the owner signed.

    Raises:
        NotAllowed: they may not.
    """
    if kept.origin and verb in OF_OWNER:
        raise NotAllowed(
            "The object is another server's.", remedy="Propose the change, and its owner decides."
        )
    if not may_do(signed.reader, verb, audience_of(connection, kept.audience), kept.owner):
        raise NotAllowed(
            "You may not do this to this object.", remedy="Ask the organisation that owns it."
        )


def create(database: Database, connection: Connection, signed: SignedIn, wanted: Wanted) -> Object:
    """Write a new object, owned by the writer's organisation.

    Args:
        database: the database.
        connection: a connection that writes.
        signed: who writes.
        wanted: the object.

    Returns:
        The object.

    Raises:
        NotAllowed: the writer's role does not write.
        NoObject: the parent is not there for the writer.
        UsageError: there is no such type, or no marking.
    """
    if WRITE not in signed.reader.verbs:
        raise NotAllowed("Your role does not write.", remedy="Ask an analyst.")
    if wanted.type not in TYPES:
        raise UsageError(
            f"There is no type '{wanted.type[:60]}'.", where="type",
            remedy=f"Choose of: {', '.join(TYPES)}.",
        )  # fmt: skip
    if wanted.parent is not None:
        find(database, connection, signed, wanted.parent)
    draft = Draft(
        f"{wanted.type}--{uuid.uuid4()}", wanted.type, signed.reader.organisation,
        Audience(frozenset(wanted.markings)), as_bytes(wanted.payload),
        wanted.jurisdiction, wanted.parent,
    )  # fmt: skip
    kept = objects.put(database, connection, draft)
    record(database, connection, signed, WRITE, kept)
    return kept


def replace_payload(
    database: Database,
    connection: Connection,
    signed: SignedIn,
    id: str,
    payload: Mapping[str, Any],
    *,
    digest: str,
    markings: tuple[Marking, ...] = (),
) -> Object:
    """Write a new version of an object. Its markings stay; further ones may be added.

    Args:
        database: the database.
        connection: a connection that writes.
        signed: who writes.
        id: the object.
        payload: what it holds from now on.
        digest: the digest of the version that the writer last read.
        markings: further markings.

    Returns:
        The new version, or the old one where nothing changed.

    Raises:
        NoObject: it is not there for the writer.
        NotAllowed: the writer may not write it.
        Stale: somebody else changed it in between.
    """
    kept = find(database, connection, signed, id)
    check_may(connection, signed, WRITE, kept)
    if kept.digest != digest:
        raise Stale("The object has changed.", remedy="Read it again, then write.")
    audience = Audience.of_all(
        [audience_of(connection, kept.audience), *([Audience.of(*markings)] if markings else [])]
    )
    draft = objects.draft_of(connection, kept)
    after = objects.put(
        database, connection, replace(draft, payload=as_bytes(payload), audience=audience)
    )
    record(database, connection, signed, WRITE, after)
    if after.audience != kept.audience:
        tighten_results(database, connection, after, signed)
    return after


def mark(
    database: Database,
    connection: Connection,
    signed: SignedIn,
    id: str,
    *,
    markings: tuple[Marking, ...],
    reason: str,
) -> Object:
    """Mark an object more strictly; the markings that it has stay.

    Raises:
        NoObject: it is not there for whoever asks.
        NotAllowed: they may not mark it.
        UsageError: no marking or no reason is given, or the object is marked as strictly already.
    """
    kept, why = _allowed(database, connection, signed, id, verb=MARK, reason=reason)
    # Else who asks for a laxer marking would be told that it was marked, and oversight, too.
    if audience_of(connection, kept.audience).is_no_laxer_than(Audience(frozenset(markings))):
        raise UsageError(
            "It is marked as strictly already, so that this marking would change nothing.",
            where="markings", remedy="To let more people see it, a decision maker releases it.",
        )  # fmt: skip
    after = objects.mark(database, connection, kept, Audience(frozenset(markings)))
    record(database, connection, signed, MARK, after, reason=why)
    tighten_results(database, connection, after, signed)
    return after


def release(
    database: Database,
    connection: Connection,
    signed: SignedIn,
    id: str,
    *,
    markings: tuple[Marking, ...],
    reason: str,
) -> Object:
    """Let more readers see an object: its owner's own markings give way to these.

    Raises:
        NoObject: it is not there for whoever asks.
        NotAllowed: they may not release it.
        UsageError: no marking or no reason is given.
    """
    kept, why = _allowed(database, connection, signed, id, verb=RELEASE, reason=reason)
    before = audience_of(connection, kept.audience).as_text()
    after = objects.release(database, connection, kept, Audience(frozenset(markings)))
    record(database, connection, signed, RELEASE, after, reason=why, detail=before)
    return after


def delete(
    database: Database, connection: Connection, signed: SignedIn, id: str, reason: str
) -> Object:
    """Delete an object: a version that says so is added, and nothing is lost.

    Raises:
        NoObject: it is not there for whoever asks.
        NotAllowed: they may not delete it.
        UsageError: no reason is given.
    """
    kept, why = _allowed(database, connection, signed, id, verb=DELETE, reason=reason)
    gone = replace(objects.draft_of(connection, kept), payload=b"{}", deleted=True)
    after = objects.put(database, connection, gone)
    record(database, connection, signed, DELETE, after, reason=why)
    return after


def _allowed(
    database: Database,
    connection: Connection,
    signed: SignedIn,
    id: str,
    *,
    verb: str,
    reason: str,
) -> tuple[Object, str]:
    """The object and the reason, where whoever asks gave one and may do this to it."""
    why = reason_of(reason)
    kept = find(database, connection, signed, id)
    check_may(connection, signed, verb, kept)
    return kept, why


def as_bytes(payload: Mapping[str, Any]) -> bytes:
    """Write a payload as JSON; equal payloads give equal bytes.

    Args:
        payload: the content of an object by name.

    Returns:
        The text in UTF-8, with names in the order of the alphabet.

    Raises:
        UsageError: a number in it is none, or infinite.
    """
    try:
        text = json.dumps(payload, ensure_ascii=False, sort_keys=True, allow_nan=False)
    except ValueError as error:
        raise UsageError(
            "A number in it is no number.", where="payload", remedy="Leave it out."
        ) from error
    return text.encode()
