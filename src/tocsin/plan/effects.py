"""What a portfolio changes: by the end of each year, for whom, by which lever, and begun late.

Like `compare`, in the same futures: of each future the difference is taken first, and then the mean
and the interval, so that chance which both share cancels (common random numbers).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.plan.compare import SOURCE, lower_bound, share_better
from tocsin.plan.region.outcomes import OUTCOMES
from tocsin.schema import TABLES, conform
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

if TYPE_CHECKING:
    from tocsin.plan.compare import PortfolioRun

Floats = npt.NDArray[np.float64]
A_YEAR = 12
ROUNDED = 3e-7
"""Months are of float32, so that equal counts differ by some such part when they are added up."""


def comparison_years(runs: Mapping[str, PortfolioRun]) -> pl.DataFrame:
    """Compare portfolios with the status quo by the end of each year.

    Args:
        runs: of each portfolio, with paths; the status quo is among them.

    Returns:
        The table `comparison_years`: what is counted is added up from the start to the end of the
        year; of a level it is the mean of that year, or its last month where only the end counts.
    """
    rows = []
    for name, run in runs.items():
        for outcome, how in OUTCOMES.items() if name != STATUS_QUO else ():
            usual = runs[STATUS_QUO].paths[outcome]
            change = _by_year(run.paths[outcome] - usual, how.how)
            if how.how == "sum":
                change[np.abs(change) <= ROUNDED * _by_year(usual, how.how)] = 0.0
            for year, values in enumerate(change.T, 1):
                told = {"outcome": outcome, "unit": how.monthly.removesuffix(" a month")}
                rows.append({"portfolio": name, "year": year, **told} | tell_difference(values))
    return conform(TABLES["comparison_years"], pl.DataFrame(rows))


def comparison_territories(
    runs: Mapping[str, PortfolioRun], territories: tuple[str, ...]
) -> pl.DataFrame:
    """Compare portfolios with the status quo in each territory.

    Args:
        runs: of each portfolio; the status quo is among them.
        territories: in the order of the last axis of what is counted by territory.

    Returns:
        The table `comparison_territories`. What is counted for the region only is not in it.
    """
    rows = []
    for name, run in runs.items():
        for outcome, how in OUTCOMES.items() if name != STATUS_QUO else ():
            change = run.totals[outcome] - runs[STATUS_QUO].totals[outcome]
            if change.ndim == 1:
                continue
            for place, values in zip(territories, change.T, strict=True):
                told = {"outcome": outcome, "unit": how.unit}
                rows.append(
                    {"portfolio": name, "territory": place, **told} | tell_difference(values)
                )
    return conform(TABLES["comparison_territories"], pl.DataFrame(rows))


def _by_year(monthly: Floats, how: str) -> Floats:
    """Months (F, M) as years (F, Y), in the way in which an outcome is counted."""
    years = monthly[:, : monthly.shape[1] // A_YEAR * A_YEAR].reshape(len(monthly), -1, A_YEAR)
    if how == "last":
        return np.asarray(years[:, :, -1])
    return np.asarray(years.sum(axis=2).cumsum(axis=1) if how == "sum" else years.mean(axis=2))


def tell_difference(values: Floats) -> dict[str, Any]:
    """Tell of a difference over futures what tables of differences have.

    Args:
        values: the difference of each future, (F,).

    Returns:
        The columns that `comparison_years` and its like share, against the status quo.
    """
    low, median, high = (float(one) for one in np.quantile(values, [0.05, 0.5, 0.95]))
    better = share_better(values)
    return {
        "against": STATUS_QUO,
        "n_futures": len(values),
        "mean": float(values.mean()),
        "low": low,
        "median": median,
        "high": high,
        "p_better": better,
        "p_better_low": lower_bound(better, len(values)),
        "source": SOURCE,
    }
