"""How the level of violence lasts: after the first year wars fade, end and break out.

The level of the first year is the forecast's. Carried on for ten years it would say that a war
which may have ended last month rages for a decade. So each territory follows, year by year, a
course drawn from what came after such years in 191 countries before 2018 (`chain.py`). No lever
ends a war here, or starts one: levers act on the level that there is.

Gleditsch et al. (2002), Armed conflict 1946–2001, Journal of Peace Research 39(5), for 25 deaths;
Hegre et al. (2013), Predicting armed conflict 2010–2050, International Studies Quarterly 57(2), for
a yearly chain that is run forward; Collier, Hoeffler and Söderbom (2008), Post-conflict risks,
Journal of Peace Research 45(4), for a risk that stays high after a war.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp

from tocsin.plan.region.mechanisms.threat.persistence.chain import USUAL_RECORD, YEARLY, courses
from tocsin.plan.region.outcomes import QUARTER, YEAR
from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import LETHAL

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

__all__ = [
    "NOISE", "PARAMETERS", "USUAL_RECORD", "YEARLY", "courses", "hold_levels", "log_level", "move",
    "step",
]  # fmt: skip

NOISE = 0
SOURCE = "scripts/build_persistence.py"
PARAMETERS = (
    Parameter("forecast_holds", 0.5, 0.8, "chance a year", SOURCE, "calibrated"),
    Parameter("war_drift", -0.055, 0.057, "log deaths a year", SOURCE, "calibrated"),
    Parameter("war_ends", 0.093, 0.173, "chance a year", SOURCE, "calibrated"),
    Parameter("outbreak", 0.0095, 0.016, "chance a year", SOURCE, "calibrated"),
)  # fmt: skip
LEAST = 0.012
"""Deaths a year below which no level is told apart."""


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Leave a week as it is: the level moves between years, as `move` does it."""
    del p, lever, world, noise
    return state


def log_level(deaths: Any) -> jax.Array:
    """The log of a level of deaths a year, of log(1 + deaths)."""
    return jnp.log(jnp.maximum(jnp.expm1(deaths), LEAST))


def hold_levels(logs: jax.Array, quarters: int) -> jax.Array:
    """Make quarters of years: each year's level is held from its first week to its last.

    Args:
        logs: of each year, (Y, …).
        quarters: how many.

    Returns:
        The same for each quarter, (quarters, …).
    """
    return jnp.repeat(logs, YEAR // QUARTER, axis=0)[:quarters]


def move(world: World, state: State, drift: Any, change: Any) -> tuple[World, State]:
    """Set what is usual to the level of a quarter; what is of late moves with it.

    All that mechanisms measure is a departure from what is usual, so levels alone neither feed
    grievance nor make a crisis.

    Args:
        world: as it holds at the start.
        state: at the end of the quarter before.
        drift: the logs of the level and of the deaths of an incident beside those at the start,
            (2, N, 1, 1, F).
        change: the same beside those of the quarter before.

    Returns:
        The world and the state of the quarter.
    """
    number, now = jnp.exp(drift[0] - drift[1]), jnp.exp(change[0] - change[1])
    return (
        world._replace(
            level=world.level * jnp.exp(drift[0]),
            sizes=world.sizes * jnp.exp(drift[1]),
            usual=_scale(world.usual, number),
        ),
        state._replace(
            excited=_scale(state.excited, now),
            rate=_scale(state.rate, now),
            toll=state.toll * jnp.exp(change[0]),
        ),
    )


def _scale(domains: jax.Array, by: Any) -> jax.Array:
    """Domains that kill, times a factor; the others as they are."""
    return jnp.concatenate([domains[:, :LETHAL] * by, domains[:, LETHAL:]], axis=1)
