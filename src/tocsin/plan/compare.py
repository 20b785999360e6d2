"""Outcomes of portfolios in the same futures, and their differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.plan.portfolios import cost
from tocsin.plan.start import Start
from tocsin.schema import TABLES, conform
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

OUTCOMES = {
    "deaths": ("deaths in 3 years", "sum"),
    "displaced": ("people in 3 years", "sum"),
    "service_lost": ("% of essential services", "mean"),
    "capability": ("mean level, 0 to 1", "last"),
    "grievance": ("index, 0 to 1", "mean"),
    "trade_lost": ("% of lawful trade", "mean"),
}
"""Outcome, its unit, and how months become one number. Less is better in all of them."""
SOURCE = "regional model"
RATIOS = (2.0, 4.0)
"""The density ratios that are shown."""
Runs = Mapping[str, Mapping[str, npt.NDArray[np.float32]]]
"""Portfolio to outcome to array, shape (futures, months, territories) or (futures, months)."""


def outcomes(runs: Runs, start: Start) -> pl.DataFrame:
    """Summarise each outcome over futures, by portfolio, for each territory and the region.

    Args:
        runs: portfolio to outcome to values, of shape (futures, months, territories) or, for what
            is counted for the region only, (futures, months).
        start: the territories, in the order of the last axis.

    Returns:
        The table `outcomes`, with mean, median and 90 % interval in the units of `OUTCOMES`.
    """
    rows = []
    for portfolio, seen in runs.items():
        for outcome, values in seen.items():
            rows.append(_row(portfolio, outcome, "region", _total(outcome, values)))
            if values.ndim == 3:
                rows += [
                    _row(portfolio, outcome, name, _over_time(outcome, values[:, :, i]))
                    for i, name in enumerate(start.territories)
                ]
    return conform(TABLES["outcomes"], pl.DataFrame(rows))


def outcome_paths(runs: Runs) -> pl.DataFrame:
    """Summarise each outcome of the region month by month, over futures.

    Args:
        runs: as `outcomes` takes them.

    Returns:
        The table `outcome_paths`: mean and 90 % interval by `portfolio, outcome, step` (month,
        from 0).
    """
    rows = []
    for portfolio, seen in runs.items():
        for outcome, values in seen.items():
            region = _region(outcome, values)
            low, high = np.quantile(region, [0.05, 0.95], axis=0)
            rows += [
                {
                    "portfolio": portfolio,
                    "outcome": outcome,
                    "unit": OUTCOMES[outcome][0].replace(" in 3 years", " a month"),
                    "step": step,
                    "mean": float(region[:, step].mean()),
                    "low": float(low[step]),
                    "high": float(high[step]),
                    "source": SOURCE,
                }
                for step in range(region.shape[1])
            ]
    return conform(TABLES["outcome_paths"], pl.DataFrame(rows))


def comparisons(runs: Runs) -> pl.DataFrame:
    """Compare portfolios with the status quo and with each other, future by future.

    Both portfolios of a pair have the same parameters and the same chance in each future (common
    random numbers), so that what remains is the difference that the portfolio makes.

    Args:
        runs: as `outcomes` takes them; the status quo is among them.

    Returns:
        The table `comparisons`: the difference (first less second) as mean and 90 % interval, and
        `p_better`, the share of futures in which the first has less; a tie counts as half. Beside
        it stand the least that other priors make of it, and the density ratio at which the order
        flips (`flip_ratio`).
    """
    rows = []
    others = [name for name in runs if name != STATUS_QUO]
    pairs = [(name, STATUS_QUO) for name in others]
    pairs += [(b, a) for i, a in enumerate(others) for b in others[i + 1 :]]
    for portfolio, against in pairs:
        for outcome in OUTCOMES:
            one, other = (_total(outcome, runs[name][outcome]) for name in (portfolio, against))
            difference = one - other
            better = (difference < 0).mean() + 0.5 * (difference == 0).mean()
            rows.append(
                _row(portfolio, outcome, "region", difference)
                | {"against": against, "p_better": float(better)}
                | {f"p_better_{r:.0f}": least_favourable(float(better), r) for r in RATIOS}
                | {"flips_at": flip_ratio(float(better))}
            )
    whole = {"flips_at": pl.Float64}
    frame = pl.DataFrame(rows, schema_overrides=whole).drop("territory", "median")
    return conform(TABLES["comparisons"], frame)


def least_favourable(share: float, ratio: float) -> float:
    """Find the least probability that other priors can give to what a share of futures has.

    Other priors are all those whose density is at most `ratio` times the stated one's, and at
    least its `ratio`-th part, at each set of parameters (the density-ratio class of robust
    Bayesian analysis; Berger 1994, An overview of robust Bayesian analysis, TEST 3(1)). Each
    future has parameters of its own, so the worst of these priors lies on the futures themselves:
    what has it gets the least weight, and what has not the most, as far as weights add up to one.
    Chance within a future is counted as if it were judgement, so the answer errs to the safe side.

    Args:
        share: the share of futures, from 0 to 1.
        ratio: the density ratio, at least 1.

    Returns:
        A probability, at most `share`.

    >>> round(least_favourable(0.9, 2), 2), round(least_favourable(0.9, 4), 2)
    (0.8, 0.6)
    >>> least_favourable(0.5, 2)
    0.25
    """
    return max(share / ratio, 1.0 - ratio * (1.0 - share))


def flip_ratio(share: float) -> float | None:
    """Find the density ratio at which the worst priors no longer prefer what a share prefers.

    Args:
        share: the share of futures in which the first of two portfolios is better.

    Returns:
        The ratio at which its probability falls to a half; for a share under a half, at which that
        of the other does; None where no ratio does, since the share is 0 or 1.

    >>> flip_ratio(0.9), flip_ratio(0.5), flip_ratio(1.0) is None
    (5.0, 1.0, True)
    """
    more = max(share, 1.0 - share)
    return None if more >= 1.0 else round(max(2.0 * more, 0.5 / (1.0 - more)), 6)


def portfolio_levers(
    portfolios: Mapping[str, Mapping[str, float]], costs: Mapping[str, float] | None = None
) -> pl.DataFrame:
    """List the levers of each portfolio.

    Args:
        portfolios: name to effort, from 0 to 1, by lever.
        costs: what full effort on a lever costs a year; one unit for all others.

    Returns:
        The table `portfolio_levers`: effort of each lever, and its cost in cost units a year.
    """
    rows = [
        {
            "portfolio": portfolio,
            "lever": lever,
            "effort": effort,
            "cost": cost({lever: effort * (costs or {}).get(lever, 1.0)}),
            "source": SOURCE,
        }
        for portfolio, efforts in portfolios.items()
        for lever, effort in efforts.items()
    ]
    return conform(TABLES["portfolio_levers"], pl.DataFrame(rows))


def _region(outcome: str, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    wide = values.astype(np.float64)
    if wide.ndim == 2:
        return wide
    return np.asarray(wide.sum(-1) if OUTCOMES[outcome][1] == "sum" else wide.mean(-1))


def _over_time(outcome: str, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    wide = values.astype(np.float64)
    how = OUTCOMES[outcome][1]
    if how == "last":
        return np.asarray(wide[:, -1])
    return np.asarray(wide.sum(1) if how == "sum" else wide.mean(1))


def _total(outcome: str, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    return _over_time(outcome, _region(outcome, values))


def _row(
    portfolio: str, outcome: str, territory: str, values: npt.NDArray[np.float64]
) -> dict[str, Any]:
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
    return {
        "portfolio": portfolio,
        "outcome": outcome,
        "unit": OUTCOMES[outcome][0],
        "territory": territory,
        "n_futures": len(values),
        "mean": float(values.mean()),
        "low": float(low),
        "median": float(median),
        "high": float(high),
        "source": SOURCE,
    }
