"""Care saves the wounded while hospitals hold; health and services earn trust.

Garry and Checchi (2020), Armed conflict and public health, Journal of Public Health 42(3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import index, log, more, pressure

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
CROWD = 10_000.0
"""People displaced at which health care feels them."""
PARAMETERS = (
    Parameter("overload", 0.002, 0.01, "a week / log deaths",
              "Garry and Checchi (2020): direction; size assumed"),
    Parameter("care", 0.002, 0.012, "a week", "assumption: the lever at full effort"),
    Parameter("recovery", 0.02, 0.08, "a week", "assumption"),
    Parameter("treatment", 0.05, 0.4, "log deaths / index", "assumption"),
    Parameter("trust_rise", 0.002, 0.01, "a week", "assumption"),
    Parameter("trust_fade", 0.01, 0.05, "a week", "assumption"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Move health care and trust, and add what care saves of those who would have died."""
    del noise
    crowded = log(1.0 + state.uprooted / CROWD) - log(1.0 + world.settled / CROWD)
    broken = state.service[:, 3:4] - world.served[:, 3:4]
    health = state.health + (
        p["care"] * (more(lever, world, "health") + broken)
        - p["overload"] * (pressure(state, world) + 0.5 * crowded)
        - p["recovery"] * (state.health - 0.5)
    )
    health = index(health)
    trust = state.trust + (
        p["trust_rise"] * (health + state.legitimacy - 1.0 - (state.misinformation - 0.5))
        - p["trust_fade"] * (state.trust - 0.5)
    )
    saved = state.saved + p["treatment"] * (health - 0.5)
    return state._replace(health=health, trust=index(trust), saved=saved)
