"""Cascades against theory: layers of random networks, each component needing its counterparts.

For n fully coupled Erdős–Rényi layers of mean degree k, of which one loses a share 1 - p of its
components at random, the mutually working share P solves P = p (1 - exp(-k P))^n (Buldyrev et al.
2010, Nature 464; Gao et al. 2011, Physical Review Letters 107).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.bench.kept import run_seeds
from tocsin.plan.networks import Services, find_working

CASES = (
    (2, 4.0, 0.62), (2, 4.0, 0.70), (2, 4.0, 0.80), (4, 5.0, 0.69), (4, 5.0, 0.71), (4, 5.0, 0.90),
)  # fmt: skip
"""Layers, mean degree, and the share that is left, of the published points."""
JUMPS = ((2, 4.0), (3, 5.0), (4, 5.0))
"""Layers and mean degree for which the jump is looked for; with one layer there is none."""
FEWER = 5
"""Looking for a jump runs some ten cascades, so it is done on a fifth of the networks."""


def couple_layers(layers: int, degree: float, size: int, rng: np.random.Generator) -> Services:
    """Build random layers of the same size, each component needing its counterpart in the next.

    Args:
        layers: how many.
        degree: the mean number of lines at a component.
        size: components a layer.
        rng: where chance comes from.

    Returns:
        The networks; component i of layer l is number l * size + i.
    """
    parts = []
    for layer in range(layers):
        count = int(rng.poisson(size * degree / 2))
        pairs = rng.integers(0, size, (count, 2))
        parts.append(pairs[pairs[:, 0] != pairs[:, 1]] + layer * size)
    ends = np.concatenate(parts)
    each = np.arange(layers * size)
    following = (each + size) % (layers * size)
    needs = np.concatenate([np.column_stack([each, following]), np.column_stack([following, each])])
    nodes = layers * size
    return Services(
        tuple(f"layer {number}" for number in range(layers)), ("all",),
        each // size, np.zeros(nodes, np.int64), np.ones(nodes), np.zeros(nodes),
        np.zeros(nodes, bool), ends, np.full(len(ends), np.inf), needs if layers > 1 else needs[:0],
    )  # fmt: skip


def working_share(
    layers: int, degree: float, left: float, size: int, rng: np.random.Generator
) -> float:
    """Take components of one layer away by chance, and count what still works.

    Args:
        layers: how many layers.
        degree: the mean number of lines at a component.
        left: the share of the first layer's components that is left.
        size: components a layer.
        rng: where chance comes from.

    Returns:
        The share of a layer's components that works, from 0 to 1.
    """
    services = couple_layers(layers, degree, size, rng)
    whole = np.ones(services.nodes, bool)
    whole[:size] = rng.random(size) < left
    return float(find_working(services, whole)[:size].mean())


def jump(layers: int, degree: float, size: int, rng: np.random.Generator) -> float:
    """Find the share left at which what works falls to nothing, in one network.

    Components of the first layer fail in one order, so that fewer left is always a part of more.

    Args:
        layers: how many layers, at least two.
        degree: the mean number of lines at a component.
        size: components a layer.
        rng: where chance comes from.

    Returns:
        The share, to within 0.0005.
    """
    services = couple_layers(layers, degree, size, rng)
    order = rng.random(size)
    at = critical(layers) / degree
    # At the jump the working share falls from this to 0; half of it tells the two apart.
    half = expected_share(layers, degree, at * 1.0001) / 2
    low, high = at * 0.9, at * 1.1
    whole = np.ones(services.nodes, bool)
    while high - low > 0.0005:
        middle = (low + high) / 2
        whole[:size] = order < middle
        works = float(find_working(services, whole)[:size].mean())
        low, high = (low, middle) if works > half else (middle, high)
    return (low + high) / 2


def expected_share(layers: int, degree: float, left: float) -> float:
    """Solve the published equation for the share that works.

    Args:
        layers: how many layers.
        degree: the mean degree.
        left: the share that is left, p.

    Returns:
        Its largest solution, by iteration from above; 0 where there is none but 0.

    >>> [round(expected_share(2, 4.0, p), 5) for p in (0.62, 0.70, 0.80)]
    [0.36887, 0.55762, 0.70884]
    >>> [round(expected_share(4, 5.0, p), 5) for p in (0.69, 0.71, 0.90)]
    [0.0, 0.52807, 0.84965]
    """
    share = 1.0
    for _ in range(1_000_000):
        after = left * (1.0 - math.exp(-degree * share)) ** layers
        if abs(after - share) < 1e-13:
            break
        share = after
    return 0.0 if share < 1e-6 else share


def critical(layers: int) -> float:
    """Solve for the critical share, times the mean degree.

    Args:
        layers: how many layers.

    Returns:
        The mean degree times the share below which nothing works: 1, 2.4554, 3.0891 and 3.5089
        for 1 to 4 layers.

    >>> [round(critical(n), 4) for n in (1, 2, 3, 4)]
    [1.0, 2.4554, 3.0891, 3.5089]
    """
    if layers == 1:
        return 1.0
    # At the jump both sides touch: with x = k P, k p = x / (1 - exp(-x))^n is least.
    low, high = 1e-6, 20.0

    def slope(x: float) -> float:
        return 1.0 - math.exp(-x) - layers * x * math.exp(-x)

    low = 0.5
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return low / (1.0 - math.exp(-low)) ** layers


def measure_cascades(
    *,
    size: int = 100_000,
    networks: int = 50,
    seed: int = 0,
    kept: Path | None = None,
    on_done: Callable[[str], None] | None = None,
    workers: int = 1,
) -> dict[str, Any]:
    """Measure cascades against theory.

    Args:
        size: components a layer.
        networks: how many networks each point is the mean of.
        seed: start of all random numbers.
        kept: a file in which each network's result is kept, so that a stopped measure goes on.
        on_done: is told what is done.
        workers: processes.

    Returns:
        `size`, `networks` and `jump_networks`; `critical_N` for one to four layers (the critical
        share times the mean degree); for each published point, such as `layers_4_left_0.71`, its
        `…_expected`, `…_mean` and `…_error`, and the standard error of the mean, `…_mean_error`;
        and for each of `JUMPS` the same of the share left at the jump, `layers_4_jump_…`, whose
        error is a share of what is expected.
    """
    few = max(networks // FEWER, 1)
    tasks: list[tuple[str, float, int, Callable[[np.random.Generator], float]]] = [
        (f"layers_{layers}_left_{left:.2f}", expected_share(layers, degree, left), networks,
         partial(working_share, layers, degree, left, size))
        for layers, degree, left in CASES
    ]  # fmt: skip
    tasks += [
        (f"layers_{layers}_jump", critical(layers) / degree, few,
         partial(jump, layers, degree, size))
        for layers, degree in JUMPS
    ]  # fmt: skip
    found: dict[str, Any] = {"size": size, "networks": networks, "jump_networks": few}
    found |= {f"critical_{layers}": round(critical(layers), 4) for layers in (1, 2, 3, 4)}
    for place, (name, expected, count, run) in enumerate(tasks):
        first = place * 1_000
        one = partial(_one, run, seed, size)
        rows = run_seeds(one, range(first, first + count), kept, workers=workers)
        shares = np.array([row["share"] for row in rows])
        error = shares.mean() - expected
        found |= {
            f"{name}_expected": round(expected, 5),
            f"{name}_mean": round(float(shares.mean()), 5),
            f"{name}_mean_error": round(float(shares.std(ddof=1) / math.sqrt(count)), 5)
            if count > 1
            else None,
            f"{name}_error": round(float(error / expected if "jump" in name else error), 5),
        }
        if on_done:
            on_done(f"Cascades: {place + 1} of {len(tasks)} points and jumps")
    return found


def _one(
    run: Callable[[np.random.Generator], float], seed: int, size: int, number: int
) -> dict[str, Any]:
    return {"share": run(np.random.default_rng([seed, size, number]))}
