"""Rows of one log by different publishers that tell of one event.

A coding project tells each event once, by its own rule. An office's log may have a row for each
paper that told of it. Two rows of different publishers with the same place and party on the same
day, or on the next, are often one event; how often, the log itself says. One publisher seldom tells
an event twice, so that its own pairs of such rows are of different events, and there are as many
more by two publishers as chance mixes publishers; of those, as many count the same dead as any two
rows of the log do.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.schema.vocabulary.folding import fold_texts
from tocsin.schema.vocabulary.producer import producer

CODED = ("ACLED", "EuRepoC", "GDELT", "GTD", "UCDP")
"""Producers, by the first word of their name, that decide themselves which rows are one event."""
SURE = 0.97
"""Rows are joined where so many of the pairs are expected to be of one event."""
FEW = 2
"""A count of the dead up to this is shared by chance more often than a greater one."""
MOST = 50
"""Rows of one place, kind and day: where there are more, no two of them can be told to be one."""
LEVELS = tuple((days, alike) for days in (0, 1) for alike in (2, 1, 0))
"""How two rows agree: the days between them; and whether they count the same dead, more than `FEW`
(2) or fewer (1), or do not (0)."""


class Retold(NamedTuple):
    """What was found within logs."""

    groups: pl.DataFrame
    """`report_id, joined` (the least group of its event) and `chance` (that it is right)."""
    notes: list[str]


def find_retold(grouped: pl.DataFrame) -> Retold:
    """Find the rows of logs that tell of an event which another publisher's row tells of.

    Args:
        grouped: rows of the table `reports` with `group`, equal for reports of one incident.

    Returns:
        The groups to join, and what was found in sentences. Rows are joined only where at least
        `SURE` of the pairs of their kind are expected to be right, and where no second row of the
        same publisher would do as well; else they are only told of.
    """
    found, notes = list[pl.DataFrame](), list[str]()
    logs = grouped.filter(
        ~producer().str.split(" ").list.first().is_in(CODED), pl.col("publisher").is_not_null()
    ).with_columns(producer().alias("log"))
    for (log,), rows in logs.sort("report_id").group_by("log", maintain_order=True):
        if rows["publisher"].n_unique() > 1:
            joined, said = _within(str(log), rows)
            found.append(joined)
            notes += said
    none = grouped.clear().select(
        "report_id", pl.col("group").alias("joined"), pl.lit(1.0).alias("chance")
    )
    return Retold(pl.concat([none, *found]), notes)


def _within(log: str, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    pairs = _pairs(rows)
    graded = [_graded(days, alike, pairs, rows) for days, alike in LEVELS]
    every = pl.concat(one for one, _ in graded)
    near, doubtful = every.filter(pl.col("chance") >= SURE), every.filter(pl.col("chance") < SURE)
    # A second row of one publisher that would do as well leaves open which of them it is.
    names = ("report_id", "by", "of")
    there = near.select("report_id", "publisher_b", "report_id_b")
    back = near.select("report_id_b", "publisher", "report_id")
    rivals = pl.concat([pl.DataFrame(dict(zip(names, one, strict=True))) for one in (there, back)])
    many = rivals.group_by("report_id", "by").agg(pl.col("of").n_unique()).filter(pl.col("of") > 1)
    unsure = many["report_id"].implode()
    open_ = near.filter(pl.col("report_id").is_in(unsure) | pl.col("report_id_b").is_in(unsure))
    taken = near.join(open_, on=["report_id", "report_id_b"], how="anti")
    left = pl.concat([doubtful, open_])
    return _components(taken, rows), _said(log, taken, left, sum(wrong for _, wrong in graded))


def _pairs(rows: pl.DataFrame) -> pl.DataFrame:
    """Pairs of rows of a day each with one place and a side in common, up to a day apart."""
    folded = [fold_texts(pl.col(name)).alias(name) for name in ("actor_a", "actor_b")]
    place = pl.coalesce(
        fold_texts(pl.col("place")),
        pl.concat_str(pl.col("latitude").round(2), pl.col("longitude").round(2), separator=" "),
    )
    told = rows.filter(pl.col("date_start") == pl.col("date_end")).select(
        "report_id", "group", "publisher", "gwno", "event_type", "deaths_best", *folded,
        place.alias("where"), pl.col("date_start").alias("day"),
    ).drop_nulls("where")  # fmt: skip
    # By day as well, since all pairs of a town's rows over the years do not fit into memory.
    keys = ["gwno", "where", "event_type", "day"]
    few = told.filter(pl.len().over(keys) <= MOST)
    before = few.with_columns(pl.col("day").dt.offset_by("-1d"))
    both = pl.concat(
        few.join(other, on=keys, suffix="_b").with_columns(pl.lit(days).alias("days"))
        for days, other in ((0, few), (1, before))
    )
    a, b = pl.col("actor_a"), pl.col("actor_b")
    other_a, other_b = pl.col("actor_a_b"), pl.col("actor_b_b")
    agree = (a.eq_missing(other_a) & (b == other_b).fill_null(True)) | (
        b.eq_missing(other_b) & (a == other_a).fill_null(True)
    )
    count = pl.col("deaths_best")
    same = (count == pl.col("deaths_best_b")) & (count > 0)
    alike = pl.when(same).then(1 + (count > FEW).cast(pl.Int64)).otherwise(0)
    return both.with_columns(alike.alias("alike")).filter(
        pl.col("group") != pl.col("group_b"), agree,
        (pl.col("days") > 0) | (pl.col("report_id") < pl.col("report_id_b")),
    )  # fmt: skip


def _graded(
    days: int, alike: int, pairs: pl.DataFrame, rows: pl.DataFrame
) -> tuple[pl.DataFrame, float]:
    """The pairs of a level with the chance that one is right, and how many are expected wrong."""
    same = pl.col("publisher") == pl.col("publisher_b")
    near = pairs.filter(pl.col("days") == days)
    found = near.filter(~same, pl.col("alike") == alike)
    # An upper bound, as Poisson counts go: else logs are chosen in which luck hid such pairs.
    seen = near.filter(same).height
    own = seen + 1 + (seen + 0.75) ** 0.5
    one = float((rows["publisher"].value_counts()["count"] / rows.height).pow(2).sum())
    wrong = own * (1 - one) / one * _same_count(rows)[alike]
    chance = max(0.0, 1.0 - wrong / found.height) if found.height else 0.0
    return found.with_columns(pl.lit(chance).alias("chance")), wrong * (chance >= SURE)


def _same_count(rows: pl.DataFrame) -> tuple[float, float, float]:
    """How often two rows, by chance, do not count the same dead, few of them, or more."""
    counts = rows.filter(pl.col("deaths_best") > 0)
    by = counts.group_by("deaths_best").len().with_columns((pl.col("len") / rows.height).pow(2))
    few = float(by.filter(pl.col("deaths_best") <= FEW)["len"].sum())
    more = float(by.filter(pl.col("deaths_best") > FEW)["len"].sum())
    return 1.0 - few - more, few, more


def _components(taken: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of events that are told more than once, with their event's least group."""
    least: dict[str, str] = {}
    chance: dict[str, float] = {}
    for one, two, sure in taken.select("group", "group_b", "chance").iter_rows():
        first, second = _root(least, one), _root(least, two)
        least[max(first, second)] = min(first, second)
        for group in (one, two):
            chance[group] = min(sure, chance.get(group, 1.0))
    told = rows.filter(pl.col("group").is_in(list(chance)))
    return told.select(
        "report_id",
        pl.Series(
            "joined", [_root(least, one) for one in told["group"]], dtype=rows.schema["group"]
        ),
        pl.Series("chance", [chance[one] for one in told["group"]], dtype=pl.Float64),
    )


def _root(least: dict[str, str], group: str) -> str:
    while least.get(group, group) != group:
        group = least[group]
    return group


def _said(log: str, taken: pl.DataFrame, left: pl.DataFrame, wrong: float) -> list[str]:
    notes = []
    if taken.height:
        notes.append(
            f"In '{log}' {quantity(taken.height, 'pair')} of rows by different publishers tell of "
            "one place and party on one day or the next, and each is taken for one event; about "
            f"{wrong:.1f} such pairs are expected by chance."
        )
    if left.height:
        one, two = left.sort("report_id", "report_id_b").select("report_id", "report_id_b").row(0)
        notes.append(
            f"In '{log}' {quantity(left.height, 'pair')} of rows by different publishers may tell "
            "of one event twice, and stay apart, since too many would agree by chance; "
            f"{one} and {two}, for example."
        )
    return notes
