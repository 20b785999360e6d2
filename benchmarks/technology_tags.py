"""Precision and recall of the lexicon on the hand-checked headlines, with a naive peer.

Example: python benchmarks/technology_tags.py

The peer is a plain substring search for one obvious word a class, on the same headlines.
"""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import polars as pl

from tocsin.assess.lexicon import matches

LABELLED = Path(__file__).parents[1] / "tests/assess/data/labelled_headlines.csv"
PEER = {
    "uncrewed-aircraft": "drone",
    "improvised-explosives": "bomb",
    "guided-or-indirect-fire": "shell",
    "cyber": "hack",
    "information-operations": "information",
}


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if n == 0:
        return 0.0, 1.0
    p, centre = hits / n, hits / n + z * z / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


def main() -> None:
    """Print one line a class."""
    rows = pl.read_csv(LABELLED).to_dicts()
    print(f"{len(rows)} headlines")
    for technology, word in PEER.items():
        named = [row[technology] == 1 for row in rows]
        tagged = [technology in {m.technology for m in matches(r["headline"])} for r in rows]
        peer = [word in row["headline"].lower() for row in rows]
        for who, found in (("lexicon", tagged), ("substring", peer)):
            hits = sum(f and n for f, n in zip(found, named, strict=True))
            low, high = wilson(hits, sum(found))
            print(
                f"{technology:<26} {who:<10} tagged {sum(found):>3}  named {sum(named):>3}  "
                f"precision {hits / max(sum(found), 1):.3f} ({low:.3f} to {high:.3f})  "
                f"recall {hits / max(sum(named), 1):.3f}"
            )


if __name__ == "__main__":
    main()
