"""Write the posterior that ships with tocsin, from UCDP GED files of five countries up to 2018.

Example: python scripts/build_posterior.py FOLDER --work kept

FOLDER holds the files `ucdp_ged_*.csv.gz` of Syria, the Central African Republic, Sudan, South
Sudan and Myanmar. Nothing from 2018 on is read, so that the years after can be held against it.
"""

from __future__ import annotations

import argparse
import hashlib
from datetime import date
from pathlib import Path

import polars as pl

from tocsin.base.atomic import write_bytes
from tocsin.observe import observe
from tocsin.plan.calibration import calibrate, compare_with_priors
from tocsin.plan.posterior import SHIPPED_FILE, pool

REGIONS = {
    "Central African Republic, Sudan and South Sudan": (482, 625, 626),
    "Syria": (652,),
    "Myanmar": (775,),
}
UNTIL = date(2018, 1, 1)


def main() -> None:
    """Calibrate region by region, pool, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, default=None)
    parser.add_argument("--out", type=Path, default=SHIPPED_FILE)
    asked = parser.parse_args()
    files = sorted(asked.folder.glob("ucdp_ged_*.csv.gz"))
    incidents = observe(files)["reports"].select(
        "gwno", "date_start", "date_prec", "deaths_best", "source_file"
    )
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    found = {}
    for name, gwnos in REGIONS.items():
        own = incidents.filter(pl.col("gwno").is_in(gwnos))
        sources = {file: digests[file] for file in sorted(set(own["source_file"]))}
        found[name] = calibrate(own, gwnos, UNTIL, work=asked.work, sources=sources)
        print(name, found[name].posterior.provenance["weeks"], "weeks", found[name].far)
        print(found[name].table)
    every = {name: one.posterior for name, one in found.items()}
    pooled = pool(every)
    print("Pooled")
    print(compare_with_priors(pooled))
    write_bytes(asked.out, pooled.text().encode())


if __name__ == "__main__":
    main()
