"""The family of 1979: published results, and what must hold of any votes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln

from tocsin.assess.reliability.dawid_skene import KAPPAS, dawid_skene, one_coin, strongest
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


@pytest.mark.slow
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


@pytest.mark.slow
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


# Against the same rules written vote by vote --------------------------------------------------

ITEM, CELL = [0, 0, 0, 1, 1, 2, 2, 2], [0, 1, 3, 0, 2, 1, 2, 3]
VALUE, OWNER, GROUPS = [0, 0, 1, 2, 3, 4, 4, 5], [0, 0, 1, 1, 2, 2, 3], [0, 0, 1, 1]
WEIGHT = [1.0, 0.9, 0.8, 0.7, 1.0, 0.6, 0.9, 0.5]
VOICE = [1.0, 0.5, 1.0, 0.8, 1.0, 0.3, 1.0, 0.7]


def strength_by_hand(hits: list[float], votes: list[float], means: list[float]) -> float:
    def likelihood(kappa: float) -> float:
        return sum(
            betaln(kappa * p + h, kappa * (1 - p) + n - h) - betaln(kappa * p, kappa * (1 - p))
            for h, n, p in zip(hits, votes, means, strict=True)
        )

    return max(KAPPAS, key=likelihood)


def coin_by_hand(rounds: int, *, wrong: float) -> dict[str, object]:
    votes, values, cells = range(8), range(7), range(4)
    accuracy = [0.8] * 4
    asked = [sum(WEIGHT[n] for n in votes if CELL[n] == c) for c in cells]
    for _ in range(rounds):
        told = [
            sum(
                WEIGHT[n] * VOICE[n] * np.log(wrong * accuracy[CELL[n]] / (1 - accuracy[CELL[n]]))
                for n in votes
                if VALUE[n] == v
            )
            for v in values
        ]
        posterior = [
            np.exp(told[v])
            / (
                sum(np.exp(told[u]) for u in values if OWNER[u] == OWNER[v])
                + max(wrong + 1 - OWNER.count(OWNER[v]), 0.5)
            )
            for v in values
        ]
        hits = [sum(WEIGHT[n] * posterior[VALUE[n]] for n in votes if CELL[n] == c) for c in cells]
        overall = (sum(hits) + 8) / (sum(asked) + 10)
        group_hits = [hits[0] + hits[1], hits[2] + hits[3]]
        group_asked = [asked[0] + asked[1], asked[2] + asked[3]]
        kappa_groups = strength_by_hand(group_hits, group_asked, [overall] * 2)
        means = [
            (group_hits[g] + kappa_groups * overall) / (group_asked[g] + kappa_groups)
            for g in GROUPS
        ]
        kappa = strength_by_hand(hits, asked, means)
        accuracy = [(hits[c] + kappa * means[c]) / (asked[c] + kappa) for c in cells]
    doubt = [
        sum(
            WEIGHT[n] * posterior[VALUE[n]] * (1 - posterior[VALUE[n]])
            for n in votes
            if CELL[n] == c
        )
        for c in cells
    ]
    missing = [doubt[c] / (accuracy[c] * (1 - accuracy[c]) * asked[c]) for c in cells]
    worth = [asked[c] * min(max(1 - missing[c], 0.05), 1) for c in cells]
    return {
        "posterior": posterior, "accuracy": accuracy, "hits": hits, "votes": asked, "worth": worth,
        "kappa": kappa, "kappa_groups": kappa_groups,
    }  # fmt: skip


@pytest.mark.parametrize("wrong", [1.0, 5.0])
@pytest.mark.parametrize("rounds", [1, 2, 4])
def test_a_coin_is_what_is_reckoned_vote_by_vote(rounds: int, wrong: float) -> None:
    found = one_coin(
        ITEM, CELL, VALUE, value_items=OWNER, groups=GROUPS, false_values=wrong, weights=WEIGHT,
        said_by=np.array(VOICE), most=rounds,
    )  # fmt: skip
    for name, expected in coin_by_hand(rounds, wrong=wrong).items():
        assert getattr(found, name) == pytest.approx(expected, rel=1e-9), name


def test_a_coin_ends_where_accuracies_stand_still() -> None:
    asked = {"value_items": OWNER, "groups": GROUPS, "weights": WEIGHT}
    short, long = (one_coin(ITEM, CELL, VALUE, most=most, **asked) for most in (200, 2000))
    assert short.accuracy == pytest.approx(long.accuracy, abs=1e-5)
    # Whoever says nothing that another could check is taken for as good as all.
    alone = one_coin([0], [0], [0], value_items=[0], groups=[0], mean=0.6, strength=4.0, most=1)
    first = 5 * 0.6 / 0.4 / (5 * 0.6 / 0.4 + 5)
    overall = (first + 2.4) / 5
    assert alone.hits == pytest.approx([first])
    kappas = (alone.kappa_groups, alone.kappa)
    for kappa in kappas:
        overall = (first + kappa * overall) / (1 + kappa)
    assert alone.accuracy == pytest.approx([overall])


def test_a_prior_of_certainty_is_taken_for_nearly_certain() -> None:
    for mean, near, hits in ((1.0, 0.999, 4.0), (0.0, 0.001, 1.0)):
        found = strongest(np.array([hits]), np.array([5.0]), np.array([mean]))
        assert found == strength_by_hand([hits], [5.0], [near]) == KAPPAS[-1]


def test_one_step_of_em_is_the_one_of_1979() -> None:
    """Weights and priors included, with sums over votes written out."""
    item, rater, label = [0, 0, 1, 1, 2], [0, 1, 0, 1, 1], [0, 1, 1, 1, 0]
    weight = [1.0, 0.5, 0.8, 1.0, 0.6]
    found = dawid_skene(
        item, rater, label, classes=2, weights=weight, prior=0.2, diagonal=0.7, most=1
    )
    votes = list(zip(item, rater, label, weight, strict=True))
    start = np.zeros((3, 2))
    for i, _, k, w in votes:
        start[i, k] += w
    start /= start.sum(axis=1, keepdims=True)
    marginals = (start.sum(axis=0) + 0.2) / (3 + 2 * 0.2)
    confusion = np.full((2, 2, 2), 0.2)
    for c in range(2):
        confusion[:, c, c] += 0.7
        for i, r, k, w in votes:
            confusion[r, c, k] += w * start[i, c]
    confusion /= confusion.sum(axis=2, keepdims=True)
    mass = np.tile(marginals, (3, 1))
    for i, r, k, w in votes:
        mass[i] *= confusion[r, :, k] ** w
    assert found.marginals == pytest.approx(marginals)
    assert found.confusion == pytest.approx(confusion)
    assert found.posterior == pytest.approx(mass / mass.sum(axis=1, keepdims=True))
    assert found.log_likelihood == pytest.approx(np.log(mass.sum(axis=1)).sum())
    assert found.iterations == 1


def test_labels_at_both_ends_are_labels_and_no_others() -> None:
    assert dawid_skene([0, 0], [0, 1], [0, 2], classes=3).posterior.shape == (1, 3)
    for wrong in (-1, 3):
        with pytest.raises(ValueError, match="outside 0 to 2"):
            dawid_skene([0], [0], [wrong], classes=3)
    # An item that nobody voted on may be anything, and so may what a rater never saw.
    found = dawid_skene([1], [1], [0], classes=2, most=1)
    assert found.marginals == pytest.approx([0.75, 0.25])
    assert found.posterior[0] == pytest.approx(found.marginals)
    assert found.confusion[0] == pytest.approx(np.full((2, 2), 0.5))


def test_a_vote_of_no_weight_says_nothing() -> None:
    """Neither does a label that a rater gives by no other vote, nor a class that nobody named."""
    items, raters, labels = [0, 0, 1, 1, 0], [0, 1, 0, 1, 1], [0, 0, 1, 1, 1]
    without = dawid_skene(items[:4], raters[:4], labels[:4], classes=3)
    beside = dawid_skene(items, raters, labels, classes=3, weights=[1, 1, 1, 1, 0])
    assert beside.posterior == pytest.approx(without.posterior)
    assert beside.posterior == pytest.approx(np.eye(3)[:2], abs=1e-6)
    assert np.isfinite(beside.log_likelihood)
