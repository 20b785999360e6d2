"""One simulated future, as the hidden truth of an exercise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.base.compiled import jax_for
from tocsin.errors import UsageError
from tocsin.plan.posterior import Posterior, shipped_posterior
from tocsin.schema.days.periods import month_after

LONGEST = 36
"""An exercise plays at most three years."""


@dataclass(frozen=True)
class Future:
    """This is what happens in one future, by month and territory."""

    number: int
    """Which future it is: the same number gives the same future."""
    territories: tuple[str, ...]
    """Names of the N territories."""
    months: tuple[date, ...]
    """The first days of the T months."""
    deaths: npt.NDArray[np.float32]
    """Deaths a month, shape (T, N)."""
    displaced: npt.NDArray[np.float32]
    """People displaced a month, shape (T, N)."""
    service_lost: npt.NDArray[np.float32]
    """Essential services lost, per cent, shape (T, N)."""
    islands: frozenset[str] = frozenset()
    """Those of the territories that have a border on land with no state."""


def draw_future(
    tables: Mapping[str, pl.DataFrame],
    gwnos: list[int],
    *,
    number: int,
    months: int,
    posterior: Posterior | None = None,
) -> Future:
    """Simulate one future of a region as it is, with no further response.

    Args:
        tables: at least `forecasts` and `adoption` (which may be empty); with `forecast_draws` the
            future begins at a level of its own, as those of `plan` do.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        number: which future; the same number is the same future.
        months: how many months, 1 to 36.
        posterior: of the calibrated parameters; None: the one that ships with tocsin.

    Returns:
        The future, which begins in the month after the last known one.

    Raises:
        UsageError: the number of months is not from 1 to 36.
        StageNotReady: no territory of the region has a forecast.
        MissingExtra: the extra `plan` is not installed.
    """
    if not 1 <= months <= LONGEST:
        raise UsageError(f"An exercise of {months} months cannot be.", remedy="Give 1 to 36.")
    jax_for("plan")
    from tocsin.plan.portfolios import SHIPPED
    from tocsin.plan.region.levels import weekly_levels
    from tocsin.plan.region.model import Model
    from tocsin.plan.region.outcomes import OUTCOMES, QUARTER, YEAR
    from tocsin.plan.region.parameters import draw
    from tocsin.plan.region.runs import play_futures
    from tocsin.plan.region.start.own import read_own_start
    from tocsin.schema.geography.shapes import neighbours
    from tocsin.schema.geography.territory import by_gwno
    from tocsin.schema.vocabulary.portfolio import STATUS_QUO

    held, years = posterior or shipped_posterior(), LONGEST // 12
    start = read_own_start(tables, gwnos, SHIPPED, posterior=held, years=years)
    region, which = start.region, np.array([number])
    values = np.asarray(draw(0, which, posterior=held))
    plans = weekly_levels(SHIPPED, [SHIPPED.portfolios[STATUS_QUO]], weeks=years * YEAR)
    played = play_futures(
        which, plans, start.begin(which, values, seed=0), seed=0, values=values,
        weeks=-(-months // 3) * QUARTER, model=Model(paths="territories"),
    )  # fmt: skip
    paths = played.paths
    assert paths is not None
    first = tables["forecasts"].filter(pl.col("gwno").is_in(gwnos))["month"].min()
    assert isinstance(first, date)

    def monthly(name: str) -> npt.NDArray[np.float32]:
        return np.asarray(paths[:months, list(OUTCOMES).index(name), :, 0, 0])

    return Future(
        number,
        region.territories,
        tuple(month_after(first, later) for later in range(months)),
        monthly("deaths"),
        monthly("displaced"),
        monthly("service_lost"),
        frozenset(by_gwno(one).name for one in gwnos if not neighbours(one)),
    )
