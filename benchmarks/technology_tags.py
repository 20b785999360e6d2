"""Precision and recall of the lexicon on labelled texts, with a naive peer, and its calibration.

Example: python benchmarks/technology_tags.py

The peer is a plain substring search for one obvious word a class, on the same texts. Then how
often tags of each probability are right, and how fast a column of headlines is tagged.
"""

from __future__ import annotations

import time
from math import sqrt
from pathlib import Path

import numpy as np
import polars as pl

from tocsin.assess.technology.lexicon import matches
from tocsin.assess.technology.tags import tag
from tocsin.observe import example_files, observe

DATA = Path(__file__).parents[1] / "tests/assess/technology/data"
SETS = {
    "labelled_headlines.csv": "headline",
    "second_headlines.csv": "headline",
    "invented_sentences.csv": "text",
    "invented_sentences_2.csv": "text",
    "invented_sentences_3.csv": "text",
}
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


def compare(name: str, column: str) -> None:
    """Print one line a class and method for one set."""
    rows = pl.read_csv(DATA / name).to_dicts()
    print(f"{name}: {len(rows)} texts")
    sums = {who: np.zeros(3, int) for who in ("lexicon", "substring")}
    for technology, word in PEER.items():
        named = [row[technology] == 1 for row in rows]
        tagged = [technology in {m.technology for m in matches(r[column])} for r in rows]
        peer = [word in row[column].lower() for row in rows]
        for who, found in (("lexicon", tagged), ("substring", peer)):
            hits = sum(f and n for f, n in zip(found, named, strict=True))
            sums[who] += (hits, sum(found), sum(named))
            low, high = wilson(hits, sum(found))
            print(
                f"  {technology:<26} {who:<10} tagged {sum(found):>3}  named {sum(named):>3}  "
                f"precision {hits / max(sum(found), 1):.3f} ({low:.3f} to {high:.3f})  "
                f"recall {hits / max(sum(named), 1):.3f}"
            )
    for who, (hits, found, named) in sums.items():
        print(f"  all {who}: precision {hits / max(found, 1):.3f}  recall {hits / named:.3f}")


def calibration(names: tuple[str, ...], title: str) -> None:
    """Print how often tags of each probability are right."""
    rows = [(row, SETS[name]) for name in names for row in pl.read_csv(DATA / name).to_dicts()]
    said = [
        (match.probability, row[match.technology] == 1)
        for row, column in rows
        for match in matches(row[column])
    ]
    print(f"Calibration on {title}: stated, right, tags")
    for stated in sorted({p for p, _ in said}):
        right = [hit for p, hit in said if p == stated]
        low, high = wilson(sum(right), len(right))
        print(f"  {stated:.3f}  {np.mean(right):.3f} ({low:.3f} to {high:.3f})  {len(right)}")


def speed() -> None:
    """Print how long the example region's headlines take."""
    reports = observe(example_files())["reports"]
    links = reports.select("report_id", pl.col("report_id").alias("incident_id"))
    start = time.perf_counter()
    tags = tag(reports, links)
    seconds = time.perf_counter() - start
    print(f"{reports.height:,} reports, {tags.height:,} tags in {seconds:.1f} s")


def main() -> None:
    """Print all sections."""
    for name, column in SETS.items():
        compare(name, column)
    calibration(("labelled_headlines.csv", "second_headlines.csv"), "labelled headlines")
    calibration(("invented_sentences_3.csv",), "invented sentences that the author had not seen")
    speed()


if __name__ == "__main__":
    main()
