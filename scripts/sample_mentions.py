"""Draw the mentions and headlines that readers label: `mentions.csv` and `headlines.csv`.

Example: python scripts/sample_mentions.py path/to/ucdp/files benchmarks/labels/technology_mentions

Neither file holds text: a row is named by region, event and part, with the SHA-256 of its text.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from tocsin.bench.mentions.sample import sample


def main() -> None:
    """Write the two files and print the size of each stratum."""
    source, target = map(Path, sys.argv[1:3])
    for name, rows in zip(("mentions.csv", "headlines.csv"), sample(source), strict=True):
        rows.sort("row_id").write_csv(target / name, float_precision=6)
        print(name, rows.height)
        strata = rows.group_by("stratum").agg(pl.len(), pl.col("weight").first())
        for stratum, n, weight in strata.sort("stratum").iter_rows():
            print(f"  {stratum:14} {n:5}  weight {weight:.3f}")


if __name__ == "__main__":
    main()
