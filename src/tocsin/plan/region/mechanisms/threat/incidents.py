"""Incidents by domain: counts that scatter more than by chance, and are remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax.numpy as jnp

from tocsin.plan.region.chance import poisson
from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import DOMAINS

if TYPE_CHECKING:
    import jax

    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 2 * len(DOMAINS)
LIMIT = 5_000.0
"""Incidents a week of one domain and territory beyond which the model is not meant."""
PARAMETERS = (
    Parameter("memory", 1.05, 3.6, "weeks",
              "plan/posterior.json", "calibrated"),
    Parameter("overdispersion", 0.104, 1.16, "sd of log rate",
              "plan/posterior.json", "calibrated"),
    Parameter("air_share", 0.02, 0.15, "share of deadly incidents", "assumption"),
    Parameter("explosive_share", 0.1, 0.35, "share of deadly incidents", "assumption"),
    Parameter("cyber", 0.05, 0.5, "incidents a week / capability", "assumption"),
    Parameter("information", 0.1, 1.0, "incidents a week / capability", "assumption"),
)  # fmt: skip


def usual(p: Values, deadly: jax.Array, capability: jax.Array) -> jax.Array:
    """Incidents a week by domain at the start, (N, D).

    Args:
        p: the parameters.
        deadly: deadly incidents a week at the start, (N, 1).
        capability: at the start, (N, K).
    """
    air, explosive = p["air_share"], p["explosive_share"]
    parts = [
        deadly * air,
        deadly * explosive,
        deadly * (1.0 - air - explosive),
        p["cyber"] * capability[:, 3:4],
        p["information"] * capability[:, 4:5],
    ]
    return jnp.concatenate(jnp.broadcast_arrays(*parts), axis=1)


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Draw the incidents of a week from the rate that the week before left, and remember them."""
    del lever, world
    D, spread = len(DOMAINS), p["overdispersion"]
    chance = jnp.exp(spread * noise.normal[:, :D] - 0.5 * spread * spread)
    rate = jnp.minimum(state.rate * chance, LIMIT)
    counts = poisson(noise.uniform[:, D:], noise.normal[:, D:], rate)
    excited = state.excited + (counts - state.excited) / p["memory"]
    return state._replace(incidents=counts, excited=excited)
