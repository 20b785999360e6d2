"""Attribution: for each incident with no or a contested perpetrator, a probability per actor.

Beside the organisations stand 'someone new' (not seen before in the territory) and 'unknown'
(it cannot be told). Evidence and claims are kept apart: a reader sees both numbers.
docs/methods/attribution.md says how to read them, and how well they are calibrated.

>>> from tocsin.assess.attribution.claims import apply_factors
>>> apply_factors({"one": 0.6, "other": 0.4}, {})
{'one': 0.6, 'other': 0.4}
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import polars as pl

from tocsin.assess.actors import organisations
from tocsin.assess.actors.sides import armed_sides, contested_sides, questioned_sides
from tocsin.assess.actors.suspects import Suspects, find_suspects
from tocsin.assess.attribution.answer import Question, answer
from tocsin.assess.attribution.choices import ChoiceSet, choice_set
from tocsin.assess.attribution.claims import Weighed, trust, weigh
from tocsin.assess.attribution.ground import NOBODY, Ground, grounds
from tocsin.assess.attribution.model import AT_MOST, Model, fit
from tocsin.base.display.quantity import quantity
from tocsin.errors import require
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.tables.assessed.attribution import SUSPECTED

__all__ = ["attribute"]

Tables = Mapping[str, pl.DataFrame]


def attribute(
    tables: Tables,
    tags: pl.DataFrame,
    *,
    reliability: Mapping[str, float] | None = None,
    suspects: Suspects | None = None,
) -> pl.DataFrame:
    """Say who may have done it, for every incident that does not say.

    A side of which no report speaks without a doubt is asked for too, beside its suspect.

    Args:
        tables: `incidents`, `incident_reports`, `reports`, `claims`, `actors`, `actor_names`
            and `actor_links`; `corrections`, where it is known which names were doubted.
        tags: `incident_id, technology, probability`.
        reliability: producer to its reliability in [0, 1], for claims and for reports that
            contradict each other. Default: 0.7 for each.
        suspects: of `actors.suspects.find_suspects`; default: found by these tables.

    Returns:
        The table `attributions`. Empty, and at once, if every incident names its perpetrator.

    Raises:
        MissingExtra: there is something to attribute and the extra `assess` is not installed.
    """
    incidents = tables["incidents"]
    sides = armed_sides(incidents, tables["actors"])
    reported = tables["reports"], tables["incident_reports"], tables["actors"]
    suspects = find_suspects(tables) if suspects is None else suspects
    asked = _ask_for(suspects, questioned_sides(incidents, sides))
    split = contested_sides(*reported)
    if not _questions(asked, split, suspects):
        return empty(TABLES["attributions"])
    used = _names_in_use(incidents, sides, split)
    same = organisations(tables["actor_names"], tables["actor_links"], used)
    split = contested_sides(*reported, same)
    questions = _questions(asked, split, suspects)
    claims, split = _weigh_once(suspects, tables["claims"], split)
    told = weigh(claims, tables["incident_reports"], tables["reports"], reliability)
    spoken = _add_claims(questions, told, split, reliability or {})
    # Sums of many threads are added in another order, and the last bits differ.
    with require("threadpoolctl", extra="assess").threadpool_limits(1, user_api="blas"):
        # A suspicion is no evidence for the next one: else a log that suspects one is soon sure.
        hidden = frozenset(questions)
        whole = list(grounds(incidents, sides, asked, tags, hidden=hidden, same=same))
        model = fit(_training(whole, hidden))
        rows = [
            row
            for ground in whole
            for at, incident in enumerate(ground.ids)
            if incident in questions
            for row in _rows(choice_set(ground, at), model, spoken[incident])
        ]
    table = TABLES["attributions"]
    return conform(table, pl.DataFrame(rows, schema=empty(table).schema))


def _weigh_once(
    suspects: Suspects, claims: pl.DataFrame, split: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The claims without suspicions, which are weighed as such, and how sure each voice is."""
    doubted = suspects.doubted.select("report_id").unique().with_columns(sure=suspects.share)
    accused = doubted.select("report_id", stance=pl.lit("accused"))
    told = claims.join(accused, on=["report_id", "stance"], how="anti", maintain_order="left")
    voices = split.join(doubted, on="report_id", how="left", maintain_order="left")
    return told, voices.with_columns(pl.col("sure").fill_null(1.0))


def _ask_for(suspects: Suspects, asked: pl.DataFrame) -> pl.DataFrame:
    """Ask for the suspected side where the other one, which is known, was to be asked for."""
    twice = suspects.sides.filter(pl.len().over("incident_id") > 1)["incident_id"].unique()
    named = asked.filter(pl.col("actor_id").is_not_null())
    one = suspects.sides.filter(~pl.col("incident_id").is_in(twice.implode())).join(
        named, on="incident_id", how="semi"
    )
    both = asked.join(one, on="incident_id", how="left", maintain_order="left", suffix="_suspect")
    return both.select(
        "incident_id",
        *(pl.coalesce(f"{name}_suspect", name).alias(name) for name in asked.columns[1:]),
    )


def _questions(asked: pl.DataFrame, split: pl.DataFrame, suspects: Suspects) -> dict[str, Question]:
    """Incidents to answer: nobody is named, or only suspected, or reports name different ones."""
    side = dict(asked.select("incident_id", "side").iter_rows())
    found = {
        incident: Question(incident, side[incident], "missing")
        for incident in asked.filter(pl.col("actor_id").is_null())["incident_id"]
    }
    suspicion = {"share": suspects.share, "right": suspects.right, "seen": suspects.seen}
    sides = suspects.sides.join(asked, on=["incident_id", "side", "actor_id"], how="semi")
    for incident, of, who, actor in sides.iter_rows():
        one = Question(incident, of, SUSPECTED)
        found[incident] = one.with_suspect(who, actor, suspicion)
    for incident in split["incident_id"].unique(maintain_order=True):
        if incident in side:
            found[incident] = Question(incident, side[incident], "contested")
    return found


def _names_in_use(
    incidents: pl.DataFrame, sides: pl.DataFrame, split: pl.DataFrame
) -> pl.DataFrame:
    """Each name or id in use, with the territory where it is used most."""
    columns = ("incident_id", "actor_id", "actor")
    where = pl.concat([sides.select(columns), split.select(columns)]).join(
        incidents.select("incident_id", "gwno"), on="incident_id"
    )
    counted = where.group_by("actor_id", "actor", "gwno").len()
    return (
        counted.sort("len", "gwno", "actor", descending=[True, False, False])
        .unique("actor_id", keep="first", maintain_order=True)
        .select("actor_id", "actor", "gwno")
    )


def _training(whole: list[Ground], hidden: frozenset[str]) -> list[ChoiceSet]:
    known = [
        (ground.start[at], number, at)
        for number, ground in enumerate(whole)
        for at, incident in enumerate(ground.ids)
        if ground.asked[at] != NOBODY and incident not in hidden
    ]
    return [choice_set(whole[number], at) for _, number, at in sorted(known)[-AT_MOST:]]


def _add_claims(
    questions: Mapping[str, Question],
    told: Mapping[tuple[str, str], Weighed],
    split: pl.DataFrame,
    reliability: Mapping[str, float],
) -> dict[str, Question]:
    """Questions with what is claimed of each organisation and which sources name it."""
    found = dict(questions)
    for (incident, who), weighed in told.items():
        if incident in found:
            found[incident] = found[incident].with_claim(who, weighed)
    named = split.group_by("incident_id", "actor_id", "actor", "source").agg(pl.col("sure").max())
    # In an order of their own: products of floats hang on it, and files come in any.
    named = named.sort("incident_id", "actor_id", "source", "actor")
    for incident, who, actor, source, sure in named.iter_rows():
        if incident in found:
            found[incident] = found[incident].with_voice(
                who, actor, source, trust(source, reliability) * sure
            )
    return found


def _rows(one: ChoiceSet, model: Model, question: Question) -> list[dict[str, object]]:
    source = f"conditional logit on {quantity(model.cases, 'incident')}, claims bounded"
    return [
        {
            "incident_id": question.incident_id,
            "side": question.side,
            "why": question.why,
            "answer": found.answer,
            "actor_id": found.actor_id,
            "actor": found.actor,
            "probability": round(found.probability, 6),
            "evidence_only": round(found.evidence_only, 6),
            "claims_factor": round(found.claims_factor, 6),
            "reasons": json.dumps(found.reasons, ensure_ascii=False),
            "source": source,
        }
        for found in answer(one, model, question)
    ]
