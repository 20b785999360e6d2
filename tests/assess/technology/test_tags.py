"""The lexicon against headlines that people labelled, and against invented sentences."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tocsin.assess.technology.lexicon import matches
from tocsin.assess.technology.tags import by_incident, tag
from tocsin.schema import TABLES, empty
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


def made(*told: dict[str, object]) -> pl.DataFrame:
    """The tags of a report 'r' by statements that tell of an attack with drones."""
    row = {
        "report_id": "r", "incident_id": "i", "field": "headline", "part": 0, "said": "attack",
        "technology": "uncrewed-aircraft", "start": 0, "end": 5, "is_class": 0.9, "use": 0.9,
        "this_event": 0.8, "rule": "drone-en",
    }  # fmt: skip
    said = pl.DataFrame(
        [row | one for one in told], schema=empty(TABLES["technology_statements"]).schema
    )
    reports = pl.DataFrame(
        [{"report_id": "r", "headline": "Drone over town", "notes": "A drone, and a mine."}],
        schema=empty(TABLES["reports"]).schema,
    )
    return tag(reports, pl.DataFrame(), said)


def test_a_tag_is_as_probable_as_its_use_in_this_incident() -> None:
    assert made({"use": 0.75})["probability"].to_list() == [pytest.approx(0.75 * 0.8)]
    # What was shot down was there, whether or not it was used.
    assert made({"said": "lost", "use": 0.1})["probability"].to_list() == [pytest.approx(0.72)]


@pytest.mark.parametrize(
    ("told", "tags"),
    [
        ({"use": 0.5}, 1), ({"use": 0.49}, 0), ({"is_class": 0.5, "use": 0.5}, 1),
        ({"is_class": 0.49, "use": 0.9}, 0), ({"said": "seized", "is_class": 0.49}, 0),
        ({"said": "remnant", "use": 0.4}, 0), ({"this_event": 0.01}, 1),
    ],
)  # fmt: skip
def test_half_is_the_least_that_makes_a_tag(told: dict[str, object], tags: int) -> None:
    assert made(told).height == tags


def test_the_headline_goes_before_the_notes_and_the_surest_part_before_others() -> None:
    notes = {"field": "notes", "start": 2, "end": 7, "use": 0.99}
    found = made(notes, {"use": 0.6, "part": 1}, {"use": 0.7, "start": 6, "end": 10, "part": 2})
    assert found["evidence"].to_list() == ["over"]
    assert made(notes)["evidence"].to_list() == ["drone"]


def test_an_incident_has_a_class_as_surely_as_its_surest_report() -> None:
    tags = pl.DataFrame(
        {"incident_id": ["j", "i", "i", "i"], "technology": ["cyber", "cyber", "mines", "cyber"],
         "probability": [0.3, 0.6, 0.5, 0.9]}
    )  # fmt: skip
    assert by_incident(tags).rows() == [
        ("i", "cyber", 0.9),
        ("i", "mines", 0.5),
        ("j", "cyber", 0.3),
    ]
