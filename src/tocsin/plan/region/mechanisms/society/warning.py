"""People who are warned in time reach safety, if they trust the warning and it is not drowned.

WMO (2022), Early Warnings for All; trust and strain decide whether a warning is followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax.numpy as jnp

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import log, relative

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
PARAMETERS = (
    Parameter("warning", 0.0, 0.25, "share of deaths", "assumption: people reach safety"),
    Parameter("drowned", 0.2, 0.8, "share", "assumption: warning lost at full strain"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Add what warning saves more than at the start.

    Warning is shared with partners, so it works with the cohesion of the alliance; exercises make
    it work better; health services warn a little, too.
    """
    del noise
    heard = relative(state.trust, 0.5) * (1.0 - p["drowned"] * state.strain)
    alert = lever["shared-early-warning"] * (0.6 + 0.4 * lever["joint-exercises"])
    alert = alert * relative(state.cohesion, 0.5, 1.25)
    before = world.held["shared-early-warning"] * (0.6 + 0.4 * world.held["joint-exercises"])
    now = p["warning"] * jnp.minimum((alert + 0.2 * lever["health"]) * heard, 1.0)
    then = p["warning"] * jnp.minimum(before + 0.2 * world.held["health"], 1.0)
    return state._replace(saved=state.saved + log(1.0 - then) - log(1.0 - now))
