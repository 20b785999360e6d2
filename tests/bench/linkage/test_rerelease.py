"""A release made again says what it did to each event."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.bench.linkage.measure import events_of
from tocsin.bench.linkage.rerelease import AGAIN_RELEASED, rerelease


@pytest.fixture(scope="module")
def events(seen: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return events_of(seen["reports"], before=True).sort("id").head(1000)


def test_the_first_release_tells_events_as_they_are(events: pl.DataFrame) -> None:
    (first, second), truth = rerelease(events, seed=1)
    was = events.select("id", pl.col("best").cast(int).cast(pl.String).alias("deaths"))
    both = first.select("id", "deaths").join(was, on="id")
    assert both.height == first.height
    assert (both["deaths"] == both["deaths_right"]).all()
    assert first.height / events.height == pytest.approx(1 - AGAIN_RELEASED.omit, abs=0.02)
    for number, frame in enumerate((first, second)):
        assert frame["id"].is_unique().all()
        assert set(frame["id"]) == set(truth.filter(source=number)["id"])


def test_what_is_split_and_merged_is_in_the_truth(events: pl.DataFrame) -> None:
    (_, second), truth = rerelease(events, seed=1)
    told = truth.filter(source=1)
    split = told.filter(pl.len().over("event") > 1)["event"].n_unique()
    merged = told.filter(pl.len().over("id") > 1)["id"].n_unique()
    assert split / events.height == pytest.approx(AGAIN_RELEASED.split, abs=0.03)
    assert 0.02 < merged / events.height < AGAIN_RELEASED.merge + 0.02
    assert second.filter(pl.col("id").str.ends_with("+")).height > 50


def test_ids_are_kept_or_given_out_anew(events: pl.DataFrame) -> None:
    kept, _ = rerelease(events, seed=2)
    anew, _ = rerelease(events, seed=2, keep_ids=False)
    assert set(kept[0]["id"]) & set(kept[1]["id"])
    assert not set(anew[0]["id"]) & set(anew[1]["id"])
    assert anew[0].drop("id").equals(kept[0].drop("id"))
    assert anew[1].drop("id").equals(kept[1].drop("id"))
