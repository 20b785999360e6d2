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
"""Least forecast probability of a death. Where a death is less likely, the rank of a zero is
almost all chance, and says nothing of the forecast."""
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
    """Test, origin by origin, whether the issued forecasts are still calibrated.

    The method is described at the top of this module. Of each territory, origin and month only
    the first forecast and its first truth count. A forecast that is made again later, or a truth
    that is revised, cannot undo a loss of calibration.

    Args:
        scores: the table `forecast_scores`, its rows in the order in which they were written.

    Returns:
        The table `calibration`: a row a target, horizon (of `HORIZONS`, in months) and origin,
        with the evidence against calibration so far, the limit at which it is lost, and, once it
        is lost, in which way the forecasts are wrong. Empty if no such horizon has been scored.
    """
    first = scores.filter(pl.col("revision") == 0).unique(
        ["target", "gwno", "origin", "month"], keep="first", maintain_order=True
    )
    rows = []
    for (target, horizon), part in first.group_by("target", "horizon", maintain_order=True):
        if horizon in HORIZONS:
            rows += _watch(part, str(target), int(horizon))
    if not rows:
        return empty(TABLES["calibration"])
    frame = pl.DataFrame(rows, infer_schema_length=None).sort("target", "horizon", "origin")
    return conform(TABLES["calibration"], frame)


def _watch(part: pl.DataFrame, target: str, horizon: int) -> list[dict[str, Any]]:
    limit = len(HORIZONS) * horizon / ALPHA
    wealth = np.ones((horizon, len(BETS)))
    recent: list[dict[str, Any]] = []
    found, lost = [], False
    for (origin,), now in part.sort("origin", "gwno").group_by("origin", maintain_order=True):
        turn = months_between(_EPOCH, origin) % horizon
        heard = now.filter(pl.col("p_any") >= INFORMATIVE)["pit"].to_numpy()
        if heard.size:
            wealth[turn] *= bet_payoffs(heard)
        evidence = float(wealth.mean(axis=1).max())
        lost = lost or evidence >= limit
        told = _recent_scores(now)
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


def bet_payoffs(ranks: Matrix) -> Matrix:
    """Compute the payoff of each bet on the ranks of one origin.

    A payoff is the mean of a beta density over the ranks. If the forecast is calibrated the ranks
    are uniform, and the expectation of each payoff is 1 (an e-value: Vovk and Wang 2021).

    Args:
        ranks: shape (..., n), the rank of the truth in each of n territories, between 0 and 1.

    Returns:
        Shape (len(BETS), ...), in the order of `BETS`; 1 or more numbers that are at least 0.

    Source: Vovk and Wang (2021), E-values: Calibration, combination and applications, Annals of
    Statistics 49.

    >>> bet_payoffs(np.linspace(0.005, 0.995, 100)).round(1).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    from scipy.stats import beta

    # At the very ends the densities are endless; cut there, the bets pay less, never more.
    inner = np.clip(ranks, 1e-4, 1 - 1e-4)
    return np.stack([beta.pdf(inner, a, b).mean(axis=-1) for a, b in BETS])


def _recent_scores(now: pl.DataFrame) -> dict[str, Any]:
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
