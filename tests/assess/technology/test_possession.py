"""Possession: doubtful mentions stay doubtful, planted worlds are found again."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.technology.possession import SHARES, Mentions, fit, posterior

FLAT = fit([])


def mentions(odds: list[float], named: bool = False, there: float = 0.9) -> Mentions:
    n = len(odds)
    full = np.full(n, there)
    return Mentions(full, full, np.array(odds), np.ones(n), np.full(n, named), np.arange(n))


def has(case: Mentions) -> float:
    return posterior(case, FLAT).possession


def test_doubtful_mentions_are_no_certainty() -> None:
    assert np.isclose(has(mentions([1.0] * 17)), FLAT.have)
    assert has(mentions([0.2] * 17)) < FLAT.have


def test_words_that_name_it_are_believed() -> None:
    assert has(mentions([30.0] * 3, named=True)) > 0.9
    assert has(mentions([30.0], named=True)) > has(mentions([1.0], named=True))


def test_uses_of_another_do_not_hide_ones_own() -> None:
    others = [0.03] * 200
    assert has(mentions([30.0] * 10 + others, True)) > FLAT.have > has(mentions(others, True))


@given(st.lists(st.floats(0.001, 1000), min_size=1, max_size=30), st.booleans(), st.floats(0.05, 1))
def test_a_posterior_is_one(odds: list[float], named: bool, there: float) -> None:
    held = posterior(mentions(odds, named, there), FLAT)
    assert 0 <= held.possession <= 1
    assert np.isclose(held.joint.sum(), 1)
    assert (np.diff(held.by_day()) >= 0).all()
    assert (held.expected() <= there + 1e-9).all()
    onset, uses = held.draw(np.random.default_rng(1), 50)
    assert ((onset >= -1) & (onset < len(odds))).all()
    assert not uses[onset < 0].any()
    assert not uses[:, 0][onset > 0].any()


def test_planted_possession_and_onset_are_found_again() -> None:
    """In 200 organisations with mentions by the model, 90 % intervals hold 80 to 99 %."""
    rng = np.random.default_rng(5)
    cases, truth = [], []
    for _ in range(200):
        n, onset = 40, int(rng.integers(0, 40))
        share = rng.choice(SHARES) if rng.random() < 0.4 else 0.0
        ours = (np.arange(n) >= onset) & (rng.random(n) < share)
        # Words name the user in half of the cases, thirty times as often rightly as wrongly.
        named = rng.random(n) < 0.5
        right = rng.random(n) < 30 / 31
        odds = np.where(named, np.where(ours == right, 30.0, 1 / 30), 1.0)
        full = np.ones(n)
        cases.append(Mentions(full, full, odds, full, named, np.arange(n)))
        truth.append((share > 0, onset, share))
    prior = fit(cases)
    held = [posterior(case, prior) for case in cases]
    assert abs(prior.have - 0.4) < 0.15
    sure = [has for (has, _, _), one in zip(truth, held, strict=True) if one.possession >= 0.8]
    assert len(sure) > 30
    assert np.mean(sure) >= 0.9
    inside = []
    for (there, onset, _), one in zip(truth, held, strict=True):
        if there:
            low, high = np.searchsorted(one.by_day(), [0.05, 0.95])
            inside.append(low <= onset <= high)
    assert 0.8 <= np.mean(inside) <= 0.99
