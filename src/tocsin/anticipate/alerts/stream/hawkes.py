"""A self-exciting model of incidents a day: what is usual, given what has just happened.

The expected number on a day is a background with a season, and what earlier incidents still
set off: a fast kernel of days and a slow one of two months, both exponential, so that a new
day costs the same however long the past is. Counts are spread wider than Poisson's, with a
variance proportional to the mean, since incidents of one day set each other off, too.

Source: Ogata 1988, Statistical models for earthquake occurrences and residual analysis for
point processes, JASA 83; for insurgent violence Mohler et al. 2011, Self-exciting point process
modeling of crime, JASA 106, and Lewis et al. 2012, Self-exciting point process models of
civilian deaths in Iraq, Security Journal 25.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.anticipate.data.panel import Matrix

SLOW_HALF_LIFE = 60.0
"""Days; the slow kernel follows drifts of level that no season explains."""
YEAR = 365.25


@dataclass(frozen=True)
class Hawkes:
    """These are the parameters of the self-exciting model of one territory.

    `background` is in incidents a day, and `season` holds the cosine and the sine of its yearly
    course, in logs. `fast` and `slow` are the incidents that one incident sets off over each
    kernel; their sum is under 1. `half_life` of the fast kernel is in days.

    Source: Mohler et al. (2011), Self-exciting point process modeling of crime, JASA 106.
    """

    background: float
    season: tuple[float, float]
    fast: float
    slow: float
    half_life: float
    dispersion: float
    """Variance over mean of a day's count, given the past."""

    @property
    def fades(self) -> Matrix:
        """This is the share of each kernel's memory that is left after a day, shape (2,)."""
        return np.asarray(0.5 ** (1 / np.array([self.half_life, SLOW_HALF_LIFE])))

    @property
    def gains(self) -> Matrix:
        """This is what each kernel's memory, per unit, adds to a day's expectation, shape (2,)."""
        return np.array([self.fast, self.slow]) * (1 - self.fades) / self.fades

    def base(self, days: Matrix) -> Matrix:
        """Compute the background, in incidents a day, on given days.

        Args:
            days: days counted from any fixed first of January, of any shape.

        Returns:
            Incidents a day, of the same shape.
        """
        angle = 2 * np.pi * np.asarray(days) / YEAR
        cosine, sine = self.season
        return np.asarray(self.background * np.exp(cosine * np.cos(angle) + sine * np.sin(angle)))


def kernel_memory(counts: Matrix, fades: Matrix) -> Matrix:
    """Compute the memory of both kernels at the start of each day: past incidents, faded.

    Args:
        counts: incidents a day, shape (..., T).
        fades: what is left of each kernel after a day (`Hawkes.fades`), shape (2,).

    Returns:
        Shape (2, ..., T + 1); the last day is the one after the counts.
    """
    from scipy.signal import lfilter

    past = np.concatenate([np.zeros((*counts.shape[:-1], 1)), counts], axis=-1)
    return np.stack([lfilter([fade], [1.0, -fade], past) for fade in fades])


def expected_counts(model: Hawkes, counts: Matrix, days: Matrix) -> Matrix:
    """Compute the expected number of incidents on each day, given all days before it.

    Args:
        model: the parameters of one territory.
        counts: incidents a day, shape (T,).
        days: shape (T,), days counted from any fixed first of January.

    Returns:
        Shape (T,), incidents a day.
    """
    found: Matrix = model.base(days) + model.gains @ kernel_memory(counts, model.fades)[:, :-1]
    return found


def coming_counts(
    model: Hawkes, remembered: Matrix, days: Matrix, width: int
) -> tuple[Matrix, Matrix]:
    """Compute the mean and the variance of the number of incidents in the next `width` days.

    Args:
        model: the parameters of one territory.
        width: how many days are added up.
        remembered: shape (2, ..., n), the memory at the start of the first of these days.
        days: shape (n,), that first day.

    Returns:
        Two arrays of shape (..., n). Both are exact: the sum is a linear function of each day's
        surprise, and a surprise's variance is the dispersion times the day's expectation.
    """
    held = np.array(remembered)
    fades = model.fades.reshape(2, *[1] * (held.ndim - 1))
    mean, variance = np.zeros(held.shape[1:]), np.zeros(held.shape[1:])
    weight = _responses(model, width)
    for step in range(width):
        rate = model.base(days + step) + np.tensordot(model.gains, held, 1)
        mean += rate
        variance += weight[width - 1 - step] ** 2 * model.dispersion * rate
        held = fades * (held + rate)
    return mean, variance


def _responses(model: Hawkes, width: int) -> Matrix:
    """One incident and what it sets off within so many days more, shape (width,)."""
    held, total = model.fades * 1.0, [1.0]
    for _ in range(width - 1):
        rate = float(model.gains @ held)
        total.append(total[-1] + rate)
        held = model.fades * (held + rate)
    return np.array(total)


def tail_probability(observed: Matrix, mean: Matrix, variance: Matrix) -> Matrix:
    """Compute the p-value of a count: the probability of so many or more, by a negative binomial.

    Under the model it falls below any p with a probability of at most p (it is conservative,
    since counts are whole numbers).

    Args:
        observed: counts, of any shape.
        mean, variance: mean and variance that the counts have, of the same shape; the variance is
            at least the mean.

    Returns:
        Probabilities of the same shape.
    """
    from scipy.stats import nbinom

    mean = np.maximum(mean, 1e-9)
    extra = np.maximum(variance - mean, 1e-6 * mean)
    size = mean**2 / extra
    return np.asarray(nbinom.sf(observed - 1, size, size / (size + mean)), dtype=np.float64)


def simulate(
    model: Hawkes,
    random: np.random.Generator,
    *,
    days: int,
    paths: int,
    burst: Matrix | None = None,
) -> Matrix:
    """Simulate streams of incidents by the model. A first year is simulated and thrown away.

    Args:
        model: the parameters of one territory.
        random: source of random numbers; it is moved on.
        days: how many days each stream has.
        paths: how many streams.
        burst: factors on each day's expectation, shape (days,), as of outside events of which the
            model does not know; None: no such event.

    Returns:
        Counts of shape (paths, days).
    """
    warm = 365
    factor = np.concatenate([np.ones(warm), np.ones(days) if burst is None else burst])
    level = model.background / max(1 - model.fast - model.slow, 0.02)
    held = np.repeat((level * model.fades / (1 - model.fades))[:, None], paths, axis=1)
    found = np.empty((paths, warm + days))
    for day in range(warm + days):
        rate = factor[day] * (model.base(np.array(float(day - warm))) + model.gains @ held)
        size = np.maximum(rate / max(model.dispersion - 1, 1e-6), 1e-9)
        found[:, day] = random.negative_binomial(size, 1 / max(model.dispersion, 1 + 1e-6))
        held = model.fades[:, None] * (held + found[:, day])
    return found[:, warm:]
