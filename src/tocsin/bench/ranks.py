"""Calibration by simulation: whether true values lie anywhere among a posterior's draws alike.

A parameter's true value has to lie anywhere among the draws of its posterior with the same chance
(Talts and others 2018, arXiv 1804.06788). Whether it does is read off the distribution of its
ranks, with bands that hold for the whole curve (Säilynoja, Bürkner and Vehtari 2022, Statistics and
Computing 32).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
RANKED = 99
"""Draws of the posterior among which the true value has its rank."""
FAMILY = 0.05
"""The chance with which any curve of a family leaves its band although all is well."""


def rank(true: float, drawn: Floats, random: np.random.Generator) -> float:
    """Tell where a true value lies among draws, from 0 to 1, ties broken by chance.

    Args:
        true: the value.
        drawn: shape (S,).
        random: source of random numbers; it is moved on.
    """
    below, alike = (drawn < true).sum(), (drawn == true).sum()
    return float((below + random.random() * (alike + 1)) / (len(drawn) + 1))


def judge_ranks(rows: pl.DataFrame) -> dict[str, float]:
    """Tell whether the ranks of all quantities stay within bands that hold for all of them.

    Args:
        rows: a row for each world, with the rank of each quantity from 0 to 1 under `rank_…`.

    Returns:
        `runs`, `quantities`, `outside` (quantities whose curve leaves its band), `band` (its half
        width), and for each quantity, under `off_…`, the furthest that its curve is from even.
    """
    names = [name for name in rows.columns if name.startswith("rank_")]
    low, high = band(rows.height, FAMILY / len(names))
    grid = np.arange(1, len(low) + 1) / len(low)
    out = {"runs": float(rows.height), "quantities": float(len(names)), "outside": 0.0}
    out["band"] = float(np.max(high - low) / 2)
    for name in names:
        curve = np.searchsorted(np.sort(rows[name].to_numpy()), grid, side="right") / rows.height
        outside = bool(((curve < low - 1e-9) | (curve > high + 1e-9)).any())
        out["outside"] += float(outside)
        out[name.replace("rank_", "off_")] = float(np.abs(curve - grid).max())
    return out


@cache
def band(count: int, level: float, *, points: int = 50) -> tuple[Floats, Floats]:
    """Compute the band that the empirical distribution of even ranks leaves with a given chance.

    Args:
        count: how many ranks there are.
        level: the chance with which the curve leaves the band anywhere.
        points: at how many evenly spaced points the curve is looked at.

    Returns:
        The lower and the upper end at each point, each of shape (points,).

    Source: Säilynoja, Bürkner and Vehtari (2022), Statistics and Computing 32, by simulation.
    """
    from scipy.stats import binom

    grid = np.arange(1, points + 1) / points
    random = np.random.default_rng(1)
    made = np.stack(
        [
            np.searchsorted(np.sort(random.random(count)), grid, side="right")
            for _ in range(max(2000, int(40 / level)))
        ]
    )
    # How unlikely the unlikeliest point of each made curve is; two-sided.
    tails = 2 * np.minimum(binom.cdf(made, count, grid), binom.sf(made - 1, count, grid))
    gamma = float(np.quantile(tails.min(1), level))
    return binom.ppf(gamma / 2, count, grid) / count, binom.isf(gamma / 2, count, grid) / count
