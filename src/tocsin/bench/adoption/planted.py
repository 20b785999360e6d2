"""Planted worlds: organisations whose classes are known, mentions by the model, found again.

Each world has organisations that fight a little or a lot. Some have a class; from an onset on,
words tell of their own uses at a rate. How many incidents mention the class at all hangs on nothing
else, since some are struck by it more often than others use it; the own uses are among them. Half
of the mentions name a user, and are right about it at known odds. A quarter says something of the
user by who died, as far as the user can be told at all; the others say nothing of users.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.assess.technology.mentions.users import drawn_to_one
from tocsin.assess.technology.possession import Mentions, fit, posterior
from tocsin.assess.technology.prior import HAVE, RATES, SIZE, Prior, rate_weights
from tocsin.bench.kept import run_seeds

WORLDS, QUICK = 200, 20
ORGANISATIONS = 60
MOST = 600
"""Incidents of the organisation that fights the most; the others' are spread evenly in the log."""
TOLD = (0.003, 0.5)
"""Least and greatest share of an organisation's incidents that mention the class."""
RIGHT = 30.0
"""Odds that words which name a user name the right one."""
RIGHT_BY_DEATHS, TELLABLE = 8.0, 0.7
"""The same of what deaths say, and the share of such mentions of which they say anything; in the
others it is as a coin falls."""

BY_ANOTHER = 0.3
"""Share of the mentions of which a suspicion is wrong that are uses by who was the side."""


@dataclass(frozen=True)
class Planted:
    """One organisation that has mentions, with its truth.

    Attributes:
        case: its mentions.
        has: whether it has the class by its last mention.
        onset: number of the day of the first mention from its onset on; -1 for never.
        own: whether each mention is its own use, shape (n,).
    """

    case: Mentions
    has: bool
    onset: int
    own: np.ndarray


def plant(
    seed: int, tellable: float = TELLABLE, suspicion: tuple[float, float] | None = None
) -> tuple[list[Planted], float]:
    """Plant one world, with a prior that is drawn from what the model holds of priors.

    Args:
        seed: of the world.
        tellable: what is held of the share that deaths say anything of.
        suspicion: in half of the mentions the organisation is only suspected of being the side at
            all: how often that is right, and how often it is held to be; default: in none.

    Returns:
        The organisations with mentions; and the share of all incidents with a mention.
    """
    rng = np.random.default_rng([seed, 11])
    fought = np.round(np.exp(rng.uniform(0, np.log(MOST), ORGANISATIONS))).astype(int)
    at = [np.flatnonzero(rng.random(n) < np.exp(rng.uniform(*np.log(TOLD)))) for n in fought]
    told = sum(one.size for one in at) / fought.sum()
    have, size = (rng.normal(*one) for one in (HAVE, SIZE))
    prior = Prior(have, size, rng.dirichlet(rate_weights(told)))
    planted = []
    for n, mentions in zip(fought.tolist(), at, strict=True):
        if mentions.size == 0:
            continue
        onset, number = _uses(rng, prior, mentions, n)
        by_then = int(np.searchsorted(mentions, onset))
        own = np.zeros(mentions.size, dtype=bool)
        own[by_then + rng.permutation(mentions.size - by_then)[:number]] = True
        said, doubted, side = own, np.zeros(own.size, dtype=bool), np.ones(own.size)
        if suspicion is not None:
            doubted = rng.random(own.size) < 0.5
            wrong = doubted & (rng.random(own.size) >= suspicion[0])
            # Another was the side, and words tell of its uses.
            own, said = own & ~wrong, np.where(wrong, rng.random(own.size) < BY_ANOTHER, own)
            side = np.where(doubted, suspicion[1], 1.0)
        case = _mentions(rng, said, mentions, n, tellable)
        case = replace(case, side=side, suspected=doubted)
        has = by_then < mentions.size
        planted.append(Planted(case, has, by_then if has else -1, own))
    return planted, told


def _uses(rng: np.random.Generator, prior: Prior, at: np.ndarray, n: int) -> tuple[int, int]:
    """The onset of an organisation with mentions at these incidents, n for never, and its uses.

    Drawn until there are no more uses than mentions since the onset. An onset after the last
    mention is not drawn: nothing could be said of it.
    """
    while True:
        if rng.random() >= prior.share(n):
            return n, 0
        onset = int(rng.integers(0, at[-1] + 1))
        number = int(rng.binomial(n - onset, rng.choice(RATES, p=prior.rates)))
        if number <= at.size - np.searchsorted(at, onset):
            return onset, number


def _mentions(
    rng: np.random.Generator, own: np.ndarray, at: np.ndarray, n: int, told: float
) -> Mentions:
    kind = rng.random(own.size)
    named, dead = kind < 0.5, (kind >= 0.5) & (kind < 0.75)
    right = np.where(named, RIGHT, RIGHT_BY_DEATHS)
    says_own = own == (rng.random(own.size) < right / (right + 1))
    lost = dead & (rng.random(own.size) >= TELLABLE)
    says_own = np.where(lost, rng.random(own.size) < 0.5, says_own)
    odds = np.where(says_own, right, 1 / right)
    full = np.ones(own.size)
    return Mentions(
        full,
        full,
        np.where(named, odds, np.where(dead, drawn_to_one(odds, told), 1.0)),
        named | dead,
        full,
        named,
        np.zeros(own.size, dtype=bool),
        named & says_own,
        np.arange(own.size),
        n,
        n - at,
        np.zeros(own.size),
    )


def measure(
    seeds: Iterable[int] = range(WORLDS),
    kept: Path | None = None,
    on_done: Callable[[int], None] = lambda _seed: None,
    suspicion: tuple[float, float] | None = None,
) -> list[dict[str, Any]]:
    """Measure how often 90 % intervals hold the truth of planted worlds.

    Numbers and days are whole, so that an interval of exactly 90 % is there only by chance: each
    truth is placed at random within its own step of the distribution, and should lie between 5 and
    95 % in 90 % of the cases (Smith 1985, Diagnostic checks of non-standard time series models).

    Args:
        seeds: of the worlds.
        kept: file where each world's result is kept, from which a killed run goes on; None:
            nowhere.
        on_done: told after each world.
        suspicion: as in `plant`.

    Returns:
        A row a measure, `measure, value, low, high, n`: the share of truths in their 90 %
        intervals, with its 95 % interval (Wilson 1927), for the possession of each organisation
        with mentions, the onset of those that have the class, the uses of all, and how many in a
        world have it; and the share of entries of 0.8 and more that are right.
    """
    worlds = run_seeds(partial(_world, suspicion=suspicion), seeds, kept, on_done)
    rows = []
    for name in ("possession", "onset", "uses", "number"):
        inside = [0.05 <= u <= 0.95 for world in worlds for u in world[name]]
        rows.append(_share(name, inside))
    sure = [right for world in worlds for right in world["sure"]]
    return [*rows, _share("entries of 0.8 and more that are right", sure)]


def _world(seed: int, suspicion: tuple[float, float] | None = None) -> dict[str, Any]:
    """Where each truth of one world lies in its distribution, from 0 to 1; and whether each entry
    of 0.8 and more is right (`sure`)."""
    planted, told = plant(seed, suspicion=suspicion)
    prior = fit([one.case for one in planted], told=told)
    held = [posterior(one.case, prior) for one in planted]
    places: dict[str, list[float]] = {
        name: [] for name in ("possession", "onset", "uses", "number")
    }
    rng = np.random.default_rng([seed, 12])
    draws = 400
    count = np.zeros(draws)
    for one, its in zip(planted, held, strict=True):
        onset, uses = its.draw(rng, draws)
        count += onset >= 0
        never = 1 - its.possession
        between = (never, 1.0) if one.has else (0.0, never)
        places["possession"].append(float(rng.uniform(*between)))
        places["uses"].append(_at(rng, uses.sum(axis=1), float(one.own.sum())))
        if one.has:
            by_day = np.concatenate([[0.0], its.by_day()])
            places["onset"].append(float(rng.uniform(by_day[one.onset], by_day[one.onset + 1])))
    places["number"].append(_at(rng, count, float(sum(one.has for one in planted))))
    sure = [one.has for one, its in zip(planted, held, strict=True) if its.possession >= 0.8]
    return places | {"sure": sure}


def _at(rng: np.random.Generator, draws: np.ndarray, truth: float) -> float:
    return float(rng.uniform((draws < truth).mean(), (draws <= truth).mean()))


def _share(name: str, right: list[bool]) -> dict[str, Any]:
    from tocsin.bench.mentions.agreement import wilson

    share = float(np.mean(right)) if right else float("nan")
    low, high = wilson(sum(right), len(right))
    return {"measure": name, "value": share, "low": low, "high": high, "n": len(right)}
