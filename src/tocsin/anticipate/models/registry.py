"""The models by name: what `tocsin forecast` and `tocsin backtest` can be asked for.

A new model is one file of the shape of `baselines.py` and one line here. A model is named
rather than passed where work crosses to another process.
"""

from __future__ import annotations

from tocsin.anticipate.models.baselines import Model, last_twelve, negative_binomial, zero_inflated
from tocsin.anticipate.models.forest import forest
from tocsin.anticipate.models.network import network
from tocsin.anticipate.models.pool import pool
from tocsin.anticipate.models.recency import recency
from tocsin.errors import UsageError

REGISTRY: dict[str, Model] = {
    "last twelve months": last_twelve,
    "negative binomial": negative_binomial,
    "zero-inflated": zero_inflated,
    "forest": forest,
    "recency": recency,
    "network": network,
    "pool": pool,
}
"""Each takes a panel, horizons H and draws S, and gives sorted draws of shape (N, H, S)."""

FORECASTER = "pool"
"""The model that forecasts. Chosen on the windows 2010 to 2017: docs/methods/forecasts.md."""


def find_model(name: str) -> Model:
    """The model of that name.

    Raises:
        UsageError: no model is called so; the error lists those that are.

    >>> find_model("zero-inflated").__name__
    'zero_inflated'
    """
    if name not in REGISTRY:
        known = ", ".join(f"'{known}'" for known in REGISTRY)
        raise UsageError(f"No model is called '{name}'.", remedy=f"Choose among {known}.")
    return REGISTRY[name]
