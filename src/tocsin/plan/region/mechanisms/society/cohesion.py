"""Allies hold together by exercising, warning and agreeing on facts, and drift apart in crises.

Weitsman (2014), Waging War: Alliances, Coalitions, and Institutions of Interstate Violence.
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
    Parameter("bonding", 0.001, 0.008, "a week",
              "Weitsman (2014): direction; size assumed"),
    Parameter("friction", 0.001, 0.01, "a week / rung", "assumption"),
    Parameter("burden", 0.0, 0.006, "a week", "assumption: trade controls at full effort"),
    Parameter("cohesion_fade", 0.01, 0.04, "a week", "assumption"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Move the cohesion of the alliance, one for the region."""
    del noise
    common = (
        more(lever, world, "joint-exercises")
        + more(lever, world, "shared-early-warning")
        + more(lever, world, "attribution-standards")
    ) / 3.0
    change = (
        p["bonding"] * common
        - p["friction"] * state.rung.mean(0, keepdims=True)
        - p["burden"] * more(lever, world, "export-control")
        - p["cohesion_fade"] * (state.cohesion - 0.5)
    )
    return state._replace(cohesion=index(state.cohesion + change))
