"""People flee violence and failing services, go to neighbours too, and return with time.

Davenport, Moore and Poe (2003), Sometimes you just have to leave, International Interactions
29(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import near

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
PARAMETERS = (
    Parameter("displaced", 10.0, 60.0, "people / death", "assumption"),
    Parameter("fear", 0.0, 0.5, "share / rung", "assumption: further people in an escalation"),
    Parameter("return", 0.01, 0.05, "a week", "assumption"),
    Parameter("abroad", 0.02, 0.2, "share", "Davenport, Moore, Poe (2003): direction"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Count those who flee, and where those who are displaced stay."""
    del lever, noise
    fled = p["displaced"] * state.deaths * (1.0 + p["fear"] * state.rung)
    staying = fled * (1.0 - p["abroad"]) + p["abroad"] * near(world, fled)
    uprooted = state.uprooted * (1.0 - p["return"]) + staying
    return state._replace(fled=fled, uprooted=uprooted)
