"""Anomalies in the incoming stream: more incidents than the recent past explains.

Each day is judged twice: its own count, and that of the week that ends with it, each against
what was expected before it began. A user sets how many false alarms a territory and year are
borne. The bar is set by simulation of the fitted model, so that its streams cry that often;
days of one spell are one alarm.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from tocsin.anticipate.alerts.stream.hawkes import (
    YEAR,
    Hawkes,
    coming_counts,
    kernel_memory,
    simulate,
    tail_probability,
)
from tocsin.anticipate.data.panel import Matrix

WINDOWS = (1, 7)
SPELL = 7
"""Days without an alarm that end a spell."""
SIMULATED_DAYS, SIMULATED_PATHS = 730, 200
"""400 years of made-up stream for setting the bar, and again for checking it."""
BURST_FACTOR, BURST_DAYS = 3.0, 7
"""The burst by which detection is told: three times what was expected, for a week."""


@dataclass(frozen=True)
class DayJudgement:
    """This holds the judgement on each day, in arrays of shape (len(WINDOWS), ..., T).

    `observed` and `expected` are incidents in the window that ends on the day, and `p` is the
    p-value. All are NaN before a window is full.
    """

    observed: Matrix
    expected: Matrix
    p: Matrix

    @property
    def lowest(self) -> Matrix:
        """This is the lowest p-value of each day over all windows, shape (..., T)."""
        return np.asarray(np.nanmin(self.p, axis=0))


def judge_days(model: Hawkes, counts: Matrix, days: Matrix) -> DayJudgement:
    """Test each day of a stream of incidents against what a model expected before it.

    Args:
        model: the self-exciting model of one territory.
        counts: incidents a day, shape (..., T): one stream, or many.
        days: shape (T,), days counted from any fixed first of January.

    Returns:
        For each of `WINDOWS` (in days): how many incidents were observed and how many expected, and
        the p-value, which is the probability of so many incidents or more.
    """
    held = kernel_memory(counts, model.fades)[..., :-1]
    observed, mean, p = (np.full((len(WINDOWS), *counts.shape), np.nan) for _ in range(3))
    total = np.concatenate([np.zeros((*counts.shape[:-1], 1)), np.cumsum(counts, axis=-1)], -1)
    for i, width in enumerate(WINDOWS):
        upto = counts.shape[-1] - width + 1
        if upto < 1:
            continue
        m, v = (found[..., :upto] for found in coming_counts(model, held, days, width))
        seen = total[..., width:] - total[..., :-width]
        observed[i, ..., width - 1 :], mean[i, ..., width - 1 :] = seen, m
        p[i, ..., width - 1 :] = tail_probability(seen, m, v)
    return DayJudgement(observed, mean, p)


def alarm_threshold(model: Hawkes, *, rate: float, seed: int) -> float:
    """Find the p-value below which a day is an alarm.

    It is found by simulation: in streams that the model itself makes, in which nothing is unusual,
    this threshold raises at most `rate` alarms a year.

    Args:
        model: the self-exciting model of one territory.
        rate: how many false alarms for each territory and year are accepted.
        seed: start of the random numbers of the simulation.

    Returns:
        A p-value; 0 if no threshold has so few false alarms.
    """
    lowest = _lowest(model, seed)
    years = lowest.size / YEAR
    tried = np.sort(lowest[lowest < 0.1])
    low, high = 0, len(tried)
    while low < high:
        middle = (low + high + 1) // 2
        cries = sum(len(spells(path < tried[middle - 1])) for path in lowest)
        low, high = (middle, high) if cries <= rate * years else (low, middle - 1)
    return float(tried[low - 1]) if low else 0.0


def simulated_alarm_rate(model: Hawkes, threshold: float, *, seed: int) -> float:
    """Measure how many false alarms a year a threshold raises on new simulated streams of a model.

    Args:
        model: the self-exciting model of one territory.
        threshold: the p-value below which a day is an alarm.
        seed: start of the random numbers; give another one than to `alarm_threshold`.

    Returns:
        False alarms a year.
    """
    lowest = _lowest(model, seed)
    return sum(len(spells(path < threshold)) for path in lowest) / (lowest.size / YEAR)


def detection_delays(model: Hawkes, threshold: float, *, seed: int) -> Matrix:
    """Measure how soon a burst of incidents raises an alarm, in simulated streams.

    The burst has `BURST_FACTOR` times the incidents expected, for `BURST_DAYS` days.

    Args:
        model: the self-exciting model of one territory.
        threshold: the p-value below which a day is an alarm.
        seed: start of the random numbers of the simulation.

    Returns:
        Days from the start of the burst to the alarm, from 1, shape (streams,); NaN where no
        alarm comes within the burst.
    """
    start, days = 60, 60 + BURST_DAYS
    burst = np.ones(days)
    burst[start:] = BURST_FACTOR
    random = np.random.default_rng(seed)
    made = simulate(model, random, days=days, paths=SIMULATED_PATHS, burst=burst)
    when = np.arange(days, dtype=float)
    found = np.full(len(made), np.nan)
    for i, lowest in enumerate(judge_days(model, made, when).lowest[:, start:]):
        late = np.flatnonzero(lowest < threshold)
        if late.size:
            found[i] = late[0] + 1
    return found


def spells(alarm: np.ndarray) -> list[tuple[int, int]]:
    """Find the first and the last day of each spell of alarms.

    A spell ends when `SPELL` days without an alarm follow.

    Args:
        alarm: shape (T,), whether each day is an alarm.

    Returns:
        The places of the first and the last day of each spell, in their order.

    >>> spells(np.array([1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1], bool))
    [(0, 2), (10, 10)]
    """
    found: list[tuple[int, int]] = []
    for day in np.flatnonzero(alarm).tolist():
        if found and day - found[-1][1] <= SPELL:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _lowest(model: Hawkes, seed: int) -> Matrix:
    """The lowest p-value of each day of made-up streams, shape (paths, days)."""
    random = np.random.default_rng(seed)
    made = simulate(model, random, days=SIMULATED_DAYS, paths=SIMULATED_PATHS)
    when = np.arange(SIMULATED_DAYS, dtype=float)
    return judge_days(model, made, when).lowest


@dataclass
class Stream:
    """This follows one territory's incidents as they come in, in constant time for each of them.

    Call `incident` for each incident, in the order of the days. `close` ends a day and says whether
    it is an alarm. Only the kernels' memory and the last week are kept.
    """

    model: Hawkes
    threshold: float
    day: int
    held: Matrix = field(default_factory=lambda: np.zeros(2))
    today: int = 0
    counts: deque[int] = field(default_factory=lambda: deque(maxlen=max(WINDOWS)))
    foreseen: deque[list[tuple[float, float]]] = field(
        default_factory=lambda: deque(maxlen=max(WINDOWS))
    )

    def incident(self) -> None:
        """Count one more incident today."""
        self.today += 1

    def close(self) -> tuple[float, bool]:
        """End the day, and judge it.

        Returns:
            The day's lowest p-value, and True if it is below the threshold and so an alarm.
        """
        when = np.array([float(self.day)])
        now = [coming_counts(self.model, self.held[:, None], when, width) for width in WINDOWS]
        self.foreseen.append([(float(m[0]), float(v[0])) for m, v in now])
        self.counts.append(self.today)
        lowest = 1.0
        for i, width in enumerate(WINDOWS):
            if len(self.counts) >= width:
                seen = sum(list(self.counts)[-width:])
                mean, variance = self.foreseen[-width][i]
                p = tail_probability(np.array([seen]), np.array([mean]), np.array([variance]))
                lowest = min(lowest, float(p[0]))
        self.held = self.model.fades * (self.held + self.today)
        self.day, self.today = self.day + 1, 0
        return lowest, lowest < self.threshold
