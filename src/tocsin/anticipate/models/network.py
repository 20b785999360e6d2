"""Small networks, bagged: from what is known of a unit and month to a distribution of deaths.

One hidden layer of sixteen gives the parameters of `mixture` and how far to trust it beside the
unit's own past at several speeds (`fading`; a mixture of experts: Jacobs et al. 1991, Neural
Computation 3): after a sudden peace the last months speak, in a long war the years. It is fitted
to the ranked probability score on the log scale with strong weight decay (AdamW: Loshchilov and
Hutter 2019). Each network sees the units with random weights (Bayesian bootstrap over units: Rubin
1981), since months of one war are not independent; their distributions are averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from tocsin.anticipate.data.features import features
from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.data.teaching import ENOUGH, FIRST, Places, cases, peaceful, thinned
from tocsin.anticipate.models.baselines import negative_binomial
from tocsin.anticipate.models.fading import LIVES, fading
from tocsin.anticipate.models.mixture import CURVES, GRID, OUTPUTS, cumulative, quantiles
from tocsin.errors import require

NETWORKS, HIDDEN, STEPS, BATCH = 8, 16, 3000, 512
RATE, DECAY, WARM = 5e-3, 0.1, 50
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
THRESHOLDS = np.array([0, 1, 3, 8, 20, 50, 120, 300, 750, 1900, 4800, 12_000, 40_000.0])
"""Counts at which the score is taken while fitting; few, since each costs time."""
LAST = 100_000.0
SEED = 0
ROOM = 16_384
"""Cases are padded to a multiple of this."""
SHARES = 1 + len(LIVES)
"""Numbers that say how far to trust the curves, and own past at each speed."""


@dataclass(frozen=True)
class Cases:
    """What to learn from: inputs (n, F) and, of shape (n,), the others."""

    inputs: Matrix
    level: Matrix
    outcome: Matrix
    weight: Matrix
    unit: Places
    month: Places


@dataclass(frozen=True)
class Fitted:
    """The networks' weights, stacked, and how inputs were standardised."""

    weights: Any
    centre: Matrix
    spread: Matrix


def network(history: Panel, horizons: int, draws: int) -> Matrix:
    """Sorted draws of shape (N, H, S), as each model of `baselines` gives.

    Raises:
        MissingExtra: JAX or optax, of the extra `anticipate`, is not installed.
    """
    fitted = fit(history, horizons)
    if fitted is None:
        return negative_binomial(history, horizons, draws)
    known, scale = features(history)
    n = len(history.gwnos)
    unit, ahead = np.repeat(np.arange(n), horizons), np.tile(np.arange(1, horizons + 1), n)
    now = _inputs(known, unit, np.full(len(unit), -1), ahead)
    past = fading(history.deaths, GRID, since=history.deaths.shape[1] - 1)[unit, 0]
    below = _average(fitted, now, np.log1p(scale[unit, -1]), past)
    return quantiles(below, draws).reshape(n, horizons, draws)


def fit(history: Panel, horizons: int) -> Fitted | None:
    """The networks as fitted on all that was known at the last October; None: too little.

    October is when the year's forecasts are made (`backtest`). Between Octobers the inputs are
    new each month and the weights stay, so that past origins can be replayed at little cost.
    """
    require("jax", extra="anticipate")
    teacher = history.taught_by or history
    october = max((month for month in teacher.months if month.month == 10), default=None)
    past = teacher.upto(october) if october else teacher
    return _fit_once(
        past.deaths.tobytes(), past.territories, past.months, max(horizons, LEAST_HORIZONS)
    )


@lru_cache(maxsize=16)  # the track record's Octobers, used again by the replay of alerts
def _fit_once(
    deaths: bytes, territories: tuple[str, ...], months: tuple[date, ...], horizons: int
) -> Fitted | None:
    counts = np.frombuffer(deaths).reshape(len(territories), len(months))
    history = Panel(tuple(range(1, len(territories) + 1)), territories, months, "", counts)
    known, scale = features(history)
    taught = _cases(history, known, scale, horizons)
    if taught is None:
        return None
    centre, spread = taught.inputs.mean(0), taught.inputs.std(0) + 1e-6
    past = fading(counts, THRESHOLDS)
    weights = _fit(_cut((taught.inputs - centre) / spread), taught, past)
    return Fitted(weights, centre, spread)


def _cases(history: Panel, known: Matrix, scale: Matrix, horizons: int) -> Cases | None:
    deaths = history.deaths
    random = np.random.default_rng(SEED)
    share = min(0.25, SHARE / horizons)
    unit, month, ahead = cases(deaths, range(1, horizons + 1), random, first=FIRST, share=share)
    keep, weight = thinned(peaceful(deaths)[unit, month], QUIET, random)
    if keep.sum() < ENOUGH:
        return None
    unit, month, ahead = unit[keep], month[keep], ahead[keep]
    weight = weight * 0.5 ** ((deaths.shape[1] - 1 - month) / FADE)
    return Cases(
        _inputs(known, unit, month, ahead),
        np.log1p(scale[unit, month]),
        deaths[unit, month + ahead],
        weight,
        unit,
        month,
    )


def _inputs(known: Matrix, unit: Places, month: Places, ahead: Places) -> Matrix:
    return np.column_stack([known[unit, month], ahead / 12.0, np.log(ahead)])


def _cut(standardised: Matrix) -> Matrix:
    return np.clip(standardised, -FAR, FAR)


def _below(weights: Any, inputs: Any, level: Any, past: Any, counts: Any) -> Any:
    """P(Y ≤ v), shape (n, V): the curves and own past (n, len(LIVES), V), mixed."""
    jax = require("jax", extra="anticipate")
    (first, bias), (second, offset) = weights
    outputs = jax.nn.gelu(inputs @ first + bias) @ second + offset
    curves = cumulative(outputs[:, :OUTPUTS], level, counts)
    share = jax.nn.softmax(outputs[:, OUTPUTS:])
    return share[:, :1] * curves + (share[:, 1:, None] * past).sum(1)


def _start(key: Any, width: int) -> Any:
    jax = require("jax", extra="anticipate")
    jnp = jax.numpy
    first, second = jax.random.split(key)
    size = OUTPUTS + SHARES
    apart = jnp.zeros(size).at[1 + CURVES : 1 + 2 * CURVES].set(jnp.linspace(-0.7, 0.7, CURVES))
    apart = apart.at[OUTPUTS].set(np.log(len(LIVES)))  # at first the curves have half of the trust
    return (
        (jax.random.normal(first, (width, HIDDEN)) / np.sqrt(width), jnp.zeros(HIDDEN)),
        (jax.random.normal(second, (HIDDEN, size)) * 0.01, apart),
    )


def _fit(inputs: Matrix, taught: Cases, past: Matrix) -> Any:
    """Weights of all networks, stacked along a first axis."""
    jax = require("jax", extra="anticipate")
    # Room to grow, so that one compiled program serves the windows of many years.
    size = -len(inputs) % ROOM
    room = [(0, -len(past) % 64), (0, -past.shape[1] % 120), (0, 0), (0, 0)]
    given = [
        np.pad(a.astype(np.float32), [(0, size)] + [(0, 0)] * (a.ndim - 1))
        for a in (inputs, taught.level, taught.outcome, taught.weight)
    ]
    given += [np.pad(a, (0, size)) for a in (taught.unit, taught.month)]
    keys = jax.random.split(jax.random.PRNGKey(SEED), NETWORKS)
    return _learner(STEPS)(keys, len(inputs), *given, np.pad(past, room))


@lru_cache(maxsize=4)
def _learner(steps: int) -> Any:
    """The compiled fit: keys, how many cases, what they hold, and own past."""
    jax, optax = require("jax", extra="anticipate"), require("optax", extra="anticipate")
    pace = optax.warmup_cosine_decay_schedule(0.0, RATE, WARM, steps)
    optimiser = optax.adamw(pace, b2=0.99, weight_decay=DECAY)
    at = np.asarray(THRESHOLDS, np.float32)
    cells = np.diff(np.log1p(np.append(THRESHOLDS, LAST))).astype(np.float32)

    def score(weights: Any, known: Any, outcome: Any, trust: Any) -> Any:
        inputs, level, past = known
        missed = (_below(weights, inputs, level, past, at) - (outcome[:, None] <= at)) ** 2
        return (trust * (missed * cells).sum(1)).sum() / trust.sum()

    def one(key: Any, size: Any, *given: Any) -> Any:
        x, level, outcome, weight, unit, month, past = given
        key, first, second = jax.random.split(key, 3)
        trust = weight * jax.random.exponential(second, past.shape[:1])[unit]
        start = _start(first, x.shape[1])

        def step(state: Any, drawn: Any) -> Any:
            weights, moments = state
            rows = jax.random.randint(drawn, (BATCH,), 0, size)
            known = x[rows], level[rows], past[unit[rows], month[rows]]
            slope = jax.grad(score)(weights, known, outcome[rows], trust[rows])
            change, moments = optimiser.update(slope, moments, weights)
            return (optax.apply_updates(weights, change), moments), None

        state = (start, optimiser.init(start))
        (weights, _), _ = jax.lax.scan(step, state, jax.random.split(key, steps))
        return weights

    return jax.jit(jax.vmap(one, in_axes=(0, *[None] * 8)))


def _average(fitted: Fitted, now: Matrix, level: Matrix, past: Matrix) -> Matrix:
    jax = require("jax", extra="anticipate")
    jnp = jax.numpy
    x = jnp.asarray(_cut((now - fitted.centre) / fitted.spread), jnp.float32)
    at, own = jnp.asarray(level, jnp.float32), jnp.asarray(past)
    each = jax.vmap(lambda weights: _below(weights, x, at, own, GRID))(fitted.weights)
    return np.asarray(each.mean(0), dtype=np.float64)
