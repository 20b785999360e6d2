"""Evidence: what earlier incidents say of who did this one, as numbers a candidate.

Multi-scale kernel densities in space and time: each earlier involvement of an organisation
counts with exp(-distance / h) * exp(-days / tau), for h of 10, 50 and 200 km and tau of 30, 90
and 365 days (after the near-repeat and self-exciting models of crime and conflict: Mohler et
al. 2011, Self-exciting point process modeling of crime, JASA 106). Only incidents that had
ended before this one began are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from tocsin.assess.attribution.ground import NOBODY, Floats, Ground, Ints

REACH_KM = (10.0, 50.0, 200.0)
MEMORY_DAYS = (30.0, 90.0, 365.0)
LOOK_BACK = 1095
"""Days; an organisation not seen for longer is no candidate, and counts as new if it returns."""
FAR_KM = 2000.0
PSEUDO = 0.05
"""Added to every sum before it becomes a share: an organisation never seen near is possible."""
SUMS = (
    *(f"within {h:.0f} km and {t:.0f} days" for h in REACH_KM for t in MEMORY_DAYS),
    "same kind of event near",
    "same kind of event anywhere",
    "same target near",
    "same target anywhere",
    "same target and kind very near",
    "anywhere in the last months",
    "anywhere in the last year",
    "at the same place",
    "same technology",
)
"""What is summed, an organisation; each enters as the logarithm of its share."""
NEAR, NEAREST, KIND_NEAR, TARGET_NEAR = 4, 0, 9, 11
TARGET = (11, 12, 13)
NOT_TARGET = [name for name in range(len(SUMS)) if name not in TARGET]
"""The sums that look at who was fought, and those that look at the incident only."""
LATELY = 15
EXTRAS = (
    "weight of much evidence near",
    "weight of much evidence very near",
    "days since last seen",
    "distance to its nearest incident of a year",
    "is a government",
    "same kind near, against civilians",
    "near, against civilians",
    "same target near, against a state",
    "near, place imprecise",
    "at large, place imprecise",
)
NEW = (
    "someone new",
    "someone new, against civilians",
    "someone new, between groups",
    "someone new, much evidence near",
    "someone new, many incidents lately",
)
FEATURES = (*SUMS, *EXTRAS, *NEW)


@dataclass(frozen=True)
class ChoiceSet:
    """The k candidates for one incident and the evidence for each; the last row is someone new.

    `features` has shape (k + 1, len(FEATURES)); `sums` (k, len(SUMS)) are before the logarithm.
    `truth` is the row of the organisation that the source names, NOBODY if none.
    """

    ground: Ground
    at: int
    candidates: Ints
    features: Floats
    sums: Floats
    truth: int

    @property
    def day(self) -> float:
        """Return the first day of the incident, as days since 1970."""
        return float(self.ground.start[self.at])


def choice_set(ground: Ground, at: int) -> ChoiceSet:
    """Find the candidates for one incident and the evidence for each, from earlier incidents only.

    Args:
        ground: all incidents, from `ground.grounds`.
        at: the incident's row in the ground.

    Returns:
        The candidates, k of them, and someone new.
    """
    today = ground.start[at]
    past = int(np.searchsorted(ground.until, today, side="left"))
    first = int(np.searchsorted(ground.until, today - LOOK_BACK, side="left"))
    rows = slice(first, past)
    org = ground.org[rows]
    n = len(ground.orgs)
    last = np.full(n, -np.inf)
    last[org] = ground.until[rows]  # in order of time, so that the latest stays
    allowed = np.isfinite(last)
    if ground.kind[at] != 0:  # a state may be the perpetrator in one-sided violence only
        allowed &= ~ground.government
    if ground.other[at] != NOBODY:
        allowed[ground.other[at]] = False
    candidates = np.flatnonzero(allowed)
    lo, hi = np.searchsorted(ground.end[ground.ended], (today - LOOK_BACK, today), side="left")
    whole = slice(int(lo), int(hi))
    apart = ground.distance_km(at, ground.ended[whole])
    days, distance = today - ground.until[rows], apart[ground.position[rows] - int(lo)]
    sums = _sums(ground, at, rows, distance, days)
    sums[:, NOT_TARGET] = _kernels(ground, at, whole, apart)
    sums = sums[candidates]
    nearest = np.full(n, FAR_KM)
    lately = days <= 365
    np.minimum.at(nearest, org[lately], distance[lately])
    unseen = np.asarray((today - last)[candidates], dtype=np.float64)
    features = _features(ground, at, candidates, sums=sums, unseen=unseen, nearest=nearest)
    found = np.flatnonzero(candidates == ground.asked[at])
    truth = (
        NOBODY if ground.asked[at] == NOBODY else int(found[0]) if len(found) else len(candidates)
    )
    return ChoiceSet(ground, at, candidates, features, sums, truth)


def _sums(ground: Ground, at: int, rows: slice, distance: Floats, days: Floats) -> Floats:
    """The sums of `TARGET` for every organisation: shape (organisations, len(SUMS))."""
    n = len(ground.orgs)
    found = np.zeros((n, len(SUMS)))
    same = np.flatnonzero(ground.adversary[rows] == ground.other[at])
    org, event = ground.org[rows][same], ground.event[rows][same]
    weight, near, ago = ground.weight[rows][same], distance[same], days[same]
    half_year = weight * np.exp(-ago / 180.0)
    close = (ground.kind[event] == ground.kind[at]) * weight
    targeted = (
        half_year * np.exp(-near / REACH_KM[1]),
        half_year,
        close * np.exp(-near / 20.0 - ago / 60.0),
    )
    for name, counted in zip(TARGET, targeted, strict=True):
        found[:, name] = np.bincount(org, counted, minlength=n)
    return found


def _kernels(ground: Ground, at: int, whole: slice, distance: Floats) -> Floats:
    """The sums that look at incidents as a whole: shape (organisations, len(NOT_TARGET))."""
    event = ground.ended[whole]
    days = ground.start[at] - ground.end[event]
    reach = [np.exp(-distance / h) for h in REACH_KM]
    memory = [_decay(t)[days.astype(np.int64)] for t in MEMORY_DAYS]
    same_kind = (ground.kind[event] == ground.kind[at]) * _decay(180.0)[days.astype(np.int64)]
    weights = np.empty((len(SUMS) - len(TARGET), len(event)))
    for place, (r, m) in enumerate((r, m) for r in reach for m in memory):
        np.multiply(r, m, out=weights[place])
    np.multiply(same_kind, reach[1], out=weights[9])
    weights[10] = same_kind
    weights[11], weights[12] = memory[1], memory[2]
    np.multiply(distance < 3.0, memory[2], out=weights[13])
    used = np.flatnonzero(ground.technology[at])
    alike = ground.technology[np.ix_(event, used)] @ ground.technology[at][used]
    np.multiply(alike * memory[2], reach[2], out=weights[14])
    return np.asarray((weights @ ground.involved[whole]).T)


@cache
def _decay(memory: float) -> Floats:
    """exp(-days / memory) for whole days up to `LOOK_BACK`."""
    return np.asarray(np.exp(-np.arange(LOOK_BACK + 1) / memory))


def _features(
    ground: Ground, at: int, candidates: Ints, *, sums: Floats, unseen: Floats, nearest: Floats
) -> Floats:
    k, total = len(sums), sums.sum(axis=0)
    share = np.log((sums + PSEUDO) / (total + PSEUDO * (k + 1)))
    much = np.log1p(total)
    civilians, state, groups = (float(ground.kind[at] == kind) for kind in range(3))
    vague = float(ground.imprecise[at])
    extras = np.stack(
        [
            share[:, NEAR] * much[NEAR] * 0.3,
            share[:, NEAREST] * much[NEAREST] * 0.3,
            np.log1p(unseen) / 3.0,
            np.log1p(nearest[candidates]) / 3.0,
            ground.government[candidates].astype(float),
            share[:, KIND_NEAR] * civilians,
            share[:, NEAR] * civilians,
            share[:, TARGET_NEAR] * state,
            share[:, NEAR] * vague,
            share[:, LATELY] * vague,
        ],
        axis=1,
    )
    new = np.array([1.0, civilians, groups, much[8] / 3.0, much[LATELY] / 3.0])
    found = np.zeros((k + 1, len(FEATURES)))
    found[:k, : len(SUMS)] = share
    found[:k, len(SUMS) : len(SUMS) + len(EXTRAS)] = extras
    found[k, len(SUMS) + len(EXTRAS) :] = new
    return found
