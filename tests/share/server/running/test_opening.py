"""A data folder: made, opened again, and its first link."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tocsin.errors import UsageError
from tocsin.share.server.accounts import people, secrets
from tocsin.share.server.running.opening import first_link, open_folder


def test_the_first_start_makes_one_link(tmp_path: Path) -> None:
    database, settings = open_folder(tmp_path / "data")
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
    link = first_link(database, settings)
    assert link
    assert first_link(database, settings) == ""
    assert first_link(database, settings, again=True)
    with database.writing() as connection:
        people.accept(
            database,
            connection,
            link,
            "Olu",
            secrets.stretch("a long enough secret"),
            host=settings.organisation,
        )
        row = people.members(connection, settings.organisation)[0]
    assert (row.name, row.role) == ("Olu", "administrator")
    database.close()


def test_others_read_no_database_in_a_folder_that_was_made_by_hand(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    database, settings = open_folder(tmp_path)
    first_link(database, settings)
    files = [one for one in tmp_path.iterdir() if one.name.startswith("server.db")]
    assert files
    assert [one.name for one in files if one.stat().st_mode & 0o077] == []
    database.close()


@pytest.mark.parametrize(
    "text", ["organisation = 3", "unknown = 1", "[broken", 'database = "mysql://host/name"']
)
def test_a_wrong_setting_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "server.toml").write_text(text)
    with pytest.raises(UsageError):
        open_folder(tmp_path)


@pytest.mark.slow
def test_who_looks_into_the_database_beside_a_server_leaves_its_log_of_writing(
    tmp_path: Path,
) -> None:
    # A server opens its folder twice: for what it does by itself, and for who asks.
    first, _ = open_folder(tmp_path)
    second, settings = open_folder(tmp_path)
    looks = "import sys, sqlite3; sqlite3.connect(sys.argv[1]).execute('SELECT * FROM accounts')"
    subprocess.run([sys.executable, "-c", looks, str(tmp_path / "server.db")], check=True)
    assert (tmp_path / "server.db-wal").exists()
    link = first_link(second, settings)
    first.close()
    second.close()
    again, settings = open_folder(tmp_path)
    assert link
    assert first_link(again, settings) == ""
    again.close()
