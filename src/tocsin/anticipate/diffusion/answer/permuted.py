"""First uses that change places: what is left of a network if it does not matter who came when."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tocsin.anticipate.diffusion.tables.cases import Cases
from tocsin.anticipate.diffusion.tables.times import Floats

ROUNDS = 30
"""How often pairs are drawn that may change places, where not every order fits."""


def permute_first_uses(cases: Cases, onset: Floats, random: np.random.Generator) -> Floats:
    """Let first uses change places among those at risk of one territory, class and half of time.

    Nobody gets a first use at a time when it was not there.

    Args:
        cases: n cases.
        onset: first use of each, infinite where there is none, shape (n,).
        random: source of random numbers; it is moved on.

    Returns:
        First uses, at the same times in each territory, class and half of the window, shape (n,).
    """
    out = onset.copy()
    middle = (cases.start + cases.end) / 2
    event = (onset > cases.entry) & np.isfinite(onset)
    key = cases.territory * len(cases.technologies) + cases.technology
    for group in np.unique(key):
        for early in (True, False):
            users = np.flatnonzero(event & (key == group) & ((onset <= middle) == early))
            # Who has been given a first use of the early half keeps it in the late one.
            never = np.flatnonzero((key == group) & ~np.isfinite(out))
            pool = np.concatenate([users, never])
            if len(users) == 0 or len(pool) < 2:
                continue
            times = np.concatenate([onset[users], np.full(len(never), np.inf)])
            out[pool] = _change_places(times, cases.entry[pool], cases.exit[pool], random)
    return out


def _change_places(
    times: Floats, entry: Floats, gone: Floats, random: np.random.Generator
) -> Floats:
    """Times in a random order in which each still lies between its own entry and exit.

    Where a free order does not fit, pairs that are drawn at random change places if both then fit.
    In the long run no order that fits is likelier than another (Besag and Clifford 1989,
    Generalized Monte Carlo significance tests, Biometrika 76).
    """

    def fits(which: Floats, entry: Floats, gone: Floats) -> npt.NDArray[np.bool_]:
        return np.isinf(which) | ((entry < which) & (which <= gone))

    free = times[random.permutation(len(times))]
    if fits(free, entry, gone).all():
        return free
    out, half = times.copy(), len(times) // 2
    for _ in range(ROUNDS):
        order = random.permutation(len(times))
        one, other = order[:half], order[half : 2 * half]
        both = fits(out[one], entry[other], gone[other]) & fits(out[other], entry[one], gone[one])
        one, other = one[both], other[both]
        out[one], out[other] = out[other], out[one]
    return out
