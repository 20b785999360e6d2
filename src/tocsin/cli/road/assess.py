"""`tocsin assess`: fuse reports into incidents, and explain one, or what an organisation has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_result
from tocsin.cli.progress import showing

if TYPE_CHECKING:
    from tocsin.workspace.store import Workspace

ExplainOption = Annotated[
    str | None,
    typer.Option(
        metavar="INCIDENT|ORGANISATION",
        help="Compute nothing; say why this incident is as it is, or why an organisation is held "
        "to have a technology class, or not.",
    ),
]


def assess(
    workspace: WorkspaceOption = HERE,
    explain: ExplainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fuse reports into incidents, tag technologies, attribute, keep the adoption ledger.

    Example: tocsin assess --workspace sahel

    Example: tocsin assess --explain i-0123456789abcdef

    Example: tocsin assess --explain IS
    """
    from tocsin.workspace import road
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened:
        if explain is not None:
            lines = _explain(opened, explain)
            if as_json:
                print_json({"explained": explain, "incident_id": explain, "lines": lines})
            else:
                typer.echo("\n".join(lines))
            return
        with showing(quiet=as_json) as show:
            result = road.assess(opened, on_progress=show)
    if as_json:
        print_json(result.as_dict())
    else:
        print_result(result)


def _explain(opened: Workspace, what: str) -> list[str]:
    from tocsin.assess.explain import READS, explain

    return explain({name: opened.read(name) for name in READS}, what)
