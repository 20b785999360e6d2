"""plan: compare portfolios of levers in the same simulated futures."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tocsin.errors import require

__all__ = ["plan"]


def plan(
    tables: Mapping[str, pl.DataFrame], *, gwnos: list[int], futures: int, seed: int
) -> dict[str, pl.DataFrame]:
    """Simulate three portfolios for three years and compare them, future by future.

    Args:
        tables: at least `forecasts` and `adoption` (which may be empty).
        gwnos: the region's Gleditsch-Ward numbers.
        futures: futures a portfolio; each has its own parameters and chance, the same for
            every portfolio (common random numbers).
        seed: start of all random numbers; the same seed gives the same bits on one machine.

    Returns:
        The tables `portfolio_levers`, `outcomes`, `outcome_paths` and `comparisons`.

    Raises:
        StageNotReady: no territory of the region has a forecast.
        MissingExtra: the extra `plan` is not installed.
    """
    jax = require("jax", extra="plan")
    import numpy as np

    from tocsin.plan.compare import comparisons, levers, outcomes, paths
    from tocsin.plan.model import simulate
    from tocsin.plan.portfolios import PORTFOLIOS, effort
    from tocsin.plan.start import start
    from tocsin.schema.vocabulary.portfolio import STATUS_QUO

    region = start(tables, gwnos)
    keys = jax.random.split(jax.random.key(seed), futures)
    world = (region.level, region.capability, region.border)
    baseline = effort(PORTFOLIOS[STATUS_QUO])
    runs = {
        name: {
            outcome: np.asarray(values)
            for outcome, values in simulate(keys, effort(levels), baseline, world).items()
        }
        for name, levels in PORTFOLIOS.items()
    }
    return {
        "portfolio_levers": levers(PORTFOLIOS),
        "outcomes": outcomes(runs, region),
        "outcome_paths": paths(runs),
        "comparisons": comparisons(runs),
    }
