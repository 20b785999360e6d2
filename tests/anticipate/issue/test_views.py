"""The challenge's format, as its own compliance test asks for it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tocsin.anticipate.issue.views import (
    as_views,
    country_id,
    month_id,
    write_submission,
)
from tocsin.errors import UsageError
from tocsin.observe import example_files
from tocsin.schema.geography.territory import resolve
from tocsin.schema.mapping.numbers import views_numbers

SERIES = next(path for path in example_files() if path.name.startswith("ged_sb"))


def forecasts(names: list[str], months: list[str]) -> pl.DataFrame:
    rows = [
        (name, month, draw, 3.0 * draw) for name in names for month in months for draw in (0, 1)
    ]
    return pl.DataFrame(rows, schema=["country", "month", "draw", "outcome"], orient="row")


def test_months_are_counted_from_january_1980() -> None:
    assert [month_id(date(1980, 1, 1)), month_id(date(2018, 1, 1))] == [1, 457]
    assert month_id(date(2023, 10, 1)) == 526


def test_the_191_countries_of_the_series_are_those_of_views() -> None:
    names = pl.read_csv(SERIES)["country"].unique().to_list()
    assert sorted(views_numbers()) == sorted({resolve(name).gwno for name in names})
    assert len({country_id(name) for name in names}) == 191
    known = {"Sudan": 245, "South Sudan": 246, "Yemen": 124, "Serbia": 233, "Tanzania": 242}
    assert {name: country_id(name) for name in known} == known


def test_a_submission_passes_the_rules_of_the_challenge(tmp_path: Path) -> None:
    months = [f"2017-{m}" for m in (11, 12)] + [f"2018-{m:02d}" for m in range(1, 13)]
    place = write_submission(
        forecasts(["Syria", "Mali"], months), tmp_path, origin=date(2017, 10, 1)
    )
    assert place == tmp_path / "cm" / "window=Y2018" / "predictions_2018.parquet"
    table = pl.read_parquet(place)
    assert table.columns == ["month_id", "country_id", "draw", "outcome"]
    assert all(kind.is_integer() for kind in table.dtypes)
    assert table["month_id"].unique().sort().to_list() == list(range(457, 469))
    assert table.height == 12 * 2 * 2
    assert (table["outcome"] >= 0).all()
    details = tmp_path / "submission_details.yml"
    keys = re.findall(r"^(\w+):", details.read_text(), re.M)
    assert keys == ["team", "short_title", "even_shorter_identifier", "authors", "contact"]
    details.write_text("mine")
    write_submission(forecasts(["Mali"], ["2019-01"]), tmp_path, origin=date(2018, 10, 1))
    assert details.read_text() == "mine"
    assert place.exists()


def test_what_views_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="Atlantis"):
        as_views(forecasts(["Mali", "Atlantis"], ["2018-01"]))
    with pytest.raises(UsageError, match="one country"):
        as_views(forecasts(["Zaire", "Congo, DRC"], ["2018-01"]))


def test_cells_keep_their_numbers(tmp_path: Path) -> None:
    cells = forecasts(["1"], ["2018-01"]).drop("country").with_columns(priogrid_gid=pl.lit(137213))
    place = write_submission(cells, tmp_path, origin=date(2017, 10, 1))
    assert place.parent.parent.name == "pgm"
    assert pl.read_parquet(place).columns == ["month_id", "priogrid_gid", "draw", "outcome"]


def test_too_short_a_forecast_for_the_challenge(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="horizon"):
        write_submission(forecasts(["Mali"], ["2017-11"]), tmp_path, origin=date(2017, 10, 1))
