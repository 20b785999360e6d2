"""What the regional model loses by following territories and classes, and not organisations.

    python benchmarks/diffusion_by_territory.py [WORLDS]

Worlds are planted on the real ties: five classes spread among 415 organisations for twenty years,
with true rates that are known, so that nothing is fitted and all that differs is the level. At the
end of year 18 the two years to come are told five times:

- by organisations: each has its own ties to those that use the class (the step `diffuse`);
- by territories: all organisations of a territory share its ties, averaged over organisations, to
  the users of each territory;
- by one share: each organisation has as many ties as those of its territory on average, of which
  `WITHIN` lead to users there and the rest to those beside it (`plan`'s mechanism `diffusion`);
- by borders: the same with all ties to the territories beside, as `plan` had it before;
- without ties: all organisations of a territory and class have one rate, that outside the network
  times one factor for all, so that as many first uses are told as in the first way.

Told are the first uses of each, how far territories and classes are off the first, what half of the
ties would save, and scores of what came. A score is a mean log probability for each first use that
came, in nats less than that of the first way.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tocsin.anticipate.diffusion.hazard.design import Links, link_cases
from tocsin.anticipate.diffusion.hazard.simulate import Hazard, chance_of_use
from tocsin.bench.diffusion.plants import (
    CHANNELS,
    CLASSES,
    GROUPS,
    Plant,
    larger_ties,
    plant_on_ties,
)
from tocsin.plan.region.mechanisms.threat.diffusion import WITHIN
from tocsin.schema.geography.shapes import neighbour_shares

NOW, AHEAD, STEPS = 18.0, 2.0, 48
CUT = 0.5
WAYS = ("by organisations", "by territories", "by one share", "by borders", "without ties")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """A planted world at the end of year 18.

    Args:
        plant: the world.
        links: its ties between cases.
        asked: cases that do not use their class and are there until year 20, shape (n,).
        users: cases that use it and are still there, shape (n,).
    """

    plant: Plant
    links: Links
    asked: npt.NDArray[np.bool_]
    users: npt.NDArray[np.bool_]

    @property
    def cell(self) -> npt.NDArray[np.int64]:
        """The territory and class of each case, as one number."""
        return self.plant.cases.territory * CLASSES + self.plant.cases.technology

    @property
    def strength(self) -> float:
        """The true rate for one tie to a user, a year."""
        return float(self.plant.hazard.strength[0, CHANNELS.index("ties"), 0])


def main() -> None:
    """Print a line for each way, and where ties lead."""
    network = larger_ties(GROUPS)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    rows = []
    for seed in range(count):
        world = at_year_18(plant_on_ties(network, seed))
        rows.append(told(world))
        if seed == 0:
            print(where_ties_lead(world))
    keys = ("expected", "off", "fewer", "by_cell", "by_organisation")
    sums = {way: {key: np.array([row[way][key] for row in rows]) for key in keys} for way in WAYS}
    came = np.array([row["came"] for row in rows])
    first = sums[WAYS[0]]
    print(f"{count} worlds; first uses that came in two years: {came.mean():.2f} a world")
    for way, own in sums.items():
        lost = [(first[key] - own[key]).sum() / came.sum() for key in keys[3:]]
        saves = (
            ""
            if way == WAYS[-1]
            else (
                f"half of the ties saves {own['fewer'].mean():.3f} "
                f"({own['fewer'].sum() / first['fewer'].sum():.2f} of the first); "
            )
        )
        print(
            f"{way:17} expected {own['expected'].mean():.2f}; cells off by "
            f"{own['off'].sum() / first['expected'].sum():.3f} of it; {saves}lost: cells "
            f"{lost[0]:.3f}, organisations {lost[1]:.3f} nats",
            flush=True,
        )


def at_year_18(plant: Plant) -> World:
    """Cut a world at the end of year 18: who uses what by then, and who may come to."""
    cases, onset = plant.cases, plant.onset
    # Nobody is there before the entry, and whoever leaves within two years is not asked about.
    asked = (onset > NOW) & (cases.entry <= NOW) & (cases.exit >= NOW + AHEAD)
    users = (onset <= NOW) & (cases.stays >= NOW)
    seen = replace(cases, end=NOW, exit=np.minimum(cases.exit, NOW), stays=cases.stays)
    return World(replace(plant, cases=seen), link_cases(seen, plant.read), asked, users)


def told(world: World) -> dict[str, dict[str, float] | float]:
    """Tell the two years to come in each way, and score them.

    Args:
        world: as it is at the end of year 18.

    Returns:
        By way `expected`, `off` (summed over territories and classes), `fewer`, and the sums of
        log probabilities of what came `by_cell` and `by_organisation`; and `came`.
    """
    came = world.asked & (world.plant.onset <= NOW + AHEAD)
    cells = int(world.cell.max()) + 1
    seen = np.bincount(world.cell[came], minlength=cells)
    chances = {way: chance(world, way, 1.0) for way in WAYS}
    at = world.asked
    first = np.bincount(world.cell[at], chances[WAYS[0]][at], cells)
    found: dict[str, dict[str, float] | float] = {"came": float(came.sum())}
    for way, one in chances.items():
        by = np.bincount(world.cell[at], one[at], cells)
        p = np.clip(np.where(came, one, 1.0 - one)[at], 1e-12, 1.0)
        mean = np.maximum(by, 1e-12)
        found[way] = {
            "expected": float(by.sum()),
            "off": float(np.abs(by - first).sum()),
            "fewer": float(by.sum() - chance(world, way, 1.0 - CUT)[at].sum()),
            "by_cell": float((seen * np.log(mean) - mean).sum()),
            "by_organisation": float(np.log(p).sum()),
        }
    return found


def chance(world: World, way: str, factor: float) -> Floats:
    """The chance of a first use within two years of each case, shape (n,).

    Args:
        world: as it is at the end of year 18.
        way: one of `WAYS`.
        factor: on the strength of ties.
    """
    if way == WAYS[0]:
        return _by_organisation(world, factor)
    if way == WAYS[-1]:
        return _without_ties(world, factor)
    return _by_cell(world, factor, within={WAYS[2]: WITHIN, WAYS[3]: 0.0}.get(way))


def _by_organisation(world: World, factor: float) -> Floats:
    hazard = world.plant.hazard
    slowed = Hazard(hazard.outside, hazard.strength * factor)
    cases = world.plant.cases
    onset = np.where(world.users, world.plant.onset, np.inf)
    # Only those who are asked about may come to use it, and they stay.
    cases = replace(cases, exit=np.where(world.asked, NOW, NOW - 1.0))
    until = np.array([NOW + AHEAD])
    return chance_of_use(cases, world.links, slowed, onset, until, steps=STEPS)[0, 0]


def _without_ties(world: World, factor: float) -> Floats:
    """The first way's mean, at one factor over the rate outside for everybody."""
    whole = _by_organisation(world, factor)
    outside = world.plant.hazard.outside[0, :, 0] * AHEAD
    at = world.asked
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        less = -np.expm1(-middle * outside[at]).sum() < whole[at].sum()
        low, high = (middle, high) if less else (low, middle)
    return np.asarray(-np.expm1(-low * outside))


def _by_cell(world: World, factor: float, *, within: float | None) -> Floats:
    """The mean exposure of a territory, whose users are a share of its organisations."""
    matrix = _between(world, within)
    cases = world.plant.cases
    territories = len(cases.territories)
    outside = np.zeros((territories, CLASSES))
    outside[cases.territory, cases.technology] = world.plant.hazard.outside[0, :, 0]
    asked, users = _counts(world, world.asked), _counts(world, world.users)
    used = np.zeros((territories, CLASSES))
    there = np.maximum(asked + users, 1.0)
    for _ in range(STEPS):
        share = (users + asked * used) / there
        rate = outside + factor * world.strength * (matrix @ share)
        used = used + (1.0 - used) * -np.expm1(-rate * AHEAD / STEPS)
    return np.asarray(used[cases.territory, cases.technology])


def _counts(world: World, which: npt.NDArray[np.bool_]) -> Floats:
    shape = (len(world.plant.cases.territories), CLASSES)
    return np.bincount(world.cell[which], minlength=shape[0] * CLASSES).reshape(shape) * 1.0


def _between(world: World, within: float | None) -> Floats:
    """Ties of an organisation asked about in each territory to those who are there in each other
    one, on average; with `within` as many, of which so large a part stays in the territory."""
    cases, links = world.plant.cases, world.links
    size = len(cases.territories)
    there = world.asked | world.users
    mine = (links.channel == CHANNELS.index("ties")) & there[links.source]
    mine &= world.asked[links.target]
    ends = cases.territory[links.target[mine]] * size + cases.territory[links.source[mine]]
    sums = np.bincount(ends, links.weight[mine], size * size).reshape(size, size)
    asked = np.bincount(cases.territory[world.asked], minlength=size)
    mean = sums / np.maximum(asked, 1.0)[:, None]
    if within is None:
        return np.asarray(mean)
    known = [int(name) if name else -1 for name in cases.territories]
    near = within * np.eye(size) + (1.0 - within) * neighbour_shares(known)
    return np.asarray(mean.sum(1, keepdims=True) * near)


def where_ties_lead(world: World) -> str:
    """How many ties stay in a territory, cross a land border, or lead farther."""
    read, cases = world.plant.read, world.plant.cases
    place = np.zeros(len(cases.actors), np.int64)
    place[cases.actor] = cases.territory
    mine = read.channel == CHANNELS.index("ties")
    one, two = place[read.source[mine]], place[read.target[mine]]
    known = [int(name) if name else -1 for name in cases.territories]
    beside = neighbour_shares(known)[one, two] > 0
    return (
        f"{mine.sum()} ties: {np.mean(one == two):.2f} within a territory, {beside.mean():.2f} "
        f"over a land border, {np.mean((one != two) & ~beside):.2f} farther"
    )


if __name__ == "__main__":
    main()
