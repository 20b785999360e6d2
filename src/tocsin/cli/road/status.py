"""`tocsin status`: where the workspace stands."""

from __future__ import annotations

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_table


def status(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Show each stage's steps: when they ran, what they hold, whether their inputs have changed.

    Example: tocsin status --workspace sahel
    """
    from tocsin.workspace.status import status as stand
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened:
        stages = stand(opened)
        region = opened.settings.region.name
    if as_json:
        print_json(stages)
        return
    rows = [
        [
            stage["stage"] if step is stage["steps"][0] else "",
            step["step"],
            step["state"],
            step["started_at"],
            ", ".join(f"{name} {count:,}" for name, count in step["rows"].items()),
        ]
        for stage in stages
        for step in stage["steps"]
    ]
    header = ("stage", "step", "state", "last run (UTC)", "holds")
    print_table(f"{region} ({workspace})", header, rows)
