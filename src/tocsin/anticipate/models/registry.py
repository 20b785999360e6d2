"""The models by name: what `tocsin forecast` and `tocsin backtest` can be asked for.

A new model is one file of the shape of `baselines.py` and one line here. Another package adds one
by an entry point (docs/extend.md). A model is named rather than passed where work crosses to
another process.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.models.baselines import Model, last_twelve, negative_binomial, zero_inflated
from tocsin.anticipate.models.benchmarks import BENCHMARKS
from tocsin.anticipate.models.forest import forest
from tocsin.anticipate.models.network import network
from tocsin.anticipate.models.pool import pool
from tocsin.anticipate.models.recency import recency
from tocsin.base.registry import Door, Entry

REGISTRY: dict[str, Model] = {
    "last twelve months": last_twelve,
    "negative binomial": negative_binomial,
    "zero-inflated": zero_inflated,
    "forest": forest,
    "recency": recency,
    "network": network,
    "pool": pool,
}
"""Each takes a panel, horizon H and draws S, and gives sorted draws of shape (N, H, S)."""

FORECASTER = "pool"
"""The model that forecasts. Chosen on the windows 2010 to 2017: docs/methods/forecasts.md."""


GROUP = "tocsin.forecasters"


def find_model(name: str) -> Model:
    """Find the model of that name, tocsin's own or another package's.

    Args:
        name: the name of the model.

    Returns:
        A function of a history, a horizon and a number of draws.

    Raises:
        UsageError: no model has that name; the error tells the nearest name and lists all of them.
        PluginFailed: another package offers it, and it cannot be loaded.

    >>> find_model("zero-inflated").__name__
    'zero_inflated'
    """
    return FORECASTERS.find(name)


@dataclass(frozen=True)
class Guest:
    """This is a model of another package: its history is a copy, and its draws are checked.

    Calling it gives what every model gives. Draws that are not sorted are sorted.

    Raises:
        PluginFailed: the model raised, or did not give finite counts of shape (N, H, S).
    """

    entry: Entry
    model: Model

    def __call__(self, history: Panel, horizon: int, draws: int) -> Matrix:
        lent = replace(history, deaths=history.deaths.copy())
        with self.entry.blamed():
            given = np.asarray(self.model(lent, horizon, draws))
        wanted = (len(history.gwnos), horizon, draws)
        if given.dtype.kind not in "iuf":
            raise self.entry.failure("gave no array of numbers")
        found = np.sort(given.astype(np.float64), axis=-1) if given.ndim else given
        if found.shape != wanted:
            raise self.entry.failure(
                f"gave draws of shape {found.shape}; units, months and draws are {wanted}"
            )
        if not (np.isfinite(found).all() and (found >= 0).all()):
            raise self.entry.failure("gave draws that are no counts (negative, infinite, missing)")
        return found


def admit(entry: Entry, loaded: Any) -> Model:
    """Take what a package offers as a model.

    Args:
        entry: the entry point, by which errors name the package.
        loaded: what the entry point gave.

    Returns:
        The model, whose draws are checked at each call.

    Raises:
        PluginFailed: it cannot be called.
    """
    if not callable(loaded):
        raise entry.failure("is no function of a history, a number of months and of draws")
    return Guest(entry, loaded)


FORECASTERS: Door[Model] = Door(
    kind="forecaster",
    group=GROUP,
    own=REGISTRY,
    admit=admit,
    meaning="forecasts counts of countries (or any other units) by month, as draws",
    reserved=tuple(BENCHMARKS),
)
"""Where a model of countries is found by its name."""
