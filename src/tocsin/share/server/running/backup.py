"""Backup and restore: one file with the database, the settings and the log's key.

SQLite gives a copy of one moment while others write. Of PostgreSQL its own program makes the copy.
The file holds secrets, so only its owner may read it. After a restore nobody is signed in, and no
token or link works: those that were revoked since the backup would work again otherwise. Nor does
the restored server tell anybody anything by itself, until it takes over (`standby`).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, update
from sqlalchemy.engine import make_url

from tocsin.base.about import VERSION
from tocsin.base.atomic import check_target, replace
from tocsin.errors import TocsinError, UsageError
from tocsin.share.server.accounts.sealing import SEAL_FILE
from tocsin.share.server.database.connection import SQLITE_FILE, connect, now
from tocsin.share.server.database.tables import invitations, sessions, tokens
from tocsin.share.server.neighbours.losses import begin_unsure
from tocsin.share.server.running.logbook import (
    KEY_FILE,
    PUBLIC_FILE,
    WITNESS_FILE,
    WITNESS_PUBLIC_FILE,
)
from tocsin.share.server.running.opening import open_folder
from tocsin.share.server.running.standby import STANDBY_FILE, stand_by
from tocsin.share.server.settings import SETTINGS_FILE, load

DUMP_FILE = "postgresql.dump"
MANIFEST = "manifest.json"
BESIDE = (SETTINGS_FILE, KEY_FILE, PUBLIC_FILE, WITNESS_FILE, WITNESS_PUBLIC_FILE, SEAL_FILE)
LEFT = (SQLITE_FILE, f"{SQLITE_FILE}-wal", f"{SQLITE_FILE}-shm", *BESIDE, STANDBY_FILE)
"""What may be left of a server in a folder. A log of writes that belonged to another database would
be written into the restored one (https://sqlite.org/howtocorrupt.html, 1.4)."""
KEYS = (KEY_FILE, WITNESS_FILE, SEAL_FILE)


def backup(folder: Path, target: Path) -> dict[str, Any]:
    """Write a backup of a data folder into one file, while the server may run.

    Args:
        folder: the data folder.
        target: the file to write, such as server.tar.

    Returns:
        What is in it: `made`, a time before which all that was written is in it; `version`; `files`
        with their SHA-256; and `keys`, those among them with which whoever holds the backup can
        sign as this server and open what is sealed.

    Raises:
        UsageError: there is no server in the folder, or the file cannot be written.
        TocsinError: the copy failed; nothing was written.
    """
    settings = load(folder)
    if not settings.database and not (folder / SQLITE_FILE).is_file():
        raise UsageError("There is no server here.", where=str(folder), remedy="Name its folder.")
    check_target(target)
    # The copy is of a moment after this one, so that nothing from before it is missing.
    made = now()
    with tempfile.TemporaryDirectory(dir=folder) as place:
        if settings.database:
            copied = Path(place) / DUMP_FILE
            _run(settings.database, "pg_dump", "--format=custom", "--no-owner", f"--file={copied}")
        else:
            copied = Path(place) / SQLITE_FILE
            _copy(folder / SQLITE_FILE, copied)
        files = [copied, *(folder / name for name in BESIDE if (folder / name).is_file())]
        told = {
            "made": made.isoformat(timespec="seconds"), "version": VERSION,
            "files": {one.name: _digest(one) for one in files},
            "keys": [one.name for one in files if one.name in KEYS],
        }  # fmt: skip
        with replace(target) as part:
            os.chmod(part, 0o600)
            with tarfile.open(part, "w") as archive:
                _add(archive, MANIFEST, json.dumps(told, indent=1).encode())
                for one in files:
                    archive.add(one, one.name)
    return told


def restore(
    source: Path, folder: Path, *, database: str = "", takes_over: bool = False
) -> dict[str, Any]:
    """Make a data folder from a backup.

    Args:
        source: the file that `backup` wrote.
        folder: a folder in which there is no server yet.
        database: of a server on PostgreSQL, the address of an empty database that its settings
            name from then on; empty: the one that they name, where it is empty.
        takes_over: True where the server of which the backup was made is lost, and this one stands
            in its place; else it stands by (`stand_by`), since there would be two of one name.

    Returns:
        What was in it, as `backup` says.

    Raises:
        UsageError: there is a server in the folder or the database, or the file is no backup.
        TocsinError: the file is damaged; the folder and the database are as they were.
    """
    left = [name for name in LEFT if (folder / name).exists()]
    if left:
        raise UsageError(
            f"There is a server in this folder, or what is left of one: {', '.join(left)}.",
            where=str(folder), remedy="Name an empty folder, or move away what is there.",
        )  # fmt: skip
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        told = _unpack(source, Path(place))
        if DUMP_FILE in told["files"]:
            if database:
                _name_database(Path(place) / SETTINGS_FILE, database)
            url = load(Path(place)).database
            _check_empty(url)
            # All of it or nothing, so that a restore that fails can be tried again.
            _run(url, "pg_restore", "--single-transaction", "--no-owner",
                 str(Path(place) / DUMP_FILE))  # fmt: skip
        elif database:
            raise UsageError("This server is on SQLite.", remedy="Leave out the database.")
        else:
            _check_whole(Path(place) / SQLITE_FILE)
        if not takes_over:
            stand_by(folder, str(told["made"]))
        for name in told["files"]:
            if name != DUMP_FILE:
                os.replace(Path(place) / name, folder / name)
    _begin_again(folder, str(told["made"]))
    return told


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as connection:
        try:
            connection.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.Error as error:
            raise TocsinError(
                f"The database could not be copied: {error}.", where=str(source),
                remedy="Free some space, and try again.",
            ) from error  # fmt: skip


def _unpack(source: Path, place: Path) -> dict[str, Any]:
    """Take the files out that a backup has, each by its name, and hold them to its digests."""
    allowed = {SQLITE_FILE, DUMP_FILE, *BESIDE}
    try:
        with tarfile.open(source, "r") as archive:
            manifest = archive.extractfile(MANIFEST)
            told: dict[str, Any] = json.loads(manifest.read() if manifest else b"")
            if not set(told["files"]) <= allowed or not {SQLITE_FILE, DUMP_FILE} & set(
                told["files"]
            ):
                raise KeyError(MANIFEST)
            for name, digest in told["files"].items():
                held = archive.extractfile(name)
                if held is None:
                    raise KeyError(name)
                with (place / name).open("wb") as file:
                    shutil.copyfileobj(held, file)
                os.chmod(place / name, 0o600)
                if _digest(place / name) != digest:
                    raise TocsinError(
                        f"'{name}' in the backup is damaged.", where=str(source),
                        remedy="Take another backup.",
                    )  # fmt: skip
    except (OSError, tarfile.TarError, KeyError, ValueError, TypeError) as error:
        raise UsageError("This is no backup of a server.", where=str(source)) from error
    return told


def _name_database(path: Path, database: str) -> None:
    """Let settings name another database; what else stands in them stays."""
    text = path.read_text("utf-8")
    line = f"database = {json.dumps(database)}"
    path.write_text(re.sub(r"(?m)^database\s*=.*$", lambda _: line, text, count=1), "utf-8")


def _check_empty(url: str) -> None:
    """Check that no server is in a database: a trial of a backup must not wipe what runs."""
    database = connect(url)
    try:
        with database.reading() as connection:
            if inspect(connection).get_table_names():
                raise UsageError(
                    "There is something in the database already.",
                    where=make_url(url).render_as_string(hide_password=True),
                    remedy="Make an empty database, and name it with --database.",
                )
    finally:
        database.close()


def _check_whole(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        answer = connection.execute("PRAGMA integrity_check").fetchone()
    if answer != ("ok",):
        raise TocsinError("The database in the backup is damaged.", remedy="Take another backup.")


def _begin_again(folder: Path, made: str) -> None:
    """End all access, and let the log say that what came after the backup is not here."""
    database, settings = open_folder(folder)
    with database.writing() as connection:
        for table in (sessions, tokens):
            connection.execute(update(table).values(revoked=True))
        connection.execute(update(invitations).values(used=True))
        begin_unsure(database, connection, made=made, organisation=settings.organisation)
    database.close()


def _run(url: str, program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on a database; the password is not among its arguments."""
    found = make_url(url)
    plain = found.set(drivername="postgresql", password=None).render_as_string()
    path = shutil.which(program)
    if path is None:
        raise UsageError(f"'{program}' is not installed.", remedy="Install PostgreSQL's programs.")
    environment = dict(os.environ)
    if found.password:
        environment["PGPASSWORD"] = str(found.password)
    done = subprocess.run(
        [path, f"--dbname={plain}", *arguments], env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [""]
        raise TocsinError(f"{program}: {lines[-1]}", remedy="See PostgreSQL's own log.")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    archive.addfile(info, io.BytesIO(content))
