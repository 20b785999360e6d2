"""What an alert is worth to someone who pays for acting and suffers from not having acted.

Acting costs C; not acting before an event costs L. The relative economic value of a set of
alerts is 0 for who always does the same, whichever is cheaper, and 1 for who knows the future
(Richardson 2000, Skill and relative economic value of the ECMWF ensemble prediction system,
Quarterly Journal of the Royal Meteorological Society 126).
"""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.data.panel import Matrix

RATIOS = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Cost over loss at which value is told."""
CANDIDATES = np.concatenate([[0.005, 0.01, 0.02, 0.03, 0.04], np.arange(0.05, 0.96, 0.025)])
"""Thresholds among which the best on earlier years is chosen."""
LEAST_EVENTS = 10
LEAST_YEARS = 3
"""Earlier experience without which the operating point is cost over loss, as for a calibrated
forecast it should be."""


def relative_value(alarm: Matrix, event: Matrix, ratio: float) -> float:
    """Compute the economic value of acting on alarms, at one ratio of cost to loss.

    The value is 1 for perfect alarms, and 0 for alarms that are no better than always or never
    acting, whichever is cheaper.

    Args:
        alarm, event: arrays of 0 and 1, of the same shape, in which nothing is unknown.
        ratio: cost of acting over the loss that acting averts, between 0 and 1.

    Returns:
        At most 1; NaN if the event always or never came.

    Source: Richardson (2000), Skill and relative economic value of the ECMWF ensemble prediction
    system, Quarterly Journal of the Royal Meteorological Society 126.

    >>> event = np.array([1.0, 0.0, 0.0, 1.0])
    >>> relative_value(event, event, 0.3), relative_value(np.ones(4), event, 0.3)
    (1.0, 0.0)
    """
    base = float(event.mean()) if event.size else 0.0
    if not 0 < base < 1:
        return float("nan")
    climate = min(ratio, base)
    expense = ratio * float(alarm.mean()) + float(((alarm == 0) & (event == 1)).mean())
    return (climate - expense) / (climate - base * ratio)


def operating_points(
    probability: Matrix, event: Matrix, years: np.ndarray, closed: np.ndarray, *, ratio: float
) -> dict[int, float]:
    """Choose the threshold of each year: cost over loss, or one that was surely cheaper before.

    Args:
        probability, event: what was forecast (0 to 1) and what came (0 or 1), shape (T, N), NaN
            where unknown.
        years: shape (T,), the year that each origin looks into.
        closed: shape (T,), the year in which the last month that it looks into ends.
        ratio: cost over loss, between 0 and 1.

    Returns:
        For each of `years` its threshold, a probability.
    """
    found = {}
    for year in sorted(set(years.tolist())):
        earlier = closed < year
        known = ~np.isnan(probability[earlier]) & ~np.isnan(event[earlier])
        p, y = probability[earlier][known], event[earlier][known]
        when = np.broadcast_to(years[earlier][:, None], known.shape)[known]
        enough = y.sum() >= LEAST_EVENTS and len(set(when.tolist())) >= LEAST_YEARS
        best = cheapest_threshold(p, y, ratio=ratio) if enough else ratio
        found[year] = best if is_surely_cheaper(p, y, when, best, ratio=ratio) else ratio
    return found


def is_surely_cheaper(p: Matrix, y: Matrix, when: np.ndarray, bar: float, *, ratio: float) -> bool:
    """Tell whether a threshold saved more against cost over loss than chance explains.

    The cheapest of many thresholds always looks cheaper on the cases that chose it. Therefore it
    must have saved more than two standard errors of the yearly savings.

    Args:
        p: probabilities of the event, shape (n,).
        y: 1 where it came, 0 where not, shape (n,).
        when: the year of each, shape (n,).
        bar: the threshold that is judged.
        ratio: cost over loss, which is the threshold that it is compared with.

    Returns:
        True if it did. With fewer than `LEAST_YEARS` years the answer is always False.
    """
    saved = ratio * ((p >= ratio) * 1.0 - (p >= bar)) + y * ((p < ratio) * 1.0 - (p < bar))
    years = np.array([saved[when == year].sum() for year in sorted(set(when.tolist()))])
    if len(years) < LEAST_YEARS:
        return False
    return bool(years.mean() > 2 * years.std(ddof=1) / np.sqrt(len(years)))


def cheapest_threshold(p: Matrix, y: Matrix, *, ratio: float) -> float:
    """Find the threshold of least expense.

    Args:
        p: probabilities of the event, shape (n,).
        y: 1 where it came, 0 where not, shape (n,).
        ratio: cost over loss, between 0 and 1.

    Returns:
        One of `CANDIDATES`, or `ratio` where none of them is cheaper.
    """
    tried = np.concatenate([[ratio], CANDIDATES])
    order = np.argsort(p)
    ranked, outcomes = p[order], y[order]
    first = np.searchsorted(ranked, tried, side="left")
    missed = np.concatenate([[0.0], np.cumsum(outcomes)])[first]
    expense = ratio * (len(p) - first) + missed
    return float(tried[int(np.argmin(expense))])
