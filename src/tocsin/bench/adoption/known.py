"""Known adopters: why a ledger finds them or not, and how far its onsets are from the labels'.

A ledger cannot know what no report tells. So beside how many organisations that are known to have
a class it finds stands why it misses the others: what of it the data could show at all is its
ceiling.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from tocsin.assess.actors.coalitions import by_member
from tocsin.assess.actors.names import members
from tocsin.assess.actors.sides import armed_sides
from tocsin.assess.actors.suspects import with_doubt
from tocsin.assess.technology.candidates import users
from tocsin.assess.technology.cases import find_convincing
from tocsin.bench.mentions.patterns import PATTERNS
from tocsin.schema.tables.assessed.adoption import BELIEVED

Tables = Mapping[str, pl.DataFrame]
STEPS = (
    "no incident",
    "no mention",
    "words too weak",
    "nobody singled out",
    "not believed",
    "found",
)
"""How far an entry comes: the organisation has no incident by then; no report of its incidents
mentions the class; the words name it with less than a half, or tell of no use and no possession;
nothing says that it was this organisation; something does, and the ledger stays below a half."""
SHOWABLE = STEPS[3:]
"""Of these the data hold a mention that could show the class."""
KEY = ("organisation", "technology")
READ_WHOLE = ("uncrewed-aircraft", "cyber", "information-operations")
"""Classes all of whose mentions are labelled; explosives are so outside Syria."""


def _sides(seen: Tables) -> pl.DataFrame:
    """The organisations on each side, none of which is only suspected."""
    named = with_doubt(armed_sides(seen["incidents"], seen["actors"]), None)
    return by_member(named, seen["incidents"], seen["actors"])


def follow(known: pl.DataFrame, seen: Tables, found: Tables) -> pl.DataFrame:
    """Tell how far each organisation that is known to have a class comes in a ledger.

    Args:
        known: of `mentions.organisations.read_organisations`, those of organisations that the
            events name and that have the class.
        seen: `incidents`, `technology_statements` and `actors`, of which the ledger was made.
        found: the tables of `technology.adoption.ledger`.

    Returns:
        `known` with two more columns, each one of `STEPS`: `by_year`, by the end of the year in
        which the source vouches for it, and `by_end`, by the end of the data.
    """
    sides = _sides(seen)
    days = seen["incidents"].select("incident_id", pl.col("date_start").dt.year().alias("told"))
    own = sides.select("incident_id", pl.col("actor").alias("organisation")).unique()
    fought = own.join(days, on="incident_id")
    told = seen["technology_statements"].select("incident_id", "technology").unique()
    mentions = find_convincing(seen["incidents"], seen["technology_statements"])
    rows = users(mentions, sides, None, seen["actors"]).select(
        "technology", "singles", pl.col("actor").alias("organisation"),
        pl.col("date_start").dt.year().alias("told"),
    )  # fmt: skip
    curve = found["adoption_onsets"].select(
        "technology", pl.col("actor").alias("organisation"),
        pl.col("date").dt.year().alias("told"), "probability",
    )  # fmt: skip
    where = [fought, fought.join(told, on="incident_id"), rows, rows.filter("singles")]
    where.append(curve.filter(pl.col("probability") >= 0.5))
    steps: dict[str, list[str]] = {"by_year": [], "by_end": []}
    for one in known.iter_rows(named=True):
        mine = [
            frame.filter(**{name: one[name] for name in KEY if name in frame.columns})
            for frame in where
        ]
        for column, until in (("by_year", one["year"]), ("by_end", None)):
            there = [
                frame if until is None else frame.filter(pl.col("told") <= until) for frame in mine
            ]
            steps[column].append(STEPS[_steps_passed([not frame.is_empty() for frame in there])])
    return known.with_columns(pl.Series(name, kinds, pl.String) for name, kinds in steps.items())


def _steps_passed(passed: list[bool]) -> int:
    """The number of steps passed one after the other; a belief passes all before it."""
    if passed[-1]:
        return len(passed)
    return passed.index(False)


def why_missed(followed: pl.DataFrame, seen: Tables, found: Tables) -> pl.DataFrame:
    """Tell what the data hold of each known adopter that a ledger does not find.

    Args:
        followed: of `follow`.
        seen: `incidents`, `technology_statements`, `actors` and `reports`, of which it was made,
            and `incident_reports`.
        found: the tables of `technology.adoption.ledger`.

    Returns:
        A row each that is not found by the end of the data: `organisation, technology, by_end`;
        `incidents` of its own; `broad`, those whose reports hold any word that might be of the
        class (`mentions.patterns`, far wider than the rules); `mentions`, those that the rules take
        for one; of these `names_it`, `names_another`, `strikes_it` (words name it as the one that
        was struck) and `silent` (nothing of the user); `confidence` in the ledger, and `short`, by
        how much it stays below a half; both null without an entry.
    """
    sides = _sides(seen)
    words = seen["incident_reports"].join(seen["reports"], on="report_id").select(
        "incident_id", pl.concat_str("headline", "notes", separator=" ", ignore_nulls=True)
    )  # fmt: skip
    texts = dict(words.group_by("incident_id").agg(pl.last().str.join(" ")).iter_rows())
    mentions = find_convincing(seen["incidents"], seen["technology_statements"])
    mine = pl.when(pl.col("side") == "a").then("user_a").otherwise("user_b")
    rows = users(mentions, sides, None, seen["actors"]).select(
        "incident_id", "technology", pl.col("actor").alias("organisation"), "is_named",
        (mine >= BELIEVED).alias("own"), ("is_against"),
    )  # fmt: skip
    own = sides.select("incident_id", pl.col("actor").alias("organisation")).unique()
    told = []
    for one in followed.filter(pl.col("by_end") != STEPS[-1]).iter_rows(named=True):
        key = {name: one[name] for name in KEY}
        fought = own.filter(organisation=one["organisation"])["incident_id"].to_list()
        broad = PATTERNS[one["technology"]]
        its = rows.filter(**key).unique("incident_id")
        named = pl.col("is_named")
        counts = {
            "names_it": named & pl.col("own"),
            "names_another": named & ~pl.col("own"),
            "strikes_it": ~named & pl.col("is_against") & ~pl.col("own"),
            "silent": ~named & ~(pl.col("is_against") & ~pl.col("own")),
        }
        beliefs = found["adoption"].filter(
            actor=one["organisation"], technology=one["technology"]
        )["confidence"].to_list()  # fmt: skip
        held = max(beliefs, default=None)
        told.append(
            key
            | {
                "by_end": one["by_end"],
                "incidents": len(fought),
                "broad": sum(broad.search(texts.get(name, "")) is not None for name in fought),
                "mentions": its.height,
            }
            | {name: its.filter(what).height for name, what in counts.items()}
            | {"confidence": held, "short": None if held is None else BELIEVED - held}
        )
    schema = {"confidence": pl.Float64, "short": pl.Float64}
    return pl.DataFrame(told, schema_overrides=schema)


def count_steps(followed: pl.DataFrame) -> list[dict[str, Any]]:
    """Count how far the known adopters come, and how many of those that the data show are found.

    Args:
        followed: of `follow`.

    Returns:
        A row each of `STEPS`, `step, by_year, by_end`; then 'found of those that the data could
        show', as shares.
    """
    count = {
        column: {step: followed.filter(pl.col(column) == step).height for step in STEPS}
        for column in ("by_year", "by_end")
    }
    rows: list[dict[str, Any]] = [
        {"step": step} | {column: of[step] for column, of in count.items()} for step in STEPS
    ]
    share = {
        column: of["found"] / max(sum(of[step] for step in SHOWABLE), 1)
        for column, of in count.items()
    }
    return [*rows, {"step": "found of those that the data could show", **share}]


def onsets(labels: pl.DataFrame, adoption: pl.DataFrame) -> pl.DataFrame:
    """Compare onsets with the first own use or possession that a reader of the labels found.

    Only classes count all of whose mentions in the region were read: the first labelled day is
    then the first of which the texts tell, which may be later than the true one.

    Args:
        labels: of `mentions.labels.with_texts`, of the regions of the ledger.
        adoption: the table `adoption`.

    Returns:
        A row an entry of 0.5 and more that has a labelled first day: `organisation, technology,
        labelled, first_low, first_median, first_high, days` (of the median from the labelled day).
    """
    whole = pl.col("technology").is_in(READ_WHOLE) | (
        (pl.col("technology") == "improvised-explosives") & (pl.col("region") != "SYR")
    )
    shown = labels.filter(whole & pl.col("has"))
    first: dict[tuple[str, str], date] = {}
    for row in shown.iter_rows(named=True):
        side = row[f"side_{row['user']}"]
        day = date.fromisoformat(row["date_start"][:10])
        for name in {side, row["by_name"]} if len(members(side)) > 1 else {side}:
            key = name, row["technology"]
            first[key] = min(day, first.get(key, day))
    likely = adoption.filter(pl.col("confidence") >= 0.5).unique(["actor", "technology"])
    known = pl.DataFrame(
        [(*key, day) for key, day in sorted(first.items())],
        schema=["organisation", "technology", "labelled"],
        orient="row",
    )
    both = known.join(
        likely, left_on=["organisation", "technology"], right_on=["actor", "technology"]
    )
    columns = ("organisation", "technology", "labelled", "first_low", "first_median", "first_high")
    apart = (pl.col("first_median") - pl.col("labelled")).dt.total_days().alias("days")
    return both.select(*columns, apart).sort("technology", "organisation")
