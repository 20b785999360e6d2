"""What organisations have and can do, year by year."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy.integrate import quad

from tocsin.anticipate.diffusion.region.portfolios import (
    STOPS,
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
