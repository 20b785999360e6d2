"""Stylised facts of five countries' events up to 2018, beside those of the calibrated model.

Example: python benchmarks/region_facts.py FOLDER

FOLDER holds the files `ucdp_ged_*.csv.gz` of Syria, the Central African Republic, Sudan, South
Sudan and Myanmar. Also prints which law the sizes of each dyad have, progress curves by province,
and how much of an S the first uses of labelled organisations show, by class.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from tocsin.bench.plan.facts import measure_facts, progress, spread_of_first_uses
from tocsin.bench.plan.laws import LAWS, compare_laws
from tocsin.observe import observe
from tocsin.plan.posterior import shipped_posterior

REGIONS = {
    "Central African Republic, Sudan and South Sudan": (482, 625, 626),
    "Syria": (652,),
    "Myanmar": (775,),
}
UNTIL = date(2018, 1, 1)
LABELS = Path(__file__).parent / "labels/technology_mentions/organisations.csv"
MANY = 5
"""First uses of a class that a curve needs."""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path)
    reports = observe(sorted(parser.parse_args().folder.glob("ucdp_ged_*.csv.gz")))["reports"]
    with pl.Config(tbl_rows=60, tbl_cols=12, tbl_width_chars=200, fmt_str_lengths=60):
        print(measure_facts(reports, REGIONS, shipped_posterior(), until=UNTIL))
    laws = compare_laws(reports)
    counts = {name: int((laws["better"] == name).sum()) for name in LAWS}
    exponents = np.quantile(laws["exponent"].to_numpy(), [0.25, 0.5, 0.75]).round(2)
    print(f"{laws.height} dyads with 50 deadly events: {counts}; exponents {exponents}")
    print_progress(reports)
    labels = pl.read_csv(LABELS).filter(pl.col("has") == 1)
    for (name,), part in labels.group_by("technology", maintain_order=True):
        years = part["year"].drop_nulls().to_list()
        if len(years) >= MANY:
            found = spread_of_first_uses(years)
            print(f"{name}, until {max(years)}: {found}")


def print_progress(reports: pl.DataFrame) -> None:
    """Print exponents of progress curves by province, from its first deadly day on."""
    deadly = reports.filter(pl.col("deaths_best") > 0, pl.col("date_prec") == 1)
    slopes = []
    for _, part in deadly.group_by("gwno", "adm1", maintain_order=True):
        first = part["date_start"].min()
        days = (part["date_start"].unique().sort() - first).dt.total_days().to_numpy()
        slopes.append(progress(days.astype(float)))
    known = np.array(slopes)[~np.isnan(slopes)]
    low, middle, high = np.quantile(known, [0.25, 0.5, 0.75])
    print(
        f"Progress curves of {len(known)} provinces: b {middle:.2f} (quartiles {low:.2f} to "
        f"{high:.2f}), above 0 in {(known > 0).mean():.0%}"
    )


if __name__ == "__main__":
    main()
