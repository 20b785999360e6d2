"""The escalation ladder: up in a crisis that is misread, down with time (Kahn 1965, On Escalation).

Without knowing who did it, answers hit wrong: a low confidence of attribution makes a step up
likelier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax.numpy as jnp

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import more

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 1
RUNGS = 3.0
PARAMETERS = (
    Parameter("escalation", 0.01, 0.06, "a week of crisis", "assumption: ladder after Kahn (1965)"),
    Parameter("crisis", 1.5, 3.0, "times the toll at the start", "assumption"),
    Parameter("settling", 0.03, 0.12, "a week", "assumption: chance of a step down"),
    Parameter("per_rung", 0.05, 0.25, "log rate", "assumption: what each rung adds"),
)


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Step up or down by chance, and push the rate by the rung."""
    calm = 0.5 * more(lever, world, "dialogue") + 0.2 * more(lever, world, "joint-exercises")
    misread = jnp.clip(1.5 - state.attribution, 0.5, 1.5)
    worse = state.toll > p["crisis"] * world.level + 1.0
    up = worse & (noise.uniform < p["escalation"] * misread * (1.0 - calm))
    down = ~up & (noise.uniform > 1.0 - p["settling"])
    step_by = jnp.where(up, 1.0, jnp.where(down, -1.0, 0.0))
    rung = jnp.clip(state.rung + step_by, 0.0, RUNGS)
    return state._replace(rung=rung, push=state.push + p["per_rung"] * rung)
