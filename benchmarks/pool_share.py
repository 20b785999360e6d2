"""How much of the pool should be own history's: the choice of `pool.OWN`, on windows up to 2017.

Example: python benchmarks/pool_share.py

Means over the windows of CRPS and of CRPS of log1p, as shares of each window's best benchmark,
and their sum, which is what the choice goes by.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from tocsin.anticipate.backtest import FIRST_AHEAD, LAST_AHEAD
from tocsin.anticipate.benchmarks import BENCHMARKS
from tocsin.anticipate.history import read_history
from tocsin.anticipate.network import network
from tocsin.anticipate.panel import Matrix, Panel, months_between
from tocsin.anticipate.recency import recency
from tocsin.anticipate.scores import crps
from tocsin.observe import example_files

YEARS = range(2010, 2018)
SHARES = (0.0, 0.2, 0.25, 1 / 3, 0.5, 2 / 3)
DRAWS = 1200


def main() -> None:
    """Print one row a share."""
    path = next(path for path in example_files() if path.name.startswith("ged_sb"))
    history = read_history(path, "ged_sb")
    found = np.mean([_window(history, year) for year in YEARS], axis=0)
    print("own share  CRPS   CRPS of log1p  sum")
    for share, (plain, log) in zip(SHARES, found, strict=True):
        print(f"{share:9.2f}  {plain:.4f}  {log:.4f}        {plain + log:.4f}")


def _window(history: Panel, year: int) -> Matrix:
    """Shape (len(SHARES), 2): ratios to the best benchmark of that window."""
    origin = date(year - 1, 10, 1)
    known = history.upto(origin)
    first = months_between(history.months[0], origin) + FIRST_AHEAD
    units = [history.gwnos.index(gwno) for gwno in known.gwnos]
    truth = history.deaths[units, first : first + LAST_AHEAD - FIRST_AHEAD + 1]
    peers = [_scores(model(known, LAST_AHEAD, DRAWS), truth) for model in BENCHMARKS.values()]
    rows = []
    for share in SHARES:
        own = round(DRAWS * share)
        parts = [network(known, LAST_AHEAD, DRAWS - own), recency(known, LAST_AHEAD, own)]
        rows.append(_scores(np.concatenate(parts, axis=-1), truth))
    return np.array(rows) / np.min(peers, axis=0)


def _scores(draws: Matrix, truth: Matrix) -> list[float]:
    here = draws[:, FIRST_AHEAD - 1 :]
    return [
        float(np.nanmean(crps(here, truth))),
        float(np.nanmean(crps(np.log1p(here), np.log1p(truth)))),
    ]


if __name__ == "__main__":
    main()
