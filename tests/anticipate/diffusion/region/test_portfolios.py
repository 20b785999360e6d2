"""What organisations have and can do, year by year."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.integrate import quad
from tests.anticipate.diffusion.region.conftest import BEGIN

from tocsin.anticipate.diffusion.region import portfolios
from tocsin.anticipate.diffusion.region.portfolios import (
    STOPS,
    _draw_ranks,
    _incidents,
    capability_index,
    technology_portfolios,
)
from tocsin.schema import TABLES, empty

Tables = dict[str, pl.DataFrame]


def test_possession_grows_and_disuse_with_silence(region: Tables) -> None:
    mine = technology_portfolios(region).filter(pl.col("actor") == "Group 03").sort("year")
    assert mine["probability"].is_sorted()
    assert mine["probability"][-1] == pytest.approx(0.9)  # the ledger's confidence
    assert mine["disused"].is_sorted()
    assert mine["disused"][-1] > 0.5


def test_many_uses_in_few_quarters_are_soon_silent_and_not_soon_given_up(region: Tables) -> None:
    """A burst of a hundred uses says little of the quarter after it."""
    burst = region | {
        "adoption": region["adoption"].with_columns(
            expected=pl.lit(100.0), high=pl.lit(100.0), last_seen=pl.lit(date(2019, 6, 30))
        )
    }
    told = region["adoption_quarters"]["actor_id"]
    last = (
        technology_portfolios(burst)
        .filter(year=2019)
        .filter(pl.col("actor_id").is_in(told.implode()))
    )
    assert last.height == told.n_unique()
    assert last["disused"].max() < 0.5


def test_the_index_ranks_what_it_says(region: Tables) -> None:
    found = capability_index(region, seed=1)
    assert (found["low"] <= found["high"]).all()
    deadly = found.filter(pl.col("dimension") == "lethality").group_by("actor").agg(
        pl.col("mean").mean()
    ).sort("mean")  # fmt: skip
    assert deadly["actor"][-1] > deadly["actor"][0]
    stealth = found.filter(pl.col("dimension") == "stealth")
    assert stealth["mean"].max() <= 0.6
    assert found.equals(capability_index(region, seed=1))


def test_nothing_gives_nothing() -> None:
    none = {name: empty(TABLES[name]) for name in
            ("actor_spells", "adoption", "adoption_draws", "adoption_quarters",
             "incidents")}  # fmt: skip
    assert technology_portfolios(none).is_empty()
    assert capability_index(none, seed=1).is_empty()


def test_disuse_is_the_chance_that_it_stopped_given_the_silence(region: Tables) -> None:
    """The day on which it stopped is summed out by numbers."""
    mine = technology_portfolios(region).filter(pl.col("actor") == "Group 11").sort("year")
    [last] = region["adoption"].filter(pl.col("actor") == "Group 11")["last_seen"]
    # Three uses within 200 days count as in half a year at least; no quarter is told of.
    rate = 3.0 / (200 / 365.25)
    for year, disused in mine.select("year", "disused").rows():
        quiet = max((min(date(year, 12, 31), date(2020, 1, 1)) - last).days / 365.25, 0.0)
        stopped = quad(lambda day: STOPS * np.exp(-(STOPS + rate) * day), 0, quiet)[0]
        goes_on = np.exp(-(STOPS + rate) * quiet)
        assert disused == pytest.approx(stopped / (stopped + goes_on))
    assert 0 < mine["disused"][-1] < 1


def test_a_class_is_held_with_the_part_of_the_draws_in_which_it_was_there(region: Tables) -> None:
    """The first use of 'Group 03' is on 26 December 2012 or up to eleven days later."""
    rows = technology_portfolios(region).filter(pl.col("actor") == "Group 03")
    found = dict(rows.select("year", "probability").iter_rows())
    assert list(found) == list(range(2010, 2021))
    # In one of twelve draws there is none; in five it comes until the end of the year.
    assert [found[year] for year in (2011, 2012, 2013)] == pytest.approx([0.0, 0.9 * 5 / 11, 0.9])


def test_uses_that_bunch_in_quarters_are_no_more_frequent_than_their_quarters(
    region: Tables,
) -> None:
    """Three uses in 200 days, told of in the first quarters of two years."""
    rows = technology_portfolios(region).filter(pl.col("actor") == "Group 00")
    [seen] = region["adoption"].filter(pl.col("actor") == "Group 00")["last_seen"]
    quarters = 365 / (365.25 / 4) + 1
    rate = -4 * np.log((quarters - 2 + 1) / (quarters + 2))
    assert rate < 3.0 / (200 / 365.25)
    quiet = (date(2015, 12, 31) - seen).days / 365.25
    stops, both = STOPS / (STOPS + rate), np.exp(-(STOPS + rate) * quiet)
    disused = dict(rows.select("year", "disused").iter_rows())
    assert disused[2015] == pytest.approx(stops * (1 - both) / (stops * (1 - both) + both))
    assert disused[2010] == 0.0


def test_who_was_told_of_in_each_quarter_is_as_frequent_as_its_uses(region: Tables) -> None:
    """Three uses in 200 days, told of in each of five quarters: none of them was silent."""
    told = region["adoption_quarters"]
    mine = told.filter(pl.col("actor_id") == "0")
    first, last = mine["quarter"].min(), mine["quarter"].max()
    assert isinstance(first, date)
    every = pl.date_range(first, last, "3mo", eager=True)
    assert len(every) == 5
    each = pl.concat([mine.head(1).with_columns(quarter=pl.lit(day)) for day in every])
    told = pl.concat([told.filter(pl.col("actor_id") != "0"), each])
    rows = technology_portfolios(region | {"adoption_quarters": told})
    [seen] = region["adoption"].filter(pl.col("actor") == "Group 00")["last_seen"]
    rate, quiet = 3.0 / (200 / 365.25), (date(seen.year, 12, 31) - seen).days / 365.25
    stops, both = STOPS / (STOPS + rate), np.exp(-(STOPS + rate) * quiet)
    disused = dict(rows.filter(actor="Group 00").select("year", "disused").iter_rows())
    assert disused[seen.year] == pytest.approx(stops * (1 - both) / (stops * (1 - both) + both))


def test_capabilities_are_ranked_among_all_organisations_and_years(region: Tables) -> None:
    found = capability_index(region, seed=1)
    keys = ["actor_id", "year"]
    wide = found.pivot(on="dimension", index=keys, values="mean")
    mean = wide.select(pl.mean_horizontal("tempo", "lethality", "reach", "stealth"))
    assert wide["index"].to_list() == pytest.approx(mean.to_series().to_list())
    assert (found["low"] <= found["high"]).all()
    assert found.filter(dimension="lethality")["low"].max() > 0.1
    assert found.filter(pl.col("low") < pl.col("high")).height > 20
    assert found.select(pl.col("low", "mean", "high").is_between(0, 1).all()).row(0) == (True,) * 3
    # Each has its first three incidents in one year each or two in one.
    counts = region["incidents"].group_by(
        pl.col("actor_a_id").alias("actor_id"),
        pl.col("date_start").dt.year().cast(wide.schema["year"]).alias("year"),
    ).agg(pl.len().alias("n"))  # fmt: skip
    told = found.filter(dimension="tempo").join(counts, on=keys)
    assert told.height == counts.height
    assert (told["n_incidents"] == told["n"]).all()
    # One incident is in one place only, so that nothing has less reach; one with more deaths ranks
    # above one with fewer.
    lone = wide.join(counts.filter(n=1), on=keys)
    assert lone["reach"].max() == 0.0
    deadly = wide.group_by("actor_id").agg(pl.col("lethality").mean())
    order = deadly.sort(pl.col("actor_id").cast(pl.Int64))["lethality"]
    assert order.is_sorted()
    # Twelve of a hundred draws are there; in eleven of them 'Group 03' has its aircraft.
    stealth = dict(
        found.filter(dimension="stealth", actor="Group 03").select("year", "mean").iter_rows()
    )
    assert stealth[2010] == 0.0
    assert stealth[2013] == pytest.approx(0.6 * 11 / 100)


def test_reach_is_the_mean_distance_from_the_middle_however_many_incidents_there_are() -> None:
    """Two incidents 90 km from their middle reach further than four at 70, and ten at 50."""
    rows = [
        {
            "unit": unit,
            "sure": 1.0,
            "deaths": unit + 1.0,
            "latitude": 10.0 + side * km / 111.2,
            "longitude": 20.0,
        }
        for unit, (many, km) in enumerate(((2, 90), (4, 70), (10, 50)))
        for side in [-1, 1] * (many // 2)
    ]
    nowhere = {"unit": 2, "sure": 1.0, "deaths": 3.0, "latitude": None, "longitude": None}
    unknown = [nowhere] * 20
    found = _draw_ranks(pl.DataFrame([*rows, *unknown]), 3, np.random.default_rng(2))
    # Distances from the middle are alike within each, so that no weight changes their mean.
    assert found["reach"][:, 0].min() >= 2 / 3
    assert found["reach"][:, 2].max() <= 1 / 3
    assert found["lethality"][:, 0].max() <= 1 / 3
    assert found["lethality"][:, 2].min() >= 2 / 3
    assert found["tempo"].mean(axis=0).tolist() == sorted(found["tempo"].mean(axis=0))


def test_reach_is_the_root_mean_square_distance_from_the_middle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With one draw of equal weights the ranks are those of the plain measures.

    Four places 3 and 1 degrees from their middle have a mean distance of 2 degrees and a
    root mean square of 2.24; four places that are all 2.1 degrees away lie between the two.
    """
    monkeypatch.setattr(portfolios, "DRAWS", 1)
    uneven, even = [3.0, -3.0, 1.0, -1.0], [2.1, -2.1, 2.1, -2.1]
    uses = pl.DataFrame(
        {"unit": [0] * 4 + [1] * 4, "sure": [1.0] * 8, "deaths": [1.0] * 8,
         "latitude": uneven + even, "longitude": [10.0] * 8}
    )  # fmt: skip
    equal: Any = SimpleNamespace(exponential=lambda size: np.full(size, 1.0))
    found = _draw_ranks(uses, 2, equal)
    assert found["reach"].tolist() == [[0.5, 0.0]]


def test_deaths_that_nobody_counted_are_none_in_lethality(region: Tables) -> None:
    unknown = region | {
        "incidents": region["incidents"].with_columns(
            deaths_best=pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.col("deaths_best"))
        )
    }
    wanted = region | {
        "incidents": unknown["incidents"].with_columns(pl.col("deaths_best").fill_null(0))
    }
    found = _incidents(unknown)
    assert unknown["incidents"]["deaths_best"].null_count() > 0
    assert found.equals(_incidents(wanted))
    assert found["deaths"].is_finite().all()


def test_what_is_only_suspected_weighs_as_much_as_it_is_probable(region: Tables) -> None:
    """Of the four incidents of 'Group 00' one is half sure: its tempo of that year falls."""
    asked = pl.DataFrame(
        [("0-1", "a", "0", 0.5), ("0-1", "b", "another", 0.7)],
        schema=["incident_id", "side", "actor_id", "probability"], orient="row",
    )  # fmt: skip
    doubted = region | {"suspects": asked}
    sure = dict(_incidents(doubted).select("incident_id", "sure").iter_rows())
    assert (sure["0-1"], sure["0-0"]) == (0.5, 1.0)
    year = (BEGIN + timedelta(days=400)).year

    def tempo(tables: Tables) -> float:
        found = capability_index(tables, seed=1).filter(actor_id="0", year=year, dimension="tempo")
        return float(found["mean"][0])

    assert tempo(doubted) < tempo(region)
    assert capability_index(region | {"suspects": asked.clear()}, seed=1).equals(
        capability_index(region, seed=1)
    )
