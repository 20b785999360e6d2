"""After a steep fall of deaths: what the forecaster says of the next three months, before 2018.

Example: python benchmarks/forecast_after_falls.py
One country: python benchmarks/forecast_after_falls.py Ethiopia 2022-12

A case is a country and month of October 2009 to September 2017 where some three months, of the
year before, that ended two months or more ago, had `MANY` deaths, and the last two months have a
tenth of that pace or less. No month from 2018 on is read. Of one country and origin, which may be
later, the totals of the next three months are printed as `tocsin forecast` draws them, beside the
greatest three months on record; nothing is chosen by that.
"""

from __future__ import annotations

import sys
from datetime import date

import numpy as np
import polars as pl

from tocsin.anticipate.alerts.records.replay import replay
from tocsin.anticipate.data.history import history_of, month
from tocsin.anticipate.issue.forecast import forecast
from tocsin.anticipate.models.baselines import DEFAULT_SEED
from tocsin.anticipate.models.registry import FORECASTER, REGISTRY
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


def one_case(country: str, origin: str) -> None:
    """Print the forecast of three months for one country after one month."""
    path = next(path for path in example_files() if path.name.startswith("ged_sb"))
    known = history_of(read_table(path).rows, "ged_sb").upto(month(origin))
    model = REGISTRY[FORECASTER]
    asked = {"horizon": 14, "draws": 1000, "seed": DEFAULT_SEED}
    _, draws = forecast(known, FORECASTER, model, **asked)  # type: ignore[arg-type]
    mine = draws.filter(pl.col("territory") == country).sort("month")["draws"].to_list()[:3]
    low, median, high = np.quantile(np.sum(mine, axis=0), (0.05, 0.5, 0.95))
    counts = np.nan_to_num(known.deaths)
    quarters = counts[:, :-2] + counts[:, 1:-1] + counts[:, 2:]
    last = counts[known.territories.index(country), -1]
    print(
        f"{country} after {origin}: last month {last:,.0f}; "
        f"next three months {low:,.0f} to {high:,.0f} (90 %), median {median:,.0f}; "
        f"greatest three months on record {quarters.max():,.0f}"
    )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        one_case(*sys.argv[1:])
    else:
        main()
