"""The stage: paired differences in common futures."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate import anticipate
from tocsin.plan import plan
from tocsin.plan.compare import comparisons
from tocsin.schema import TABLES, empty


@pytest.fixture(scope="module")
def tables(seen: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    series = seen["series"].filter(
        pl.col("target") == "ged_sb", pl.col("gwno").is_in([652, 645, 482, 483])
    )
    forecasts = anticipate(series, horizons=12, draws=100, seed=1)["forecasts"]
    return {"forecasts": forecasts, "adoption": empty(TABLES["adoption"])}


def test_the_same_portfolio_differs_by_nothing() -> None:
    values = np.random.default_rng(0).gamma(2, 50, (20, 36, 2)).astype(np.float32)
    names = ("deaths", "displaced", "service_lost", "capability", "grievance", "trade_lost")
    one = dict.fromkeys(names, values)
    found = comparisons({"status quo": one, "other": one})
    assert found["mean"].to_list() == [0.0] * 6
    assert found["p_better"].to_list() == [0.5] * 6


def test_the_stage_is_reproducible(tables: dict[str, pl.DataFrame]) -> None:
    one = plan(tables, gwnos=[652, 645, 482, 483], futures=40, seed=3)
    two = plan(tables, gwnos=[652, 645, 482, 483], futures=40, seed=3)
    assert all(one[name].equals(two[name]) for name in one)
    assert set(one["outcomes"]["portfolio"]) == {"status quo", "enforcement-heavy", "layered"}
    assert (one["outcomes"]["low"] <= one["outcomes"]["high"]).all()


def test_territories_add_up_to_the_region(tables: dict[str, pl.DataFrame]) -> None:
    found = plan(tables, gwnos=[652, 645, 482, 483], futures=40, seed=3)["outcomes"]
    deaths = found.filter(pl.col("outcome") == "deaths", pl.col("portfolio") == "layered")
    region = deaths.filter(pl.col("territory") == "region")["mean"][0]
    rest = deaths.filter(pl.col("territory") != "region")["mean"].sum()
    assert rest == pytest.approx(region)
