"""Who did it is contested: confidence comes late, and less of it where one strikes from afar,
in computers or in words.

Rid and Buchanan (2015), Attributing cyber attacks, Journal of Strategic Studies 38.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import index, more, total

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
PARAMETERS = (
    Parameter("attribution_delay", 4.0, 26.0, "weeks", "assumption"),
    Parameter("contest", 0.1, 0.6, "index",
              "Rid and Buchanan (2015): direction; size assumed"),
    Parameter("standards", 0.1, 0.4, "index", "assumption: common standards at full effort"),
    Parameter("blur", 0.1, 0.5, "index", "assumption: what misinformation takes away"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Move confidence towards what the mix of domains, standards and misinformation allow."""
    del noise
    now, usual = state.excited, world.usual
    hidden = 1.0 - total(now[:, 1:3]) / (total(now) + 0.1)
    before = 1.0 - total(usual[:, 1:3]) / (total(usual) + 0.1)
    agreed = more(lever, world, "attribution-standards")
    aim = (
        0.5
        + p["standards"] * agreed
        - p["contest"] * (hidden - before)
        - p["blur"] * (state.misinformation - 0.5)
    )
    pace = (1.0 + agreed) / p["attribution_delay"]
    return state._replace(attribution=index(state.attribution + (aim - state.attribution) * pace))
