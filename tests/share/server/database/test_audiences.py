"""Audiences are asked for once within a transaction, and no longer remembered than that."""

from __future__ import annotations

import contextlib

from sqlalchemy import update

from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.database.audiences import audience_of, forget_audiences, number_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.tables import audiences

GREEN, STRICT = (Audience.of(Marking(one, "Health")) for one in ("GREEN", "AMBER+STRICT"))


def test_a_number_that_was_taken_back_is_not_remembered(database: Database) -> None:
    with contextlib.suppress(ZeroDivisionError), database.writing() as connection:
        lost = number_of(connection, GREEN)
        assert audience_of(connection, lost) == GREEN
        raise ZeroDivisionError
    with database.writing() as connection:
        assert number_of(connection, STRICT) == number_of(connection, STRICT)
        assert audience_of(connection, number_of(connection, STRICT)) == STRICT
        assert audience_of(connection, number_of(connection, GREEN)) == GREEN


def test_what_a_transaction_changes_it_forgets(database: Database) -> None:
    with database.writing() as connection:
        number = number_of(connection, GREEN)
        assert audience_of(connection, number) == GREEN
        values = {"markings": STRICT.as_text(), "digest": "erased"}
        connection.execute(update(audiences).values(**values))
        forget_audiences(connection)
        assert audience_of(connection, number) == STRICT
        assert number_of(connection, GREEN) != number
