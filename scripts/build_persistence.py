"""Write what the regional model knows of how wars last, from 191 countries up to 2017.

Example: python scripts/build_persistence.py

Reads the example's deaths by country and month, and no month after December 2017. Prints the
figures of plan/region/mechanisms/threat/persistence with their 90 % intervals over countries drawn
anew (bootstrap), which are the priors there.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from tocsin.anticipate.data.panel import panel
from tocsin.base.atomic import write_bytes
from tocsin.bench.plan.courses.draws import usual
from tocsin.bench.plan.years import TARGET, yearly
from tocsin.observe import example_files, observe
from tocsin.plan.calibration.persistence import learn, pairs
from tocsin.plan.region.mechanisms.threat.persistence.learnt import LEARNT_FILE, WAR

LAST = date(2017, 12, 1)
AGAIN, SEED = 500, 1


def main() -> None:
    """Learn, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=LEARNT_FILE)
    asked = parser.parse_args()
    path = next(path for path in example_files() if path.name.startswith(TARGET))
    known = panel(observe([path])["series"].filter(pl.col("target") == TARGET)).upto(LAST)
    logs = np.log1p(yearly(known.deaths))
    told = pairs(logs, logs.shape[1] - 1)
    war, after = told["x"] >= WAR, told["y"] >= WAR
    print(
        f"{len(war):,} pairs of years of {len(np.unique(told['country']))} countries, "
        f"{known.months[0].year} to {LAST.year}: {war.sum()} years of war, {(war & ~after).sum()} "
        f"ends, {(~war & after).sum()} outbreaks"
    )
    learnt = learn(told)
    for name in ("ends", "begins", "empty"):
        print(f"  {name:10}", np.round(getattr(learnt, name), 3))
    random, countries = np.random.default_rng(SEED), np.unique(told["country"])
    rows_of = {one: np.flatnonzero(told["country"] == one) for one in countries}
    drawn = []
    for _ in range(AGAIN):
        rows = np.concatenate([rows_of[one] for one in random.choice(countries, len(countries))])
        other = learn({name: values[rows] for name, values in told.items()})
        drawn.append([usual(other)["war_ends"], usual(other)["outbreak"], other.moves.mean()])
    low, high = np.quantile(drawn, (0.05, 0.95), axis=0)
    values = usual(learnt)["war_ends"], usual(learnt)["outbreak"], learnt.moves.mean()
    for place, name in enumerate(("war_ends", "outbreak", "mean move of a war")):
        print(f"  {name:20} {values[place]:.4f} (90 %: {low[place]:.4f} to {high[place]:.4f})")
    write_bytes(asked.out, learnt.text().encode())


if __name__ == "__main__":
    main()
