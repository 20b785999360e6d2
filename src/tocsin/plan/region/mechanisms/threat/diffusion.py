"""Technology spreads: exposure through channels × absorptive capacity × room to learn.

The form is that of Bass (1969), A new product growth for model consumer durables, Management
Science 15(5): what anyone can get, and what others nearby have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax.numpy as jnp

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import near

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

WITHIN = 0.94
"""Part of the ties between groups that stay in a territory, of those that stay or cross one land
border: 91 and 6 % of 642 ties (UCDP Actor Dataset; `benchmarks/diffusion_by_territory.py`). By
borders alone first uses were told worse than without any tie (decision 170)."""
NOISE = 0
PARAMETERS = (
    Parameter("diffusion", 0.002, 0.014, "a week", "assumption; form as in Bass (1969)"),
    Parameter("background", 0.1, 0.5, "capability", "assumption: what markets offer anyone"),
)


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Let capability grow by what reaches a territory and what its groups can absorb.

    Training and ties carry what groups of the same territory have, and a little of what those next
    door have, as ties between groups lie (`WITHIN`); markets what is common in the region, and at
    least what anyone can get; online shops and sponsors what anyone can get. A class spreads as
    fast as the hazards of first use say that it does beside the others (`World.pace`).
    """
    del lever, noise
    supply, capability = state.supply, state.capability
    around = capability.mean(0, keepdims=True)
    anyone = (supply[:, 1:2] + supply[:, 3:4]) * p["background"]
    tied = WITHIN * capability + (1.0 - WITHIN) * near(world, capability)
    reach = (
        supply[:, 0:1] * jnp.maximum(around, p["background"])
        + anyone
        + (supply[:, 2:3] + supply[:, 4:5]) * tied
    )
    gained = p["diffusion"] * world.pace * reach * jnp.minimum(state.strength, 2.0)
    return state._replace(capability=jnp.clip(capability + gained * (1.0 - capability), 0.0, 1.0))
