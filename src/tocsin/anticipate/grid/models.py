"""Models and benchmarks of cells by name; each has the shape of those of `anticipate.models`."""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.baselines import Model
from tocsin.anticipate.benchmarks import twelve, zero
from tocsin.anticipate.forest import Rules, groves
from tocsin.anticipate.grid.around import known_of_cells
from tocsin.anticipate.grid.smoothed import smoothed
from tocsin.anticipate.panel import Matrix, Panel
from tocsin.errors import UsageError
from tocsin.schema.cell import rings

RULES = Rules(first=6, enough=200, most=150_000)


def last_twelve_ring(history: Panel, horizons: int, draws: int) -> Matrix:
    """The last twelve months of a cell and of the eight around it, each as likely."""
    near, _ = rings(np.array(history.gwnos))
    year = history.deaths[:, -12:]
    levels = (np.arange(draws) + 0.5) / draws
    found = np.zeros((len(year), draws))
    for i in range(len(year)):
        pool = np.concatenate([year[i], year[near[i]].ravel()])
        pool = np.sort(pool[~np.isnan(pool)])
        if pool.size:
            found[i] = pool[(levels * pool.size).astype(int)]
    return np.repeat(found[:, None], horizons, axis=1)


def forest(history: Panel, horizons: int, draws: int) -> Matrix:
    """A distributional forest over cells (Mittermaier et al. 2025, arXiv 2512.06210).

    Horizons with too few cases are left to `smoothed`.
    """
    known, scale = known_of_cells(history)
    found = smoothed(history, horizons, draws)
    for grove in groves(history, known, scale, horizons, RULES):
        for h in grove.horizons:
            found[:, h - 1] = grove.draws(h, known[:, -1], scale[:, -1], draws)
    return found


def pool(history: Panel, horizons: int, draws: int) -> Matrix:
    """Linear pool of `forest` and `smoothed`, half of the draws each."""
    half = draws // 2
    parts = [forest(history, horizons, half), smoothed(history, horizons, draws - half)]
    return np.sort(np.concatenate(parts, axis=-1), axis=-1)


BENCHMARKS: dict[str, Model] = {
    "exactly zero": zero,
    "last twelve months": twelve,
    "last twelve, ring": last_twelve_ring,
}
REGISTRY: dict[str, Model] = {"smoothed": smoothed, "forest": forest, "pool": pool}
DEFAULT = "pool"
"""Chosen on the Central African Republic's windows 2009 to 2014."""


def find_model(name: str) -> Model:
    """The model of cells of that name.

    Raises:
        UsageError: no model of cells is called so.
    """
    if name not in REGISTRY:
        known = ", ".join(f"'{known}'" for known in REGISTRY)
        raise UsageError(f"No model of cells is called '{name}'.", remedy=f"Choose among {known}.")
    return REGISTRY[name]
