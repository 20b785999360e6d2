"""Recall on headlines without a tag."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tocsin.bench.mentions.recall import read_recall, score_recall

FOLDER = Path(__file__).parents[3] / "benchmarks/labels/technology_mentions"


def test_every_sampled_headline_is_read() -> None:
    recall = read_recall(FOLDER)
    assert set(recall["headline_id"]) == set(pl.read_csv(FOLDER / "headlines.csv")["row_id"])


def test_tags_are_weighed_against_what_was_read() -> None:
    recall = pl.DataFrame(
        {
            "headline_id": ["1", "2", "3"],
            "technology": ["cyber", "cyber", ""],
            "region": ["MMR", "MMR", "SYR"],
            "weight": [1.0, 3.0, 9.0],
        }
    )
    tags = pl.DataFrame({"headline_id": ["2", "3", "other"], "technology": ["cyber"] * 3})
    cyber = score_recall(recall, tags).filter(pl.col("technology") == "cyber").row(0, named=True)
    assert cyber["recall"] == pytest.approx(0.75)
    assert (cyber["named"], cyber["found"], cyber["false"]) == (2, 1, 1)
    assert cyber["missed_in_all"] == pytest.approx(1.0)
