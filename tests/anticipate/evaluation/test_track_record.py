"""The track record is out of sample."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.data.panel import Panel, add_months, panel
from tocsin.anticipate.evaluation.track_record import NESTED, record_lines, track_record, windows
from tocsin.anticipate.models.baselines import MODELS, Model
from tocsin.schema.tables.anticipated.forecast import OWN_REGION

pytestmark = pytest.mark.slow


@pytest.mark.slow
def test_what_came_later_does_not_change_a_window(seen: dict[str, pl.DataFrame]) -> None:
    series = seen["series"].filter(pl.col("target") == "ged_sb")
    cut = series.filter(pl.col("month").dt.year() <= 2019)
    columns = ["model", "window", "horizon", "region", "crps"]
    known = (pl.col("window") == "2018") & (pl.col("model") != NESTED)
    full, short = (track_record(panel(s), MODELS, 14).filter(known) for s in (series, cut))
    assert full.select(columns).equals(short.select(columns))


def test_each_model_each_window_and_all(seen: dict[str, pl.DataFrame]) -> None:
    found = track_record(panel(seen["series"].filter(pl.col("target") == "ged_sb")), MODELS, 3)
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


def test_a_region_has_rows_of_its_own_where_there_are_others() -> None:
    deaths = np.stack([np.zeros(72), np.full(72, 9.0)])
    history = _panel(date(2017, 1, 1), 72, deaths)
    none = {"nothing": lambda known, h, n: np.zeros((len(known.gwnos), h, n))}
    found = track_record(history, none, 3, own=(2,)).filter(
        pl.col("window") == "all", pl.col("horizon") == 0, pl.col("model") == "nothing"
    )
    crps = dict(found.select("region", "crps").iter_rows())
    assert (crps["all"], crps[OWN_REGION]) == (4.5, 9.0)
    every = track_record(history, none, 3, own=(1, 2))
    assert OWN_REGION not in set(every["region"]) | set(track_record(history, none, 3)["region"])


# A world that can be reckoned by hand ---------------------------------------------------------


def _panel(first: date, months: int, deaths: object = None) -> Panel:
    stamps = tuple(add_months(first, i) for i in range(months))
    values = np.array(deaths, float) if deaths is not None else np.ones((2, months))
    return Panel((1, 2), ("one", "two"), stamps, "n", values)


def _says(number: float) -> Model:
    return lambda known, horizon, draws: np.full((len(known.gwnos), horizon, draws), number)


def test_windows_are_complete_years_with_two_years_before_them() -> None:
    assert windows(_panel(date(2000, 1, 1), 240)) == [2015, 2016, 2017, 2018, 2019]
    # A year without its December is not complete.
    assert windows(_panel(date(2000, 1, 1), 239)) == [2014, 2015, 2016, 2017, 2018]
    # From October 2010 to the October of two years later are 24 months.
    assert windows(_panel(date(2010, 10, 1), 39)) == [2013]
    assert windows(_panel(date(2010, 11, 1), 38)) == []
    assert track_record(_panel(date(2010, 11, 1), 38), {"a": _says(0)}, 3).is_empty()


def test_each_horizon_has_its_own_month_and_active_units_are_told_apart() -> None:
    deaths = np.zeros((2, 60))
    deaths[0, 57:60] = [1.0, 2.0, 3.0]  # October to December 2014
    deaths[0, 30] = 1.0  # July 2012
    found = track_record(_panel(date(2010, 1, 1), 60, deaths), {"zero": _says(0)}, 3)
    found = found.filter(pl.col("model") == "zero")
    # From October 2013, the month after is November 2013, which is quiet.
    last = found.filter(pl.col("window") == "2014", pl.col("region") == "all")
    assert last["horizon"].to_list() == [0, 1, 2, 3]
    assert last["crps"].to_list() == [0.0] * 4
    assert last["n"].to_list() == [6, 2, 2, 2]
    assert last["coverage"].to_list() == [1.0] * 4
    # In the year before October 2012 one of the two units had a death.
    active = found.filter(pl.col("region") == "recently in conflict")
    assert active.filter(pl.col("window") == "2013", pl.col("horizon") == 0)["n"].to_list() == [3]
    assert active.filter(pl.col("window") == "2014").is_empty()


def test_the_model_that_errs_least_is_chosen_and_choosing_is_scored_too() -> None:
    deaths = np.full((2, 84), 4.0)
    deaths[:, 70:] = 10.0  # from November 2015 on
    models = {"four": _says(4), "ten": _says(10), "five": _says(5)}
    found = track_record(_panel(date(2010, 1, 1), 84, deaths), models, 2)
    whole = found.filter(pl.col("horizon") == 0, pl.col("region") == "all")
    crps = {(m, w): v for m, w, v in whole.select("model", "window", "crps").iter_rows()}
    assert crps["four", "2013"] == 0
    assert crps["ten", "2013"] == 6
    assert crps["four", "2016"] == 6
    assert crps["ten", "2016"] == 0
    # Until 2015 'four' is best in the windows before; so it is what would have been chosen.
    assert [crps[NESTED, str(year)] for year in (2014, 2015, 2016)] == [0.0, 0.0, 6.0]
    assert (NESTED, "2013") not in crps
    assert set(found.filter("chosen")["model"]) == {"four"}
    assert crps["five", "all"] == pytest.approx((1 + 1 + 1 + 5) / 4)
    logs = whole.filter(pl.col("model") == "ten", pl.col("window") == "2013")["crps_log"][0]
    assert logs == pytest.approx(np.log(11) - np.log(5))
    assert set(whole.filter(pl.col("model") == "ten")["coverage"]) == {0.0, 1.0, 0.25}
    assert set(found["target"]) == {"n"}


def test_a_quiet_window_weighs_as_much_as_a_loud_one() -> None:
    """Ratios, not deaths, choose: a model good in the quiet years is not drowned by one war."""
    deaths = np.ones((2, 84))
    deaths[:, 70:] = 1000.0  # one window of five is a war
    models = {"one": _says(1), "war": _says(1000)}
    found = track_record(_panel(date(2010, 1, 1), 84, deaths), models, 2)
    assert set(found.filter("chosen")["model"]) == {"one"}


def test_choosing_does_not_see_the_window_that_it_is_scored_on() -> None:
    deaths = np.full((2, 60), 4.4)
    deaths[:, 46:] = 4.9  # from November 2013 on
    models = {"low": _says(4.0), "high": _says(4.9)}
    found = track_record(_panel(date(2010, 1, 1), 60, deaths), models, 2)
    whole = found.filter(pl.col("horizon") == 0, pl.col("region") == "all")
    chosen = whole.filter(pl.col("model") == NESTED, pl.col("window") == "2014")["crps"][0]
    # In 2013 'low' errs by 0.4 and 'high' by 0.5; in 2014 it is 0.9 and nothing.
    assert chosen == pytest.approx(0.9)
    assert set(found.filter("chosen")["model"]) == {"high"}


def test_a_year_that_nobody_recorded_is_passed_over() -> None:
    deaths = np.full((2, 72), 4.0)
    deaths[:, 46:60] = np.nan  # from November 2013 to December 2014
    found = track_record(_panel(date(2010, 1, 1), 72, deaths), {"four": _says(4.0)}, 3)
    assert set(found["window"]) == {"2013", "2015", "all"}


def test_a_line_a_model_tells_of_all_years_and_of_those_at_war() -> None:
    row = {"horizon": 0, "crps": 12.34, "coverage": 0.912, "n": 2400, "region": "all"}
    war = row | {"region": "recently in conflict", "coverage": 0.83, "n": 600}
    rows = [row | {"model": "a", "window": str(year)} for year in (2019, 2018, 2021, 2020)]
    rows += [one | {"model": "a", "window": "all"} for one in (row, war)]
    rows += [row | {"model": "b", "window": "all", "n": 24}]
    rows += [row | {"model": "b", "window": "all", "horizon": 1}]
    assert record_lines(pl.DataFrame(rows)) == [
        "record 2018 to 2021: a: mean CRPS 12.3 deaths, 90% interval held 91% of 2,400 months of "
        "all units, 83% of 600 of those with a death in the year before",
        "record 2018 to 2021: b: mean CRPS 12.3 deaths, 90% interval held 91% of 24 months of all "
        "units",
    ]
