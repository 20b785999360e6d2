"""The pool: its share of the draws from each part, and width where little is known."""

from __future__ import annotations

import importlib
from datetime import date

import numpy as np
import pytest
from scipy.stats import norm

from tocsin.anticipate.data.panel import Panel, add_months
from tocsin.anticipate.models.baselines import zero_inflated
from tocsin.anticipate.models.mixture import GRID
from tocsin.anticipate.models.pool import LOG_MEAN, LOG_SPREAD, QUIET, any_country, mix, pool

module = importlib.import_module("tocsin.anticipate.models.pool")


def _busy(units: int, months: int) -> Panel:
    deaths = np.random.default_rng(1).poisson(2.0, (units, months)).astype(float)
    stamps = tuple(add_months(date(2000, 1, 1), step) for step in range(months))
    return Panel(tuple(range(units)), tuple(f"unit {i}" for i in range(units)), stamps, "n", deaths)


@pytest.mark.parametrize(("draws", "own"), [(41, 14), (1000, 333), (3, 1), (1, 0)])
def test_a_third_of_the_draws_is_own_history(
    monkeypatch: pytest.MonkeyPatch, draws: int, own: int
) -> None:
    """The parts are told apart by what they say: the networks 7, own history 3."""
    past = _busy(4, 30)
    past.deaths[3] = 0.0

    def says(history: Panel, horizon: int, **_: object) -> np.ndarray:
        seven = (GRID >= 7).astype(float)
        return np.broadcast_to(seven, (len(history.gwnos), horizon, len(GRID)))

    def three(history: Panel, horizon: int, size: int) -> np.ndarray:
        return np.full((len(history.gwnos), horizon, size), 3.0)

    monkeypatch.setattr(module, "distributions", says)
    monkeypatch.setattr(module, "recency", three)
    found = mix(past, 5, draws)
    assert found.shape == (4, 5, draws)
    assert (found[:3] == np.array([3.0] * own + [7.0] * (draws - own))).all()
    # A unit without a death in ten years has no history of its own to speak of.
    assert (found[3] == 7.0).all()
    alone = mix(past, 5, draws, share=1.0)
    assert (alone[:3] == 3.0).all()


def test_where_networks_cannot_learn_nothing_is_asked_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("own history was asked")

    monkeypatch.setattr(module, "recency", never)
    found = pool(_busy(2, 3), 4, 100)
    assert found.shape == (2, 4, 100)
    assert (np.diff(found, axis=-1) >= 0).all()
    # Nothing is known of one horizon that is not known of another.
    assert (found == found[:, :1]).all()


def test_what_is_known_of_any_country_is_mostly_quiet_and_seldom_war() -> None:
    found = any_country(10_000)
    assert (np.diff(found) >= 0).all()
    assert (found == np.round(found)).all()
    assert (found == 0).mean() == pytest.approx(QUIET, abs=0.001)
    some = np.log1p(found[found > 0])
    assert np.median(some) == pytest.approx(LOG_MEAN, abs=0.05)
    # Half of a normal curve lies within 0.674 of its spread.
    low, high = np.quantile(some, [0.25, 0.75])
    assert (high - low) / 2 == pytest.approx(0.674 * LOG_SPREAD, rel=0.05)


def test_a_longer_history_borrows_less() -> None:
    """One part in one plus the months known comes from other countries."""
    wars = []
    for months in (1, 3, 9):
        stamps = tuple(add_months(date(2020, 1, 1), step) for step in range(months))
        past = Panel((1,), ("unit",), stamps, "n", np.zeros((1, months)))
        wars.append(float((pool(past, 1, 4000) > 0).mean()))
    assert wars[0] > wars[1] > wars[2] > 0
    assert wars[0] == pytest.approx((1 - QUIET) / 2, abs=0.01)


@pytest.mark.parametrize("count", [0.0, 50.0])
def test_one_known_month_is_not_taken_for_the_whole_truth(count: float) -> None:
    past = Panel((1,), ("unit",), (date(2020, 10, 1),), "n", np.array([[count]]))
    found = pool(past, 6, 1000)
    low, high = np.quantile(found, [0.05, 0.95])
    assert low == 0.0
    assert high > count


def test_a_short_history_is_put_together_as_it_is_said() -> None:
    """One part in one plus the known months from any country, evenly over the ranks of both."""
    deaths = np.array([[0.0, 4, np.nan, 6, 0], [np.nan] * 5])
    stamps = tuple(add_months(date(2020, 1, 1), step) for step in range(5))
    past = Panel((1, 2), ("a", "b"), stamps, "n", deaths)
    found = pool(past, 1, 100)[:, 0]
    own, world = zero_inflated(past, 1, 100)[:, 0], any_country(100)

    def even(values: np.ndarray, size: int) -> list[float]:
        return [float(values[int((k + 0.5) * 100 / size)]) for k in range(size)]

    # Four months are known of the first unit, and none of the second.
    assert found[0].tolist() == sorted(even(world, 20) + even(own[0], 80))
    assert found[1].tolist() == sorted(world)


def test_any_country_has_a_lognormal_above_its_quiet_months() -> None:
    found = any_country(25)
    for k, value in enumerate(found):
        level = (k + 0.5) / 25
        if level <= QUIET:
            assert value == 0
        else:
            within = (level - QUIET) / (1 - QUIET)
            assert value == max(round(np.expm1(LOG_MEAN + LOG_SPREAD * norm.ppf(within))), 1)
    assert (found > 0).sum() == 3
