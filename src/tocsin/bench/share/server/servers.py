"""Servers for measures: a data folder with accounts and warnings in it, and a process for it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tocsin.bench.cost import UNSEEN, descendants, processor_seconds
from tocsin.bench.share.server.postgres import free_port
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import VERBS
from tocsin.share.server.accounts import people, secrets, signing_in
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.database import objects
from tocsin.share.server.database.objects import Draft
from tocsin.share.server.running.opening import open_folder

PASSWORD = "the password of a measure"
ANSWERS = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "other"}
"""Answers of a report."""


@dataclass(frozen=True)
class Office:
    """This is a data folder that is ready to be served."""

    folder: Path
    tokens: tuple[str, ...]
    """A token for each analyst, who may do all that a role lets them."""
    warnings: tuple[str, ...]
    """Ids of warnings; every second one is restricted, so that reading it is logged."""


def prepare(folder: Path, *, url: str = "", analysts: int = 4, warnings: int = 20) -> Office:
    """Make a data folder with accounts and warnings.

    Args:
        folder: the folder, which is made.
        url: a database of PostgreSQL; empty: SQLite.
        analysts: how many accounts.
        warnings: how many warnings.

    Returns:
        The folder, with what is needed to ask its server.
    """
    folder.mkdir(parents=True)
    settings = f'organisation = "Health"\nrequests_per_minute = 1000000000\ndatabase = "{url}"\n'
    (folder / "server.toml").write_text(settings, "utf-8")
    database, _ = open_folder(folder)
    tokens, ids = [], [f"warning--{n}" for n in range(warnings)]
    with database.writing() as connection:
        for n in range(analysts):
            place, stretched = Place("Health", "analyst"), secrets.stretch(PASSWORD)
            id = people.add(database, connection, f"analyst {n}", place, stretched)
            tokens.append(signing_in.issue(database, connection, id, frozenset(VERBS)))
        for n, id in enumerate(ids):
            audience = Audience.of(Marking("AMBER" if n % 2 else "GREEN", "Health"))
            content = b'{"level": "warning", "sentence": "Deaths are likely to rise."}'
            objects.put(database, connection, Draft(id, "warning", "Health", audience, content))
    database.close()
    return Office(folder, tuple(tokens), tuple(ids))


@dataclass
class Server:
    """This is a running server."""

    folder: Path
    workers: int
    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def processor_seconds(self) -> float:
        """How long it and its processes have kept processors busy."""
        return processor_seconds(self.process.pid)

    def memory(self) -> float:
        """How much memory it and its processes hold, MiB; what they share counts once."""
        kib = 0
        for one in (self.process.pid, *descendants(self.process.pid)):
            with contextlib.suppress(OSError):
                lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
                kib += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return kib / 1024

    def kill(self) -> None:
        """Kill it and its processes with signal 9, and start it anew at the same port."""
        started = descendants(self.process.pid)
        # The process itself is waited for, and those that it started are not.
        UNSEEN.add(*started)
        for one in (self.process.pid, *started):
            os.kill(one, signal.SIGKILL)
        self.process.wait()
        self.process = _start(self.folder, self.workers, self.port)


@contextmanager
def serving(folder: Path, *, workers: int = 1) -> Iterator[Server]:
    """Serve a data folder in a process of its own, and stop it after.

    Args:
        folder: the data folder.
        workers: how many processes answer.

    Yields:
        The server, which answers.
    """
    port = free_port()
    found = Server(folder, workers, port, _start(folder, workers, port))
    try:
        yield found
    finally:
        found.process.send_signal(signal.SIGINT)
        try:
            found.process.wait(60)
        except subprocess.TimeoutExpired:
            found.process.kill()
            found.process.wait()


def _start(folder: Path, workers: int, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tocsin", "serve", "--data", str(folder), "--port", str(port)]
    command += ["--workers", str(workers)] if workers > 1 else []
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=5) as client:
        while True:
            try:
                client.get("/health")
                return process
            except httpx.HTTPError:
                if process.poll() is not None:
                    said = (folder / "server.log").read_text("utf-8")
                    raise AssertionError(said[-2000:]) from None
                time.sleep(0.1)
