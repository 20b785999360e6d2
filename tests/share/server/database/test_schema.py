"""The migrations make exactly the tables that the program declares."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from tocsin.errors import WorkspaceError
from tocsin.share.server.database.connection import connect
from tocsin.share.server.database.schema import differences, upgrade


def test_a_new_database_has_the_tables_that_are_declared(tmp_path: Path) -> None:
    database = connect(tmp_path)
    upgrade(database)
    upgrade(database)
    with database.reading() as connection:
        assert differences(connection) == []
    database.close()


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    database = connect(tmp_path)
    upgrade(database)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    with pytest.raises(WorkspaceError, match="newer version"):
        upgrade(database)
    database.close()
