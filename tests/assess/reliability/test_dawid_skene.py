"""The family of 1979: published results, and what must hold of any votes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.assess.reliability.dawid_skene import dawid_skene, one_coin, strongest
from tocsin.bench.reliability import published


def test_the_anaesthetists_of_1979() -> None:
    found = dawid_skene(*published.anaesthesia(), classes=4)
    assert found.marginals == pytest.approx(published.MARGINALS, abs=0.005)
    assert found.confusion[0] == pytest.approx(np.array(published.OBSERVER_1), abs=0.005)


@pytest.mark.slow
@pytest.mark.parametrize("classes", [2, 3])
def test_role_conflict_as_a_latent_class_model(classes: int) -> None:
    """Dawid–Skene on complete data is latent class analysis."""
    starts = [published.random_start(216, classes, seed) for seed in range(3)]
    fits = [
        dawid_skene(*published.role_conflict(), classes=classes, start=start) for start in starts
    ]
    best = max(fits, key=lambda found: found.log_likelihood)
    assert best.log_likelihood == pytest.approx(published.LOG_LIKELIHOODS[classes], abs=2e-4)
    if classes == 2:
        smaller = int(best.marginals.argmin())
        assert best.marginals[smaller] == pytest.approx(published.GOODMAN_SHARE, abs=1e-3)
        assert best.confusion[:, smaller, 0] == pytest.approx(published.GOODMAN, abs=1e-3)


def world(seed: int, accuracies: np.ndarray, items: int, classes: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, items)
    shape = (items, accuracies.size)
    wrong = (truth[:, None] + rng.integers(1, classes, shape)) % classes
    said = np.where(rng.random(shape) < accuracies, truth[:, None], wrong)
    item, rater = (grid.ravel() for grid in np.indices(shape))
    return truth, item, rater, said.ravel()


def test_better_than_the_majority_where_few_are_good() -> None:
    accuracies = np.array([0.95, 0.9, 0.4, 0.4, 0.4, 0.4, 0.4])
    truth, item, rater, said = world(1, accuracies, 2000, 3)
    found = dawid_skene(item, rater, said, classes=3, prior=0.1, diagonal=0.5)
    votes = np.bincount(item * 3 + said, minlength=6000).reshape(2000, 3)
    mine = (found.posterior.argmax(axis=1) == truth).mean()
    assert mine > (votes.argmax(axis=1) == truth).mean() + 0.05
    # Nothing does better than one who knows how good each rater is.
    score = np.zeros((2000, 3))
    np.add.at(score, (item, said), np.log(2 * accuracies / (1 - accuracies))[rater])
    assert mine > (score.argmax(axis=1) == truth).mean() - 0.02
    learned = found.confusion.diagonal(axis1=1, axis2=2).mean(axis=1)
    assert learned == pytest.approx(accuracies, abs=0.06)


def test_sparse_cells_borrow_from_their_source() -> None:
    accuracies = np.array([0.95, 0.8, 0.6, 0.85])
    truth, item, rater, said = world(2, accuracies, 1500, 6)
    # Each source has a cell with many votes and twenty with three or so.
    cell = rater * 21 + np.where(item < 1440, 0, 1 + item % 20)
    values, v = np.unique(item * 6 + said, return_inverse=True)
    found = one_coin(
        item, cell, v, value_items=values // 6, groups=np.repeat(np.arange(4), 21), false_values=5
    )
    by_source = found.accuracy.reshape(4, 21)
    assert by_source[:, 0] == pytest.approx(accuracies, abs=0.04)
    assert np.abs(by_source[:, 1:] - accuracies[:, None]).mean() < 0.06
    winner = np.zeros(1500, dtype=int)
    best = np.full(1500, -1.0)
    for value, p in zip(values, found.posterior, strict=True):
        if p > best[value // 6]:
            best[value // 6], winner[value // 6] = p, value % 6
    assert (winner == truth).mean() > 0.97


votes = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 2)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(votes, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_beliefs_are_beliefs(rows: list, random: object) -> None:
    def fit(given_rows: list) -> tuple[np.ndarray, np.ndarray]:
        i, r, k = (np.array([row[n] for row in given_rows], dtype=int) for n in range(3))
        full = dawid_skene(i, r, k, classes=3, prior=0.1, diagonal=1.0, most=50)
        assert np.allclose(full.posterior.sum(axis=1), 1)
        assert np.allclose(full.confusion.sum(axis=2), 1)
        coin = one_coin(i, r, i * 3 + k, value_items=np.arange(18) // 3, groups=[0, 0, 1, 1])
        assert ((coin.accuracy > 0) & (coin.accuracy < 1)).all()
        assert (np.bincount(np.arange(18) // 3, coin.posterior) <= 1 + 1e-9).all()
        return full.posterior, coin.posterior

    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for one, two in zip(fit(rows), fit(shuffled), strict=True):
        assert np.allclose(one, two, atol=1e-6)


def test_the_likelihood_never_falls() -> None:
    _, item, rater, said = world(3, np.array([0.8, 0.7, 0.6]), 200, 3)
    reached = [
        dawid_skene(item, rater, said, classes=3, most=n).log_likelihood for n in (2, 5, 10, 50)
    ]
    assert reached == sorted(reached)


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="same length"):
        dawid_skene([0, 1], [0], [0], classes=2)
    with pytest.raises(ValueError, match="outside"):
        dawid_skene([0], [0], [5], classes=2)


def test_alike_counts_pool_strongly_and_unlike_ones_weakly() -> None:
    votes = np.full(10, 100.0)
    alike, unlike = np.full(10, 80.0), np.tile([99.0, 30.0], 5)
    assert strongest(alike, votes, np.full(10, 0.8)) > 50
    assert strongest(unlike, votes, np.full(10, 0.65)) < 10
