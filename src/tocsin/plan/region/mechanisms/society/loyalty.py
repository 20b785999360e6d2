"""Where the state serves badly, armed groups buy loyalty with services of their own.

Mampilly (2011), Rebel Rulers; Berman, Shapiro and Felter (2011), Can hearts and minds be bought?,
Journal of Political Economy 119(4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import average, index, more

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
PARAMETERS = (
    Parameter("loyalty_rise", 0.005, 0.04, "a week / service lost",
              "Berman, Shapiro, Felter (2011): direction; size assumed"),
    Parameter("outbidding", -0.002, 0.006, "a week",
              "Crost, Felter, Johnston (2014), Aid under fire: aid may feed conflict"),
    Parameter("loyalty_fade", 0.01, 0.04, "a week", "assumption"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Let loyalty grow where services fail and groups are strong, and fall where people are served.

    What failed at the start is what groups already answer to.
    """
    del noise
    failing = 1.0 - average(state.service)
    before = 1.0 - average(world.served)
    change = (
        p["loyalty_rise"] * (failing * state.strength - before)
        - p["outbidding"] * more(lever, world, "inclusion-and-services")
        - p["loyalty_fade"] * (state.loyalty - 0.5)
    )
    return state._replace(loyalty=index(state.loyalty + change))
