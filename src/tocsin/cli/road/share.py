"""`tocsin share`: write the brief of what the workspace holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, warn_made_otherwise
from tocsin.cli.progress import showing

OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Where to write; 'brief' in the workspace if not."),
]
PdfOption = Annotated[bool, typer.Option("--pdf", help="Also write brief.pdf.")]

FormatOption = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="NAME",
        help="html, json, pdf, csv, geojson, hxl, atom, rss, stix, cap, or one that a package "
        "adds; say it again for more. Without it: html and json.",
    ),
]


def share(
    workspace: WorkspaceOption = HERE,
    out: OutOption = None,
    pdf: PdfOption = False,
    formats: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the brief: one page that works offline and on a phone.

    Example: tocsin share --out brief --pdf

    Example: tocsin share --format csv --format html
    """
    from tocsin.workspace import road
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened, showing(quiet=as_json) as show:
        warn_made_otherwise(opened, road.SHARED)
        result = road.share(
            opened,
            out or workspace / "brief",
            pdf=pdf,
            formats=formats or (),
            on_progress=show,
        )
    if as_json:
        print_json(result.as_dict())
        return
    for path in result.files:
        typer.echo(path)
