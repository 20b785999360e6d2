"""The forecaster: a linear pool of the networks and of own history with fading weights.

Two models that err in different ways are seldom both wrong (Stone 1961, The opinion pool,
Annals of Mathematical Statistics 32). The networks know what came after months like this one
in all countries; own history knows this war. What each part adds: docs/methods/forecasts.md.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.models.baselines import DEFAULT_SEED, zero_inflated
from tocsin.anticipate.models.empirical import quantile_levels
from tocsin.anticipate.models.mixture import quantiles
from tocsin.anticipate.models.network import distributions
from tocsin.anticipate.models.recency import recency
from tocsin.anticipate.models.record.quiet import quiet_units

OWN = 1 / 3
"""Share of own history's draws. Chosen on the windows 2010 to 2017, from 0 to 2/3."""
QUIET, LOG_MEAN, LOG_SPREAD = 0.88, 3.4, 1.7
"""Any country and month: chance of no death, and log(1+deaths) where there are some. UCDP GED,
state-based, 1990 to 2017."""


def pool(history: Panel, horizon: int, draws: int, *, seed: int = DEFAULT_SEED) -> Matrix:
    """Sorted draws of shape (N, H, S), as each model of `baselines` gives.

    A third of the draws (`OWN`) comes from the unit's own history, the others from the networks. A
    unit without a death in ten years has all of them from what is counted of such units.
    Where the networks have too little to learn from, the zero-inflated negative binomial takes
    their place, and beside it what is known of any country. This gets one part in one plus the
    number of known months, so that a short history is not taken for certain.

    Args:
        history: the counts that are known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: how many draws each unit and month has, S.
        seed: start of all random numbers; the same seed gives the same bits on one machine.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S).

    Raises:
        MissingExtra: JAX or optax, of the extra `anticipate`, is not installed.

    Source: Stone (1961), The opinion pool, Annals of Mathematical Statistics 32.
    """
    return mix(history, horizon, draws, seed=seed)


def mix(
    history: Panel, horizon: int, draws: int, *, share: float = OWN, seed: int = DEFAULT_SEED
) -> Matrix:
    """Put the draws of the networks and of own history together.

    Args:
        history: the counts that are known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: how many draws each unit and month has, S.
        share: the share of the draws that comes from own history, from 0 to 1.
        seed: start of the random numbers of the networks.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S).
    """
    below = distributions(history, horizon, seed=seed)
    if below is None:
        return np.repeat(_little(history, draws)[:, None, :], horizon, axis=1)
    own, quiet = round(draws * share), quiet_units(history.deaths)
    found = np.empty((*below.shape[:2], draws))
    found[quiet] = _counts(below[quiet], draws)
    mixed = [_counts(below[~quiet], draws - own), recency(history, horizon, own)[~quiet]]
    found[~quiet] = np.sort(np.concatenate(mixed, axis=-1), axis=-1)
    return found


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
        found[i] = np.concatenate([_thinned(world, borrowed), _thinned(own[i], draws - borrowed)])
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
    some = np.maximum(np.round(np.expm1(LOG_MEAN + LOG_SPREAD * norm.ppf(within))), 1.0)
    return np.where(at > QUIET, some, 0.0)


def _thinned(values: Matrix, size: int) -> Matrix:
    """So many of sorted values, evenly over their ranks."""
    return np.asarray(values[((np.arange(size) + 0.5) * len(values) / max(size, 1)).astype(int)])
