"""`tocsin backup` and `tocsin restore`: the exchange server in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json
from tocsin.cli.server.options import DATA, DataOption

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="The backup, such as server.tar.")
]


def backup(file: FileArgument, data: DataOption = DATA, as_json: JsonOption = False) -> None:
    """Write a backup of the server into one file; the server may run meanwhile.

    The file holds secrets: keep it as safe as the server.

    Example: tocsin backup server.tar --data server
    """
    from tocsin.share.server.running.backup import backup as write

    told = write(data, file)
    if as_json:
        print_json(told)
    else:
        typer.echo(f"Written: {file} ({', '.join(told['files'])})")
        typer.echo(
            "Whoever has this file can read every object in it, sign as this server and open what "
            f"is sealed (keys: {', '.join(told['keys']) or 'none yet'})."
        )


def restore(
    file: FileArgument,
    data: DataOption = DATA,
    database: Annotated[
        str, typer.Option(metavar="URL", help="PostgreSQL: another database, which is empty.")
    ] = "",
    take_over: Annotated[
        bool,
        typer.Option("--take-over", help="The server of the backup is lost: this one replaces it."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a server's data folder from a backup. All sessions, tokens and links end.

    Without --take-over the restored server stands by: it answers, and tells nobody anything by
    itself, since the one of which the backup was made may still run.

    Example: tocsin restore server.tar --data server-again
    """
    from tocsin.share.server.running.backup import restore as read

    told = read(file, data, database=database, takes_over=take_over)
    if as_json:
        print_json(told)
    else:
        typer.echo(f"Restored into {data} as of {told['made']}. Everybody signs in anew.")
        if not take_over:
            typer.echo("It stands by until it takes over: tocsin serve says how at its start.")
