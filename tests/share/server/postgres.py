"""A real PostgreSQL for tests, where Debian's is installed; it listens on this machine alone."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, or None."""
    found = sorted(glob("/usr/lib/postgresql/*/bin/initdb"))
    path = found[-1] if found else shutil.which("initdb")
    return Path(path).parent if path else None


@contextmanager
def running() -> Iterator[str]:
    """Start a server with an empty database, and yield its address; stop and remove it after."""
    place = programs()
    assert place is not None
    # PostgreSQL does not run as root.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        command = [str(place / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(
            command, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=120
        )

    run("initdb", "--auth=trust", "--username=tocsin", "--no-sync", "--encoding=UTF8")
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -F"
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://tocsin@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
