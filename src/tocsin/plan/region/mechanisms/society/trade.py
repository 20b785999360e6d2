"""Controls cost lawful trade, and so do escalation and its closed borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.plan.region.prior import Parameter

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
PARAMETERS = (
    Parameter("trade", 0.5, 4.0, "% at full effort", "assumption"),
    Parameter("closed", 0.2, 1.5, "% / rung", "assumption: borders that close in a crisis"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Add up the lawful trade that controls and escalation cost in this week."""
    del world, noise
    controls = p["trade"] * (lever["export-control"] + 0.3 * lever["counter-finance"])
    lost = controls + p["closed"] * state.rung.mean(0, keepdims=True)
    return state._replace(trade_lost=lost)
