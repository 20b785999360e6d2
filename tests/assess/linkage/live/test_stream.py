"""The standing picture: the batch's weights, its rules, and reports that come and go."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from agreement import agree_tables
from tocsin.assess.linkage.link import Linked, link_records
from tocsin.assess.linkage.live.stream import Picture, level_weights
from tocsin.assess.linkage.records.records import records, sheet
from tocsin.bench.linkage.measure import events_of
from tocsin.bench.linkage.rereport import rereport
from tocsin.bench.linkage.scores import as_pairs, pairwise
from tocsin.errors import UsageError

pytestmark = pytest.mark.slow

Told = tuple[pl.DataFrame, pl.DataFrame, Linked, Linked]


@pytest.fixture(scope="module")
def told(seen: dict[str, pl.DataFrame]) -> Told:
    """Real events told again: earlier reports, later ones, and batches of the earlier and all."""
    events = events_of(seen["reports"], before=True).sample(1200, seed=3)
    files, _ = rereport(events, "medium", sources=3, seed=4)
    rows = records([sheet(f"s{n}", frame) for n, frame in enumerate(files)])
    cut = rows["day0"].quantile(0.6)
    early, late = (
        part.with_columns(pl.int_range(pl.len()).cast(pl.Int64).alias("row"))
        for part in (rows.filter(pl.col("day0") < cut), rows.filter(pl.col("day0") >= cut))
    )
    return early, late.sort("day0", maintain_order=True), link_records(early), link_records(rows)


def groups(picture: Picture) -> set[frozenset[tuple[str, str]]]:
    """The clusters, without their numbers."""
    listed = picture.clusters().group_by("cluster").agg(pl.struct("source", "id").alias("all"))
    return {frozenset((r["source"], r["id"]) for r in row) for row in listed["all"].to_list()}


@pytest.mark.slow
def test_a_pair_weighs_what_splink_says(told: Told) -> None:
    _, _, batch, _ = told
    assert batch.pairs is not None
    pairs = batch.pairs
    found, _ = Picture(batch).weigh(pairs["left"].to_numpy(), pairs["right"].to_numpy())
    assert pairs.height > 1000
    np.testing.assert_allclose(found, pairs["weight"].to_numpy(), rtol=0, atol=1e-9)


def test_the_model_is_plain_numbers(told: Told) -> None:
    table = level_weights(told[2])
    assert table.columns == ["comparison", "level", "label", "bits"]
    assert {"prior", "time", "place", "actors", "deaths", "type"} == set(table["comparison"])
    assert table["bits"].is_finite().all()


@pytest.mark.slow
def test_the_stream_finds_what_the_batch_finds(told: Told) -> None:
    _, late, early, everything = told
    picture = Picture(early)
    for first in range(0, late.height, 100):
        picture.add(late[first : first + 100])
    agreed = pairwise(as_pairs(picture.links()), as_pairs(everything.links))
    assert agreed["f1"] > 0.9
    agree_tables(picture.links(), picture.clusters())
    small = Picture(early)
    for first in range(0, 100, 7):
        small.add(late[first : min(first + 7, 100)])
    large = Picture(early)
    large.add(late[:100])
    # What a pair weighs does not hang on the portions that reports came in.
    np.testing.assert_allclose(np.sort(small.ties["weight"]), np.sort(large.ties["weight"]))
    assert picture.clusters().height == early.clusters.height + late.height


def test_the_same_reports_give_the_same_picture(told: Told) -> None:
    _, late, early, _ = told
    one, two = Picture(early), Picture(early)
    for picture in (one, two):
        picture.add(late[:200])
        picture.add(late[200:300])
    assert one.clusters().equals(two.clusters())
    assert one.links().equals(two.links())


def test_a_twin_joins_and_leaves(told: Told) -> None:
    early, _, batch, _ = told
    picture = Picture(batch)
    before = groups(picture)
    assert batch.pairs is not None
    alone = [next(iter(g)) for g in sorted(before, key=sorted) if len(g) == 1]
    lone = early.filter(
        (pl.col("source") == alone[0][0]) & (pl.col("id") == alone[0][1]) & pl.col("usable")
    )
    twin = lone.with_columns(pl.lit("radio").alias("source"), pl.lit("r1").alias("id"))
    told_back = picture.add(twin)
    assert told_back["size"].to_list() == [2]
    assert told_back["probability"][0] > picture.threshold
    assert frozenset({alone[0], ("radio", "r1")}) in groups(picture)
    picture.withdraw("radio", "r1")
    assert groups(picture) == before
    with pytest.raises(UsageError, match="r1 of radio"):
        picture.withdraw("radio", "r1")


def test_a_corrected_report_replaces_the_first(told: Told) -> None:
    _, late, early, _ = told
    picture = Picture(early)
    picture.add(late[:50])
    moved = late[:1].with_columns(pl.col("day0") + 4000, pl.col("day1") + 4000)
    assert picture.add(moved)["size"].to_list() == [1]
    assert picture.clusters().height == early.clusters.height + 50


def test_what_cannot_be_placed_stands_alone(told: Told) -> None:
    _, late, early, _ = told
    lost = late[:1].with_columns(
        pl.lit(None, pl.Int32).alias("day0"), pl.lit(None, pl.Int32).alias("day1"),
        pl.lit(False).alias("usable"),
    )  # fmt: skip
    assert Picture(early).add(lost)["size"].to_list() == [1]
    assert Picture(early).add(late[:0]).is_empty()


@pytest.mark.slow
@settings(max_examples=12, phases=[Phase.generate])
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 60), st.integers()), max_size=6))
def test_links_and_clusters_agree_whatever_comes_and_goes(
    told: Told, steps: list[tuple[int, int, int]]
) -> None:
    _, late, early, _ = told
    picture = Picture(early)
    there = {(s, i) for s, i in early.clusters.select("source", "id").rows()}
    for first, size, gone in steps:
        picture.add(late[first : first + size])
        there |= set(late[first : first + size].select("source", "id").rows())
        key = sorted(there)[gone % len(there)]
        picture.withdraw(*key)
        there.discard(key)
        clusters = picture.clusters()
        assert set(clusters.select("source", "id").rows()) == there
        agree_tables(picture.links(), clusters)


def test_nothing_linked_is_no_picture() -> None:
    nothing = Linked(pl.DataFrame(), pl.DataFrame())
    with pytest.raises(UsageError, match="no model"):
        Picture(nothing)
