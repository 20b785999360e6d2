"""How the level of violence lasts: after the first year wars fade, end and break out.

The level of the first year is the forecast's. Carried on for ten years it would say that a war
which may have ended last month rages for a decade. So each territory follows, year by year, a chain
with two states, learnt on all countries before 2018 (benchmarks/region_persistence.py): a year of
war (25 deaths or more, as UCDP counts) may end in quiet, the likelier the fewer die and the more
peaceful the record; else its deaths move part of the way towards those of a usual war, with scatter
as wide as a factor of e. A quiet year may end in war, the likelier the more violent the record and
the last year. Of the scatter, the weekly part of the model has some by itself; the chain adds the
rest. No lever ends a war here, or starts one: levers act on the level that there is.

Gleditsch et al. (2002), Armed conflict 1946–2001, Journal of Peace Research 39(5), for 25 deaths;
Hegre et al. (2013), Predicting armed conflict 2010–2050, International Studies Quarterly 57(2), for
a yearly chain that is run forward.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.plan.region.outcomes import QUARTER, YEAR
from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import LETHAL

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
YEARLY = 2
"""Random numbers for a territory and year: whether the state changes, and what it becomes."""
SOURCE = "benchmarks/region_persistence.py"
PARAMETERS = (
    Parameter("war_reversion", 0.15, 0.28, "share a year", SOURCE, "calibrated"),
    Parameter("war_level", 5.7, 6.5, "log deaths a year", SOURCE, "calibrated"),
    Parameter("war_scatter", 0.86, 1.14, "sd of log deaths a year", SOURCE, "calibrated"),
    Parameter("war_ends", 0.08, 0.155, "chance a year", SOURCE, "calibrated"),
    Parameter("outbreak", 0.009, 0.015, "chance a year", SOURCE, "calibrated"),
)  # fmt: skip

WAR = float(np.log1p(25.0))
"""Log deaths a year, plus one, from which a year is one of war."""
USUAL_WAR, USUAL_RECORD = 6.0, 4.0
"""Log deaths a year, and the record, at which `war_ends` is the chance."""
ENDS_BY_DEATHS, ENDS_BY_RECORD = -0.515, -0.283
"""What one more in log deaths or in the record adds to the log odds of an end."""
OUTBREAK_BY_RECORD, OUTBREAK_BY_DEATHS = 0.416, 0.903
"""What one more in either adds to the log odds that war breaks out."""
FIRST_SIZE = 1.40
"""A war's first year has deaths above 25 by a factor whose log is exponential with this mean."""
QUIET, QUIET_BY_DEATHS, QUIET_BY_RECORD = 0.011, 0.402, 0.082
"""Log deaths of a quiet year: a constant, and what the last year and the record add."""
OWN = 0.75
"""So much scatter the weekly part of the model has by itself, at some hundred to some thousand
deaths a year (benchmarks/region_persistence.py); the chain adds what `war_scatter` has beyond."""
HALF = OWN * OWN / 2
"""So far does the log of a level lie above the mean log of the deaths that it makes."""
MOST = 12.0
"""Log deaths a year beyond which the chain does not go: twice the greatest year up to 2017."""
LEAST = 0.012
"""Deaths a year below which no level is told apart."""


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Leave a week as it is: the level moves between quarters, as `move` does it."""
    del p, lever, world, noise
    return state


def yearly(p: Values, level: Any, record: Any, noise: Noise) -> jax.Array:
    """Draw how the level goes on, year by year.

    Args:
        p: the parameters, each of shape () or (F,).
        level: deaths a week in the first year, (N, 1, F).
        record: the mean of log(1 + deaths a year) in the years before the first, (N, 1, 1).
        noise: two random numbers for each year after the first, (Y, N, 2, 1, F).

    Returns:
        The log of the level's ratio to that of the first year, shape (Y + 1, N, 1, F); 0 in the
        first year.
    """
    first = jnp.maximum(YEAR * level, LEAST)
    scatter = jnp.sqrt(jnp.maximum(p["war_scatter"] ** 2 - OWN**2, 0.0))

    def next_year(x: Any, drawn: Noise) -> tuple[Any, Any]:
        change, to, normal = drawn.uniform[:, 0], drawn.uniform[:, 1], drawn.normal[:, 1]
        end = _odds(p["war_ends"]) * jnp.exp(
            ENDS_BY_DEATHS * (x - USUAL_WAR) + ENDS_BY_RECORD * (record - USUAL_RECORD)
        )
        outbreak = _odds(p["outbreak"]) * jnp.exp(
            OUTBREAK_BY_RECORD * record + OUTBREAK_BY_DEATHS * x
        )
        goes_on = x + p["war_reversion"] * (p["war_level"] - x) + scatter * normal
        begins = WAR - FIRST_SIZE * jnp.log1p(-to) - HALF
        quiet = QUIET + QUIET_BY_DEATHS * jnp.minimum(x, WAR) + QUIET_BY_RECORD * record
        war = x >= WAR
        changes = change < jnp.where(war, _chance(end), _chance(outbreak))
        deadly = jnp.clip(jnp.where(war, goes_on, begins), WAR, MOST)
        x = jnp.where(war ^ changes, deadly, quiet)
        above = jnp.where(war ^ changes, HALF, 0.0)
        return x, jnp.log(jnp.maximum(jnp.expm1(x + above), LEAST))

    whole = jnp.broadcast_to(first, jnp.broadcast_shapes(first.shape, noise.uniform[0, :, 0].shape))
    _, logs = jax.lax.scan(next_year, jnp.log1p(whole), noise)
    return jnp.concatenate([jnp.zeros_like(logs[:1]), logs - jnp.log(whole)])


def quarterly(logs: jax.Array, quarters: int) -> jax.Array:
    """Make quarters of years: the first year is held, then logs run straight between middles.

    Args:
        logs: as `yearly` gives them, (Y + 1, …).
        quarters: how many.

    Returns:
        The same for each quarter, (quarters, …).
    """
    years = logs.shape[0]
    middles = (np.arange(quarters) + 0.5) * QUARTER / YEAR - 0.5
    middles[: YEAR // QUARTER] = 0.0
    weights = np.stack([np.interp(middles, range(years), row) for row in np.eye(years)], axis=1)
    return jnp.tensordot(jnp.asarray(weights, jnp.float32), logs, axes=1)


def move(world: World, state: State, ratio: Any, change: Any) -> tuple[World, State]:
    """Set what is usual to the level of a quarter; what is of late moves with it.

    All that mechanisms measure is a departure from what is usual, so levels alone neither feed
    grievance nor make a crisis.

    Args:
        world: as it holds at the start.
        state: at the end of the quarter before.
        ratio: of the level to that at the start, (N, 1, 1, F).
        change: of the level to that of the quarter before, (N, 1, 1, F).

    Returns:
        The world and the state of the quarter.
    """
    return (
        world._replace(level=world.level * ratio, usual=_scaled(world.usual, ratio)),
        state._replace(
            excited=_scaled(state.excited, change),
            rate=_scaled(state.rate, change),
            toll=state.toll * change,
        ),
    )


def _scaled(domains: jax.Array, by: Any) -> jax.Array:
    """Domains that kill, times a factor; the others as they are."""
    return jnp.concatenate([domains[:, :LETHAL] * by, domains[:, LETHAL:]], axis=1)


def _odds(chance: Any) -> Any:
    return chance / (1.0 - chance)


def _chance(odds: Any) -> Any:
    return odds / (1.0 + odds)
