"""The challenge's scores against worked cases."""

from __future__ import annotations

from math import log2
from pathlib import Path

import numpy as np
import pytest

from tocsin.anticipate import backtest_file
from tocsin.anticipate.backtest import EDGES, ignorance, interval_score, ratios
from tocsin.errors import UsageError
from tocsin.observe import example_files

SERIES = next(path for path in example_files() if path.name.startswith("ged_sb"))


def test_ignorance_counts_one_more_in_each_bin() -> None:
    draws = np.array([[0.0] * 600 + [1.0] * 300 + [2000.0] * 100])
    for truth, hits in ((0, 600), (2, 300), (5, 0), (1001, 100)):
        found = ignorance(draws, np.array([float(truth)]))[0]
        assert found == pytest.approx(-log2((hits + 1) / (1000 + len(EDGES))))


def test_interval_score_is_its_definition() -> None:
    draws = np.arange(101.0)[None, :]
    assert interval_score(draws, np.array([50.0]))[0] == pytest.approx(90)
    assert interval_score(draws, np.array([98.0]))[0] == pytest.approx(90 + 20 * 3)
    assert interval_score(draws, np.array([0.0]))[0] == pytest.approx(90 + 20 * 5)


def test_a_window_of_the_real_series(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    import polars as pl

    few = ["Syria", "Iraq", "Iceland", "Mali", "Chad"]
    pl.read_csv(SERIES).filter(pl.col("country").is_in(few)).write_csv(path)
    scored = backtest_file(path, years=[2012], draws=60, target="ged_sb")
    assert scored["n"].unique().to_list() == [60]
    assert set(ratios(scored)["model"]) == {"negative binomial", "zero-inflated", "forest", "pool"}
    with pytest.raises(UsageError):
        backtest_file(path, years=[2040], draws=60, target="ged_sb")
