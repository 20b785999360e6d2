"""Coupled infrastructure is damaged, fails together, and is repaired.

Ouyang (2014), Review on modeling and simulation of interdependent critical infrastructure systems,
Reliability Engineering and System Safety 121. Only random failures, natural hazards and incidents
at large are here; what single components do is for `tocsin networks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import LAYERS, LETHAL, apart, log, relative, total

if TYPE_CHECKING:
    import jax

    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = len(LAYERS)
PARAMETERS = (
    Parameter("damage", 0.001, 0.008, "share / log incident", "assumption"),
    Parameter("disruption", 0.001, 0.01, "share / log incident", "assumption: cyber incidents"),
    Parameter("hazard", 0.002, 0.01, "a week", "assumption: natural hazards and random failures"),
    Parameter("loss", 0.05, 0.3, "share", "assumption: of a layer, at a hazard"),
    Parameter("coupling", 0.2, 0.8, "share", "Ouyang (2014): interdependence"),
    Parameter("repair", 0.02, 0.08, "a week", "Ouyang (2014): resilience"),
)  # fmt: skip


def _layers(*each: float) -> npt.NDArray[np.float32]:
    """A number for each layer, which fits arrays with the axes of portfolios and futures."""
    return np.array(each, np.float32).reshape(1, len(LAYERS), 1, 1)


COMPUTERS = _layers(1, 1, 0.5, 0.5)
"""Computers run power and telecom more than pipes and wards."""


def working_layers(p: Values, lever: Values, whole: jax.Array) -> jax.Array:
    """What works of each layer, (N, 4), given what is whole of each and what it needs.

    Telecom and water need power; health needs all three. Redundancy halves the dependence.
    """
    leaning = p["coupling"] * (1.0 - 0.5 * lever["infrastructure-redundancy"])
    power, telecom, water, health = (whole[:, k : k + 1] for k in range(len(LAYERS)))
    powered = 1.0 - leaning * (1.0 - power)
    telecom, water = telecom * powered, water * powered
    lacking = (3.0 - power - telecom - water) / 3.0
    return jnp.concatenate([power, telecom, water, health * (1.0 - leaning * lacking)], axis=1)


def damage(p: Values, lever: Values, incidents: jax.Array, struck: jax.Array) -> jax.Array:
    """The share of each layer that is lost in a week, (N, 4); redundancy halves it."""
    force, bits = apart(_weights)(incidents)
    hit = p["damage"] * force + p["disruption"] * bits * COMPUTERS + struck
    return jnp.minimum(hit * (1.0 - 0.5 * lever["infrastructure-redundancy"]), 1.0)


def _weights(incidents: jax.Array) -> tuple[jax.Array, jax.Array]:
    """What incidents with arms and those in computers weigh, (N, 1) each."""
    return log(1.0 + total(incidents[:, :LETHAL])), log(1.0 + incidents[:, 3:4])


def steady(p: Values, held: Values, usual: jax.Array) -> jax.Array:
    """What is whole of each layer, (N, 4), where damage and repair of the start balance."""
    hit = damage(p, held, usual, p["hazard"] * p["loss"])
    pace = p["repair"] * (1.0 + held["incident-response"])
    return pace / (pace + hit)


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Damage and repair each layer.

    Response speeds repair, and so does the capacity of institutions.
    """
    del world
    whole = apart(_repair)(p, lever, state, noise)
    return state._replace(intact=whole, service=working_layers(p, lever, whole))


def _repair(p: Values, lever: Values, state: State, noise: Noise) -> jax.Array:
    """What is whole of each layer after the week, (N, 4)."""
    struck = jnp.where(noise.uniform < p["hazard"], p["loss"], 0.0)
    hit = damage(p, lever, state.incidents, struck)
    pace = p["repair"] * (1.0 + lever["incident-response"]) * relative(state.capacity, 0.5)
    whole = state.intact
    return jnp.clip(whole - hit * whole + pace * (1.0 - whole), 0.0, 1.0)
