"""The hindcast: what a model would have said at a past origin, knowing nothing later.

One function serves the track record and the backtest (a year forecast from the October before)
and the replay of alerts (every month). What a costly model of tocsin's own said is kept between
processes (`tocsin.base.cache`) under all that decides it: the counts that were known, the model,
the months and draws asked for, the seed, the size of the networks and the code.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.models import registry
from tocsin.anticipate.models.baselines import MODELS, Model, predict
from tocsin.anticipate.models.network import size
from tocsin.base import cache

KIND = "hindcasts"
OCTOBER = 10


def origin_before(year: int) -> date:
    """The last month that may be known when a year is forecast: the October before.

    As in the VIEWS prediction challenge: forecasts for a year must be made, and handed in,
    before it begins.

    >>> origin_before(2022)
    datetime.date(2021, 10, 1)
    """
    return date(year - 1, OCTOBER, 1)


def hindcast(
    known: Panel, name: str, model: Model, *, horizons: int, draws: int, seed: int
) -> Matrix:
    """Sorted draws of what a model says after a history's last month.

    Args:
        known: the history as it was known at the origin (`Panel.upto`).
        name, model: the model and what it is called.
        horizons: months ahead, H.
        draws: draws S a unit and month; some benchmarks give fewer.
        seed: start of the model's random numbers.

    Returns:
        Shape (N, H, S).
    """

    def compute() -> Matrix:
        return predict(model, known, horizons, draws, seed=seed)

    costly = registry.REGISTRY.get(name) is model and name not in MODELS
    if not costly or known.taught_by is not None:
        return compute()
    key = _key(known) | {"model": name, "horizons": horizons, "draws": draws, "seed": seed}
    # Whole deaths up to 16 million are exact in single precision.
    held = cache.remembered(KIND, key, lambda: {"draws": compute().astype(np.float32)})
    return np.asarray(held["draws"], dtype=np.float64)


def _key(known: Panel) -> dict[str, Any]:
    return {
        "deaths": hashlib.sha256(np.ascontiguousarray(known.deaths).tobytes()).hexdigest(),
        "units": [known.gwnos, known.territories],
        "first": str(known.months[0]),
        "networks": size(),
        "code": cache.code(Path(__file__).parents[1]),
    }
