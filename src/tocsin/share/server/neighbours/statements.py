"""Statements: what the owner of an object says of it, signed, so that others can hand it on.

A statement has a head and a body. The head names the object, the owner's number of the version,
whether it is deleted, and the digest of the body; it is signed as a note (C2SP signed-note, with
Ed25519). The body holds markings and content. Who may not see the object any more gets the head
alone: it proves that there is a newer version, and says nothing of what is in it, nor to whom it
goes. A server between two others can so neither loosen a marking nor change a word.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import rfc8785
from sqlalchemy import BigInteger, Connection, Row, String, bindparam, case, func, or_, select

from tocsin.errors import UsageError
from tocsin.share.audit.note import Note, PrivateKey, PublicKey, read_note, sign, signed_by
from tocsin.share.server.access.marking import Audience
from tocsin.share.server.database.audiences import audiences_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import step
from tocsin.share.server.database.outbound import statements
from tocsin.share.server.database.tables import objects
from tocsin.share.server.neighbours.bodies import LONGEST_ID, body_of, text_of
from tocsin.share.server.neighbours.cursors import OWN, RESTORED, keep_place, read_place
from tocsin.share.server.neighbours.names import leaving, own_alone

# Statements of SQL are made once: to make one costs more than to run it.
_NEWEST = select(
    statements.c.id,
    statements.c.origin,
    statements.c.version,
    (func.length(statements.c.body) > 0).label("has_body"),
    statements.c.deleted,
    statements.c.head,
).where(statements.c.id.in_(bindparam("of", expanding=True)))
_LAST = select(
    select(func.max(statements.c.place)).scalar_subquery(),
    select(-func.min(statements.c.place)).scalar_subquery(),
)
"""The last place, also where what stood there waits to be stated anew."""
_LAST_ADDED = select(func.max(objects.c.date_added))
_OWN = (
    select(objects, statements.c.version.label("stated"))
    .select_from(objects.outerjoin(statements, objects.c.id == statements.c.id))
    .where(objects.c.newest, objects.c.origin == "")
)
_MADE_OF = objects.c.number.cast(String) + "/" + objects.c.audience.cast(String)
"""Of which row a statement was made, and how the row was marked."""
_ADDED = _OWN.where(
    objects.c.date_added > bindparam("after", type_=BigInteger),
    or_(statements.c.id.is_(None), statements.c.made_of != _MADE_OF),
)
# As a list of ids: of a join with them SQLite would go through all objects.
_MARKED = _OWN.where(objects.c.id.in_(select(statements.c.id).where(statements.c.place < 0)))
_KEPT = (
    "origin", "version", "head", "body", "body_digest", "deleted", "parent", "made_of", "place",
)  # fmt: skip
_CHANGE = (
    statements.update()
    .where(statements.c.id == bindparam("of"))
    .values({name: bindparam(f"new_{name}") for name in _KEPT})
)
_ADD = statements.insert()
LONGEST_DIGEST = 64
LAST_VERSION = 2**31
"""The database keeps no number of a version from here on."""
BEYOND = 2**24
"""By so much versions go on after a restore: further than those of an object get between a backup
and a loss."""


@dataclass(frozen=True)
class Entry:
    """This is a statement as it travels."""

    head: str
    """The signed note."""
    body: bytes
    """Canonical JSON; empty where the object is deleted, or not for the reader any more."""

    def as_dict(self) -> dict[str, Any]:
        """Give the entry for machines."""
        return {"head": self.head, "body": base64.b64encode(self.body).decode()}

    @classmethod
    def of_dict(cls, told: Mapping[str, Any]) -> Entry:
        """Read an entry as `as_dict` gives it.

        Raises:
            UsageError: it is none.
        """
        try:
            return cls(str(told["head"]), base64.b64decode(told["body"], validate=True))
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError("This is no entry of a feed.") from error


@dataclass(frozen=True)
class Head:
    """This is what the head of a statement says."""

    id: str
    version: int
    origin: str
    deleted: bool
    body_digest: str


@dataclass(frozen=True)
class Statement:
    """This is a statement that was made here, or checked, and is to be kept."""

    head: Head
    entry: Entry
    parent: str | None = None
    """Of which object it is a part, where the body says so."""
    made_of: str = ""
    """For own objects, of which row and markings it was made."""


def claim(entry: Entry) -> Head | None:
    """Give what the head of an entry says, of which nothing is checked yet; None: it says nothing.

    What `read_head` gives of the same entry, if it gives anything, is the same.
    """
    try:
        return _head(entry.head.rpartition("\n\n")[0])
    except UsageError:
        return None


def _head(text: str) -> Head:
    try:
        told = json.loads(text)
        found = Head(
            text_of(told["id"], LONGEST_ID), int(told["version"]), str(told["origin"]),
            bool(told["deleted"]), text_of(told["body"], LONGEST_DIGEST),
        )  # fmt: skip
        if not 0 < found.version < LAST_VERSION:
            raise ValueError(found.version)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise UsageError("This is no statement on an object.") from error
    return found


def read_head(text: str, keys: Mapping[str, PublicKey]) -> Head:
    """Read the head of a statement, and check who signed it.

    Args:
        text: the signed note.
        keys: the public key of each server by its name.

    Returns:
        What it says.

    Raises:
        UsageError: it is no such note, its server is not known, or did not sign it.
    """
    note = read_note(text)
    found = _head(note.text)
    key = keys.get(found.origin)
    if key is None or not signed_by(note, key):
        raise UsageError(
            "The statement is not signed by a server that is known here.", where=found.id,
            remedy="Exchange public keys with the server's owner.",
        )  # fmt: skip
    return found


def state(database: Database, connection: Connection, key: PrivateKey) -> int:
    """State what changed among this server's own objects since it was done last.

    Markings that were tightened because a parent's were count as a change, too.

    Args:
        database: the database.
        connection: a connection that writes, in the order of objects.
        key: this server's key, whose name is its name.

    Returns:
        How many statements were made.
    """
    stated_to, last = int(read_place(connection, OWN)), connection.execute(_LAST_ADDED).scalar()
    rows = {row.id: row for row in connection.execute(_MARKED)}
    if last is not None and last > stated_to:
        rows |= {row.id: row for row in connection.execute(_ADDED, {"after": stated_to})}
        keep_place(connection, OWN, str(last))
    changed = sorted(rows.values(), key=lambda row: row.date_added)
    audiences = audiences_of(connection, {row.audience for row in changed})
    own, me = own_alone(connection) if changed else frozenset(), key.public.name
    told = {number: leaving(one, own, me) for number, one in audiences.items()}
    first = int(read_place(connection, RESTORED)) if changed else 0
    made = [_statement_on(row, told[row.audience], key, first) for row in changed]
    keep(database, connection, made, {row.id for row in changed if row.stated is not None})
    return len(made)


def restate(connection: Connection) -> None:
    """Let all own objects be stated anew, after all versions that neighbours may have of them.

    Of a server that was restored from a backup neighbours have later statements than it knows, and
    would take what it states next for older, or for known.

    Args:
        connection: a connection that writes.
    """
    last = LAST_VERSION - 2 * BEYOND
    first = min(last, int(read_place(connection, RESTORED)) + BEYOND)
    keep_place(connection, RESTORED, str(first))
    later = case(
        (statements.c.version < last, statements.c.version + BEYOND), else_=statements.c.version
    )
    anew = {"version": later, "place": -func.abs(statements.c.place)}
    connection.execute(statements.update().where(statements.c.made_of != "").values(**anew))


def _statement_on(row: Row[Any], audience: Audience, key: PrivateKey, first: int) -> Statement:
    body = b"" if row.deleted else body_of(row, audience)
    origin, digest = key.public.name, hashlib.sha256(body).hexdigest()
    # Drawn by chance, so that it does not tell how often the object changed while it was hidden.
    head = Head(row.id, (row.stated or first) + step(), origin, bool(row.deleted), digest)
    told: dict[str, Any] = {
        "id": head.id, "version": head.version, "origin": origin, "deleted": head.deleted,
        "body": digest,
    }  # fmt: skip
    signed = sign(Note(rfc8785.dumps(told).decode() + "\n"), key)
    return Statement(head, Entry(str(signed), body), row.parent, f"{row.number}/{row.audience}")


def keep(
    database: Database,
    connection: Connection,
    some: Sequence[Statement],
    stated: Collection[str],
) -> None:
    """Keep statements, each as the newest on its object, at the end of the feed.

    Args:
        database: the database.
        connection: a connection that writes.
        some: the statements, one on an object.
        stated: ids of the objects on which there are statements here.
    """
    last = max(place or 0 for place in connection.execute(_LAST).one())
    new, changed = [], []
    for one in some:
        last = max(last + step(), database.time())
        head = one.head
        values: dict[str, Any] = {
            "origin": head.origin, "version": head.version, "head": one.entry.head,
            "body": one.entry.body, "body_digest": head.body_digest, "deleted": head.deleted,
            "parent": one.parent, "made_of": one.made_of, "place": last,
        }  # fmt: skip
        if head.id in stated:
            changed.append({"of": head.id, **{f"new_{name}": values[name] for name in _KEPT}})
        else:
            new.append({"id": head.id, **values})
    if changed:
        connection.execute(_CHANGE, changed)
    if new:
        connection.execute(_ADD, new)


class Standing(NamedTuple):
    """This is what is known of the newest statement on an object."""

    id: str
    origin: str
    version: int
    has_body: bool
    deleted: bool
    head: str


def newest(connection: Connection, ids: Collection[str]) -> dict[str, Standing]:
    """Give the newest statements on objects that are known here.

    Args:
        connection: any connection.
        ids: the objects, as many as one question may name.

    Returns:
        The statements by their objects' ids, where there is one.
    """
    rows = connection.execute(_NEWEST, {"of": list(ids)})
    return {row.id: Standing(*row) for row in rows}


def digest(connection: Connection) -> str:
    """Give one digest of all objects that are known here and not deleted.

    Two servers that know the same versions of the same objects give the same. Of what was deleted
    before it came to a server, that server need not know.

    Args:
        connection: any connection.

    Returns:
        64 hexadecimal digits.
    """
    query = select(
        statements.c.id,
        statements.c.version,
        statements.c.body_digest,
    )
    whole = hashlib.sha256()
    for row in connection.execute(query.where(~statements.c.deleted).order_by(statements.c.id)):
        whole.update(f"{row.id} {row.version} {row.body_digest}\n".encode())
    return whole.hexdigest()
