"""Opening a server's data folder: its settings, its database, its first link."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from tocsin.base.atomic import check_folder
from tocsin.share.server.access.marking import EVERYWHERE
from tocsin.share.server.accounts import people
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.accounts.sealing import open_seal
from tocsin.share.server.database.connection import (
    SQLITE_FILE,
    Clock,
    Database,
    connect,
    now,
)
from tocsin.share.server.database.schema import upgrade
from tocsin.share.server.delivery.webhooks import seal_secrets
from tocsin.share.server.settings import ServerSettings, load


def open_folder(folder: Path, *, clock: Clock = now) -> tuple[Database, ServerSettings]:
    """Open a data folder, which is made if it is not there, and bring its database up to date.

    Args:
        folder: the data folder.
        clock: gives the time.

    Returns:
        The database and the settings.

    Raises:
        UsageError: the folder cannot be made or written to, or a setting is wrong.
        WorkspaceError: the database was made by a newer version.
    """
    check_folder(folder)
    # Nobody but the server's own user reads what stands in it.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = load(folder)
    if not settings.database:
        _make_file(folder / SQLITE_FILE)
    database = connect(settings.database or folder, clock=clock)
    database.exercise = settings.exercise
    upgrade(database)
    seal_secrets(database, open_seal(folder))
    return database, settings


def _make_file(path: Path) -> None:
    """Make the file of a database, where there is none, for its owner alone.

    It is so also in a folder that others may look into; SQLite's own files beside it follow. A file
    that is there is not opened: to close it would give up every lock that this process has on it
    (POSIX), and another process that looks into the database would take itself for the last one,
    and remove the log of what is written here (https://sqlite.org/howtocorrupt.html, 2.2).
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def first_link(database: Database, settings: ServerSettings, *, again: bool = False) -> str:
    """Make the one-time link by which the first administrator makes an account.

    Args:
        database: the database.
        settings: of which the organisation is used.
        again: True makes a further link, where the first one was lost.

    Returns:
        The secret of the link, or nothing where somebody has an account, or a link was made before.
    """
    with database.writing() as connection:
        made = people.has_invitations(connection) or not people.is_empty(connection)
        if made and not again:
            return ""
        everywhere = frozenset({EVERYWHERE})
        place = Place(settings.organisation, "administrator", jurisdictions=everywhere)
        return people.invite(database, connection, place)
