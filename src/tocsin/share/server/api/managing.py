"""Managing accounts, which is for administrators, each act with its entry in the record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from tocsin.errors import UsageError
from tocsin.share.server.access.reader import MANAGE
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.accounts import erasing, people, second_factor, signing_in
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.database.tables import accounts
from tocsin.share.server.desk.acts import record

ADMINISTRATOR = "administrator"


def check_manages(signed: SignedIn) -> None:
    """Check that somebody manages accounts.

    Raises:
        NotAllowed: they do not.
    """
    if MANAGE not in signed.reader.verbs:
        raise NotAllowed("Your role does not manage accounts.", remedy="Ask an administrator.")


def invite(
    database: Database, connection: Connection, signed: SignedIn, place: Place, *, host: str
) -> str:
    """Make a one-time link for somebody who is to have an account.

    Args:
        database: the database.
        connection: a connection that writes.
        signed: the administrator.
        place: the place of the account.
        host: the organisation that runs the server. Its administrators manage everybody's
            accounts, so another organisation has none.

    Returns:
        The secret of the link, which is kept nowhere.

    Raises:
        NotAllowed: who asks is no administrator.
        UsageError: there is no such role, or it is not for this organisation.
    """
    check_manages(signed)
    if place.role == ADMINISTRATOR and place.organisation != host:
        raise UsageError(
            f"Administrators are of {host}, which runs the server.", where="role",
            remedy="Choose another role.",
        )  # fmt: skip
    secret = people.invite(database, connection, place)
    record(database, connection, signed, "invite", detail=f"{place.role} of {place.organisation}")
    return secret


def list_accounts(connection: Connection) -> list[Row[Any]]:
    """List the open accounts: `name`, `organisation` and `role`, for administrators alone."""
    query = select(accounts.c.name, accounts.c.organisation, accounts.c.role)
    query = query.where(~accounts.c.disabled)
    rows = connection.execute(query.order_by(accounts.c.organisation, accounts.c.name))
    return [*rows]


def close(database: Database, connection: Connection, signed: SignedIn, name: str) -> None:
    """Close an account: its sessions and tokens end at once.

    Raises:
        NotAllowed: who asks is no administrator.
        NoObject: there is no such account, or it is closed.
    """
    account = _find(connection, signed, name)
    people.disable(connection, account)
    record(database, connection, signed, "close account", detail=account)


def erase(database: Database, connection: Connection, signed: SignedIn, name: str) -> None:
    """Close an account and erase who it was, for good (`erasing.erase`).

    Args:
        database: the database.
        connection: a connection that writes, in the order of objects.
        signed: the administrator.
        name: the account's name; it may have been closed before.

    Raises:
        NotAllowed: who asks is no administrator.
        NoObject: there is no such account.
        UsageError: it is one's own, or a neighbour asks by it.
    """
    check_manages(signed)
    if name == signed.reader.name:
        raise UsageError("This is your own account.", remedy="Let another administrator erase it.")
    account = erasing.erase(database, connection, name, by=signed.account)
    record(database, connection, signed, "erase account", detail=account)


def reset_factor(database: Database, connection: Connection, signed: SignedIn, name: str) -> None:
    """Take the second factor of somebody away who lost phone and codes; their sessions end.

    Raises:
        NotAllowed: who asks is no administrator.
        NoObject: there is no such account, or it is closed.
    """
    account = _find(connection, signed, name)
    second_factor.remove(connection, account)
    signing_in.end(connection, account)
    record(database, connection, signed, "reset second factor", detail=account)


def _find(connection: Connection, signed: SignedIn, name: str) -> str:
    check_manages(signed)
    found = signing_in.of_name(connection, name)
    if found is None:
        raise NoObject
    return found.account
