"""The watch over calibration: is the forecaster still what its record says?

Evidence against calibration is a wealth won by betting against it (e-values): each origin's
ranks of the truth (probability integral transforms) are uniform if the forecast is right, so
the mean over territories of any density on (0, 1), taken at the ranks, has expectation 1. The
wealth is the product over origins, averaged over a fixed set of beta densities, one for each
thing that can be wrong. By Ville's inequality a right forecaster's wealth ever reaches
1/ALPHA with a probability of at most ALPHA, however often one looks (Arnold, Henzi and Ziegel 2023,
Sequentially valid tests for forecast calibration, Annals of Applied Statistics 17; Vovk and
Wang 2021, E-values, Annals of Statistics 49). Territories may depend on each other in any way.

Forecasts h months ahead overlap unless their origins lie h months apart. So each horizon is
split into h sequences that do not overlap, and each has an equal share of ALPHA.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.data.panel import Matrix, months_between
from tocsin.schema import TABLES, conform, empty

ALPHA = 0.05
"""Chance, at most, that a forecaster that is right is ever called wrong."""
HORIZONS = (1, 3, 6)
"""Months ahead that are watched; each has an equal share of `ALPHA`."""
INFORMATIVE = 0.05
"""Least said probability of a death: where all is quiet, ranks are lots and tell nothing."""
BETS: dict[tuple[float, float], str] = {
    (0.5, 0.5): "too narrow",
    (0.75, 0.75): "too narrow",
    (1.5, 1.5): "too wide",
    (2.5, 2.5): "too wide",
    (1.0, 0.5): "too low",
    (1.2, 0.8): "too low",
    (0.5, 1.0): "too high",
    (0.8, 1.2): "too high",
}
"""Beta densities, and the fault of a forecast whose ranks lie so."""
RECENT = 12
"""Origins over which skill and coverage are told."""
_EPOCH = date(1970, 1, 1)


def calibration(scores: pl.DataFrame) -> pl.DataFrame:
    """The table `calibration`.

    Only what was said first and the truth as it first came count: a forecast made again
    later, or a revision, cannot undo a loss.

    Args:
        scores: the table `forecast_scores`, in the order written.
    """
    first = scores.filter(pl.col("revision") == 0).unique(
        ["target", "gwno", "origin", "month"], keep="first", maintain_order=True
    )
    rows = []
    for (target, horizon), part in first.group_by("target", "horizon", maintain_order=True):
        if horizon in HORIZONS:
            rows += _watched(part, str(target), int(horizon))
    if not rows:
        return empty(TABLES["calibration"])
    frame = pl.DataFrame(rows, infer_schema_length=None).sort("target", "horizon", "origin")
    return conform(TABLES["calibration"], frame)


def _watched(part: pl.DataFrame, target: str, horizon: int) -> list[dict[str, Any]]:
    limit = len(HORIZONS) * horizon / ALPHA
    wealth = np.ones((horizon, len(BETS)))
    recent: list[dict[str, Any]] = []
    found, lost = [], False
    for (origin,), now in part.sort("origin", "gwno").group_by("origin", maintain_order=True):
        turn = months_between(_EPOCH, origin) % horizon
        heard = now.filter(pl.col("p_any") >= INFORMATIVE)["pit"].to_numpy()
        if heard.size:
            wealth[turn] *= odds(heard)
        evidence = float(wealth.mean(axis=1).max())
        lost = lost or evidence >= limit
        told = _told(now)
        recent = [*recent, told][-RECENT:]
        worst = np.unravel_index(int(wealth.argmax()), wealth.shape)[1]
        found.append(
            {
                "target": target,
                "horizon": horizon,
                "origin": origin,
                **{name: told[name] for name in ("n", "crps", "crps_last_12")},
                **_over(recent),
                "evidence": evidence,
                "limit": limit,
                "lost": lost,
                "fault": list(BETS.values())[int(worst)] if lost else "",
                "source": "betting on the ranks of the truth",
            }
        )
    return found


def odds(ranks: Matrix) -> Matrix:
    """What each bet pays on one origin's ranks: expectation 1 if they are uniform.

    Args:
        ranks: shape (..., n), in (0, 1).

    Returns:
        Shape (len(BETS), ...).
    """
    from scipy.stats import beta

    # At the very ends the densities are endless; cut there, the bets pay less, never more.
    inner = np.clip(ranks, 1e-4, 1 - 1e-4)
    return np.stack([beta.pdf(inner, a, b).mean(axis=-1) for a, b in BETS])


def _told(now: pl.DataFrame) -> dict[str, Any]:
    both = now.drop_nulls("crps_last_12")
    return {
        "n": now.height,
        "crps": float(now["crps"].mean()),  # type: ignore[arg-type]
        "crps_last_12": both["crps_last_12"].mean(),
        "both": both["crps"].mean(),
        "covered": float(now["covered"].mean()),  # type: ignore[arg-type]
    }


def _over(recent: list[dict[str, Any]]) -> dict[str, Any]:
    pairs = [(r["both"], r["crps_last_12"]) for r in recent if r["crps_last_12"] is not None]
    ours, theirs = sum(p[0] for p in pairs), sum(p[1] for p in pairs)
    return {
        "skill": 1 - ours / theirs if theirs > 0 else None,
        "coverage": float(np.mean([r["covered"] for r in recent])),
    }
