"""Who says what: producers, abstentions, and values that agree."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.reliability.votes import collect_testimony, components, pairs, producer, votes
from tocsin.bench.reliability.world import World, world


@pytest.fixture(scope="module")
def made() -> World:
    return world(4, size=60)


def test_a_release_is_not_a_producer() -> None:
    names = ["UCDP GED 23.1", "UCDP GED Candidate 22.0.3", "ACLED", "Field forms 2024"]
    found = pl.DataFrame({"source": names}).select(producer(pl.col("source"))).to_series()
    assert found.to_list() == ["UCDP GED", "UCDP GED", "ACLED", "Field forms"]


@given(st.lists(st.integers(0, 4), max_size=12))
def test_all_pairs_of_one_item_and_no_other(raw: list[int]) -> None:
    item = np.array(sorted(raw), dtype=np.int64)
    one, two = pairs(item)
    expected = [
        (i, j) for i in range(item.size) for j in range(i + 1, item.size) if item[i] == item[j]
    ]
    assert list(zip(one.tolist(), two.tolist(), strict=True)) == expected


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=15))
def test_components_are_the_smallest_node_reached(edges: list[tuple[int, int]]) -> None:
    one, two = (np.array([edge[k] for edge in edges], dtype=np.int64) for k in (0, 1))
    found = components(one, two, np.ones(one.size, dtype=bool), 10)
    groups = {n: {n} for n in range(10)}
    for a, b in edges:
        merged = groups[a] | groups[b]
        for node in merged:
            groups[node] = merged
    assert found.tolist() == [min(groups[n]) for n in range(10)]


def test_parts_of_one_source_add_up_and_a_later_release_speaks(made: World) -> None:
    report = made.reports.head(1)
    incident = made.links.filter(pl.col("report_id") == report["report_id"][0])
    part = report.with_columns(
        pl.lit("Alpha:part").alias("report_id"), (pl.col("latitude") + 1).alias("latitude")
    )
    later = report.with_columns(
        pl.lit("Alpha:later").alias("report_id"), pl.lit("Alpha 2.0").alias("source")
    )
    for more, expected in ((part, 2), (later, 1)):
        reports = pl.concat([report, more, more.with_columns(pl.lit("twice").alias("report_id"))])
        links = pl.concat(
            incident.with_columns(pl.lit(name).alias("report_id")) for name in reports["report_id"]
        )
        events = made.incidents.filter(pl.col("incident_id") == incident["incident_id"][0])
        spoken = collect_testimony(events, links, reports).spoken
        assert spoken.height == 1
        assert spoken["deaths_best"].item() == expected * report["deaths_best"].item()


def test_rough_statements_abstain(made: World) -> None:
    rough = made.reports.with_columns(
        pl.lit(3).alias("date_prec"),
        pl.lit(4).alias("place_prec"),
        pl.lit("Unidentified armed group").alias("actor_a"),
        *[pl.lit(None, pl.Int64).alias(f"deaths_{k}") for k in ("low", "best", "high")],
    )
    spoken = collect_testimony(made.incidents, made.links, rough).spoken
    assert all(votes(spoken, name).item.size == 0 for name in ("date", "place", "actor", "deaths"))


def test_names_of_one_organisation_agree(made: World) -> None:
    renamed = made.reports.with_columns(
        pl.when(pl.col("source") == "Alpha")
        .then(pl.lit("Jaysh al-Islam"))
        .otherwise(pl.lit("Jaish Al Islam (Army of Islam)"))
        .alias("actor_a")
    )
    cast = votes(collect_testimony(made.incidents, made.links, renamed).spoken, "actor")
    assert cast.item.size > 0
    assert cast.owner.size == np.unique(cast.item).size
