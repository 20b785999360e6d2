"""A restored server stands by until it takes over: there may be two of one name and one key."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tocsin.share.audit.checkpoint import read_checkpoints
from tocsin.share.server.database.outbound import jobs
from tocsin.share.server.neighbours import keeping
from tocsin.share.server.running.backup import backup, restore
from tocsin.share.server.running.logbook import open_key
from tocsin.share.server.running.opening import open_folder
from tocsin.share.server.running.standby import STANDBY_FILE, stands_by, take_over


@pytest.mark.slow
def test_what_is_restored_stands_by_unless_it_replaces_what_is_lost(tmp_path: Path) -> None:
    open_folder(tmp_path / "data")[0].close()
    told = backup(tmp_path / "data", tmp_path / "server.tar")
    restore(tmp_path / "server.tar", tmp_path / "trial")
    assert json.loads((tmp_path / "trial" / STANDBY_FILE).read_text()) == {"made": told["made"]}
    assert stands_by(tmp_path / "trial")
    assert take_over(tmp_path / "trial")
    assert not take_over(tmp_path / "trial")
    restore(tmp_path / "server.tar", tmp_path / "again", takes_over=True)
    assert not stands_by(tmp_path / "again")
    # To try a backup of a trial makes another trial.
    backup(tmp_path / "again", tmp_path / "more.tar")
    restore(tmp_path / "more.tar", tmp_path / "third")
    assert stands_by(tmp_path / "third")


def _told(folder: Path, *options: str, wait: float) -> tuple[str, str, str]:
    """Let a server run for a while; give what it said, a page, and the jobs that it did."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tocsin", "serve", "--data", str(folder), *options]
    with subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        for _ in range(300):
            try:
                page = httpx.get(f"http://127.0.0.1:{port}/sign-in").text
                break
            except httpx.ConnectError:
                assert process.poll() is None
                time.sleep(0.1)
        else:
            pytest.fail("the server did not start")
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    database, _settings = open_folder(folder)
    with database.reading() as connection:
        done = " ".join(connection.execute(jobs.select()).scalars())
    database.close()
    return out, page, done


@pytest.mark.slow
def test_a_trial_of_a_backup_asks_no_neighbour_and_signs_nothing(tmp_path: Path) -> None:
    """Its log does not continue as that of the server that runs: one of both is cosigned."""
    folder = tmp_path / "data"
    database, settings = open_folder(folder)
    open_key(folder, settings.organisation)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        other = open_key(tmp_path, "South")
        cosigner = open_key(tmp_path, "South", witness=True)
        with database.writing() as connection:
            keeping.add(
                connection, f"http://127.0.0.1:{nobody.getsockname()[1]}", str(other.public),
                witness=str(cosigner.public),
            )  # fmt: skip
        database.close()
        backup(folder, tmp_path / "server.tar")
        restore(tmp_path / "server.tar", tmp_path / "trial")
        out, page, done = _told(tmp_path / "trial", wait=3)
        assert "restored from a backup" in out
        assert "restored from a backup" in page
        assert done == ""
        trial, _ = open_folder(tmp_path / "trial")
        with trial.reading() as connection:
            assert read_checkpoints(connection, last=1) == []
        trial.close()
        out, page, done = _told(tmp_path / "trial", "--take-over", wait=3)
        assert "takes the place" in out
        assert "restored from a backup" not in page
        assert done == "cosign South"
