"""`tocsin brief`: the whole road in one command."""

from __future__ import annotations

import typer

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, working
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
    from tocsin.share import as_json as brief_as_json
    from tocsin.share import summary_lines
    from tocsin.workspace import road
    from tocsin.workspace.store import Workspace

    with (
        Workspace.init(workspace) as opened,
        working("Starting", quiet=as_json) as say,
    ):
        results = road.brief(opened, out or workspace / "brief", pdf=pdf, on_stage=say)
        tables = road.gathered(opened)
        settings = opened.settings
    if as_json:
        files = results[-1].files
        print_json({**brief_as_json(tables, settings), "files": files})
        return
    for line in summary_lines(tables, settings):
        typer.echo(line)
    for path in results[-1].files:
        typer.echo(f"Written: {path}")
