"""The entries of the forecast ledger, and their scores when the truth arrives."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.data.panel import Matrix
from tocsin.anticipate.evaluation.scores import crps, in_interval
from tocsin.schema import TABLES, conform, empty

QUANTILES = 200
"""Quantiles kept of each forecast: CRPS and ranks as good as those of the track record."""
BENCHMARK_MONTHS = 12


def ledger_entries(
    drawn: pl.DataFrame, series: pl.DataFrame, *, issue: str, issued_at: str
) -> pl.DataFrame:
    """Make the entries of the forecast ledger for the forecasts of one run.

    An entry keeps `QUANTILES` quantiles of a forecast, and the counts of the twelve months to its
    origin, with which a simple benchmark is scored later.

    Args:
        drawn: the table `forecast_draws`.
        series: the table `series` that the forecasts knew.
        issue: the id of the run.
        issued_at: when the run began, in UTC, as ISO 8601.

    Returns:
        The table `forecast_ledger`, with a row for each row of `drawn`.
    """
    levels = (np.arange(QUANTILES) + 0.5) / QUANTILES
    kept = [
        np.quantile(draws.to_numpy(), levels, method="inverted_cdf").tolist()
        for draws in drawn["draws"]
    ]
    past = (
        series.sort("month")
        .join(drawn.select("gwno", "target", "origin").unique(), on=["gwno", "target"])
        .filter(
            pl.col("month") <= pl.col("origin"),
            pl.col("month") > pl.col("origin").dt.offset_by(f"-{BENCHMARK_MONTHS}mo"),
        )
        .group_by("gwno", "target")
        .agg(pl.col("deaths").cast(pl.Float64).alias("last_12"))
    )
    span = 12 * (pl.col("month").dt.year() - pl.col("origin").dt.year())
    rows = (
        drawn.with_columns(pl.Series("quantiles", kept, dtype=pl.List(pl.Float64)))
        .drop("draws")
        .join(past, on=["gwno", "target"], how="left", maintain_order="left")
        .with_columns(
            pl.col("last_12").fill_null([]),
            (span + pl.col("month").dt.month() - pl.col("origin").dt.month()).alias("horizon"),
            pl.lit(issue).alias("issue"),
            pl.lit(issued_at).alias("issued_at"),
        )
    )
    return conform(TABLES["forecast_ledger"], rows)


def score_entries(
    ledger: pl.DataFrame, scores: pl.DataFrame, series: pl.DataFrame, *, scored_at: str
) -> pl.DataFrame:
    """Score the entries of the forecast ledger whose truth has arrived.

    An entry is scored once against a truth. If that truth has been revised since, the entry is
    scored once more, under the next number of `revision`.

    Args:
        ledger: the table `forecast_ledger`.
        scores: the table `forecast_scores` so far.
        series: the truth; where it stands twice, the row written last counts.
        scored_at: the time of scoring, in UTC, as ISO 8601.

    Returns:
        The new rows of the table `forecast_scores`, to be appended to `scores`; there is none if
        nothing new has arrived. `crps` is in deaths (lower is better).
    """
    key = ["issue", "target", "gwno", "month"]
    truth = series.unique(["gwno", "month", "target"], keep="last").select(
        "gwno",
        "month",
        "target",
        pl.col("deaths").cast(pl.Float64).alias("truth"),
        pl.col("source").alias("truth_source"),
    )
    before = scores.group_by(key).agg(
        pl.col("truth").sort_by("revision").last().alias("said_truth"),
        (pl.col("revision").max() + 1).alias("next"),
    )
    due = (
        ledger.drop("source", "issued_at")
        .join(truth, on=["gwno", "month", "target"], maintain_order="left")
        .join(before, on=key, how="left", maintain_order="left")
        .filter(pl.col("said_truth").is_null() | (pl.col("said_truth") != pl.col("truth")))
        .with_columns(pl.col("next").fill_null(0).alias("revision"))
    )
    if due.is_empty():
        return empty(TABLES["forecast_scores"])
    rows = due.with_columns(_score_columns(due)).drop("quantiles", "last_12", "said_truth", "next")
    marks = (pl.lit(scored_at).alias("scored_at"), pl.lit("scored when the truth came"))
    return conform(TABLES["forecast_scores"], rows.with_columns(marks[0], marks[1].alias("source")))


def _score_columns(due: pl.DataFrame) -> list[pl.Series]:
    said = np.array(due["quantiles"].to_list())
    truth = due["truth"].to_numpy()
    benchmark = [
        float(crps(np.array([past]), np.array([came]))[0]) if len(past) else None
        for past, came in zip(due["last_12"].to_list(), truth.tolist(), strict=True)
    ]
    ties = np.array([_lot(row) for row in due.select(_NAMES).iter_rows()])
    return [
        pl.Series("p_any", (said >= 1).mean(axis=1)),
        pl.Series("crps", np.maximum(crps(said, truth), 0)),
        pl.Series("crps_log", np.maximum(crps(np.log1p(said), np.log1p(truth)), 0)),
        pl.Series("crps_last_12", benchmark, dtype=pl.Float64),
        pl.Series("pit", randomised_pit(said, truth, ties)),
        pl.Series("covered", in_interval(said, truth) == 1),
    ]


_NAMES = ("issue", "target", "gwno", "month")


def _lot(row: tuple[Any, ...]) -> float:
    """A number in (0, 1) for one forecast: the same each time, and nothing else's."""
    digest = hashlib.sha256("|".join(map(str, row)).encode()).digest()
    return (int.from_bytes(digest[:6], "big") + 0.5) / 2**48


def randomised_pit(said: Matrix, truth: Matrix, ties: Matrix) -> Matrix:
    """Compute the randomised probability integral transform (PIT) of counts.

    It is the rank of the truth among the draws, as a share of all ranks. If the forecast is
    calibrated, it is uniform between 0 and 1.

    Args:
        said: shape (n, S), quantiles or draws of n forecasts.
        truth: shape (n,), the counts that came.
        ties: shape (n,), uniform numbers between 0 and 1, which place the truth among draws that
            are equal to it.

    Returns:
        Shape (n,), between 0 and 1.

    Source: Czado, Gneiting and Held (2009), Predictive model assessment for count data, Biometrics
    65.

    >>> randomised_pit(np.array([[0.0, 1.0, 2.0]]), np.array([1.0]), np.array([0.5])).tolist()
    [0.5]
    """
    below = (said < truth[:, None]).sum(axis=1)
    equal = (said == truth[:, None]).sum(axis=1)
    return np.asarray((below + ties * (equal + 1)) / (said.shape[1] + 1))
