"""The fit of the networks as one compiled program.

The score is closed form, and so is its slope. The slope is written out here, with the cases of a
batch along the last axis, because that is four times as fast as what automatic differentiation
and the compiler make of the score: the sums run over a few thresholds and speeds, along which
nothing can be done at once. A test compares it with `jax.grad` of the score.

All arrays are padded, so that the windows of a track record, which grow by twelve months each,
share one program; what is padded is never drawn. The networks are fitted in groups beside each
other, one group a thread. Each network has its own random numbers, so that neither padding nor
grouping changes what is learned.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from tocsin.anticipate.data.panel import Matrix
from tocsin.anticipate.data.training import Places
from tocsin.anticipate.models.fading import LIVES
from tocsin.anticipate.models.mixture import CURVES, HALF, NARROWEST, OUTPUTS
from tocsin.base.compiled import QUICKLY, jax_for
from tocsin.errors import require

HIDDEN, BATCH = 16, 512
RATE, DECAY, WARM = 5e-3, 0.1, 50
THRESHOLDS = np.array([0, 1, 3, 8, 20, 50, 120, 300, 750, 1900, 4800, 12_000, 40_000.0])
"""Counts at which the score is taken while fitting; few, since each costs time."""
LAST = 100_000.0
SHARES = 1 + len(LIVES)
"""Numbers that say how far to trust the curves, and own past at each speed."""
GROUP = 4
"""Networks that one program fits at once."""
LEAST_CASES, LEAST_UNITS = 16_384, 256
"""Cases and units are padded to the next power of two, from these on."""
ALIGNED = 128
"""Numbers a case takes in the table of cases; a multiple of a cache line is read fastest."""


@dataclass(frozen=True)
class TrainingSet:
    """This is what networks learn from, with a row for each case.

    Args:
        inputs: standardised features, shape (n, F).
        level: log(1 + recent deaths), shape (n,).
        past: P(Y ≤ v) by the unit's own past, at each of `LIVES` and `THRESHOLDS`, shape (n, lives,
            V).
        outcome: the deaths that came, shape (n,).
        weight: how much each case counts, shape (n,).
        unit: the unit of each case, from 0, shape (n,).
    """

    inputs: Matrix
    level: Matrix
    past: Matrix
    outcome: Matrix
    weight: Matrix
    unit: Places


def train(taught: TrainingSet, *, networks: int, steps: int, stream: int) -> Any:
    """Fit networks to minimise the ranked probability score on log(1 + deaths).

    Each network weighs units by exponential random numbers, a Bayesian bootstrap (Rubin 1981,
    Annals of Statistics 9), so that their spread says how sure the mean is.

    Args:
        taught: the n cases from which the networks learn.
        networks: how many networks are fitted.
        steps: how many steps the optimiser takes (AdamW; Loshchilov and Hutter 2019), with `BATCH`
            cases each.
        stream: the number of the random numbers; the same number gives the same networks.

    Returns:
        Weights as nested tuples of arrays, with the networks along the first axis.

    Raises:
        MissingExtra: JAX or optax, of the extra `anticipate`, is not installed.
    """
    jax = jax_for("anticipate")
    n, units = len(taught.inputs), int(taught.unit.max()) + 1
    room = _padded_size(n, LEAST_CASES)
    features = taught.inputs.shape[1]
    own = taught.past.reshape(n, -1)
    width = features + own.shape[1] + 2
    table = np.zeros((room, -(-width // ALIGNED) * ALIGNED), np.float32)
    table[:n, :features] = taught.inputs
    table[:n, features : width - 2] = own
    table[:n, width - 2] = taught.level
    table[:n, width - 1] = taught.outcome
    weight, unit = np.zeros(room, np.float32), np.zeros(room, np.int32)
    weight[:n], unit[:n] = taught.weight, taught.unit
    keys = np.asarray(jax.random.split(jax.random.PRNGKey(stream), networks))
    groups = [keys[i : i + GROUP] for i in range(0, networks, GROUP)]
    given = [jax.device_put(a) for a in (np.int32(n), table, weight, unit)]
    shape = (features, _padded_size(units, LEAST_UNITS), *table.shape)
    # Compiled here, before the threads begin, so that none compiles what another does.
    programs = [_fit_program(len(group), steps, shape) for group in groups]

    def fit(at: int) -> Any:
        return jax.tree.map(np.asarray, programs[at](groups[at], *given))

    with ThreadPoolExecutor(min(len(groups), os.cpu_count() or 1)) as pool:
        fitted = list(pool.map(fit, range(len(groups))))
    return jax.tree.map(lambda *parts: np.concatenate(parts), *fitted)


def _padded_size(size: int, least: int) -> int:
    return max(least, 1 << (size - 1).bit_length())


@lru_cache(maxsize=8)
def _fit_program(networks: int, steps: int, shape: tuple[int, int, int, int]) -> Any:
    """The program that fits so many networks: keys, number of cases, table, weights and units.

    Args:
        shape: features, units, cases and numbers a case, the last three padded.
    """
    jax = jax_for("anticipate")
    features, units, room, width = shape
    shapes = [((networks, 2), np.uint32), ((), np.int32), ((room, width), np.float32)]
    shapes += [((room,), np.float32), ((room,), np.int32)]
    given = [jax.ShapeDtypeStruct(shape, kind) for shape, kind in shapes]
    program = jax.jit(_program(steps, features, units), compiler_options=QUICKLY)
    return program.lower(*given).compile()


def _program(steps: int, features: int, units: int) -> Any:
    """The fit of a group of networks, for the compiler."""
    jax, optax = jax_for("anticipate"), require("optax", extra="anticipate")
    jnp = jax.numpy
    pace = optax.warmup_cosine_decay_schedule(0.0, RATE, WARM, steps)
    optimiser = optax.adamw(pace, b2=0.99, weight_decay=DECAY)
    lives, counts = len(LIVES), len(THRESHOLDS)
    end = features + lives * counts

    def begin(key: Any, size: Any, weight: Any, unit: Any) -> Any:
        key, first, second = jax.random.split(key, 3)
        trust = weight * jax.random.exponential(second, (units,))[unit]
        each = jax.random.split(key, steps)
        rows = jax.vmap(lambda drawn: jax.random.randint(drawn, (BATCH,), 0, size))(each)
        return start(first, features), trust, rows

    def fit(keys: Any, size: Any, table: Any, weight: Any, unit: Any) -> Any:
        weights, trust, rows = jax.vmap(begin, in_axes=(0, None, None, None))(
            keys, size, weight, unit
        )
        mine = jnp.arange(len(keys))[:, None]

        def step(state: Any, drawn: Any) -> Any:
            weights, moments = state
            cases = table.at[drawn].get(mode="promise_in_bounds").transpose(0, 2, 1)
            past = cases[:, features:end].reshape(len(keys), lives, counts, BATCH)
            known = cases[:, :features], cases[:, end], past
            downhill = jax.vmap(slope)(weights, known, cases[:, end + 1], trust[mine, drawn])
            change, moments = optimiser.update(downhill, moments, weights)
            return (optax.apply_updates(weights, change), moments), None

        state = (weights, optimiser.init(weights))
        (weights, _), _ = jax.lax.scan(step, state, rows.transpose(1, 0, 2))
        return weights

    return fit


def start(key: Any, width: int) -> Any:
    """Draw the weights of one network before the first step.

    Args:
        key: a random key of JAX.
        width: how many features there are, F.

    Returns:
        Two layers, each as a pair of weights and offsets: shapes (F, HIDDEN) and (HIDDEN,), then
        (HIDDEN, OUTPUTS + SHARES) and (OUTPUTS + SHARES,).
    """
    jax = jax_for("anticipate")
    jnp = jax.numpy
    first, second = jax.random.split(key)
    size = OUTPUTS + SHARES
    apart = jnp.zeros(size).at[1 + CURVES : 1 + 2 * CURVES].set(jnp.linspace(-0.7, 0.7, CURVES))
    apart = apart.at[OUTPUTS].set(np.log(len(LIVES)))  # at first the curves have half of the trust
    return (
        (jax.random.normal(first, (width, HIDDEN)) / np.sqrt(width), jnp.zeros(HIDDEN)),
        (jax.random.normal(second, (HIDDEN, size)) * 0.01, apart),
    )


def steps_between() -> Matrix:
    """Compute the weights of the thresholds in the ranked probability score.

    Returns:
        Shape (V,): the distance of each of `THRESHOLDS` from the next on the scale of
        log(1 + deaths).
    """
    return np.asarray(np.diff(np.log1p(np.append(THRESHOLDS, LAST))))


def slope(weights: Any, known: Any, outcome: Any, trust: Any) -> Any:
    """Compute the slope of the mean score of a batch with respect to each weight.

    With F the distribution that `tocsin.anticipate.models.network` mixes of curves and of own past,
    the score of a case is the sum over thresholds v of (F(v) - 1[Y ≤ v])² times the width of v's
    cell. The score of the batch is the mean over cases, weighted by trust.

    Args:
        weights: the weights of one network, as `start` gives them.
        known: three arrays: the inputs, shape (F, n); the level, shape (n,); the distribution by
            own past, shape (lives, V, n).
        outcome: the deaths that came, shape (n,).
        trust: the weights of the cases, shape (n,).

    Returns:
        Arrays of the same shapes as `weights`.

    Source: Epstein (1969), A scoring system for probability forecasts of ranked categories, Journal
    of Applied Meteorology 8.
    """
    jax = jax_for("anticipate")
    jnp, sigmoid = jax.numpy, jax.nn.sigmoid
    at = jnp.asarray(THRESHOLDS, jnp.float32)[:, None]
    cell = jnp.asarray(steps_between(), jnp.float32)[:, None]
    (first, bias), (second, offset) = weights
    inputs, level, past = known

    hidden, back = jax.vjp(jax.nn.gelu, first.T @ inputs + bias[:, None])
    outputs = second.T @ hidden + offset[:, None]
    quiet = sigmoid(outputs[0])
    mix = jax.nn.softmax(outputs[1 : 1 + CURVES], axis=0)
    place = level + outputs[1 + CURVES : 1 + 2 * CURVES]
    spread = outputs[1 + 2 * CURVES : OUTPUTS] + 0.5
    inverse = 1 / (NARROWEST + jax.nn.softplus(spread))
    share = jax.nn.softmax(outputs[OUTPUTS:], axis=0)

    # Shapes from here: (V, n), and (V, curves, n) or (curves, n) where each curve is apart.
    zero = (HALF - place) * inverse
    none = sigmoid(zero)
    room = 1 / (1 - none + 1e-6)
    far = (jnp.log1p(at + 0.5)[:, :, None] - place) * inverse
    below = sigmoid(far)
    part = (below - none) * room
    raw = (mix * part).sum(1)
    inside = (raw >= 0) & (raw <= 1)
    some = jnp.clip(raw, 0.0, 1.0)
    curves = quiet + (1 - quiet) * some
    # Written out: a sum along so short an axis is the slowest thing that the compiler makes.
    said = share[0] * curves + sum(share[1 + k] * past[k] for k in range(len(LIVES)))

    missed = (2 * trust / trust.sum()) * cell * (said - (outcome <= at))
    missed, below, part, far, curves = jax.lax.optimization_barrier(
        (missed, below, part, far, curves)
    )
    gain = jnp.concatenate(
        [(missed * curves).sum(0)[None], sum(missed[v] * past[:, v] for v in range(len(at)))]
    )
    of_share = share * (gain - (share * gain).sum(0))
    of_curves = share[0] * missed
    of_quiet = (of_curves * (1 - some)).sum(0) * quiet * (1 - quiet)
    of_some = jnp.where(inside, of_curves * (1 - quiet), 0.0)
    of_part = (of_some[:, None] * part).sum(0)
    of_mix = mix * (of_part - (mix * of_part).sum(0))
    of_below = of_some[:, None] * mix * room
    of_far = of_below * below * (1 - below)
    of_zero = (of_below * (part - 1)).sum(0) * none * (1 - none)
    of_place = -(of_far.sum(0) + of_zero) * inverse
    of_spread = -((of_far * far).sum(0) + of_zero * zero) * inverse * sigmoid(spread)
    of_outputs = jnp.concatenate([of_quiet[None], of_mix, of_place, of_spread, of_share])
    (of_hidden,) = back(second @ of_outputs)
    return (
        (inputs @ of_hidden.T, of_hidden.sum(1)),
        (hidden @ of_outputs.T, of_outputs.sum(1)),
    )
