"""The backtest: figures computed elsewhere, rows in one shape, nothing seen beforehand."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tocsin.anticipate import backtest_file
from tocsin.anticipate.data.history import history_of
from tocsin.anticipate.data.panel import Panel
from tocsin.anticipate.evaluation.backtest import backtest, ratios, score_window
from tocsin.anticipate.evaluation.breakdown import breakdown
from tocsin.anticipate.models.baselines import negative_binomial
from tocsin.anticipate.models.benchmarks import BENCHMARKS
from tocsin.errors import UsageError
from tocsin.observe import example_files, read_table

SERIES = next(path for path in example_files() if path.name.startswith("ged_sb"))


@pytest.fixture(scope="module")
def history() -> Panel:
    return history_of(read_table(SERIES).rows, "ged_sb")


@pytest.mark.parametrize(
    ("year", "twelve", "zero"),
    [
        (2018, 14.49, 24.08),
        (2019, 9.22, 22.64),
        (2020, 12.06, 21.89),
        (2021, 27.63, 36.77),
        (2022, 80.33, 74.47),
    ],
)
def test_figures_of_the_prediction_challenge(
    history: Panel, year: int, twelve: float, zero: float
) -> None:
    expected = {"last twelve months": twelve, "exactly zero": zero}
    for name, value in expected.items():
        rows = score_window(history, name, BENCHMARKS[name], year)
        assert rows.height == 191 * 12
        assert rows["crps"].mean() == pytest.approx(value, abs=0.005)


def test_what_came_later_does_not_change_a_score(history: Panel) -> None:
    cut = history.upto(history.months[-13])
    long, short = (
        score_window(one, "nb", negative_binomial, 2020, draws=100) for one in (history, cut)
    )
    assert long.equals(short)


def test_a_window_of_the_real_series(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    few = ["Syria", "Iraq", "Iceland", "Mali", "Chad"]
    pl.read_csv(SERIES).filter(pl.col("country").is_in(few)).write_csv(path)
    rows = backtest_file(
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
            backtest_file(path, years=years, draws=60, target="ged_sb", models=models_asked)
