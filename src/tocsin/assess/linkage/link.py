"""`tocsin link`: reports of several files that tell of one event.

The road of a pair: near in space and time (blocking), compared and weighed (Splink), set
against the traffic of its town and against its rivals (clusters).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from tocsin.assess.linkage.decisions import model
from tocsin.assess.linkage.decisions.clusters import Scored, agglomerate, join_parts, settle_rivals
from tocsin.assess.linkage.decisions.model import Weights
from tocsin.assess.linkage.decisions.parts import parts
from tocsin.assess.linkage.decisions.training import train_weights
from tocsin.assess.linkage.habits import mend_habits
from tocsin.assess.linkage.habits.releases import KEPT, kept_pairs
from tocsin.assess.linkage.names.folding import unambiguous_aliases
from tocsin.assess.linkage.pairs import blocking
from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.classes import add_classes
from tocsin.assess.linkage.pairs.comparisons import (
    arrays,
    comparison_columns,
    levels_of,
)
from tocsin.assess.linkage.pairs.registry import choose_comparisons
from tocsin.assess.linkage.records.copies import (
    copies_in_words,
    repeated_ids,
    set_copies_aside,
    set_totals_aside,
)
from tocsin.assess.linkage.records.records import records, sheet
from tocsin.assess.linkage.scoring import weigh_pairs
from tocsin.schema.geography.distance import flat_km
from tocsin.schema.mapping import MappingFile

LENIENT = 0.6
"""Factor on the threshold for each source beyond two: a link is made where all the pairs between
two clusters agree, so that the pair that starts it may be less sure. Set on development data."""


@dataclass
class Linked:
    """The result of linking: links, clusters, and what they rest on."""

    links: pl.DataFrame
    """`source_a, id_a, source_b, id_b, probability`; and, where an id stands twice in a source,
    `row_a` and `row_b`: the rows in their files, counted from 1."""
    clusters: pl.DataFrame
    """`source, id, cluster`: every row of every file; and `row`, where an id stands twice."""
    trouble: list[dict[str, Any]] = field(default_factory=list)
    """Rows that stay unlinked: `source, row, id, rule, column, value`."""
    notes: list[str] = field(default_factory=list)
    """What was found of the sources as a whole, in sentences."""
    roles: dict[str, dict[str, str]] = field(default_factory=dict)
    """By source: which column was taken for what."""
    pairs: pl.DataFrame | None = None
    taken: pl.DataFrame | None = None
    """The linked ones of the scored pairs."""
    categories: tuple[str, ...] = ()
    weights: Weights | None = None
    records: pl.DataFrame | None = None
    others: tuple[str, ...] = ()
    """The comparisons of other packages that were used."""


def link_tables(
    tables: Mapping[str, Any],
    *,
    mapping: MappingFile | None = None,
    threshold: float | None = None,
    known: Mapping[str, str] | None = None,
    others: Sequence[str] = (),
) -> Linked:
    """Link the rows of tables of events.

    Args:
        tables: name of a source to its table: a frame of Polars or pandas, or any table with the
            Arrow interface. A file is read by `tocsin.observe.read_table`; its `rows` go here.
        mapping: which column is what, further columns and a taxonomy
            (`tocsin.schema.mapping.read_mapping`); columns are else found by their names.
        threshold: least probability of a link; by default the one that is expected to give
            the best F1.
        known: folded alias to folded name of organisations (`known_names`); the command line and
            `tocsin.link` give those of the actor list that ships with tocsin.
        others: names of comparisons that other packages add.

    Returns:
        The links, the clusters, and the rows that could not be used.

    Raises:
        UsageError: a table is none, or lacks a column that the mapping names.
        SourceRefused: a table has no id, date or place.

    >>> day = {"id": ["1"], "date": ["2020-01-01"], "place": ["Bangui"]}
    >>> link_tables({"a": pl.DataFrame(day), "b": pl.DataFrame(day)}).clusters.height
    2
    """
    wanted = mapping or MappingFile()
    sheets = [sheet(name, table, wanted) for name, table in tables.items()]
    taxonomy = {"type" if k == "category" else k: v for k, v in _codes(wanted).items()}
    linked = link_records(
        records(sheets), threshold=threshold, known=known, taxonomy=taxonomy, others=others
    )
    linked.trouble = [row for one in sheets for row in one.trouble]
    linked.notes = [note for one in sheets for note in one.notes] + linked.notes
    linked.roles = {one.source: one.roles for one in sheets}
    return linked


def _codes(mapping: MappingFile) -> dict[str, dict[tuple[str, str], str]]:
    """The taxonomy: column to (source, code) to the concept that the code means."""
    found: dict[str, dict[tuple[str, str], str]] = {}
    for column, concepts in mapping.link.taxonomy.items():
        for concept, sources in concepts.items():
            for source, codes in sources.items():
                for code in [codes] if isinstance(codes, str) else codes:
                    found.setdefault(column, {})[(source, code)] = concept
    return found


def link_records(
    rows: pl.DataFrame,
    *,
    threshold: float | None = None,
    known: Mapping[str, str] | None = None,
    taxonomy: Mapping[str, Mapping[tuple[str, str], str]] | None = None,
    engine: Any = None,
    others: Sequence[str] = (),
) -> Linked:
    """Link records of several sources that tell of one event.

    Args:
        rows: n records, as `tocsin.assess.linkage.records.records.records` makes them.
        threshold: the least probability of a link; default: the one that is expected to give the
            best F1.
        known: folded alias to folded name of organisations (`known_names`).
        taxonomy: column to (source, code) to concept.
        engine: one of Splink's database interfaces, such as its `SparkAPI`; default: DuckDB.
        others: names of comparisons that other packages add; see `pairs.registry`.

    Returns:
        The links and the clusters, with the trained model and the scored pairs.
    """
    usable = rows["usable"]
    rows = set_copies_aside(rows)
    notes = copies_in_words(rows, usable)
    rows = set_totals_aside(rows)
    rows, said = mend_habits(rows)
    notes += said
    narrow = blocking.narrowing(rows)
    pairs = blocking.candidates(rows, narrow=narrow)
    if not len(pairs):
        nothing = pl.DataFrame(schema={**dict.fromkeys(("left", "right"), pl.Int64),
                                       "probability": pl.Float64})  # fmt: skip
        alone = _clusters(rows, np.arange(rows.height))
        return Linked(_links(rows, nothing), alone, notes=notes, records=rows)
    rows, categories = add_classes(
        rows, anchors(rows, pairs), known=known or {}, taxonomy=taxonomy or {}
    )
    levels = choose_comparisons(categories, others)
    columns = comparison_columns(rows, categories)
    source = rows["source"].rank("dense").to_numpy().astype(np.int64) - 1
    gammas = levels_of(arrays(columns), levels, pairs.left, pairs.right)
    kept, releases, said = kept_pairs(rows, pairs, source)
    notes += said
    # Without counts nobody could tell what was split or merged from what happened near by.
    counted = float(rows["best"].is_not_null().cast(float).to_numpy().mean()) > 0.5
    all_pairs = len(list(combinations(range(int(source.max()) + 1), 2)))
    revised = counted and len(releases) == all_pairs
    weights, around, coverage = train_weights(
        rows, columns, levels, pairs, source, gammas=gammas, narrow=narrow,
        trust={} if revised else model.TRUST,
    )  # fmt: skip
    scored, weights = weigh_pairs(
        rows, columns, levels, weights, pairs, source=source, gammas=gammas, around=around,
        coverage=coverage, engine=engine, revised=revised, others=others,
    )  # fmt: skip
    left, right = scored["left"].to_numpy(), scored["right"].to_numpy()
    if kept.any():
        bits = KEPT * kept[pairs.positions(left, right)]
        scored = scored.with_columns(
            pl.Series("kept", bits), pl.col("weight_total") + pl.Series(bits)
        )
    del gammas, around, pairs
    scored, taken, cluster = _decide(
        scored, source, columns, weights, threshold=threshold, revised=revised
    )
    return Linked(
        links=_links(rows, scored[taken]),
        clusters=_clusters(rows, cluster),
        notes=notes,
        pairs=scored,
        taken=scored[taken],
        categories=categories,
        weights=weights,
        records=rows,
        others=tuple(others),
    )


def _decide(
    scored: pl.DataFrame,
    source: np.ndarray,
    columns: pl.DataFrame,
    weights: Weights,
    *,
    threshold: float | None,
    revised: bool,
) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    """Which of the weighed pairs are links.

    Returns:
        The pairs with their `probability`, the places of those that are links, and the cluster of
        each record.
    """
    left, right = scored["left"].to_numpy(), scored["right"].to_numpy()
    found = Scored(left, right, scored["weight_total"].to_numpy())
    probability = settle_rivals(found, source, rounds=20 if len(source) < blocking.MANY else 10)
    if threshold is None:
        threshold = best_threshold(probability, int(source.max()) + 1)
    cluster, taken = agglomerate(found, probability, source, threshold=threshold)
    further, sure = parts(
        scored, taken, source, arrays(columns), weights, threshold=threshold, revised=revised
    )
    cluster, hold = join_parts(cluster, found, further, source)
    further, sure = further[hold], sure[hold]
    probability[further] = np.maximum(probability[further], sure)
    taken = np.union1d(taken, further)
    return scored.with_columns(pl.Series("probability", probability)), taken, cluster


def known_names(actors: pl.DataFrame) -> dict[str, str]:
    """Collect other names of organisations from the table `actors`.

    Returns:
        Folded alias to folded name; an alias of two organisations is left out.
    """
    return unambiguous_aliases(actors.select("name", "full_name").iter_rows())


def anchors(rows: pl.DataFrame, pairs: Pairs) -> Pairs:
    """Find pairs that are almost surely one event: near each other, no other candidate near.

    Args:
        rows: the records.
        pairs: the candidate pairs.

    Returns:
        Some of the candidate pairs.
    """
    left, right = pairs.left, pairs.right
    day0, day1 = rows["day0"].to_numpy(), rows["day1"].to_numpy()
    gap = np.maximum(day0[left], day0[right]) - np.minimum(day1[left], day1[right])
    lat, lon = rows["lat"].to_numpy().astype(float), rows["lon"].to_numpy().astype(float)
    km = flat_km(lat[left], lon[left], lat[right], lon[right])
    place = rows["place_id"].fill_null(-1).to_numpy()
    same = (place[left] == place[right]) & (place[left] >= 0)
    source = rows["source"].rank("dense").to_numpy().astype(np.int64)
    n = int(source.max()) + 1 if len(source) else 1
    around = (gap <= 2) & ((km <= 12) | same)
    many_left = np.bincount(left[around] * n + source[right[around]], minlength=rows.height * n)
    many_right = np.bincount(right[around] * n + source[left[around]], minlength=rows.height * n)
    alone = (many_left[left * n + source[right]] <= 1) & (many_right[right * n + source[left]] <= 1)
    near = (gap <= 1) & ((km <= 6) | same)
    short = day1 - day0
    chosen = near & alone & (short[left] <= 3) & (short[right] <= 3)
    return Pairs(left[chosen], right[chosen])


def best_threshold(probability: np.ndarray, sources: int = 2) -> float:
    """Choose the threshold whose links have the greatest expected F1.

    With every probability known, taking all pairs above t is expected to give
    F1 = 2 S(t) / (n(t) + S(0)), S(t) being the sum of the probabilities above t and n(t) their
    number. With more than two sources the threshold is lowered, since sources vouch for each
    other.

    Args:
        probability: shape (P,), of all pairs.
        sources: how many sources there are.

    Returns:
        A probability from 0.2 to 0.6.
    """
    ordered = np.sort(probability)[::-1]
    total = float(ordered.sum())
    if not total:
        return 0.5
    f1 = 2 * np.cumsum(ordered) / (np.arange(1, len(ordered) + 1) + total)
    return float(np.clip(ordered[int(f1.argmax())] * LENIENT ** (sources - 2), 0.2, 0.6))


def _links(rows: pl.DataFrame, taken: pl.DataFrame) -> pl.DataFrame:
    names = rows.select("row", "source", "id", "file_row")
    found = taken.select("left", "right", pl.col("probability").round(6))
    for key, side in (("left", "a"), ("right", "b")):
        named = {old: f"{new}_{side}" for old, new in _NAMES.items()}
        found = found.join(names, left_on=key, right_on="row", maintain_order="left").rename(named)
    wanted = ["source_a", "id_a", "source_b", "id_b", "probability"]
    return found.select(*wanted, *(["row_a", "row_b"] if repeated_ids(rows).height else []))


def _clusters(rows: pl.DataFrame, cluster: np.ndarray) -> pl.DataFrame:
    # A row that stands twice, with its id, is one record.
    _, number = np.unique(cluster[rows["whole"].to_numpy()], return_inverse=True)
    found = rows.select("source", "id", pl.Series("cluster", number + 1), row="file_row")
    return found if repeated_ids(rows).height else found.drop("row")


_NAMES = {"source": "source", "id": "id", "file_row": "row"}
