"""Armed groups gain people from grievance and loyalty, and lose them to enforcement and dialogue.

Cederman, Gleditsch and Buhaug (2013), Inequality, Grievances, and Civil War; Berman, Shapiro and
Felter (2011), Can hearts and minds be bought?, Journal of Political Economy 119(4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax.numpy as jnp

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import log, more, relative

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
PARAMETERS = (
    Parameter("recruitment", 0.4, 2.0, "log strength / grievance",
              "Cederman, Gleditsch, Buhaug (2013): direction; size assumed"),
    Parameter("bought", 0.2, 1.2, "log strength / loyalty",
              "Berman, Shapiro, Felter (2011): direction; size assumed"),
    Parameter("enforcement", 0.0, 0.4, "log strength", "assumption: attrition at full effort"),
    Parameter("dialogue", -0.1, 0.3, "log strength",
              "Stedman (1997), Spoiler problems in peace processes: it may embolden; size assumed"),
    Parameter("turnover", 26.0, 104.0, "weeks", "assumption: until strength has followed"),
    Parameter("violence", 0.5, 1.0, "log rate / log strength", "assumption"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Move the strength of groups towards what grievance, loyalty and response make of it.

    Enforcement hits those whom it is meant for as far as incidents are attributed, institutions
    are able, and people let them.
    """
    del noise
    skill = relative(state.attribution) * relative(state.capacity, 0.5)
    skill = skill * relative(state.legitimacy, 0.5, 1.25)
    hit = lever["targeted-enforcement"] * skill - world.held["targeted-enforcement"]
    aim = (
        p["recruitment"] * (state.grievance - 0.5)
        + p["bought"] * (state.loyalty - 0.5)
        - p["enforcement"] * hit
        - p["dialogue"] * more(lever, world, "dialogue")
    )
    now = log(state.strength)
    now = jnp.clip(now + (aim - now) / p["turnover"], -3.0, 1.5)
    return state._replace(strength=jnp.exp(now), push=state.push + p["violence"] * now)
