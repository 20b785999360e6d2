"""Who used a class, region by region, by weights that were fitted on the other regions.

Example: python benchmarks/mention_users.py path/to/ucdp/files
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from tocsin.bench.adoption.users import cases_of, left_out
from tocsin.bench.mentions.labels import read_labels, with_texts
from tocsin.bench.mentions.texts import read_all

LABELS = Path(__file__).parent / "labels/technology_mentions"


def main() -> None:
    """Print the scores of each region, and of each class over all of them."""
    rows, lost = with_texts(read_labels(LABELS), pl.concat(read_all(Path(sys.argv[1]))))
    if lost:
        print(f"{len(lost)} rows have another text in your files and are left out.")
    sure = rows.filter(pl.col("certainty").cast(pl.Int64) >= 2)
    for name, some in (("all rows", rows), ("rows of certainty 2 and more", sure)):
        print(f"\n{name}")
        for row in left_out(cases_of(some)):
            print(
                f"{row['region']:4} {row['n']:4} accuracy {row['accuracy']:.3f} (shares elsewhere "
                f"{row['accuracy_shares']:.3f}), log score {row['log_score']:.3f} "
                f"({row['log_score_shares']:.3f}), calibration error {row['calibration']:.3f} "
                f"({row['low']:.3f} to {row['high']:.3f})"
            )


if __name__ == "__main__":
    main()
