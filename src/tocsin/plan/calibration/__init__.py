"""Calibration: what a region's incidents say of the model's parameters (docs/model.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tocsin.base.compiled import jax_for
from tocsin.errors import StageNotReady, UsageError
from tocsin.plan.posterior import INFERRED, Posterior
from tocsin.schema.step import Tell, say_nothing

if TYPE_CHECKING:
    from tocsin.plan.calibration.estimator import Estimator
    from tocsin.plan.calibration.simulate import Setting
    from tocsin.plan.calibration.summaries import Watched

__all__ = ["Calibrated", "calibrate", "compare_with_priors"]

WORLDS = 32_768
"""Worlds on which an estimator is trained."""
DRAWS = 400
"""Draws of a region's posterior that are kept."""
ROOM = 10.0
"""Levels of simulated worlds reach so many times beyond those that were seen."""
TOLD = 0.2
"""Data tell of a parameter if its standard deviation is smaller by this share than before them."""
FAR = 4.0
"""A summary so many standard deviations from the simulated ones is told of."""


@dataclass(frozen=True)
class Calibrated:
    """This is what a calibration found."""

    posterior: Posterior
    """Of the parameters of which the region's data tell; of others a prior of the model says more
    than a posterior that is as wide as the wide prior."""
    table: pl.DataFrame
    """Of all inferred parameters, as `compare_with_priors` gives it."""
    far: dict[str, float]
    """Summaries of the data that lie further than 4 standard deviations from those of the
    simulated worlds, with how far. The model has nothing like them."""


def calibrate(
    incidents: pl.DataFrame,
    gwnos: Sequence[int],
    until: date,
    *,
    weeks: int | None = None,
    worlds: int = WORLDS,
    draws: int = DRAWS,
    seed: int = 0,
    work: Path | None = None,
    sources: Mapping[str, str] | None = None,
    tell: Tell = say_nothing,
) -> Calibrated:
    """Infer from incidents the parameters of which they tell, by simulation.

    Worlds are drawn from wide priors and played by the whole model on the region's own borders; a
    flow learns the parameters from summaries of their weekly incidents, and is then asked about the
    summaries of the data (`estimator.py`). Parameters that are not inferred are drawn from their
    own priors, so what is not known of them widens the answer.

    Args:
        incidents: the table `incidents`, or its columns `gwno, date_start, date_prec` and
            `deaths_best`.
        gwnos: the Gleditsch-Ward numbers of the territories; those without a deadly incident in the
            window are left out, since no report is not peace.
        until: the day after the last one that is used.
        weeks: length of the window, whole quarters of 13; None: as long as incidents reach back,
            at most five years.
        worlds: how many are played; some thousands at least.
        draws: how many draws of the posterior are kept.
        seed: start of all random numbers; the same seed gives the same bits on one machine.
        work: a folder in which played worlds are kept, so that work that was stopped goes on.
        sources: name and digest of the files that the incidents come from, for the provenance.
        tell: is told what is being done.

    Returns:
        The posterior, and what it says beside the priors.

    Raises:
        StageNotReady: there are fewer than two years, or fewer than 50 deadly incidents, or they
            tell of nothing.
        UsageError: fewer than 1,000 worlds are asked for, or fewer than two draws.
        MissingExtra: the extras `plan` or `calibrate` are not installed.
    """
    if worlds < 1_000 or draws < 2:
        raise UsageError("A calibration needs 1,000 worlds and two draws at least.")
    jax_for("plan")
    from tocsin.plan.calibration.series import watch
    from tocsin.plan.calibration.simulate import code_digest
    from tocsin.plan.calibration.summaries import names, summarise

    kept, seen = watch(incidents, gwnos, until, weeks=weeks)
    setting = setting_of(seen)
    estimator = train_estimator(setting, worlds=worlds, seed=seed, work=work, tell=tell)
    summaries = summarise(seen)
    found = estimator.sample(summaries, draws=draws, seed=seed)
    table = compare_with_priors(Posterior(tuple(INFERRED), found, {}))
    told = tuple(table.filter(pl.col("narrower") >= TOLD)["parameter"])
    called = names(len(kept), bordered=bool(seen.border.any()))
    off = np.abs(summaries - estimator.centre) / estimator.spread
    provenance = {
        "territories": list(kept), "until": until.isoformat(), "weeks": setting.weeks,
        "deadly_incidents": len(seen.sizes), "sources": dict(sources or {}),
        "seen": sha256(seen.counts.tobytes() + seen.sizes.tobytes()).hexdigest(),
        "summaries": dict(zip(called, _round(summaries), strict=True)),
        "worlds": worlds, "seed": seed, "levels": _round(setting.levels),
        "versions": {name: version(name) for name in ("tocsin", "jax", "flowjax")},
        "code": code_digest(),
    }  # fmt: skip
    if not told:
        raise StageNotReady(
            "The incidents tell of none of the parameters.", remedy="Use more years or territories."
        )
    places = [list(INFERRED).index(name) for name in told]
    posterior = Posterior(told, found[:, places], provenance)
    far = {name: float(one) for name, one in zip(called, off, strict=True) if one > FAR}
    return Calibrated(posterior, table, far)


def setting_of(seen: Watched) -> Setting:
    """Describe the region in which worlds like the one that was seen are played.

    Args:
        seen: the counts of incidents by week and territory, with the border.

    Returns:
        The border, how many weeks are played, and the least and greatest level of violence, in
        deaths a week; the levels reach `ROOM` times beyond what was seen.
    """
    from tocsin.plan.calibration.simulate import Setting

    weekly = np.maximum(seen.counts.mean(0), 0.5 / len(seen.counts)) * seen.sizes.mean()
    levels = float(f"{weekly.min() / ROOM:.1g}"), float(f"{weekly.max() * ROOM:.1g}")
    return Setting(seen.border, len(seen.counts), levels)


def train_estimator(
    setting: Setting, *, worlds: int, seed: int, work: Path | None = None, tell: Tell = say_nothing
) -> Estimator:
    """Play worlds of a region, and train an estimator on them.

    Args:
        setting: the region.
        worlds: how many are played.
        seed: start of all random numbers.
        work: a folder in which played worlds are kept.
        tell: is told what is being done.

    Returns:
        The estimator, for any data of that region.
    """
    from tocsin.plan.calibration.estimator import train
    from tocsin.plan.calibration.simulate import simulate_worlds

    played = simulate_worlds(setting, np.arange(worlds), seed=seed, keep=work, tell=tell)
    return train(played, seed=seed, tell=tell)


def compare_with_priors(posterior: Posterior) -> pl.DataFrame:
    """Set the posterior of each parameter beside its priors.

    Args:
        posterior: the draws.

    Returns:
        A row a parameter: `parameter, unit`; `wide_low, wide_high`, the prior that inference began
        with; `median, low, high`, the posterior's median and 90 % interval; and `narrower`, the
        share by which its standard deviation is smaller than the wide prior's.
    """
    from tocsin.plan.region.parameters import PARAMETERS

    units = {one.name: one.unit for one in PARAMETERS}
    rows = []
    for place, name in enumerate(posterior.names):
        wide, values = INFERRED[name], posterior.draws[:, place]
        low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
        rows.append(
            {
                "parameter": name, "unit": units[name],
                "wide_low": wide.low, "wide_high": wide.high,
                "median": float(median), "low": float(low), "high": float(high),
                "narrower": 1.0 - float(values.std()) / ((wide.high - wide.low) / 12**0.5),
            }
        )  # fmt: skip
    return pl.DataFrame(rows)


def _round(values: Any) -> list[float]:
    return [float(f"{one:.5g}") for one in values]
