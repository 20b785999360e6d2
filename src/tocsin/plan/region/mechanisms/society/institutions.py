"""Institutions answer with the capacity that they have, late, and wear out under strain.

Andrews, Pritchett and Woolcock (2017), Building State Capability.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import index, more

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
PARAMETERS = (
    Parameter("building", 0.002, 0.01, "a week",
              "Andrews, Pritchett, Woolcock (2017): slowness; size assumed"),
    Parameter("wear", 0.002, 0.02, "a week", "assumption: at full strain"),
    Parameter("consent", 0.0, 0.006, "a week / legitimacy", "assumption"),
    Parameter("capacity_fade", 0.01, 0.03, "a week", "assumption"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Move the capacity of institutions."""
    del noise
    change = (
        p["building"] * more(lever, world, "capacity-building")
        - p["wear"] * state.strain
        + p["consent"] * (state.legitimacy - 0.5)
        - p["capacity_fade"] * (state.capacity - 0.5)
    )
    return state._replace(capacity=index(state.capacity + change))
