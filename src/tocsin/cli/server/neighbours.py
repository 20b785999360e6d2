"""`tocsin neighbours`: whose servers this one follows, and who cosigns its log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json
from tocsin.cli.server.options import DATA, DataOption, marks, opened, say

if TYPE_CHECKING:
    from typing import Any

neighbours = typer.Typer(
    no_args_is_help=True, help="Servers of other owners: follow them, and have the log cosigned."
)
NameArgument = Annotated[str, typer.Argument(help="The neighbour, as `list` shows it.")]


@neighbours.command("add")
def add(
    url: Annotated[str, typer.Argument(help="The neighbour's address.")],
    key: Annotated[Path, typer.Option(metavar="FILE", help="Its log.pub.")],
    witness: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Its witness.pub: it cosigns our log.")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Our token there: we follow it.")
    ] = None,
    account: Annotated[
        str, typer.Option(help="Its account here, with the role 'partner': it follows us.")
    ] = "",
    plays: Annotated[
        bool, typer.Option("--plays", help="It plays an exercise along; others are live.")
    ] = False,
    data: DataOption = DATA,
    as_json: JsonOption = False,
) -> None:
    """Add a neighbour, or change one that is there. The server may run meanwhile.

    Example: tocsin neighbours add https://south.example.org --key south-log.pub
    """
    from tocsin.share.server.neighbours import keeping

    with opened(data) as database, database.writing() as connection:
        name = keeping.add(
            connection, url, _text(key), witness=_text(witness), token_file=token_file,
            account=account, live=not plays,
        )  # fmt: skip
    say(as_json, {"added": name}, f"Added: {name}.")


@neighbours.command("list")
def list_all(data: DataOption = DATA, as_json: JsonOption = False) -> None:
    """List the neighbours: when each was followed, up to where it cosigned, what last failed.

    Example: tocsin neighbours list --data server
    """
    from tocsin.share.server.desk.covering import read_covered
    from tocsin.share.server.neighbours import keeping

    with opened(data) as database, database.reading() as connection:
        rows = [keeping.as_dict(database, row) for row in keeping.names_and_keys(connection)]
        told = read_covered(connection).as_dict(database.clock())
    if as_json:
        print_json({"neighbours": rows, "log": told})
        return
    for row in rows:
        typer.echo(_line(row))
    if not rows:
        typer.echo("There are no neighbours.")
    tail = "."
    if told["uncovered_since"]:
        tail = f"; the first that is not is {told['uncovered_seconds']:.0f} s old."
    typer.echo(f"The log: {told['entries']:,} entries, {told['covered']:,} of them cosigned{tail}")


@neighbours.command("pause")
def pause(name: NameArgument, data: DataOption = DATA, as_json: JsonOption = False) -> None:
    """Pause a neighbour: it is not followed, and not asked to cosign, until it is resumed.

    Example: tocsin neighbours pause south
    """
    from tocsin.share.server.neighbours import keeping

    with opened(data) as database, database.writing() as connection:
        keeping.pause(connection, name, paused=True)
    say(as_json, {"paused": name}, f"Paused: {name}.")


@neighbours.command("resume")
def resume(name: NameArgument, data: DataOption = DATA, as_json: JsonOption = False) -> None:
    """Go on with a neighbour that was paused, where one stopped.

    Example: tocsin neighbours resume south
    """
    from tocsin.share.server.neighbours import keeping

    with opened(data) as database, database.writing() as connection:
        keeping.pause(connection, name, paused=False)
    say(as_json, {"resumed": name}, f"Resumed: {name}.")


@neighbours.command("remove")
def remove(name: NameArgument, data: DataOption = DATA, as_json: JsonOption = False) -> None:
    """Remove a neighbour; what came from it stays.

    Example: tocsin neighbours remove south
    """
    from tocsin.share.server.neighbours import keeping

    with opened(data) as database, database.writing() as connection:
        keeping.remove(connection, name)
    say(as_json, {"removed": name}, f"Removed: {name}.")


def _line(row: dict[str, Any]) -> str:
    parts = [f"{row['name']}  {row['url']}"]
    if row["followed_seconds_ago"] is not None:
        parts.append(f"followed {row['followed_seconds_ago']:.0f} s ago")
    if row["cosigns"]:
        parts.append(f"cosigned {row['cosigned']:,} entries")
    parts += marks(row)
    if row["fault"]:
        parts.append(f"FAILED: {row['fault']}")
    return "; ".join(parts)


def _text(path: Path | None) -> str:
    from tocsin.errors import UsageError

    if path is None:
        return ""
    if not path.is_file():
        raise UsageError("There is no such file.", where=str(path))
    return path.read_text("utf-8", "replace").strip()
