"""Following a neighbour: its statements are taken in once, in whatever order they come."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import Connection, select, update

from tocsin.errors import TocsinError, UsageError
from tocsin.share.audit.note import PublicKey
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.database import objects
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import LARGEST, Draft, Object
from tocsin.share.server.database.outbound import cursors
from tocsin.share.server.database.tables import objects as kept_objects
from tocsin.share.server.neighbours.statements import (
    Entry,
    Head,
    is_known,
    keep,
    newest,
    read_head,
)
from tocsin.share.stix.original import STIX

TEXTS = {"type": 60, "owner": 200, "jurisdiction": 20, "media_type": 100}
"""Characters that the database keeps of each text, at most."""
LONGEST_ID = 250
LARGEST_PAGE = 256_000_000
"""Bytes of an answer of a neighbour, at most."""
GONE = b"{}"
"""What is left of a content that was withdrawn."""


@dataclass(frozen=True)
class Followed:
    """This is what came of entries."""

    written: int = 0
    """New objects and versions."""
    known: int = 0
    """Entries that were here already, or older than what is here."""
    withdrawn: int = 0
    """Objects that were deleted, or are not for this server any more."""
    refused: tuple[str, ...] = ()
    """Why entries were not taken in."""


def take_in(
    database: Database,
    connection: Connection,
    entries: Iterable[Entry],
    *,
    me: str,
    keys: Mapping[str, PublicKey],
    exercises: bool = False,
) -> Followed:
    """Take in entries of a neighbour's feed.

    Each is checked against the key of the server that made it, whoever handed it on. The owner's
    number of the version decides which is newer; so entries may come twice, late, or from several
    neighbours. What one's own server owns is never changed from outside.

    Args:
        database: the database.
        connection: a connection that writes.
        entries: the entries, in any order.
        me: this server's name.
        keys: public keys by the names of servers.
        exercises: True from a neighbour who plays along; from a live one none is taken.

    Returns:
        What came of them.
    """
    counts: Counter[str] = Counter()
    refused: list[str] = []
    for entry in entries:
        # A ring brings most entries twice, and to check a signature costs more than all the rest.
        if is_known(connection, entry):
            counts["known"] += 1
            continue
        try:
            head = read_head(entry.head, keys)
            told = _body(head, entry)
        except UsageError as error:
            refused.append(error.what)
            continue
        if head.origin == me or not _is_new(connection, head, entry):
            counts["known"] += 1
            continue
        before = objects.newest(connection, head.id)
        if before is not None and before.origin != head.origin:
            refused.append("The object belongs to another server.")
        elif told is not None and told["exercise"] and not exercises:
            refused.append("An exercise came from a neighbour that is marked as live.")
        elif told is None:
            counts["withdrawn"] += 1
            _withdraw(database, connection, head, before)
            keep(database, connection, head, entry, parent=None)
        else:
            counts["written"] += 1
            _write(database, connection, head, told, before)
            keep(database, connection, head, entry, parent=told["parent"])
    return Followed(counts["written"], counts["known"], counts["withdrawn"], tuple(refused))


def _body(head: Head, entry: Entry) -> dict[str, Any] | None:
    """What the body says; None where there is none, because it is deleted or not for us."""
    if head.deleted or not entry.body:
        return None
    if hashlib.sha256(entry.body).hexdigest() != head.body_digest:
        raise UsageError("The body is not the one that was signed.", where=head.id)
    try:
        told: dict[str, Any] = json.loads(entry.body)
        told["payload"] = base64.b64decode(told["payload"], validate=True)
        told["audience"] = Audience(frozenset(Marking.of_dict(one) for one in told["audience"]))
        told["created"], told["modified"] = int(told["created"]), int(told["modified"])
        told["parent"] = str(told["parent"]) if told["parent"] else None
        told["exercise"] = told.get("exercise") is True
        told["alias"] = _alias(told)
        for name, most in TEXTS.items():
            told[name] = _text(told[name], most)
        if told["parent"] is not None:
            _text(told["parent"], LONGEST_ID)
        _text(head.id, LONGEST_ID)
        if len(told["payload"]) > LARGEST or not all(
            0 <= told[name] < 2**62 for name in ("created", "modified")
        ):
            raise ValueError(head.id)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError("The body cannot be read.", where=head.id) from error
    return told


def _alias(told: Mapping[str, Any]) -> str:
    """The id by which the producer of an object of STIX knows it; empty for all others."""
    if told["media_type"] != STIX:
        return ""
    return _text(json.loads(told["payload"])["id"], LONGEST_ID)


def _text(value: object, most: int) -> str:
    """A text that the database can keep; what it cannot would hold up all that comes after it."""
    text = str(value)
    if len(text) > most or "\0" in text:
        raise ValueError(text[:60])
    text.encode()
    return text


def _write(
    database: Database,
    connection: Connection,
    head: Head,
    told: Mapping[str, Any],
    before: Object | None,
) -> None:
    # The owner's markings of a part include those of the whole, so the two are not linked here:
    # the whole may come later than the part, or in an older version, and would mark it wrongly.
    audience = told["audience"]
    if before is not None:
        old = audience_of(connection, before.audience)
        if not audience.is_no_laxer_than(old):
            # The owner signed this: it is a release, the only way in which a marking goes.
            objects.release(database, connection, before, audience)
    objects.put(
        database, connection,
        Draft(
            head.id, told["type"], told["owner"], audience, told["payload"],
            told["jurisdiction"], None, told["media_type"], head.origin, told["created"],
            told["modified"], exercise=told["exercise"], alias=told["alias"],
        ),
        is_new=before is None,
    )  # fmt: skip


def _withdraw(
    database: Database, connection: Connection, head: Head, before: Object | None
) -> None:
    """The content goes, of all versions that are here, and nobody finds the object any more."""
    if before is None:
        return
    audience = audience_of(connection, before.audience)
    gone = Draft(
        head.id, before.type, before.owner, audience, GONE, before.jurisdiction,
        origin=head.origin, deleted=True,
    )  # fmt: skip
    objects.put(database, connection, gone)
    wiped = {"payload": GONE, "digest": hashlib.sha256(GONE).hexdigest()}
    connection.execute(update(kept_objects).where(kept_objects.c.id == head.id).values(**wiped))


def _is_new(connection: Connection, head: Head, entry: Entry) -> bool:
    """Is it a newer version, or the same one with the body that was missing?"""
    kept = newest(connection, head.id)
    if kept is None or head.version > kept.version:
        return True
    bodiless = not kept.has_body and not kept.deleted
    return head.version == kept.version and bodiless and bool(entry.body)


def follow(
    database: Database,
    client: httpx.Client,
    neighbour: str,
    *,
    me: str,
    keys: Mapping[str, PublicKey],
    exercises: bool = False,
) -> Followed:
    """Ask a neighbour for what changed since the last time, and take it in, page by page.

    Each page and the place after it are kept in one transaction; a stop in between loses nothing.

    Args:
        database: this server's database.
        client: with the neighbour's address as its base and with this server's token there.
        neighbour: the neighbour's name, under which the place in its feed is kept.
        me: this server's name.
        keys: public keys by the names of servers.
        exercises: as for `take_in`.

    Returns:
        What came of all pages.

    Raises:
        TocsinError: the neighbour does not answer, or answers something else; what came before
            is kept.
    """
    counts: Counter[str] = Counter()
    refused: list[str] = []
    more = True
    while more:
        with database.reading() as connection:
            here = cursors.c.neighbour == neighbour
            place = connection.execute(select(cursors.c.place).where(here)).scalar()
        entries, following, more = _page(client, place or "0")
        if more and following == place:
            raise TocsinError("The neighbour's feed does not go on.", where=neighbour)
        with database.writing() as connection:
            found = take_in(database, connection, entries, me=me, keys=keys, exercises=exercises)
            kept = {"place": following}
            if not connection.execute(update(cursors).where(here).values(**kept)).rowcount:
                connection.execute(cursors.insert().values(neighbour=neighbour, **kept))
        counts.update(written=found.written, known=found.known, withdrawn=found.withdrawn)
        refused += found.refused
    return Followed(counts["written"], counts["known"], counts["withdrawn"], tuple(refused))


def _content(client: httpx.Client, place: str) -> bytes:
    with client.stream("GET", "/api/neighbours/feed", params={"after": place}) as answer:
        answer.raise_for_status()
        content = bytearray()
        for part in answer.iter_bytes():
            content += part
            if len(content) > LARGEST_PAGE:
                raise ValueError("too large")
    return bytes(content)


def _page(client: httpx.Client, place: str) -> tuple[list[Entry], str, bool]:
    try:
        told = json.loads(_content(client, place))
        entries = [Entry.of_dict(one) for one in told["entries"]]
        return entries, str(int(told["next"])), bool(told["more"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError, UsageError) as error:
        raise TocsinError(
            f"The neighbour does not answer as it should ({type(error).__name__}).",
            where=str(client.base_url),
            remedy="Check the address and the token; what came before is kept.",
        ) from error
