"""The table of statements: what reports say of technology classes, and who is meant."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

import polars as pl

from tocsin.assess.actors.names import members
from tocsin.assess.actors.statements import current
from tocsin.assess.technology.mentions.judgement import of_this_event
from tocsin.assess.technology.mentions.parties import Party
from tocsin.assess.technology.mentions.reading import HELD, Setting, Statement, read
from tocsin.assess.technology.mentions.rules import any_word
from tocsin.assess.technology.mentions.states import shipped_states, states_without
from tocsin.assess.technology.mentions.users import Facts, Weights, foreign_states, probabilities
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.vocabulary.folding import fold_texts

SOURCE = "rules of reading technology mentions"
FIELDS = ("headline", "notes")
_GAP = " … "
_BRACKETS = {"(": ")", "[": "]"}
_SETTING = ("text", "gwno", "actor_a", "actor_b", "actor_a_id", "actor_b_id")
QUOTED = "UCDP GED"
"""The source whose headlines are those of articles in which an event was found, among others."""
SURE_NAME = 0.5
"""A name that is stated with less certainty is not looked for."""
_FACTS = (
    "report_id",
    "event_type",
    "place",
    "adm1",
    "territory",
    "deaths_a",
    "deaths_b",
    "foreign",
    "date_start",
    "source",
)


def statements(
    reports: pl.DataFrame,
    incident_reports: pl.DataFrame,
    supports: pl.DataFrame | None = None,
    states: pl.DataFrame | None = None,
    *,
    weights: Weights | None = None,
    names: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Read what each report's headline and notes say of each technology class.

    Args:
        reports: the table `reports`.
        incident_reports: the table `incident_reports`, for the incident of each report.
        supports: the table `supports`, for the states that have troops there; default: none.
        states: which states had a class by when, of `states.read_states`; default: the table
            that ships with tocsin.
        weights: by which users are told, of `users`; default: those that ship with tocsin.
        names: the table `actor_names`, by which a text may call a side by another name than its
            own, one that a person here stated among them; default: none.

    Returns:
        The table `technology_statements`: at most one row a report, field, part and class, in
        that order. Only words that a rule rests on are kept as evidence, so that no name of a
        person that stands between them is.
    """
    known = with_foreign(reports, supports)
    texts = pl.concat(
        known.select(
            *_SETTING[1:], *_FACTS, pl.lit(field).alias("field"), pl.col(field).alias("text")
        )
        for field in FIELDS
    ).drop_nulls("text")
    folded = texts.select(fold_texts(pl.col("text"))).to_series()
    named = pl.select(pl.any_horizontal(folded.str.contains(one) for one in any_word())).to_series()
    texts = texts.filter(named).join(
        incident_reports.select("report_id", "incident_id"), on="report_id"
    )
    known_states = shipped_states() if states is None else states
    without = cache(partial(states_without, known_states))
    other_names = _other_names(names)
    read_before: dict[tuple[str, Setting], list[Statement]] = {}
    rows: list[dict[str, Any]] = []
    for row in texts.sort("report_id", "field").iter_rows(named=True):
        sides = row["actor_a"], row["actor_b"]
        called = _pairs_of_names(sides, (row["actor_a_id"], row["actor_b_id"]), other_names)
        key = row["text"], Setting(row["gwno"], *sides, called)
        if key not in read_before:
            read_before[key] = read(*key)
        day = row["date_start"]
        rows += [
            _row(row, one, without(one.technology, day.year) if day else frozenset(), weights)
            for one in read_before[key]
        ]
    model = TABLES["technology_statements"]
    if not rows:
        return empty(model)
    schema = {name: kind for name, kind in empty(model).schema.items() if name != "source"}
    frame = pl.DataFrame(rows, schema=schema)
    return conform(model, frame.with_columns(pl.lit(SOURCE).alias("source")))


def with_foreign(events: pl.DataFrame, supports: pl.DataFrame | None = None) -> pl.DataFrame:
    """Mark events where another state than the territory's own fights there in that year.

    Args:
        events: columns `gwno`, `date_start`, `actor_a`, `actor_b`, and their ids.
        supports: the table `supports`; default: none.

    Returns:
        The same rows with a column `foreign`.
    """
    dated = events.with_columns(pl.col("date_start").dt.year().alias("year"))
    there = foreign_states(dated, supports).with_columns(foreign=pl.lit(True))
    joined = dated.join(there, on=["gwno", "year"], how="left", maintain_order="left")
    return joined.drop("year").with_columns(pl.col("foreign").fill_null(False))


def _other_names(names: pl.DataFrame | None) -> dict[str, tuple[str, ...]]:
    """The names of each organisation, by its id, and by a name that only it has."""
    if names is None:
        return {}
    sure = current(names).filter(pl.col("weight") >= SURE_NAME)
    by_id = sure.group_by("actor_id").agg(pl.col("name").unique().sort())
    found = {actor_id: tuple(each) for actor_id, each in by_id.iter_rows()}
    alone = sure.filter(pl.col("actor_id").n_unique().over("name") == 1)
    pairs = alone.select("name", "actor_id").unique().sort("name").iter_rows()
    return {name: found[actor_id] for name, actor_id in pairs} | found


def _pairs_of_names(
    sides: tuple[str | None, str | None],
    ids: tuple[str | None, str | None],
    known: Mapping[str, tuple[str, ...]],
) -> tuple[tuple[str, str], ...]:
    """Pairs of a side, or a member of a joint one, and another name that it has."""
    keys: dict[str, str | None] = {}
    for side, actor_id in zip(sides, ids, strict=True):
        if side is not None:
            keys |= {one: one for one in members(side)} | {side: actor_id or side}
    return tuple(
        (name, other)
        for name, key in keys.items()
        for other in known.get(key or "", ())
        if other != name
    )


def _row(
    report: dict[str, Any], one: Statement, without: frozenset[int], weights: Weights | None
) -> dict[str, Any]:
    facts = Facts(
        Setting(report["gwno"], report["actor_a"], report["actor_b"]),
        one_sided=report["event_type"] == "one-sided",
        deaths_a=report["deaths_a"] if one.said == "attack" else None,
        deaths_b=report["deaths_b"] if one.said == "attack" else None,
        taken=one.said in HELD,
        lacking=without if one.said == "attack" else frozenset(),
        foreign=report["foreign"],
    )
    a, b, third = probabilities(one.technology, one.by, one.against, facts, weights)
    return {
        "incident_id": report["incident_id"],
        "report_id": report["report_id"],
        "field": report["field"],
        "part": one.part,
        "technology": one.technology,
        "start": one.start,
        "end": one.end,
        "evidence": _GAP.join(_in_pairs(report["text"], *span) for span in _apart(one.spans)),
        "spans": " ".join(f"{start}-{end}" for start, end in one.spans),
        "is_class": one.is_class,
        "said": one.said,
        "use": one.use,
        "by": _kind(one.by),
        "by_name": one.by.name if one.by else None,
        "against": _kind(one.against),
        "against_name": one.against.name if one.against else None,
        "user_a": a,
        "user_b": b,
        "user_third": third,
        "this_event": of_this_event(
            report["text"],
            one,
            (report["adm1"], report["place"]),
            (report["territory"], report["actor_a"], report["actor_b"]),
            own=not (report["source"] or QUOTED).startswith(QUOTED),
        ),
        "rule": one.rule,
    }


def _kind(party: Party | None) -> str:
    return party.kind if party else "nobody"


def _apart(spans: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Spans in the order of the text, without what another one holds already."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _in_pairs(text: str, start: int, end: int) -> str:
    """A piece of the text, with the bracket beside it whose other half stands within the piece.

    The words of a name end before the last bracket of 'CPI (Maoist)'.
    """
    for opening, closing in _BRACKETS.items():
        within = text[start:end]
        open_ones = within.count(opening) - within.count(closing)
        if open_ones > 0 and text[end : end + 1] == closing:
            end += 1
        elif open_ones < 0 and start and text[start - 1] == opening:
            start -= 1
    return text[start:end]
