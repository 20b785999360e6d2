"""The regional model: a week of many futures under many portfolios at once, in JAX.

Described with the ODD protocol (Grimm et al. 2020) in docs/model.md. Armed groups appear only as
stochastic stress on territories; nothing is optimised on their behalf.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.base.compiled import QUICKLY
from tocsin.plan.region.chance import SILENCE, Noise, draw_noise, future_keys
from tocsin.plan.region.guests import mechanism
from tocsin.plan.region.mechanisms.order import ORDER, OWN
from tocsin.plan.region.mechanisms.society import infrastructure
from tocsin.plan.region.mechanisms.threat import incidents, persistence, substitution
from tocsin.plan.region.outcomes import (
    LAST,
    QUARTER,
    SUMS,
    WATCHED,
    YEAR,
    month_weights,
    observe,
)
from tocsin.plan.region.parameters import PARAMETERS
from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import State, Values, World, apart
from tocsin.schema.vocabulary.lever import LEVERS


class Model(NamedTuple):
    """This says which model is played, and what is kept of it. It can cross to other processes."""

    mechanisms: tuple[str, ...] = ORDER
    """Names of mechanisms in the order in which they act; one that is not named is not there."""
    levers: tuple[str, ...] = LEVERS
    """Names of levers in the order of the plans' rows."""
    paths: str = ""
    """What is kept month by month: '' nothing, 'region' or 'territories'."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """tocsin's own parameters, followed by those of other packages' mechanisms."""
        others = [name for name in self.mechanisms if name not in OWN]
        return PARAMETERS + tuple(one for name in others for one in mechanism(name).parameters)


WHOLE = Model()
PERSISTENCE = "persistence"
"""The mechanism that moves what is usual, between quarters."""
COMPILATION = {**QUICKLY, "xla_cpu_prefer_vector_width": 512}
"""The lower level of optimisation leaves a run as fast; wide vectors make it faster where a
processor has them."""


NO_COURSE = np.zeros((0, 1, 1), np.float32)


class Begun(NamedTuple):
    """This is where a run begins, as arrays."""

    level: Any
    """Deaths a week, (N, F) or (N, 1)."""
    sizes: Any
    """Deaths of an incident, where 1 is what all territories have in common, (N, F) or (N, 1)."""
    capability: Any
    """Capability by technology class, from 0 to 1, (N, K)."""
    border: Any
    """Share of each neighbour, (N, N)."""
    channels: Any
    """Low and high ends of the measured shares of training, sponsors and ties, (2, 3, F) or
    (2, 3, 1)."""
    pace: Any
    """How fast each class spreads beside the others, (K, F) or (K, 1)."""
    held: Any
    """Level of each lever in force, (L,)."""
    record: Any = 0.0
    """Mean of log(1 + deaths a year) in the 3 and the 20 years before, (N, 2), or one number."""
    course: Any = NO_COURSE
    """The log of the level of each year beside that of the first, (Y, N, F), as long as the run;
    without years it is drawn by the chain from `level`."""
    swell: Any = NO_COURSE
    """The log of the deaths of an incident in each year beside those in the first, as `course`."""


class Chunk(NamedTuple):
    """This is what came of some futures."""

    totals: jax.Array
    """Each outcome over the whole run, by territory, (O, N, P, F)."""
    paths: jax.Array | None
    """Each outcome by month, of the region (M, O, P, F), or by territory (M, O, N, P, F)."""
    quarters: jax.Array | None = None
    """Beside paths of the region: what is summed up, by quarter and territory, (Q, S, N, P, F)."""


def begin(p: Values, begun: Begun, levers: tuple[str, ...]) -> tuple[World, State]:
    """Make the world and the state in which nothing has happened yet.

    Services stand where damage and repair balance, so that the status quo begins at rest.

    Args:
        p: the parameters, each of shape () or (F,).
        begun: as read from tables; with a batch, arrays whose last two axes are those of
            portfolios and futures.
        levers: their names.

    Returns:
        Both; in the state each variable has the axes of `begun` and `p`.
    """
    held = {name: begun.held[place] for place, name in enumerate(levers)}
    usual = incidents.usual(p, begun.level / (p["deaths_each"] * begun.sizes), begun.capability)
    whole = infrastructure.steady(p, held, usual)
    settled = p["displaced"] * begun.level / p["return"]
    served = infrastructure.working_layers(p, held, whole)
    world = World(
        begun.level, begun.sizes, begun.capability, begun.border, begun.channels, begun.pace, held,
        usual, served, settled,
    )  # fmt: skip
    none = jnp.zeros_like(begun.level * p["deaths_each"])
    half = none + 0.5
    region = half[:1]
    controls = held["export-control"] + 0.3 * held["counter-finance"]
    state = State(
        supply=substitution.shares(p, world), capability=begun.capability + none,
        strength=none + 1.0, excited=usual, rate=usual, incidents=jnp.zeros_like(usual),
        deaths=none, toll=begun.level + none, attribution=half, rung=none, strain=none,
        grievance=half, loyalty=half, legitimacy=half, misinformation=half, health=half,
        trust=half, capacity=half,
        intact=whole, service=served, uprooted=settled, fled=none, cohesion=region,
        trade_lost=p["trade"] * controls + 0.0 * region, push=jnp.zeros_like(usual), saved=none,
    )  # fmt: skip
    return world, state


def advance(
    p: Values, lever: Values, world: World, state: State, noises: Mapping[str, Noise], *,
    mechanisms: tuple[str, ...] = ORDER,
) -> State:  # fmt: skip
    """Move a region on by one week.

    Args:
        p: the parameters.
        lever: the level of each lever in this week.
        world: what holds from the beginning.
        state: the week before.
        noises: the random numbers of each mechanism that takes some.
        mechanisms: names in the order in which they act.

    Returns:
        The state after the week.
    """
    domains = state.push.shape[:2]
    # What pushes all domains alike is one column until a mechanism tells them apart.
    none = jnp.zeros_like(state.saved)
    state = state._replace(push=none, saved=none)
    for name in mechanisms:
        noise = noises.get(name, SILENCE)
        state = state._replace(**apart(_changes(name))(p, lever, world, state, noise))
    return state._replace(push=jnp.broadcast_to(state.push, (*domains, *state.push.shape[2:])))


def _changes(name: str) -> Callable[..., dict[str, jax.Array]]:
    """A mechanism's step that gives only what it changes, or the rest would be copied."""

    def changes(
        p: Values, lever: Values, world: World, state: State, noise: Noise
    ) -> dict[str, jax.Array]:
        after = mechanism(name).step(p, lever, world, state, noise)
        return {key: new for key, new in after._asdict().items() if new is not getattr(state, key)}

    changes.__name__ = name.replace("-", "_")
    return changes


def _play(
    seed: Any, numbers: Any, values: Any, plans: Any, begun: Begun, *, weeks: Any,
    model: Model = WHOLE,
) -> Chunk:  # fmt: skip
    """Play futures under several portfolios, all of which meet the same chance.

    Args:
        seed: start of all random numbers, a whole number.
        numbers: which futures, whole numbers of shape (F,).
        values: a value for each of `model.parameters`, shape (Q, F).
        plans: the level of each lever by week, from 0 to 1, shape (P, L, T, 1), or (P, L, T, F)
            where it differs by future.
        begun: where the run begins.
        weeks: how many are played, whole quarters of 13, at most T.
        model: which mechanisms act, and what is kept.

    Returns:
        What came of it. Months that were not played hold zeros.
    """
    p = {item.name: values[place] for place, item in enumerate(model.parameters)}
    N, P, F = begun.level.shape[0], plans.shape[0], numbers.shape[0]
    world, first = begin(p, _lift(begun), model.levers)
    first = State(*(jnp.broadcast_to(one, (*one.shape[:2], P, F)) for one in first))
    keys = future_keys(seed, numbers)
    drawn = {name: mechanism(name).noise for name in model.mechanisms if mechanism(name).noise}
    levels = jnp.transpose(plans, (2, 1, 0, 3))
    quarters = plans.shape[2] // QUARTER
    # The first year is held: a run that is no longer needs no drift.
    moves = PERSISTENCE in model.mechanisms and quarters * QUARTER > YEAR
    drift = drift_levels(p, begun, keys, quarters) if moves else None

    def week(
        world: World, carry: tuple[State, Any], now: tuple[Any, dict[str, Noise]]
    ) -> tuple[tuple[State, Any], Any]:
        state, sums = carry
        held, noise = now
        lever = {name: held[place] for place, name in enumerate(model.levers)}
        state = advance(p, lever, world, state, noise, mechanisms=model.mechanisms)
        seen = observe(state)
        sums = [total + one for total, one in zip(sums, seen, strict=True)]
        return (state, sums), _keep(seen, model.paths, (N, P, F))

    def quarter(number: Any, carry: tuple[State, Any, Any, Any]) -> tuple[State, Any, Any, Any]:
        # Noise is drawn a quarter at a time, so that it lies in memory as the weeks read it.
        state, sums, months, each = carry
        so_far = _stack_sums(sums, (N, P, F))
        start = number * QUARTER
        noise = draw_noise(keys, start + jnp.arange(QUARTER), drawn, N)
        held = jax.lax.dynamic_slice_in_dim(levels, start, QUARTER)
        now = world
        if drift is not None:
            at, before = drift[number], drift[jnp.maximum(number - 1, 0)]
            now, state = persistence.move(world, state, at, at - before)
        (state, sums), weekly = jax.lax.scan(partial(week, now), (state, sums), (held, noise))
        if weekly is not None:
            months = jax.lax.dynamic_update_slice_in_dim(months, _monthly(weekly), number * 3, 0)
        if each is not None:
            each = each.at[number].set(_stack_sums(sums, (N, P, F)) - so_far)
        return state, sums, months, each

    sums = [jnp.zeros_like(one) for one in observe(first)]
    kept = _keep(observe(first), model.paths, (N, P, F))
    months = None if kept is None else jnp.zeros((quarters * 3, *kept.shape))
    size = (quarters, sum(map(bool, SUMS)), N, P, F)
    each = jnp.zeros(size) if model.paths == "region" else None
    state, sums, months, each = jax.lax.fori_loop(
        0, weeks // QUARTER, quarter, (first, sums, months, each)
    )
    totals = [
        last if LAST[place] else total if SUMS[place] else total / weeks
        for place, (total, last) in enumerate(zip(sums, observe(state), strict=True))
    ]
    return Chunk(_stack(totals, (N, P, F)), months, each)


def _lift(begun: Begun) -> Begun:
    """Where a run begins, with an axis for portfolios."""
    return begun._replace(
        level=begun.level[:, None, None, :], sizes=begun.sizes[:, None, None, :],
        capability=begun.capability[:, :, None, None],
        channels=begun.channels[:, :, None, :], pace=begun.pace[None, :, None, :],
    )  # fmt: skip


def _stack(values: Iterable[Any], shape: tuple[int, int, int]) -> jax.Array:
    """Outcomes of which each has an axis of length 1 behind that of territories, in one array."""
    return jnp.stack([jnp.broadcast_to(one[:, 0], shape) for one in values])


def _stack_sums(sums: list[Any], shape: tuple[int, int, int]) -> jax.Array:
    """The outcomes that are counted up, in one array."""
    return _stack((one for one, counted in zip(sums, SUMS, strict=True) if counted), shape)


def drift_levels(p: Values, begun: Begun, keys: jax.Array, quarters: int) -> jax.Array:
    """Draw how the level of violence goes on after the first year.

    Args:
        p: the parameters, each of shape () or (F,).
        begun: where the run begins, with the level of shape (N, F) or (N, 1).
        keys: of the futures, shape (F,).
        quarters: how many, more than the four of the first year.

    Returns:
        The logs of each quarter's level and deaths of an incident beside those of the first year,
        (quarters, 2, N, 1, 1, F).
    """
    years = -(-quarters * QUARTER // YEAR)
    if begun.course.shape[0]:
        both = jnp.stack([jnp.asarray(begun.course), jnp.asarray(begun.swell)], axis=1)
        return persistence.hold_levels(both, quarters)[:, :, :, None, None]
    first = jnp.log1p(YEAR * begun.level[:, None, :])
    logs = persistence.log_level(draw_courses(p, first, begun.record, keys, years=years))
    both = jnp.stack([logs - logs[:1], jnp.zeros_like(logs)], axis=1)
    return persistence.hold_levels(both, quarters)[:, :, :, None]


def draw_courses(
    p: Values, first: Any, record: Any, keys: jax.Array, *, years: int, forecast: Any = None
) -> jax.Array:
    """Draw the deaths of each year, by the chance that belongs to each future.

    Args:
        p: the parameters, each of shape () or (F,).
        first: log(1 + deaths) of the first year, (N, 1, F) or (N, 1, 1).
        record: as in `Begun`.
        keys: of the futures, shape (F,).
        years: how many, Y.
        forecast: as `persistence.courses` takes it.

    Returns:
        Log(1 + deaths) of each year, (Y, N, 1, F).
    """
    columns = {PERSISTENCE: persistence.YEARLY}
    drawn = draw_noise(keys, jnp.arange(years), columns, first.shape[0])[PERSISTENCE]
    before = jnp.broadcast_to(jnp.asarray(record, jnp.float32), (first.shape[0], 2))
    return persistence.courses(p, first, before[..., None, None], drawn, forecast)


play = jax.jit(_play, static_argnames="model", compiler_options=COMPILATION)


def _keep(seen: list[jax.Array], paths: str, shape: tuple[int, int, int]) -> jax.Array | None:
    """What of a week is kept."""
    if paths == "territories":
        return jnp.stack([jnp.broadcast_to(one[:, 0], shape) for one in seen])
    if paths == "region":
        return jnp.stack(
            [
                one[:, 0].sum(0) if SUMS[place] else one[:, 0].mean(0)
                for place, one in enumerate(seen)
            ]
        )
    return None


def _monthly(weekly: jax.Array) -> jax.Array:
    """Add up or average the weeks of a quarter to months: the second axis is that of outcomes."""
    weights = month_weights(QUARTER)
    shape = (1, len(WATCHED)) + (1,) * (weekly.ndim - 2)
    summed = jnp.tensordot(jnp.asarray(weights), weekly, axes=1)
    return jnp.where(jnp.asarray(SUMS).reshape(shape), summed, summed * (3 / QUARTER))
