"""The watch over calibration: seldom wrong about a right forecaster, quick about a wrong one."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.data.panel import add_months
from tocsin.anticipate.forecast_ledger.drift import ALPHA, BETS, HORIZONS, bet_payoffs, calibration
from tocsin.schema import TABLES, empty


def scores(ranks: np.ndarray, horizon: int = 1, issue: str = "a") -> pl.DataFrame:
    """Ranks of shape (origins, territories) as scores."""
    rows = [
        {
            "issue": issue, "territory": "x", "gwno": i + 1, "target": "ged_sb",
            "origin": add_months(date(2015, 1, 1), t),
            "month": add_months(date(2015, 1, 1), t + horizon),
            "horizon": horizon, "model": "m", "revision": 0, "truth": 1.0, "truth_source": "made",
            "scored_at": "now", "p_any": 0.5, "crps": 1.0, "crps_log": 1.0, "crps_last_12": 2.0,
            "pit": float(ranks[t, i]), "covered": bool(0.05 <= ranks[t, i] <= 0.95),
            "source": "made up",
        }
        for t in range(ranks.shape[0]) for i in range(ranks.shape[1])
    ]  # fmt: skip
    return pl.DataFrame(rows)


def test_a_bet_on_uniform_ranks_pays_nothing_on_average() -> None:
    middle = (np.arange(100_000) + 0.5) / 100_000
    assert bet_payoffs(middle) == pytest.approx(np.ones(len(BETS)), abs=0.02)


@pytest.mark.slow
def test_a_right_forecaster_is_seldom_called_wrong() -> None:
    """Territories that all share one fate, the worst case that the test must stand."""
    lost = 0
    for seed in range(50):
        random = np.random.default_rng(seed)
        ranks = np.repeat(random.random((40, 1)), 2, axis=1)
        lost += bool(calibration(scores(ranks))["lost"].any())
    # One horizon of three is watched here, so its share of the chance is a third.
    assert lost <= 50 * ALPHA / len(HORIZONS) + 3


@pytest.mark.parametrize(
    ("bend", "fault"),
    [
        (lambda u: np.where(u < 0.5, u**2 * 2, 1 - (1 - u) ** 2 * 2), "too narrow"),
        (lambda u: 0.35 + 0.3 * u, "too wide"),
        (lambda u: u**0.4, "too low"),
        (lambda u: u**2.5, "too high"),
    ],
)
def test_a_wrong_forecaster_is_found_and_told_how(bend, fault: str) -> None:  # type: ignore[no-untyped-def]
    ranks = bend(np.random.default_rng(3).random((40, 30)))
    found = calibration(scores(ranks))
    assert found["lost"][-1]
    assert found["fault"][-1] == fault
    first = found["lost"].to_list().index(True)
    assert first < 30
    assert found["lost"].to_list() == [False] * first + [True] * (40 - first)


def test_overlapping_origins_are_kept_apart() -> None:
    """Each rank counts three times over in overlapping windows; no sequence sees it twice."""
    random = np.random.default_rng(5)
    shared = np.repeat(random.random((20, 5)), 3, axis=0)
    found = calibration(scores(shared, horizon=3))
    alone = calibration(scores(shared[::3], horizon=1))
    assert found["limit"][0] == 3 * alone["limit"][0]
    assert found["evidence"].max() == pytest.approx(alone["evidence"].max())


def test_only_what_was_said_first_counts() -> None:
    ranks = np.random.default_rng(6).random((10, 5))
    first, again = scores(ranks), scores(ranks * 0.01, issue="b")
    revised = first.with_columns(revision=pl.lit(1, pl.Int64), pit=pl.lit(0.001))
    assert calibration(pl.concat([first, again, revised])).equals(calibration(first))


def test_skill_and_coverage_are_over_the_latest_origins() -> None:
    found = calibration(scores(np.full((15, 4), 0.5)))
    assert found["skill"].to_list() == [0.5] * 15
    assert found["coverage"].to_list() == [1.0] * 15
    assert calibration(empty(TABLES["forecast_scores"])).is_empty()
