"""The backtest: figures computed elsewhere, rows in one shape, nothing seen beforehand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate import backtest_table
from tocsin.anticipate.data.history import history_of
from tocsin.anticipate.data.panel import Panel, add_months
from tocsin.anticipate.evaluation.backtest import _scores, backtest, ratios, score_window
from tocsin.anticipate.evaluation.breakdown import METRICS, breakdown
from tocsin.anticipate.evaluation.scores import ignorance, interval_score
from tocsin.anticipate.models.baselines import negative_binomial
from tocsin.anticipate.models.benchmarks import BENCHMARKS
from tocsin.errors import UsageError
from tocsin.observe import example_files, read_table
from tocsin.schema.geography.prio_grid import square

SERIES = next(path for path in example_files() if path.name.startswith("ged_sb"))


@pytest.fixture(scope="module")
def history() -> Panel:
    return history_of(read_table(SERIES).rows, "ged_sb")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("year", "twelve", "last", "pooled", "zero"),
    [
        (2019, 9.15, 9.48, 22.46, 23.02),
        (2020, 21.34, 23.70, 31.42, 32.04),
        (2021, 76.85, 85.61, 86.63, 87.34),
        (2022, 124.00, 131.02, 120.25, 120.97),
    ],
)
def test_figures_of_the_prediction_challenge(
    history: Panel, year: int, twelve: float, last: float, pooled: float, zero: float
) -> None:
    """The challenge's evaluation files; its pooled benchmark is of random draws."""
    expected = {
        "last twelve months": (twelve, 0.01),
        "last month (Poisson)": (last, 0.01),
        "all countries (boot240)": (pooled, 0.05),
        "exactly zero": (zero, 0.01),
    }
    for name, (value, within) in expected.items():
        rows = score_window(history, name, BENCHMARKS[name], year)
        assert rows.height == 191 * 12
        assert rows["crps"].mean() == pytest.approx(value, abs=within)


@pytest.mark.slow
def test_what_came_later_does_not_change_a_score(history: Panel) -> None:
    cut = history.upto(history.months[-13])
    long, short = (
        score_window(one, "nb", negative_binomial, 2020, draws=100) for one in (history, cut)
    )
    assert long.equals(short)


@pytest.mark.slow
def test_a_window_of_the_real_series(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    few = ["Syria", "Iraq", "Iceland", "Mali", "Chad"]
    pl.read_csv(SERIES).filter(pl.col("country").is_in(few)).write_csv(path)
    rows = backtest_table(
        path, years=[2012], draws=60, target="ged_sb", models=["negative binomial"]
    )
    scored = breakdown(rows)
    assert scored["n"].unique().to_list() == [60]
    assert scored["model"].to_list() == [*BENCHMARKS, "negative binomial"]
    assert ratios(scored)["model"].to_list() == ["negative binomial"]
    assert set(rows["region"]) == {"Middle East", "Europe", "Africa"}
    assert set(rows["horizon"]) == set(range(3, 15))
    models = {"negative binomial": negative_binomial}
    same = backtest(history_of(read_table(path).rows, "ged_sb"), models, [2012], draws=60)
    assert same.equals(scored)
    for years, models_asked in (([2040], []), ([2012], ["crystal ball"])):
        with pytest.raises(UsageError):
            backtest_table(path, years=years, draws=60, target="ged_sb", models=models_asked)


# A world that can be reckoned by hand ---------------------------------------------------------

SYRIA, IRAQ, LATER = 652, 645, 9999
MONTHS = tuple(add_months(date(2015, 1, 1), i) for i in range(48))


def _world() -> Panel:
    """Two years of 1 death a month, then the number of the month; a third unit comes late."""
    deaths = np.ones((3, 48))
    deaths[0, 24:36] = np.arange(1.0, 13.0)
    deaths[1, 24:36] = np.nan
    deaths[1, 24] = 4.0
    deaths[2, :30] = np.nan
    return Panel((SYRIA, IRAQ, LATER), ("Syria", "Iraq", "Atlantis"), MONTHS, "n", deaths)


def _ahead(known: Panel, horizon: int, draws: int) -> np.ndarray:
    """Each draw is the number of months ahead."""
    steps = np.arange(1.0, horizon + 1)[None, :, None]
    return np.broadcast_to(steps, (len(known.gwnos), horizon, draws)).copy()


def test_a_window_is_january_to_december_from_the_october_before() -> None:
    seen: list[Panel] = []

    def model(known: Panel, horizon: int, draws: int) -> np.ndarray:
        seen.append(known)
        return _ahead(known, horizon, draws)

    rows = score_window(_world(), "mine", model, 2017, draws=20)
    assert seen[0].months[-1] == date(2016, 10, 1)
    assert seen[0].territories == ("Syria", "Iraq")
    syria = rows.filter(pl.col("country") == "Syria")
    assert syria["month"].to_list() == list(MONTHS[24:36])
    assert syria["horizon"].to_list() == list(range(3, 15))
    # The draws say 3 to 14 and the truth is 1 to 12: two off, in every month.
    assert syria["crps"].to_list() == pytest.approx([2.0] * 12)
    assert syria["mean"].to_list() == list(range(3, 15))
    assert syria["covered"].to_list() == [0.0] * 12
    assert syria["mis"].to_list() == pytest.approx([2 * 20.0] * 12)
    logs = np.abs(np.log1p(np.arange(3, 15)) - np.log1p(np.arange(1, 13)))
    assert syria["crps_log"].to_list() == pytest.approx(logs)
    assert set(syria["region"]) == {"Middle East"}
    # A country without a count is not scored; one that first appears later neither.
    iraq = rows.filter(pl.col("country") == "Iraq")
    assert iraq.select("horizon", "truth", "case").rows() == [(3, 4.0, "stable")]
    assert rows.height == 13
    assert rows.columns == [
        "window", "model", "benchmark", "country", "region", "month", "horizon", "case", "truth",
        "mean", "crps", "crps_log", "ign", "mis", "covered", "pit_low", "pit_high",
    ]  # fmt: skip


def test_what_is_a_benchmark_and_what_is_a_cell() -> None:
    names = ("last twelve months", "mine")
    found = {name: score_window(_world(), name, _ahead, 2017, draws=5) for name in names}
    assert found["last twelve months"]["benchmark"].all()
    assert not found["mine"]["benchmark"].any()
    assert score_window(_world(), "mine", _ahead, 2017, draws=5, benchmark=True)["benchmark"].all()
    cells = score_window(_world(), "mine", _ahead, 2017, draws=5, cells=True)
    assert set(cells["priogrid_gid"]) == {SYRIA, IRAQ}
    assert set(cells["block"]) == {f"Syria {square(SYRIA)}", f"Iraq {square(IRAQ)}"}
    assert not {"priogrid_gid", "block"} & set(found["mine"].columns)


def test_a_unit_that_is_no_country_lies_nowhere() -> None:
    late = score_window(_world(), "mine", _ahead, 2018, draws=5)
    assert set(late.filter(pl.col("country") == "Atlantis")["region"]) == {"not known"}


def test_few_draws_are_spread_evenly_for_the_log_score() -> None:
    """A model may give fewer draws than asked; bins then count as if there were as many."""
    one = score_window(_world(), "mine", lambda k, h, s: _ahead(k, h, 4), 2017, draws=20)
    two = score_window(_world(), "mine", _ahead, 2017, draws=20)
    assert one["ign"].to_list() == two["ign"].to_list()
    assert one["crps"].to_list() == pytest.approx(two["crps"].to_list())


def test_ratios_are_to_the_best_benchmark_of_each_score_and_window() -> None:
    rows = [
        (2018, "m", False, 2.0, 0.9), (2018, "a", True, 4.0, 0.8), (2018, "b", True, 8.0, 0.8),
        (2019, "m", False, 3.0, 0.9), (2019, "a", True, 6.0, 0.8), (2019, "b", True, 1.0, 0.8),
    ]  # fmt: skip
    scored = pl.DataFrame(
        [
            {"window": w, "model": m, "benchmark": b, "coverage": c, **dict.fromkeys(METRICS, s)}
            for w, m, b, s, c in rows
        ]
    )
    found = ratios(scored)
    assert found["window"].to_list() == [2018, 2019]
    for metric in METRICS:
        assert found[metric].to_list() == [0.5, 3.0]


def test_each_window_is_told_when_it_is_done() -> None:
    told: list[int] = []
    found = backtest(_world(), {"mine": _ahead}, [2017, 2018], draws=5, on_window=told.append)
    assert told == [2017, 2018]
    assert found["window"].unique().sort().to_list() == [2017, 2018]


def test_few_draws_of_several_units_stay_with_their_unit() -> None:
    found = np.array([[[0.0, 40.0]], [[3.0, 7.0]]])
    truth = np.array([[0.0], [40.0]])
    scores = _scores(found, truth, 5)
    # Two draws stand for five as evenly as they can: the first thrice, the second twice.
    even = np.array([[[0.0, 0, 0, 40, 40]], [[3.0, 3, 3, 7, 7]]])
    assert scores["ign"].tolist() == ignorance(even, truth).tolist()
    assert scores["mis"].tolist() == interval_score(even, truth).tolist()
    assert scores["covered"].ravel().tolist() == [1.0, 0.0]
    # The others are scores of the distribution as it is.
    assert scores["pit_low"].ravel().tolist() == [0.0, 1.0]
    assert scores["pit_high"].ravel().tolist() == [0.5, 1.0]
    enough = _scores(even, truth, 5)
    assert enough["ign"].tolist() == scores["ign"].tolist()


def test_few_draws_are_put_in_order_within_their_month_alone() -> None:
    found = np.array([[[40.0, 0.0], [1.0, 90.0]]])
    truth = np.array([[5.0, 60.0]])
    even = np.array([[[0.0, 0, 0, 40, 40], [1.0, 1, 1, 90, 90]]])
    scores = _scores(found, truth, 5)
    assert scores["ign"].tolist() == ignorance(even, truth).tolist()
    assert scores["mis"].tolist() == interval_score(even, truth).tolist()


def test_a_thousand_draws_are_asked_for_where_nobody_says_how_many() -> None:
    asked: list[int] = []

    def model(known: Panel, horizon: int, draws: int) -> np.ndarray:
        asked.append(draws)
        return _ahead(known, horizon, draws)

    score_window(_world(), "mine", model, 2017)
    backtest(_world(), {"mine": model}, [2017])
    assert asked == [1000, 1000]
