"""Erasing somebody: what an account says of a person goes, and what was done stays.

The row of the account stays under a name that nobody can choose, so that what hangs on it holds.
The log has no names; what it commits to of the account's acts is erased with
`tocsin.share.audit`, and every hash and every proof stays as it was. Reasons that people gave for
decisions stay, as the words of their organisation.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, delete, func, select, update

from tocsin.errors import UsageError
from tocsin.share.audit import erase as erase_from_log
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.database.audiences import forget_audiences, number_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.database.outbound import (
    deliveries,
    digests,
    given_to,
    neighbours,
    statements,
    taxii_statuses,
    webhooks,
)
from tocsin.share.server.database.tables import (
    accounts,
    acts,
    audiences,
    collections,
    handling,
    objects,
    oidc_attempts,
    oidc_subjects,
    recovery_codes,
    reports,
    sessions,
    tokens,
)

OF_ACCOUNT = (
    sessions, tokens, recovery_codes, oidc_subjects, oidc_attempts, digests, taxii_statuses,
)  # fmt: skip
"""Tables whose rows say nothing but of their account, and go with it."""


def erase(database: Database, connection: Connection, name: str, *, by: str) -> str:
    """Erase who an account was.

    Args:
        database: the database.
        connection: a connection that writes, in the order of objects.
        name: the account's name; it may have been closed before.
        by: the id of the account that erases.

    Returns:
        The id of the account, which leads to nobody from then on.

    Raises:
        NoObject: there is no such account.
        UsageError: a neighbour asks by this account.
    """
    if database.is_sqlite:
        # What is deleted is written over in the file, too.
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    id = connection.execute(select(accounts.c.id).where(accounts.c.name == name)).scalar()
    if id is None:
        raise NoObject
    if connection.execute(select(neighbours).where(neighbours.c.account == name)).first():
        raise UsageError(
            "A neighbour asks by this account.", where=name,
            remedy="Give the neighbour another account first, or remove it.",
        )  # fmt: skip
    for table in OF_ACCOUNT:
        connection.execute(delete(table).where(table.c.account == id))
    mine = select(webhooks.c.id).where(webhooks.c.account == name)
    connection.execute(delete(deliveries).where(deliveries.c.hook.in_(mine)))
    connection.execute(delete(webhooks).where(webhooks.c.account == name))
    connection.execute(delete(given_to).where(given_to.c.neighbour == name))
    for acted in (acts, reports):
        connection.execute(update(acted).where(acted.c.account == id).values(account=None))
    connection.execute(update(handling).where(handling.c.assignee == id).values(assignee=None))
    nobody = f"(erased {id[:8]})"
    _rename_in_markings(connection, name, nobody)
    connection.execute(
        update(accounts).where(accounts.c.id == id).values(
            name=nobody, password="", disabled=True, factor="", factor_new="", jurisdictions="[]",
            groups="[]", client_of="[]",
        )
    )  # fmt: skip
    erase_from_log(connection, str(id), by=by, at=database.clock())
    return str(id)


def empty_log_of_writes(database: Database) -> None:
    """Let SQLite empty its log of writes, in which what was erased still stands; after `erase`.

    While somebody reads what is older it cannot; then the log is written over by what comes later.
    """
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _rename_in_markings(connection: Connection, name: str, nobody: str) -> None:
    """Let markings that name a reader name nobody in their place.

    Objects get another audience. Running processes remember audiences by their numbers, so the
    number of the one with the name is never used again.
    """
    for row in connection.execute(select(audiences)).all():
        before = Audience.of_text(row.markings)
        if all(name not in one.readers for one in before.markings):
            continue
        after = Audience(frozenset(_rename_holder(one, name, nobody) for one in before.markings))
        number = number_of(connection, after)
        marked = select(objects.c.id).where(objects.c.audience == row.number)
        # What was stated to neighbours waits to be stated anew, and is given to none until then.
        stated = statements.c.id.in_(marked) & (statements.c.made_of != "")
        anew = {"place": -func.abs(statements.c.place), "body": b""}
        connection.execute(update(statements).where(stated).values(**anew))
        for table in (objects, collections):
            this = table.c.audience == row.number
            connection.execute(update(table).where(this).values(audience=number))
        gone = audiences.c.number == row.number
        values = {"markings": after.as_text(), "digest": f"erased {row.number}"}
        connection.execute(update(audiences).where(gone).values(**values))
    forget_audiences(connection)


def _rename_holder(marking: Marking, name: str, nobody: str) -> Marking:
    named = (nobody if one == name else one for one in marking.readers)
    return replace(marking, readers=frozenset(named))
