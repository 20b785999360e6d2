"""Where the simulation starts."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from tocsin.errors import StageNotReady, UsageError
from tocsin.plan.region import start
from tocsin.plan.region.calibrate import Level
from tocsin.plan.region.start import HALFWAY, UNSEEN, Start, read_start
from tocsin.schema import TABLES, empty
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

SYRIA, IRAQ, KUWAIT, CAMEROON = 652, 645, 690, 471


def test_a_region_without_forecasts_is_refused() -> None:
    tables = {name: empty(TABLES[name]) for name in ("forecasts", "adoption")}
    with pytest.raises(StageNotReady, match="forecast"):
        read_start(tables, [652])


@pytest.mark.parametrize(
    ("mean", "known"),
    [(0.0, True), (7.0, True), (-0.1, False), (float("nan"), False), (float("inf"), False),
     (None, False)],
)  # fmt: skip
def test_a_forecasts_mean_is_a_number_from_nought_on(mean: float | None, known: bool) -> None:
    rows = [(SYRIA, 1, mean), (IRAQ, 1, 1.0), (KUWAIT, 1, float("nan"))]
    schema = {"gwno": pl.Int64, "horizon": pl.Int64, "mean": pl.Float64}
    forecasts = pl.DataFrame(rows, schema=schema, orient="row")
    tables = {"forecasts": forecasts, "adoption": empty(TABLES["adoption"])}
    if known:
        assert read_start(tables, [SYRIA, IRAQ]).level.tolist() == [mean, 1.0]
    else:
        with pytest.raises(UsageError, match=f"mean of {mean} deaths cannot be") as refused:
            read_start(tables, [SYRIA, IRAQ])
        assert refused.value.where == "table 'forecasts', Syria (652)"
    # What stands of a territory that is not asked for is not looked at.
    with pytest.raises(UsageError, match="stands twice"):
        read_start(tables, [IRAQ, IRAQ])


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


def test_the_record_is_of_whole_years_before_the_forecast() -> None:
    forecasts = _forecasts().with_columns(origin=pl.lit(date(2022, 3, 1)), target=pl.lit("ged_sb"))
    months = [date(2019 + at // 12, at % 12 + 1, 1) for at in range(48)]
    rows = [(SYRIA, month, "ged_sb", 10 if month <= date(2022, 3, 1) else 999) for month in months]
    rows += [(SYRIA, month, "ged_total", 5000) for month in months]
    rows += [(IRAQ, month, "ged_sb", 10) for month in months[-17:-9]]
    series = pl.DataFrame(rows, schema=["gwno", "month", "target", "deaths"], orient="row")
    given = {"forecasts": forecasts, "adoption": _adoption(), "series": series}
    found = read_start(given, [SYRIA, IRAQ, CAMEROON]).record
    # April 2019 to March 2022 are three whole years; Iraq has none, and Cameroon is not there.
    assert found == pytest.approx(np.log1p([[120.0] * 2, [12 * 40] * 2, [12 * 7] * 2]))
    without = {"forecasts": _forecasts(), "adoption": _adoption(), "series": series}
    assert read_start(without, [SYRIA]).record == pytest.approx(np.log1p([[1200.0] * 2]))


def test_the_record_goes_back_so_many_years(monkeypatch: pytest.MonkeyPatch) -> None:
    forecasts = _forecasts().with_columns(origin=pl.lit(date(2022, 12, 1)), target=pl.lit("ged_sb"))
    rows = [
        (SYRIA, date(year, month, 1), "ged_sb", deaths)
        for year, deaths in ((2019, 1000), (2020, 100), (2021, 10), (2022, 1))
        for month in range(1, 13)
    ]
    series = pl.DataFrame(rows, schema=["gwno", "month", "target", "deaths"], orient="row")
    monkeypatch.setattr(start, "RECORD", 3)
    found = read_start(
        {"forecasts": forecasts, "adoption": _adoption(), "series": series}, [SYRIA]
    ).record
    assert found == pytest.approx([np.log1p([1200, 120, 12]).mean()])


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


def test_a_run_begins_with_weeks_of_the_level_of_each_future() -> None:
    start = Start((1, 2), ("a", "b"), np.array([52.0, 26.0], np.float32),
                  np.full((2, 5), 0.2, np.float32), np.eye(2, dtype=np.float32))  # fmt: skip
    held = np.zeros(13, np.float32)
    assert start.begin(held).level.tolist() == [[12.0], [6.0]]
    level = Level(np.array([[52.0, 26.0], [0.0, 13.0]], np.float32), np.full((2, 2), 2.0, "f4"))
    own = start.begin(held, level)
    assert own.sizes.tolist() == [[2.0, 2.0], [2.0, 2.0]]
    own = own.level
    assert own.tolist() == [[12.0, 0.0], [6.0, 3.0]]
    assert own.dtype == np.float32


def test_the_years_of_a_run_are_those_of_each_territory_and_future() -> None:
    start = Start((1, 2), ("a", "b"), np.ones(2, np.float32), np.zeros((2, 5), np.float32),
                  np.eye(2, dtype=np.float32))  # fmt: skip
    years = np.arange(24.0, dtype=np.float32).reshape(4, 3, 2)
    ones = np.ones((3, 2), np.float32)
    found = start.begin(np.zeros(13, np.float32), Level(ones, ones, years, years + 100))
    assert (found.course.shape, found.swell.shape) == ((4, 2, 3), (4, 2, 3))
    np.testing.assert_array_equal(found.course[:, 1], years[:, :, 1])
    np.testing.assert_array_equal(found.swell, found.course + 100)
    still = start.begin(np.zeros(13, np.float32), Level(ones, ones, years))
    np.testing.assert_array_equal(still.swell, np.zeros((4, 2, 3)))
