"""The forecaster: a pool of the networks and of own history with fading weights, recalibrated.

Two models that err in different ways are seldom both wrong (Stone 1961, The opinion pool,
Annals of Mathematical Statistics 32). The networks know what came after months like this one
in all countries; own history knows this war. But a mixture of two distributions, each as wide as
it should be, is too wide (Gneiting and Ranjan 2013, Combining predictive distributions, Electronic
Journal of Statistics 7); as there, a beta distribution of its probabilities draws it together, the
more the greater the war. Small chances of any death are raised to what the record bears out. The
month of the year, which neither part knows, lifts or lowers the whole. What each part adds:
docs/methods/forecasts.md.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, ndtri

from tocsin.anticipate.data.features import recent
from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.data.seasons import seasons_ahead
from tocsin.anticipate.models.baselines import DEFAULT_SEED, zero_inflated
from tocsin.anticipate.models.empirical import quantile_levels
from tocsin.anticipate.models.fading import latest_past, measure_towering
from tocsin.anticipate.models.mixture import GRID, multiply_counts, quantiles
from tocsin.anticipate.models.network import distributions, fit
from tocsin.anticipate.models.record.quiet import quiet_units
from tocsin.base.moved import old_parameters

OWN = 0.6
"""Share of own history. This and the constants up to `LEVELS` were chosen on origins before 2018
(docs/decisions/0114, 0119, 0129 and 0192). Pairs are for small and for great wars."""
SEASON, HALVED = 3, 2.0
"""Where one of the last `SEASON` months towers over its year (`measure_towering`), the networks'
share is divided by how far it towers, at most by `HALVED`: they have seen few such months."""
HALF_LIVES = (4.0, 3.0)
"""Months in which the weight of a month of own history halves."""
BLURS = (0.9, 0.55)
"""Standard deviation of the dressing of own months on the scale of log(1+deaths)."""
SMALL, GREAT = (1.0, 1.05), (1.1, 1.2)
"""The two parameters of the beta distribution for small and for great wars; 1 and 1 change nothing.
The second, above the first, takes from the upper tail."""
RARE, ROOT, FEW = 0.12, 0.6, 0.5
"""A chance p of any death that is less than `RARE` becomes RARE (p / RARE) ^ ROOT, and of what is
added a share of (1 + v) ^ -FEW has more than v deaths. Before, deaths came in 1.7, 4.7 and 6.8 % of
the country-months for which 0.4, 1.4 and 3.3 % had been said."""
SEASONAL = 0.7
"""So much of how far a month of the year lies above or below the months just past is believed."""
LEVELS = (10.0, 100.0)
"""Deaths a month of small and of great wars; between them, by the logarithm."""
QUIET, LOG_MEAN, LOG_SPREAD = 0.88, 3.4, 1.7
"""Any country and month: chance of no death, and log(1+deaths) where there are some. UCDP GED,
state-based, 1990 to 2017."""


@old_parameters(horizons="horizon")
def pool(history: Panel, horizon: int, draws: int, *, seed: int = DEFAULT_SEED) -> Matrix:
    """Sorted draws of shape (N, H, S), as each model of `baselines` gives.

    Six tenths of the pool (`OWN`) are the unit's own history, and the rest the networks, which have
    less where a month has just towered over its year (`measure_towering`). The whole is
    recalibrated, as are small chances of any death, and follows the season (`seasons_ahead`). A
    unit without a death in ten years has what is counted of such units instead. Where the networks
    have too little to learn from, the zero-inflated negative binomial takes their place, and beside
    it what is known of any country. This gets one part in one plus the number of known months, so
    that a short history is not taken for certain.

    Args:
        history: the counts that are known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: how many draws each unit and month has, S.
        seed: start of all random numbers; the same seed gives the same bits on one machine.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S).

    Raises:
        MissingExtra: JAX or optax, of the extra `anticipate`, is not installed.

    Source: Stone (1961), The opinion pool, Annals of Mathematical Statistics 32; Gneiting and
    Ranjan (2013), Combining predictive distributions, Electronic Journal of Statistics 7.
    """
    return mix(history, horizon, draws, seed=seed)


def stand_in_notes(history: Panel, horizon: int, *, seed: int = DEFAULT_SEED) -> list[str]:
    """Say what stands in for the networks where they have too little to learn from.

    Args:
        history: the counts that are known, as `pool` was given them.
        horizon: how many months are forecast.
        seed: the seed of that forecast.

    Returns:
        One sentence, or an empty list where networks are fitted.
    """
    if fit(history, horizon, seed=seed) is not None:
        return []
    return [
        "There are too few months with deaths to fit networks to. In place of them stands a zero-"
        "inflated negative binomial of each unit's own counts, which says the same of each month "
        "ahead and knows no season; a small share is what is known of any country."
    ]


@old_parameters(horizons="horizon")
def mix(
    history: Panel, horizon: int, draws: int, *, share: float = OWN, seed: int = DEFAULT_SEED
) -> Matrix:
    """Put the distributions of the networks and of own history together, and recalibrate them.

    Args:
        history: the counts that are known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: how many draws each unit and month has, S.
        share: the share of own history in the pool, from 0 to 1, where no month towers.
        seed: start of the random numbers of the networks.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S).
    """
    below = distributions(history, horizon, seed=seed)
    if below is None:
        return np.repeat(_little(history, draws)[:, None, :], horizon, axis=1)
    loud = ~quiet_units(history.deaths)
    deaths = history.deaths[loud]
    level = war_level(deaths)
    over, _ = measure_towering(deaths)
    learnt = ((1 - share) / np.minimum(over[:, -SEASON:].max(axis=1), HALVED))[:, None, None]
    pooled = learnt * below[loud] + (1 - learnt) * _own_history(deaths, level)
    pooled = raise_rare(recalibrate(pooled, level))
    season = seasons_ahead(deaths, history.months[-1].month, horizon, life=HALF_LIVES[0])
    pooled = multiply_counts(pooled, SEASONAL * season)
    fitted = fit(history, horizon, seed=seed)
    if fitted is not None and loud.any():  # What `distributions` fitted, not fitted again.
        pooled = np.maximum(pooled, 1 - fitted.record.above(deaths)[:, None])
    below[loud] = pooled
    return _counts(below, draws)


def _own_history(deaths: Matrix, level: Matrix) -> Matrix:
    """P(Y ≤ v) by own months, shape (n, 1, V): that of small wars, of great ones, or between."""
    small, great = (
        latest_past(deaths, GRID, lives=np.array([life]), blur=blur, lowered=True)
        for life, blur in zip(HALF_LIVES, BLURS, strict=True)
    )
    return small + (great - small) * _greatness(level)[:, None, None]


def war_level(deaths: Matrix) -> Matrix:
    """Compute how great a war is at its last month: of the recent and the yearly level the middle.

    Args:
        deaths: deaths a month, shape (N, T), NaN where unknown.

    Returns:
        Deaths a month, shape (N,): the geometric mean of one plus the mean that halves in 3 months,
        and one plus the mean that halves in 12, less one.
    """
    season, year = (recent(deaths, life)[:, -1] for life in (3, 12))
    return np.asarray(np.sqrt((1 + season) * (1 + year)) - 1)


def recalibrate(below: Matrix, level: Matrix) -> Matrix:
    """Draw distributions together by a beta distribution of their probabilities.

    Args:
        below: P(Y ≤ v) of N units, shape (N, H, V).
        level: how great each war is (`war_level`), shape (N,).

    Returns:
        P(Y ≤ v) of the same shape, which does not fall along the counts where the given one does
        not.

    Source: Gneiting and Ranjan (2013), Combining predictive distributions, Electronic Journal of
    Statistics 7. There the parameters are the same for all cases.
    """
    great = _greatness(level)
    a, b = (np.asarray(s + (g - s) * great) for s, g in zip(SMALL, GREAT, strict=True))
    return np.asarray(betainc(a[:, None, None], b[:, None, None], np.clip(below, 0.0, 1.0)))


def _greatness(level: Matrix) -> Matrix:
    """How far each war is from a small one (0) to a great one (1), by `LEVELS`."""
    low, high = np.log(LEVELS)
    return np.asarray(
        np.clip((np.log(np.maximum(level, LEVELS[0])) - low) / (high - low), 0.0, 1.0)
    )


def raise_rare(below: Matrix) -> Matrix:
    """Raise small chances of any death to how often deaths came where they had been given.

    Args:
        below: P(Y ≤ v) for v in `GRID`, shape (..., V).

    Returns:
        P(Y ≤ v) of the same shape. Where a death has a chance of `RARE` or more, nothing changes.
    """
    some = 1 - below[..., :1]
    more = np.where(some < RARE, RARE * (np.maximum(some, 0.0) / RARE) ** ROOT - some, 0.0)
    return np.asarray(np.clip(below - more * (1 + GRID) ** -FEW, 0.0, 1.0))


def _counts(below: Matrix, draws: int) -> Matrix:
    """Sorted counts of distributions on `GRID`, shape (n, H, S); equal ones are computed once."""
    each, place = np.unique(below.reshape(-1, below.shape[-1]), axis=0, return_inverse=True)
    return quantiles(each, draws)[place.ravel()].reshape(*below.shape[:2], draws)


def _little(history: Panel, draws: int) -> Matrix:
    own = zero_inflated(history, 1, draws)[:, 0]
    world = any_country(draws)
    known = (~np.isnan(history.deaths)).sum(1)
    found = np.empty_like(own)
    for i, months in enumerate(known):
        borrowed = round(draws / (1 + int(months)))
        found[i] = np.concatenate([_thin(world, borrowed), _thin(own[i], draws - borrowed)])
    return np.sort(found, axis=-1)


def any_country(draws: int) -> Matrix:
    """Give the draws of a country and month of which nothing is known.

    Args:
        draws: how many draws there are, S.

    Returns:
        Sorted draws, in deaths a month, of shape (S,).
    """
    at = quantile_levels(draws)
    within = np.clip((at - QUIET) / (1 - QUIET), 1e-6, None)
    some = np.maximum(np.round(np.expm1(LOG_MEAN + LOG_SPREAD * ndtri(within))), 1.0)
    return np.where(at > QUIET, some, 0.0)


def _thin(values: Matrix, size: int) -> Matrix:
    """So many of sorted values, evenly over their ranks."""
    return np.asarray(values[((np.arange(size) + 0.5) * len(values) / max(size, 1)).astype(int)])
