"""The committed labels say what the guidelines allow; wrong files are refused in words."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest

from tocsin.bench.mentions.labels import (
    ALLOWED,
    COLUMNS,
    check,
    read_labels,
    read_table,
    with_texts,
)
from tocsin.bench.mentions.patterns import CODES
from tocsin.errors import TableInvalid

FOLDER = Path(__file__).parents[3] / "benchmarks/labels/technology_mentions"


@pytest.fixture(scope="module")
def labels() -> pl.DataFrame:
    return read_labels(FOLDER)


def test_every_sampled_mention_is_labelled(labels: pl.DataFrame) -> None:
    sampled = pl.read_csv(FOLDER / "mentions.csv")
    assert set(sampled["row_id"]) == set(labels["row_id"].str.strip_suffix("b"))


def test_labels_obey_the_guidelines(labels: pl.DataFrame) -> None:
    named = pl.col("is_class") == "1"
    broken = {
        "a use has a user, be it unknown": pl.col("use") & (pl.col("user") == ""),
        "what is no mention has no user": ~named & (pl.col("user") != ""),
        "a title is nobody's": named
        & (pl.col("said") == "title")
        & ((pl.col("by") != "nobody") | (pl.col("user") != "")),
        "who is named has a name": pl.col("by").is_in(["organisation", "other-state"])
        != (pl.col("by_name") != ""),
        "whom it is against has a name": pl.col("against").is_in(["organisation", "other-state"])
        != (pl.col("against_name") != ""),
        "a figure of speech is no mention": named & (pl.col("said") == "figure"),
        "the row id ends in the class": pl.col("row_id").str.strip_suffix("b").str.slice(-2)
        != pl.col("technology").replace_strict(CODES),
    }
    for rule, wrong in broken.items():
        assert labels.filter(wrong)["row_id"].to_list() == [], rule


def test_invented_cases_are_marked_and_their_words_stand_in_them() -> None:
    rows = read_table(FOLDER / "invented.csv")
    assert rows["row_id"].str.starts_with("INV-").all()
    assert rows["row_id"].is_unique().all()
    for row in rows.iter_rows(named=True):
        words = row["text"][int(row["start"]) : int(row["end"])]
        assert words == words.strip() != "", row["row_id"]
        for column in ("is_class", "said", "by", "against", "certainty"):
            assert row[column] in ALLOWED[column], row["row_id"]
    kinds = rows.group_by("technology").agg(pl.col("said").n_unique())
    assert set(kinds["technology"]) == set(CODES)


def test_no_text_is_committed() -> None:
    for path in FOLDER.glob("*.csv"):
        if path.name not in {"invented.csv", "organisations.csv", "entries.csv", "missed.csv"}:
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    assert re.fullmatch(r"[0-9a-f]{64}", row["sha256"]), path.name
                    assert all(len(value) <= 120 for value in row.values()), path.name


def test_texts_are_joined_only_where_they_are_the_same() -> None:
    labels = pl.DataFrame(
        {
            "row_id": ["x", "y"],
            "region": ["MMR", "MMR"],
            "event_id": ["1", "2"],
            "field": ["h", "h"],
            "sha256": ["s1", "other"],
            "start": [2, 0],
            "end": [7, 3],
        }
    )
    texts = pl.DataFrame(
        {
            "region": ["MMR", "MMR"],
            "event_id": ["1", "2"],
            "field": ["h", "h"],
            "text": ["A drone", "Rain"],
            "sha256": ["s1", "s2"],
        }
    )
    found, lost = with_texts(labels, texts)
    assert found.select("row_id", "words").rows() == [("x", "drone")]
    assert lost == ["y"]


def row(**changes: str) -> pl.DataFrame:
    """One good row with changes."""
    good = dict.fromkeys(COLUMNS, "") | {
        "row_id": "MMR-1-h0-ua",
        "is_class": "1",
        "said": "attack",
        "by": "nobody",
        "against": "nobody",
        "user": "b",
        "this_event": "u",
        "certainty": "2",
    }
    return pl.DataFrame({name: [value] for name, value in (good | changes).items()})


def test_a_value_that_is_not_allowed_is_named() -> None:
    assert check(row(), "here").height == 1
    with pytest.raises(TableInvalid, match="'maybe' is not a value of 'said'"):
        check(row(said="maybe"), "here")
    with pytest.raises(TableInvalid, match="stands twice"):
        check(pl.concat([row(), row()]), "here")
    with pytest.raises(TableInvalid, match="'user' is missing"):
        check(row().drop("user"), "here")
    with pytest.raises(TableInvalid, match="missing"):
        read_table(Path("nowhere.csv"))


def test_the_entries_looked_at_say_on_what_ground() -> None:
    with (FOLDER / "entries.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["organisation"], row["technology"], row["regions"]) for row in rows}) == 26
    for row in rows:
        assert row["technology"] in CODES
        assert row["right"] in {"0", "1"}
        assert row["certainty"] in {"1", "2", "3"}
        assert float(row["confidence"]) >= 0.5
        assert row["ground"]
