"""The record compares models over the same years."""

from __future__ import annotations

import polars as pl

from tocsin.share.facts.record import BENCHMARK, outdone, record, windows


def rows(model: str, years: dict[int, float], chosen: bool = False) -> list[dict[str, object]]:
    shared = {"model": model, "target": "ged_sb", "horizon": 0, "region": "all", "n": 10}
    scores = {"crps_log": 0.1, "coverage": 0.9, "chosen": chosen, "source": "test"}
    each = [shared | scores | {"window": str(year), "crps": crps} for year, crps in years.items()]
    mean = sum(years.values()) / len(years)
    return [*each, shared | scores | {"window": "all", "crps": mean, "n": 10 * len(years)}]


def test_a_record_that_begins_later_is_compared_on_its_own_years_only() -> None:
    track = pl.DataFrame(
        rows("pool", {2018: 1.0, 2019: 9.0}, chosen=True)
        + rows("chosen on earlier windows", {2019: 8.0})
    )
    found = {row["model"]: row for row in record(track)}
    assert found["pool"]["crps"] == 9.0
    assert found["chosen on earlier windows"]["crps"] == 8.0
    assert {row["from"] for row in found.values()} == {"2019"}
    assert {row["n"] for row in found.values()} == {10}
    assert record(track)[0]["model"] == "pool"


def test_a_region_of_the_very_same_cases_stands_once() -> None:
    track = pl.DataFrame(rows("pool", {2018: 1.0}, chosen=True))
    same = track.with_columns(pl.lit("recently in conflict").alias("region"))
    fewer = same.with_columns(pl.col("n") - 5)
    assert [row["region"] for row in record(pl.concat([track, same]))] == ["all"]
    assert len(record(pl.concat([track, fewer]))) == 2


def test_each_year_is_measured_by_the_simple_benchmark_of_that_year() -> None:
    track = pl.DataFrame(
        rows("pool", {2018: 1.0, 2019: 9.0, 2020: 3.0}) + rows(BENCHMARK, {2018: 2.0, 2019: 6.0})
    )
    found = {(row["window"], row["model"]): row["ratio"] for row in windows(track)}
    assert found[("2018", "pool")] == 0.5
    assert found[("2019", "pool")] == 1.5
    assert found[("2019", BENCHMARK)] == 1.0
    # Where the benchmark was not scored, there is nothing to compare with.
    assert found[("2020", "pool")] is None


def test_where_the_simple_benchmark_was_nearer_it_is_said() -> None:
    ours = pl.DataFrame(rows("pool", {2018: 3.0}, chosen=True) + rows(BENCHMARK, {2018: 4.0}))
    here = ours.with_columns(
        pl.lit("this region").alias("region"),
        pl.col("crps") * pl.col("crps") % 10,
        n=pl.lit(3, pl.Int64),
    )
    assert outdone(record(ours)) == []
    found = outdone(record(pl.concat([ours, here.select(ours.columns)])))
    assert found == [{"region": "this region", "own": 9.0, "simple": 6.0}]
