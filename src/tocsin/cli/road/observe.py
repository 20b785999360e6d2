"""`tocsin observe`: read files into the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin.base.display.quantity import quantity
from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_table
from tocsin.cli.progress import showing
from tocsin.errors import UsageError

TOLERATED = 0.1
"""A file of which more than this share was refused has hardly been read as it was meant."""

PathsArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH…", help="Files to read; a folder: its files."),
]
MappingOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="TOML: which column is what. For any other table."),
]
SuggestOption = Annotated[
    bool, typer.Option("--suggest-mapping", help="Print a draft of a mapping; read nothing.")
]
TolerateOption = Annotated[
    float,
    typer.Option(
        "--tolerate",
        metavar="SHARE",
        min=0,
        max=1,
        help="Refused rows that are no failure, 0 to 1.",
    ),
]
ReplacesOption = Annotated[
    str | None,
    typer.Option("--replaces", metavar="FILE", help="A file read before, now corrected."),
]
MarkingOption = Annotated[
    list[str] | None,
    typer.Option("--marking", metavar="NAME=LEVEL", help="The TLP level of a marking (STIX)."),
]
ListOption = Annotated[bool, typer.Option("--list", help="Show the files that were read.")]
ForgetOption = Annotated[
    str | None, typer.Option("--forget", metavar="FILE", help="Take out what a file brought.")
]
UndoOption = Annotated[
    bool, typer.Option("--undo", help="Bring back the file last forgotten or replaced.")
]


def observe(
    paths: PathsArgument = None,
    workspace: WorkspaceOption = HERE,
    mapping: MappingOption = None,
    suggest_mapping: SuggestOption = False,
    tolerate: TolerateOption = TOLERATED,
    replaces: ReplacesOption = None,
    marking: MarkingOption = None,
    list_files: ListOption = False,
    forget: ForgetOption = None,
    undo: UndoOption = False,
    as_json: JsonOption = False,
) -> None:
    """Read reports and series; what cannot be trusted is kept aside with its reason.

    The source and its version are found from the file itself. A table of any other source is
    read by a mapping, which --suggest-mapping drafts. Reading a file again changes nothing. What
    is only doubtful is kept and marked. Exit code 1 when a file was refused whole, or more than a
    tenth of its rows (--tolerate changes how many); all that is good is kept.

    Example: tocsin observe GEDEvent_v25_1.csv.gz --workspace sahel

    Example: tocsin observe --suggest-mapping our_log.xlsx > our_log.toml

    Example: tocsin observe log_corrected.xlsx --mapping log.toml --replaces log.xlsx

    Example: tocsin observe feed.json --marking "Desk circulation=GREEN"

    Example: tocsin observe --forget log.xlsx; tocsin observe --undo
    """
    asked = [bool(paths), list_files, forget is not None, undo]
    if sum(asked) != 1:
        raise UsageError(
            "Name files to read, or one of --list, --forget FILE and --undo.",
            remedy="See `tocsin observe --help`.",
        )
    if not paths:
        _look_after(workspace, list_files=list_files, forget=forget, as_json=as_json)
        return
    if suggest_mapping:
        _suggest(paths, as_json)
        return
    from tocsin.workspace import road
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened, showing(quiet=as_json) as show:
        fates = road.observe(
            opened, paths, mapping=mapping, replaces=replaces, markings=marking or (),
            on_progress=show,
        )  # fmt: skip
    if as_json:
        print_json(fates)
    else:
        _print(fates, tolerate)
    if any("error" in fate or fate["share_refused"] > tolerate for fate in fates):
        raise typer.Exit(1)


def _look_after(workspace: Path, *, list_files: bool, forget: str | None, as_json: bool) -> None:
    """List the files, take one out, or bring the last back."""
    from tocsin.workspace import shelf
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened:
        if list_files:
            _print_files(shelf.list_files(opened), as_json)
            return
        done = shelf.forget(opened, forget) if forget is not None else shelf.undo(opened)
    if as_json:
        print_json(done.as_dict())
        return
    if forget is None:
        typer.echo(f"Brought back: {done.file} ({quantity(done.rows, 'row')}).")
    else:
        typer.echo(
            f"Forgotten: {done.file} ({quantity(done.rows, 'row')}). `tocsin observe --undo` "
            "brings it back, "
            "until another file is forgotten or replaced. Ledgers of forecasts stay as they are."
        )
    if done.stale:
        typer.echo(f"Out of date now: {', '.join(done.stale)}.")
    for file in done.shorter:
        typer.echo(f"Some rows of {file} had been replaced by newer ones; observe it again.")


def _print_files(files: list[dict[str, object]], as_json: bool) -> None:
    if as_json:
        print_json(files)
        return
    names = ("file", "kind", "rows", "accepted", "quarantined", "observed_at", "sha256")
    header = ("file", "kind", "rows", "kept", "refused", "read (UTC)", "digest")
    rows = [[*(one[name] for name in names[:-1]), str(one["sha256"])[:12]] for one in files]
    print_table("", header, rows)


def _suggest(paths: list[Path], as_json: bool) -> None:
    from tocsin.observe import Source
    from tocsin.observe.mapping.suggest import suggest_mapping

    if len(paths) != 1:
        raise UsageError("A mapping is drafted for one file at a time.")
    draft = suggest_mapping(Source.of_path(paths[0]))
    if as_json:
        print_json({"file": paths[0].name, "mapping": draft})
    else:
        typer.echo(draft, nl=False)


def _print(fates: list[dict[str, Any]], tolerate: float) -> None:
    names = ("file", "source", "rows", "accepted", "quarantined", "outside")
    print_table("", names, [[fate[name] for name in names] for fate in fates])
    for fate in fates:
        for note in fate.get("notes", ()):
            typer.echo(f"{fate['file']}: {note}")
        error = fate.get("error")
        if isinstance(error, dict):
            typer.echo(f"Refused: {fate['file']}: {error['what']} {error['remedy']}", err=True)
        elif "commonest" in fate:
            _print_commonest(fate, tolerate)
        if "doubtful" in fate:
            _print_doubtful(fate)
    if any(fate["quarantined"] for fate in fates):
        typer.echo("Why rows were refused: `tocsin quarantine`.")


def _print_commonest(fate: dict[str, Any], tolerate: float) -> None:
    """The rule by which most rows were refused, with an example."""
    most, share = fate["commonest"], fate["share_refused"]
    much = share > tolerate
    kept = "; the others are kept" if fate["accepted"] else ""
    line = f"line {most['line']}: " if most["line"] else ""
    value = f" ('{str(most['value'])[:60]}')" if most["value"] else ""
    typer.echo(
        f"{fate['file']}: {share:.1%} of the rows were refused"
        f"{f', more than {tolerate:.0%}{kept}' if much else ''}. Most often by the "
        f"rule '{most['rule']}' ({most['rows']:,}), for example {line}{most['reason']}{value}",
        err=much,
    )


def _print_doubtful(fate: dict[str, Any]) -> None:
    """The rule by which most values were doubted, with an example; their rows are kept."""
    most = fate["doubtful"]
    line = f"line {most['line']}: " if most["line"] else ""
    kept = "nothing" if most["value"] is None else f"'{most['value']}'"
    typer.echo(
        f"{fate['file']}: rows kept with doubtful values: {most['reports']:,}. Most often by "
        f"the rule '{most['rule']}' ({quantity(most['rows'], 'value')}), for example "
        f"{line}{most['reason']} ('{str(most['original'])[:60]}', kept: {kept}) All of them: "
        "`tocsin export corrections --out FILE`."
    )
