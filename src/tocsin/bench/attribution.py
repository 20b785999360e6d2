"""Measure: perpetrators masked in real incidents, predicted from what came before.

In each of five folds a fifth of all incidents loses its perpetrator; nothing that the fold
masks is in the history that it predicts from. The model is fitted anew for every half-year
of the period, on unmasked incidents that began before it. Names, dyads, headlines and the
identity of the masked side are never looked at; kind of event, target, place, days, precision
and technology tags are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.assess.actors.sides import armed_sides, questioned_sides
from tocsin.assess.attribution.choices import LOOK_BACK, ChoiceSet, choice_set
from tocsin.assess.attribution.ground import NOBODY, Bools, Floats, Ground, grounds
from tocsin.assess.attribution.model import fit

FOLDS = 5
STEP_DAYS = 182
VALIDATION_FROM, TEST_FROM = 0.60, 0.75
"""Shares of a territory's incidents, in order of time, where validation and test begin."""
BASE_KM, BASE_DAYS = 50.0, 90.0
BINS = 10

Period = tuple[float, float]


@dataclass(frozen=True)
class Answer:
    """The prediction for one masked incident, and who it was."""

    gwno: int
    incident_id: str
    probabilities: Floats
    baseline: Floats
    baseline_kind: Floats
    truth: int


def fold_of(incident_id: str) -> int:
    """Return which of the five folds masks an incident, from a digest of its id."""
    return int(hashlib.sha256(f"fold:{incident_id}".encode()).hexdigest()[:8], 16) % FOLDS


def predict_masked(
    incidents: pl.DataFrame,
    actors: pl.DataFrame,
    tags: pl.DataFrame,
    *,
    part: str = "test",
    folds: int = FOLDS,
    say: Callable[[str], None] = lambda _words: None,
) -> list[Answer]:
    """Predict the masked perpetrators of a period from what came before.

    Args:
        incidents: the table `incidents`.
        actors: the table `actors`.
        tags: `incident_id, technology, probability`.
        part: 'validation' (to choose anything on) or 'test' (once).
        folds: how many of the five folds to run.
        say: told what goes on.

    Returns:
        One answer a masked incident.
    """
    sides = armed_sides(incidents, actors)
    asked = questioned_sides(incidents, sides)
    found: list[Answer] = []
    for fold in range(folds):
        say(f"fold {fold + 1} of {folds}")
        hidden = frozenset(one for one in incidents["incident_id"] if fold_of(one) == fold)
        whole = list(grounds(incidents, sides, asked, tags, hidden=hidden))
        found += _fold(whole, hidden, part)
    return found


def _fold(whole: list[Ground], hidden: frozenset[str], part: str) -> list[Answer]:
    period = {ground.gwno: _period(ground, part) for ground in whole}
    until = max(end for _, end in period.values())
    training: list[ChoiceSet] = []
    masked: list[ChoiceSet] = []
    for ground in whole:
        start, end = period[ground.gwno]
        for at, incident in enumerate(ground.ids):
            if ground.asked[at] == NOBODY or ground.start[at] >= until:
                continue
            if incident not in hidden:
                training.append(choice_set(ground, at))
            elif start <= ground.start[at] < end:
                masked.append(choice_set(ground, at))
    strength = _strength(training, period)
    found: list[Answer] = []
    weights = None
    for begin in np.arange(min(s for s, _ in period.values()), until, STEP_DAYS):
        block = [one for one in masked if begin <= one.day < begin + STEP_DAYS]
        if not block:
            continue
        model = fit([one for one in training if one.day < begin], weights)
        weights = model.weights
        found += [
            Answer(
                one.ground.gwno,
                one.ground.ids[one.at],
                model.probabilities(one),
                local_majority(one, strength[0], same_kind=False),
                local_majority(one, strength[1], same_kind=True),
                one.truth,
            )
            for one in block
        ]
    return found


def _period(ground: Ground, part: str) -> Period:
    days = ground.start
    first, second = days[int(len(days) * VALIDATION_FROM)], days[int(len(days) * TEST_FROM)]
    return (first, second) if part == "validation" else (second, days[-1] + 1.0)


def local_majority(one: ChoiceSet, strength: float, *, same_kind: bool) -> Floats:
    """Predict as the peer does: by shares among involvements within 50 km and 90 days, smoothed.

    Args:
        one: the case.
        strength: how many incidents the country-wide shares of three years weigh; set on
            earlier cases, so that the baseline's log score is as good as it can be.
        same_kind: count only incidents of the same kind of event (a stronger peer).

    Returns:
        Shape (k + 1,): probabilities of the same candidates, someone new last.
    """
    ground, today = one.ground, one.ground.start[one.at]
    past = int(np.searchsorted(ground.until, today, side="left"))
    first = int(np.searchsorted(ground.until, today - LOOK_BACK, side="left"))
    rows = slice(first, past)
    org, event, weight = ground.org[rows], ground.event[rows], ground.weight[rows]
    near = (ground.distance_km(one.at, event) <= BASE_KM) & (
        today - ground.until[rows] <= BASE_DAYS
    )
    if same_kind:
        near &= ground.kind[event] == ground.kind[one.at]
    n = len(ground.orgs)
    here = np.append(np.bincount(org, near * weight, minlength=n)[one.candidates], 0.0)
    at_large = np.append(np.bincount(org, weight, minlength=n)[one.candidates], 1.0)
    shares = here + strength * at_large / at_large.sum()
    return np.asarray(shares / shares.sum())


def _strength(training: list[ChoiceSet], period: dict[int, Period]) -> tuple[float, float]:
    """The baseline's smoothing, each peer's best on known cases before the period."""
    earlier = [one for one in training if one.day < period[one.ground.gwno][0]][-2000:]
    best = []
    for same_kind in (False, True):
        losses = {
            strength: -np.mean(
                [np.log(local_majority(c, strength, same_kind=same_kind)[c.truth]) for c in earlier]
            )
            for strength in (0.1, 0.3, 1.0, 3.0, 10.0)
        }
        best.append(min(losses, key=lambda one: losses[one]))
    return best[0], best[1]


def scores(answers: list[Answer], which: str = "probabilities") -> dict[str, float]:
    """Compute log score, top-1 accuracy and expected calibration errors of predictions.

    Args:
        answers: from `predict_masked`.
        which: 'probabilities', 'baseline' or 'baseline_kind'.

    Returns:
        `n`; `log_score` (mean negative log probability of the truth, nats); `top_1`;
        `ece_top` (confidence of the first candidate against how often it is right, ten bins
        of equal width, Naeini et al. 2015); `ece_class` (every candidate of every incident,
        its probability against how often it is true, the same bins, weighed by the sum of
        probability in them); `brier` (sum over candidates).
    """
    p = [np.asarray(getattr(one, which)) for one in answers]
    truth = [one.truth for one in answers]
    sure = np.array([one.max() for one in p])
    right = np.array([one.argmax() == true for one, true in zip(p, truth, strict=True)])
    every = np.concatenate(p)
    true = np.concatenate([np.arange(len(q)) == t for q, t in zip(p, truth, strict=True)])
    chance = np.array([q[t] for q, t in zip(p, truth, strict=True)])
    return {
        "n": float(len(answers)),
        "log_score": float(-np.log(chance).mean()),
        "top_1": float(right.mean()),
        "ece_top": calibration_error(sure, right, np.ones(len(sure))),
        "ece_class": calibration_error(every, true, every),
        "brier": float(
            np.mean(
                [((q - (np.arange(len(q)) == t)) ** 2).sum() for q, t in zip(p, truth, strict=True)]
            )
        ),
    }


def calibration_error(p: Floats, true: Bools, weight: Floats) -> float:
    """Compute the expected calibration error (Naeini and others 2015) in bins of equal width.

    Args:
        p: shape (n,), probabilities.
        true: shape (n,), whether each came true.
        weight: shape (n,), how much each counts.

    Returns:
        The weighed mean over bins of |mean probability - share true|.
    """
    return float(sum(gap * share for gap, share in _bins(p, true, weight)))


def _bins(p: Floats, true: Bools, weight: Floats) -> Iterator[tuple[float, float]]:
    number = np.minimum((p * BINS).astype(int), BINS - 1)
    for one in range(BINS):
        inside = number == one
        if inside.any():
            yield (
                abs(float(p[inside].mean()) - float(true[inside].mean())),
                float(weight[inside].sum() / weight.sum()),
            )
