"""How sure a difference of scores is: a paired bootstrap over blocks of countries.

Months of one country hang together, so whole countries are drawn, with all of their months and
windows, and both forecasts are scored on the same draw (paired). What remains uncertain is
which countries the world would have held; one war in a window makes the interval wide, as it
should be (Efron and Tibshirani 1993, An introduction to the bootstrap, chapter 8).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.data.panel import Matrix
from tocsin.anticipate.evaluation.breakdown import METRICS

REPEATS = 2000
ALL = "all"


def differences(
    rows: pl.DataFrame, *, seed: int, repeats: int = REPEATS, block: str = "country"
) -> pl.DataFrame:
    """Compare each model with each benchmark, by window and score, with 90 % intervals.

    The intervals come from a bootstrap that draws whole blocks of rows.

    Args:
        rows: rows of scores, as `tocsin.anticipate.evaluation.backtest.score_window` gives them.
        seed: start of the random numbers that draw blocks; the same seed gives the same bits.
        repeats: how many times blocks are drawn.
        block: the column that says which rows belong together.

    Returns:
        Columns `window` (as text; 'all': the mean over windows), `model, against, metric,
        difference, difference_low, difference_high, ratio, ratio_low, ratio_high, p_better`:
        the model's mean score less the benchmark's, and divided by it; below 0 and below 1 are
        better; `p_better` is the share of the draws in which the model is.
    """
    countries = rows[block].unique().sort().to_list()
    windows = rows["window"].unique().sort().to_list()
    even = np.full(len(countries), 1 / len(countries))
    drawn = np.random.default_rng(seed).multinomial(len(countries), even, repeats)
    # The first row of weights is the world as it was.
    weights = np.vstack([np.ones(len(countries)), drawn.astype(float)])
    kinds = rows.select("model", "benchmark").unique(maintain_order=True)
    models = kinds.filter(~pl.col("benchmark"))["model"].to_list()
    against = kinds.filter("benchmark")["model"].to_list()
    found = []
    for metric in METRICS:
        means = {
            name: _means(
                rows.filter(pl.col("model") == name).rename({block: "unit"}),
                metric,
                countries,
                windows,
                weights,
            )
            for name in models + against
        }
        for model in models:
            for other in against:
                for row in _compare_windows(means[model], means[other], windows):
                    names = {"window": row.pop("window"), "model": model, "against": other}
                    found.append(names | {"metric": metric} | row)
    return pl.DataFrame(found, schema=_SCHEMA)


_SCHEMA = {
    **dict.fromkeys(("window", "model", "against", "metric"), pl.String),
    **dict.fromkeys(("difference", "difference_low", "difference_high"), pl.Float64),
    **dict.fromkeys(("ratio", "ratio_low", "ratio_high", "p_better"), pl.Float64),
}


def _means(
    rows: pl.DataFrame, metric: str, countries: list[str], windows: list[int], weights: Matrix
) -> Matrix:
    """Mean score in each draw of countries and window, shape (1 + repeats, W)."""
    sums, counts = (np.zeros((len(countries), len(windows))) for _ in range(2))
    place = {country: i for i, country in enumerate(countries)}
    column = {window: w for w, window in enumerate(windows)}
    grouped = rows.group_by("unit", "window").agg(pl.col(metric).sum(), pl.len().alias("n"))
    for country, window, total, n in grouped.iter_rows():
        sums[place[country], column[window]] = total
        counts[place[country], column[window]] = n
    return np.asarray((weights @ sums) / np.maximum(weights @ counts, 1e-12))


def _compare_windows(model: Matrix, other: Matrix, windows: list[int]) -> Iterator[dict[str, Any]]:
    difference = model - other
    # Two scores of nothing but zeros are equal.
    undefined = np.where(model > 0, np.inf, 1.0)
    ratio = np.where(other > 0, model / np.where(other > 0, other, 1.0), undefined)
    parts = [(str(window), difference[:, w], ratio[:, w]) for w, window in enumerate(windows)]
    parts.append((ALL, difference.mean(1), ratio.mean(1)))
    for window, apart, share in parts:
        yield {
            "window": window,
            "difference": float(apart[0]),
            "difference_low": _at(apart[1:], 0.05),
            "difference_high": _at(apart[1:], 0.95),
            "ratio": float(share[0]),
            "ratio_low": _at(share[1:], 0.05),
            "ratio_high": _at(share[1:], 0.95),
            "p_better": float((apart[1:] < 0).mean()),
        }


def _at(values: Matrix, level: float) -> float:
    """A quantile that is one of the values: a ratio to a score of zero is infinite."""
    return float(np.quantile(values, level, method="inverted_cdf"))
