"""Forecast models under the challenge's rules, as a share of each window's best benchmark.

Example: python benchmarks/forecasts.py 2018 2022 network pool

Models may be named after the years, else five are scored. The two years are the first and the
last window. Choices were made on windows before 2018 only (`benchmarks/forecast_courses.py`, which
cannot read a later month); 2018 to 2022 are for reporting. Then: how much the 90 % interval of the
forecaster would cover if its forecasts were true, and does cover.
"""

from __future__ import annotations

import sys
import time
from datetime import date

import numpy as np
import polars as pl

from tocsin.anticipate import backtest_table
from tocsin.anticipate.data.history import history_of
from tocsin.anticipate.evaluation.backtest import METRICS, ratios
from tocsin.anticipate.evaluation.breakdown import breakdown
from tocsin.anticipate.models.registry import FORECASTER, REGISTRY
from tocsin.observe import example_files, read_table

MODELS = ("negative binomial", "forest", "recency", "network", FORECASTER)


def main(first: int = 2018, last: int = 2022, *models: str) -> None:
    """Print the ratios a window, their mean and worst over the windows, and the coverage."""
    path = next(path for path in example_files() if path.name.startswith("ged_sb"))
    years = range(first, last + 1)
    begun = time.perf_counter()
    models = models or MODELS
    history = history_of(read_table(path).rows, "ged_sb")
    asked = {"years": years, "draws": 1000, "target": "ged_sb", "models": models}
    rows = backtest_table(history, **asked, workers=0)  # type: ignore[arg-type]
    scored = breakdown(rows)
    shares = ratios(scored)
    with pl.Config(tbl_rows=100, tbl_width_chars=120, float_precision=3):
        print(scored.filter("benchmark").select("window", "model", *METRICS))
        print(shares)
        print(
            shares.group_by("model", maintain_order=True).agg(
                *[pl.col(m).mean().alias(f"{m} mean") for m in METRICS],
                *[pl.col(m).max().alias(f"{m} worst") for m in METRICS],
            )
        )
        found = scored.filter(pl.col("model") == FORECASTER)
        print(found.select("window", "coverage", "pit_coverage"))
    print(f"{time.perf_counter() - begun:.0f} s for {len(years)} windows and {len(models)} models")
    print(f"If its forecasts were true, the closed interval would cover {_if_true(path, last):.3f}")


def _if_true(path: object, year: int) -> float:
    """Mean chance, by the forecast itself, that the closed 90 % interval holds the count."""
    known = history_of(read_table(path).rows, "ged_sb").upto(date(year - 1, 10, 1))  # type: ignore[arg-type]
    draws = REGISTRY[FORECASTER](known, 14, 1000)[:, 2:]
    low, high = np.quantile(draws, [0.05, 0.95], axis=-1, keepdims=True)
    return float(((draws >= low) & (draws <= high)).mean())


if __name__ == "__main__":
    main(*(int(year) for year in sys.argv[1:3]), *sys.argv[3:])
