"""What the regional model keeps from week to week, and what holds from the beginning.

Each variable is a table: a row a territory, a column for each thing that it is told of (a domain,
a technology class, a layer of infrastructure; one column where there is only one). What belongs to
the region as a whole has one row. Behind these two axes may stand those of the batch, portfolios
and futures; parameters then have the axis of the futures, and levers both. So the same functions
step one future or many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
from jax.experimental.xla_metadata import set_xla_metadata

Found = TypeVar("Found")

Values = Mapping[str, "jax.Array"]
"""A value for each name: of parameters, shape () or (F,), or of levers, shape () or (P, 1)."""

DOMAINS = ("air", "explosive", "armed", "cyber", "information")
"""Where incidents happen, in the order of columns: a domain for each technology class, in the order
of schema/vocabulary/technology.py. The third holds all attacks with arms, of which guided or
indirect fire is a part."""
LETHAL = 3
"""The first three domains kill; the other two do not by themselves."""
LAYERS = ("power", "telecom", "water", "health")
"""Layers of infrastructure, in the order of columns."""


class World(NamedTuple):
    """This is what holds from the beginning of a run, and does not change in it."""

    level: jax.Array
    """Deaths a week at the start, (N, 1)."""
    sizes: jax.Array
    """Deaths of an incident, where 1 is what all territories have in common, (N, 1)."""
    capability: jax.Array
    """Capability of armed groups by technology class at the start, from 0 to 1, (N, K)."""
    border: jax.Array
    """Share of each neighbour in what reaches a territory, (N, N); rows sum to 0 or 1."""
    channels: jax.Array
    """The low and the high end of the measured shares of training, sponsors and ties in first
    uses, (2, 3), alike where a future took a draw; the rest is market and online."""
    pace: jax.Array
    """How fast each class spreads, where the mean of the classes is 1, (1, K)."""
    held: Values
    """The level of each lever in force at the start."""
    usual: jax.Array
    """Incidents a week by domain while all is as at the start, (N, D)."""
    served: jax.Array
    """What works of each layer of infrastructure at the start, (N, 4)."""
    settled: jax.Array
    """People who are displaced at the start, (N, 1)."""


class State(NamedTuple):
    """This is a region in one week. An index from 0 to 1 stands at 0.5 today, by definition."""

    supply: jax.Array
    """Share of supply by channel (schema/vocabulary/channel.py), (1, C)."""
    capability: jax.Array
    """Capability of armed groups by technology class, from 0 to 1, (N, K)."""
    strength: jax.Array
    """Strength of armed groups, 1 at the start, (N, 1)."""
    excited: jax.Array
    """Incidents a week of late, (N, D)."""
    rate: jax.Array
    """Incidents expected in the coming week, (N, D)."""
    incidents: jax.Array
    """Incidents of this week, (N, D)."""
    deaths: jax.Array
    """Deaths of this week, (N, 1)."""
    toll: jax.Array
    """Deaths a week of late, (N, 1)."""
    attribution: jax.Array
    """Confidence of attribution, an index, (N, 1)."""
    rung: jax.Array
    """Rung of the escalation ladder, 0 to 3, (N, 1)."""
    strain: jax.Array
    """Strain of warning and response, 0 to 1, (N, 1)."""
    grievance: jax.Array
    """Grievance, an index, (N, 1)."""
    loyalty: jax.Array
    """Loyalty that armed groups have bought with services, an index, (N, 1)."""
    legitimacy: jax.Array
    """Legitimacy of the government, an index, (N, 1)."""
    misinformation: jax.Array
    """Misinformation, an index, (N, 1)."""
    health: jax.Array
    """Health care, an index, (N, 1)."""
    trust: jax.Array
    """Trust in what authorities say, an index, (N, 1)."""
    capacity: jax.Array
    """Capacity of institutions, an index, (N, 1)."""
    intact: jax.Array
    """What of each layer of infrastructure is whole, from 0 to 1, (N, 4)."""
    service: jax.Array
    """What of each layer works, given the layers that it needs, from 0 to 1, (N, 4)."""
    uprooted: jax.Array
    """People who are displaced, (N, 1)."""
    fled: jax.Array
    """People displaced in this week, (N, 1)."""
    cohesion: jax.Array
    """Cohesion of the alliance, an index, (1, 1)."""
    trade_lost: jax.Array
    """Lawful trade lost, per cent, (1, 1)."""
    push: jax.Array
    """Log of the factor on the rate of incidents in this week, (N, D)."""
    saved: jax.Array
    """Log of the factor by which harm is less in this week, (N, 1)."""


def apart(function: Callable[..., Found]) -> Callable[..., Found]:
    """Let XLA compile a function by itself on a processor, and not into all that uses its result.

    XLA makes one loop of what it may put together, and computes again in each loop what several
    need, and again for each of five columns what one column leads to. Where that costs more than it
    saves, this draws the line. What is computed is the same, and without JAX nothing changes.
    """

    @wraps(function)
    def inside(*given: Any) -> Found:
        with _mark("true"):
            return function(*given)

    def outside(*given: Any) -> Found:
        traced = any(isinstance(one, jax.core.Tracer) for one in jax.tree.leaves(given))
        if not traced or jax.default_backend() != "cpu":
            return function(*given)
        with _mark("false"):
            found: Found = jax.jit(inside)(*given)
            return found

    return outside


def _mark(inlineable: str) -> AbstractContextManager[None]:
    """Mark what is traced within: whether XLA may put calls of it into their surroundings."""
    found: AbstractContextManager[None] = set_xla_metadata(inlineable=inlineable)  # type: ignore[no-untyped-call]
    return found


def log(value: jax.Array) -> jax.Array:
    """The natural logarithm of numbers above 0, within 1e-7 of their true one; else NaN.

    The exponent is taken from the bits, and what remains, between the root of a half and that of
    two, goes into a polynomial: that of `logf` in the Cephes library (Moshier 1989, Methods and
    Programs for Mathematical Functions). XLA's own takes five times as long on a processor.
    """
    value = jnp.asarray(value, jnp.float32)
    bits = value.view(jnp.int32)
    power = (bits - ROOT_OF_HALF) >> 23
    rest = (bits - (power << 23)).view(jnp.float32) - 1.0
    found = rest * LOG[0] + LOG[1]
    for coefficient in LOG[2:]:
        found = found * rest + coefficient
    found = rest + rest * rest * (found * rest - 0.5) + power.astype(jnp.float32) * LOG_OF_TWO
    return jnp.where(value > 0.0, found, jnp.nan)


LOG_OF_TWO = 0.6931471805599453
ROOT_OF_HALF = 0x3F3504F3
"""Its bits as a number of single precision."""
LOG = (
    7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
    -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
)  # fmt: skip


def more(lever: Values, world: World, name: str) -> jax.Array:
    """How much more of a lever is in force than at the start.

    The start already holds what today's levers do, so only the change counts.
    """
    return lever[name] - world.held[name]


def pressure(state: State, world: World) -> jax.Array:
    """How much worse violence is than at the start, in log deaths, (N, 1); 0 where it is alike.

    Four is added up a month, so that one death in a quiet place is felt.
    """
    return log(1.0 + 4.0 * state.toll) - log(1.0 + 4.0 * world.level)


def total(values: jax.Array) -> jax.Array:
    """Add up the columns of a table, (N, C), to one, (N, 1).

    They are added one after another, so that a compiler makes one loop of this and what follows.
    """
    return sum((values[:, k : k + 1] for k in range(1, values.shape[1])), start=values[:, :1])


def average(values: jax.Array) -> jax.Array:
    """The mean of the columns of a table, (N, C), as one column, (N, 1)."""
    return total(values) * (1.0 / values.shape[1])


def index(value: jax.Array) -> jax.Array:
    """Keep an index between 0 and 1."""
    return jnp.clip(value, 0.0, 1.0)


def relative(value: jax.Array, least: float = 0.25, most: float = 1.5) -> jax.Array:
    """An index as a factor: 1 where it stands at its start of 0.5, within two bounds."""
    return jnp.clip(2.0 * value, least, most)


def near(world: World, values: jax.Array) -> jax.Array:
    """The mean of the neighbours' values, 0 without neighbours, of the shape of `values`.

    Args:
        world: with the borders, (N, N).
        values: shape (N, …).
    """
    flat = values.reshape(values.shape[0], -1)
    return (world.border @ flat).reshape(values.shape)
