"""What functions of forecasting and planning did in 0.1, for whoever calls them by old names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.anticipate.alerts import RULES_FILE
from tocsin.anticipate.alerts.rules.declared import default_rules, read_rules
from tocsin.anticipate.forecast_ledger.entries import ledger_entries
from tocsin.workspace import declared
from tocsin.workspace.steps import find_step


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
    from jax.scipy.special import ndtri

    from tocsin.plan.region import chance

    return chance.poisson(uniform, ndtri(uniform), rate)


def draw_parameters(key: Any) -> dict[str, Any]:
    """Draw each parameter of the regional model once from its prior.

    They are the parameters of today's model, which has others than that of 0.1.

    Args:
        key: a random key of JAX.
    """
    import jax

    from tocsin.plan.region.parameters import PARAMETERS

    uniform = jax.random.uniform(key, (len(PARAMETERS),))
    return {
        item.name: item.low + (item.high - item.low) * uniform[place]
        for place, item in enumerate(PARAMETERS)
    }


def rules_of(workspace: Any, path: Path | None = None) -> list[Any]:
    """Read the rules of alerts: of a file, or of the workspace's `alerts.toml`, or those shipped.

    Args:
        workspace: an open workspace.
        path: a file of rules.

    Raises:
        UsageError: the file is missing or a rule in it is not understood.
    """
    own = workspace.path / RULES_FILE
    file = path or (own if own.is_file() else None)
    return read_rules(file) if file else default_rules()


def issued(run: Any, tables: dict[str, pl.DataFrame], started: float) -> dict[str, pl.DataFrame]:
    """Make the entries of the forecast ledger for the forecasts of one run.

    Args:
        run: the run that made them; its `run_id` counts.
        tables: `forecast_draws` as made, and the `series` that they knew.
        started: `time.time()` when the run began.

    Returns:
        The table `forecast_ledger`.
    """
    rows = ledger_entries(
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
    return declared.prospective_run(workspace, find_step(stage))
