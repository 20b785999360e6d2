"""What each kind of rule asks of a forecast, and of the truth.

A trigger gives two things for every territory at one origin: the probability that the rule's
event comes within its months, and whether it came. Both are NaN where the rule does not apply
(an onset where there is war) or where nothing is known.
"""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.alerts.rules.declared import Rule
from tocsin.anticipate.data.panel import Matrix, Panel

FACTOR = 2.0
"""What a doubling is."""


def probability(rule: Rule, known: Panel, draws: Matrix) -> Matrix:
    """Compute the probability of a rule's event in each unit, by the forecast.

    Args:
        rule: a rule about deaths.
        known: the history up to the origin, N units.
        draws: deaths a month, shape (N, H, S), H at least `rule.within`; each draw is one course
            of events over the months.

    Returns:
        Shape (N,): the share of draws in which the event comes; NaN where the rule does not apply
        or nothing was forecast.
    """
    total = draws[:, : rule.within].sum(axis=1)
    least = deaths_needed(rule, known.deaths)[:, None]
    chance = np.asarray((total >= least).mean(axis=1), dtype=np.float64)
    silent = np.isnan(total).any(axis=1) | np.isnan(least[:, 0])
    return np.where(silent, np.nan, chance)


def outcome(rule: Rule, deaths: Matrix, column: int) -> Matrix:
    """Tell whether a rule's event came in the months after an origin.

    Args:
        rule: a rule about deaths.
        deaths: the whole history, shape (N, T), NaN where unknown.
        column: the column of the origin; the `rule.within` columns after it are the truth.

    Returns:
        Shape (N,): 1 where the event came, 0 where not; NaN where the rule does not apply, or a
        month is unknown or not over.
    """
    ahead = deaths[:, column + 1 : column + 1 + rule.within]
    if ahead.shape[1] < rule.within:
        return np.full(len(deaths), np.nan)
    total = ahead.sum(axis=1)
    least = deaths_needed(rule, deaths[:, : column + 1])
    return np.where(np.isnan(total) | np.isnan(least), np.nan, total >= least)


def deaths_needed(rule: Rule, past: Matrix) -> Matrix:
    """Compute how many deaths within its months make a rule's event.

    Args:
        rule: a rule about deaths.
        past: deaths up to the origin, shape (N, T).

    Returns:
        Deaths, shape (N,); NaN where the rule does not apply (an onset without quiet months
        before).
    """
    least = np.full(len(past), float(rule.deaths))
    if rule.kind == "doubling":
        doubled: Matrix = FACTOR * past[:, -rule.within :].sum(axis=1)
        return np.maximum(doubled, rule.deaths)
    if rule.kind == "onset":
        before = past[:, -rule.quiet :]
        quiet = (before.shape[1] == rule.quiet) & (before.sum(axis=1) == 0)
        return np.where(quiet, least, np.nan)
    return least
