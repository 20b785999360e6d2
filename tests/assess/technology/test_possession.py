"""Possession: doubtful mentions stay doubtful, planted worlds are found again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.technology.possession import SHARES, Mentions, Prior, fit, posterior

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


# Against Bayes' rule mention by mention -------------------------------------------------------


def several() -> Mentions:
    """More mentions of each kind than count in full, some on the same day."""
    rng = np.random.default_rng(8)
    n = 80
    named = np.arange(n) % 7 != 0
    odds = np.exp(rng.normal(0.1, 1.5, n))
    odds[:4] = [500.0, 0.001, 40.0, 1.0]
    assert (named & (odds > 1)).sum() > 24
    assert (named & (odds <= 1)).sum() > 24
    assert (~named).sum() > 6
    there = rng.uniform(0.3, 1, n)
    return Mentions(
        there, there * rng.uniform(0.5, 1, n), odds, rng.uniform(0.5, 1, n), named,
        np.sort(rng.integers(0, 9, n)) // 2,
    )  # fmt: skip


def ratios_by_hand(case: Mentions) -> list[list[float]]:
    most = [np.log(100.0 if named else 8.0) for named in case.named]
    logs = [min(max(np.log(o), -m), m) for o, m in zip(case.odds, most, strict=True)]
    kind = [
        ("ours" if log > 0 else "theirs") if named else "unnamed"
        for named, log in zip(case.named, logs, strict=True)
    ]
    weight = {k: min(1, limit / max(kind.count(k), 1))
              for k, limit in (("ours", 24), ("theirs", 24), ("unnamed", 6))}  # fmt: skip
    return [
        [
            np.log(1 + share * case.there[i] * case.side[i] * (np.exp(logs[i] * weight[k]) - 1))
            for i, k in enumerate(kind)
        ]
        for share in SHARES
    ]


def likelihoods_by_hand(case: Mentions) -> np.ndarray:
    """Of each share and onset day, relative to never: shape (SHARES, days)."""
    days = int(case.day.max()) + 1
    return np.array(
        [
            [np.exp(sum(r for r, d in zip(row, case.day, strict=True) if d >= on))
             for on in range(days)]
            for row in ratios_by_hand(case)
        ]
    )  # fmt: skip


def test_a_posterior_is_bayes_rule_over_shares_and_onsets() -> None:
    case = several()
    shares = np.arange(1.0, 9) / 36
    held = posterior(case, Prior(0.3, shares))
    mass = shares[:, None] * likelihoods_by_hand(case)
    mass /= mass.shape[1]
    odds = 0.3 / 0.7 * mass.sum()
    assert held.possession == pytest.approx(odds / (1 + odds))
    assert held.joint == pytest.approx(mass / mass.sum())
    expected = np.zeros(len(case.day))
    for i in range(len(case.day)):
        for s, share in enumerate(SHARES):
            ours = share * case.odds[i]
            own = case.use[i] * case.side[i] * ours / (1 - share + ours)
            assert held.own[s, i] == pytest.approx(min(own, 1))
            by_then = held.joint[s, : case.day[i] + 1].sum()
            expected[i] += held.possession * by_then * held.own[s, i]
    assert held.expected() == pytest.approx(expected)
    assert held.by_day() == pytest.approx(np.cumsum(mass.sum(0)) / mass.sum())


def test_the_prior_is_the_one_that_em_finds() -> None:
    first = several()
    second = Mentions(*(getattr(first, name)[:20] for name in vars(first)))
    third = mentions([1.0, 4.0, 0.2, 9.0])
    cases = [first, second, third]
    evidence = [likelihoods_by_hand(case).mean(axis=1) for case in cases]
    have, shares = 1 / 3, np.full(8, 1 / 8)
    for _ in range(50):
        each = [have * (shares * one).sum() for one in evidence]
        p = [one / (one + 1 - have) for one in each]
        given = [
            shares * one / (shares * one).sum() * q for one, q in zip(evidence, p, strict=True)
        ]
        shares = (1 + np.sum(given, axis=0)) / (8 + sum(p))
        have = (2 + sum(p)) / (6 + 3)
    found = fit(cases)
    assert found.have == pytest.approx(have, rel=1e-6)
    assert found.shares == pytest.approx(shares, rel=1e-6)
    assert (FLAT.have, FLAT.shares.tolist()) == (pytest.approx(1 / 3), [1 / 8] * 8)


def test_draws_are_of_the_posterior() -> None:
    held = posterior(several(), Prior(0.3, np.full(8, 1 / 8)))
    held = replace(held, possession=0.6)
    onset, uses = held.draw(np.random.default_rng(2), 40_000)
    assert (onset < 0).mean() == pytest.approx(0.4, abs=0.01)
    by_day = [(onset[onset >= 0] <= day).mean() for day in range(held.joint.shape[1])]
    assert by_day == pytest.approx(held.by_day(), abs=0.01)
    assert uses.mean(axis=0) == pytest.approx(held.expected(), abs=0.012)
    for day in range(5):
        # Nothing is used before its onset, and all that comes on its day or later may be.
        assert not uses[onset == day][:, held.day < day].any()
