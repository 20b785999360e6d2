"""Where a workspace stands: each stage and its steps, and whether they are out of date."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from tocsin.base.about import STAGES
from tocsin.base.display.quantity import quantity
from tocsin.errors import StageNotReady
from tocsin.schema import STAGE_TABLES
from tocsin.schema.step import Step, verb
from tocsin.schema.vocabulary.release import newest_series
from tocsin.workspace.declared import is_of, prospective_run, version_of
from tocsin.workspace.steps import all_steps, find_step
from tocsin.workspace.store import Workspace

NOT_RUN = "not run"
UP_TO_DATE = "up to date"
OUT_OF_DATE = "out of date"
OTHERWISE = "made by another version"
"""The state of a result of the same tables and settings that another version of tocsin made."""
NOTES = "_notes"
"""So end the names of tables in which a step says something in sentences, in a column `note`."""


def status(workspace: Workspace) -> list[dict[str, Any]]:
    """Say where the workspace stands, stage by stage.

    Args:
        workspace: an open workspace.

    Returns:
        A dict for each stage. `stage` is its name; `state` ('not run', 'up to date', 'out of
        date', 'made by another version'), `run_id`, `started_at` and `seconds` are of the step that
        has the stage's name; `rows` counts the rows by table; `steps` holds a dict for each step
        with the keys `step, state, run_id, started_at, seconds, rows, notes`; the notes are the
        sentences that its tables of notes hold. A stage is out of date where one of its steps that
        has run is, and so with one that another version made. What is taken from outside is of
        neither. A step that reads what a step that is out of date wrote is so, too: what that will
        write is not known.
    """
    found = []
    told = _follow_stale(all_steps(), {n: _of_step(workspace, s) for n, s in all_steps().items()})
    for room in STAGES:
        each = [told[name] for name, step in all_steps().items() if step.room == room]
        main = next(one for one in each if one["step"] == room)
        said = {one["state"] for one in each}
        worst = next((state for state in (OUT_OF_DATE, OTHERWISE) if state in said), main["state"])
        state = NOT_RUN if main["state"] == NOT_RUN else worst
        rows = {table: workspace.count(table) for table in STAGE_TABLES[room]}
        shared = {name: main[name] for name in ("run_id", "started_at", "seconds")}
        found.append({"stage": room, "state": state, **shared, "rows": rows, "steps": each})
    return found


def superseded_series(workspace: Workspace) -> list[dict[str, Any]]:
    """Count the months of each file of which a newer statement is there, so that they do not count.

    Args:
        workspace: an open workspace.

    Returns:
        A dict for each source with such rows: `source`, and `rows` (a number of territories,
        months and targets), by source.
    """
    every = workspace.read("series")
    if every["source"].n_unique() < 2:
        return []
    key = ["gwno", "month", "target", "source"]
    older = every.join(newest_series(every).select(key), on=key, how="anti")
    by = older.group_by("source").agg(pl.len().alias("rows")).sort("source")
    return by.to_dicts()


def refuse_stale(workspace: Workspace, steps: Sequence[str]) -> None:
    """Refuse to go on if results do not fit what the workspace holds and asks for now.

    A result that another version made of the same tables and settings fits.

    Args:
        workspace: an open workspace.
        steps: names of the steps on whose results somebody wants to build, in order. One that
            has not run is no obstacle.

    Raises:
        StageNotReady: one of them was computed from other tables or settings; the message
            says from which, and what to run.
    """
    for name in steps:
        changed = _changes(workspace, find_step(name))
        if changed:
            raise StageNotReady(
                f"What {name} has computed does not fit this workspace any more: since then "
                f"{' and '.join(changed)} changed.",
                where=str(workspace.path),
                remedy=f"Run `tocsin {verb(name)}` again, or `tocsin brief` for the whole road.",
            )


def made_otherwise(workspace: Workspace, steps: Sequence[str]) -> list[str]:
    """List the steps whose results another version of tocsin made.

    Args:
        workspace: an open workspace.
        steps: names of steps, in order; one that has not run is not listed.

    Returns:
        Those of the names.
    """
    last = {name: workspace.last_run(name) for name in steps}
    return [
        name for name, run in last.items() if run and run["version"] != version_of(find_step(name))
    ]


def _changes(workspace: Workspace, step: Step) -> list[str]:
    """What a step's last run was computed from that is otherwise now, in words."""
    last = workspace.last_run(step.name)
    if last is None:
        return []
    now = prospective_run(workspace, step)
    found = []
    for kind, before, after in (
        ("the table", last["inputs"], now.inputs),
        ("the setting", last["parameters"], now.parameters),
    ):
        shared = sorted(set(before) & set(after))
        # Settings are kept as JSON, where a date or a tuple is not what it was.
        found += [
            f"{kind} '{name}'" for name in shared if _plain(before[name]) != _plain(after[name])
        ]
    if step.seeded and last["seed"] != now.seed:
        found.append("the seed")
    return found


def _follow_stale(
    steps: Mapping[str, Step], told: Mapping[str, dict[str, Any]]
) -> Mapping[str, dict[str, Any]]:
    """Call those steps out of date, too, that read what a step that is out of date wrote.

    What reads a result of another version is said to be of another version in the same way.
    """
    found = dict(told)
    for state, better in ((OUT_OF_DATE, (UP_TO_DATE, OTHERWISE)), (OTHERWISE, (UP_TO_DATE,))):
        while True:
            stale = {n for n, one in found.items() if one["state"] == state}
            written = {table for name in stale for table in steps[name].writes}
            late = [
                name for name, one in found.items()
                if one["state"] in better and not steps[name].takes
                and written & set(steps[name].reads)
            ]  # fmt: skip
            if not late:
                break
            found |= {name: found[name] | {"state": state} for name in late}
    return found


def _plain(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _of_step(workspace: Workspace, step: Step) -> dict[str, Any]:
    last = workspace.last_run(step.name)
    state = NOT_RUN
    if last is not None:
        same = step.takes or is_of(last, prospective_run(workspace, step))
        ours = step.takes or last["version"] == version_of(step)
        state = OUT_OF_DATE if not same else UP_TO_DATE if ours else OTHERWISE
    return {
        "step": step.name,
        "state": state,
        "run_id": last and last["run_id"],
        "started_at": last and last["started_at"].isoformat(timespec="seconds"),
        "seconds": last and round(last["seconds"], 1),
        "rows": {table: workspace.count(table) for table in step.writes},
        "notes": [
            note
            for table in step.writes
            if table.endswith(NOTES)
            for note in workspace.read(table)["note"].to_list()
        ]
        + (read_otherwise(workspace) if step.name == "observe" else []),
    }


def read_otherwise(workspace: Workspace) -> list[str]:
    """Say how many files another version read: no step reads them again by itself.

    Args:
        workspace: an open workspace.

    Returns:
        A sentence; none where this version read all of them.
    """
    this = version_of(find_step("observe"))
    ours = {run["run_id"] for run in workspace.runs() if run["version"] == this}
    read = workspace.read("files", provenance=True)["run_id"]
    count = sum(one not in ours for one in read)
    if not count:
        return []
    were = "was" if count == 1 else "were"
    return [
        f"{quantity(count, 'file')} {were} read by another version of tocsin. What was read stays "
        "as it is; `tocsin observe FILE` reads a file again."
    ]
