"""`tocsin brief`: the whole road in one command."""

from __future__ import annotations

import typer

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json
from tocsin.cli.progress import showing
from tocsin.cli.road.share import OutOption, PdfOption


def brief(
    workspace: WorkspaceOption = HERE,
    out: OutOption = None,
    pdf: PdfOption = False,
    as_json: JsonOption = False,
) -> None:
    """Walk the whole road and write the brief; a missing workspace is made.

    An empty workspace gets the example region. Stages whose inputs have not changed are
    not computed again.

    Example: tocsin brief --workspace sahel --out brief
    """
    from tocsin.share.facts import plain
    from tocsin.share.summary import lines
    from tocsin.workspace import road
    from tocsin.workspace.store import Workspace

    with Workspace.init(workspace) as opened, showing(quiet=as_json) as show:
        shared = road.brief(opened, out or workspace / "brief", pdf=pdf, on_progress=show)[-1]
    if as_json:
        print_json({**plain(shared.answer), "files": shared.files})
        return
    for line in lines(shared.answer):
        typer.echo(line)
    for path in shared.files:
        typer.echo(f"Written: {path}")
