"""Incidents excite themselves: the rate is a base that other mechanisms push, and echoes of late.

Mohler et al. (2011), Self-exciting point process modeling of crime, Journal of the American
Statistical Association 106.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax.numpy as jnp

from tocsin.plan.region.prior import Parameter

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
MOST = 2.5
"""The rate is pushed by a factor of at most e to this power, either way."""
PARAMETERS = (
    Parameter("excitation", 0.406, 0.879, "share",
              "plan/posterior.json; Mohler et al. (2011)", "calibrated"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Set the rate of the coming week by what pushes it and by the incidents of late."""
    del lever, noise
    push = jnp.clip(state.push, -MOST, MOST)
    base = (1.0 - p["excitation"]) * world.usual * jnp.exp(push)
    return state._replace(rate=base + p["excitation"] * state.excited)
