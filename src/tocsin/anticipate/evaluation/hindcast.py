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
from tocsin.anticipate.models.network import fit_size
from tocsin.base import cache

KIND = "hindcasts"
OCTOBER = 10


def origin_before(year: int) -> date:
    """Give the origin of a window: the last month that may be known when a year is forecast.

    It is the October before, as in the VIEWS prediction challenge of 2023/24, because forecasts of
    a year must be made and handed in before it begins.

    Args:
        year: the calendar year that is forecast.

    Returns:
        The first day of the October before.

    >>> origin_before(2022)
    datetime.date(2021, 10, 1)
    """
    return date(year - 1, OCTOBER, 1)


def hindcast(
    known: Panel, name: str, model: Model, *, horizon: int, draws: int, seed: int
) -> Matrix:
    """Forecast, as a model would have done at a past origin.

    The result of a costly model is kept between processes, and read the next time (see the top
    of this module). It is the same, bit for bit, whether it is computed or read.

    Args:
        known: the history as it was known at the origin, from `Panel.upto`; N units. Its last
            month is the origin.
        name: the name of the model.
        model: the model, as `tocsin.anticipate.models.baselines` describes one.
        horizon: how many months after the origin are forecast, H.
        draws: draws a unit and month, S. Some benchmarks give fewer.
        seed: start of the random numbers of the model.

    Returns:
        Sorted draws, in deaths a month, of shape (N, H, S).

    Raises:
        MissingExtra: the model needs a library that is not installed.
        PluginFailed: the model is another package's, and failed.
    """

    def compute() -> Matrix:
        return predict(model, known, horizon, draws, seed=seed)

    costly = registry.REGISTRY.get(name) is model and name not in MODELS
    if not costly or known.taught_by is not None:
        return compute()
    key = _key(known) | {"model": name, "horizon": horizon, "draws": draws, "seed": seed}
    # Whole deaths up to 16 million are exact in single precision.
    held = cache.remember(KIND, key, lambda: {"draws": compute().astype(np.float32)})
    return np.asarray(held["draws"], dtype=np.float64)


def _key(known: Panel) -> dict[str, Any]:
    return {
        "deaths": hashlib.sha256(np.ascontiguousarray(known.deaths).tobytes()).hexdigest(),
        "units": [known.gwnos, known.territories],
        "first": str(known.months[0]),
        "networks": fit_size(),
        "code": cache.code(Path(__file__).parents[1]),
    }
