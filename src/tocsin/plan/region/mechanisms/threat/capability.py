"""Capability grows with use and decays without; more of it makes incidents of its domain likelier.

Learning by use follows the progress curve of attacks, τ_n = τ_1 n^(−b): Johnson et al. (2011),
Pattern in escalations in insurgent and terrorist activity, Science 333.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax.numpy as jnp

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import log

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World, log

NOISE = 0
PARAMETERS = (
    Parameter("decay", 0.001, 0.007, "a week", "assumption"),
    Parameter("learning", 0.0, 0.004, "a week / log incident",
              "Johnson et al. (2011): progress curves"),
    Parameter("lethality", 0.1, 0.8, "log rate / capability", "assumption"),
)  # fmt: skip


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Let capability grow with its use in the week before, and decay."""
    del lever, noise
    capability = state.capability
    learnt = p["learning"] * log(1.0 + state.incidents) * (1.0 - capability)
    grown = jnp.clip(capability * (1.0 + learnt - p["decay"]), 0.0, 1.0)
    push = p["lethality"] * (grown - world.capability)
    return state._replace(capability=grown, push=state.push + push)
