"""`tocsin status`: where the workspace stands."""

from __future__ import annotations

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_table


def status(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Show each stage: when it ran, what it holds, whether its inputs have changed since.

    Example: tocsin status --workspace sahel
    """
    from tocsin.workspace import road
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened:
        stages = road.status(opened)
        region = opened.settings.region.name
    if as_json:
        print_json(stages)
        return
    rows = [
        [
            stage["stage"],
            stage["state"],
            stage["started_at"],
            ", ".join(f"{name} {count:,}" for name, count in stage["rows"].items()),
        ]
        for stage in stages
    ]
    print_table(f"{region} ({workspace})", ("stage", "state", "last run (UTC)", "holds"), rows)
