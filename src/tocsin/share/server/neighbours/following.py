"""Following a neighbour: its statements are taken in once, in whatever order they come."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import httpx
from sqlalchemy import Connection, update

from tocsin.errors import TocsinError, UsageError
from tocsin.share.audit.note import PublicKey
from tocsin.share.server.database import objects
from tocsin.share.server.database.adding import add_new
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.lookup import newest_of
from tocsin.share.server.database.objects import Draft, Object
from tocsin.share.server.database.tables import objects as kept_objects
from tocsin.share.server.neighbours.bodies import read_body
from tocsin.share.server.neighbours.cursors import keep_place, read_place
from tocsin.share.server.neighbours.feed import MOST
from tocsin.share.server.neighbours.names import at, coming
from tocsin.share.server.neighbours.statements import (
    Entry,
    Head,
    Standing,
    Statement,
    claim,
    keep,
    newest,
    read_head,
)

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
    """Entries that were here already, or older than what is here or came with them."""
    withdrawn: int = 0
    """Objects that were deleted, or are not for this server any more."""
    refused: tuple[str, ...] = ()
    """Why entries were not taken in."""

    def __add__(self, other: Followed) -> Followed:
        """Count what came of further entries, too."""
        return Followed(
            self.written + other.written, self.known + other.known,
            self.withdrawn + other.withdrawn, self.refused + other.refused,
        )  # fmt: skip


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
    neighbours. What one's own server owns is never changed from outside. Organisations of other
    servers are named with their server (`names`), so that a namesake here is nobody of theirs.

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
    whole, left = Followed(), iter(entries)
    while page := list(islice(left, MOST)):
        came = _Arrived(me, keys, exercises)
        came.look_at(connection, page)
        whole += came.keep(database, connection)
    return whole


@dataclass
class _Arrived:
    """This is what arrived together: it is looked at one by one, and kept at once."""

    me: str
    keys: Mapping[str, PublicKey]
    exercises: bool
    stated: frozenset[str] = frozenset()
    """Objects on which there were statements here."""
    before: dict[str, Object] = field(default_factory=dict)
    """Objects that were here."""
    standing: dict[str, Standing] = field(default_factory=dict)
    """The newest statements, of those that were here and those that arrived."""
    taken: dict[str, tuple[Statement, dict[str, Any] | None]] = field(default_factory=dict)
    """Statements that are to be kept, with what their bodies say."""
    known: int = 0
    refused: list[str] = field(default_factory=list)

    def look_at(self, connection: Connection, page: Sequence[Entry]) -> None:
        claims = [claim(one) for one in page]
        self.standing = newest(connection, {one.id for one in claims if one is not None})
        self.stated = frozenset(self.standing)
        # What is known stays so, whatever else is on the page.
        self.before = newest_of(connection, {
            said.id for entry, said in zip(page, claims, strict=True)
            if said is not None and not _is_known(said, entry, self.standing.get(said.id))
        })  # fmt: skip
        for entry, said in zip(page, claims, strict=True):
            # A ring brings most entries twice, and to check a signature costs more than the rest.
            if said is not None and _is_known(said, entry, self.standing.get(said.id)):
                self.known += 1
                continue
            try:
                self._take(entry)
            except UsageError as error:
                self.refused.append(error.what)

    def _take(self, entry: Entry) -> None:
        head = read_head(entry.head, self.keys)
        told = None
        if not head.deleted and entry.body:
            told = read_body(head.id, entry.body, head.body_digest)
            told["owner"] = at(told["owner"], head.origin)
            told["audience"] = coming(told["audience"], head.origin, self.me, self.keys)
        stands, before = self.standing.get(head.id), self.before.get(head.id)
        if head.origin == self.me or (stands is not None and not _is_newer(head, entry, stands)):
            self.known += 1
            return
        owner = before or stands
        if owner is not None and owner.origin != head.origin:
            raise UsageError("The object belongs to another server.")
        if told is not None and told["exercise"] and not self.exercises:
            raise UsageError("An exercise came from a neighbour that is marked as live.")
        self.known += head.id in self.taken
        parent = told["parent"] if told is not None else None
        self.taken[head.id] = Statement(head, entry, parent), told
        self.standing[head.id] = Standing(
            head.id, head.origin, head.version, told is not None, head.deleted, entry.head
        )

    def keep(self, database: Database, connection: Connection) -> Followed:
        new: list[Draft] = []
        for statement, told in self.taken.values():
            before = self.before.get(statement.head.id)
            if told is None:
                if before is not None:
                    _withdraw(database, connection, before)
            elif before is None:
                new.append(_draft(statement.head, told))
            else:
                _change(database, connection, _draft(statement.head, told), before)
        add_new(database, connection, new)
        keep(database, connection, [one for one, _ in self.taken.values()], self.stated)
        withdrawn = sum(told is None for _, told in self.taken.values())
        return Followed(len(self.taken) - withdrawn, self.known, withdrawn, tuple(self.refused))


def _is_known(said: Head, entry: Entry, stands: Standing | None) -> bool:
    """Is nothing in the entry new, whoever signed it? It came before, or is older."""
    if stands is None or said.version > stands.version:
        return False
    return said.version < stands.version or (
        stands.head == entry.head and (stands.has_body or stands.deleted or not entry.body)
    )


def _is_newer(head: Head, entry: Entry, stands: Standing) -> bool:
    """Is it a newer version, or the same one with the body that was missing?"""
    bodiless = not stands.has_body and not stands.deleted
    return head.version > stands.version or (
        head.version == stands.version and bodiless and bool(entry.body)
    )


def _draft(head: Head, told: Mapping[str, Any]) -> Draft:
    """The object. It is not linked to its whole, whose markings the owner gave to it, too.

    The whole may come later than the part, or in an older version, and would mark it wrongly.
    """
    return Draft(
        head.id, told["type"], told["owner"], told["audience"], told["payload"],
        told["jurisdiction"], None, told["media_type"], head.origin, told["created"],
        told["modified"], exercise=told["exercise"], alias=told["alias"],
    )  # fmt: skip


def _change(database: Database, connection: Connection, draft: Draft, before: Object) -> None:
    """Write a new version of an object that is here."""
    old = audience_of(connection, before.audience)
    if not draft.audience.is_no_laxer_than(old):
        # The owner signed this: it is a release, the only way in which a marking goes.
        before = objects.release(database, connection, before, draft.audience)
    objects.put(database, connection, draft, before=before)


def _withdraw(database: Database, connection: Connection, before: Object) -> None:
    """The content goes, of all versions that are here, and nobody finds the object any more."""
    gone = Draft(
        before.id, before.type, before.owner, audience_of(connection, before.audience), GONE,
        before.jurisdiction, origin=before.origin, deleted=True,
    )  # fmt: skip
    objects.put(database, connection, gone, before=before)
    wiped = {"payload": GONE, "digest": hashlib.sha256(GONE).hexdigest()}
    connection.execute(update(kept_objects).where(kept_objects.c.id == before.id).values(**wiped))


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
    whole, more = Followed(), True
    while more:
        with database.reading() as connection:
            place = read_place(connection, neighbour)
        entries, following, more = _page(client, place)
        if more and following == place:
            raise TocsinError("The neighbour's feed does not go on.", where=neighbour)
        with database.writing() as connection:
            whole += take_in(database, connection, entries, me=me, keys=keys, exercises=exercises)
            keep_place(connection, neighbour, following)
    return whole


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
