"""`tocsin collect`: take the reports that came in to the server into a workspace."""

from __future__ import annotations

from typing import Annotated

import typer

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json
from tocsin.cli.server.options import DATA, DataOption


def collect(
    data: DataOption = DATA,
    level: Annotated[
        str, typer.Option(help="Take reports that are marked up to this level of TLP 2.0.")
    ] = "AMBER",
    group: Annotated[
        list[str] | None,
        typer.Option(help="Take those of a group that needs to know, too; repeatable."),
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Read the reports that came in to the server; what is made of them keeps their markings.

    The newest collection replaces the one before it. Exit code 1 when a report was refused.

    Example: tocsin collect --data server --level AMBER --workspace sahel
    """
    from tocsin.base.atomic import write_bytes
    from tocsin.share.server.access.marking import Marking
    from tocsin.share.server.desk.workspace.collecting import FILE_NAME
    from tocsin.share.server.desk.workspace.collecting import collect as take
    from tocsin.share.server.running.opening import open_folder
    from tocsin.workspace import road, shelf
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened:
        database, settings = open_folder(data)
        try:
            groups = frozenset(group or ())
            found = take(database, Marking(level.upper(), settings.organisation, groups=groups))
        finally:
            database.close()
        fates = []
        if found.reports:
            path = workspace / FILE_NAME
            write_bytes(path, found.content)
            earlier = {str(one["file"]): one["sha256"] for one in shelf.list_files(opened)}
            other = earlier.get(FILE_NAME) not in (None, found.sha256)
            replaces = FILE_NAME if other else None
            fates = road.observe(opened, [path], replaces=replaces)
    refused = sum(fate.get("quarantined", 0) for fate in fates)
    if as_json:
        print_json(
            {"reports": found.reports, "left_out": found.left_out, "refused": refused,
             "corrections": found.corrections}
        )  # fmt: skip
    else:
        typer.echo(
            f"Reports: {found.reports} read, {refused} of them refused; "
            f"{found.left_out} left out, which are marked more strictly than {level.upper()}."
        )
        if found.corrections:
            typer.echo(f"Of these, {found.corrections} correct what stands on the server.")
    if refused or any("error" in fate for fate in fates):
        raise typer.Exit(1)
