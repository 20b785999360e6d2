"""Harm, misinformation and heavy hands feed grievance; inclusion eases it, and it fades.

Cederman, Gleditsch and Buhaug (2013), Inequality, Grievances, and Civil War; LaFree, Dugan and
Korte (2009), The impact of British counterterrorist strategies, Criminology 47(1), for defiance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax.numpy as jnp

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import index, more, pressure

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
PARAMETERS = (
    Parameter("grievance_rise", 0.0005, 0.003, "a week / log deaths", "assumption"),
    Parameter("grievance_fade", 0.01, 0.04, "a week", "assumption"),
    Parameter("incitement", 0.0, 0.006, "a week / misinformation", "assumption"),
    Parameter("backlash", 0.0, 0.007, "a week", "LaFree, Dugan and Korte (2009): defiance"),
    Parameter("inclusion", -0.001, 0.004, "a week",
              "Cederman, Gleditsch, Buhaug (2013); it may fail: Crost, Felter, Johnston (2014)"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Move grievance by what feeds and what eases it.

    Enforcement above what is usual feeds it, the more the less one knows who did it.
    """
    del noise
    heavy = jnp.maximum(lever["targeted-enforcement"] - 0.3, 0.0)
    before = jnp.maximum(world.held["targeted-enforcement"] - 0.3, 0.0)
    blurred = heavy * jnp.clip(1.5 - state.attribution, 0.5, 1.5) - before
    eased = more(lever, world, "inclusion-and-services") + 0.5 * (
        more(lever, world, "health") + more(lever, world, "dialogue")
    )
    change = (
        p["grievance_rise"] * pressure(state, world)
        + p["incitement"] * (state.misinformation - 0.5)
        + p["backlash"] * blurred
        - p["inclusion"] * eased
        - p["grievance_fade"] * (state.grievance - 0.5)
    )
    return state._replace(grievance=index(state.grievance + change))
