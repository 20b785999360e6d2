"""The prior: rates lie about what words tell, shifts are shared and leave the mean as it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.technology.possession import posterior
from tocsin.assess.technology.prior import RATES, Prior, rate_weights, share_of, size_of

from .test_possession import mentions

FLAT = np.full(RATES.size, 1 / RATES.size)
SPREAD = np.diag([0.25, 0.04, 0.5])


def test_rates_lie_about_how_often_words_tell_of_a_class() -> None:
    low, high = (rate_weights(told) @ RATES for told in (0.001, 0.3))
    assert low < high
    assert rate_weights(0.0).sum() == pytest.approx(rate_weights(None).sum())


@pytest.mark.parametrize("told", [0.01, 0.1, 0.2])
def test_rates_are_normal_in_the_log_about_what_words_tell(told: float) -> None:
    """With a standard deviation of 1.5, worth nine organisations in all."""
    weight = rate_weights(told)
    assert weight.sum() == pytest.approx(9)
    far = np.log(RATES / told) / 1.5
    assert np.log(weight / weight[0]) == pytest.approx((far[0] ** 2 - far**2) / 2)
    assert rate_weights(None) == pytest.approx(np.full(9, 1.0))


def test_what_words_tell_is_cut_to_the_rates() -> None:
    for told, least in ((0.0, RATES[0]), (RATES[0] / 2, RATES[0]), (0.9, RATES[-1])):
        assert rate_weights(told) == pytest.approx(rate_weights(float(least)))
    assert RATES[rate_weights(0.9).argmax()] == RATES[-1] == 0.7


def test_the_share_is_logistic_in_tenfolds_and_regions() -> None:
    prior = Prior(-1.0, 0.8, FLAT, {"here": 0.4})
    for incidents, where, log in (
        (10, "there", -1.0), (1000, "there", 0.6), (1000, "here", 1.0), (1, "here", -1.4),
        (2, None, -1.0 + 0.8 * (np.log10(2) - 1)),
    ):  # fmt: skip
        assert prior.share(incidents, where) == pytest.approx(1 / (1 + np.exp(-log)))


def test_shifts_are_linear_in_tenfolds_and_in_the_region() -> None:
    prior = Prior(-1.0, 0.8, FLAT, {"here": 0.4, "by": 0.1}, np.diag([0.25, 0.04, 0.5, 0.09]))

    def of(incidents: int, where: str | None = None) -> np.ndarray:
        return np.asarray(prior.shifts(np.random.default_rng(3), 8_000, incidents, where))

    assert of(10).var() == pytest.approx(0.25, rel=0.05)
    assert (of(100) - of(10)).var() == pytest.approx(0.04, rel=0.05)
    assert of(1000) - of(10) == pytest.approx(2 * (of(100) - of(10)))
    assert of(1) - of(10) == pytest.approx(of(10) - of(100))
    for where, spread in (("here", 0.5), ("by", 0.09)):
        assert (of(10, where) - of(10)).var() == pytest.approx(spread, rel=0.05)
        assert of(10, where) - of(10) == pytest.approx(of(1000, where) - of(1000))


def test_who_fights_more_has_it_more_often() -> None:
    prior = Prior(-1.0, 0.8, FLAT, {"here": 0.4})
    assert prior.share(10) == pytest.approx(1 / (1 + np.exp(1.0)))
    assert prior.share(100) > prior.share(10) > prior.share(1) == prior.share(0)
    assert prior.share(10, "here") > prior.share(10, "there") == prior.share(10)


def test_shifts_are_those_of_one_prior_for_all() -> None:
    prior = Prior(-1.0, 0.8, FLAT, {"here": 0.4}, SPREAD)
    near, far = (prior.shifts(np.random.default_rng(3), 20_000, 100, w) for w in ("here", "there"))
    assert near.var() == pytest.approx(0.25 + 0.04 + 0.5, rel=0.05)
    assert far.var() == pytest.approx(0.25 + 0.04, rel=0.05)
    assert np.corrcoef(near, far)[0, 1] > 0.5
    assert not Prior(-1.0, 0.8, FLAT).shifts(np.random.default_rng(3), 5, 100).any()


def test_shifts_leave_the_mean_as_it_is() -> None:
    held = posterior(mentions([30.0], named=True), Prior(-1.0, 0.8, FLAT))
    shifts = np.random.default_rng(1).normal(0, 1.5, 20_000)
    for way in (None, shifts):
        onset, _ = held.draw(np.random.default_rng(2), 20_000, way)
        assert (onset >= 0).mean() == pytest.approx(held.possession, abs=0.015)
    # What is drawn together is wrong together: in draws with a high prior more have it.
    onset, _ = held.draw(np.random.default_rng(2), 20_000, shifts)
    assert (onset >= 0)[shifts > 1].mean() > (onset >= 0)[shifts < -1].mean() + 0.2


@given(st.floats(-800, 800))
def test_a_share_is_one(log: float) -> None:
    assert 0 <= float(share_of(np.array(log))) <= 1


def test_size_counts_tenfolds() -> None:
    assert size_of(np.array([0, 1, 10, 100])).tolist() == [-1, -1, 0, 1]
    assert float(size_of(2)) == pytest.approx(np.log10(0.2))


def test_the_share_of_log_odds() -> None:
    found = share_of(np.array([0.0, np.log(3), -np.log(3), 800.0, -800.0]))
    assert found == pytest.approx([0.5, 0.75, 0.25, 1.0, 0.0], abs=1e-12)
