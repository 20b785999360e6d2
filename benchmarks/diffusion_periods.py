"""One-network worlds told by period: the network's share at one instant, and within the period.

    python benchmarks/diffusion_periods.py

Twelve worlds of 50 nodes, by the quick fit. In the first rows a world without steps is told by
period; in the next ones the world itself goes by steps, and only users of earlier steps expose.
The last lines count in how many of six worlds, told in ten periods and ended after eight, the
network is said to matter if controls take the middles of the periods, or one draw from within.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.diffusion.answer.controls import Given, compare_controls
from tocsin.anticipate.diffusion.hazard.design import draw_onsets, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.em import fit_em
from tocsin.anticipate.diffusion.hazard.latent import settle_onsets
from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.anticipate.diffusion.tables.periods import spread_periods
from tocsin.bench.diffusion.plants import Plant, plant_one_network

WORLDS, FIRST, STRENGTH = 12, 10_000, 5.0
Told = tuple[Plant, npt.NDArray[np.float64], float]
"""A world, its first uses as they are told, and the network's true share."""


def main() -> None:
    """Print a line for each kind of world, and the verdicts."""
    kinds = {f"told in {n} periods": told_by_period(n) for n in (10, 20, 50)}
    kinds["told exactly"] = told_by_period(None)
    kinds |= {f"made in steps of {base}": made_in_steps(base) for base in (0.06, 0.03, 0.01, 0.001)}
    for name, worlds in kinds.items():
        rows = [
            (len(np.unique(onset)), alone(onset), true, share(plant, onset), *spread(plant, onset))
            for plant, onset, true in worlds
        ]
        times, shared, true, instant, within, by_rates = np.mean(rows, axis=0)
        print(
            f"{name}: {times:.1f} times, {shared:.0%} share theirs, true {true:.3f}, at one "
            f"instant {instant:.3f}, within {within:.3f}, by the rates {by_rates:.3f}",
            flush=True,
        )
    verdicts()


def told_by_period(count: int | None) -> Iterator[Told]:
    """Worlds without steps, each told by so many periods; exactly for None."""
    for seed in range(WORLDS):
        plant = plant_one_network(FIRST + seed, strength=STRENGTH)
        yield plant, in_periods(plant.onset, count), float(plant.share[0])


def in_periods(onset: npt.NDArray[np.float64], count: int | None) -> npt.NDArray[np.float64]:
    """The number of the period in which each first use lies."""
    return onset if count is None else np.ceil(onset / onset.max() * count)


def made_in_steps(base: float) -> Iterator[Told]:
    """Worlds that go by steps, with so large a rate a step outside the network."""
    for seed in range(WORLDS):
        plant = plant_one_network(FIRST + seed)
        random, onset, parts, step = np.random.default_rng(seed), np.full(50, np.inf), [], 0
        tied = np.zeros((50, 50))
        tied[plant.read.source, plant.read.target] = 1.0
        while not np.isfinite(onset).all():
            step += 1
            carried = STRENGTH * (np.isfinite(onset) @ tied)
            chance = -np.expm1(-base * (1.0 + carried))
            new = (random.random(50) < chance) & ~np.isfinite(onset)
            parts += list((carried / (1.0 + carried))[new])
            onset[new] = step
        yield plant, onset, float(np.mean(parts))


def alone(onset: npt.NDArray[np.float64]) -> float:
    """The part of the first uses that share their time with another."""
    _, of, count = np.unique(onset, return_inverse=True, return_counts=True)
    return float((count[of] > 1).mean())


def share(plant: Plant, onset: npt.NDArray[np.float64]) -> float:
    """The network's share if each first use lies at its time."""
    return fitted(plant, read_cases(plant.adoptions.with_columns(time=pl.Series(onset))), 1)


def spread(plant: Plant, onset: npt.NDArray[np.float64]) -> tuple[float, float]:
    """The share if each lies within the period that ends with its time: evenly, by the rates."""
    width = np.diff(np.unique(onset)).min()
    bounds = plant.adoptions.drop("time").with_columns(
        pl.Series("from", onset - width), pl.Series("to", onset)
    )
    cases = read_cases(bounds)
    return fitted(plant, cases, 10), fitted(plant, cases, 10, by_rates=True)


def fitted(plant: Plant, cases: Cases, draws: int, *, by_rates: bool = False) -> float:
    """The mean share over draws of the first uses, by the quick fit."""
    links, random = link_cases(cases, plant.read), np.random.default_rng(1)
    onsets = [draw_onsets(cases, random) for _ in range(draws)]
    if by_rates:
        onsets = settle_onsets(cases, links, onsets, channels=1, random=random)
    designs = [make_design(cases, links, onset, channels=1) for onset in onsets]
    return float(np.mean([fit_em(design).share.sum() for design in designs]))


def verdicts() -> None:
    """Count how often the network is said to matter."""
    for kind in ("contagion", "the same times in a random order"):
        shown = {"middles": 0, "a draw": 0}
        for seed in range(6):
            plant = plant_one_network(FIRST + seed)
            onset = plant.onset
            if kind != "contagion":
                onset = np.random.default_rng(seed).permutation(onset)
            time = in_periods(onset, 10)
            table = plant.adoptions.with_columns(
                time=pl.Series(np.where(time > 8, np.nan, time)).fill_nan(None)
            )
            cases = spread_periods(read_cases(table, end=8.0))
            links = link_cases(cases, plant.read)
            middle = np.where(cases.adopts, (cases.low + cases.high) / 2, np.inf)
            for name, when in (
                ("middles", middle),
                ("a draw", draw_onsets(cases, np.random.default_rng(3))),
            ):
                given = Given(cases, plant.read, links, when)
                shown[name] += compare_controls(given, seed=1).shown
        print(f"{kind}, said to matter in 6: {shown}", flush=True)


if __name__ == "__main__":
    main()
