"""How often a rule would have been met, year by year in each territory: what a fund asks first.

An activation is a spell of alarm: an alert that is raised and stays up. Money that is released by
a trigger is asked for once a spell, so here spells are counted, where the record counts months.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tocsin.anticipate.alerts.records.record import LadderWalk, episodes


def activation_rows(done: LadderWalk, own: Sequence[int]) -> list[dict[str, Any]]:
    """Make the rows of the table `alert_activations` for one rule.

    Args:
        done: the rule's ladder, walked through all origins.
        own: Gleditsch-Ward numbers of the territories that are told of.

    Returns:
        A row for each of these territories and each year in which the outcome of an origin is
        known: the origins, those at which an alert was up, the spells of alarm that began and
        those of them during which no event came, the spells of events that began (shocks) and
        those of them before which an alert was up. A spell counts in the year in which it begins;
        one that is there at the first origin began at a time that nobody watched, and counts in no
        year, whether it is of alarm or of events.
    """
    evidence, years = done.evidence, done.evidence.years
    known = ~np.isnan(evidence.probability) & ~np.isnan(evidence.event)
    shocks = list(episodes(done))
    found = []
    for unit, gwno in enumerate(evidence.gwnos):
        if gwno not in own:
            continue
        alarm = (done.alarm[:, unit] == 1) & known[:, unit]
        spells = _spells(alarm)
        event = np.nan_to_num(evidence.event[:, unit]) == 1
        for year in sorted(set(years[known[:, unit]].tolist())):
            began = [(first, last) for first, last in spells if first and years[first] == year]
            came = [lead for when, where, lead in shocks if where == unit and years[when] == year]
            found.append(
                {
                    "territory": evidence.territories[unit],
                    "gwno": gwno,
                    "year": int(year),
                    "origins": int((known[:, unit] & (years == year)).sum()),
                    "raised": int((alarm & (years == year)).sum()),
                    "activations": len(began),
                    "in_vain": sum(not event[first:last].any() for first, last in began),
                    "shocks": len(came),
                    "caught": sum(lead > 0 for lead in came),
                }
            )
    return found


def _spells(alarm: np.ndarray) -> list[tuple[int, int]]:
    """Unbroken runs of alarm: their first origin and the one after their last."""
    edges = np.diff(np.concatenate([[0], alarm.astype(int), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return list(zip(starts.tolist(), ends.tolist(), strict=True))
