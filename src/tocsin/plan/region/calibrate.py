"""The status quo starts at the whole forecast, and goes on as its course was drawn.

The model adds chance of its own (parameters, echoes, sizes of events) to the level at which it
starts. From the forecast's mean alone its first year would be as wide as that chance, whatever the
forecast says of its own doubt. So each future has a level of its own, chosen so that the deaths of
the first year, taken over all futures, are distributed in each territory as the forecast's draws.
The levels of later years are chosen in the same way, so that their deaths are those that the course
of the territory has, and chance does not come on top of what the record had of it.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tocsin.base.cache import code, remember

if TYPE_CHECKING:
    from tocsin.plan.region.model import Model

BY_NUMBER, BY_SIZE = 3, 1
"""Steps of the fixed point in the number of incidents of the first year, then in their size."""
TOGETHER = (3, 10)
"""How many years are played in each step after these. The first finds the number of incidents of
years two and three, which are scored beside the forecast, and the second the size of those of all
years; the first year's size is found in both."""
STEP = 5.0
"""The factor by which a step changes a level at most, so that a quiet start does not leap."""
LEAST = 1e-3
"""Deaths a month below which a level is not lowered further: no territory is beyond all harm."""
WIDEST = 10.0
"""An incident has at most so many times as many deaths as elsewhere, or as few."""
HALF = 0.5
"""Deaths added to both sides of a ratio, since a count of nought says little of its rate."""
PART = 0.7
"""The part of a step, in logarithms, that levels of later years go: counts leap either way."""
MONTHS = 12
QUANTILES = 201
"""At so many evenly spaced shares the forecast's distribution is told to a course."""

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]


class Level(NamedTuple):
    """This is the level of violence of each future and territory, shapes (F, N)."""

    deaths: Floats
    """Deaths a month in the first year."""
    sizes: Floats
    """Deaths of an incident, where 1 is what all have in common."""
    course: Floats | None = None
    """The log of each year's level beside that of the first, (Y, F, N); None: as the model draws
    it."""
    swell: Floats | None = None
    """The log of the deaths of an incident in each year beside those in the first, (Y, F, N)."""


def find_level(
    simulate_deaths: Callable[[Level, int], Floats],
    level: Floats,
    record: Any,
    drawn: tuple[Doubles, int],
    values: Floats,
    *,
    model: Model,
    seed: int,
    numbers: npt.NDArray[np.int64] | None = None,
    shares: Callable[[Floats], Doubles] | None = None,
    years: int = TOGETHER[-1],
) -> Level:
    """Find the level of each future by the forecast and by the courses of the years after it.

    Args:
        simulate_deaths, level, shares, years: as `calibrate_level` takes them.
        record, drawn, values, model, seed, numbers: as `draw_later` takes them.

    Returns:
        The level of each future.
    """
    from tocsin.plan.region.chance import draw_ties

    later = draw_later(record, drawn, values, model, seed=seed, numbers=numbers)
    futures = values.shape[1]
    which = np.arange(futures) if numbers is None else numbers
    ties = None if shares else draw_ties(which, len(level), seed=seed)
    return calibrate_level(
        simulate_deaths, level, drawn[0], futures, later, shares=shares, ties=ties, years=years
    )


def begin_common(level: Floats, futures: int) -> Level:
    """Begin all futures at one level.

    Args:
        level: deaths a month, shape (N,).
        futures: how many, F.

    Returns:
        That level for each future.
    """
    return Level(
        np.tile(level.astype(np.float32), (futures, 1)), np.ones((futures, len(level)), np.float32)
    )


def remember_level(decides: Sequence[object], find: Callable[[], Level]) -> Level:
    """Return the level that the cache keeps under all that decides it, or find it now.

    Args:
        decides: all that `find` uses, in any form that can be pickled.
        find: gives the level.

    Returns:
        The level, with the same bits either way.
    """

    def compute() -> dict[str, np.ndarray]:
        return {name: part for name, part in find()._asdict().items() if part is not None}

    digest = hashlib.sha256(pickle.dumps(decides)).hexdigest()
    key = {"level": digest, "code": code(Path(__file__).parents[2])}
    return Level(**remember("fits", key, compute))


def calibrate_level(
    simulate_deaths: Callable[[Level, int], Floats],
    level: Floats,
    totals: Doubles,
    futures: int,
    draw_later: Callable[[Doubles], Doubles] | None = None,
    *,
    shares: Callable[[Floats], Doubles] | None = None,
    ties: Doubles | None = None,
    years: int = TOGETHER[-1],
) -> Level:
    """Find levels of violence for each future and territory that give the forecast's first year.

    Each future keeps its rank: the one with the most deaths under a common level gets the highest
    quantile of the forecast. Its level is then scaled by wanted over simulated deaths, round after
    round, in the same chance: first by the number of incidents, which leaps, then by their size
    alone, which does not (a fixed point, since deaths rise with both). The years after it are found
    in the same way, in fewer rounds.

    Args:
        simulate_deaths: gives the deaths of the status quo over so many first years, or as many as
            there are, shape (years, F, N), with the same random numbers at every call; a first year
            may be shorter, as long as `totals` are.
        level: the forecast's mean deaths a month, shape (N,).
        totals: draws of the forecast's sum over the first year, shape (N, S).
        futures: the number of futures, F.
        draw_later: gives the deaths wanted in the years after the first, (Y - 1, F, N), of those
            wanted in the first, (F, N); None: later years are left to the model.
        shares: gives the share of the forecast at which each future stands, (F, N), by its deaths
            under the common level, (F, N); None: by its rank among these futures.
        ties: the place of each future among those with as many deaths, from 0 to 1, (F, N); None:
            in their order, the same in all territories.
        years: how many years will be played, 3 or more; later ones keep what was drawn.

    Returns:
        The level of each future.
    """
    found = begin_common(level, futures)
    seen = simulate_deaths(found, 1)[0]
    wanted = _by_rank(totals, seen, ties) if shares is None else _by_share(totals, shares(seen))
    for turn in range(BY_NUMBER + BY_SIZE):
        if turn:
            seen = simulate_deaths(found, 1)[0]
        scale = _by_number if turn < BY_NUMBER else _by_size
        found = scale(found, _factor(wanted, seen))
    if draw_later is None:
        return found
    later = draw_later(wanted)
    levels, sizes = np.maximum(later, MONTHS * LEAST), np.ones_like(later)
    for turn, count in enumerate(TOGETHER):
        each = simulate_deaths(_with_years(found, levels, sizes), min(count, years))
        found = _by_size(found, _factor(wanted, each[0]))
        held = slice(len(each) - 1)
        factor = _factor(later[held], each[1:], WIDEST if turn else STEP)
        # Sizes scale the deaths of a year that has some; one that has or wants none needs numbers.
        some = (turn > 0) & (each[1:] > 0) & (later[held] > 0)
        sizes[held] = np.where(some, factor, 1.0)
        levels[held] = np.maximum(
            levels[held] * np.where(some, factor, factor**PART), MONTHS * LEAST
        )
    return _with_years(found, levels, sizes)


def _by_rank(totals: Doubles, seen: Floats, ties: Doubles | None) -> Doubles:
    """The quantile of the forecast that each future gets, (F, N)."""
    shares = (np.arange(len(seen)) + 0.5) / len(seen)
    among = np.zeros_like(seen) if ties is None else ties
    ranks = np.lexsort((among, seen), axis=0).argsort(axis=0)
    return np.take_along_axis(np.quantile(totals, shares, axis=1), ranks, axis=0)


def _by_share(totals: Doubles, shares: Doubles) -> Doubles:
    """The forecast's quantile at a share of each future's own, (F, N)."""
    each = [np.quantile(one, some) for one, some in zip(totals, shares.T, strict=True)]
    return np.stack(each, axis=1)


def _factor(wanted: Doubles, seen: Floats, most: float = STEP) -> Doubles:
    return np.asarray(np.clip((wanted + HALF) / (seen + HALF), 1 / most, most), np.float64)


def _damp(factor: Doubles) -> Doubles:
    """Down by half, in logarithms: what one large event made is not taken for a level."""
    return np.where(factor < 1, np.sqrt(factor), factor)


def _by_number(level: Level, factor: Doubles) -> Level:
    deaths = np.maximum(level.deaths.astype(np.float64) * _damp(factor), LEAST)
    return level._replace(deaths=deaths.astype(np.float32))


def _by_size(level: Level, factor: Doubles) -> Level:
    """The number of incidents is deaths by size, and stays as it is."""
    deaths, sizes = level.deaths.astype(np.float64), level.sizes.astype(np.float64)
    grown = np.clip(sizes * factor, 1 / WIDEST, WIDEST)
    return level._replace(
        deaths=(deaths / sizes * grown).astype(np.float32), sizes=grown.astype(np.float32)
    )


def _with_years(level: Level, later: Doubles, sizes: Doubles) -> Level:
    """Add the years after the first: levels in deaths a year, and the deaths of an incident."""
    first, own = MONTHS * level.deaths.astype(np.float64), level.sizes.astype(np.float64)
    return level._replace(
        course=np.log(np.concatenate([first[None], later]) / first).astype(np.float32),
        swell=np.log(np.concatenate([own[None], sizes]) / own).astype(np.float32),
    )


def draw_later(
    record: Any,
    drawn: tuple[Doubles, int],
    values: Floats,
    model: Model,
    *,
    seed: int,
    numbers: npt.NDArray[np.int64] | None = None,
) -> Callable[[Doubles], Doubles]:
    """Prepare to draw the years after the first, each future by its own chance and parameters.

    Args:
        record: of N territories, as a run begins with it (`Begun`).
        drawn: draws of the forecast's sum over the first months, (N, S), and how many months.
        values: a value for each of the model's parameters, (Q, F).
        model: whose parameters they are.
        seed: start of all random numbers.
        numbers: of the futures, (F,); None: from 0 on.

    Returns:
        A function from the deaths of the first months, (F, N), to those of the years after the
        first, (Y - 1, F, N).
    """
    import jax

    from tocsin.plan.region.chance import future_keys
    from tocsin.plan.region.model import draw_courses
    from tocsin.plan.region.outcomes import YEARS

    totals, months = drawn
    p = {item.name: values[place] for place, item in enumerate(model.parameters)}
    forecast = np.log1p(
        np.quantile(totals * (MONTHS / months), np.linspace(0, 1, QUANTILES), axis=1).T
    ).astype(np.float32)

    @jax.jit
    def draw(chance: Any, p: Any, first: Any, record: Any, forecast: Any) -> Any:
        """Nothing but shapes is compiled in, so that one program serves all forecasts."""
        keys = future_keys(*chance)
        return draw_courses(p, first, record, keys, years=YEARS, forecast=forecast)

    def later(wanted: Doubles) -> Doubles:
        first = np.log1p(wanted.T[:, None] * (MONTHS / months)).astype(np.float32)
        which = np.arange(len(wanted)) if numbers is None else numbers
        chance = np.uint32(seed), which.astype(np.int32)
        logs = draw(chance, p, first, record, forecast)
        return np.expm1(np.asarray(logs, np.float64)[1:, :, 0]).transpose(0, 2, 1)

    return later


def play_years(
    play: Callable[[Level, int], Floats | None],
    level: Level,
    years: int,
    *,
    months: int,
) -> Floats:
    """Play the status quo over some years from a level.

    Args:
        play: gives the quarters of the status quo alone from a level over so many weeks, as
            `by_year` takes them.
        level: of each future. Where it has no course, the first years have the level of the start:
            with and without a course the model would be compiled twice.
        years: how many; the first alone may be shorter.
        months: of the first year.

    Returns:
        Deaths of each year, (years, F, N).
    """
    from tocsin.plan.portfolios.course import MONTHS_A_YEAR
    from tocsin.plan.region.outcomes import YEAR, YEARS

    if level.course is None:
        level = level._replace(course=np.zeros((YEARS, *level.deaths.shape), np.float32))
    quarters = play(level, months * YEAR // MONTHS_A_YEAR if years == 1 else years * YEAR)
    assert quarters is not None
    return by_year(quarters, 0, months)[:years]


def by_year(quarters: Floats, place: int, months: int = MONTHS) -> Floats:
    """Add up quarters to years, of which the first may be shorter.

    Args:
        quarters: deaths by quarter and territory, (Q, S, N, P, F); the deaths come first in S.
        place: of the portfolio among P.
        months: of the first year.

    Returns:
        Deaths of each whole year, (Q // 4, F, N); of the first, of its first months.
    """
    deaths = quarters[:, 0, :, place]
    years = deaths[: len(deaths) // 4 * 4].reshape(-1, 4, *deaths.shape[1:]).sum(axis=1)
    years[0] = deaths[: months // 3].sum(axis=0)
    return np.asarray(years.transpose(0, 2, 1))
