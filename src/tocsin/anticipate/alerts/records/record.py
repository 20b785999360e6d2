"""The record of a rule, all of it out of sample: hits, misses, false alarms, scores, leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tocsin.anticipate.alerts.records.evidence import Evidence
from tocsin.anticipate.alerts.records.replay import DRAWS
from tocsin.anticipate.alerts.records.value import operating_points, relative_value
from tocsin.anticipate.alerts.rules import ladder
from tocsin.anticipate.data.panel import Matrix, months_between
from tocsin.schema.tables.anticipated.alert import OWN, WHOLE

LEAST_CASES = 50
LEAST_EVENTS = 5
"""Less than this is no record, and no level is shown."""


@dataclass(frozen=True)
class LadderWalk:
    """This holds the levels on which a rule would have stood at each past origin.

    `levels` (places in `ladder.LEVELS`) and `held` (steps on that level) are of shape (T origins,
    N territories); `thresholds`, of shape (T,), are the probabilities from which an alert counts
    as raised; `final` is the ladder at the last origin.
    """

    evidence: Evidence
    thresholds: Matrix
    levels: ladder.Levels
    held: ladder.Levels
    final: ladder.Ladder

    @property
    def alarm(self) -> Matrix:
        """This is 1 where an alert was raised and 0 elsewhere, shape (T, N)."""
        return (self.levels >= ladder.ALARM).astype(float)


def walk_ladder(evidence: Evidence) -> LadderWalk:
    """Walk the ladder of a rule through all past origins.

    At each origin the thresholds are those that could be known then: the rule's own probability,
    or the operating point chosen on earlier years (`value.operating_points`).

    Args:
        evidence: the evidence on one rule, with at least one origin.

    Returns:
        The levels, the steps held and the thresholds at all origins.
    """
    rule = evidence.rule
    dwell = max(1, -(-rule.dwell // origin_step(evidence)))
    if rule.probability is not None:
        points = dict.fromkeys(evidence.years.tolist(), rule.probability)
    else:
        points = operating_points(
            evidence.probability,
            evidence.event,
            evidence.years,
            evidence.closed,
            ratio=rule.ratio,
        )
    ladders = {
        year: ladder.make_ladder(p, hysteresis=rule.hysteresis, dwell=dwell, given=rule.levels)
        for year, p in points.items()
    }
    years = evidence.years.tolist()
    levels, held = ladder.walk([ladders[year] for year in years], evidence.probability)
    thresholds = np.array([points[year] for year in years])
    return LadderWalk(evidence, thresholds, levels, held, ladders[years[-1]])


def record_rows(done: LadderWalk, own: Sequence[int] = ()) -> list[dict[str, Any]]:
    """Make the rows of the table `alert_record` for one rule.

    Args:
        done: the rule's ladder, walked through all origins.
        own: Gleditsch-Ward numbers of the territories that also have a record of their own.

    Returns:
        One row for all years and territories together (`window` 'all'), one for all years of the
        own territories (`window` 'own') where they are others, then one row for each year in which
        the outcome of an origin is known. A row tells the hits and misses, the Brier score and the
        logarithmic score in bits (lower is better) beside those of the reference, the economic
        value, and how many months before an event the rule warned.

    Source: Brier (1950), Monthly Weather Review 78, for the Brier score; the value is that of
    `value.relative_value`.
    """
    evidence = done.evidence
    known = ~np.isnan(evidence.probability) & ~np.isnan(evidence.event)
    years, every = evidence.years, np.ones(known.shape, bool)
    here = every & np.isin(evidence.gwnos, list(own))
    windows = {WHOLE: every} | ({OWN: here} if here.any() and not here.all() else {})
    windows |= {str(year): (years == year)[:, None] & every for year in sorted(set(years.tolist()))}
    spells = list(episodes(done))
    found = []
    for window, wanted in windows.items():
        chosen = known & wanted
        if not chosen.any():
            continue
        mine = [lead for when, unit, lead in spells if wanted[when, unit]]
        threshold = done.thresholds[np.flatnonzero(chosen.any(axis=1))[-1]]
        found.append(
            {"window": window, "threshold": float(threshold)}
            | _contingency(done.alarm[chosen], evidence.event[chosen])
            | _scores(evidence, chosen)
            | {"value": _own_value(done, chosen)}
            | _lead_times(mine)
        )
    return found


def has_record(done: LadderWalk) -> bool:
    """Tell whether a rule has enough past cases for a record; if not, no level of it is shown.

    Args:
        done: the rule's ladder, walked through all origins.

    Returns:
        True with at least `LEAST_CASES` origins and territories of known outcome, at least
        `LEAST_EVENTS` of them events.
    """
    known = ~np.isnan(done.evidence.probability) & ~np.isnan(done.evidence.event)
    events = float(done.evidence.event[known].sum())
    return int(known.sum()) >= LEAST_CASES and events >= LEAST_EVENTS


def _contingency(alarm: Matrix, event: Matrix) -> dict[str, Any]:
    return {
        "n": int(event.size),
        "events": int(event.sum()),
        "base_rate": float(event.mean()),
        "hits": int(((alarm == 1) & (event == 1)).sum()),
        "misses": int(((alarm == 0) & (event == 1)).sum()),
        "false_alarms": int(((alarm == 1) & (event == 0)).sum()),
        "correct_silences": int(((alarm == 0) & (event == 0)).sum()),
    }


def _scores(evidence: Evidence, chosen: np.ndarray) -> dict[str, Any]:
    p, y = evidence.probability[chosen], evidence.event[chosen]
    reference = evidence.reference[chosen]
    return {
        "brier": float(((p - y) ** 2).mean()),
        "brier_reference": float(((reference - y) ** 2).mean()),
        "log_score": _bits(p, y),
        "log_reference": _bits(reference, y),
    }


def _bits(p: Matrix, y: Matrix) -> float:
    """Mean surprise in bits; a probability of draws is never quite 0 or 1."""
    sure = (p * DRAWS + 0.5) / (DRAWS + 1)
    return float(-np.log2(np.where(y == 1, sure, 1 - sure)).mean())


def _own_value(done: LadderWalk, chosen: np.ndarray) -> float | None:
    rule = done.evidence.rule
    found = relative_value(done.alarm[chosen], done.evidence.event[chosen], rule.ratio)
    return None if np.isnan(found) else found


def episodes(done: LadderWalk) -> list[tuple[int, int, int]]:
    """Find each spell of events, and how long before it the rule warned.

    A spell is an unbroken run of origins whose months ahead hold the event, so the event
    itself comes within `within` months of the spell's first origin. The lead is how many
    origins' months before the event's latest possible month an alert was up and stayed up;
    0 if none was up while it could have helped. At most `within` months are credited.

    Args:
        done: the rule's ladder, walked through all origins.

    Returns:
        For each spell the origin at which it first came into sight and its territory (places in
        the evidence), and its lead time in months.
    """
    evidence = done.evidence
    event, alarm, months = np.nan_to_num(evidence.event), done.alarm, origin_step(evidence)
    within = evidence.rule.within
    width = max(1, within // months)
    found = []
    for unit in range(event.shape[1]):
        column = event[:, unit]
        begins = np.flatnonzero((column[1:] == 1) & (column[:-1] == 0)) + 1
        for begin in begins.tolist():
            sight = alarm[begin : begin + width, unit]
            seen = np.flatnonzero(sight == 1)
            lead = within - int(seen[0]) * months if seen.size else 0
            found.append((begin, unit, lead))
    return found


def _lead_times(leads: list[int]) -> dict[str, Any]:
    warned = [lead for lead in leads if lead > 0]
    return {
        "episodes": len(leads),
        "warned": len(warned),
        "lead_median": float(np.median(warned)) if warned else None,
    }


def origin_step(evidence: Evidence) -> int:
    """Compute how many months lie between two origins of the evidence; 1 if there is one origin.

    Args:
        evidence: the evidence on one rule; its origins have equal distances.
    """
    when = evidence.origins
    return months_between(when[0], when[1]) if len(when) > 1 else 1
