"""What a country with deaths that is added to a history moves in the forecasts of the others.

Example: python benchmarks/forecast_added_country.py

Origin October 2017, six months, 1,000 draws; the sums over the six months are compared, with and
without one country. (A country without a death moves nothing: a test holds that.)
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from tocsin.anticipate.data.history import history_of
from tocsin.anticipate.issue.forecast import forecast
from tocsin.anticipate.models.registry import FORECASTER, find_model
from tocsin.observe import example_files, read_table

ADDED = ("Myanmar", "Afghanistan")


def ahead(rows: pl.DataFrame) -> dict[str, np.ndarray]:
    """Forecast every country: its draws of the sum over six months."""
    history = history_of(rows, "ged_sb").upto(date(2017, 10, 1))
    model = find_model(FORECASTER)
    _, table = forecast(history, FORECASTER, model, horizon=6, draws=1000, seed=1)
    return {
        str(name): np.array(part.sort("month")["draws"].to_list()).sum(axis=0)
        for (name,), part in table.group_by("territory")
    }


def main() -> None:
    """Print how far medians, means and the greatest draws of the others move."""
    path = next(path for path in example_files() if path.name.startswith("ged_sb"))
    rows = read_table(path).rows
    whole = ahead(rows)
    for added in ADDED:
        less = ahead(rows.filter(pl.col("country") != added))
        seen = [name for name in less if np.median(less[name]) >= 5]
        measures = {
            "median": np.median, "mean": np.mean, "99.9 % draw": lambda x: np.quantile(x, 0.999)
        }  # fmt: skip
        for what, of in measures.items():
            moved = np.array([abs(of(whole[name]) / of(less[name]) - 1) for name in seen])
            print(
                f"{added} added, {len(seen)} countries with a median of 5 or more: {what} moves by "
                f"{np.median(moved):.1%} in the middle, {np.quantile(moved, 0.9):.0%} in one of "
                f"ten, {moved.max():.0%} at most"
            )


if __name__ == "__main__":
    main()
