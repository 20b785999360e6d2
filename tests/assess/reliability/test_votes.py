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


def _said(*rows: dict[str, object]) -> pl.DataFrame:
    """Rows of `spoken`: one source each, of one incident, unless told otherwise."""
    plain = {
        "item": 0, "probability": 1.0, "date_start": 10, "date_end": 10, "date_prec": 1,
        "latitude": 10.0, "longitude": 20.0, "place_prec": 1, "actor_a": "Army of A",
        "actor_b": None, "deaths_low": 5, "deaths_best": 5, "deaths_high": 5,
    }  # fmt: skip
    days = pl.col("date_start", "date_end").cast(pl.Int32).cast(pl.Date)
    kinds = {"latitude": pl.Float64, "actor_a": pl.String, "actor_b": pl.String}
    given = [{"who": n} | plain | row for n, row in enumerate(rows)]
    return pl.DataFrame(given, schema_overrides=kinds).with_columns(days)


def _agree(attribute: str, one: dict[str, object], two: dict[str, object]) -> bool | None:
    """Whether two sources agree on an attribute; None if one of them abstains."""
    cast = votes(_said(one, two), attribute)
    return bool(cast.value[0] == cast.value[1]) if cast.item.size else None


@pytest.mark.parametrize(
    ("attribute", "one", "two", "expected"),
    [
        ("date", {}, {}, True),
        ("date", {}, {"date_start": 11, "date_end": 11}, False),
        ("date", {}, {"date_end": 11}, None),
        ("date", {}, {"date_prec": 2}, None),
        ("place", {}, {"place_prec": 2}, True),
        ("place", {}, {"place_prec": 3}, None),
        ("place", {}, {"latitude": None}, None),
        # A degree of latitude is 111.195 km; places agree within 20.
        ("place", {}, {"latitude": 10 + 19.9 / 111.195}, True),
        ("place", {}, {"latitude": 10 + 20.1 / 111.195}, False),
        ("deaths", {}, {"deaths_best": None}, None),
        ("deaths", {"deaths_high": 9}, {"deaths_low": 9, "deaths_best": 20, "deaths_high": 20},
         True),
        ("deaths", {"deaths_high": 9}, {"deaths_low": 10, "deaths_best": 20, "deaths_high": 20},
         False),
        ("deaths", {"deaths_low": 9, "deaths_best": 20, "deaths_high": 20}, {"deaths_high": 9},
         True),
        ("deaths", dict.fromkeys(("deaths_low", "deaths_best", "deaths_high"), 100),
         dict.fromkeys(("deaths_low", "deaths_best", "deaths_high"), 124), True),
        ("deaths", dict.fromkeys(("deaths_low", "deaths_best", "deaths_high"), 100),
         dict.fromkeys(("deaths_low", "deaths_best", "deaths_high"), 125), False),
        ("deaths", dict.fromkeys(("deaths_low", "deaths_best", "deaths_high"), 0),
         dict.fromkeys(("deaths_low", "deaths_best", "deaths_high"), 1), False),
        ("actor", {}, {"actor_a": "Front of B"}, False),
        ("actor", {}, {"actor_a": "Front of B", "actor_b": "army of a"}, True),
        ("actor", {"actor_b": "Front of C"}, {"actor_b": "Front of B"}, False),
        ("actor", {}, {"actor_a": None, "actor_b": "Army of A"}, True),
        ("actor", {}, {"actor_a": None}, None),
    ],
)  # fmt: skip
def test_what_agrees_and_who_abstains(
    attribute: str, one: dict[str, object], two: dict[str, object], expected: bool | None
) -> None:
    assert _agree(attribute, one, two) is expected


def test_votes_are_numbered_by_incident_and_value() -> None:
    day = {"date_start": 11, "date_end": 11}
    spoken = _said(
        {}, day, {"probability": 0.4}, {"item": 1}, {"item": 2}, {"item": 2, "date_prec": 3},
        {"item": 3}, {"item": 3},
    )  # fmt: skip
    cast = votes(spoken, "date")
    # Of the second incident one source tells, and of the third only one to the day.
    assert cast.item.tolist() == [0, 0, 0, 3, 3]
    assert cast.row.tolist() == cast.who.tolist() == [0, 1, 2, 6, 7]
    assert cast.value.tolist() == [0, 1, 0, 2, 2]
    assert cast.owner.tolist() == [0, 0, 3]
    assert cast.weight.tolist() == [1.0, 1.0, 0.4, 1.0, 1.0]


def test_a_final_release_speaks_for_its_candidate_and_the_likeliest_part_for_the_rest(
    made: World,
) -> None:
    report = made.reports.head(1)
    incident = made.links.filter(pl.col("report_id") == report["report_id"][0])
    events = made.incidents.filter(pl.col("incident_id") == incident["incident_id"][0])

    def spoken(*rows: tuple[str, str, float, float]) -> pl.DataFrame:
        reports = pl.concat(
            report.with_columns(
                pl.lit(name).alias("report_id"),
                pl.lit(source).alias("source"),
                (pl.col("latitude") + north).alias("latitude"),
            )
            for name, source, _, north in rows
        )
        links = pl.concat(
            incident.with_columns(pl.lit(name).alias("report_id"), pl.lit(p).alias("probability"))
            for name, _, p, _ in rows
        )
        return collect_testimony(events, links, reports).spoken

    final = spoken(("old", "UCDP GED Candidate 22.0.3", 0.9, 0), ("new", "UCDP GED 23.1", 0.9, 0))
    assert final["report_id"].to_list() == ["new"]
    parts = spoken(("a", "ACLED", 0.6, 0), ("b", "ACLED", 0.9, 1), ("c", "ACLED", 0.9, 2))
    assert parts.select("report_id", "probability").rows() == [("b", 0.9)]
    assert parts["deaths_best"].item() == 3 * report["deaths_best"].item()
