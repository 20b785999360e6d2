"""A backup is of one moment, even under load, and a restore brings it back without old access."""

from __future__ import annotations

import re
import tarfile
import threading
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import func, select

from share.server.conftest import Site
from tocsin.errors import TocsinError, UsageError
from tocsin.share.server.accounts import signing_in
from tocsin.share.server.database.tables import acts, objects
from tocsin.share.server.desk.acts import record
from tocsin.share.server.running import backup as running
from tocsin.share.server.running.backup import backup, restore
from tocsin.share.server.running.logbook import open_key
from tocsin.share.server.running.opening import open_folder


@pytest.mark.slow
def test_a_backup_under_load_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    database, settings = open_folder(folder)
    open_key(folder, settings.organisation)
    site = Site(database, settings)
    signed = site.account("Ama")
    token = site.token("Ama")
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set() and n < 2000:
            n += 1
            row = site.put(f"warning--{n}", payload=b"{}")
            with database.writing() as connection:
                record(database, connection, signed, "write", row)

    writer = threading.Thread(target=write)
    writer.start()
    while not (folder / "server.tar").exists():
        with database.reading() as connection:
            if connection.execute(select(func.count()).select_from(objects)).scalar_one() >= 5:
                told = backup(folder, folder / "server.tar")
    stop.set()
    writer.join()
    database.close()
    assert (folder / "server.tar").stat().st_mode & 0o077 == 0
    assert set(told["files"]) == {"server.db", "log.key", "log.pub", "seal.key"}
    # Whoever holds the file can sign as this server and open what is sealed.
    assert told["keys"] == ["log.key", "seal.key"]
    restore(folder / "server.tar", tmp_path / "again")
    assert (tmp_path / "again" / "log.key").read_bytes() == (folder / "log.key").read_bytes()
    again, _ = open_folder(tmp_path / "again")
    with again.reading() as connection:
        kept = connection.execute(select(func.count()).select_from(objects)).scalar_one()
        before = select(func.count()).where(acts.c.verb != "restore")
        said = connection.execute(before).scalar_one()
        # An object and its act are two transactions here, so that the copy may lie between them.
        assert kept >= 5
        assert kept - said in (0, 1)
        assert signing_in.of_token(again, connection, token) is None
    again.close()


def test_what_is_no_backup_or_is_damaged_is_refused(tmp_path: Path) -> None:
    database, _ = open_folder(tmp_path / "data")
    database.close()
    good = tmp_path / "good.tar"
    backup(tmp_path / "data", good)
    content = bytearray(good.read_bytes())
    content[len(content) // 2] ^= 255
    (tmp_path / "bad.tar").write_bytes(content)
    (tmp_path / "none.tar").write_bytes(b"nothing")
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.add(good, "../evil")
    with pytest.raises(TocsinError, match=r"damaged|no backup"):
        restore(tmp_path / "bad.tar", tmp_path / "again")
    for name in ("none.tar", "evil.tar"):
        with pytest.raises(UsageError, match="no backup"):
            restore(tmp_path / name, tmp_path / "again")
    assert list((tmp_path / "again").iterdir()) == []
    with pytest.raises(UsageError, match="There is a server"):
        restore(good, tmp_path / "data")
    with pytest.raises(UsageError, match="no server here"):
        backup(tmp_path / "again", tmp_path / "more.tar")


@pytest.mark.slow
@pytest.mark.parametrize("left", ["server.db-wal", "log.key", "seal.key", "server.toml"])
def test_nothing_is_restored_over_what_is_left_of_a_server(tmp_path: Path, left: str) -> None:
    """A log of writes of another database would be written into the restored one."""
    open_folder(tmp_path / "data")[0].close()
    backup(tmp_path / "data", tmp_path / "server.tar")
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / left).write_bytes(b"of before")
    with pytest.raises(UsageError, match=re.escape(left)):
        restore(tmp_path / "server.tar", tmp_path / "again")
    assert [one.name for one in (tmp_path / "again").iterdir()] == [left]
    assert (tmp_path / "again" / left).read_bytes() == b"of before"


def test_all_that_was_written_before_its_time_is_in_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is one before the copy begins, however long the copy takes."""
    open_folder(tmp_path / "data")[0].close()
    copy, seconds, begun = running._copy, count(), []
    start = datetime(2026, 11, 28, tzinfo=UTC)
    monkeypatch.setattr(running, "now", lambda: start + timedelta(seconds=next(seconds)))

    def tell(source: Path, target: Path) -> None:
        begun.append(running.now())
        copy(source, target)

    monkeypatch.setattr(running, "_copy", tell)
    told = backup(tmp_path / "data", tmp_path / "server.tar")
    assert datetime.fromisoformat(told["made"]) < begun[0]
