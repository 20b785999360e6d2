"""People: accounts, and the one-time links by which they are made."""

from __future__ import annotations

import json
import secrets as random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from tocsin.errors import TocsinError, UsageError
from tocsin.share.server.access.reader import Reader, reader
from tocsin.share.server.accounts import secrets
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.tables import accounts, invitations, sessions, tokens

DAY = 86_400 * 1_000_000
VALID = 7 * DAY
"""How long a one-time link may be used, microseconds."""
LONGEST_NAME = 200
"""Characters of the name of an account, at most: markings name no longer one."""
LANGUAGES = ("en", "fr", "ar")


class NoInvitation(TocsinError):
    """The link was used, is too old, or never was."""

    def __init__(self) -> None:
        super().__init__("This link does not lead anywhere.", remedy="Ask for a new one.")


@dataclass(frozen=True)
class Place:
    """This is the place that an account has: whose it is, and what it answers for."""

    organisation: str
    role: str
    jurisdictions: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    client_of: frozenset[str] = frozenset()

    def columns(self) -> dict[str, str]:
        """Give the columns that accounts and invitations share, after a check of the role."""
        reader("x", self.organisation, self.role)
        lists = {
            name: json.dumps(sorted(getattr(self, name)))
            for name in ("jurisdictions", "groups", "client_of")
        }
        return {"organisation": self.organisation, "role": self.role, **lists}


def invite(database: Database, connection: Connection, place: Place) -> str:
    """Make a one-time link for somebody who is to have an account.

    Args:
        database: the database.
        connection: a connection that writes.
        place: the place of the account.

    Returns:
        The secret of the link, which is kept nowhere.

    Raises:
        UsageError: there is no such role.
    """
    secret = secrets.draw()
    now = database.time()
    connection.execute(
        insert(invitations).values(
            digest=secrets.digest(secret), created=now, expires=now + VALID, **place.columns()
        )
    )
    return secret


def invitation(database: Database, connection: Connection, secret: str) -> Row[Any]:
    """Find the invitation of a link.

    Raises:
        NoInvitation: it was used, is too old, or never was.
    """
    query = select(invitations).where(invitations.c.digest == secrets.digest(secret))
    found = connection.execute(query).one_or_none()
    if found is None or found.used or found.expires < database.time():
        raise NoInvitation
    return found


def accept(
    database: Database,
    connection: Connection,
    secret: str,
    name: str,
    stretched: str,
    *,
    host: str,
) -> str:
    """Make the account to which a link invites; the link is used up.

    Args:
        database: the database.
        connection: a connection that writes.
        secret: the link's secret.
        name: the name that the person chose.
        stretched: the password, as `secrets.stretch` gives it.
        host: the organisation that runs the server. In the name of an account of another one
            stands which, so that a name that is taken tells of nobody in another organisation.

    Returns:
        The id of the account.

    Raises:
        NoInvitation: as `invitation`.
        UsageError: the name is taken, or no name.
    """
    found = invitation(database, connection, secret)
    # Whoever takes the link second changes no row, even if both read it before.
    used = update(invitations).where(
        invitations.c.digest == found.digest, ~invitations.c.used
    ).values(used=True)  # fmt: skip
    if connection.execute(used).rowcount != 1:
        raise NoInvitation
    if set("()") & set(name):
        raise UsageError("A name has no brackets.", remedy="Choose another.")
    place = Place(found.organisation, found.role, *_sets(found))
    whole = name.strip() + ending(place.organisation, host)
    return add(database, connection, whole, place, stretched)


def ending(organisation: str, host: str) -> str:
    """Give what follows the name that somebody chose: the organisation, where it is not the host's.

    >>> ending("South office", "Health")
    ' (South office)'
    """
    return "" if organisation == host else f" ({organisation})"


def add(database: Database, connection: Connection, name: str, place: Place, stretched: str) -> str:
    """Add an account.

    Args:
        database: the database.
        connection: a connection that writes.
        name: its name, by which it signs in.
        place: whose it is, and what it answers for.
        stretched: the password, as `secrets.stretch` gives it.

    Returns:
        The id of the account.

    Raises:
        UsageError: the name is taken, or no name; or there is no such role.
    """
    plain = name.strip()
    if not 1 <= len(plain) <= LONGEST_NAME or plain[0] == "(" or not plain.isprintable():
        raise UsageError(
            f"A name has 1 to {LONGEST_NAME} characters, with its organisation.",
            remedy="Choose another.",
        )
    # Two names that differ in case alone would be taken for each other.
    taken = select(accounts.c.id).where(func.lower(accounts.c.name) == plain.lower())
    if connection.execute(taken).first() is not None:
        raise UsageError("This name cannot be had.", remedy="Choose another.")
    made = random.token_hex(16)
    connection.execute(
        insert(accounts).values(
            id=made, name=plain, password=stretched, created=database.time(), **place.columns()
        )
    )
    return made


def is_empty(connection: Connection) -> bool:
    """Tell whether nobody has an account yet."""
    return connection.execute(select(accounts.c.id).limit(1)).first() is None


def has_invitations(connection: Connection) -> bool:
    """Tell whether somebody was invited before."""
    return connection.execute(select(invitations.c.digest).limit(1)).first() is not None


def reader_of(row: Row[Any]) -> Reader:
    """Make the reader that an account is, from its row."""
    jurisdictions, groups, client_of = _sets(row)
    return reader(
        row.name, row.organisation, row.role,
        jurisdictions=jurisdictions, groups=groups, client_of=client_of,
    )  # fmt: skip


def account(connection: Connection, id: str) -> Row[Any] | None:
    """Find an account that is not disabled."""
    query = select(accounts).where(accounts.c.id == id, ~accounts.c.disabled)
    return connection.execute(query).one_or_none()


def members(connection: Connection, organisation: str) -> list[Row[Any]]:
    """List the accounts of one organisation that are not disabled, by name."""
    query = select(accounts).where(accounts.c.organisation == organisation, ~accounts.c.disabled)
    return list(connection.execute(query.order_by(accounts.c.name)).all())


def speak(connection: Connection, id: str, language: str) -> None:
    """Keep the language in which an account reads pages and digests, such as 'fr'."""
    connection.execute(update(accounts).where(accounts.c.id == id).values(language=language))


def disable(connection: Connection, id: str) -> None:
    """Close an account: its sessions and tokens end at once."""
    connection.execute(update(accounts).where(accounts.c.id == id).values(disabled=True))
    for table in (sessions, tokens):
        connection.execute(update(table).where(table.c.account == id).values(revoked=True))


def _sets(row: Row[Any]) -> Iterable[frozenset[str]]:
    return (frozenset(json.loads(one)) for one in (row.jurisdictions, row.groups, row.client_of))
