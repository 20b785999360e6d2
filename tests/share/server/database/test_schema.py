"""The migrations make exactly the tables that the program declares, from every earlier form."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from share.server import postgres
from tocsin.errors import WorkspaceError
from tocsin.share.audit import verify
from tocsin.share.server.access.reader import reader
from tocsin.share.server.accounts.secrets import digest
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database.connection import SQLITE_FILE, Database, connect
from tocsin.share.server.database.objects import newest
from tocsin.share.server.database.outbound import (
    cursors,
    deliveries,
    given_to,
    statements,
    webhooks,
)
from tocsin.share.server.database.schema import differences, upgrade
from tocsin.share.server.database.tables import (
    accounts,
    acts,
    aliases,
    audiences,
    reports,
    submissions,
)
from tocsin.share.server.desk.reports import Sending, receive

DATA = Path(__file__).parent / "data"
"""Databases of earlier forms with some rows, as `.dump` of SQLite and `pg_dump` write them."""
FORMS = sorted(one.name.split(".")[0] for one in DATA.glob("*.sqlite.sql"))


@pytest.mark.slow
def test_a_new_database_has_the_tables_that_are_declared(tmp_path: Path) -> None:
    database = connect(tmp_path)
    upgrade(database)
    upgrade(database)
    with database.reading() as connection:
        assert differences(connection) == []
    database.close()


def old(folder: Path, form: str) -> Database:
    with sqlite3.connect(folder / SQLITE_FILE) as connection:
        connection.executescript((DATA / f"{form}.sqlite.sql").read_text("utf-8"))
    connection.close()
    return connect(folder)


def check_kept(database: Database) -> None:
    """The rows of the earlier form are there, and the tables are those of this version."""
    counts = {
        accounts: 2, audiences: 2, acts: 1, statements: 4, given_to: 3,
        cursors: 1, webhooks: 1, deliveries: 3,
    }  # fmt: skip
    with database.reading() as connection:
        assert differences(connection) == []
        for table, n in counts.items():
            assert connection.execute(select(func.count()).select_from(table)).scalar() == n, table
        assert connection.execute(select(cursors.c.place)).scalar() == "17"
        one = newest(connection, "warning--1")
        assert one is not None
        assert (one.payload, one.version) == (b'{"n": 1}', 1)
        assert verify(connection).whole


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_an_earlier_form_is_brought_up_to_date_and_keeps_its_rows(
    tmp_path: Path, form: str
) -> None:
    database = old(tmp_path, form)
    upgrade(database)
    check_kept(database)
    database.close()


@pytest.mark.slow
def test_an_earlier_form_without_neighbours_and_webhooks(tmp_path: Path) -> None:
    database = old(tmp_path, "form-1")
    with database.writing() as connection:
        for name in (statements, given_to, cursors, webhooks,
                     deliveries):  # fmt: skip
            connection.execute(text(f"DROP TABLE {name}"))
    upgrade(database)
    with database.reading() as connection:
        assert differences(connection) == []
    database.close()


@pytest.mark.slow
def test_what_was_sent_before_is_known_again_afterwards(tmp_path: Path) -> None:
    """A phone that heard no answer sends again, also where the server was updated in between."""
    database = old(tmp_path, "form-1")
    keys = {"key": "k" * 20, "sending": "s" * 20, "branch": "b" * 20}
    answers = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "other"}
    sent = Sending(answers=answers, **keys)  # type: ignore[arg-type]
    fay = SignedIn(reader("Fay", "Health", "field reporter"), "")
    upgrade(database)
    with database.writing() as connection:
        first = receive(database, connection, fay, sent)
        # As the form before kept both keys, and an object of STIX.
        connection.execute(reports.update().values(key_digest=digest(keys["key"])))
        connection.execute(submissions.update().values(digest=digest(keys["sending"])))
        for line in ("DROP TABLE aliases", "DROP TABLE taxii_statuses",
                     "DROP INDEX ix_acts_published",
                     "ALTER TABLE webhooks DROP COLUMN secret_before",
                     "ALTER TABLE webhooks DROP COLUMN before_until",
                     "DROP TABLE collected_reports", "DROP TABLE computed_from",
                     "DROP INDEX ix_neighbour_given_withheld",
                     "ALTER TABLE neighbour_given DROP COLUMN withheld",
                     "ALTER TABLE neighbour_given DROP COLUMN head",
                     "ALTER TABLE neighbours DROP COLUMN refused",
                     "ALTER TABLE neighbours DROP COLUMN unsure",
                     "ALTER TABLE webhook_deliveries DROP COLUMN tried",
                     "ALTER TABLE webhook_deliveries DROP COLUMN answer",
                     "UPDATE objects SET media_type = 'application/stix+json;version=2.1'",
                     "UPDATE alembic_version SET version_num = '6'"):  # fmt: skip
            connection.execute(text(line))
    upgrade(database)
    with database.writing() as connection:
        assert differences(connection) == []
        assert receive(database, connection, fay, sent) == first
        found = {row.object: row.alias for row in connection.execute(aliases.select())}
    assert {"warning--1", first.report} <= set(found)
    assert all(name == alias for name, alias in found.items())
    database.close()


@pytest.mark.release
@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed")
@pytest.mark.parametrize("form", FORMS)
def test_an_earlier_form_on_postgresql(form: str) -> None:
    with postgres.running() as url:
        file = str(DATA / f"{form}.postgresql.sql")
        subprocess.run(
            ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", file, url],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        database = connect(url)
        upgrade(database)
        check_kept(database)
        database.close()


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    database = connect(tmp_path)
    upgrade(database)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    with pytest.raises(WorkspaceError, match="newer version"):
        upgrade(database)
    database.close()
