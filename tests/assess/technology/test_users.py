"""Who the words name as the user; and how often that is right, on headlines read by hand."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.assess.incidents import incidents
from tocsin.assess.technology.tags import tag
from tocsin.assess.technology.users import named_users

LABELLED = Path(__file__).parent / "data" / "labelled_users.csv"


def told(text: str, word: str, a: str = "Government of Syria", b: str = "IS") -> str | None:
    start = text.index(word)
    tags = pl.DataFrame(
        {
            "incident_id": ["i"], "report_id": ["r"], "technology": ["uncrewed-aircraft"],
            "field": ["headline"], "start": [start], "end": [start + len(word)],
        }
    )  # fmt: skip
    reports = pl.DataFrame({"report_id": ["r"], "headline": [text], "notes": ["nothing"]})
    sides = pl.DataFrame({"incident_id": ["i"], "actor_a": [a], "actor_b": [b]})
    found = named_users(reports, tags, sides)
    return None if found.is_empty() else str(found["named"][0])


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Regime drone hits village", "a"),
        ("Syrian army drone hits village", "a"),
        ("Village hit in drone attack by IS", "b"),
        ("IS drone hits army post", "b"),
        ("Soldiers killed in drone attack", "b"),
        ("A drone was seen, and the sky is clear", None),
        ("It is said that a drone fell", None),
        ("29 members of the regime forces were killed; a drone fell", None),
        ("Syrian rebels watch as a drone falls", None),
    ],
)
def test_the_side_that_the_words_name(text: str, side: str | None) -> None:
    assert told(text, "drone") == side


@given(st.text(max_size=80), st.text(max_size=30), st.text(max_size=30))
@settings(deadline=None)
def test_no_text_breaks_the_rule(text: str, a: str, b: str) -> None:
    assert told(f"{text}drone{text}", "drone", a, b) in {None, "a", "b"}


def test_how_often_the_rule_is_right(seen: dict[str, pl.DataFrame]) -> None:
    """60 headlines of the example, drawn at random and read by hand: 54 right."""
    labelled = pl.read_csv(LABELLED)
    assert labelled["right"].sum() == 54
    events, links = incidents(seen["reports"])
    found = named_users(seen["reports"], tag(seen["reports"], links), events)
    again = labelled.join(links.select("report_id", "incident_id"), on="report_id").join(
        found, on=["incident_id", "technology"], suffix="_now"
    )
    # The lexicon may name other words of a headline than when it was read.
    same = again.filter(pl.col("named") == pl.col("named_now"))
    assert same.height >= 50
    assert same["right"].mean() >= 0.85
