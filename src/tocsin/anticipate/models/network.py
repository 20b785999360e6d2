"""Small networks, bagged: from what is known of a unit and month to a distribution of deaths.

One hidden layer of sixteen gives the parameters of `mixture` and how far to trust it beside the
unit's own past at several speeds (`fading`; a mixture of experts: Jacobs et al. 1991, Neural
Computation 3): after a sudden peace the last months speak, in a long war the years. It is fitted
to the ranked probability score on the log scale with strong weight decay (AdamW: Loshchilov and
Hutter 2019). Each network sees the units with random weights (Bayesian bootstrap over units: Rubin
1981), since months of one war are not independent; their distributions are averaged.

The networks are for units with a death in ten years. What comes to the others is counted, and no
tail is thicker than what came after comparable months bears out (`record`). Units are taught and
asked in an order that their counts decide. So neither the order of a file, nor how units are
called (beyond which states border each other), nor one quiet unit more changes a bit of what is
forecast for the others.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import softmax

from tocsin.anticipate.data.features import borders, features_around, own_features
from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.data.training import (
    FIRST,
    Places,
    draw_examples,
    long_quiet,
)
from tocsin.anticipate.models.baselines import DEFAULT_SEED, negative_binomial, stream_of
from tocsin.anticipate.models.fading import own_past
from tocsin.anticipate.models.learner import THRESHOLDS, TrainingSet, train
from tocsin.anticipate.models.mixture import GRID, OUTPUTS, cumulative, quantiles
from tocsin.anticipate.models.record.quiet import QuietRecord, learn_quiet, quiet_units
from tocsin.anticipate.models.record.tail import Record, past_outcomes
from tocsin.base import cache
from tocsin.base.moved import old_parameters

NETWORKS, STEPS = 8, 1500
FADE = 120.0
"""Months after which a month of the past teaches half as much."""
SHARE = 3.5
"""Every unit and month teaches with so many of the horizons, on average, and at most a quarter."""
LEAST_HORIZONS = 14
"""Fewer are fitted as part of so many: one fit serves all that ask for up to 14 months."""
ENOUGH = 1000
"""With fewer examples no network is fitted; quiet months, which teach nothing, are none of them."""
FAR = 5.0
"""Standard deviations beyond which a feature is cut off: no step into the unknown."""
NAMES = ("first", "bias", "second", "offset")
"""Both layers' weights, as they are kept."""


@dataclass(frozen=True)
class Fitted:
    """This holds the networks' weights, stacked, how the inputs were standardised, and the record.

    `centre` and `spread` are the mean and the standard deviation of each feature, shape (F,);
    `record` is what followed past months, and `quiet` what followed quiet ones.
    """

    weights: Any
    centre: Matrix
    spread: Matrix
    record: Record
    quiet: QuietRecord


@old_parameters(horizons="horizon")
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
    below = distributions(history, horizon, seed=seed)
    if below is None:
        return negative_binomial(history, horizon, draws)
    return quantiles(below.reshape(-1, len(GRID)), draws).reshape(*below.shape[:2], draws)


def distributions(history: Panel, horizon: int, *, seed: int = DEFAULT_SEED) -> Matrix | None:
    """Compute P(Y ≤ v) of each unit and month, for the counts v of `mixture.GRID`.

    Args:
        history: the counts that are known, N units.
        horizon: how many months after the last known one are forecast, H.
        seed: start of all random numbers; the same seed gives the same bits on one machine.

    Returns:
        Probabilities of shape (N, H, V), or None if there is too little to learn from.

    Raises:
        MissingExtra: JAX or optax, of the extra `anticipate`, is not installed.
    """
    fitted = fit(history, horizon, seed=seed)
    if fitted is None:
        return None
    quiet = quiet_units(history.deaths)
    found = np.empty((len(quiet), horizon, len(GRID)))
    counted = fitted.quiet.below(horizon)
    before = np.nansum(history.deaths, axis=1) > 0
    found[quiet & ~before], found[quiet & before] = counted
    if not quiet.all():
        known, rows = _with_deaths(history)
        loud = ~quiet[rows]
        found[rows[loud]] = _probabilities(fitted, known, loud, horizon)
    return found


def _with_deaths(history: Panel) -> tuple[Panel, Places]:
    """The units that ever had a death, in the order of their counts, and which rows they are.

    The others change no sum over neighbours, and leaving them out keeps even the last bit of it.
    """
    ordered, rows = history.order_units()
    keep = np.flatnonzero(np.nansum(ordered.deaths, axis=1) > 0)
    names = tuple(ordered.territories[i] for i in keep)
    numbers = tuple(ordered.gwnos[i] for i in keep)
    return Panel(numbers, names, ordered.months, "", ordered.deaths[keep]), rows[keep]


def _probabilities(fitted: Fitted, history: Panel, those: np.ndarray, horizon: int) -> Matrix:
    """P(Y ≤ v) of n units by the networks, bounded by the record, shape (n, H, V)."""
    last = history.deaths.shape[1] - 1
    known, scale = (values[those] for values in _features_and_scale(history, since=last))
    deaths = history.deaths[those]
    n = len(deaths)
    unit, horizons = np.repeat(np.arange(n), horizon), np.tile(np.arange(1, horizon + 1), n)
    now = _inputs(known, unit, np.full(len(unit), -1), horizons)
    past = own_past(deaths, GRID, since=last)[:, 0]
    below = _average(fitted, now, np.log1p(scale[unit, -1]), past[unit]).reshape(n, horizon, -1)
    return np.maximum(below, 1 - fitted.record.above(deaths)[:, None])


@old_parameters(horizons="horizon")
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
        MissingExtra: no fit is kept, and JAX or optax, of the extra `anticipate`, is not installed.
    """
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
    every = np.frombuffer(deaths).reshape(len(territories), len(months))
    numbers = tuple(range(1, len(territories) + 1))
    history, _ = _with_deaths(Panel(numbers, territories, months, "", every))
    counts = history.deaths
    known, scale = _features_and_scale(history)
    stream = stream_of(seed)
    unit, month, horizons = _sample(counts, horizon, np.random.default_rng(stream))
    if len(unit) < ENOUGH:
        return None
    inputs = _inputs(known, unit, month, horizons)
    centre, spread = inputs.mean(0), inputs.std(0) + 1e-6
    taught = TrainingSet(
        inputs=_standardise(inputs, centre, spread),
        level=np.log1p(scale[unit, month]),
        past=own_past(counts, THRESHOLDS)[unit, month],
        outcome=counts[unit, month + horizons],
        weight=0.5 ** ((len(months) - 1 - month) / FADE),
        unit=unit,
    )
    record = past_outcomes(counts, horizon)
    return Fitted(_weights(taught, stream), centre, spread, record, learn_quiet(every, horizon))


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

    held = cache.remember("fits", key, compute)
    first, bias, second, offset = (held[name] for name in NAMES)
    return (first, bias), (second, offset)


def _sample(
    deaths: Matrix, horizon: int, random: np.random.Generator
) -> tuple[Places, Places, Places]:
    """Unit, month and horizon of each training example: of units not quiet for ten years."""
    share = min(0.25, SHARE / horizon)
    found = draw_examples(deaths, range(1, horizon + 1), random, first=FIRST, share=share)
    loud = ~long_quiet(deaths)[found[0], found[1]]
    return found[0][loud], found[1][loud], found[2][loud]


def _features_and_scale(history: Panel, *, since: int = 0) -> tuple[Matrix, Matrix]:
    """Features of a unit's own past and of its neighbours', and its scale (`own_features`)."""
    own, scale = own_features(history.deaths, since=since)
    around = features_around(history.deaths, borders(history), since=since)
    return np.concatenate([own, around], axis=-1), scale


def _inputs(known: Matrix, unit: Places, month: Places, horizons: Places) -> Matrix:
    return np.column_stack([known[unit, month], horizons / 12.0, np.log(horizons)])


def _standardise(inputs: Matrix, centre: Matrix, spread: Matrix) -> Matrix:
    return np.clip((inputs - centre) / spread, -FAR, FAR)


def distribution(weights: Any, inputs: Matrix, level: Matrix, past: Matrix) -> Matrix:
    """Compute P(Y ≤ v) by one network, in which the curves and the own past are mixed.

    Sums are made in a fixed order and on one thread: a product of matrices by several threads has
    another last bit on another number of processors.

    Args:
        weights: the weights of one network, as `learner.start` gives them.
        inputs: standardised features, shape (n, F).
        level: log(1 + recent deaths), shape (n,).
        past: P(Y ≤ v) by own past at each speed, for v in `GRID`, shape (n, lives, V).

    Returns:
        Probabilities of shape (n, V).
    """
    (first, bias), (second, offset) = weights
    hidden = _gelu(np.einsum("nf,fh->nh", inputs, first) + bias)
    outputs = np.einsum("nh,ho->no", hidden, second) + offset
    share = softmax(outputs[:, OUTPUTS:], axis=1)
    own = np.einsum("nk,nkv->nv", share[:, 1:], past)
    return np.asarray(share[:, :1] * cumulative(outputs[:, :OUTPUTS], level, GRID) + own)


def _gelu(values: Matrix) -> Matrix:
    """The smooth step of the hidden layer, by `tanh` as in `jax.nn.gelu`."""
    bent = np.sqrt(2 / np.pi) * (values + 0.044715 * values**3)
    return np.asarray(0.5 * values * (1 + np.tanh(bent)))


def _average(fitted: Fitted, now: Matrix, level: Matrix, past: Matrix) -> Matrix:
    """The mean of the networks' distributions, shape (n, V)."""
    inputs = _standardise(now, fitted.centre, fitted.spread)
    networks = [[np.asarray(part, np.float64) for part in layer] for layer in fitted.weights]
    total = np.zeros((len(now), len(GRID)))
    for k in range(len(networks[0][0])):
        one = [[part[k] for part in layer] for layer in networks]
        total += distribution(one, inputs, level, past)
    return total / len(networks[0][0])
