"""Forecasts of cells: the same in one part or many, nothing of the future."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.anticipate.grid import CellMonths, cell_months, forecast_cells, summaries
from tocsin.anticipate.grid import forecast as module
from tocsin.errors import UsageError


@pytest.fixture(scope="module")
def cells(seen: dict[str, pl.DataFrame]) -> CellMonths:
    late = pl.col("date_start") >= date(2012, 1, 1)
    republic = seen["reports"].filter(pl.col("gwno") == 482, late)
    return cell_months([republic], "ged_total")


def forecast(cells: CellMonths, origin: date, seed: int = 1) -> pl.DataFrame:
    parts = forecast_cells(cells, origin=origin, horizon=3, draws=40, seed=seed, model="smoothed")
    return pl.concat(parts)


@pytest.mark.slow
def test_parts_and_seeds(cells: CellMonths, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = forecast(cells, date(2015, 10, 1))
    assert whole.columns == ["priogrid_gid", "country", "month", "draw", "outcome"]
    assert whole.height == whole["priogrid_gid"].n_unique() * 3 * 40
    assert whole["month"].unique().sort().to_list() == ["2015-11", "2015-12", "2016-01"]
    other = forecast(cells, date(2015, 10, 1), seed=2)
    assert not other.equals(whole)
    # The seed also draws the quiet cases to learn from, so the cells and months are the same,
    # and their outcomes nearly.
    keys = ["priogrid_gid", "month"]
    assert other.select(keys).sort(keys).equals(whole.select(keys).sort(keys))
    assert other["outcome"].mean() == pytest.approx(whole["outcome"].mean(), rel=0.2)
    monkeypatch.setattr(module, "PART", 7)
    assert forecast(cells, date(2015, 10, 1)).equals(whole)


@pytest.mark.slow
def test_what_came_later_is_not_looked_at(cells: CellMonths) -> None:
    cut = CellMonths(
        cells.deaths.filter(pl.col("month") <= date(2015, 10, 1)),
        cells.spans, cells.unplaced, cells.target,
    )  # fmt: skip
    assert forecast(cells, date(2015, 10, 1)).equals(forecast(cut, date(2015, 10, 1)))


def test_a_cells_summary_is_that_of_its_draws(cells: CellMonths) -> None:
    parts = forecast_cells(
        cells, origin=date(2015, 10, 1), horizon=3, draws=40, seed=1, model="smoothed"
    )
    for part, summary in summaries(parts, 2):
        one = summary.sort("mean").to_dicts()[-1]
        rows = part.filter(pl.col("priogrid_gid") == one["priogrid_gid"], pl.col("month") < "2016")
        assert rows["outcome"].sum() / 40 == pytest.approx(one["mean"])


def test_an_origin_outside(cells: CellMonths) -> None:
    with pytest.raises(UsageError, match="reach"):
        forecast(cells, date(2030, 1, 1))
