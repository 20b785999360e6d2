"""The lexicon against 200 headlines that a person labelled."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tocsin.assess.lexicon import matches
from tocsin.schema.technology import TECHNOLOGIES

LABELLED = Path(__file__).parent / "data" / "labelled_headlines.csv"


def scored() -> dict[str, tuple[int, int, int]]:
    """True positives, tagged, and named, by class."""
    rows = pl.read_csv(LABELLED).to_dicts()
    found = {}
    for technology in TECHNOLOGIES:
        tagged = [technology in {m.technology for m in matches(row["headline"])} for row in rows]
        named = [row[technology] == 1 for row in rows]
        hits = sum(t and n for t, n in zip(tagged, named, strict=True))
        found[technology] = (hits, sum(tagged), sum(named))
    return found


def test_there_are_two_hundred() -> None:
    assert pl.read_csv(LABELLED).height == 200


@pytest.mark.parametrize(
    ("technology", "lowest"),
    [
        ("uncrewed-aircraft", 0.9),
        ("improvised-explosives", 0.9),
        ("guided-or-indirect-fire", 0.9),
    ],
)
def test_precision_is_as_documented(technology: str, lowest: float) -> None:
    hits, tagged, _ = scored()[technology]
    assert hits / tagged >= lowest
