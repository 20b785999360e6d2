"""Scores of a backtest, put together by window, horizon, region or case."""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.anticipate.evaluation.scores import pit_histogram, pit_in_interval

METRICS = ("crps", "crps_log", "ign", "mis")
GROUPS = ("horizon", "region", "case")


def breakdown(rows: pl.DataFrame, by: str | None = None, *, pooled: bool = False) -> pl.DataFrame:
    """Compute mean scores by window and model, of all rows or by one of `GROUPS`.

    Args:
        rows: rows of scores of any windows and models, as `backtest.score_window` gives them.
        by: a column of `GROUPS`; its values get rows of their own.
        pooled: True if all windows are put together, in which each row weighs the same.

    Returns:
        The columns `window` (not if pooled), `model`, `benchmark`, the group, `n` (rows), the mean
        scores, `coverage` (share in the closed 90 % interval) and `pit_coverage` (the same, fair to
        counts).
    """
    inside = pit_in_interval(rows["pit_low"].to_numpy(), rows["pit_high"].to_numpy())
    keys = [*([] if pooled else ["window"]), "model", "benchmark", *([by] if by else [])]
    return (
        rows.with_columns(pl.Series("inside", inside))
        .group_by(keys, maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("n"),
            *[pl.col(metric).mean() for metric in METRICS],
            pl.col("covered").mean().alias("coverage"),
            pl.col("inside").mean().alias("pit_coverage"),
        )
    )


def pits(rows: pl.DataFrame, *, bins: int = 10) -> pl.DataFrame:
    """Compute the PIT histogram of each model in each window.

    Equal bars show a calibrated forecast. High bars at both ends show forecasts that are too
    narrow, high bars in the middle forecasts that are too wide, and a high last bar forecasts
    that miss escalation.

    Args:
        rows: as `backtest.score_window` gives, of any windows and models.
        bins: how many bins of equal width divide 0 to 1.

    Returns:
        Columns `window, model, bin` (the lower edge of the bin) and `share` (of the PIT in it).

    Source: Czado, Gneiting and Held (2009), Predictive model assessment for count data, Biometrics
    65.
    """
    found = []
    for (window, model), part in rows.group_by("window", "model", maintain_order=True):
        shares = pit_histogram(part["pit_low"].to_numpy(), part["pit_high"].to_numpy(), bins=bins)
        edges = np.linspace(0, 1, bins + 1)[:-1]
        found.append(
            pl.DataFrame({"bin": edges.round(6), "share": shares}).select(
                pl.lit(window).alias("window"), pl.lit(model).alias("model"), "bin", "share"
            )
        )
    return pl.concat(found)
