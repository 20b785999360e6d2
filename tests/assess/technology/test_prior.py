"""The prior: rates lie about what words tell, and its draws are shared and count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.technology.possession import fit, posterior
from tocsin.assess.technology.prior import (
    RATES,
    Drawn,
    Prior,
    log_mean,
    logit,
    rate_weights,
    share_of,
    size_of,
)

from .test_possession import mentions

FLAT = np.full(RATES.size, 1 / RATES.size)


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


def test_log_odds_are_linear_in_tenfolds_and_in_the_region() -> None:
    weights = np.random.default_rng(3).normal(0, [0.5, 0.2, 0.7, 0.3], (5, 4))
    drawn = Drawn(weights, np.tile(FLAT, (5, 1)))
    prior = Prior(-1.0, 0.8, FLAT, {"here": 0.4, "by": 0.1}, drawn)
    have, size, here, by = weights.T
    for incidents, tenfolds in ((1, -1), (10, 0), (100, 1), (1000, 2)):
        for where, region in ((None, 0.0), ("elsewhere", 0.0), ("here", here), ("by", by)):
            found = prior.log_odds(incidents, where)
            assert found == pytest.approx(have + tenfolds * size + region)
            assert prior.share(incidents, where) == pytest.approx(share_of(found).mean())


def test_who_fights_more_has_it_more_often() -> None:
    prior = Prior(-1.0, 0.8, FLAT, {"here": 0.4})
    assert prior.share(10) == pytest.approx(1 / (1 + np.exp(1.0)))
    assert prior.share(100) > prior.share(10) > prior.share(1) == prior.share(0)
    assert prior.share(10, "here") > prior.share(10, "there") == prior.share(10)


def test_draws_are_those_of_one_prior_for_all() -> None:
    """The number of a draw means the same prior for each organisation, whatever its region."""
    weights = np.random.default_rng(3).normal(0, [0.5, 0.2, 0.7], (20_000, 3))
    prior = Prior(0.0, 0.0, FLAT, {"here": 0.0}, Drawn(weights, np.tile(FLAT, (20_000, 1))))
    near, far = (prior.log_odds(100, where) for where in ("here", "there"))
    assert near.var() == pytest.approx(0.25 + 0.04 + 0.49, rel=0.05)
    assert far.var() == pytest.approx(0.25 + 0.04, rel=0.05)
    assert np.corrcoef(near, far)[0, 1] > 0.5
    assert Prior(-1.0, 0.8, FLAT).log_odds(100).tolist() == pytest.approx([-0.2])


def test_what_is_drawn_together_is_wrong_together() -> None:
    weights = np.column_stack([np.random.default_rng(1).normal(-1, 1.5, 2000), np.full(2000, 0.8)])
    prior = Prior(-1.0, 0.8, FLAT, {}, Drawn(weights, np.tile(FLAT, (2000, 1))))
    held = posterior(mentions([30.0], named=True), prior)
    onset, _ = held.draw(np.random.default_rng(2), 20_000)
    assert (onset >= 0).mean() == pytest.approx(held.possession, abs=0.015)
    has, high = onset.reshape(10, 2000) >= 0, weights[:, 0]
    assert has[:, high > 0.5].mean() > has[:, high < -2.5].mean() + 0.2


def test_doubt_about_the_prior_takes_from_what_is_believed() -> None:
    """A few organisations leave much open; the same words say less than with a known prior."""
    case = mentions([30.0], named=True, incidents=3)
    prior = fit([case] * 4)
    known = Prior(prior.have, prior.size, prior.rates, prior.region)
    sure = posterior(case, known, known.log_odds(3, None)).possession
    assert 0.5 < posterior(case, prior, prior.log_odds(3, None)).possession < sure


def test_the_same_seed_gives_the_same_draws() -> None:
    cases = [mentions([30.0], named=True, incidents=9), mentions([0.1], named=True, incidents=40)]
    one, same, other = (fit(cases, seed=seed) for seed in ((1, 2), (1, 2), (1, 3)))
    assert one.log_odds(10).tolist() == same.log_odds(10).tolist() != other.log_odds(10).tolist()


def test_log_mean_is_of_what_each_rate_says() -> None:
    rates = np.random.default_rng(5).dirichlet(np.ones(9), 3)
    log = np.array([np.linspace(-900, -880, 9), np.linspace(2, -40, 9)])
    found = log_mean(rates, log)
    assert found.shape == (3, 2)
    assert found[:, 1] == pytest.approx(np.log(rates @ np.exp(log[1])))
    assert found[:, 0] == pytest.approx(log_mean(rates, log[0] + 900) - 900)


@given(st.floats(0.001, 0.999))
def test_logit_turns_a_share_round(share: float) -> None:
    assert float(share_of(np.array(logit(share)))) == pytest.approx(share)


@given(st.floats(-800, 800))
def test_a_share_is_one(log: float) -> None:
    assert 0 <= float(share_of(np.array(log))) <= 1


def test_size_counts_tenfolds() -> None:
    assert size_of(np.array([0, 1, 10, 100])).tolist() == [-1, -1, 0, 1]
    assert float(size_of(2)) == pytest.approx(np.log10(0.2))


def test_the_share_of_log_odds() -> None:
    found = share_of(np.array([0.0, np.log(3), -np.log(3), 800.0, -800.0]))
    assert found == pytest.approx([0.5, 0.75, 0.25, 1.0, 0.0], abs=1e-12)
