"""Legitimacy is earned by keeping people safe and served, and spent on intervention.

Levi, Sacks and Tyler (2009), Conceptualizing legitimacy, measuring legitimating beliefs, American
Behavioral Scientist 53(3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax.numpy as jnp

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import average, index, more, pressure

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
PARAMETERS = (
    Parameter("performance", 0.0005, 0.003, "a week",
              "Levi, Sacks and Tyler (2009): direction; size assumed"),
    Parameter("political_cost", 0.0, 0.006, "a week", "assumption: intervention at full effort"),
    Parameter("legitimacy_fade", 0.005, 0.03, "a week", "assumption"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Move legitimacy by safety, services, inclusion, and the political cost of intervention.

    An intervention costs more where one cannot say against whom it goes.
    """
    del noise
    unclear = jnp.clip(1.5 - state.attribution, 0.5, 1.5)
    cost = lever["targeted-enforcement"] * unclear - world.held["targeted-enforcement"]
    served = average(state.service - world.served)
    earned = 2.0 * more(lever, world, "inclusion-and-services") - pressure(state, world)
    change = (
        p["performance"] * (earned + served)
        - p["political_cost"] * cost
        - p["legitimacy_fade"] * (state.legitimacy - 0.5)
    )
    return state._replace(legitimacy=index(state.legitimacy + change))
