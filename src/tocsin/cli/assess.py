"""`tocsin assess`: fuse reports into incidents."""

from __future__ import annotations

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_result, working


def assess(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Fuse reports into incidents, tag technologies, keep the adoption ledger.

    Example: tocsin assess --workspace sahel
    """
    from tocsin import road
    from tocsin.workspace import Workspace

    with Workspace.open(workspace) as opened, working("Fusing reports", quiet=as_json):
        result = road.assess(opened)
    if as_json:
        print_json(result.as_dict())
    else:
        print_result(result)
