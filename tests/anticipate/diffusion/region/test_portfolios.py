"""What organisations have and can do, year by year."""

from __future__ import annotations

import polars as pl

from tocsin.anticipate.diffusion.region.portfolios import capability_index, technology_portfolios
from tocsin.schema import TABLES, empty

Tables = dict[str, pl.DataFrame]


def test_possession_grows_and_disuse_with_silence(region: Tables) -> None:
    mine = technology_portfolios(region).filter(pl.col("actor") == "Group 03").sort("year")
    assert mine["probability"].is_sorted()
    assert mine["probability"][-1] == 11 / 12
    assert mine["disused"].is_sorted()
    assert mine["disused"][-1] > 0.5


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
            ("actor_spells", "adoption", "adoption_draws", "incidents")}  # fmt: skip
    assert technology_portfolios(none).is_empty()
    assert capability_index(none, seed=1).is_empty()
