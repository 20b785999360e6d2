"""Two small public tables of votes with published results, to prove the estimator by.

Dawid and Skene (1979), Applied Statistics 28(1), Table 1: the fitness of 45 patients for
anaesthesia as five observers saw it, the first of them three times. Stouffer and Toby (1951),
American Journal of Sociology 56(5): 216 respondents, four situations of role conflict;
Goodman (1974), Biometrika 61(2), and Linzer and Lewis (2011), Journal of Statistical Software
42(10), publish its latent classes.
"""

from __future__ import annotations

import numpy as np

from tocsin.assess.reliability.dawid_skene import Floats, Ints

_ANAESTHESIA = """
1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343
1111111 2223212 1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222
1111111 1111111 2322222 1111111 1111111 1121121 1111111 3333233 1111111 2222222 2223232 4334343
2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222
"""
_OBSERVERS = (0, 0, 0, 1, 2, 3, 4)
_ROLE_CONFLICT = (42, 23, 6, 25, 6, 24, 7, 38, 1, 4, 1, 6, 2, 9, 2, 20)

MARGINALS = (0.40, 0.42, 0.11, 0.07)
"""Dawid and Skene's estimate of how common the four grades of fitness are (their Table 2)."""
OBSERVER_1 = ((0.89, 0.11, 0, 0), (0.07, 0.88, 0.05, 0), (0, 0.34, 0.66, 0), (0, 0, 0.56, 0.44))
"""Their estimate of the first observer's error rates: true grade to grade given."""
LOG_LIKELIHOODS = {2: -504.4677, 3: -503.3011}
"""Of the role-conflict votes with two and three classes (Linzer and Lewis 2011)."""
GOODMAN = (0.993, 0.940, 0.927, 0.769)
"""Chance of the first answer in each situation, for the smaller of two classes."""
GOODMAN_SHARE = 0.279


def anaesthesia() -> tuple[Ints, Ints, Ints]:
    """Return the votes of Dawid and Skene (1979), Table 1: 45 patients, five observers.

    Returns:
        Items, raters and labels, whole numbers from 0, each of shape (315,).
    """
    rows = _ANAESTHESIA.split()
    labels = np.array([int(label) - 1 for row in rows for label in row])
    return np.repeat(np.arange(45), 7), np.tile(_OBSERVERS, 45), labels


def role_conflict() -> tuple[Ints, Ints, Ints]:
    """Return the votes on role conflict (Stouffer and Toby 1951): 216 respondents, four
    situations.

    Returns:
        Items, raters and labels, whole numbers from 0, each of shape (864,).
    """
    patterns = [[p >> 3 & 1, p >> 2 & 1, p >> 1 & 1, p & 1] for p in range(16)]
    labels = np.repeat(np.array(patterns), _ROLE_CONFLICT, axis=0)
    return np.repeat(np.arange(216), 4), np.tile(np.arange(4), 216), labels.ravel()


def random_start(items: int, classes: int, seed: int) -> Floats:
    """Draw first beliefs for `dawid_skene`.

    Args:
        items: how many items, I.
        classes: how many classes, K.
        seed: start of the random numbers.

    Returns:
        Shape (I, K); each row is drawn evenly over all probabilities and sums to 1.
    """
    return np.random.default_rng(seed).dirichlet(np.ones(classes), items)
