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
    """Chance of the event in each territory.

    Args:
        known: history to the origin, N units.
        draws: shape (N, H, S), H at least `rule.within`, each draw one course of events.
    """
    total = draws[:, : rule.within].sum(axis=1)
    least = deaths_needed(rule, known.deaths)[:, None]
    chance = np.asarray((total >= least).mean(axis=1), dtype=np.float64)
    silent = np.isnan(total).any(axis=1) | np.isnan(least[:, 0])
    return np.where(silent, np.nan, chance)


def outcome(rule: Rule, deaths: Matrix, column: int) -> Matrix:
    """1 where the event came within the months after a column of `deaths`, 0 where not.

    Args:
        deaths: shape (N, T), the whole history.
        column: the origin; what lies after it is the truth.
    """
    ahead = deaths[:, column + 1 : column + 1 + rule.within]
    if ahead.shape[1] < rule.within:
        return np.full(len(deaths), np.nan)
    total = ahead.sum(axis=1)
    least = deaths_needed(rule, deaths[:, : column + 1])
    return np.where(np.isnan(total) | np.isnan(least), np.nan, total >= least)


def deaths_needed(rule: Rule, past: Matrix) -> Matrix:
    """Deaths that make the event, by territory; NaN where the rule does not apply."""
    least = np.full(len(past), float(rule.deaths))
    if rule.kind == "doubling":
        doubled: Matrix = FACTOR * past[:, -rule.within :].sum(axis=1)
        return np.maximum(doubled, rule.deaths)
    if rule.kind == "onset":
        before = past[:, -rule.quiet :]
        quiet = (before.shape[1] == rule.quiet) & (before.sum(axis=1) == 0)
        return np.where(quiet, least, np.nan)
    return least
