"""One-network studies of other shapes: the answer beside a long run of NUTS on the same data.

    python benchmarks/diffusion_shapes.py ring tree
    python benchmarks/diffusion_shapes.py verdicts

Each has 50 nodes, in which the network carries about 0.8 of the first uses. Some of them end while
some have never used it, one has dates, one only the weeks between which a first use lies, one the
number of the period, and one years, of which the first holds the seeds. In one, ties have weights
and hold for a while only. The verdicts are of 25
studies in which everybody takes it up: with contagion, with the same times in a random order, and
on a ring along which rates go up and down without any contagion.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.diffusion import diffuse, read_cases, read_ties
from tocsin.anticipate.diffusion.answer.controls import Given, compare_controls
from tocsin.anticipate.diffusion.answer.shares import LEVELS, event_shares
from tocsin.anticipate.diffusion.hazard.design import draw_onsets, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.latent import settle_onsets
from tocsin.anticipate.diffusion.hazard.posterior import sample
from tocsin.anticipate.diffusion.tables.periods import spread_periods
from tocsin.bench.diffusion.plants import plant_one_network, spread_over

NODES, SHARE, BASE = 50, 0.8, 0.001
SEED = 7
ENDED = 0.84
"""Part of the first uses after which a study ends where some have never used it."""
WEEKS = 40
WIDE = 10
"""Nodes in a row of the grid."""
PERIODS = 20
REWIRED = 0.1
STUDIES = 25
ROUGH = 0.4
"""Standard deviation of the step from node to node of the log rate on the ring."""
NAMES = [f"node {i:02d}" for i in range(NODES)]
Ends = list[tuple[int, int]]
DIRECTED = ("tree", "scale-free")
ENDING = ("block", "tree", "grid", "two-blocks")
"""Studies that end while some have never used it."""
SPAN, HELD = 300.0, 150.0
"""Where ties are dated: how long such a study is watched, and how long a tie holds in the mean."""


def main(names: list[str]) -> None:
    """Print a line for each study."""
    for name in names:
        if name == "verdicts":
            verdicts()
            continue
        random = np.random.default_rng([SEED, list(SHAPES).index(name)])
        ends = np.array(SHAPES[name](random))
        directed = name in DIRECTED
        ties = tie_table(ends)
        if name == "dated":
            ties, onset, part = spread_over_dated(ends, random)
        else:
            strength = strength_of(ends, random, directed=directed)
            onset, part = spread_over(ends, NODES, BASE, strength, random, directed=directed)
        end = float(np.quantile(onset, ENDED)) if name in ENDING else None
        end = SPAN if name == "dated" else end
        table = written(name, onset, end)
        ordered = np.sort(onset)
        counted = ordered <= (np.inf if end is None else end)
        if name == "scale-free":
            counted &= ordered > ordered[-1] / PERIODS
        true = part[counted].mean()
        begin = time.process_time()
        answer = diffuse(table, ties, undirected=not directed, end=end)
        seconds = time.process_time() - begin
        [told] = answer.shares.filter(technology="all", channel="net").rows()
        long = long_run(table, ties, undirected=not directed, end=end)
        off = " ".join(f"{one - other:+.3f}" for one, other in zip(told[2:], long, strict=True))
        summary = answer.summary
        print(
            f"{name}: true {true:.3f}; told {shown(told[2:])} ({summary['sampler']['fit']}); "
            f"long NUTS {shown(long)}; off by {off}; shown {summary['shown']}; "
            f"{seconds:.1f} s of a processor",
            flush=True,
        )


def verdicts() -> None:
    """Count in how many studies that reached everybody the network is said to matter."""
    shown = {"contagion": 0, "the same times in a random order": 0, "alike on a ring": 0}
    for seed in range(STUDIES):
        random = np.random.default_rng(seed)
        plant = plant_one_network(10_000 + seed)
        ring = np.array(SHAPES["ring"](random))
        walk = ROUGH * np.cumsum(random.standard_normal(NODES))
        walk -= np.linspace(0.0, walk[-1], NODES)
        alike = random.exponential(np.exp(-walk) / BASE)
        ends = plant.ties.select(pl.col("source", "target").str.tail(2).cast(pl.Int64)).to_numpy()
        for name, onset, tied in (
            ("contagion", plant.onset, ends),
            ("the same times in a random order", random.permutation(plant.onset), ends),
            ("alike on a ring", alike, ring),
        ):
            cases = read_cases(pl.DataFrame({"actor": NAMES, "technology": "one", "time": onset}))
            read = read_ties(tie_table(tied), cases, undirected=True)
            given = Given(cases, read, link_cases(cases, read), cases.high)
            shown[name] += compare_controls(given, seed=seed).shown
    print(f"said to matter, of {STUDIES}: " + ", ".join(f"{k} {v}" for k, v in shown.items()))


def tie_table(ends: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Write ties as a user does."""
    source, target = ([NAMES[i] for i in side] for side in ends.T)
    return pl.DataFrame({"source": source, "target": target, "channel": "net"})


def strength_of(
    ends: npt.NDArray[np.int64], random: np.random.Generator, *, directed: bool
) -> float:
    """Find the strength with which the network carries about `SHARE`, by trying."""
    low, high = 0.01, 500.0
    for _ in range(12):
        middle = float(np.sqrt(low * high))
        tried = [
            spread_over(ends, NODES, BASE, middle, random, directed=directed)[1].mean()
            for _ in range(6)
        ]
        low, high = (middle, high) if np.mean(tried) < SHARE else (low, middle)
    return middle


def spread_over_dated(
    ends: npt.NDArray[np.int64], random: np.random.Generator
) -> tuple[pl.DataFrame, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Let one class spread over ties with weights that hold for a while only.

    Returns the ties as a user writes them, first uses, and the network's part of the rate at each
    of them, in their order; the strength is that of 14, a factor of 1.6 apart, of which the share
    within `SPAN` is nearest to `SHARE`.
    """
    weight = random.lognormal(0.0, 0.7, len(ends)).round(2)
    start = random.uniform(-HELD, SPAN, len(ends)).round(1)
    stop = (start + HELD * random.exponential(1.0, len(ends))).round(1)
    source, target = np.concatenate([ends, ends[:, ::-1]]).T
    both, begins, ceases = np.tile(weight, 2), np.tile(start, 2), np.tile(stop, 2)
    changes = np.unique(np.concatenate([start, stop]))
    made = []
    for strength in 1.6 ** np.arange(14):
        onset, now, part = np.full(NODES, np.inf), 0.0, []
        while not np.isfinite(onset).all():
            live = np.isfinite(onset[source]) & (begins <= now) & (now < ceases)
            over = BASE * strength * np.bincount(target, both * live, NODES)
            rate = np.where(np.isfinite(onset), 0.0, BASE + over)
            wait = random.exponential(1.0 / rate.sum())
            later = changes[changes > now]
            if len(later) and now + wait >= later[0]:
                now = float(later[0])
                continue
            now += wait
            node = random.choice(NODES, p=rate / rate.sum())
            onset[node] = now
            part.append(over[node] / rate[node])
        share = np.mean(np.array(part)[np.sort(onset) <= SPAN])
        made.append((abs(share - SHARE), onset, np.array(part)))
    _, onset, part = min(made, key=lambda one: one[0])
    table = tie_table(ends).with_columns(
        pl.Series("weight", weight), pl.Series("from", start), pl.Series("to", stop)
    )
    return table, onset, part


def written(name: str, onset: npt.NDArray[np.float64], end: float | None) -> pl.DataFrame:
    """Write first uses as a user might: as numbers, as dates, or as the week in which they lie."""
    seen = [float(time) if end is None or time <= end else None for time in onset]
    table: dict[str, Any] = {"actor": NAMES, "technology": "one"}
    if name == "preferential":
        first = date(2001, 3, 5)
        days = [first + timedelta(days=3 * time) for time in seen if time is not None]
        return pl.DataFrame(table | {"time": [day.isoformat() for day in days]})
    if name == "block" and end is not None:
        week = end / WEEKS
        low = [None if time is None else time // week * week for time in seen]
        high = [None if time is None else time + week for time in low]
        return pl.DataFrame(table | {"from": low, "to": high})
    if name == "small-world":
        seen = [float(one) for one in np.ceil(onset / onset.max() * PERIODS)]
    if name == "scale-free":
        seen = [1990.0 + float(one) for one in np.ceil(onset / onset.max() * PERIODS)]
    return pl.DataFrame(table | {"time": seen})


def long_run(
    table: pl.DataFrame, ties: pl.DataFrame, *, undirected: bool, end: float | None
) -> tuple[float, float, float]:
    """Share and ends of its interval by NUTS of many draws, over all imputations."""
    cases = spread_periods(read_cases(table, end=end))
    links = link_cases(cases, read_ties(ties, cases, undirected=undirected))
    random = np.random.default_rng(SEED)
    wide = bool((cases.high > cases.low).any())
    onsets = [draw_onsets(cases, random) for _ in range(20 if wide else 1)]
    if wide:
        onsets = settle_onsets(cases, links, onsets, channels=1, random=random)
    designs = [make_design(cases, links, onset, channels=1) for onset in onsets]
    found = sample(designs, seed=SEED, draws=1000 if wide else 5000, warmup=1000)
    drawn = np.concatenate(
        [event_shares(*one)[:, :, 0].mean(1) for one in zip(designs, found, strict=True)]
    )
    low, high = np.quantile(drawn, LEVELS)
    return float(drawn.mean()), float(low), float(high)


def shown(share: tuple[float, float, float]) -> str:
    """Write a share and its interval."""
    return f"{share[0]:.3f} ({share[1]:.3f} to {share[2]:.3f})"


def _preferential(random: np.random.Generator) -> Ends:
    ends: Ends = [(0, 1), (0, 2), (1, 2)]
    for new in range(3, NODES):
        stubs = [node for tie in ends for node in tie]
        chosen: set[int] = set()
        while len(chosen) < 2:
            chosen.add(int(random.choice(stubs)))
        ends += [(old, new) for old in sorted(chosen)]
    return ends


def _block(random: np.random.Generator) -> Ends:
    block = random.integers(0, 4, NODES)
    return _drawn(lambda i, j: 0.45 if block[i] == block[j] else 0.01, random)


def _small_world(random: np.random.Generator) -> Ends:
    """A ring of four neighbours, with one in ten ties rewired at random (Watts, Strogatz 1998)."""
    ends: set[tuple[int, int]] = set()
    for i, near in SHAPES["ring"](random):
        free = [j for j in range(NODES) if j != i and not {(i, j), (j, i)} & ends]
        ends.add((i, near if near in free and random.random() >= REWIRED else random.choice(free)))
    return sorted(ends)


def _drawn(chance: Callable[[int, int], float], random: np.random.Generator) -> Ends:
    return [(i, j) for i in range(NODES) for j in range(i) if random.random() < chance(i, j)]


SHAPES: dict[str, Callable[[np.random.Generator], Ends]] = {
    "ring": lambda _random: [(i, (i + step) % NODES) for i in range(NODES) for step in (1, 2)],
    "preferential": _preferential,
    "block": _block,
    "tree": lambda random: [(int(random.integers(max(0, i - 8), i)), i) for i in range(1, NODES)],
    "dense": lambda random: _drawn(lambda _i, _j: 0.5, random),
    "small-world": _small_world,
    "scale-free": _preferential,
    "star": lambda _random: [(0, i) for i in range(1, NODES)],
    "circle": lambda _random: [(i, (i + 1) % NODES) for i in range(NODES)],
    "grid": lambda _random: [
        (i, j)
        for i in range(NODES)
        for j in (i + 1, i + WIDE)
        if j < NODES and (j == i + WIDE or j % WIDE)
    ],
    "two-blocks": lambda random: _drawn(
        lambda i, j: 0.25 if (i < NODES // 2) == (j < NODES // 2) else 0.005, random
    ),
    "dated": _preferential,
}

if __name__ == "__main__":
    main(sys.argv[1:] or list(SHAPES))
