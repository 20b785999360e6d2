"""The watch: alerts, and the ledger of past forecasts, bound to a workspace."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin import __version__
from tocsin.replays import remembering, sweep
from tocsin.schema.run import Run
from tocsin.workspace import Workspace

if TYPE_CHECKING:
    from tocsin.anticipate.alerts.rules import Rule

RULES_FILE = "alerts.toml"
ALERT_INPUTS = ("series", "forecasts", "track_record", "adoption_quarters", "incidents")


def rules_of(workspace: Workspace, path: Path | None = None) -> list[Rule]:
    """The rules of a file; without one, of the workspace's `alerts.toml`, or those shipped.

    Raises:
        UsageError: the file is missing or a rule in it is not understood.
    """
    from tocsin.anticipate.alerts.rules import read, shipped

    own = workspace.path / RULES_FILE
    if path is not None:
        return read(path)
    return read(own) if own.is_file() else shipped()


def alerts(workspace: Workspace, path: Path | None = None) -> tuple[Run, dict[str, int]]:
    """Where each rule stands, and its record; nothing is computed again that has not changed.

    Args:
        workspace: an open workspace in which forecasts were made.
        path: file of rules; see `rules_of`.

    Returns:
        The run, and rows by table.

    Raises:
        UsageError: a rule is not understood.
        StageNotReady: there is no forecast yet.
    """
    from tocsin.anticipate.alerts import alerts as compute

    started = time.time()
    rules = rules_of(workspace, path)
    workspace.require("series", "forecasts", "track_record")
    run = _run(workspace, rules)
    last = workspace.last_run("alerts")
    if last is not None and last["run_id"] == run.run_id:
        return run, last["rows"]
    tables = {name: workspace.read(name) for name in (*ALERT_INPUTS, "forecast_draws")}
    found = compute(
        rules,
        tables,
        target=workspace.settings.target,
        seed=workspace.settings.seed,
        remember=remembering(workspace.path),
    )
    workspace.write(run, found, started=started)
    sweep(workspace.path)
    return run, {name: frame.height for name, frame in found.items()}


def _run(workspace: Workspace, rules: list[Rule]) -> Run:
    said = [rule.model_dump_json() for rule in rules]
    settings = workspace.settings.model_dump(mode="json")
    seed = settings.pop("seed")
    settings["rules"] = hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
    return Run("alerts", __version__, seed, settings, workspace.fingerprints(ALERT_INPUTS))
