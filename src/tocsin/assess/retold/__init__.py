"""Rows of one log by different publishers that tell of one event.

A coding project tells each event once, by its own rule. An office's log may have a row for each
paper that told of it. Two rows of different publishers with the same place and party on the same
day, or on the next, are often one event; how often, the log itself says. One publisher seldom tells
an event twice, so that its own pairs of such rows are of different events, and there are as many
more by two publishers as chance mixes publishers; of those, as many count the same dead as any two
rows of the log do. What people decided in a file of the workspace (`decided`) comes before that.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from tocsin.assess.retold.decided import DECIDED_FILE, no_decisions
from tocsin.base.display.quantity import quantity
from tocsin.schema.tables.observed.described import is_crowd, is_description
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
    pairs: pl.DataFrame
    """Each pair that was weighed or decided: `report_a, report_b, days, same_count` (of the dead),
    `probability` and `verdict`."""


def find_retold(grouped: pl.DataFrame, decided: pl.DataFrame | None = None) -> Retold:
    """Find the rows of logs that tell of an event which another publisher's row tells of.

    Args:
        grouped: rows of the table `reports` with `group`, equal for reports of one incident.
        decided: pairs of reports of which people say whether they tell of one event, as
            `read_decided` gives them; default: none.

    Returns:
        The groups to join, what was found in sentences, and the pairs. What people decided holds
        for rows of one log, whatever is in them. Of the others, rows are joined only where at least
        `SURE` of the pairs of their kind are expected to be right, and where no second row of the
        same publisher would do as well; else they are only told of.
    """
    said = no_decisions() if decided is None else decided
    found, pairs, notes = list[pl.DataFrame](), [_PAIRS], list[str]()
    logs = grouped.filter(
        ~producer().str.split(" ").list.first().is_in(CODED), pl.col("publisher").is_not_null()
    ).with_columns(producer().alias("log"))
    for (log,), rows in logs.sort("report_id").group_by("log", maintain_order=True):
        ids = rows["report_id"].implode()
        own = said.filter(pl.col("report_a").is_in(ids), pl.col("report_b").is_in(ids))
        if rows["publisher"].n_unique() > 1 or own.height:
            weighed = _weigh(rows, own)
            joined = _components(weighed.filter(pl.col("verdict").is_in(JOINED)), rows)
            found.append(joined)
            pairs.append(weighed)
            notes += _said(str(log), weighed, joined)
    every = pl.concat(pairs).sort("report_a", "report_b")
    if lost := said.join(every, on=["report_a", "report_b"], how="anti").height:
        notes.append(
            f"{quantity(lost, 'pair')} of {DECIDED_FILE} decided nothing: no log has both reports."
        )
    none = grouped.clear().select(
        "report_id", pl.col("group").alias("joined"), pl.lit(1.0).alias("chance")
    )
    names = [name for name in every.columns if name not in ("group_a", "group_b")]
    return Retold(pl.concat([none, *found]), notes, every.select(names))


_PAIRS = pl.DataFrame(schema={
    "report_a": pl.String, "report_b": pl.String, "days": pl.Int64, "same_count": pl.Boolean,
    "probability": pl.Float64, "verdict": pl.String, "group_a": pl.String, "group_b": pl.String,
})  # fmt: skip
JOINED = ("joined", "said to be one")
"""Verdicts on a pair of rows that is taken for one event; the others are 'open', where it may be
one, and `SAID_APART`."""
SAID_APART = "said to be two"


def _weigh(rows: pl.DataFrame, decided: pl.DataFrame) -> pl.DataFrame:
    """The pairs of one log, each with its verdict."""
    candidates = _pairs(rows)
    graded = pl.concat(_graded(days, alike, candidates, rows) for days, alike in LEVELS)
    one, two = pl.col("report_id"), pl.col("report_id_b")
    turned = one > two
    every = graded.select(
        pl.min_horizontal(one, two).alias("report_a"),
        pl.max_horizontal(one, two).alias("report_b"),
        pl.col("days").cast(pl.Int64),
        (pl.col("alike") > 0).alias("same_count"),
        pl.col("chance").alias("probability"),
        pl.when(turned).then("group_b").otherwise("group").alias("group_a"),
        pl.when(turned).then("group").otherwise("group_b").alias("group_b"),
        pl.when(turned).then("publisher_b").otherwise("publisher").alias("by_a"),
        pl.when(turned).then("publisher").otherwise("publisher_b").alias("by_b"),
    )
    open_ = _rivals(every.filter(pl.col("probability") >= SURE))
    sure = (pl.col("probability") >= SURE) & ~(
        pl.col("report_a").is_in(open_) | pl.col("report_b").is_in(open_)
    )
    groups = rows.select("report_id", "group")
    own = (
        decided.select("report_a", "report_b", "same")
        .join(groups.rename({"group": "own_a"}), left_on="report_a", right_on="report_id")
        .join(groups.rename({"group": "own_b"}), left_on="report_b", right_on="report_id")
    )
    told = every.join(own, on=["report_a", "report_b"], how="full", coalesce=True)
    verdict = (
        pl.when("same").then(pl.lit("said to be one"))
        .when(~pl.col("same")).then(pl.lit("said to be two"))
        .when(sure).then(pl.lit("joined"))
        .otherwise(pl.lit("open"))
    )  # fmt: skip
    by_word = pl.col("same").cast(pl.Float64)
    return told.with_columns(
        verdict.alias("verdict"),
        pl.coalesce(by_word, "probability").alias("probability"),
        pl.coalesce("group_a", "own_a").alias("group_a"),
        pl.coalesce("group_b", "own_b").alias("group_b"),
    ).select(_PAIRS.columns)


def _rivals(near: pl.DataFrame) -> list[str]:
    """Reports that a second row of one publisher would fit as well, so that it is open which."""
    names = ("report_id", "by", "of")
    both = (("report_a", "by_b", "report_b"), ("report_b", "by_a", "report_a"))
    there = pl.concat(near.select(**dict(zip(names, one, strict=True))) for one in both)
    many = there.group_by("report_id", "by").agg(pl.col("of").n_unique()).filter(pl.col("of") > 1)
    return many["report_id"].unique().to_list()


def _pairs(rows: pl.DataFrame) -> pl.DataFrame:
    """Pairs of rows of a day each with one place and a side in common, up to a day apart."""
    folded = [fold_texts(_named(rows, name)).alias(name) for name in ("actor_a", "actor_b")]
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


def _named(rows: pl.DataFrame, side: str) -> pl.Expr:
    """A side by its name; one that is only described ('gunmen') may be any, as one that is unknown.

    A people ('herders') is not: it is told as it is.
    """
    names = rows[side].drop_nulls().unique().to_list()
    vague = [name for name in names if is_description(name) and not is_crowd(name)]
    return pl.when(~pl.col(side).is_in(vague)).then(pl.col(side))


def _graded(days: int, alike: int, pairs: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The pairs of a level, with the chance that one is right."""
    same = pl.col("publisher") == pl.col("publisher_b")
    near = pairs.filter(pl.col("days") == days)
    found = near.filter(~same, pl.col("alike") == alike)
    # An upper bound, as Poisson counts go: else logs are chosen in which luck hid such pairs.
    seen = near.filter(same).height
    own = seen + 1 + (seen + 0.75) ** 0.5
    one = float((rows["publisher"].value_counts()["count"] / rows.height).pow(2).sum())
    wrong = own * (1 - one) / one * _same_count(rows)[alike]
    chance = max(0.0, 1.0 - wrong / found.height) if found.height else 0.0
    return found.with_columns(pl.lit(chance).alias("chance"))


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
    for one, two, sure in taken.select("group_a", "group_b", "probability").iter_rows():
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


def _said(log: str, weighed: pl.DataFrame, joined: pl.DataFrame) -> list[str]:
    """What was found in one log, in sentences."""
    of = {verdict: weighed.filter(verdict=verdict) for verdict in (*JOINED, "open", SAID_APART)}
    notes, taken = [], of["joined"]
    if taken.height:
        wrong = float((1 - taken["probability"]).sum())
        notes.append(
            f"In '{log}' {quantity(taken.height, 'pair')} of rows by different publishers tell of "
            "one place and party on one day or the next, and each is taken for one event; about "
            f"{wrong:.1f} such pairs are expected by chance."
        )
    if (left := of["open"]).height:
        one, two = left.sort("report_a", "report_b").select("report_a", "report_b").row(0)
        notes.append(
            f"In '{log}' {quantity(left.height, 'pair')} of rows by different publishers may tell "
            "of one event twice, and stay apart, since too many would agree by chance; "
            f"{one} and {two}, for example. `tocsin incidents --twice` lists them, to be decided."
        )
    one, two = of["said to be one"].height, of[SAID_APART].height
    if one or two:
        notes.append(
            f"In '{log}' {quantity(one, 'pair')} of rows are taken for one event, and "
            f"{quantity(two, 'pair')} for two, as {DECIDED_FILE} says."
        )
    event = joined.select("report_id", "joined")
    both = of[SAID_APART].join(event, left_on="report_a", right_on="report_id").join(
        event, left_on="report_b", right_on="report_id", suffix="_b"
    )  # fmt: skip
    if bent := both.filter(pl.col("joined") == pl.col("joined_b")).height:
        notes.append(
            f"In '{log}' {quantity(bent, 'pair')} of rows that are said to be two events are joined"
            " all the same, through a third row: decide on that one, too."
        )
    return notes
