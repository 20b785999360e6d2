"""Enforcement: published cases, brute force on small networks, certified gaps on large ones."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tocsin.bench.kept import run_seeds
from tocsin.plan.enforcement import (
    Limits,
    Network,
    choose,
    choose_large,
    greatest_flow,
    read_network,
    shortest_way,
)
from tocsin.plan.enforcement.exact import Measure

WAYS = ("S-B", "S-C", "C-B", "B-E", "C-D", "D-E")
"""The ways of the small network by which both measures are checked."""
GRIDS = 10**6
"""Results of grids are kept under numbers from here on, those of small networks below."""


def small_case() -> Network:
    """Build the network of six ways, with its capacities and lengths."""
    table = pl.DataFrame({
        "source": [way[0] for way in WAYS], "target": [way[2] for way in WAYS],
        "capacity": [10.0, 70.0, 30.0, 100.0, 40.0, 50.0], "lawful": [0.0] * 6,
        "illicit": [None] * 6, "cost": [1.0] * 6, "length": [10.0, 2.0, 2.0, 1.0, 7.0, 8.0],
    })  # fmt: skip
    return read_network(table, "S", "E")


def random_case(rng: np.random.Generator) -> Network:
    """Build a network of five to seven places and at most eleven ways by chance.

    Args:
        rng: where chance comes from.

    Returns:
        The network; some ways cannot be controlled, and half of the networks are undirected.
    """
    nodes = int(rng.integers(5, 8))
    while True:
        pairs = [(a, b) for a in range(nodes) for b in range(nodes) if a != b]
        chosen = rng.permutation(len(pairs))[: int(rng.integers(6, 12))]
        rows = [
            {
                "source": str(pairs[one][0]), "target": str(pairs[one][1]),
                "capacity": float(rng.integers(0, 20)), "lawful": float(rng.integers(0, 9)),
                "cost": None if rng.random() < 0.15 else float(rng.integers(1, 6)),
                "length": float(rng.integers(1, 20)),
            }
            for one in chosen
        ]  # fmt: skip
        table = pl.DataFrame(rows, schema_overrides={"cost": pl.Float64})
        try:
            return read_network(table, "0", str(nodes - 1), undirected=bool(rng.random() < 0.5))
        # Chance made no way from one end to the other: it is asked again.
        except Exception:
            continue


def brute_force(network: Network, budget: float, measure: Measure) -> float:
    """Try every set of controls within a budget.

    Args:
        network: a small network.
        budget: what controls may cost.
        measure: 'flow' or 'way'.

    Returns:
        The least flow, or the longest shortest way, that any of them leaves.
    """
    can = np.flatnonzero(np.isfinite(network.cost))
    found = []
    for size in range(len(can) + 1):
        for some in itertools.combinations(can, size):
            if network.cost[list(some)].sum() <= budget:
                closed = np.zeros(network.edges, dtype=bool)
                closed[list(some)] = True
                found.append(
                    greatest_flow(network, closed)[0]
                    if measure == "flow"
                    else shortest_way(network, closed)
                )
    return min(found) if measure == "flow" else max(found)


def grid_case(seed: int, side: int = 70) -> Network:
    """Build a grid of about 10,000 ways between a side and the other.

    Args:
        seed: start of all random numbers.
        side: places along each edge of the grid.

    Returns:
        The network: capacities 1 to 100, costs 1 to 10 by chance; the ways to both ends are free
        and cannot be controlled.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for row, column in itertools.product(range(side), range(side)):
        here = f"{row},{column}"
        if column + 1 < side:
            rows.append((here, f"{row},{column + 1}"))
        if row + 1 < side:
            ends = (here, f"{row + 1},{column}")
            rows.append(ends if rng.random() < 0.5 else ends[::-1])
    capacity: list[float] = [float(one) for one in rng.integers(1, 101, len(rows))]
    cost: list[float | None] = [float(one) for one in rng.integers(1, 11, len(rows))]
    for row in range(side):
        rows += [("from", f"{row},0"), (f"{row},{side - 1}", "to")]
        capacity += [100.0 * side] * 2
        cost += [None, None]
    table = pl.DataFrame({
        "source": [one for one, _ in rows], "target": [two for _, two in rows],
        "capacity": capacity, "cost": cost,
    })  # fmt: skip
    return read_network(table, "from", "to")


def measure_enforcement(
    *,
    cases: int = 500,
    grids: int = 20,
    budget: float = 60,
    seconds: float = 60,
    kept: Path | None = None,
    on_done: Callable[[str], None] = lambda _words: None,
) -> dict[str, Any]:
    """Measure targeted enforcement.

    Args:
        cases: how many small networks are compared with brute force, half for each measure.
        grids: how many grids of about 10,000 ways are solved.
        budget: what controls on a grid may cost.
        seconds: how long a grid may take.
        kept: a file in which each result is kept, so that a stopped measure goes on.
        on_done: is told what is done.

    Returns:
        `flow_by_cuts` and `way_by_cuts` of the small case, `cases`, `cases_equal`, `grids`,
        `grids_certified` (within 1 %), `grids_certified_in_time` (and within `seconds`),
        `grid_gaps`, `grid_ways` and `grid_seconds`.
    """
    small = small_case()
    found: dict[str, Any] = {
        "flow_by_cuts": [choose(small, Limits(cuts)).value for cuts in (0, 1, 2)],
        "way_by_cuts": [choose(small, Limits(cuts), measure="way").value for cuts in (0, 1)],
    }

    def small_one(number: int) -> dict[str, Any]:
        rng = np.random.default_rng([0, number])
        measure: Measure = "flow" if number % 2 else "way"
        network, limit = random_case(rng), float(rng.integers(0, 12))
        mine = choose(network, Limits(limit), measure=measure).value
        best = brute_force(network, limit, measure)
        return {"equal": bool(mine == best or abs(mine - best) <= 1e-6 * max(1.0, abs(best)))}

    def grid(number: int) -> dict[str, Any]:
        network = grid_case(number - GRIDS)
        started = time.perf_counter()
        gap = choose_large(network, budget, gap=0.01, seconds=seconds).gap
        took = time.perf_counter() - started
        return {"ways": network.edges, "gap": gap, "seconds": took}

    on_done("Enforcement: small networks")
    equal = run_seeds(small_one, range(cases), kept)
    large = run_seeds(
        grid, range(GRIDS, GRIDS + grids), kept,
        lambda number: on_done(f"Enforcement: {number - GRIDS + 1} of {grids} grids"),
    )  # fmt: skip
    sure = [row for row in large if row["gap"] <= 0.01]
    return found | {
        "cases": cases,
        "cases_equal": sum(row["equal"] for row in equal),
        "grids": grids,
        "grid_ways": large[0]["ways"] if large else 0,
        "grids_certified": len(sure),
        "grids_certified_in_time": sum(row["seconds"] <= seconds for row in sure),
        "grid_gaps": [round(row["gap"], 5) for row in large],
        "grid_seconds": [round(row["seconds"], 1) for row in large],
    }
