"""The Dawid–Skene family: who errs how, and what is true, from votes alone.

Votes are in long form, three arrays of the same length n: `items` (0 to I−1), `raters` (0 to
R−1) and `labels`. Nobody need vote on every item, and a rater may vote on one item again.

Sources: Dawid and Skene (1979), Maximum likelihood estimation of observer error-rates using
the EM algorithm, Applied Statistics 28(1); Paun et al. (2018), Comparing Bayesian models of
annotation, TACL 6 (partial pooling); Dong, Berti-Equille and Srivastava (2009), Integrating
conflicting data: the role of source dependence, VLDB (values in place of classes).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EDGE = 1e-3
"""Accuracies stay this far from 0 and 1, so that one vote never decides alone."""
LEAST_KNOWN = 0.05
"""However little is known of the truth, votes tell at least this share of what they could."""
KAPPAS = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 300.0)
"""Strengths of pooling that are tried: a cell's prior counts as much as so many votes."""


@dataclass(frozen=True)
class Consensus:
    """The result of `dawid_skene`.

    Attributes:
        posterior: shape (I, K), the probability of each class for each item.
        marginals: shape (K,), how common the classes are.
        confusion: shape (R, K, K), of each rater: true class to label given.
        log_likelihood: of the votes under the fitted model.
        iterations: steps taken.
    """

    posterior: Floats
    marginals: Floats
    confusion: Floats
    log_likelihood: float
    iterations: int


@dataclass(frozen=True)
class Truth:
    """The result of `one_coin`.

    Attributes:
        posterior: shape (V,), the probability that each candidate value is true.
        accuracy: shape (C,), of each cell.
        hits: shape (C,), expected number of true votes of each cell.
        votes: shape (C,), weighed number of votes of each cell.
        worth: shape (C,), the number of votes of known truth that would tell as much: less
            than `votes`, since the truth is only believed (Louis 1982, missing information).
        kappa: how strongly cells were pooled, and
        kappa_groups: how strongly their groups were.
    """

    posterior: Floats
    accuracy: Floats
    hits: Floats
    votes: Floats
    worth: Floats
    kappa: float
    kappa_groups: float


def dawid_skene(
    items: ArrayLike,
    raters: ArrayLike,
    labels: ArrayLike,
    *,
    classes: int,
    weights: ArrayLike | None = None,
    prior: float = 0.0,
    diagonal: float = 0.0,
    start: Floats | None = None,
    tolerance: float = 1e-9,
    most: int = 5_000,
) -> Consensus:
    """Fit raters' confusion matrices and the true classes by EM (Dawid and Skene 1979).

    Without a prior the result is of maximum likelihood; with one it is the most probable
    parameters.

    Args:
        items, raters, labels: shape (n,), whole numbers from 0.
        classes: K.
        weights: shape (n,), how much each vote counts; 1 by default.
        prior: added to each cell of a confusion matrix and each class's count (Dirichlet
            prior of 1 + prior); 0 is maximum likelihood as in 1979.
        diagonal: added to the right answers besides, which keeps classes from swapping.
        start: shape (I, K), first beliefs; shares of votes by default, as in 1979.
        tolerance: of the log-likelihood, between two steps.
        most: steps, at least one.

    Returns:
        The consensus over I items, R raters and K classes.

    Raises:
        ValueError: the arrays are of different length, or a label lies outside 0 to K−1.

    >>> found = dawid_skene([0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 1, 1], classes=2)
    >>> found.posterior.argmax(axis=1).tolist()
    [0, 1]
    """
    i, r, k, w = _votes(items, raters, labels, weights)
    if k.size and (k.min() < 0 or k.max() >= classes):
        raise ValueError(f"a label lies outside 0 to {classes - 1}")
    n_items, n_raters = _size(i), _size(r)
    posterior = _shares(i, k, w, n_items, classes) if start is None else start
    right = diagonal * np.eye(classes)
    before = -np.inf
    cell = r * classes + k
    for step in itertools.count(1):
        marginals = posterior.sum(axis=0) + prior
        marginals = marginals / marginals.sum()
        belief = w[:, None] * posterior[i]
        counts = np.stack(
            [
                _sums(cell, belief[:, c], n_raters * classes).reshape(n_raters, classes)
                for c in range(classes)
            ],
            axis=1,
        )
        counts += prior + right
        total = counts.sum(axis=2, keepdims=True)
        confusion = _over(counts, total, classes)
        says = w[:, None] * np.log(np.maximum(confusion[r, :, k], 1e-300))
        scores = np.log(np.maximum(marginals, 1e-300)) + np.stack(
            [_sums(i, says[:, c], n_items) for c in range(classes)], axis=1
        )
        top = scores.max(axis=1, keepdims=True)
        mass = np.exp(scores - top)
        posterior = mass / mass.sum(axis=1, keepdims=True)
        likelihood = float((top[:, 0] + np.log(mass.sum(axis=1))).sum())
        if likelihood - before < tolerance or step == most:
            break
        before = likelihood
    return Consensus(posterior, marginals, confusion, likelihood, step)


def one_coin(
    items: ArrayLike,
    cells: ArrayLike,
    values: ArrayLike,
    *,
    value_items: ArrayLike,
    groups: ArrayLike,
    false_values: float = 5.0,
    weights: ArrayLike | None = None,
    said_by: Floats | None = None,
    mean: float = 0.8,
    strength: float = 10.0,
    most: int = 200,
    tolerance: float = 1e-6,
) -> Truth:
    """Estimate which values are true, where every item has its own candidates.

    A rater's cell (for example source × type × region) is right with one probability, and if wrong
    says one of N other values. Cells of one group (the source) are partially pooled: a cell's
    prior is its group's accuracy, a group's the overall one. How strongly is chosen by the
    marginal likelihood of a beta-binomial, so sparse cells borrow what the data allow.

    Args:
        items, cells, values: shape (n,). `values` number the candidates of all items, 0 to V−1.
        value_items: shape (V,), the item of each candidate.
        groups: shape (C,), the group of each cell.
        false_values: N; those that nobody named may be true, too.
        weights: shape (n,), how much a vote tells of its cell (probability of the link).
        said_by: shape (n,), how much a vote counts for the truth beside that: 1 for an independent
            voice, less for a copier's. 1 by default.
        mean, strength: a Beta prior for the overall accuracy.
        most, tolerance: the most steps, at least one, and the change of accuracies below which
            they end.

    Returns:
        The truth of V candidate values and the accuracy of C cells.

    Raises:
        ValueError: the arrays are of different length.
    """
    i, c, v, w = _votes(items, cells, values, weights)
    voice = w if said_by is None else w * said_by
    owner, group = np.asarray(value_items, np.int64), np.asarray(groups, np.int64)
    n_cells, n_values, n_groups = group.size, owner.size, _size(group)
    n_items = max(_size(i), _size(owner))
    unseen = np.maximum(false_values + 1 - _sums(owner, np.ones(n_values), n_items), 0.5)
    accuracy = np.full(n_cells, mean)
    votes = _sums(c, w, n_cells)
    for step in itertools.count(1):
        weight = np.log(false_values * accuracy / (1 - accuracy))
        score = _sums(v, voice * weight[c], n_values)
        top = np.zeros(n_items)
        np.maximum.at(top, owner, score)
        mass = np.exp(score - top[owner])
        everything = _sums(owner, mass, n_items) + unseen * np.exp(-top)
        posterior = mass / everything[owner]
        hits = _sums(c, w * posterior[v], n_cells)
        updated, kappa, kappa_groups = _pool(
            hits, votes, group, n_groups=n_groups, mean=mean, strength=strength
        )
        moved = float(np.abs(updated - accuracy).max(initial=0.0))
        accuracy = updated
        if moved < tolerance or step == most:
            break
    doubt = _sums(c, w * posterior[v] * (1 - posterior[v]), n_cells)
    missing = doubt / (accuracy * (1 - accuracy) * np.maximum(votes, 1e-9))
    worth = votes * np.clip(1 - missing, LEAST_KNOWN, 1)
    return Truth(posterior, accuracy, hits, votes, worth, kappa, kappa_groups)


def _pool(
    hits: Floats, votes: Floats, group: Ints, *, n_groups: int, mean: float, strength: float
) -> tuple[Floats, float, float]:
    """Accuracies of cells shrunk to their groups, and those to all; and the two strengths."""
    overall = (hits.sum() + mean * strength) / (votes.sum() + strength)
    group_hits = _sums(group, hits, n_groups)
    group_votes = _sums(group, votes, n_groups)
    kappa_groups = strongest(group_hits, group_votes, np.full(n_groups, overall))
    by_group = (group_hits + kappa_groups * overall) / (group_votes + kappa_groups)
    kappa = strongest(hits, votes, by_group[group])
    by_cell = (hits + kappa * by_group[group]) / (votes + kappa)
    return np.clip(by_cell, EDGE, 1 - EDGE), kappa, kappa_groups


def strongest(hits: Floats, votes: Floats, prior_mean: Floats) -> float:
    """Choose the strength of pooling among `KAPPAS` under which the counts are most probable.

    Args:
        hits, votes: shape (C,), right votes and all votes in each of C cells, which a
            beta-binomial distribution describes; they need not be whole numbers.
        prior_mean: shape (C,), the mean of each cell's Beta prior.

    Returns:
        The number of votes that the prior counts as: one of `KAPPAS`.
    """
    p = np.clip(prior_mean, EDGE, 1 - EDGE)
    miss = np.maximum(votes - hits, 0.0)
    likelihoods = [
        float(
            (
                log_beta(kappa * p + hits, kappa * (1 - p) + miss)
                - log_beta(kappa * p, kappa * (1 - p))
            ).sum()
        )
        for kappa in KAPPAS
    ]
    return KAPPAS[int(np.argmax(likelihoods))]


def log_beta(a: Floats, b: Floats) -> Floats:
    """Compute the logarithm of the beta function, B(a, b).

    Args:
        a: positive numbers of any shape.
        b: positive numbers of the same shape.

    Returns:
        Numbers of the same shape.
    """
    from tocsin.errors import require

    special = require("scipy.special", extra="assess")
    found: Floats = special.betaln(a, b)
    return found


def _votes(
    items: ArrayLike, raters: ArrayLike, labels: ArrayLike, weights: ArrayLike | None
) -> tuple[Ints, Ints, Ints, Floats]:
    i, r, k = (np.asarray(one, dtype=np.int64) for one in (items, raters, labels))
    w = np.ones(i.size) if weights is None else np.asarray(weights, dtype=np.float64)
    if not i.size == r.size == k.size == w.size:
        raise ValueError("items, raters, labels and weights must have the same length")
    return i, r, k, w


def _sums(index: Ints, weights: Floats, size: int) -> Floats:
    return np.bincount(index, weights, size).astype(np.float64)


def _size(numbers: Ints) -> int:
    return int(numbers.max()) + 1 if numbers.size else 0


def _shares(i: Ints, k: Ints, w: Floats, n_items: int, classes: int) -> Floats:
    shares = _sums(i * classes + k, w, n_items * classes).reshape(n_items, classes)
    total = shares.sum(axis=1, keepdims=True)
    return _over(shares, total, classes)


def _over(counts: Floats, total: Floats, classes: int) -> Floats:
    """Shares of counts in their total; even ones where there is none."""
    even = np.full(counts.shape, 1 / classes)
    found: Floats = np.divide(counts, total, out=even, where=total > 0)
    return found
