"""`tocsin anticipate`: forecast with a track record."""

from __future__ import annotations

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_result
from tocsin.cli.progress import showing


def anticipate(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Forecast deaths by country and month as draws, beside their track record.

    Example: tocsin anticipate --workspace sahel
    """
    from tocsin.workspace import road
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened, showing(quiet=as_json) as show:
        result = road.anticipate(opened, on_progress=show)
    if as_json:
        print_json(result.as_dict())
    else:
        print_result(result)
