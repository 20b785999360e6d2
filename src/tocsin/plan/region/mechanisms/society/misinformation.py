"""Information operations spread misinformation; media literacy and trust hold against it.

Guess et al. (2020), A digital media literacy intervention increases discernment, PNAS 117(27).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import index, log, more

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
PARAMETERS = (
    Parameter("contagion", 0.005, 0.03, "a week / log incident", "assumption"),
    Parameter("literacy", 0.1, 0.5, "share",
              "Guess et al. (2020): direction; size assumed"),
    Parameter("correction", 0.02, 0.1, "a week", "assumption: what fades or is corrected"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Let misinformation follow the incidents of information operations of late."""
    del noise
    now, before = log(1.0 + state.excited[:, 4:5]), log(1.0 + world.usual[:, 4:5])
    learnt = more(lever, world, "education-and-media-literacy")
    change = (
        p["contagion"] * (now * (1.0 - p["literacy"] * learnt) - before)
        - 0.02 * p["literacy"] * learnt
        - p["correction"] * (state.misinformation - 0.5)
    )
    return state._replace(misinformation=index(state.misinformation + change))
