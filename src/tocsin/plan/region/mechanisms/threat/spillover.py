"""Harm spills over borders: more violence nearby makes it likelier here.

Buhaug and Gleditsch (2008), Contagion or confusion? Why conflicts cluster in space, International
Studies Quarterly 52(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import LETHAL, log, near, total

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
FEW = 0.1
"""Incidents a week that are added to both sides of the ratio, so that quiet neighbours count."""
PARAMETERS = (
    Parameter("spillover", 0.0, 0.3, "log rate / log rate nearby",
              "Buhaug and Gleditsch (2008): contagion; size assumed"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Push the rate of the domains that kill by how much the neighbours' differs from its start."""
    del lever, noise
    now = near(world, total(state.excited[:, :LETHAL]))
    usual = near(world, total(world.usual[:, :LETHAL]))
    push = p["spillover"] * (log(now + FEW) - log(usual + FEW))
    return state._replace(push=state.push + push)
