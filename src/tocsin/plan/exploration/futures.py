"""Two portfolios in the same futures, whose parameters are chosen and not drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.base.compiled import jax_for
from tocsin.base.nearest import advice
from tocsin.errors import UsageError
from tocsin.plan.region.parameters import PARAMETERS

if TYPE_CHECKING:
    from tocsin.plan.portfolios.declared import PortfolioFile
    from tocsin.plan.region.model import Begun

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Contest:
    """These are two portfolios, and the region in which they meet."""

    portfolio: str
    """The one that is asked about."""
    against: str
    """The one that it is compared with."""
    plans: npt.NDArray[np.float32]
    """Their levels of each lever by week, shape (2, L, T)."""
    begun: Begun
    """The region in which they begin."""

    def difference(self, values: Floats, chance: npt.NDArray[np.int64], outcome: str) -> Floats:
        """Play futures under both portfolios.

        Args:
            values: a value for each of `PARAMETERS`, shape (F, Q).
            chance: a whole number that says what happens by chance, shape (F,).
            outcome: a key of `OUTCOMES`.

        Returns:
            The outcome of the first less that of the second over ten years, shape (F,); above 0
            the first does worse.
        """
        from tocsin.plan.compare import named, region_total
        from tocsin.plan.region.runs import play_futures

        drawn = values.T.astype(np.float32)
        played = play_futures(chance, self.plans, self.begun, seed=0, values=drawn)
        runs = named(played, ("one", "other"))
        one, two = (region_total(outcome, runs[name].totals[outcome]) for name in runs)
        return np.asarray(one - two)


def contest(
    tables: Mapping[str, pl.DataFrame],
    gwnos: list[int],
    portfolio: str,
    against: str | None = None,
    *,
    file: PortfolioFile | None = None,
) -> Contest:
    """Prepare two portfolios to be compared.

    Args:
        tables: at least `forecasts` and `adoption` (which may be empty), as `plan` takes them.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        portfolio: the name of a portfolio.
        against: the name of another; None: the status quo.
        file: the file of portfolios that holds both; None: the one that ships. Their rules are
            left aside, since they would differ from future to future.

    Returns:
        The two, and the region that they start in, each territory at the mean of its forecast.

    Raises:
        UsageError: there is no such portfolio, or both are the same.
        StageNotReady: no territory of the region has a forecast.
        MissingExtra: the extra `plan` is not installed.
    """
    jax_for("plan")
    from tocsin.plan.portfolios import SHIPPED
    from tocsin.plan.region.levels import held_levels, weekly_levels
    from tocsin.plan.region.start import read_start
    from tocsin.schema.vocabulary.portfolio import STATUS_QUO

    file = file or SHIPPED
    other = against or STATUS_QUO
    for name in (portfolio, other):
        if name not in file.portfolios:
            raise UsageError(
                f"There is no portfolio '{name}'.", remedy=advice(name, list(file.portfolios))
            )
    if portfolio == other:
        raise UsageError(f"'{portfolio}' cannot be compared with itself.")
    region = read_start(tables, gwnos)
    plans = weekly_levels(file, [file.portfolios[portfolio], file.portfolios[other]])
    return Contest(portfolio, other, plans, region.begun(held_levels(file)))


def scaled(uniform: Floats) -> Floats:
    """Stretch numbers from 0 to 1 over the parameters' priors.

    Args:
        uniform: shape (F, Q), a column for each of `PARAMETERS`.

    Returns:
        Values in each parameter's unit, of the same shape.
    """
    low = np.array([item.low for item in PARAMETERS])
    high = np.array([item.high for item in PARAMETERS])
    return np.asarray(low + (high - low) * uniform)
