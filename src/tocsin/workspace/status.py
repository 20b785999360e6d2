"""Where a workspace stands: each stage and its steps, and whether they are out of date."""

from __future__ import annotations

from typing import Any

from tocsin.base.about import STAGES
from tocsin.schema import STAGE_TABLES
from tocsin.schema.step import Step
from tocsin.workspace.runner import prospective_run
from tocsin.workspace.steps import all_steps
from tocsin.workspace.store import Workspace

NOT_RUN = "not run"
UP_TO_DATE = "up to date"
OUT_OF_DATE = "out of date"


def status(workspace: Workspace) -> list[dict[str, Any]]:
    """Where the workspace stands: one dict a stage.

    Returns:
        Keys: `stage`; of the step that has the stage's name `state` ('not run', 'up to date',
        'out of date'), `run_id`, `started_at`, `seconds`; `rows` (table to count); and `steps`, a
        dict a step with the keys `step, state, run_id, started_at, seconds, rows`. A stage is out
        of date where one of its steps that has run is.
    """
    found = []
    for room in STAGES:
        each = [_of_step(workspace, step) for step in all_steps().values() if step.room == room]
        main = next(one for one in each if one["step"] == room)
        stale = any(one["state"] == OUT_OF_DATE for one in each)
        state = OUT_OF_DATE if stale and main["state"] != NOT_RUN else main["state"]
        rows = {table: workspace.count(table) for table in STAGE_TABLES[room]}
        shared = {name: main[name] for name in ("run_id", "started_at", "seconds")}
        found.append({"stage": room, "state": state, **shared, "rows": rows, "steps": each})
    return found


def _of_step(workspace: Workspace, step: Step) -> dict[str, Any]:
    last = workspace.last_run(step.name)
    state = NOT_RUN
    if last is not None:
        same = step.takes or last["run_id"] == prospective_run(workspace, step).run_id
        state = UP_TO_DATE if same else OUT_OF_DATE
    return {
        "step": step.name,
        "state": state,
        "run_id": last and last["run_id"],
        "started_at": last and last["started_at"].isoformat(timespec="seconds"),
        "seconds": last and round(last["seconds"], 1),
        "rows": {table: workspace.count(table) for table in step.writes},
    }
