"""The model as an ordered tuple of names: which mechanisms act in a week, one after another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tocsin.plan.region.mechanisms.society import (
    cohesion,
    displacement,
    grievance,
    health,
    infrastructure,
    institutions,
    legitimacy,
    loyalty,
    misinformation,
    trade,
    warning,
)
from tocsin.plan.region.mechanisms.threat import (
    attribution,
    capability,
    diffusion,
    escalation,
    incidents,
    intensity,
    persistence,
    recruitment,
    severity,
    spillover,
    substitution,
    synchrony,
)
from tocsin.plan.region.prior import Parameter

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World


class Mechanism(NamedTuple):
    """This is one mechanism: what it draws, and how it moves the state in a week."""

    parameters: tuple[Parameter, ...]
    """Its parameters."""
    noise: int
    """How many random numbers it takes for a territory and week."""
    step: Callable[[Values, Values, World, State, Noise], State]
    """`step(p, lever, world, state, noise)` gives the state after it."""


_MODULES = (
    persistence, incidents, warning, health, severity, displacement, infrastructure,
    attribution, misinformation, grievance, loyalty, legitimacy, institutions, cohesion, trade,
    substitution, diffusion, recruitment, spillover, synchrony, escalation, capability, intensity,
)  # fmt: skip

OWN: dict[str, Mechanism] = {
    module.__name__.rpartition(".")[2]: Mechanism(module.PARAMETERS, module.NOISE, module.step)
    for module in _MODULES
}
"""tocsin's own mechanisms by name, in the order in which they act."""
ORDER = tuple(OWN)
"""The whole model: how the level lasts, incidents and their harm, how society answers, and what
sets the coming rate."""
