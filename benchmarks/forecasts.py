"""Forecast models under the challenge's rules, as a share of each window's best benchmark.

Example: python benchmarks/forecasts.py 2018 2022

The two years are the first and the last window. Choices between models were made on windows up
to 2017 only; 2018 to 2022 are for reporting.
"""

from __future__ import annotations

import sys
import time

import polars as pl

from tocsin.anticipate.backtest import METRICS, backtest, ratios
from tocsin.anticipate.baselines import MODELS
from tocsin.anticipate.forest import forest, pool
from tocsin.anticipate.history import read_history
from tocsin.observe import example_files


def main(first: int = 2018, last: int = 2022) -> None:
    """Print the ratios a window, and their mean and worst over the windows."""
    path = next(path for path in example_files() if path.name.startswith("ged_sb"))
    models = {"negative binomial": MODELS["negative binomial"], "forest": forest, "pool": pool}
    begun = time.perf_counter()
    scored = backtest(read_history(path, "ged_sb"), models, range(first, last + 1), draws=1000)
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
    print(f"{time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main(*(int(year) for year in sys.argv[1:]))
