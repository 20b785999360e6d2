"""How many die in an incident: a power law, so that the sizes of events have the tail.

Bohorquez et al. (2009), Common ecology quantifies human insurgency, Nature 462: an exponent near
2.5 in many conflicts, not in all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jax.numpy as jnp

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import LETHAL, apart, average, log, total

if TYPE_CHECKING:
    import jax

    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 2
LARGEST = 10_000.0
"""Deaths in one incident beyond which the model is not meant."""
STEPS = 3
"""Steps of the fixed point by which the smallest size is found."""
MEMORY = 8.0
"""Weeks over which the toll is remembered."""
PARAMETERS = (
    Parameter("tail", 2.04, 2.36, "exponent of sizes",
              "plan/posterior.json; Bohorquez et al. (2009)", "calibrated"),
    Parameter("deaths_each", 6.07, 16.7, "deaths / deadly incident",
              "plan/posterior.json", "calibrated"),
    Parameter("harm", 0.0, 0.6, "log deaths / capability", "assumption: larger events"),
)  # fmt: skip


def smallest(shape: Any, mean: Any) -> Any:
    """The smallest size of a power law whose mean is given, where none is above `LARGEST`.

    With exponents near 2 the rare events beyond that would have carried up to half of the mean. The
    capped mean is least (shape − (least / LARGEST)^(shape − 1)) / (shape − 1), which is solved by a
    fixed point; after three steps the mean is met within 0.2 % for exponents from 2.02 on.

    Args:
        shape: the exponent of sizes less one, above 1.
        mean: of the capped sizes.

    Returns:
        Sizes of the shape of both.
    """
    least = mean * (shape - 1.0) / shape
    for _ in range(STEPS):
        least = mean * (shape - 1.0) / (shape - (least / LARGEST) ** (shape - 1.0))
    return least


def sizes(p: Values, incidents: jax.Array, noise: Noise) -> jax.Array:
    """The deaths of so many incidents, shape as `incidents`, (N, 1).

    Sizes are Pareto with the exponent `tail`, at most `LARGEST`, and the mean `deaths_each`. The
    largest is drawn by the inverse of its own distribution; the others are taken at their mean
    below it, with normal noise, since one large event is nearly all of the tail of a sum
    (subexponential sums).

    Args:
        p: the parameters.
        incidents: whole numbers, 0 allowed.
        noise: two random numbers for each, (N, 2).
    """
    shape = p["tail"] - 1.0
    least = apart(smallest)(shape, p["deaths_each"])
    many = jnp.maximum(incidents, 1.0)
    # The largest of n lies beyond the share v of all sizes, where (1 − v)^n is uniform.
    v = -jnp.expm1(log(noise.uniform[:, :1]) / many)
    beyond = jnp.exp(log(v) * (-1.0 / shape))
    largest = jnp.minimum(least * beyond, LARGEST)
    share = 1.0 - 1.0 / shape
    mean = least * (1.0 - v * beyond) / (share * jnp.maximum(1.0 - v, 1e-6))
    spread = jnp.maximum(1.0 + 0.7 * noise.normal[:, 1:] / jnp.sqrt(many), 0.0)
    return jnp.where(incidents > 0, largest + (many - 1.0) * mean * spread, 0.0)


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Count the deaths of a week, less those that were averted, and remember them."""
    del lever
    deadly = total(state.incidents[:, :LETHAL])
    grown = average((state.capability - world.capability)[:, :LETHAL])
    factor = world.sizes * jnp.exp(p["harm"] * grown - state.saved)
    deaths = jnp.floor(sizes(p, deadly, noise) * factor + 0.5)
    toll = state.toll + (deaths - state.toll) / MEMORY
    return state._replace(deaths=deaths, toll=toll)
