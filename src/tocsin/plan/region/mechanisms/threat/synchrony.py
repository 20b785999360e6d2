"""Domains flare up together, which strains warning and response.

Busy domains at once are more than warning and response are made for (compound incidents).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax.numpy as jnp

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import index, more, total

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 1
BUSY = 2.0
"""A domain is busy at so many times its usual number of incidents, and at least one."""
PARAMETERS = (
    Parameter("synchrony", 0.1, 0.6, "sd of log rate", "assumption: shared by a place's domains"),
    Parameter("strain_rise", 0.02, 0.15, "a week / further busy domain", "assumption"),
    Parameter("strain_fade", 0.05, 0.25, "a week", "assumption"),
)


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Give all domains of a territory one shock, and add up the strain of being busy at once."""
    spread = p["synchrony"]
    shock = spread * noise.normal - 0.5 * spread * spread
    busy = jnp.where(state.incidents > BUSY * world.usual + 0.5, 1.0, 0.0)
    at_once = jnp.maximum(total(busy) - 1.0, 0.0)
    eased = 0.5 * more(lever, world, "joint-exercises") + 0.4 * more(
        lever, world, "incident-response"
    )
    strain = state.strain * (1.0 - p["strain_fade"]) + p["strain_rise"] * at_once * (1.0 - eased)
    return state._replace(push=state.push + shock, strain=index(strain))
