"""Where the simulation starts."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from tocsin.errors import StageNotReady
from tocsin.plan.start import HALFWAY, UNSEEN, read_start
from tocsin.schema import TABLES, empty
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

SYRIA, IRAQ, KUWAIT, CAMEROON = 652, 645, 690, 471


def test_a_region_without_forecasts_is_refused() -> None:
    tables = {name: empty(TABLES[name]) for name in ("forecasts", "adoption")}
    with pytest.raises(StageNotReady, match="forecast"):
        read_start(tables, [652])


def _forecasts() -> pl.DataFrame:
    rows = [
        (gwno, horizon, mean + (1000 if horizon > 12 else 0))
        for gwno, mean in ((SYRIA, 100.0), (IRAQ, 40.0), (CAMEROON, 7.0))
        for horizon in range(1, 15)
    ]
    return pl.DataFrame(rows, schema=["gwno", "horizon", "mean"], orient="row")


def _adoption(*rows: tuple[int, str, date, date, float]) -> pl.DataFrame:
    names = {"gwno": pl.Int64, "technology": pl.String, "first_seen": pl.Date,
             "last_seen": pl.Date, "expected": pl.Float64}  # fmt: skip
    return pl.DataFrame(list(rows), schema=names, orient="row")


def test_the_start_is_the_first_years_mean_of_what_is_forecast() -> None:
    tables = {"forecasts": _forecasts(), "adoption": _adoption()}
    found = read_start(tables, [IRAQ, KUWAIT, SYRIA, CAMEROON])
    assert found.gwnos == (IRAQ, SYRIA, CAMEROON)
    assert found.territories == ("Iraq", "Syria", "Cameroon")
    assert found.level.tolist() == [40.0, 100.0, 7.0]
    assert read_start(tables, [SYRIA]).gwnos == (SYRIA,)


def test_the_first_year_is_of_twelve_months() -> None:
    rising = pl.DataFrame({"gwno": [SYRIA] * 13, "horizon": range(1, 14), "mean": range(1, 14)})
    found = read_start({"forecasts": rising, "adoption": _adoption()}, [SYRIA])
    assert found.level.tolist() == [6.5]


def test_neighbours_share_a_border_and_nobody_borders_on_itself() -> None:
    found = read_start(
        {"forecasts": _forecasts(), "adoption": _adoption()}, [SYRIA, IRAQ, CAMEROON]
    )
    assert found.border.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_neighbours_share_alike() -> None:
    means = pl.DataFrame({"gwno": [645, 652, 640, 663], "horizon": [1] * 4, "mean": [1.0] * 4})
    found = read_start({"forecasts": means, "adoption": _adoption()}, [645, 652, 640, 663])
    # Syria lies beside Iraq, Turkey and Jordan.
    assert found.border[1] == pytest.approx([1 / 3, 0, 1 / 3, 1 / 3])
    assert found.border.sum(1) == pytest.approx(np.ones(4))


def test_capability_saturates_in_the_incidents_of_a_year() -> None:
    day, later = date(2020, 1, 1), date(2022, 1, 1)
    first, second = TECHNOLOGIES[:2]
    ledger = _adoption(
        (SYRIA, first, day, later, 2 * HALFWAY), (SYRIA, first, day, later, 2 * HALFWAY),
        (SYRIA, second, day, day, HALFWAY), (KUWAIT, first, day, later, 500.0),
        (IRAQ, first, day, later, 0.2),
    )  # fmt: skip
    found = read_start({"forecasts": _forecasts(), "adoption": ledger}, [SYRIA, IRAQ]).capability
    assert found.shape == (2, len(TECHNOLOGIES))
    # Two organisations of 20 a year add up to 40; two years are 731 days.
    assert found[0, 0] == pytest.approx(1 - np.exp(-2 * 2 / (731 / 365.25)), rel=1e-5)
    # What was seen within a year counts as a year.
    assert found[0, 1] == pytest.approx(1 - np.exp(-1), rel=1e-5)
    # Not seen is not absent, and little seen is not less than not seen.
    assert found[1].tolist() == pytest.approx([UNSEEN] * len(TECHNOLOGIES))
