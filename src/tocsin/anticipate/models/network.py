"""Small networks, bagged: from what is known of a unit and month to a distribution of deaths.

One hidden layer of sixteen gives the parameters of `mixture` and how far to trust it beside the
unit's own past at several speeds (`fading`; a mixture of experts: Jacobs et al. 1991, Neural
Computation 3): after a sudden peace the last months speak, in a long war the years. It is fitted
to the ranked probability score on the log scale with strong weight decay (AdamW: Loshchilov and
Hutter 2019). Each network sees the units with random weights (Bayesian bootstrap over units: Rubin
1981), since months of one war are not independent; their distributions are averaged.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.anticipate.data.features import features
from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.data.training import (
    ENOUGH,
    FIRST,
    Places,
    draw_examples,
    long_quiet,
    thin_quiet,
)
from tocsin.anticipate.models.baselines import DEFAULT_SEED, negative_binomial, stream_of
from tocsin.anticipate.models.fading import LIVES, own_past
from tocsin.anticipate.models.learner import THRESHOLDS, TrainingSet, train
from tocsin.anticipate.models.mixture import GRID, OUTPUTS, cumulative, quantiles
from tocsin.base import cache
from tocsin.base.compiled import jax_for

NETWORKS, STEPS = 8, 3000
FADE = 120.0
"""Months after which a month of the past teaches half as much."""
QUIET = 0.2
"""Share of months without any violence in ten years that are kept, at 1/0.2 the weight."""
SHARE = 3.5
"""Every unit and month teaches with so many of the horizons, on average, and at most a quarter."""
LEAST_HORIZONS = 14
"""Fewer are fitted as part of so many: one fit serves all that ask for up to 14 months."""
FAR = 5.0
"""Standard deviations beyond which a feature is cut off: no step into the unknown."""
NAMES = ("first", "bias", "second", "offset")
"""Both layers' weights, as they are kept."""
ROWS = 1024
"""Rows that the compiled mean of the networks takes at once: one program for any number."""


@dataclass(frozen=True)
class Fitted:
    """This holds the networks' weights, stacked, and how the inputs were standardised.

    `centre` and `spread` are the mean and the standard deviation of each feature, shape (F,).
    """

    weights: Any
    centre: Matrix
    spread: Matrix


def network(history: Panel, horizon: int, draws: int, *, seed: int = DEFAULT_SEED) -> Matrix:
    """Sorted draws of shape (N, H, S), as each model of `baselines` gives.

    The forecast is the mean distribution of several small networks. Where they have too little to
    learn from, the negative binomial stands in for them.

    Args:
        history: the counts that are known, N units.
        horizon: how many months after the last known one are forecast, H.
        draws: how many draws each unit and month has, S.
        seed: start of all random numbers; the same seed gives the same bits on one machine.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S).

    Raises:
        MissingExtra: JAX or optax, of the extra `anticipate`, is not installed.
    """
    fitted = fit(history, horizon, seed=seed)
    if fitted is None:
        return negative_binomial(history, horizon, draws)
    last = history.deaths.shape[1] - 1
    known, scale = features(history, since=last)
    n = len(history.gwnos)
    unit, horizons = np.repeat(np.arange(n), horizon), np.tile(np.arange(1, horizon + 1), n)
    now = _inputs(known, unit, np.full(len(unit), -1), horizons)
    past = own_past(history.deaths, GRID, since=last)[:, 0]
    below = _average(fitted, now, np.log1p(scale[unit, -1]), past[unit])
    return quantiles(below, draws).reshape(n, horizon, draws)


def fit(history: Panel, horizon: int, *, seed: int = DEFAULT_SEED) -> Fitted | None:
    """Fit the networks to all that was known at the last October.

    October is when the year's forecasts are made (`backtest`). Between Octobers the inputs are new
    each month and the weights stay, so that past origins can be replayed at little cost.

    Args:
        history: the counts that are known.
        horizon: the longest horizon in months.
        seed: start of all random numbers; the same seed gives the same bits on one machine.

    Returns:
        The fitted networks, or None if there is too little to learn from.

    Raises:
        MissingExtra: JAX or optax, of the extra `anticipate`, is not installed.
    """
    jax_for("anticipate")
    teacher = history.taught_by or history
    october = max((month for month in teacher.months if month.month == 10), default=None)
    past = teacher.upto(october) if october else teacher
    horizon = max(horizon, LEAST_HORIZONS)
    return _fit_once(past.deaths.tobytes(), past.territories, past.months, horizon, seed)


@lru_cache(maxsize=16)  # the track record's Octobers, used again by the replay of alerts
def _fit_once(
    deaths: bytes,
    territories: tuple[str, ...],
    months: tuple[date, ...],
    horizon: int,
    seed: int,
) -> Fitted | None:
    counts = np.frombuffer(deaths).reshape(len(territories), len(months))
    history = Panel(tuple(range(1, len(territories) + 1)), territories, months, "", counts)
    known, scale = features(history)
    stream = stream_of(seed)
    found = _sample(history, horizon, np.random.default_rng(stream))
    if found is None:
        return None
    unit, month, horizons, weight = found
    inputs = _inputs(known, unit, month, horizons)
    centre, spread = inputs.mean(0), inputs.std(0) + 1e-6
    taught = TrainingSet(
        inputs=_standardise(inputs, centre, spread),
        level=np.log1p(scale[unit, month]),
        past=own_past(counts, THRESHOLDS)[unit, month],
        outcome=counts[unit, month + horizons],
        weight=weight * 0.5 ** ((counts.shape[1] - 1 - month) / FADE),
        unit=unit,
    )
    return Fitted(_weights(taught, stream), centre, spread)


def fit_size() -> list[int]:
    """Say how many networks are fitted, and in how many steps; cached fits depend on both."""
    return [NETWORKS, STEPS]


def _weights(taught: TrainingSet, stream: int) -> Any:
    """The networks fitted to these cases now, or kept from a fit to the same ones."""
    digest = hashlib.sha256()
    for name, values in sorted(vars(taught).items()):
        digest.update(f"{name} {values.shape}".encode() + np.ascontiguousarray(values).tobytes())
    code = cache.code(Path(__file__).parent)
    key = {"cases": digest.hexdigest(), "stream": stream, "size": fit_size(), "code": code}

    def compute() -> dict[str, np.ndarray]:
        weights = train(taught, networks=NETWORKS, steps=STEPS, stream=stream)
        return dict(zip(NAMES, (leaf for layer in weights for leaf in layer), strict=True))

    held = cache.remembered("fits", key, compute)
    first, bias, second, offset = (held[name] for name in NAMES)
    return (first, bias), (second, offset)


def _sample(
    history: Panel, horizon: int, random: np.random.Generator
) -> tuple[Places, Places, Places, Matrix] | None:
    """Unit, month, horizon and weight of each training example; None: there are too few."""
    deaths = history.deaths
    share = min(0.25, SHARE / horizon)
    unit, month, horizons = draw_examples(
        deaths, range(1, horizon + 1), random, first=FIRST, share=share
    )
    keep, weight = thin_quiet(long_quiet(deaths)[unit, month], QUIET, random)
    if keep.sum() < ENOUGH:
        return None
    return unit[keep], month[keep], horizons[keep], weight


def _inputs(known: Matrix, unit: Places, month: Places, horizons: Places) -> Matrix:
    return np.column_stack([known[unit, month], horizons / 12.0, np.log(horizons)])


def _standardise(inputs: Matrix, centre: Matrix, spread: Matrix) -> Matrix:
    return np.clip((inputs - centre) / spread, -FAR, FAR)


def distribution(weights: Any, inputs: Any, level: Any, past: Any, counts: Any) -> Any:
    """Compute P(Y ≤ v) by one network, in which the curves and the own past are mixed.

    Args:
        weights: the weights of one network, as `learner.start` gives them.
        inputs: standardised features, shape (n, F).
        level: log(1 + recent deaths), shape (n,).
        past: P(Y ≤ v) by own past at each speed, shape (n, lives, V).
        counts: whole counts v, shape (V,).

    Returns:
        Probabilities of shape (n, V).
    """
    jax = jax_for("anticipate")
    (first, bias), (second, offset) = weights
    outputs = jax.nn.gelu(inputs @ first + bias) @ second + offset
    curves = cumulative(outputs[:, :OUTPUTS], level, counts)
    share = jax.nn.softmax(outputs[:, OUTPUTS:])
    own = sum(share[:, 1 + k, None] * past[:, k] for k in range(len(LIVES)))
    return share[:, :1] * curves + own


@lru_cache(maxsize=1)
def _mean() -> Any:
    """The compiled mean of the networks' distributions on `GRID`, for `ROWS` rows."""
    jax = jax_for("anticipate")

    def mean(weights: Any, inputs: Any, level: Any, past: Any) -> Any:
        each = jax.vmap(lambda one: distribution(one, inputs, level, past, GRID))(weights)
        return each.mean(0)

    return jax.jit(mean)


def _average(fitted: Fitted, now: Matrix, level: Matrix, past: Matrix) -> Matrix:
    inputs = _standardise(now, fitted.centre, fitted.spread)
    given = [np.asarray(a, np.float32) for a in (inputs, level, past)]
    found = []
    for at in range(0, len(now), ROWS):
        block = [a[at : at + ROWS] for a in given]
        short = ROWS - len(block[0])
        padded = [np.pad(a, [(0, short)] + [(0, 0)] * (a.ndim - 1)) for a in block]
        found.append(np.asarray(_mean()(fitted.weights, *padded), np.float64)[: ROWS - short])
    return np.concatenate(found)
