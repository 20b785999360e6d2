"""`tocsin neighbours`: whose servers this one follows, and who cosigns its log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json
from tocsin.cli.server.options import DATA, DataOption, marks, opened, say

if TYPE_CHECKING:
    from typing import Any

    from tocsin.share.server.neighbours.losses import Loss

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


@neighbours.command("loss")
def loss(
    name: NameArgument,
    shown: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="What the neighbour shows of its log: JSON."),
    ] = None,
    reason: Annotated[
        str, typer.Option(help="Accept the loss, and begin anew with its log as it is now: why.")
    ] = "",
    data: DataOption = DATA,
    as_json: JsonOption = False,
) -> None:
    """Show what a neighbour's log lost since we cosigned it, as after a restore from a backup.

    Its operator writes FILE: tocsin audit prove DATA --cosigned-by OUR-WITNESS-KEY > FILE. With
    --reason the loss is accepted: we cosign its log again from there, and the checkpoint that we
    cosigned stays in our own log for ever, with the reason.

    Example: tocsin neighbours loss north north.json --reason 'Disk lost, seen by us on site'
    """
    from tocsin.share.server.neighbours import losses
    from tocsin.share.server.running.logbook import open_key
    from tocsin.share.server.settings import load

    office = load(data).organisation
    with opened(data) as database, database.writing() as connection:
        known = losses.find_loss(connection, name)
        if shown is not None:
            own = open_key(data, office, witness=True).public
            known = losses.read_loss(connection, name, _json(shown), own)
        if reason:
            losses.accept_loss(database, connection, known, reason=reason, organisation=office)
    if as_json:
        print_json(known.as_dict() | {"accepted": bool(reason)})
        return
    for line in _lines_of_loss(known, accepted=bool(reason)):
        typer.echo(line)


def _lines_of_loss(known: Loss, *, accepted: bool) -> list[str]:
    told = known.as_dict()
    sizes = told["entries"]
    lines = [f"We cosigned {sizes['cosigned']:,} entries of its log."]
    if known.unsure:
        lines.append("This server was restored, and may have cosigned more since its backup.")
    if known.refused:
        lines.append(f"It then asked with {sizes['refused']:,} that do not continue these.")
    if not known.now:
        lines.append(
            "It has not shown what is left: ask its operator for tocsin audit prove DATA "
            "--cosigned-by KEY, with the KEY in our witness.pub."
        )
    else:
        lines.append(
            f"It shows {sizes['now']:,} entries, of which the first {sizes['left']:,} are those "
            f"that we cosigned. Of these, {known.missing:,} are lost."
        )
    for word, note in told["checkpoints"].items():
        if note:
            lines += ["", f"{_NAMED[word]}:", note.rstrip("\n")]
    if accepted:
        lines += ["", "Accepted. Our log keeps these checkpoints; its log is cosigned from now on."]
    elif known.missing:
        lines += ["", "Nothing is changed. To accept the loss, say why with --reason."]
    return lines


_NAMED = {
    "cosigned": "The checkpoint that we cosigned",
    "refused": "The one that we refused",
    "left": "The last one of ours that it still has",
    "now": "Its log as it is now",
}


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
    if row["unsure"]:
        parts.append("its log is not cosigned until we know what we cosigned before our restore")
    if row["refused"]:
        parts.append("REFUSED: its log does not continue what we cosigned (neighbours loss)")
    if row["fault"]:
        parts.append(f"FAILED: {row['fault']}")
    return "; ".join(parts)


def _json(path: Path) -> dict[str, Any]:
    from tocsin.errors import UsageError

    try:
        told = json.loads(_text(path))
    except ValueError as error:
        raise UsageError("The file is no JSON.", where=str(path)) from error
    if not isinstance(told, dict):
        raise UsageError("The file is none of `tocsin audit prove`.", where=str(path))
    return told


def _text(path: Path | None) -> str:
    from tocsin.errors import UsageError

    if path is None:
        return ""
    if not path.is_file():
        raise UsageError("There is no such file.", where=str(path))
    return path.read_text("utf-8", "replace").strip()
