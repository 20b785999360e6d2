"""Who used a class, region by region, by weights that were fitted on the other regions.

Beside them stand the texts of `unread.csv`, which no label had seen. What words say of a user is
learned on made texts too, as in the weights that ship.

Example: python benchmarks/mention_users.py path/to/ucdp/files
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.bench.adoption.made import cases_of_made
from tocsin.bench.adoption.users import cases_of, left_out
from tocsin.bench.mentions.labels import read_fresh, read_labels, with_texts
from tocsin.bench.mentions.texts import read_all

LABELS = Path(__file__).parent / "labels/technology_mentions"


def main() -> None:
    """Print the scores of each region, and of each class over all of them."""
    texts = pl.concat(read_all(Path(sys.argv[1])))
    rows, lost = with_texts(read_labels(LABELS), texts)
    unread, lost_too = with_texts(read_fresh(LABELS, "unread.csv"), texts)
    if lost or lost_too:
        print(f"{len(lost + lost_too)} rows have another text in your files and are left out.")
    made = cases_of_made()
    for certainty in (1, 2):
        some, fresh = (
            one.filter(pl.col("certainty").cast(pl.Int64) >= certainty) for one in (rows, unread)
        )
        known = cases_of(some)
        _print(f"rows of certainty {certainty} and more", left_out(known, beside=made))
        _print(
            "of these kinds in texts that no label had seen",
            left_out(cases_of(fresh), known, made),
        )


def _print(title: str, rows: list[dict[str, Any]]) -> None:
    print(f"\n{title}")
    for row in rows:
        print(
            f"{row['region']:4} {row['n']:4} accuracy {row['accuracy']:.3f} (shares elsewhere "
            f"{row['accuracy_shares']:.3f}), log score {row['log_score']:.3f} "
            f"({row['log_score_shares']:.3f}), {row['told']} of 0.5 and more, right "
            f"{row['precision']:.3f}, calibration error {row['calibration']:.3f} "
            f"({row['low']:.3f} to {row['high']:.3f})"
        )


if __name__ == "__main__":
    main()
