"""Score models of cells on the held-out years, a country at a time.

Example: python benchmarks/grid.py ged_total

The two example files of events; the Central African Republic's windows 2015 to 2022 and Syria's
2018 and 2019. Choices were made on earlier windows (docs/methods/forecasts-grid.md). `forest` as a
second word also scores the distributional forest, which takes minutes a window.
"""

from __future__ import annotations

import sys
import time

import polars as pl

from tocsin.anticipate import backtest_cells
from tocsin.anticipate.evaluation.bootstrap import differences
from tocsin.anticipate.evaluation.breakdown import METRICS, breakdown
from tocsin.anticipate.grid import cell_months
from tocsin.observe import example_files, observe_file

HELD_OUT = {"Central African Republic": range(2015, 2023), "Syria": range(2018, 2020)}


def main(target: str = "ged_total", *models: str) -> None:
    """Print mean scores over each country's windows, and the ratios with intervals."""
    begun = time.perf_counter()
    files = [path for path in example_files() if path.name.startswith("ucdp_ged")]
    cells = cell_months((observe_file(path)["reports"] for path in files), target)
    names = ["smoothed", "pool", *models]
    rows = backtest_cells(cells, years=range(2015, 2023), draws=1000, models=names)
    with pl.Config(tbl_rows=100, tbl_cols=12, tbl_width_chars=150, float_precision=4):
        for country, years in HELD_OUT.items():
            part = rows.filter(pl.col("country") == country, pl.col("window").is_in(list(years)))
            means = breakdown(part).group_by("model", maintain_order=True)
            print(f"{target}, {country}, mean over windows {years[0]} to {years[-1]}")
            print(means.agg(pl.col(*METRICS, "pit_coverage").mean()))
            apart = differences(part, seed=1, block="block")
            best = pl.col("model") == "pool", pl.col("metric") == "crps"
            columns = ("window", "against", "ratio", "ratio_low", "ratio_high", "p_better")
            print(apart.filter(*best).select(columns))
    print(f"{time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
