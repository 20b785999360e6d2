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
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785
from sqlalchemy import Connection, Row, String, bindparam, func, or_, select

from tocsin.errors import UsageError
from tocsin.share.audit.note import Note, PrivateKey, PublicKey, read_note, sign, signed_by
from tocsin.share.server.access.marking import Audience
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import GAP, Object
from tocsin.share.server.database.outbound import statements
from tocsin.share.server.database.tables import objects

# Statements of SQL are made once: to make one costs more than to run it.
_NEWEST = select(
    statements.c.version,
    (func.length(statements.c.body) > 0).label("has_body"),
    statements.c.deleted,
    statements.c.head,
).where(statements.c.id == bindparam("of"))
_LAST = select(func.max(statements.c.place))
_KEPT = (
    "origin", "version", "head", "body", "body_digest", "deleted", "parent", "made_of", "place",
)  # fmt: skip
_CHANGE = (
    statements.update()
    .where(statements.c.id == bindparam("of"))
    .values({name: bindparam(f"new_{name}") for name in _KEPT})
)
_ADD = statements.insert()


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
    try:
        told = json.loads(note.text)
        found = Head(
            str(told["id"]), int(told["version"]), str(told["origin"]), bool(told["deleted"]),
            str(told["body"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError("This is no statement on an object.") from error
    key = keys.get(found.origin)
    if key is None or not signed_by(note, key):
        raise UsageError(
            "The statement is not signed by a server that is known here.", where=found.id,
            remedy="Exchange public keys with the server's owner.",
        )  # fmt: skip
    return found


def state(database: Database, connection: Connection, key: PrivateKey) -> int:
    """State what changed among this server's own objects.

    Markings that were tightened because a parent's were count as a change, too.

    Args:
        database: the database.
        connection: a connection that writes.
        key: this server's key, whose name is its name.

    Returns:
        How many statements were made.
    """
    joined = objects.outerjoin(statements, objects.c.id == statements.c.id)
    made_of = (
        objects.c.number.cast(String) + "/" + objects.c.audience.cast(String)
    )  # which row, and how it is marked
    changed = connection.execute(
        select(objects, statements.c.version.label("stated"))
        .select_from(joined)
        .where(
            objects.c.newest,
            objects.c.origin == "",
            or_(statements.c.id.is_(None), statements.c.made_of != made_of),
        )
        .order_by(objects.c.date_added)
    ).all()
    for row in changed:
        body = b"" if row.deleted else body_of(row, audience_of(connection, row.audience))
        version = (row.stated or 0) + 1
        told: dict[str, Any] = {
            "id": row.id, "version": version, "origin": key.public.name,
            "deleted": bool(row.deleted), "body": hashlib.sha256(body).hexdigest(),
        }  # fmt: skip
        head = Head(row.id, version, key.public.name, bool(row.deleted), told["body"])
        signed = sign(Note(rfc8785.dumps(told).decode() + "\n"), key)
        keep(
            database, connection, head, Entry(str(signed), body), parent=row.parent,
            made_of=f"{row.number}/{row.audience}",
        )  # fmt: skip
    return len(changed)


def body_of(row: Object, audience: Audience) -> bytes:
    """Write the body of a statement.

    Args:
        row: the object.
        audience: its markings.

    Returns:
        Canonical JSON. A part drawn by chance keeps the digest from telling what is in it.
    """
    told: dict[str, Any] = {
        "type": row.type, "owner": row.owner, "jurisdiction": row.jurisdiction,
        "parent": row.parent, "media_type": row.media_type, "created": str(row.created),
        "modified": str(row.modified), "audience": json.loads(audience.as_text()),
        "payload": base64.b64encode(row.payload).decode(), "chance": secrets.token_hex(16),
    }  # fmt: skip
    if row.exercise:
        told["exercise"] = True
    return rfc8785.dumps(told)


def keep(
    database: Database,
    connection: Connection,
    head: Head,
    entry: Entry,
    *,
    parent: str | None,
    made_of: str = "",
) -> None:
    """Keep a statement as the newest on its object, at the end of the feed.

    Args:
        database: the database.
        connection: a connection that writes.
        head: what its head says.
        entry: the statement.
        parent: of which object it is a part, where the body says so.
        made_of: for own objects, of which row and markings it was made.
    """
    last = connection.execute(_LAST).scalar() or 0
    values: dict[str, Any] = {
        "origin": head.origin, "version": head.version, "head": entry.head, "body": entry.body,
        "body_digest": head.body_digest, "deleted": head.deleted, "parent": parent,
        "made_of": made_of,
        "place": max(database.time(), last + 1 + secrets.randbelow(GAP)),
    }  # fmt: skip
    new = {f"new_{name}": value for name, value in values.items()}
    if not connection.execute(_CHANGE, {"of": head.id, **new}).rowcount:
        connection.execute(_ADD, {"id": head.id, **values})


def newest(connection: Connection, id: str) -> Row[Any] | None:
    """Give the newest statement on an object that is known here.

    Args:
        connection: any connection.
        id: the object.

    Returns:
        `version`, `has_body`, `deleted` and `head`; None where there is none.
    """
    return connection.execute(_NEWEST, {"of": id}).one_or_none()


def is_known(connection: Connection, entry: Entry) -> bool:
    """Tell whether an entry came before, and was checked then; nothing in it is new.

    Args:
        connection: any connection.
        entry: the entry, of which nothing is checked yet.

    Returns:
        False where it has to be looked at.
    """
    try:
        id = str(json.loads(entry.head.partition("\n")[0])["id"])
    except (ValueError, KeyError, TypeError):
        return False
    kept = newest(connection, id)
    if kept is None or kept.head != entry.head:
        return False
    return bool(kept.has_body or kept.deleted or not entry.body)


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
