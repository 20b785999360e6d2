"""One answer: evidence first, then voices and claims beside it, then what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from tocsin.assess.attribution.choices import FEATURES, LOOK_BACK, ChoiceSet
from tocsin.assess.attribution.claims import Weighed, apply_factors
from tocsin.assess.attribution.ground import NOBODY, Floats
from tocsin.assess.attribution.model import Model
from tocsin.base.display.quantity import quantity

SOMEONE_NEW = "someone new"
UNKNOWN = "unknown"
NAMED_AT_ALL = 0.02
"""A candidate under this, of whom nobody speaks, is not listed: all of them are 'unknown'."""
VOICE = 10.0
"""How far one wholly reliable source that names an organisation moves its odds; at most
`VOICES` for all sources, and only where sources contradict each other."""
VOICES = 50.0
NEWCOMER = 0.5
"""Share of 'someone new' that goes to organisations which are named but were never seen here."""
SUREST = 0.95
"""The evidence on one organisation counts as at most so sure, where another is suspected."""
SUPPORT = 3
"""Earlier incidents shown for a candidate."""


@dataclass(frozen=True)
class Question:
    """One incident that names nobody, or only suspects, or is contested, and what is said of it."""

    incident_id: str
    side: str
    why: str
    claims: Mapping[str, Weighed] = field(default_factory=dict)
    voices: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    suspect: str | None = None
    suspicion: Mapping[str, float] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def with_claim(self, who: str, weighed: Weighed) -> Question:
        """Add to the question what is claimed of one organisation.

        Args:
            who: the organisation's id.
            weighed: the weight of the claims, from `claims.weigh`.

        Returns:
            A new question; this one is not changed.
        """
        return replace(self, claims={**self.claims, who: weighed})

    def with_voice(self, who: str, actor: str, source: str, trust: float) -> Question:
        """Add to the question one more source that names an organisation.

        Args:
            who: the organisation's id.
            actor: its name as the source writes it.
            source: the source.
            trust: how reliable the source is, in [0, 1].

        Returns:
            A new question; this one is not changed.
        """
        heard = {**self.voices.get(who, {}), source: trust}
        return replace(self, voices={**self.voices, who: heard}, names={**self.names, who: actor})

    def with_suspect(self, who: str, actor: str, suspicion: Mapping[str, float]) -> Question:
        """Say in the question whom its reports suspect.

        Args:
            who: the organisation's id.
            actor: its name.
            suspicion: `share`, how probably a suspicion is right, and of how many others it was
                `seen` how many were `right`.

        Returns:
            A new question; this one is not changed.
        """
        names = {**self.names, who: actor}
        return replace(self, suspect=who, suspicion=suspicion, names=names)


@dataclass(frozen=True)
class Found:
    """One candidate of an answer, with its probability and the reasons for it."""

    answer: str
    actor_id: str | None
    actor: str | None
    probability: float
    evidence_only: float
    claims_factor: float
    reasons: dict[str, Any]


def answer(one: ChoiceSet, model: Model, question: Question) -> list[Found]:
    """Say who may have done one incident: the candidates, the most probable first.

    Args:
        one: the incident's candidates with the evidence for each.
        model: the fitted model.
        question: what is asked, with the claims and voices that speak of the incident.

    Returns:
        The candidates; their probabilities sum to 1. 'unknown' holds what too little history
        leaves open, and every candidate so improbable that naming it would say nothing. Where
        the evidence is flat, all of the probability goes there.
    """
    prior = _evidence(one, model)
    if question.suspect is not None and one.ground.asked[one.at] != NOBODY:
        # Its name may be held to be another organisation's: the side keeps its own.
        held = one.ground.orgs[one.ground.asked[one.at]]
        prior[question.suspect] = prior.pop(held, 0.0) + (
            prior.get(question.suspect, 0.0) if held != question.suspect else 0.0
        )
    told = sum(prior.values())
    evidence = apply_factors(_with_newcomers(prior, question), _voices(question))
    factors = {who: weighed.factor for who, weighed in question.claims.items()}
    whole = evidence
    if question.suspect is not None:
        whole = _with_suspicion(evidence, question.suspect, question.suspicion["share"])
        evidence = {question.suspect: 0.0, **evidence}
    suspected = sum(whole.values())
    whole = apply_factors(whole, factors)
    spoken_of = {*question.claims, *question.voices, question.suspect}
    named = [
        who
        for who in sorted(whole, key=lambda who: (-whole[who], who))
        if who != SOMEONE_NEW
        and (who in spoken_of or max(whole[who], evidence[who]) >= NAMED_AT_ALL)
    ]
    found = [
        Found(
            "actor", who, _name(one, question, who), whole[who], evidence[who],
            factors.get(who, 1.0), _reasons(one, model, question, who),
        )
        for who in named
    ]  # fmt: skip
    rest = [who for who in whole if who not in {*named, SOMEONE_NEW}]
    new = Found(
        SOMEONE_NEW, None, None, whole[SOMEONE_NEW], evidence[SOMEONE_NEW], 1.0,
        {"rest": "not seen in this territory in the last three years"},
    )  # fmt: skip
    tail, tail_evidence = sum(whole[who] for who in rest), sum(evidence[who] for who in rest)
    unknown = Found(
        UNKNOWN, None, None, 1 - suspected + tail, 1 - told + tail_evidence, 1.0,
        {"rest": f"{quantity(len(rest), 'organisation')} under {NAMED_AT_ALL:.0%} each"},
    )  # fmt: skip
    return [*found, new, unknown]


def _evidence(one: ChoiceSet, model: Model) -> dict[str, float]:
    """Probability of each candidate; with little history, less than 1 in all."""
    ground, today = one.ground, one.ground.start[one.at]
    past = np.searchsorted(ground.until, (today - LOOK_BACK, today), side="left")
    seen = float(ground.weight[past[0] : past[1]].sum())
    told = seen / (seen + 1.0)
    p = model.probabilities(one) * told
    found = {ground.orgs[org]: float(p[row]) for row, org in enumerate(one.candidates)}
    return found | {SOMEONE_NEW: float(p[-1])}


def _with_newcomers(prior: Mapping[str, float], question: Question) -> dict[str, float]:
    """Give named organisations that were never seen here a share of 'someone new'."""
    spoken = {*question.voices, *(w for w, c in question.claims.items() if c.factor > 1)}
    unseen = sorted(spoken - set(prior))
    found = dict(prior)
    for who in unseen:
        found[who] = prior[SOMEONE_NEW] * NEWCOMER / len(unseen)
    if unseen:
        found[SOMEONE_NEW] = prior[SOMEONE_NEW] * (1 - NEWCOMER)
    return found


def _with_suspicion(evidence: Mapping[str, float], who: str, share: float) -> dict[str, float]:
    """Move what the evidence says by a suspicion that is right with this probability (Bayes' rule).

    If it is wrong it names another, whom the evidence makes probable: who suspects looks at what
    was there before as well. So a suspicion counts less where the evidence points at another, and
    as its probability where the evidence points at nobody. What cannot be told, and someone new,
    are many, each of them improbable.
    """
    wrong = {
        one: (1 - share) * p / (1 if one == SOMEONE_NEW else max(1 - p, 1 - SUREST))
        for one, p in evidence.items()
        if one != who
    }
    unknown = (1 - share) * (1 - sum(evidence.values()))
    total = share + unknown + sum(wrong.values())
    return {one: p / total for one, p in {who: share, **wrong}.items()}


def _voices(question: Question) -> dict[str, float]:
    return {
        who: min(VOICES, float(VOICE ** sum(sources.values())))
        for who, sources in question.voices.items()
    }


def _name(one: ChoiceSet, question: Question, who: str) -> str:
    if who in one.ground.orgs:
        return one.ground.names[one.ground.orgs.index(who)]
    return question.names.get(who, who)


def _reasons(one: ChoiceSet, model: Model, question: Question, who: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if who in one.ground.orgs:
        org = one.ground.orgs.index(who)
        rows = np.flatnonzero(one.candidates == org)
        if len(rows):
            found["support"] = _support(one, org)
            found["for and against"] = _contributions(one, model, int(rows[0]))
    if who in question.voices:
        found["named by"] = sorted(question.voices[who])
    if who == question.suspect:
        found["suspicion"] = dict(question.suspicion)
    if who in question.claims:
        found["claims"] = list(question.claims[who].words)
    return found


def _support(one: ChoiceSet, org: int) -> list[dict[str, Any]]:
    """The earlier incidents of an organisation that weigh most: near, and not long ago."""
    ground = one.ground
    past = int(np.searchsorted(ground.until, ground.start[one.at], side="left"))
    mine = np.flatnonzero(ground.org[:past] == org)
    events = ground.event[mine]
    distance = ground.distance_km(one.at, events)
    days = ground.start[one.at] - ground.until[mine]
    weight = np.exp(-distance / 50.0 - days / 90.0) * ground.weight[mine]
    best = np.lexsort((events, -weight))[:SUPPORT]
    return [
        {
            "incident_id": ground.ids[events[at]],
            "date": (
                date(1970, 1, 1) + timedelta(days=float(ground.start[events[at]]))
            ).isoformat(),
            "km": round(float(distance[at]), 1),
            "days": int(days[at]),
        }
        for at in best
    ]


def _contributions(one: ChoiceSet, model: Model, row: int) -> dict[str, float]:
    """What sets a candidate apart from the average one: log odds by feature, largest first."""
    p = model.probabilities(one)
    apart: Floats = (one.features[row] - p @ one.features) * model.weights / model.temperature
    order = np.argsort(-np.abs(apart), kind="stable")[:4]
    return {FEATURES[at]: round(float(apart[at]), 2) for at in order if abs(apart[at]) >= 0.05}
