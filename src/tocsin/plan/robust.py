"""How far a share of futures may be trusted when the priors behind it are only judgement."""

from __future__ import annotations

RATIOS = (2.0, 4.0)
"""The density ratios that are shown."""


def least_favourable(share: float, ratio: float) -> float:
    """Find the least probability that other priors can give to what a share of futures has.

    Other priors are all those whose density is at most `ratio` times the stated one's, and at
    least its `ratio`-th part, at each set of parameters (the density-ratio class of robust
    Bayesian analysis; Berger 1994, An overview of robust Bayesian analysis, TEST 3(1)). Each
    future has parameters of its own, so the worst of these priors lies on the futures themselves:
    what has it gets the least weight, and what has not the most, as far as weights add up to one.
    Chance within a future is counted as if it were judgement, so the answer errs to the safe side.

    Args:
        share: the share of futures, from 0 to 1.
        ratio: the density ratio, at least 1.

    Returns:
        A probability, at most `share`.

    >>> round(least_favourable(0.9, 2), 2), round(least_favourable(0.9, 4), 2)
    (0.8, 0.6)
    >>> least_favourable(0.5, 2)
    0.25
    """
    return max(share / ratio, 1.0 - ratio * (1.0 - share))


def flip_ratio(share: float) -> float | None:
    """Find the density ratio at which the worst priors no longer prefer what a share prefers.

    Args:
        share: the share of futures in which the first of two portfolios is better.

    Returns:
        The ratio at which its probability falls to a half; for a share under a half, at which that
        of the other does; None where no ratio does, since the share is 0 or 1.

    >>> flip_ratio(0.9), flip_ratio(0.5), flip_ratio(1.0) is None
    (5.0, 1.0, True)
    """
    more = max(share, 1.0 - share)
    return None if more >= 1.0 else round(max(2.0 * more, 0.5 / (1.0 - more)), 6)
