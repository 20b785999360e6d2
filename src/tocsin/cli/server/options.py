"""What the server's verbs share: the option that names its folder, and opening it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli.output import print_json

if TYPE_CHECKING:
    from tocsin.share.server.database.connection import Database

DataOption = Annotated[
    Path, typer.Option("--data", metavar="DIR", help="The server's data folder.")
]
DATA = Path("server")


@contextmanager
def opened(folder: Path) -> Iterator[Database]:
    """Open the database of a server that is there, and close it at the end.

    Args:
        folder: the data folder.

    Yields:
        The database.

    Raises:
        UsageError: there is no such folder.
    """
    from tocsin.errors import UsageError
    from tocsin.share.server.running.opening import open_folder

    if not folder.is_dir():
        raise UsageError("There is no server here.", where=str(folder), remedy="Name its folder.")
    database, _ = open_folder(folder)
    try:
        yield database
    finally:
        database.close()


def say(as_json: bool, told: dict[str, str], words: str) -> None:
    """Say what was done, in words or for machines."""
    if as_json:
        print_json(told)
    else:
        typer.echo(words)


def marks(row: Mapping[str, Any]) -> list[str]:
    """Name what is unusual about a channel: that it is paused, or plays an exercise along."""
    told = (("paused", row["paused"]), ("plays", not row["live"]))
    return [word for word, is_so in told if is_so]
