"""Measured: calibration by simulation of the estimator of the regional model's parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tocsin.base.compiled import jax_for
from tocsin.bench.ranks import FAMILY, RANKED, judge_ranks, rank
from tocsin.plan.calibration import WORLDS, train_estimator
from tocsin.plan.calibration.simulate import Setting, simulate_worlds
from tocsin.plan.posterior import INFERRED
from tocsin.plan.region.outcomes import QUARTER
from tocsin.schema.step import Tell, say_nothing

BORDER = np.array([[0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]], np.float32)
"""Three territories that all touch, as the Central African Republic, Sudan and South Sudan do."""
SETTING = Setting(BORDER, 20 * QUARTER, (2.0, 400.0))
FRESH = 1_000_000
"""Worlds from this number on were not trained on."""


def measure_calibration(
    *,
    worlds: int = WORLDS,
    tests: int = 400,
    work: Path | None = None,
    tell: Tell = say_nothing,
) -> dict[str, Any]:
    """Rank the true parameters of fresh worlds among draws of their posteriors.

    Args:
        worlds: on which the estimator is trained.
        tests: fresh worlds from the prior, of the same setting.
        work: a folder in which played worlds are kept.
        tell: is told what is being done.

    Returns:
        As `judge_ranks` has it, where `lasting` is how many weeks a disturbance lasts, the memory
        over what the excitation leaves; and for each parameter `coverage_90_…`, the share of
        worlds whose value lies in the posterior's 90 % interval, with `narrower_…`, the share by
        which the posterior's standard deviation is smaller than the prior's in the mean.
    """
    jax_for("plan")
    estimator = train_estimator(SETTING, worlds=worlds, seed=0, work=work, tell=tell)
    fresh = simulate_worlds(SETTING, FRESH + np.arange(tests), seed=0, keep=work, tell=tell)
    drawn = estimator.sample(fresh.seen, draws=RANKED, seed=1)
    out: dict[str, Any] = {}
    ranked: dict[str, list[float]] = {}
    random = np.random.default_rng(2)
    quantities = {
        name: (fresh.truth[:, place], drawn[..., place]) for place, name in enumerate(INFERRED)
    }
    (e, drawn_e), (m, drawn_m) = quantities["excitation"], quantities["memory"]
    quantities["lasting"] = m / (1 - e), drawn_m / (1 - drawn_e)
    for name, (true, values) in quantities.items():
        ranked[f"rank_{name}"] = [
            rank(one, values[:, place], random) for place, one in enumerate(true)
        ]
        low, high = np.quantile(values, [0.05, 0.95], axis=0)
        out[f"coverage_90_{name}"] = float(((true >= low) & (true <= high)).mean())
        if name in INFERRED:
            wide = INFERRED[name]
            spread = (wide.high - wide.low) / 12**0.5
            out[f"narrower_{name}"] = float(1 - values.std(axis=0).mean() / spread)
    return judge_ranks(pl.DataFrame(ranked)) | {"family": FAMILY, "trained_on": worlds} | out
