"""How far each source is right, by kind of event and region, learned from where sources agree.

Truth, accuracies and copying depend on each other and are found in turns (Dong, Berti-Equille
and Srivastava 2009): the votes are weighed by how far each source was right, the sources by how
often they say what was found true, and copied votes lose their weight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.assess.reliability.admiralty import letter
from tocsin.assess.reliability.copying import Copying, copying, nobody_copies, voices
from tocsin.assess.reliability.dawid_skene import EDGE, Floats, Ints, Truth, one_coin, strongest
from tocsin.assess.reliability.votes import (
    ATTRIBUTES,
    FALSE_VALUES,
    Testimony,
    Votes,
    collect_testimony,
    votes,
)
from tocsin.schema import TABLES, conform

SOURCE = "agreement of independent sources (Dawid-Skene, copies discounted)"
ROUNDS = 5
PEER_VOTES = 5.0
"""Votes on the same item that make another source a peer."""
LEVELS = (0.05, 0.95)


@dataclass(frozen=True)
class Judgement:
    """What was learned of one attribute: what is true, and how much each of n votes counted.

    Attributes:
        votes: on the attribute.
        truth: probabilities of values and accuracies of cells.
        cell: shape (n,), row of each vote's cell in `cells`.
        voice: shape (n,), independence of each vote.
        cells: `who, event_type, gwno`, one row a cell.
    """

    votes: Votes
    truth: Truth
    cell: Ints
    voice: Floats
    cells: pl.DataFrame


@dataclass(frozen=True)
class Reliability:
    """All that was learned: the votes by attribute, which source copies which, and what was
    said.
    """

    testimony: Testimony
    judged: dict[str, Judgement]
    copying: Copying


def learn(incidents: pl.DataFrame, links: pl.DataFrame, reports: pl.DataFrame) -> Reliability:
    """Learn the sources' reliability from linked reports.

    Truths, accuracies and copying are found in turns (Dong, Berti-Equille and Srivastava 2009,
    Integrating conflicting data: the role of source dependence, VLDB 2(1)).

    Args:
        incidents: the table `incidents`.
        links: the table `incident_reports`.
        reports: the table `reports`.

    Returns:
        The votes and truths by attribute, and the copying between sources.
    """
    heard = collect_testimony(incidents, links, reports)
    cast = {attribute: votes(heard.spoken, attribute) for attribute in ATTRIBUTES}
    cells = {attribute: _cells(heard, cast[attribute]) for attribute in ATTRIBUTES}
    found = nobody_copies(len(heard.sources))
    own = {attribute: np.ones(cast[attribute].item.size) for attribute in ATTRIBUTES}
    judged: dict[str, Judgement] = {}
    for _ in range(ROUNDS):
        judged = {
            attribute: _judge(attribute, cast[attribute], own[attribute], *cells[attribute])
            for attribute in ATTRIBUTES
        }
        accuracy = {name: one.truth.accuracy[one.cell] for name, one in judged.items()}
        found = copying(
            heard, {name: (cast[name], accuracy[name], own[name]) for name in ATTRIBUTES}
        )
        before = own
        own = {name: voices(cast[name], accuracy[name], found) for name in ATTRIBUTES}
        if all(np.allclose(own[name], before[name], atol=1e-3) for name in ATTRIBUTES):
            break
    return Reliability(heard, judged, found)


def source_reliability(learned: Reliability) -> pl.DataFrame:
    """Rate each source as a whole, and in each cell of kind of event and country.

    Args:
        learned: what `learn` found.

    Returns:
        The table `source_reliability`.
    """
    parts = [
        one.cells.with_columns(
            pl.lit(attribute).alias("attribute"),
            # A vote whose truth is only believed tells less than one whose truth is known.
            pl.Series("hits", one.truth.hits * one.truth.worth / np.maximum(one.truth.votes, 1e-9)),
            pl.Series("n", one.truth.worth),
        )
        for attribute, one in learned.judged.items()
    ]
    right = pl.concat(parts)
    overall = right.with_columns(pl.lit("overall").alias("attribute"))
    counts = pl.concat([right, overall, _coverage(learned.testimony)])
    # Sums of floats depend on their order: the same reports in any order give the same table.
    counts = counts.sort("who", "attribute", "event_type", "gwno", "n", "hits")
    keys = ["who", "attribute"]
    by_cell = counts.group_by(*keys, "event_type", "gwno", maintain_order=True).agg(
        pl.col("hits", "n").sum()
    )
    whole = counts.group_by(keys, maintain_order=True).agg(pl.col("hits", "n").sum())
    nothing = pl.DataFrame(
        [
            {"who": who, "attribute": attribute}
            for who in range(len(learned.testimony.sources))
            for attribute in (*ATTRIBUTES, "overall", "coverage")
        ],
        schema={"who": pl.Int64, "attribute": pl.String},
    )
    whole = nothing.join(whole, on=keys, how="left").with_columns(pl.col("hits", "n").fill_null(0))
    table = pl.concat(
        [
            _pool(whole, by_cell).with_columns(
                pl.lit(None, pl.String).alias("event_type"), pl.lit(None, pl.Int64).alias("gwno")
            ),
            _pool(by_cell, by_cell),
        ],
        how="diagonal",
    )
    return _grade(table, learned)


def _judge(attribute: str, cast: Votes, own: Floats, cell: Ints, cells: pl.DataFrame) -> Judgement:
    truth = one_coin(
        cast.item,
        cell,
        cast.value,
        value_items=cast.owner,
        groups=cells["who"].to_numpy(),
        false_values=FALSE_VALUES[attribute],
        weights=cast.weight,
        said_by=own,
    )
    return Judgement(cast, truth, cell, own, cells)


def _cells(heard: Testimony, cast: Votes) -> tuple[Ints, pl.DataFrame]:
    """The cell of each vote, and the cells: source × event type × region."""
    facts = heard.incidents[cast.item].select("event_type", "gwno")
    rows = facts.with_columns(pl.Series("who", cast.who, pl.Int64), pl.col("gwno").cast(pl.Int64))
    cells = rows.unique().sort("who", "event_type", "gwno")
    found = rows.join(
        cells.with_row_index("cell"),
        on=["who", "event_type", "gwno"],
        how="left",
        maintain_order="left",
    )
    columns = ["who", "event_type", "gwno"]
    return found["cell"].to_numpy().astype(np.int64), cells.select(columns)


def _coverage(heard: Testimony) -> pl.DataFrame:
    """How often a source told of what others told of, where it reports at all.

    A source is asked only about country-years in which it has at least one report.
    """
    facts = heard.incidents.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("item"),
        "event_type",
        pl.col("gwno").cast(pl.Int64),
        pl.col("date_start").dt.year().alias("year"),
    )
    told = heard.spoken.select("item", "who").with_columns(pl.len().over("item").alias("sources"))
    told = told.join(facts, on="item")
    scope = told.select("who", "gwno", "year").unique()
    where = ["event_type", "gwno", "year"]
    happened = facts.group_by(where).agg(pl.len().alias("all"))
    told_by = told.group_by("who", *where).agg(
        (pl.col("sources") == 1).sum().alias("alone"), (pl.col("sources") > 1).sum().alias("shared")
    )
    return (
        scope.join(happened, on=["gwno", "year"])
        .join(told_by, on=["who", *where], how="left")
        .with_columns(pl.col("alone", "shared").fill_null(0))
        .select(
            "who",
            "event_type",
            "gwno",
            pl.lit("coverage").alias("attribute"),
            pl.col("shared").cast(pl.Float64).alias("hits"),
            (pl.col("all") - pl.col("alone")).cast(pl.Float64).alias("n"),
        )
        .filter(pl.col("n") > 0)
    )


def _pool(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Add `p, low, high`: shares shrunk to those of the source, and it to all sources'."""
    from tocsin.errors import require

    special = require("scipy.special", extra="assess")
    parts = [rows.clear().with_columns(pl.lit(0.0).alias(name) for name in ("p", "low", "high"))]
    for (attribute,), part in rows.group_by(["attribute"], maintain_order=True):
        mine = cells.filter(pl.col("attribute") == attribute)
        by_who = mine.group_by("who", maintain_order=True).agg(pl.col("hits", "n").sum())
        total = float(by_who["n"].sum())
        mean = (float(by_who["hits"].sum()) + 8.0) / (total + 10.0)
        kappa = _strength(by_who, np.full(by_who.height, mean))
        if "gwno" in rows.columns:
            centre = by_who.with_columns(
                ((pl.col("hits") + kappa * mean) / (pl.col("n") + kappa)).alias("centre")
            )
            placed = part.join(centre.select("who", "centre"), on="who", maintain_order="left")
            prior = placed["centre"].to_numpy()
            kappa = _strength(placed, prior)
        else:
            placed, prior = part, np.full(part.height, mean)
        hits, n = placed["hits"].to_numpy(), placed["n"].to_numpy()
        a = kappa * prior + hits
        b = kappa * (1 - prior) + np.maximum(n - hits, 0)
        low, high = (special.betaincinv(a, b, level) for level in LEVELS)
        parts.append(
            placed.select(part.columns).with_columns(
                pl.Series("p", a / (a + b)), pl.Series("low", low), pl.Series("high", high)
            )
        )
    return pl.concat(parts)


def _strength(rows: pl.DataFrame, prior: Floats) -> float:
    return strongest(rows["hits"].to_numpy(), rows["n"].to_numpy(), np.clip(prior, EDGE, 1 - EDGE))


def _about(learned: Reliability) -> pl.DataFrame:
    """How many peers each source has, and of which other it copies how much."""
    sources, found = learned.testimony.sources, learned.copying
    # Never 'by how many': a source and its copier are one peer, and no peer of each other.
    dependent = np.maximum(found.probability, found.probability.T) > 0.5
    peers = [
        len(
            _independent(np.flatnonzero((found.shared[who] >= PEER_VOTES) & ~dependent[who]), found)
        )
        for who in range(len(sources))
    ]
    original = [found.copies(who) for who in range(len(sources))]
    return pl.DataFrame(
        {
            "who": list(range(len(sources))),
            "rated_source": sources,
            "peers": peers,
            "copies_of": [None if one is None else sources[one] for one in original],
            "copied_share": [
                None if one is None else float(found.rate[who, one])
                for who, one in enumerate(original)
            ],
        },
        schema={
            "who": pl.Int64,
            "rated_source": pl.String,
            "peers": pl.Int64,
            "copies_of": pl.String,
            "copied_share": pl.Float64,
        },
    )


def _grade(table: pl.DataFrame, learned: Reliability) -> pl.DataFrame:
    known = (pl.col("n") > 0) & (pl.col("peers") >= 1)
    graded = (
        table.join(_about(learned), on="who")
        .with_columns(
            pl.when(known).then(pl.col("p")).alias("p"),
            # With one other source nobody can say which errs: this one may always be right.
            pl.when(known).then(pl.col("low")).otherwise(0.0).alias("low"),
            pl.when(known & (pl.col("peers") > 1))
            .then(pl.col("high"))
            .otherwise(1.0)
            .alias("high"),
        )
        .with_columns(
            # How much a source tells of says nothing of whether it is right.
            pl.when(pl.col("attribute") != "coverage")
            .then(
                letter(
                    pl.col("p"),
                    votes=pl.col("n"),
                    low=pl.col("low"),
                    high=pl.col("high"),
                    peers=pl.col("peers"),
                )
            )
            .alias("grade"),
            pl.lit(SOURCE).alias("source"),
        )
        .drop("who", "hits")
        .sort("rated_source", "attribute", "event_type", "gwno", nulls_last=False)
    )
    return conform(TABLES["source_reliability"], graded)


def _independent(others: Ints, found: Copying) -> list[int]:
    kept: list[int] = []
    for one in others.tolist():
        if all(
            max(found.probability[one, two], found.probability[two, one]) <= 0.5 for two in kept
        ):
            kept.append(one)
    return kept
