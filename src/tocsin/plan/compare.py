"""Outcomes of portfolios in the same futures, and their differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.plan.portfolios import cost
from tocsin.plan.region.outcomes import OUTCOMES, REGIONAL, WATCHED
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

if TYPE_CHECKING:
    from tocsin.plan.region.runs import Played
    from tocsin.plan.region.start import Start

SOURCE = "regional model"
RATIOS = (2.0, 4.0)
"""The density ratios that are shown."""
NAMED = (0.1, 0.5, 0.9)
"""Futures that are shown whole: so large a share of all has fewer deaths under the status quo."""
MANY = 1_000
"""So many deaths in ten years are no rare incident, but a war."""
SURE = 0.95
"""Of a one-sided bound on what chance in the number of futures leaves open."""
Floats = npt.NDArray[np.float64]


class PortfolioRun(NamedTuple):
    """This is what came of one portfolio, by outcome."""

    totals: dict[str, Floats]
    """Over the whole run: (F, N), or (F,) for what is counted for the region only."""
    paths: dict[str, Floats]
    """Of the region by month, (F, M), with all that rules can watch; empty where none were kept."""
    quarters: npt.NDArray[np.float32] | None = None
    """What is summed up, by quarter and territory, of the first futures, (Q, S, N, F)."""


@dataclass(frozen=True)
class Drawn:
    """These are the parameters of each future.

    `values` has shape (Q, F), and `bases` says of each parameter what its prior rests on, such as
    'judgement'.
    """

    values: npt.NDArray[np.float32]
    bases: tuple[str, ...]

    @cached_property
    def judged(self) -> Floats:
        """These are axes of all that a linear fit to the parameters of judgement can say.

        They are orthonormal, shape (F, at most as many as there are such parameters). Every outcome
        is fitted to the same parameters, so the costly part of the fit is done once.
        """
        kept = np.array([basis == "judgement" for basis in self.bases])
        values = self.values[kept].T.astype(np.float64)
        axes, sizes, _ = np.linalg.svd(values - values.mean(0), full_matrices=False)
        least = np.finfo(np.float64).eps * max(values.shape) * sizes.max(initial=0.0)
        return np.asarray(axes[:, sizes > least])


def runs_by_name(played: Played, portfolios: Sequence[str]) -> dict[str, PortfolioRun]:
    """Give what was played by the names of portfolios and outcomes.

    Args:
        played: the arrays of all portfolios.
        portfolios: their names, in order.

    Returns:
        Portfolio to its run.
    """
    found = {}
    for place, portfolio in enumerate(portfolios):
        totals, paths = {}, {}
        for number, outcome in enumerate(WATCHED):
            values = played.totals[number, :, place].T.astype(np.float64)
            if outcome in OUTCOMES:
                totals[outcome] = values[:, 0] if outcome in REGIONAL else values
            if played.paths is not None:
                paths[outcome] = played.paths[:, number, place].T.astype(np.float64)
        each = None if played.quarters is None else played.quarters[:, :, :, place]
        found[portfolio] = PortfolioRun(totals, paths, each)
    return found


def outcomes(runs: Mapping[str, PortfolioRun], start: Start, drawn: Drawn) -> pl.DataFrame:
    """Summarise each outcome over futures, by portfolio, for each territory and the region.

    Args:
        runs: of each portfolio.
        start: the territories, in the order of the last axis.
        drawn: the parameters of the futures.

    Returns:
        The table `outcomes`, with mean, median and 90 % interval in the units of `OUTCOMES`, the
        chance of many deaths, and of the region the share of the variance that rests on judgement.
    """
    rows = []
    for portfolio, run in runs.items():
        for outcome, values in run.totals.items():
            parts = {"region": region_total(outcome, values)}
            if values.ndim == 2:
                parts |= dict(zip(start.territories, values.T, strict=True))
            for territory, part in parts.items():
                chance = float((part >= MANY).mean()) if outcome == "deaths" else None
                judged = judgement_share(part, drawn) if territory == "region" else None
                rows.append(
                    _row(portfolio, outcome, territory, part)
                    | {"p_1000": chance, "judgement": judged}
                )
    frame = pl.DataFrame(rows, schema_overrides={"p_1000": pl.Float64, "judgement": pl.Float64})
    return conform(TABLES["outcomes"], frame)


def outcome_paths(runs: Mapping[str, PortfolioRun]) -> pl.DataFrame:
    """Summarise each outcome of the region month by month, over futures.

    Args:
        runs: of each portfolio, with paths.

    Returns:
        The table `outcome_paths`: mean and 90 % interval by `portfolio, outcome, step` (month,
        from 0).
    """
    rows = []
    for portfolio, run in runs.items():
        for outcome in OUTCOMES:
            region = run.paths[outcome]
            low, high = np.quantile(region, [0.05, 0.95], axis=0)
            rows += [
                {
                    "portfolio": portfolio,
                    "outcome": outcome,
                    "unit": OUTCOMES[outcome].monthly,
                    "step": step,
                    "mean": float(region[:, step].mean()),
                    "low": float(low[step]),
                    "high": float(high[step]),
                    "source": SOURCE,
                }
                for step in range(region.shape[1])
            ]
    return conform(TABLES["outcome_paths"], pl.DataFrame(rows))


def future_paths(runs: Mapping[str, PortfolioRun], start: Start) -> pl.DataFrame:
    """Follow a few futures through quarters and territories, under each portfolio.

    Args:
        runs: of each portfolio; the status quo is among them. Those without quarters give none.
        start: the territories, in the order of their axis.

    Returns:
        The table `future_paths`: of the futures that are kept in quarters, those whose deaths under
        the status quo are exceeded in nine of ten, in half, and in one of ten of all futures.
    """
    kept = {name: run.quarters for name, run in runs.items() if run.quarters is not None}
    if STATUS_QUO not in kept:
        return empty(TABLES["future_paths"])
    deaths = region_total("deaths", runs[STATUS_QUO].totals["deaths"])
    shown = deaths[: kept[STATUS_QUO].shape[-1]]
    counted = [name for name, how in OUTCOMES.items() if how.how == "sum"]
    parts = []
    for share in NAMED:
        number = int(np.abs(shown - np.quantile(deaths, share)).argmin())
        for portfolio, quarters in kept.items():
            Q, _, N, _ = quarters.shape
            parts.append(
                pl.DataFrame(
                    {"quarter": np.repeat(np.arange(Q), N),
                     "territory": list(start.territories) * Q, "gwno": list(start.gwnos) * Q}
                    | {name: quarters[:, place, :, number].ravel().astype(np.float64)
                       for place, name in enumerate(counted)}
                ).with_columns(
                    portfolio=pl.lit(portfolio), future=number,
                    fewer=float((deaths < deaths[number]).mean()), source=pl.lit(SOURCE),
                )
            )  # fmt: skip
    return conform(TABLES["future_paths"], pl.concat(parts))


def comparisons(runs: Mapping[str, PortfolioRun], drawn: Drawn) -> pl.DataFrame:
    """Compare portfolios with the status quo and with each other, future by future.

    Both portfolios of a pair have the same parameters and the same chance in each future (common
    random numbers), so that what remains is the difference that the portfolio makes.

    Args:
        runs: of each portfolio; the status quo is among them.
        drawn: the parameters of the futures.

    Returns:
        The table `comparisons`: the difference (first less second) as mean and 90 % interval, and
        `p_better`, the share of futures in which the first has less; a tie counts as half. Beside
        it stand the bound that so few futures allow (`p_better_low`), the least that other priors
        make of that bound, the density ratio at which the order flips (`flip_ratio`), and the
        share of the difference's variance that rests on judgement.
    """
    rows = []
    others = [name for name in runs if name != STATUS_QUO]
    pairs = [(name, STATUS_QUO) for name in others]
    pairs += [(b, a) for i, a in enumerate(others) for b in others[i + 1 :]]
    for portfolio, against in pairs:
        for outcome in OUTCOMES:
            one, other = (
                region_total(outcome, runs[name].totals[outcome]) for name in (portfolio, against)
            )
            difference = one - other
            better = share_better(difference)
            least = lower_bound(better, len(difference))
            rows.append(
                _row(portfolio, outcome, "region", difference)
                | {"against": against, "p_better": better, "p_better_low": least}
                | {f"p_better_{r:.0f}": least_favourable(least, r) for r in RATIOS}
                | {"flips_at": flip_ratio(better, len(difference))}
                | {"judgement": judgement_share(difference, drawn)}
            )
    whole = {"flips_at": pl.Float64, "judgement": pl.Float64}
    frame = pl.DataFrame(rows, schema_overrides=whole).drop("territory")
    return conform(TABLES["comparisons"], frame)


def share_better(difference: Floats) -> float:
    """Return the share of futures in which a portfolio has less than another; ties count as half.

    Args:
        difference: to the other, of each future, shape (F,).

    >>> share_better(np.array([-1.0, 0.0, 2.0, 3.0]))
    0.375
    """
    return float((difference < 0).mean() + 0.5 * (difference == 0).mean())


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


def lower_bound(share: float, futures: int) -> float:
    """Give the least that a share of futures can be, seen in so many, with 95 % confidence.

    Futures are drawn, so a share in all of 1,000 of them excludes only 0.3 % of exceptions (the
    rule of three: Hanley and Lippman-Hand 1983, If nothing goes wrong, is everything all right?,
    JAMA 249(13)).

    Args:
        share: of the futures; ties may count as half.
        futures: how many were played.

    Returns:
        The one-sided bound of Clopper and Pearson (1934), The use of confidence or fiducial limits
        illustrated in the case of the binomial, Biometrika 26(4).

    >>> round(lower_bound(1.0, 1000), 4), round(lower_bound(0.5, 1000), 2), lower_bound(0.0, 10)
    (0.997, 0.47, 0.0)
    """
    from scipy.stats import beta

    seen = share * futures
    return 0.0 if seen <= 0 else float(beta.ppf(1 - SURE, seen, futures - seen + 1))


def flip_ratio(share: float, futures: int) -> float:
    """Find the density ratio at which the worst priors no longer prefer what a share prefers.

    Args:
        share: the share of futures in which the first of two portfolios is better.
        futures: how many were played; the bound that they allow is what is asked about.

    Returns:
        The ratio at which its probability falls to a half; for a share under a half, at which that
        of the other does; 1 where chance alone could have made the preference.

    >>> round(flip_ratio(0.9, 10**9), 2), flip_ratio(0.5, 100), round(flip_ratio(1.0, 1000))
    (5.0, 1.0, 167)
    """
    more = lower_bound(max(share, 1.0 - share), futures)
    return 1.0 if more <= 0.5 else round(max(2.0 * more, 0.5 / (1.0 - more)), 6)


def judgement_share(values: Floats, drawn: Drawn) -> float | None:
    """Find which share of the variance of an outcome or a difference rests on judgement.

    Args:
        values: of each future, shape (F,).
        drawn: the parameters of the futures.

    Returns:
        The share that a linear fit to the parameters of judgement explains, adjusted for their
        number (Ezekiel 1930, Methods of Correlation Analysis), from 0 to 1. What acts otherwise
        than linearly is left to chance, so it is a lower bound; `tocsin plan sensitivity` has the
        rest. None where nothing varies, or futures are too few to tell.
    """
    F, Q = len(values), drawn.bases.count("judgement")
    spread = values.var()
    if spread == 0 or F < 3 * Q:
        return None
    centred = values - values.mean()
    fitted = drawn.judged @ (centred @ drawn.judged)
    rest = (centred - fitted).var() / spread
    return float(np.clip(1 - rest * (F - 1) / (F - Q - 1), 0.0, 1.0))


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


def region_total(outcome: str, values: npt.NDArray[Any]) -> Floats:
    """One number a future for the whole region: counts are added up, levels are averaged."""
    wide = values.astype(np.float64)
    if wide.ndim == 1:
        return wide
    return np.asarray(wide.sum(-1) if OUTCOMES[outcome].how == "sum" else wide.mean(-1))


def _row(
    portfolio: str, outcome: str, territory: str, values: npt.NDArray[np.float64]
) -> dict[str, Any]:
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
    return {
        "portfolio": portfolio,
        "outcome": outcome,
        "unit": OUTCOMES[outcome].unit,
        "territory": territory,
        "n_futures": len(values),
        "mean": float(values.mean()),
        "low": float(low),
        "median": float(median),
        "high": float(high),
        "source": SOURCE,
    }
