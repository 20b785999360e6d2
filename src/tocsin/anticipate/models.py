"""The models by name: what `tocsin forecast` and `tocsin backtest` can be asked for.

A new model is one file of the shape of `baselines.py` and one line here. A model is named
rather than passed where work crosses to another process.
"""

from __future__ import annotations

from tocsin.anticipate.baselines import MODELS, Model, last_twelve, negative_binomial, zero_inflated
from tocsin.anticipate.forest import forest, pool
from tocsin.anticipate.panel import Panel
from tocsin.anticipate.track import record
from tocsin.errors import UsageError

REGISTRY: dict[str, Model] = {
    "last twelve months": last_twelve,
    "negative binomial": negative_binomial,
    "zero-inflated": zero_inflated,
    "forest": forest,
    "pool": pool,
}
"""Each takes a panel, horizons H and draws S, and gives sorted draws of shape (N, H, S)."""


def choose(history: Panel, horizon: int) -> str:
    """The name of the model that `tocsin forecast` uses on this history.

    It is the baseline with the best record on the years before the history's end; where the
    history is too short to score any, the one that says least beyond it. Conflictology is left
    out: after a year of one known month it would be certain.
    """
    wide = {name: model for name, model in MODELS.items() if model is not last_twelve}
    scored = record(history, wide, min(horizon, 14))
    return "zero-inflated" if scored.is_empty() else str(scored.filter("chosen")["model"][0])


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
