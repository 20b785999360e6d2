"""Three simple probabilistic forecasts of counts. Each gives draws from history alone.

They are what the 2023/24 VIEWS prediction challenge found hard to beat (Hegre et al. 2025,
The 2023/24 VIEWS Prediction challenge, Journal of Peace Research). Their constants were set
once, by reasoning, and not tuned on any window that is scored.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.models.empirical import draw_equally, quantile_levels
from tocsin.base.moved import old_parameters

Model = Callable[..., Matrix]
"""Takes history (N units), horizon H and draws S; gives sorted draws of shape (N, H, S).

A model that draws random numbers also takes a `seed` by name.
"""

DEFAULT_SEED = 20260101
"""The seed of a new workspace."""

HALF_LIFE = 6.0
"""Months after which a month of history counts half in the negative binomial's mean."""
ZERO_HALF_LIFE = 24.0
"""The same for the share of quiet months: peace and war last longer than levels do."""
DISPERSION = 0.3
"""Size of the negative binomial where history is too short to say: very overdispersed."""
PRIOR_MONTHS = 6.0
"""Weight of the prior on the size, in months."""
FLOOR = 0.002
"""Expected deaths a month where nothing was ever seen: onset is rare, not impossible."""


def predict(model: Model, history: Panel, horizon: int, draws: int, *, seed: int) -> Matrix:
    """Forecast by a model, with a seed if the model takes one.

    Args:
        model: the model (see `Model`).
        history: what is known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: draws a unit and month, S.
        seed: start of the random numbers of the model.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S).
    """
    if "seed" in inspect.signature(model).parameters:
        return model(history, horizon, draws, seed=seed)
    return model(history, horizon, draws)


def stream_of(seed: int) -> int:
    """Give the number with which a model starts its own random numbers.

    It is counted from the default seed, because models once started at 0 whatever the seed was.
    What was forecast under the default seed is therefore forecast again.

    Args:
        seed: the seed that the caller asked for.

    >>> stream_of(DEFAULT_SEED)
    0
    """
    return (seed - DEFAULT_SEED) % 2**32


@old_parameters(horizons="horizon")
def last_twelve(history: Panel, horizon: int, draws: int) -> Matrix:
    """Conflictology: each of the last twelve months is as likely as the others (Hegre et al. 2025).

    Args:
        history: what is known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: draws a unit and month, S.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S); the same for each month.

    Source: Hegre et al. (2025), The 2023/24 VIEWS Prediction challenge, Journal of Peace Research.
    """
    found = np.zeros((len(history.gwnos), draws))
    for i, row in enumerate(history.deaths[:, -12:]):
        found[i] = draw_equally(row, draws)
    return _each_month(found, horizon)


@old_parameters(horizons="horizon")
def negative_binomial(history: Panel, horizon: int, draws: int) -> Matrix:
    """A negative binomial whose mean and size are moments of a history in which older months fade.

    This function forecasts each unit from its own counts alone. The weight of a month halves each
    `HALF_LIFE` months.

    Args:
        history: what is known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: draws a unit and month, S.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S); the same for each month.
    """
    mean, size = _moments(history.deaths, HALF_LIFE)
    return _each_month(_quantiles(quantile_levels(draws)[None, :], mean, size), horizon)


@old_parameters(horizons="horizon")
def zero_inflated(history: Panel, horizon: int, draws: int) -> Matrix:
    """A zero-inflated negative binomial: quiet months have a probability of their own.

    This function forecasts each unit from its own counts alone. The probability of a quiet month
    and the distribution of the other months have weights that fade with age.

    Args:
        history: what is known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: draws a unit and month, S.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S); the same for each month.

    Source: Lambert (1992), Zero-inflated Poisson regression, Technometrics 34, for zero inflation.
    """
    deaths = history.deaths
    known = ~np.isnan(deaths)
    weight = _weights(deaths.shape[1], ZERO_HALF_LIFE) * known
    # Two months' worth of quiet before any is seen: a new unit is not taken to be at war.
    quiet = ((weight * (deaths == 0)).sum(1) + 2.0) / (weight.sum(1) + 2.02)
    mean, size = _moments(np.where(deaths > 0, deaths - 1, np.nan), HALF_LIFE * 2)
    within = np.clip(
        (quantile_levels(draws)[None, :] - quiet[:, None]) / (1 - quiet[:, None]), 0.0, None
    )
    positive = 1 + _quantiles(np.where(within > 0, within, 0.5), mean, size)
    return _each_month(np.where(within > 0, positive, 0.0), horizon)


MODELS: dict[str, Model] = {
    "last twelve months": last_twelve,
    "negative binomial": negative_binomial,
    "zero-inflated": zero_inflated,
}


def _weights(width: int, half_life: float) -> Matrix:
    return np.asarray(0.5 ** (np.arange(width)[::-1] / half_life))


def _moments(deaths: Matrix, half_life: float) -> tuple[Matrix, Matrix]:
    """Mean and size (mean² / extra variance), the size drawn towards `DISPERSION`."""
    known = ~np.isnan(deaths)
    weight = _weights(deaths.shape[1], half_life) * known
    filled = np.where(known, deaths, 0.0)
    total = np.maximum(weight.sum(1), 1e-12)
    mean = (weight * filled).sum(1) / total
    variance = (weight * (filled - mean[:, None]) ** 2).sum(1) / total
    mean = np.maximum(mean, FLOOR)
    extra = np.maximum(variance - mean, 1e-9)
    size = np.clip(mean**2 / extra, 0.05, 20.0)
    trust = weight.sum(1) / (weight.sum(1) + PRIOR_MONTHS)
    return mean, np.exp(trust * np.log(size) + (1 - trust) * np.log(DISPERSION))


def _quantiles(levels: Matrix, mean: Matrix, size: Matrix) -> Matrix:
    from scipy.stats import nbinom

    found: npt.NDArray[np.float64] = nbinom.ppf(
        levels, size[:, None], (size / (size + mean))[:, None]
    )
    return found


def _each_month(quantiles: Matrix, horizon: int) -> Matrix:
    return np.repeat(quantiles[:, None, :], horizon, axis=1)
