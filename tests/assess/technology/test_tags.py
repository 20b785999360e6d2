"""The lexicon against headlines that people labelled, and against invented sentences."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tocsin.assess.technology.lexicon import matches
from tocsin.assess.technology.tags import tag
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

DATA = Path(__file__).parent / "data"
LABELLED = DATA / "labelled_headlines.csv"


def scored(path: Path = LABELLED, column: str = "headline") -> dict[str, tuple[int, int, int]]:
    """True positives, tagged, and named, by class."""
    rows = pl.read_csv(path).to_dicts()
    found = {}
    for technology in TECHNOLOGIES:
        tagged = [technology in {m.technology for m in matches(row[column])} for row in rows]
        named = [row[technology] == 1 for row in rows]
        hits = sum(t and n for t, n in zip(tagged, named, strict=True))
        found[technology] = (hits, sum(tagged), sum(named))
    return found


def test_there_are_two_hundred() -> None:
    assert pl.read_csv(LABELLED).height == 200


@pytest.mark.slow
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
    second, found, _ = scored(DATA / "second_headlines.csv")[technology]
    assert second / found >= lowest


@pytest.mark.parametrize(
    ("file", "precision", "recall"),
    [
        ("invented_sentences.csv", 0.94, 0.97),
        ("invented_sentences_2.csv", 0.94, 0.94),
        ("invented_sentences_3.csv", 0.85, 0.58),
    ],
)
def test_invented_sentences_as_documented(file: str, precision: float, recall: float) -> None:
    """The patterns were written knowing the first two files; the third was written after them."""
    hits, tagged, named = map(sum, zip(*scored(DATA / file, "text").values(), strict=True))
    assert hits / tagged >= precision
    assert hits / named >= recall


def test_tags_stand_where_they_say(seen: dict[str, pl.DataFrame]) -> None:
    reports = seen["reports"].head(400)
    links = reports.select("report_id", pl.col("report_id").alias("incident_id"))
    tags = tag(reports, links).join(
        reports.select("report_id", "headline", "notes"), on="report_id"
    )
    assert tags.height > 50
    for row in tags.to_dicts():
        assert row[row["field"]][row["start"] : row["end"]] == row["evidence"]
