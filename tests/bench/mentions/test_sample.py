"""The sample is seeded, weighted, and smaller samples are part of larger ones."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tocsin.bench.mentions.sample import SECOND, draw, mentions, sample_headlines, sample_second


def texts_of(*texts: str) -> pl.DataFrame:
    """Made-up headlines of one region."""
    return pl.DataFrame(
        {
            "region": ["MMR"] * len(texts),
            "event_id": [str(n) for n in range(len(texts))],
            "field": ["h"] * len(texts),
            "text": list(texts),
            "sha256": [f"{n:064x}" for n in range(len(texts))],
        }
    )


def test_each_part_has_one_mention_of_a_class() -> None:
    found = mentions(texts_of("Drone and drone; shelling by rocket | a drone", "Patrol allied"))
    assert found.select("row_id", "part", "start", "end").rows() == [
        ("MMR-0-h0-ua", 0, 0, 5),
        ("MMR-0-h1-fi", 1, 17, 25),
        ("MMR-0-h2-ua", 2, 40, 45),
    ]


@given(st.integers(0, 30), st.integers(1, 30))
def test_a_larger_sample_holds_the_smaller_one(size: int, rows: int) -> None:
    frame = pl.DataFrame({"row_id": [f"r{n}" for n in range(rows)]})
    small, large = draw(frame, "s", size), draw(frame, "s", size + 1)
    assert small["row_id"].to_list() == large["row_id"].to_list()[: small.height]
    if small.height:
        assert abs(small["weight"].sum() - rows) < 1e-9


def test_the_order_of_the_rows_makes_no_difference() -> None:
    frame = pl.DataFrame({"row_id": [f"r{n}" for n in range(50)]})
    assert draw(frame, "s", 9)["row_id"].to_list() == draw(frame[::-1], "s", 9)["row_id"].to_list()


def test_a_second_reader_gets_ids_and_nothing_of_the_first() -> None:
    names = sorted(SECOND)
    drawn = pl.DataFrame(
        {
            "row_id": [f"{name}-{n}" for name in names for n in range(99)],
            "technology": [name for name in names for _ in range(99)],
            "start": 0,
            "end": 1,
            "sha256": "0",
            "said": "attack",
        }
    )
    second = sample_second(drawn)
    assert second.columns == ["row_id", "technology", "start", "end", "sha256"]
    assert dict(second.group_by("technology").len().iter_rows()) == SECOND


def test_headlines_for_recall_have_no_tag() -> None:
    texts = texts_of("Car bomb kills four", "Talks resume", "A device was seen", "Rain")
    drawn = sample_headlines(texts, mentions(texts))
    strata = {row[0]: row[1] for row in drawn.select("row_id", "stratum").iter_rows()}
    assert strata == {
        "MMR-1-h": "untagged-MMR",
        "MMR-3-h": "untagged-MMR",
        "MMR-2-h": "broad-MMR",
    }
