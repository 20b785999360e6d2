"""After a steep fall of deaths: what the forecaster says of the next three months, before 2018.

Example: python benchmarks/forecast_after_falls.py

A case is a country and month of October 2009 to September 2017 where some three months, of the
year before, that ended two months or more ago, had `MANY` deaths, and the last two months have a
tenth of that pace or less. No month from 2018 on is read.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from tocsin.anticipate.alerts.records.replay import replay
from tocsin.anticipate.data.history import history_of
from tocsin.observe import example_files, read_table

MANY = 300
FIRST, LAST = date(2009, 10, 1), date(2017, 9, 1)


def main() -> None:
    """Print, for the forecaster and last-12, the sums of medians and truths, and the coverage."""
    path = next(path for path in example_files() if path.name.startswith("ged_sb"))
    history = history_of(read_table(path).rows, "ged_sb").upto(date(2017, 12, 1))
    when = [month for month in history.months if FIRST <= month <= LAST]
    for model in ("last twelve months", "pool"):
        rows, countries = [], set()
        for one in replay(history, lambda _year, name=model: name, when, horizon=3, seed=1):
            column = history.months.index(one.origin)
            for unit, name in enumerate(one.known.territories):
                past = one.known.deaths[unit, -12:]
                peak = max(past[at : at + 3].sum() for at in range(8))
                if not (peak >= MANY and past[-2:].sum() / 2 <= peak / 30):
                    continue
                truth = history.deaths[history.territories.index(name), column + 1 : column + 4]
                drawn = one.draws[unit].sum(axis=0)
                rows.append((truth.sum(), *np.quantile(drawn, (0.1, 0.5, 0.9))))
                countries.add(name)
        truth, low, median, high = np.array(rows).T
        inside = ((truth >= low) & (truth <= high)).mean()
        print(
            f"{model}: {len(rows)} cases of {len(countries)} countries; deaths {truth.sum():,.0f}, "
            f"sum of medians {median.sum():,.0f}; at or below the median "
            f"{(truth <= median).mean():.0%}; within 80 % intervals {inside:.0%}"
        )


if __name__ == "__main__":
    main()
