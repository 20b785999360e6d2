"""How much of the pool should be own history's: the choice of `pool.OWN`, on windows up to 2017.

Example: python benchmarks/pool_share.py

Means over the windows of CRPS and of CRPS of log1p, as shares of each window's best benchmark,
and their sum, which is what the choice goes by.
"""

from __future__ import annotations

from functools import partial

import polars as pl

from tocsin.anticipate.data.history import history_of
from tocsin.anticipate.evaluation.backtest import backtest, ratios
from tocsin.anticipate.models.pool import mix
from tocsin.observe import example_files, read_table

YEARS = range(2010, 2018)
SHARES = (0.0, 0.2, 0.25, 1 / 3, 0.5, 2 / 3)
DRAWS = 1200


def main() -> None:
    """Print one row a share."""
    path = next(path for path in example_files() if path.name.startswith("ged_sb"))
    models = {f"{share:.2f}": partial(mix, share=share) for share in SHARES}
    scored = backtest(history_of(read_table(path).rows, "ged_sb"), models, years=YEARS, draws=DRAWS)
    found = ratios(scored).group_by("model").agg(pl.col("crps", "crps_log").mean()).sort("model")
    print("own share  CRPS   CRPS of log1p  sum")
    for share, plain, log in found.select("model", "crps", "crps_log").iter_rows():
        print(f"{share:>9}  {plain:.4f}  {log:.4f}        {plain + log:.4f}")


if __name__ == "__main__":
    main()
