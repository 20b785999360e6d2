"""The regional model: one month of one future, and many futures at once, in JAX.

Described with the ODD protocol (Grimm et al. 2020) in docs/methods/regional-model.md. Armed
groups appear only as stochastic stress on territories; nothing is optimised on their behalf.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from tocsin.plan.mechanisms import MECHANISMS
from tocsin.plan.parameters import PARAMETERS
from tocsin.plan.portfolios import DELAY
from tocsin.plan.portfolios.levers import LEVERS as ADDED_LEVERS
from tocsin.schema.vocabulary.lever import LEVERS

MONTHS = 36
LIMIT = 50_000.0
"""Deaths a month in one territory beyond which the model is not meant."""
_SHARE = (0.25, 0.2, 0.15, 0.2, 0.2)
"""Share of each channel (schema/channel.py) in supply with no control. Assumption."""
_SMALL = 24
"""Up to this rate counts are drawn exactly by inverse CDF; above, by the normal curve."""

State = dict[str, jax.Array]
Arrays = tuple[jax.Array, ...]


def poisson(uniform: jax.Array, rate: jax.Array) -> jax.Array:
    """Turn uniform numbers into Poisson counts, by the inverse of the distribution function.

    The same uniform number gives a count that never falls as the rate rises, so that portfolios
    can be compared in the same futures. Above a rate of 24 the count is approximate
    (Cornish and Fisher 1938: the normal curve, corrected for skewness).

    Args:
        uniform: numbers between 0 and 1.
        rate: expected counts, at least 0, of the same shape.

    Returns:
        Whole numbers of the same shape.

    Source: Cornish and Fisher (1938), Moments and cumulants in the specification of distributions,
    for the approximation.
    """
    terms = jnp.arange(4 * _SMALL, dtype=jnp.float32)
    small = jnp.minimum(rate, _SMALL)[..., None]
    log_mass = terms * jnp.log(jnp.maximum(small, 1e-12)) - small - jax.lax.lgamma(terms + 1)
    exact = jnp.sum(jnp.cumsum(jnp.exp(log_mass), -1) < uniform[..., None], -1)
    z = jax.scipy.special.ndtri(uniform)
    # Cornish-Fisher: the normal curve, with the Poisson's skewness.
    normal = jnp.round(rate + jnp.sqrt(rate) * z + (z**2 - 1) / 6)
    return jnp.where(rate <= _SMALL, exact.astype(jnp.float32), jnp.maximum(normal, 0.0))


def draw_parameters(key: jax.Array) -> dict[str, jax.Array]:
    """Draw all parameters of the model from their priors.

    Args:
        key: a random key of JAX.

    Returns:
        The name of each of `PARAMETERS` and its value, a scalar in the parameter's unit.
    """
    uniform = jax.random.uniform(key, (len(PARAMETERS),))
    return {
        item.name: item.low + (item.high - item.low) * uniform[i]
        for i, item in enumerate(PARAMETERS)
    }


class Added(NamedTuple):
    """This names what other packages add to the model, so that it can cross to other processes."""

    levers: tuple[str, ...] = ()
    """Added levers, in the order in which their efforts follow those of the model's own."""
    mechanisms: tuple[str, ...] = ()
    """Added mechanisms, in the order in which they act in a month."""


NOTHING = Added()


def simulate(
    keys: jax.Array,
    effort: ArrayLike,
    baseline: ArrayLike,
    world: Sequence[ArrayLike],
    added: Added = NOTHING,
) -> State:
    """Simulate futures under one portfolio.

    Args:
        keys: one random key for each future, shape (F,). The same keys under another portfolio are
            the same futures: parameters and chance are common random numbers.
        effort: the portfolio's efforts from 0 to 1, shape (13 + the number of added levers,), which
            take effect with the delays that ship; or the level of each lever in each month, shape
            (T, L), or (F, T, L) for levels of its own in each future
            (`tocsin.plan.portfolios.course`).
        baseline: the efforts already in force at month 0, shape (L,).
        world: the level of violence (N,), or (F, N) for a level of its own in each future
            (`calibrate.calibrate_level`), the capability (N, K) and the borders (N, N), as in
            `Start`.
        added: the levers and mechanisms of other packages.

    Returns:
        Arrays of shape (F, T, N), for T months and N territories: `deaths` a month, `displaced`,
        `service_lost` (per cent), `capability` and `grievance`; and of shape (F, T): `trade_lost`.
        `compare.OUTCOMES` has the units.

    Raises:
        PluginFailed: a lever or mechanism of another package cannot be used.
    """
    found: State = _simulate(
        keys, jnp.asarray(effort), jnp.asarray(baseline), tuple(map(jnp.asarray, world)), added
    )
    return found


@partial(jax.jit, static_argnames="added")
def _simulate(
    keys: jax.Array, effort: jax.Array, baseline: jax.Array, world: Arrays, added: Added
) -> dict[str, jax.Array]:
    level, *rest = world

    def one(key: jax.Array, here: jax.Array, effort: jax.Array) -> State:
        from_priors, from_chance = jax.random.split(key)
        p = draw_parameters(from_priors) | _draw_added(from_priors, added)
        return future(p, from_chance, effort, baseline, (here, *rest), added=added)

    levels = jnp.broadcast_to(level, (keys.shape[0], level.shape[-1]))
    own = 0 if effort.ndim == 3 else None
    return jax.vmap(one, in_axes=(0, 0, own))(keys, levels, effort)


def _draw_added(key: jax.Array, added: Added) -> State:
    """The parameters of added mechanisms; those of the model stay as they are without them."""
    found = {}
    for one in map(MECHANISMS.find, added.mechanisms):
        uniform = jax.random.uniform(jax.random.fold_in(key, one.number), (len(one.parameters),))
        for i, item in enumerate(one.parameters):
            found[item.name] = item.low + (item.high - item.low) * uniform[i]
    return found


def future(
    p: State,
    from_chance: jax.Array,
    effort: jax.Array,
    baseline: jax.Array,
    start: Arrays,
    *,
    added: Added = NOTHING,
) -> State:
    """Simulate one future under parameters that are known.

    Args:
        p: a value for each name in `PARAMETERS`, scalars.
        from_chance: random key of what happens by chance.
        effort: the portfolio's efforts from 0 to 1, shape (13 + the number of added levers,), or
            the level of each lever in each month, shape (T, L).
        baseline: the efforts already in force at month 0, shape (L,).
        start: the level of violence (N,), the capability (N, K) and the borders (N, N), as in
            `Start`.
        added: the levers and mechanisms of other packages.

    Returns:
        As `simulate` gives it, for one future: arrays of shape (T, N), and `trade_lost` of shape
        (T,).
    """
    level, capability, border = start
    n = level.shape[0]
    uniforms = jax.random.uniform(
        from_chance, (MONTHS, 3, n), minval=1e-6, maxval=1 - 1e-6, dtype=jnp.float32
    )
    state = {
        "excited": level,
        "capability": capability,
        "grievance": jnp.full(n, 0.5),
        "rung": jnp.zeros(n),
        "service": jnp.ones(n),
    }
    world = {"level": level, "capability": capability, "border": border, "baseline": baseline}
    noise = tuple(
        jax.random.uniform(jax.random.fold_in(from_chance, one.number), (MONTHS, n))
        for one in map(MECHANISMS.find, added.mechanisms)
    )
    step = partial(_month, p, effort, world, added=added)
    _, seen = jax.lax.scan(step, state, (jnp.arange(MONTHS), uniforms, noise))
    return seen


def _month(
    p: State, effort: jax.Array, world: State, state: State, now: Any, *, added: Added
) -> tuple[State, State]:
    month, uniforms, noises = now
    if effort.ndim == 2:
        lever = _by_name(effort[month], added.levers)
    else:
        lever = _in_force(effort, world["baseline"], month, added.levers)
    capability = _diffuse(p, lever, world["border"], state["capability"])
    rate = _rate(p, lever, world, state, capability, others=added.levers)
    noise = jnp.exp(
        p["overdispersion"] * jax.scipy.special.ndtri(uniforms[0]) - p["overdispersion"] ** 2 / 2
    )
    deaths = poisson(uniforms[1], jnp.minimum(rate * noise, LIMIT))
    pressure = jnp.log1p(deaths) / 7.0
    grievance = jnp.clip(
        state["grievance"]
        + p["grievance_rise"] * pressure
        + p["backlash"] * jnp.maximum(lever["targeted-enforcement"] - 0.3, 0.0)
        - p["grievance_fade"] * (state["grievance"] - 0.3)
        - p["inclusion"]
        * (lever["inclusion-and-services"] + 0.5 * lever["health"] + 0.5 * lever["dialogue"]),
        0.0,
        1.0,
    )
    service = _serve(p, lever, state["service"], deaths)
    after = {
        "excited": state["excited"] + (deaths - state["excited"]) / p["memory"],
        "capability": capability,
        "grievance": grievance,
        "rung": _climb(p, lever, state["rung"], deaths > 2 * world["level"] + 5, uniforms[2]),
        "service": service,
    }
    for name, noise in zip(added.mechanisms, noises, strict=True):
        after = MECHANISMS.find(name).step(p, lever, world, after, noise)
    seen = {
        "deaths": deaths,
        "displaced": deaths * p["displaced"],
        "service_lost": 100 * (1 - after["service"]),
        "capability": after["capability"].mean(-1),
        "grievance": after["grievance"],
        "trade_lost": p["trade"] * (lever["export-control"] + 0.3 * lever["counter-finance"]),
    }
    return after, seen


def _in_force(
    effort: jax.Array, baseline: jax.Array, month: jax.Array, others: tuple[str, ...] = ()
) -> State:
    """Effect of each lever now: from what was in force at month 0 to the portfolio's effort."""
    delays = [DELAY[name] for name in LEVERS]
    delay = jnp.array([*delays, *(ADDED_LEVERS.find(name).delay for name in others)])
    grown = 1 - jnp.exp(-(month + 1) / delay)
    return _by_name(baseline + (effort - baseline) * grown, others)


def _by_name(values: jax.Array, others: tuple[str, ...]) -> State:
    """A value by lever; what acts as another lever adds to it."""
    found = {name: values[i] for i, name in enumerate((*LEVERS, *others))}
    for name in others:
        for own, share in ADDED_LEVERS.find(name).acts_as.items():
            found[own] = jnp.clip(found[own] + share * found[name], 0.0, 1.0)
    return found


def _diffuse(p: State, lever: State, border: jax.Array, capability: jax.Array) -> jax.Array:
    """Adoption: exposure through five channels × room to learn, less decay (N, K)."""
    cut = p["control"] * jnp.stack(
        [
            lever["export-control"],
            lever["education-and-media-literacy"],
            0.7 * lever["targeted-enforcement"] + 0.3 * lever["capacity-building"],
            lever["counter-finance"],
            0.5 * lever["targeted-enforcement"] + 0.5 * lever["dialogue"],
        ]
    )
    share = jnp.array(_SHARE)
    lost = share * cut
    # What one channel loses, others partly take up, the freer ones more.
    free = share * (1 - cut)
    supply = free + p["shift"] * lost.sum() * free / free.sum()
    near, all_over = border @ capability, capability.mean(0, keepdims=True)
    reach = (
        supply[0] * jnp.maximum(p["background"], all_over)
        + supply[1] * p["background"]
        + supply[2] * near
        + supply[3] * p["background"]
        + supply[4] * near
    )
    grown = capability + p["diffusion"] * reach * (1 - capability) - p["decay"] * capability
    return jnp.clip(grown, 0.0, 1.0)


def _log_factor(p: State, lever: State, capability: jax.Array, grievance: jax.Array) -> jax.Array:
    return (
        p["lethality"] * capability.mean(-1)
        + p["grievance_effect"] * grievance
        - p["enforcement"] * lever["targeted-enforcement"]
        - p["dialogue"] * lever["dialogue"]
    )


def _rate(
    p: State,
    lever: State,
    world: State,
    state: State,
    capability: jax.Array,
    *,
    others: tuple[str, ...] = (),
) -> jax.Array:
    """Expected deaths a month (N,): a base that policy moves, echoes of late, and neighbours."""
    at_start = _by_name(world["baseline"], others)
    factor = jnp.exp(
        _log_factor(p, lever, capability, state["grievance"])
        - _log_factor(p, at_start, world["capability"], jnp.full_like(world["level"], 0.5))
    )
    base = (1 - p["excitation"]) * world["level"] * factor
    echo = p["excitation"] * state["excited"]
    spill = p["spillover"] * (world["border"] @ (state["excited"] - world["level"]))
    alert = lever["shared-early-warning"] * (0.6 + 0.4 * lever["joint-exercises"])
    saved = 1 - p["warning"] * jnp.minimum(alert + 0.2 * lever["health"], 1.0)
    started = 1 - p["warning"] * 0.2 * at_start["health"]
    rate = (base + echo + spill) * (1 + 0.2 * state["rung"])
    return jnp.maximum(rate, 0.0) * saved / started


def _climb(
    p: State, lever: State, rung: jax.Array, bad: jax.Array, uniform: jax.Array
) -> jax.Array:
    """Escalation ladder of three rungs: up after a bad month, unless calmed; down with time."""
    calm = 0.5 * lever["attribution-standards"] + 0.5 * lever["dialogue"]
    up = bad & (uniform < 4 * p["escalation"] * (1 - calm))
    down = ~up & (uniform > 0.7)
    return jnp.clip(rung + up - down, 0.0, 3.0)


def _serve(p: State, lever: State, service: jax.Array, deaths: jax.Array) -> jax.Array:
    """Essential services between 0 and 1: damaged by violence, repaired with capacity."""
    hit = p["damage"] * jnp.log1p(deaths) * (1 - 0.5 * lever["infrastructure-redundancy"])
    pace = p["repair"] * (1 + lever["incident-response"] + 0.5 * lever["capacity-building"])
    return jnp.clip(service - hit * service + pace * (1 - service), 0.0, 1.0)
