"""The pool: what each part has of it, recalibration, and width where little is known."""

from __future__ import annotations

import importlib
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import beta, norm

from tocsin.anticipate.data.features import recent
from tocsin.anticipate.data.panel import Panel, add_months
from tocsin.anticipate.models.baselines import zero_inflated
from tocsin.anticipate.models.fading import latest_past
from tocsin.anticipate.models.mixture import GRID
from tocsin.anticipate.models.pool import (
    BLURS,
    GREAT,
    HALF_LIVES,
    LOG_MEAN,
    LOG_SPREAD,
    OWN,
    QUIET,
    RARE,
    SMALL,
    any_country,
    mix,
    pool,
    raise_rare,
    recalibrate,
    war_level,
)
from tocsin.anticipate.models.record.tail import past_outcomes

module = importlib.import_module("tocsin.anticipate.models.pool")


def _busy(units: int, months: int) -> Panel:
    deaths = np.random.default_rng(1).poisson(2.0, (units, months)).astype(float)
    stamps = tuple(add_months(date(2000, 1, 1), step) for step in range(months))
    return Panel(tuple(range(units)), tuple(f"unit {i}" for i in range(units)), stamps, "n", deaths)


def _seven(history: Panel, horizon: int, **_: object) -> np.ndarray:
    """What networks that are sure of seven deaths would say."""
    below = (GRID >= 7).astype(float)
    return np.broadcast_to(below, (len(history.gwnos), horizon, len(GRID))).copy()


def test_networks_and_own_history_have_their_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """The networks say 7 and own history 0; what is recalibrated is what both say together."""
    past = _busy(4, 60)
    past.deaths[:, -59:], past.deaths[:3, 0] = 0.0, 5.0
    monkeypatch.setattr(module, "distributions", _seven)
    monkeypatch.setattr(module, "fit", lambda *_, **__: None)
    found = mix(past, 5, 1000)
    assert found.shape == (4, 5, 1000)
    assert set(np.unique(found[:3])) == {0.0, 7.0}
    # Of a probability the beta distribution with 1 and 1.05 makes a little more.
    assert (found[:3] == 0).mean() == pytest.approx(beta.cdf(OWN, *SMALL), abs=0.005)
    # A unit without a death in ten years has no history of its own to speak of.
    past.deaths[3] = 0.0
    assert (mix(past, 5, 1000)[3] == 7.0).all()
    assert (mix(past, 5, 1000, share=0.0)[:3] == 7.0).all()


def test_where_a_month_has_just_towered_the_networks_have_half_their_share(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first unit towers at the end; the second did so a season before, and has the same share
    of quiet months in its own history."""
    past = _busy(2, 60)
    past.deaths[:] = 0.0
    past.deaths[0, -1] = past.deaths[1, -4] = 6000.0
    monkeypatch.setattr(module, "distributions", _seven)
    monkeypatch.setattr(module, "fit", lambda *_, **__: None)
    monkeypatch.setattr(module, "recalibrate", lambda below, _level: below)
    sevens = (mix(past, 1, 4000)[:, 0] == 7).mean(axis=1)
    assert sevens == pytest.approx([(1 - OWN) / 2, 1 - OWN], abs=0.02)


def test_own_history_too_is_bounded_by_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    past = _busy(3, 30)
    past.deaths[0, -8:] = 5000.0
    record = past_outcomes(past.deaths, 5)
    monkeypatch.setattr(module, "distributions", _seven)
    monkeypatch.setattr(module, "fit", lambda *_, **__: SimpleNamespace(record=record))
    found = mix(past, 5, 1000)
    highest = GRID[np.searchsorted(GRID, 2 * 5000.0)]
    assert 5000 < found[0].max() <= highest
    monkeypatch.setattr(module, "fit", lambda *_, **__: None)
    assert mix(past, 5, 1000)[0].max() > highest


@given(
    arrays(float, (2, 3, 6), elements=st.floats(0, 1)).map(lambda x: np.sort(x, axis=-1)),
    arrays(float, 2, elements=st.floats(0, 1e5)),
)
def test_recalibration_gives_distributions_and_takes_from_the_upper_tail(
    below: np.ndarray, level: np.ndarray
) -> None:
    found = recalibrate(below, level)
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found, axis=-1) >= 0).all()
    high = below >= 0.9
    assert (found[high] >= below[high]).all()
    np.testing.assert_allclose(recalibrate(below, np.zeros(2)), beta.cdf(below, *SMALL))
    np.testing.assert_allclose(recalibrate(below, np.full(2, 1e4)), beta.cdf(below, *GREAT))


def test_a_probability_a_hair_outside_is_taken_for_none_or_all() -> None:
    """Sums of many parts round to a little below nought, of which a beta distribution is none."""
    below = np.array([[[-1e-17, 0.5, 1 + 1e-15]]])
    found = recalibrate(below, np.zeros(1))
    assert (found[0, 0, 0], found[0, 0, 2]) == (0.0, 1.0)


@settings(max_examples=30, deadline=None)
@given(arrays(float, (3, len(GRID)), elements=st.floats(0, 1)).map(lambda x: np.sort(x, axis=-1)))
def test_small_chances_of_a_death_are_raised_and_others_left(below: np.ndarray) -> None:
    found = raise_rare(below)
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found, axis=-1) >= -1e-12).all()
    assert (found <= below + 1e-12).all()
    often = below[:, 0] <= 1 - RARE
    assert (found[often] == below[often]).all()
    rare = np.array([[1 - RARE / 32, 1.0], [1.0, 1.0]])
    raised = 1 - raise_rare(np.repeat(rare, [1, len(GRID) - 1], axis=1))[:, 0]
    # The 32nd part becomes the eighth, and no chance at all stays none.
    assert raised == pytest.approx([RARE / 8, 0.0])


def test_own_history_fades_by_the_size_of_the_war(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two deaths a month are a small war and two thousand a great one; the networks say nothing."""
    monkeypatch.setattr(module, "SEASONAL", 0.0)
    past = _busy(2, 60)
    past.deaths[:] = np.random.default_rng(4).poisson([[2.0], [2000.0]], (2, 60)) + 1.0
    monkeypatch.setattr(module, "distributions", _seven)
    monkeypatch.setattr(module, "fit", lambda *_, **__: None)
    monkeypatch.setattr(module, "recalibrate", lambda below, _level: below)
    found = mix(past, 1, 4000, share=1.0)[:, 0]
    for row, life, blur in zip((0, 1), HALF_LIVES, BLURS, strict=True):
        own = latest_past(past.deaths[row : row + 1], GRID, lives=np.array([life]), blur=blur)
        share = (found[row][:, None] <= GRID[:8]).mean(0)
        assert share == pytest.approx(own[0, 0, :8], abs=0.002)
        assert np.median(found[row]) == pytest.approx(GRID[own[0, 0] >= 0.5][0], rel=0.2)


def test_a_month_of_the_year_that_is_high_each_year_is_forecast_higher(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both units have the same months, but one has them in another order in each year."""
    past = _busy(2, 240)
    year = np.repeat([10.0, 90.0], 6)
    random = np.random.default_rng(3)
    past.deaths[0] = np.tile(year, 20)
    past.deaths[1] = np.concatenate([random.permutation(year) for _ in range(20)])
    below = np.clip(np.log1p(GRID) / 6, 0.05, 1.0)
    said = np.broadcast_to(below, (2, 12, len(GRID)))
    monkeypatch.setattr(module, "distributions", lambda *_, **__: said.copy())
    monkeypatch.setattr(module, "fit", lambda *_, **__: None)
    monkeypatch.setattr(module, "recalibrate", lambda below, _level: below)
    found = mix(past, 12, 1000, share=0.0)
    known = np.log1p(found).mean(axis=-1)
    # Both origins are Decembers. The last months, in the high half of the year, hold its season.
    assert known[0, 6:].min() > known[0, :6].max() + 0.4
    assert np.ptp(known[1]) < 0.35
    assert (found[0, 0] == 0).mean() > 0.05  # Odds of any death fall with the count.
    monkeypatch.setattr(module, "SEASONAL", 0.0)
    assert np.ptp(mix(past, 12, 1000, share=0.0), axis=1).max() == 0


def test_the_level_of_a_war_is_between_its_season_and_its_year() -> None:
    even, rising = np.full(60, 40.0), np.r_[np.zeros(57), [300.0] * 3]
    found = war_level(np.stack([even, rising, np.full(60, np.nan)]))
    assert found[0] == pytest.approx(40.0)
    season, year = (recent(rising[None], life)[0, -1] for life in (3, 12))
    assert year < found[1] < season
    assert found[2] == 0


def test_where_networks_cannot_learn_nothing_is_asked_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("own history was asked")

    monkeypatch.setattr(module, "latest_past", never)
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
