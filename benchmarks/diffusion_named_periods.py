"""First uses that are told by month, quarter or year, beside ties and exits by their days.

    python benchmarks/diffusion_named_periods.py

Forty worlds of 60 organisations whose ties hold for some months each, and who leave on some day.
Each is read as its owner has it: all by days; first uses by month, quarter or year; the first day
of the month in its place, as a spreadsheet has it; and ties by month, too. A line for each way: the
mean over worlds of the network's share by the quick fit and of what it is off, with its standard
error. Written before the first run: where months stand for themselves the share is as with days,
within 0.02.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.diffusion.hazard.design import draw_onsets, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.em import fit_em
from tocsin.anticipate.diffusion.hazard.latent import settle_onsets
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.periods import spread_periods
from tocsin.anticipate.diffusion.tables.ties import join_spells, read_ties

WORLDS, NODES, TIES, DRAWS = 40, 60, 400, 10
DAYS, BASE, STRENGTH, LEAVES, HOLDS = 1500.0, 1 / 5000, 1 / 250, 1 / 4000, 120.0
"""Days watched; rates a day outside the network, over a tie, and of leaving; days a tie holds."""
BEGIN = date(2014, 1, 15)
Array = npt.NDArray[np.float64]
World = tuple[Array, Array, pl.DataFrame, float]


def main() -> None:
    """Print a line for each way of telling."""
    worlds = [make(seed) for seed in range(WORLDS)]
    ways: dict[str, tuple[Callable[[float], str], Callable[[float], str]]] = {
        "days": (as_day, as_day),
        "months": (as_month, as_day),
        "first days of months": (lambda t: f"{as_month(t)}-01", as_day),
        "quarters": (as_quarter, as_day),
        "months, ties too": (as_month, as_month),
        "quarters, ties too": (as_quarter, as_quarter),
    }
    for name, (first, tie) in ways.items():
        for how in ("evenly", "by the rates"):
            even = how == "evenly"
            found = np.array([share(world, first, tie, even=even) for world in worlds])
            off = found - [world[3] for world in worlds]
            error = off.std(ddof=1) / np.sqrt(WORLDS)
            print(
                f"{name}, {how}: share {found.mean():.3f}, off by {off.mean():+.3f} "
                f"({error:.3f}), mean absolute error {np.abs(off).mean():.3f}",
                flush=True,
            )


def make(seed: int) -> World:
    """First uses, exits, ties and the network's true share of one world, times in days."""
    random = np.random.default_rng([219, seed])
    ends = random.integers(NODES, size=(TIES, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    since = random.uniform(-HOLDS, DAYS, len(ends))
    until = since + random.exponential(HOLDS, len(ends))
    leaves = random.exponential(1 / LEAVES, NODES)
    onset, parts, now, most = np.full(NODES, np.inf), [], 0.0, BASE + 8 * STRENGTH
    while True:
        now += random.exponential(1 / (NODES * most))
        if now > DAYS:
            break
        node = int(random.integers(NODES))
        if onset[node] <= now or leaves[node] <= now:
            continue
        user = (onset[ends[:, 0]] <= now) & (leaves[ends[:, 0]] > now)
        held = (since <= now) & (now <= until) & user & (ends[:, 1] == node)
        by = STRENGTH * held.sum()
        if random.random() * most < BASE + by:
            onset[node] = now
            parts.append(by / (BASE + by))
    table = pl.DataFrame(
        {"source": ends[:, 0], "target": ends[:, 1], "from": since, "to": np.minimum(until, DAYS)}
    )
    return onset, np.minimum(leaves, DAYS), table, float(np.mean(parts))


def share(
    world: World, first: Callable[[float], str], tie: Callable[[float], str], *, even: bool
) -> float:
    """The network's share by the quick fit, mean over draws of the first uses."""
    onset, leaves, ties, _ = world
    adoptions = pl.DataFrame(
        {
            "actor": [f"g{node}" for node in range(NODES)], "technology": "x",
            "time": [first(one) if np.isfinite(one) else "" for one in onset],
            "entry": as_day(0), "exit": [as_day(one) for one in leaves],
        }
    )  # fmt: skip
    told = pl.DataFrame(
        {
            "source": [f"g{one}" for one in ties["source"]],
            "target": [f"g{one}" for one in ties["target"]], "channel": "tie",
            "from": [tie(one) for one in ties["from"]], "to": [tie(one) for one in ties["to"]],
        }
    )  # fmt: skip
    cases = spread_periods(read_cases(adoptions))
    links, random = link_cases(cases, join_spells(read_ties(told, cases))), np.random.default_rng(1)
    onsets = [draw_onsets(cases, random) for _ in range(DRAWS)]
    if not even:
        onsets = settle_onsets(cases, links, onsets, channels=1, random=random)
    designs = [make_design(cases, links, onset, channels=1) for onset in onsets]
    return float(np.mean([fit_em(design).share.sum() for design in designs]))


def as_day(time: float) -> str:
    """A day."""
    return (BEGIN + timedelta(days=time)).isoformat()


def as_month(time: float) -> str:
    """A month, 2014-03."""
    return as_day(time)[:7]


def as_quarter(time: float) -> str:
    """A quarter, 2014-Q1."""
    year, month = as_day(time).split("-")[:2]
    return f"{year}-Q{(int(month) + 2) // 3}"


if __name__ == "__main__":
    main()
