"""What a search keeps: portfolios that no other is better than, within limits and ceilings.

Nothing enters that crosses a static limit, and nothing is handed on that does not meet the
simulated ceilings with its upper bound on futures that the search has not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tocsin.plan.portfolios.declared import Limits, Terms
from tocsin.plan.portfolios.limits import within_limits

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
DOUBT = 0.05
"""Probability with which any of the kept portfolios may cross a ceiling that it seems to meet."""
STEPS = 21
"""Places between a portfolio and the status quo at which its repair looks."""


@dataclass(frozen=True)
class Bounds:
    """These are the static limits, for arrays of efforts."""

    names: tuple[str, ...]
    """The levers, in the order of columns."""
    levers: Mapping[str, Terms]
    limits: Limits
    today: Floats
    """The efforts in force, which keep all limits, shape (L,)."""

    def within(self, efforts: Floats) -> Flags:
        """Tell which portfolios cross no static limit, shape (P,)."""
        return within_limits(efforts, self.names, self.levers, self.limits, self.today)

    def repair(self, efforts: Floats) -> Floats:
        """Move portfolios towards the status quo, as far as limits ask and no further.

        Args:
            efforts: shape (P, L); what is no number counts as what is in force.

        Returns:
            Portfolios within all static limits, shape (P, L). The status quo keeps them, and all
            but do-no-harm checks are linear, so on the way to it there is a first that does, too.
        """
        low = np.array([self.limits.least.get(name, 0.0) for name in self.names])
        high = np.array([self.limits.most.get(name, 1.0) for name in self.names])
        kept = np.array([name in self.limits.keep for name in self.names])
        low = np.where(kept, np.maximum(low, self.today), low)
        wanted = np.clip(np.where(np.isfinite(efforts), efforts, self.today), low, high)
        wanted = self._spare(wanted)
        found = np.repeat(self.today[None], len(wanted), axis=0)
        fine = self.within(efforts)
        found[fine] = efforts[fine]
        open_ = ~fine
        for part in np.linspace(1.0, 0.0, STEPS):
            moved = self.today + part * (wanted - self.today)
            fits = open_ & self.within(moved)
            found[fits] = moved[fits]
            open_ &= ~fits
        return found

    def _spare(self, efforts: Floats) -> Floats:
        """Take back a lever that needs others beside it, where these fall short."""
        efforts = efforts.copy()
        place = {name: number for number, name in enumerate(self.names)}
        for need in self.limits.needs:
            short = np.any(
                [efforts[:, place[one]] < least for one, least in need.beside.items()], axis=0
            )
            column = efforts[:, place[need.lever]]
            efforts[:, place[need.lever]] = np.where(short, np.minimum(column, need.over), column)
        return efforts


def non_dominated(objectives: Floats) -> Flags:
    """Tell which rows no other row is better than, or as good and in some way better.

    Args:
        objectives: shape (P, O); less is better.

    Returns:
        Shape (P,). Of equal rows the first counts.
    """
    kept = np.ones(len(objectives), bool)
    for row in range(len(objectives)):
        if kept[row]:
            no_worse = (objectives >= objectives[row]).all(axis=1)
            no_worse[: row + 1] &= (objectives[: row + 1] > objectives[row]).any(axis=1)
            kept &= ~no_worse
    return kept


def keep(
    efforts: Floats, objectives: Floats, bounds: Bounds, most: int = 1_000
) -> npt.NDArray[np.int64]:
    """Choose what of all that was looked at is kept.

    Args:
        efforts: shape (P, L).
        objectives: shape (P, O); less is better.
        bounds: the static limits; what crosses one is never kept.
        most: how many are kept at most; the front is thinned by boxes of growing size in the space
            of objectives (epsilon dominance; Laumanns, Thiele, Deb and Zitzler 2002, Evolutionary
            Computation 10), each box keeping the one nearest to its best corner.

    Returns:
        Places of those kept, in ascending order.
    """
    able = np.flatnonzero(bounds.within(efforts) & np.isfinite(objectives).all(axis=1))
    front = able[non_dominated(objectives[able])] if len(able) else able
    if len(front) <= most:
        return front
    values = objectives[front]
    low, span = values.min(axis=0), np.ptp(values, axis=0)
    unit = (values - low) / np.where(span > 0, span, 1.0)
    for cells in range(64, 0, -1):
        box = np.floor(unit * cells).clip(0, cells - 1)
        off = np.linalg.norm(unit * cells - box, axis=1)
        order = np.lexsort((np.arange(len(front)), off))
        _, first = np.unique(box[order], axis=0, return_index=True)
        if len(first) <= most:
            return np.sort(front[order[first]])
    return front[:most]


def meets_ceilings(
    play: Callable[[Floats], Mapping[str, Floats]],
    efforts: Floats,
    today: Floats,
    ceilings: Mapping[str, float],
) -> tuple[Flags, dict[str, Floats]]:
    """Hold portfolios to the ceilings on futures of their own.

    Args:
        play: gives each outcome by portfolio and future, (P, F), in futures that the search has
            not seen, the same at every call.
        efforts: the portfolios, shape (P, L).
        today: the status quo, shape (L,).
        ceilings: for each outcome the multiple of the status quo's mean that is allowed.

    Returns:
        Which portfolios meet all ceilings, shape (P,), and for each ceiling the upper bound of the
        mean of (outcome less ceiling), which must not lie above 0. The bound is one-sided, of the
        paired differences, at a level that holds for all portfolios and ceilings at once
        (Bonferroni).
    """
    from scipy.stats import t

    fine = np.ones(len(efforts), bool)
    bounds: dict[str, Floats] = {}
    if not ceilings or not len(efforts):
        return fine, bounds
    seen, base = play(efforts), play(today[None])
    level = 1 - DOUBT / (len(efforts) * len(ceilings))
    for outcome, multiple in ceilings.items():
        beyond = seen[outcome] - multiple * base[outcome]
        count = beyond.shape[1]
        error = beyond.std(axis=1, ddof=1) / np.sqrt(count)
        bounds[outcome] = beyond.mean(axis=1) + t.ppf(level, count - 1) * error
        # A portfolio that is the status quo itself has no error, and is as good as it.
        fine &= bounds[outcome] <= 0
    return fine, bounds


def sign_test(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Test whether paired results are ahead: the one-sided sign test (Dixon and Mood 1946).

    Args:
        ours: results, more is better.
        theirs: results of the same seeds.

    Returns:
        The probability of at least so many leads if both were equally good; ties are left out.

    >>> round(sign_test([2] * 10, [1] * 10), 5)
    0.00098
    """
    from scipy.stats import binomtest

    leads = sum(one > two for one, two in zip(ours, theirs, strict=True))
    decided = sum(one != two for one, two in zip(ours, theirs, strict=True))
    return float(binomtest(leads, decided, alternative="greater").pvalue) if decided else 1.0
