"""The track record is out of sample."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.anticipate.data.panel import panel
from tocsin.anticipate.evaluation.track_record import NESTED, record
from tocsin.anticipate.models.baselines import MODELS


def test_what_came_later_does_not_change_a_window(seen: dict[str, pl.DataFrame]) -> None:
    series = seen["series"].filter(pl.col("target") == "ged_sb")
    cut = series.filter(pl.col("month").dt.year() <= 2019)
    columns = ["model", "window", "horizon", "region", "crps"]
    known = (pl.col("window") == "2018") & (pl.col("model") != NESTED)
    full, short = (record(panel(s), MODELS, 14).filter(known) for s in (series, cut))
    assert full.select(columns).equals(short.select(columns))


def test_each_model_each_window_and_all(seen: dict[str, pl.DataFrame]) -> None:
    found = record(panel(seen["series"].filter(pl.col("target") == "ged_sb")), MODELS, 3)
    assert set(found["window"]) == {str(year) for year in range(2018, 2023)} | {"all"}
    assert set(found["model"]) == set(MODELS) | {NESTED}
    assert found.filter("chosen")["model"].n_unique() == 1
    whole = found.filter(
        pl.col("window") == "all", pl.col("horizon") == 0, pl.col("region") == "all"
    )
    each = found.filter(
        pl.col("window") != "all", pl.col("horizon") == 0, pl.col("region") == "all"
    )
    for model in MODELS:
        part = each.filter(pl.col("model") == model)
        mean = (part["crps"] * part["n"]).sum() / part["n"].sum()
        assert whole.filter(pl.col("model") == model)["crps"][0] == pytest.approx(mean)
