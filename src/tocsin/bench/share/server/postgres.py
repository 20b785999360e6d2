"""A PostgreSQL of one's own, where Debian's is installed; it listens on this machine alone."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path

from tocsin.bench.cost import UNSEEN, descendants
from tocsin.errors import UsageError

PATIENCE = 60.0
"""Seconds in which a server that was killed must be there again."""


def programs() -> Path | None:
    """Find the folder of PostgreSQL's programs; None where it is not installed."""
    found = sorted(glob("/usr/lib/postgresql/*/bin/initdb"))
    path = found[-1] if found else shutil.which("initdb")
    return Path(path).parent if path else None


def free_port() -> int:
    """Find a port of this machine at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Postgres:
    """This is a server of PostgreSQL in a folder of its own."""

    folder: Path
    durable: bool
    """True: a transaction ends when the disk has it, as in every real office."""
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql://tocsin@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """Make its files."""
        self._run("initdb", "--auth=trust", "--username=tocsin", "--no-sync", "--encoding=UTF8")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self.folder}"
        options += "" if self.durable else " -F"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    @contextmanager
    def replica(self) -> Iterator[Postgres]:
        """Copy it while it runs, and start the copy, which follows it by streaming replication."""
        with tempfile.TemporaryDirectory() as folder:
            second = Postgres(Path(folder), self.durable)
            if (user := _user()) is not None:
                shutil.chown(folder, user)
            # The copy is told from where to stream; its port is its own.
            second._run(
                "pg_basebackup", "-R", "-X", "stream", "-c", "fast", "-d",
                f"postgresql://tocsin@127.0.0.1:{self.port}/postgres",
            )  # fmt: skip
            second.start()
            try:
                yield second
            finally:
                second.stop()

    def stop(self) -> None:
        """End it at once, without care; its files are left as they are."""
        UNSEEN.add(self.pid())
        self._run("pg_ctl", "-m", "immediate", "stop")

    def pid(self) -> int:
        """The process that starts all others."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split("\n")[0])

    def kill(self) -> None:
        """Kill all its processes with signal 9, and start it anew."""
        first = self.pid()
        UNSEEN.add(first)
        for one in (first, *descendants(first)):
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                continue
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.start()
                return
            except subprocess.CalledProcessError:
                # The kernel has not yet taken back what the killed ones shared.
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def _run(self, program: str, *arguments: str) -> None:
        place = programs()
        if place is None:
            raise UsageError("PostgreSQL is not installed.", remedy="apt-get install postgresql")
        command = [str(place / program), "-D", str(self.folder / "data"), *arguments]
        subprocess.run(
            command, user=_user(), cwd=self.folder, check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip


def _user() -> str | None:
    """PostgreSQL does not run as root."""
    return "postgres" if os.geteuid() == 0 else None


@contextmanager
def running(*, durable: bool = False) -> Iterator[Postgres]:
    """Start a server with an empty database; stop it and remove its files after.

    Args:
        durable: False does not wait for the disk, which is enough for tests.

    Yields:
        The server.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = _user()
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    found = Postgres(folder, durable)
    try:
        found.make()
        found.start()
        try:
            yield found
        finally:
            found.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
