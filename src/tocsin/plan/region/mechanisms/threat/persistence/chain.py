"""The course of a territory's deaths, year by year, after the first.

A year of war may end in quiet, and one of quiet in war, with chances that hang on its deaths, on
the three years before and on twenty. A war that goes on moves as a war of about as many deaths once
did: one of the nearest forty moves on record is drawn, so that most changes are small and a few
are great, as they were. What a first year of war and a year of quiet have is drawn from the record,
too (a nearest-neighbour bootstrap: Lall and Sharma 1996, A nearest neighbor bootstrap for
resampling hydrologic time series, Water Resources Research 32(3)).

The forecast of the first year knows more of a territory than that year's deaths tell: its
neighbours, its people, how sure one can be. So a future first stays where the forecast saw it: in
each year it draws its deaths from the forecast of the first year again, with a rank that moves
slowly, until it leaves for the chain.

The upper tail of a forecast says what one year may bring, and no country had such a year again and
again. So no year after the first has more deaths than the greatest year on record, whether a future
stays or follows the chain, and a war that goes on from beyond it goes on from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.plan.region.mechanisms.threat.persistence.learnt import LEARNT, LONG, SHORT, WAR, Learnt

if TYPE_CHECKING:
    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import Values

YEARLY = 4
"""Random numbers for a territory and year: whether the state changes, what it becomes, whether a
future stays where the forecast saw it, and how its rank there moves."""
USUAL_WAR, USUAL_RECORD = 6.0, 4.0
"""Log deaths a year, and the means of the years before, at which `war_ends` is the chance."""
NEAREST = 40
"""Moves on record that are drawn from: so many of wars with about as many deaths. With twice as
many, great wars moved as middling ones do."""
KEPT = 0.6
"""The correlation of a future's rank in the forecast from one year to the next, while it stays, as
true years had in forecasts before 2015 (`tocsin bench plan --section courses`)."""


def courses(
    p: Values, first: Any, record: Any, noise: Noise, forecast: Any = None, *,
    learnt: Learnt = LEARNT,
) -> jax.Array:  # fmt: skip
    """Draw how deaths go on, year by year.

    Args:
        p: the parameters, each of shape () or (F,).
        first: log(1 + deaths) of the first year, (N, 1, F).
        record: its mean over the 3 and the 20 years before the first, (N, 2, 1, 1).
        noise: random numbers for each year, of which the first year needs one, (Y, N, 4, 1, F).
        forecast: log(1 + deaths) of the first year at evenly spaced quantiles from 0 to 1, (N, Q);
            None: no future stays, all follow the chain from the second year on.
        learnt: what years were followed by.

    Returns:
        Log(1 + deaths) of each year, (Y, N, 1, F); those of the first are as given.
    """
    places = noise.uniform[0, :, 0]
    first = jnp.broadcast_to(first, jnp.broadcast_shapes(first.shape, places.shape))
    short, long = (jnp.broadcast_to(record[:, place], first.shape) for place in (0, 1))
    rank = jnp.zeros_like(first) if forecast is None else _rank(forecast, first, places)
    begin = (first, short, long, rank, jnp.full(first.shape, forecast is not None))

    def next_year(now: Any, drawn: Noise) -> tuple[Any, Any]:
        x, short, long, rank, stays = now
        told = (x, short, long)
        following = _follow(p, told, drawn.uniform[:, 0], drawn.uniform[:, 1], learnt)
        if forecast is not None:
            stays = stays & (drawn.uniform[:, 2] < p["forecast_holds"])
            rank = KEPT * rank + (1.0 - KEPT**2) ** 0.5 * drawn.normal[:, 3]
            again = jax.vmap(_quantile)(jax.scipy.stats.norm.cdf(rank), forecast)
            following = jnp.where(stays, jnp.minimum(again, learnt.greatest), following)
        short, long = short + (x - short) / SHORT, long + (x - long) / LONG
        return (following, short, long, rank, stays), following

    later = jax.tree.map(lambda one: one[1:], noise)
    _, found = jax.lax.scan(next_year, begin, later)
    return jnp.concatenate([first[None], found])


def _follow(p: Values, told: tuple[Any, ...], change: Any, to: Any, learnt: Learnt) -> jax.Array:
    """The deaths of the year after one, by the chain: all are logs, of the shape of `change`."""
    x = jnp.minimum(told[0], learnt.greatest)
    told = (x, *told[1:])
    ends = learnt.ends.copy()
    ends[0] = -(ends[1] * USUAL_WAR + (ends[2] + ends[3]) * USUAL_RECORD)
    end = _odds(p["war_ends"]) * jnp.exp(_sum(ends, told))
    outbreak = _odds(p["outbreak"]) * jnp.exp(_sum([0.0, *learnt.begins[1:]], told))
    goes_on = x + p["war_drift"] + _move(x, to, learnt)
    leaves, breaks = _chance(end), _chance(outbreak)
    # What is left of the chance of a change decides whether a quiet year has any deaths.
    rest = (change - breaks) / (1.0 - breaks)
    calm = jnp.where(
        rest < _chance(jnp.exp(_sum(learnt.empty, told))), 0.0, _pick(learnt.quiet, to)
    )
    quiet = jnp.where(change < breaks, _pick(learnt.first, to), calm)
    war = jnp.where(
        change < leaves, _pick(learnt.after, to), jnp.clip(goes_on, WAR, learnt.greatest)
    )
    following: jax.Array = jnp.where(x >= WAR, war, quiet)
    return following


def _move(x: Any, to: Any, learnt: Learnt) -> jax.Array:
    """One of the nearest moves on record of wars with about as many deaths."""
    count = len(learnt.deaths)
    near = min(NEAREST, count)
    at = jnp.searchsorted(jnp.asarray(learnt.deaths, jnp.float32), x) - near // 2
    at = jnp.clip(at, 0, count - near) + jnp.floor(to * near).astype(jnp.int32)
    return jnp.asarray(learnt.moves, jnp.float32)[at]


def _pick(values: Any, to: Any) -> jax.Array:
    """One of some values on record, all with the same chance."""
    return jnp.asarray(values, jnp.float32)[jnp.floor(to * len(values)).astype(jnp.int32)]


def _sum(coefficients: Any, told: tuple[Any, ...]) -> Any:
    """A constant, and what the deaths of a year and those before it add to it."""
    parts = (float(one) * part for one, part in zip(coefficients[1:], told, strict=True))
    return sum(parts, start=float(coefficients[0]))


def _rank(forecast: Any, first: Any, between: Any) -> jax.Array:
    """The normal score of the first year's deaths in the forecast, (N, 1, F).

    Where many draws have the same deaths (mostly none) chance puts a future among them.
    """
    steps = forecast.shape[1] - 1

    def one(quantiles: Any, x: Any, between: Any) -> Any:
        low = jnp.searchsorted(quantiles, x, side="left")
        high = jnp.searchsorted(quantiles, x, side="right")
        share = (low - 0.5 + between * (high - low)) / steps
        return jax.scipy.stats.norm.ppf(jnp.clip(share, 0.5 / steps, 1.0 - 0.5 / steps))

    found: jax.Array = jax.vmap(one)(jnp.asarray(forecast, jnp.float32), first, between)
    return found


def _quantile(share: Any, quantiles: Any) -> jax.Array:
    """The deaths at a share of the forecast."""
    return jnp.interp(share, jnp.asarray(np.linspace(0, 1, len(quantiles)), jnp.float32), quantiles)


def _odds(chance: Any) -> Any:
    return chance / (1.0 - chance)


def _chance(odds: Any) -> Any:
    return odds / (1.0 + odds)
