"""Models and benchmarks of cells by name; each has the shape of those of `anticipate.models`."""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.grid.around import cell_features
from tocsin.anticipate.grid.smoothed import smoothed
from tocsin.anticipate.models.baselines import DEFAULT_SEED, Model, last_twelve
from tocsin.anticipate.models.benchmarks import last_twelve_around, last_twelve_exact, zero
from tocsin.anticipate.models.forest import ForestRules, fit_forests
from tocsin.anticipate.models.registry import admit
from tocsin.base.moved import old_parameters
from tocsin.base.registry import Door
from tocsin.schema.geography.prio_grid import rings

RULES = ForestRules(first=6, enough=200, most=150_000)


@old_parameters(horizons="horizon")
def last_twelve_ring(history: Panel, horizon: int, draws: int) -> Matrix:
    """Forecast a cell by its and its eight neighbours' last twelve months, each month as likely.

    Args:
        history: a panel from `grid_panel`, N cells.
        horizon: how many months after the last known one are forecast, H.
        draws: draws a cell and month, S.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S).

    Source: the benchmarks of the VIEWS prediction challenge (Hegre et al. 2025).
    """
    near, _ = rings(np.array(history.gwnos))
    return last_twelve_around(history, near, horizon, draws)


@old_parameters(horizons="horizon")
def forest(history: Panel, horizon: int, draws: int, *, seed: int = DEFAULT_SEED) -> Matrix:
    """A distributional forest over cells (Mittermaier et al. 2025, arXiv 2512.06210).

    The forest learns what followed months like this one, in all cells and years. Horizons with too
    few training examples are left to `smoothed`.

    Args:
        history: a panel from `grid_panel`, N cells.
        horizon: how many months after the last known one are forecast, H.
        draws: draws a cell and month, S.
        seed: start of all random numbers.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S).

    Raises:
        MissingExtra: scikit-learn is not installed.

    Source: Mittermaier et al. (2025), arXiv 2512.06210.
    """
    known, scale = cell_features(history)
    found = smoothed(history, horizon, draws, seed=seed)
    for grove in fit_forests(history, known, scale, horizon, RULES, seed=seed):
        for h in grove.horizons:
            found[:, h - 1] = grove.draws(h, known[:, -1], scale[:, -1], draws)
    return found


@old_parameters(horizons="horizon")
def pool(history: Panel, horizon: int, draws: int, *, seed: int = DEFAULT_SEED) -> Matrix:
    """A third of the draws each from `smoothed`, the cell's last year, and its ring's.

    This function puts the draws of three models together. What happened lately is hard to beat
    (Hegre et al. 2025), but it is certain of peace where the year was quiet; `smoothed` knows how
    often that is wrong.

    Args:
        history: a panel from `grid_panel`, N cells.
        horizon: how many months after the last known one are forecast, H.
        draws: draws a cell and month, S.
        seed: start of the random numbers of `smoothed`.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S).

    Source: Stone (1961), The opinion pool, Annals of Mathematical Statistics 32.
    """
    third = draws // 3
    parts = [
        smoothed(history, horizon, draws - 2 * third, seed=seed),
        last_twelve(history, horizon, third),
        last_twelve_ring(history, horizon, third),
    ]
    return np.sort(np.concatenate(parts, axis=-1), axis=-1)


BENCHMARKS: dict[str, Model] = {
    "exactly zero": zero,
    "last twelve months": last_twelve_exact,
    "last twelve, ring": last_twelve_ring,
}
REGISTRY: dict[str, Model] = {"smoothed": smoothed, "forest": forest, "pool": pool}
DEFAULT = "pool"
"""Chosen on windows that are not reported: docs/methods/forecasts-grid.md."""


def find_model(name: str) -> Model:
    """Find the model of cells of that name, tocsin's own or another package's.

    Args:
        name: the name of the model.

    Returns:
        A function of a history, a horizon and a number of draws.

    Raises:
        UsageError: no model of cells is called so.
        PluginFailed: another package offers it, and it cannot be loaded.
    """
    return CELL_FORECASTERS.find(name)


CELL_FORECASTERS: Door[Model] = Door(
    kind="forecaster of cells",
    group="tocsin.cell_forecasters",
    own=REGISTRY,
    admit=admit,
    meaning="forecasts counts of PRIO-GRID cells by month, as draws",
    reserved=tuple(BENCHMARKS),
)
"""Where a model of cells is found by its name."""
