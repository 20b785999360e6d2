"""Draw the mentions and headlines that readers label: `mentions.csv` and `headlines.csv`.

Also writes `second_reader.csv`, the rows for a second reader with nothing filled in, unless the
file is there: what a reader wrote is never overwritten.

Example: python scripts/sample_mentions.py path/to/ucdp/files benchmarks/labels/technology_mentions

Neither file holds text: a row is named by region, event and part, with the SHA-256 of its text.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from tocsin.bench.mentions.labels import COLUMNS
from tocsin.bench.mentions.sample import sample, sample_second


def main() -> None:
    """Write the two files and print the size of each stratum."""
    source, target = map(Path, sys.argv[1:3])
    mentions, headlines = sample(source)
    for name, rows in (("mentions.csv", mentions), ("headlines.csv", headlines)):
        rows.sort("row_id").write_csv(target / name, float_precision=6)
        print(name, rows.height)
        strata = rows.group_by("stratum").agg(pl.len(), pl.col("weight").first())
        for stratum, n, weight in strata.sort("stratum").iter_rows():
            print(f"  {stratum:14} {n:5}  weight {weight:.3f}")
    second = target / "second_reader.csv"
    if not second.exists():
        rows = sample_second(mentions).sort("row_id")
        blank = [pl.lit("").alias(name) for name in COLUMNS if name not in rows.columns]
        rows.with_columns(blank).select(COLUMNS).write_csv(second)
        print(second.name, rows.height)


if __name__ == "__main__":
    main()
