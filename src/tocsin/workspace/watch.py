"""The watch: alerts, and the ledger of past forecasts, bound to a workspace."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from tocsin.base.about import VERSION
from tocsin.schema.run import Run
from tocsin.workspace.chain import APPEND_ONLY, verified
from tocsin.workspace.replays import remembering, sweep
from tocsin.workspace.store import Workspace

if TYPE_CHECKING:
    from tocsin.anticipate.alerts.rules.declared import Rule

RULES_FILE = "alerts.toml"
ALERT_INPUTS = ("series", "forecasts", "track_record", "adoption_quarters", "incidents")


def rules_of(workspace: Workspace, path: Path | None = None) -> list[Rule]:
    """The rules of a file; without one, of the workspace's `alerts.toml`, or those shipped.

    Raises:
        UsageError: the file is missing or a rule in it is not understood.
    """
    from tocsin.anticipate.alerts.rules.declared import read, shipped

    path = _rules_path(workspace, path)
    return read(path) if path else shipped()


def _rules_path(workspace: Workspace, path: Path | None) -> Path | None:
    own = workspace.path / RULES_FILE
    return path or (own if own.is_file() else None)


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
    from tocsin.anticipate.alerts.rules.declared import DEFAULT_RATE, false_alarms

    started = time.time()
    rules, file = rules_of(workspace, path), _rules_path(workspace, path)
    rate = false_alarms(file) if file else DEFAULT_RATE
    workspace.require("series", "forecasts", "track_record")
    run = _run(workspace, rules, rate)
    last = workspace.last_run("alerts")
    if last is not None and last["run_id"] == run.run_id:
        return run, last["rows"]
    tables = {name: workspace.read(name) for name in (*ALERT_INPUTS, "forecast_draws")}
    found = compute(
        rules,
        tables,
        target=workspace.settings.target,
        seed=workspace.settings.seed,
        region=workspace.settings.region.gwnos,
        false_alarms=rate,
        remember=remembering(workspace.path),
    )
    workspace.write(run, found, started=started)
    sweep(workspace.path)
    return run, {name: frame.height for name, frame in found.items()}


def issued(run: Run, tables: dict[str, pl.DataFrame], started: float) -> dict[str, pl.DataFrame]:
    """What goes into the ledger when forecasts are made.

    Args:
        run: the run that makes them.
        tables: `forecast_draws` as made, and the `series` that they knew.
        started: `time.time()` when the run began.
    """
    from tocsin.anticipate.ledger.issued import issued as compute

    rows = compute(
        tables["forecast_draws"], tables["series"], issue=run.run_id, issued_at=_utc(started)
    )
    return {"forecast_ledger": rows}


@dataclass(frozen=True)
class Tracked:
    """What tracking found: rows scored now, the calibration table, and both ledgers' heads."""

    run: Run
    scored: int
    calibration: pl.DataFrame
    heads: dict[str, tuple[int, str]]

    @property
    def lost(self) -> pl.DataFrame:
        """The horizons at which calibration is lost, a row each."""
        last = self.calibration.group_by("target", "horizon", maintain_order=True).last()
        return last.filter("lost")


def track(workspace: Workspace) -> Tracked:
    """Score past forecasts against what has come since, and look whether they still hold.

    Raises:
        StageNotReady: no forecast was ever issued here.
        WorkspaceError: the ledger was changed behind tocsin's back; nothing is scored.
    """
    from tocsin.anticipate.ledger.drift import calibration
    from tocsin.anticipate.ledger.issued import score

    started = time.time()
    heads = {}
    for name in APPEND_ONLY:
        rows = workspace.read(name, provenance=True)
        heads[name] = (rows.height, verified(rows, name, where=str(workspace.path)))
    tables = workspace.require("forecast_ledger", "series")
    before = workspace.read("forecast_scores")
    inputs = workspace.fingerprints(("forecast_ledger", "series"))
    run = Run("track", VERSION, workspace.settings.seed, {}, inputs)
    new = score(tables["forecast_ledger"], before, tables["series"], scored_at=_utc(started))
    found = calibration(pl.concat([before, new]))
    if not new.is_empty():
        workspace.write(run, {"forecast_scores": new, "calibration": found}, started=started)
        rows = workspace.read("forecast_scores", provenance=True)
        heads["forecast_scores"] = (rows.height, verified(rows, "forecast_scores"))
    return Tracked(run, new.height, found, heads)


def _utc(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")


def _run(workspace: Workspace, rules: list[Rule], rate: float) -> Run:
    said = [*(rule.model_dump_json() for rule in rules), str(rate)]
    settings = workspace.settings.model_dump(mode="json")
    seed = settings.pop("seed")
    settings["rules"] = hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
    return Run("alerts", VERSION, seed, settings, workspace.fingerprints(ALERT_INPUTS))
