"""An example of a package that adds to tocsin: a forecaster and an export.

Nothing of tocsin is changed; `pyproject.toml` names both as entry points.
"""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.share.exports import Brief


def seasonal(history: Panel, horizon: int, draws: int) -> Matrix:
    """The same calendar month of earlier years, each as likely as the others.

    Args:
        history: N units by T months; a count that is not known is NaN.
        horizon: how many months after the last known one are forecast, H.
        draws: draws S.

    Returns:
        Sorted draws of shape (N, H, S).
    """
    levels = (np.arange(draws) + 0.5) / draws
    found = np.zeros((len(history.gwnos), horizon, draws))
    for step in range(horizon):
        month = (history.months[-1].month + step) % 12 + 1
        same = [t for t, day in enumerate(history.months) if day.month == month]
        for unit, counts in enumerate(history.deaths[:, same]):
            known = counts[~np.isnan(counts)]
            if len(known):
                found[unit, step] = np.quantile(known, levels, method="inverted_cdf")
    return found


def lines(brief: Brief) -> dict[str, bytes]:
    """One line a territory and month: the chance of at least one death."""
    said = [
        f"{row['territory']} {row['month']:%Y-%m}: {row['p_any']:.0%}"
        for row in brief.tables["forecasts"].sort("territory", "month").iter_rows(named=True)
    ]
    return {"chances.txt": ("\n".join(said) + "\n").encode()}
