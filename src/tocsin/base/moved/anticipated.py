"""What functions of forecasting and planning did in 0.1, for whoever calls them by old names.

`base` imports no room, so that what is used today is found by its name when a function is called.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl


def forget(_key: dict[str, Any], compute: Callable[[], Any]) -> Any:
    """Compute, and keep nothing.

    Args:
        _key: what was computed would be kept under it.
        compute: called without arguments.
    """
    return compute()


def poisson(uniform: Any, rate: Any) -> Any:
    """Turn uniform numbers into Poisson counts; the same number gives a count that only rises with
    the rate.

    Args:
        uniform: numbers between 0 and 1.
        rate: expected counts, at least 0, of the same shape.
    """
    normal = importlib.import_module("jax.scipy.special").ndtri(uniform)
    return importlib.import_module("tocsin.plan.region.chance").poisson(uniform, normal, rate)


def draw_parameters(key: Any) -> dict[str, Any]:
    """Draw each parameter of the regional model once from its prior.

    They are the parameters of today's model, which has others than that of 0.1.

    Args:
        key: a random key of JAX.
    """
    parameters = importlib.import_module("tocsin.plan.region.parameters").PARAMETERS
    uniform = importlib.import_module("jax").random.uniform(key, (len(parameters),))
    return {
        item.name: item.low + (item.high - item.low) * uniform[place]
        for place, item in enumerate(parameters)
    }


def rules_of(workspace: Any, path: Path | None = None) -> list[Any]:
    """Read the rules of alerts: of a file, or of the workspace's `alerts.toml`, or those shipped.

    Args:
        workspace: an open workspace.
        path: a file of rules.

    Raises:
        UsageError: the file is missing or a rule in it is not understood.
    """
    declared = importlib.import_module("tocsin.anticipate.alerts.rules.declared")
    own = workspace.path / importlib.import_module("tocsin.anticipate.alerts").RULES_FILE
    file = path or (own if own.is_file() else None)
    rules: list[Any] = declared.read_rules(file) if file else declared.default_rules()
    return rules


def issued(run: Any, tables: dict[str, pl.DataFrame], started: float) -> dict[str, pl.DataFrame]:
    """Make the entries of the forecast ledger for the forecasts of one run.

    Args:
        run: the run that made them; its `run_id` counts.
        tables: `forecast_draws` as made, and the `series` that they knew.
        started: `time.time()` when the run began.

    Returns:
        The table `forecast_ledger`.
    """
    entries = importlib.import_module("tocsin.anticipate.forecast_ledger.entries")
    rows = entries.ledger_entries(
        tables["forecast_draws"],
        tables["series"],
        issue=run.run_id,
        issued_at=datetime.fromtimestamp(started, UTC).isoformat(timespec="seconds"),
    )
    return {"forecast_ledger": rows}


def prospective_run(workspace: Any, stage: str) -> Any:
    """Describe the run that computing a stage now would be, without computing it.

    Args:
        workspace: an open workspace.
        stage: the name of the stage, or of one of its steps.
    """
    step = importlib.import_module("tocsin.workspace.steps").find_step(stage)
    return importlib.import_module("tocsin.workspace.declared").prospective_run(workspace, step)
