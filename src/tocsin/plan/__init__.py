"""plan: compare portfolios of levers in the same simulated futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import polars as pl

from tocsin.base.compiled import jax_for
from tocsin.errors import UsageError
from tocsin.schema import STAGE_TABLES
from tocsin.schema.step import Given, Step, Tables
from tocsin.schema.vocabulary.lever import LEVERS as OWN

__all__ = ["STEP", "plan"]


def plan(
    tables: Mapping[str, pl.DataFrame],
    *,
    gwnos: list[int],
    futures: int,
    seed: int,
    portfolios: Mapping[str, Mapping[str, float]] | None = None,
    mechanisms: Sequence[str] = (),
) -> dict[str, pl.DataFrame]:
    """Simulate portfolios for three years and compare them, future by future.

    Args:
        tables: at least the tables `forecasts` and `adoption` (which may be empty). With
            `forecast_draws` the status quo's first year has the forecast's quantiles in each
            territory; without, it starts at the forecast's mean.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        futures: how many futures are simulated for each portfolio. Each future has its own
            parameters and chance, the same for every portfolio (common random numbers).
        seed: start of all random numbers; the same seed gives the same bits on one machine.
        portfolios: for each name the effort (0 to 1) by lever; a lever may be another package's.
            None stands for the three of `tocsin.plan.portfolios`. The status quo is always among
            them.
        mechanisms: names of mechanisms of other packages, in the order in which they act.

    Returns:
        The tables `portfolio_levers`, `outcomes`, `outcome_paths` and `comparisons`.

    Raises:
        StageNotReady: no territory of the region has a forecast.
        UsageError: there is no such lever or mechanism, or an effort lies outside 0 to 1.
        PluginFailed: a lever or mechanism of another package failed.
        MissingExtra: the extra `plan` is not installed.
    """
    jax = jax_for("plan")
    import numpy as np

    from tocsin.plan.calibrate import Level, calibrate_level
    from tocsin.plan.compare import comparisons, outcome_paths, outcomes, portfolio_levers
    from tocsin.plan.model import Added, simulate
    from tocsin.plan.portfolios import PORTFOLIOS, effort
    from tocsin.plan.start import first_year, read_start
    from tocsin.schema.vocabulary.portfolio import STATUS_QUO

    chosen = {STATUS_QUO: PORTFOLIOS[STATUS_QUO]} | dict(portfolios or PORTFOLIOS)
    added = Added(_added_levers(chosen), tuple(dict.fromkeys(mechanisms)))
    region = read_start(tables, gwnos)
    keys = jax.random.split(jax.random.key(seed), futures)
    baseline = effort(chosen[STATUS_QUO], added.levers)

    def status_quo(level: Level) -> Level:
        world = (level, region.capability, region.border)
        return np.asarray(simulate(keys, baseline, baseline, world, added)["deaths"])

    drawn = first_year(tables, region)
    level = calibrate_level(status_quo, region.level, *drawn, futures) if drawn else region.level
    world = (level, region.capability, region.border)
    runs = {}
    for name, levels in chosen.items():
        found = simulate(keys, effort(levels, added.levers), baseline, world, added)
        runs[name] = {outcome: np.asarray(values) for outcome, values in found.items()}
        _check_finite(runs[name], added.mechanisms)
    return {
        "portfolio_levers": portfolio_levers(chosen),
        "outcomes": outcomes(runs, region),
        "outcome_paths": outcome_paths(runs),
        "comparisons": comparisons(runs),
    }


def _added_levers(portfolios: Mapping[str, Mapping[str, float]]) -> tuple[str, ...]:
    """The levers of other packages that portfolios name, in the order of their names."""
    from tocsin.plan.levers import LEVERS

    for portfolio, efforts in portfolios.items():
        for lever, level in efforts.items():
            LEVERS.find(lever)
            if isinstance(level, bool) or not (isinstance(level, int | float) and 0 <= level <= 1):
                raise UsageError(
                    f"An effort of {level!r} is not from 0 to 1.",
                    where=f"portfolio '{portfolio}', lever '{lever}'",
                    remedy="Give the effort as a share of all that could be done.",
                )
    return tuple(sorted({one for efforts in portfolios.values() for one in efforts} - set(OWN)))


def _check_finite(seen: Mapping[str, Any], mechanisms: Sequence[str]) -> None:
    from tocsin.plan.mechanisms import MECHANISMS

    broken = [name for name, values in seen.items() if not isfinite(float(values.sum()))]
    if broken and mechanisms:
        others = f" (or one of {', '.join(mechanisms[1:])})" if mechanisms[1:] else ""
        raise MECHANISMS.entry(mechanisms[0]).failed(f"made '{broken[0]}' no number{others}")


def _plan(tables: Tables, given: Given) -> Tables:
    settings = given.settings
    return plan(tables, gwnos=settings.region.gwnos, futures=settings.futures, seed=settings.seed)


STEP = Step(
    name="plan",
    room="plan",
    function=_plan,
    reads=("forecasts", "forecast_draws", "adoption"),
    needs=("forecasts",),
    writes=STAGE_TABLES["plan"],
    settings=("region.gwnos", "futures"),
    seeded=True,
)
