"""Fusing: every report gets its marks, one source passes through, ranges hold the truth."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.assess.incidents import incidents
from tocsin.assess.reliability import fuse, shares
from tocsin.bench.reliability.world import World, world

DEATHS = [f"deaths_{name}" for name in ("low", "best", "high")]


@pytest.fixture(scope="module")
def made() -> World:
    return world(3, size=2000)


@pytest.fixture(scope="module")
def weighed(made: World) -> dict[str, pl.DataFrame]:
    return fuse(made.incidents, made.links, made.reports)


@pytest.mark.slow
def test_the_example_region_passes_through_unchanged(seen: dict[str, pl.DataFrame]) -> None:
    events, links = incidents(seen["reports"])
    found = fuse(events, links, seen["reports"])
    single = events.filter(pl.col("n_reports") == 1).select("incident_id", *DEATHS)
    after = found["incidents"].select("incident_id", *DEATHS)
    assert single.join(after, on=["incident_id", *DEATHS]).height == single.height
    assert set(found["report_credibility"]["credibility"]) == {6}
    assert set(found["report_credibility"]["grade"]) == {"F"}
    assert found["attribute_confidence"].is_empty()


@pytest.mark.slow
def test_every_report_is_marked_once(made: World, weighed: dict[str, pl.DataFrame]) -> None:
    marked = weighed["report_credibility"]
    assert marked["report_id"].sort().equals(made.reports["report_id"].sort())
    alone = made.incidents.filter(pl.col("n_reports") == 1)
    assert set(marked.join(alone, on="incident_id", how="semi")["credibility"]) == {6}


def test_confirmed_reports_are_right_more_often(
    made: World, weighed: dict[str, pl.DataFrame]
) -> None:
    said = made.reports.select("report_id", "deaths_best")
    marked = weighed["report_credibility"].join(said, on="report_id")
    off = marked.join(made.truth, on="incident_id").with_columns(
        (pl.col("deaths_best").log1p() - pl.col("deaths").log1p()).abs().alias("off")
    )
    by_number = dict(off.group_by("credibility").agg(pl.col("off").mean()).iter_rows())
    assert by_number[1] < by_number[3] < by_number[5]


def test_ranges_hold_the_truth_about_as_often_as_they_say(
    made: World, weighed: dict[str, pl.DataFrame]
) -> None:
    # Whole numbers cover more than their share, so only incidents of ten deaths or more count.
    found = weighed["casualties"].join(made.truth, on="incident_id")
    several = found.filter((pl.col("n_independent") > 1) & (pl.col("deaths") >= 10))
    covered = several.select(
        pl.col("deaths").is_between("q05", "q95").mean().alias("wide"),
        pl.col("deaths").is_between("q25", "q75").mean().alias("narrow"),
    )
    assert several.height > 200
    assert 0.84 < covered["wide"].item() < 0.96
    assert 0.42 < covered["narrow"].item() < 0.64


def test_fused_beats_each_source(made: World, weighed: dict[str, pl.DataFrame]) -> None:
    truth = made.truth.with_columns(pl.col("deaths").log1p().alias("true"))
    fused = weighed["casualties"].filter(pl.col("n_independent") >= 3).join(truth, on="incident_id")
    mine = (fused["q50"].log1p() - fused["true"]).abs().mean()
    each = (
        made.links.join(
            made.reports.select("report_id", "deaths_best", name="source"), on="report_id"
        )
        .join(fused.select("incident_id", "true"), on="incident_id")
        .group_by("name")
        .agg((pl.col("deaths_best").log1p() - pl.col("true")).abs().mean().alias("off"))
    )
    assert mine < each["off"].min()


@pytest.mark.slow
def test_not_counted_stays_not_counted(made: World) -> None:
    silent = made.reports.with_columns(pl.lit(None, pl.Int64).alias(name) for name in DEATHS)
    found = fuse(made.incidents, made.links, silent)
    assert found["casualties"].is_empty()
    assert found["incidents"].select(DEATHS).null_count().row(0) == (found["incidents"].height,) * 3


@pytest.mark.slow
def test_a_doubtful_link_counts_less(made: World) -> None:
    doubtful = made.links.with_columns(pl.lit(0.6).alias("probability"))
    sure = fuse(made.incidents, made.links, made.reports)["report_credibility"]
    unsure = fuse(made.incidents, doubtful, made.reports)["report_credibility"]
    assert unsure["corroboration"].sum() < sure["corroboration"].sum()


@pytest.mark.slow
def test_again_is_the_same(made: World, weighed: dict[str, pl.DataFrame]) -> None:
    again = fuse(made.incidents, made.links, made.reports)
    assert all(again[name].equals(weighed[name]) for name in weighed)


def test_shares_are_of_those_that_can_be_judged(
    made: World, weighed: dict[str, pl.DataFrame]
) -> None:
    found = shares(weighed["source_reliability"], made.reports, "actor")
    assert set(found) == set(made.voices)
    assert found["Alpha"] > found["Delta"]
    alone = made.reports.filter(pl.col("source") == "Alpha")
    links = made.links.join(alone.select("report_id"), on="report_id", how="semi")
    events = made.incidents.join(links, on="incident_id", how="semi")
    assert shares(fuse(events, links, alone)["source_reliability"], alone, "actor") == {}
