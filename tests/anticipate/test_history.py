"""Forecasting a file: bad input is refused with its place, the future is not looked at."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tocsin.anticipate import forecast_file
from tocsin.anticipate.history import read_history
from tocsin.errors import SourceRefused, UsageError
from tocsin.observe import example_files

SERIES = next(path for path in example_files() if path.name.startswith("ged_sb"))


def forecast(path: Path, origin: str, horizon: int = 2) -> pl.DataFrame:
    return forecast_file(path, origin=origin, horizon=horizon, draws=50, seed=1, target="ged_sb")


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("Syria,2020-13,1", "row 2, column month"),
        ("Syria,2020-02,-1", "row 2, column ged_sb"),
        ("Syria,2020-02,1e12", "row 2, column ged_sb"),
        ("Syria,2020-02,x", "row 2, column ged_sb"),
        ("Syria,2020-01,5", "row 1, column month"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(tmp_path: Path, row: str, place: str) -> None:
    path = tmp_path / "h.csv"
    path.write_text(f"country,month,ged_sb\nSyria,2020-01,1\n{row}\n")
    with pytest.raises(SourceRefused, match=place):
        read_history(path, "ged_sb")


def test_names_and_shape_are_those_of_the_file() -> None:
    found = forecast(SERIES, "2017-10")
    assert found.columns == ["country", "month", "draw", "outcome"]
    assert found["country"].n_unique() == 191
    assert found["month"].unique().sort().to_list() == ["2017-11", "2017-12"]
    assert found.height == 191 * 2 * 50
    assert (found["outcome"] >= 0).all()
    assert (found["outcome"] == found["outcome"].round()).all()


def test_the_future_is_not_looked_at(tmp_path: Path) -> None:
    whole = pl.read_csv(SERIES)
    path = tmp_path / "cut.csv"
    whole.filter(pl.col("month") <= "2017-10").write_csv(path)
    assert forecast(path, "2017-10").equals(forecast(SERIES, "2017-10"))


QUIET = "".join(f"A,20{year}-0{month},0\n" for year in range(10, 20) for month in range(1, 10))


@pytest.mark.parametrize("body", ["Syria,2020-01,7\n", QUIET])
def test_one_month_or_all_zero_is_forecast_with_width(tmp_path: Path, body: str) -> None:
    path = tmp_path / "h.csv"
    path.write_text("country,month,ged_sb\n" + body)
    origin = body.strip().splitlines()[-1].split(",")[1]
    assert forecast(path, origin).height == 100


@pytest.mark.parametrize("origin", ["2030-01", "October", "2017-13"])
def test_an_origin_outside_the_file(origin: str) -> None:
    with pytest.raises(UsageError):
        forecast(SERIES, origin)
