"""What a report deserves, what an attribute rests on, and the fused deaths of an incident."""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.assess.reliability.admiralty import number
from tocsin.assess.reliability.casualties import Counts, fuse_counts, habits
from tocsin.assess.reliability.dawid_skene import Floats
from tocsin.assess.reliability.sources import Judgement, Reliability
from tocsin.schema import TABLES, conform

CHECKED = "what independent sources of one incident say"
FUSED = "ranges of several sources, weighed by reliability"


def report_credibility(
    learned: Reliability, ratings: pl.DataFrame, links: pl.DataFrame
) -> pl.DataFrame:
    """Grade every report of `links` on the Admiralty scale.

    Args:
        learned: what `sources.learn` found.
        ratings: the table `source_reliability`.
        links: the table `incident_reports`.

    Returns:
        The table `report_credibility`, one row a report.
    """
    heard = learned.testimony
    names = pl.DataFrame(
        {"who": list(range(len(heard.sources))), "rated_source": heard.sources},
        schema={"who": pl.Int64, "rated_source": pl.String},
    )
    overall = ratings.filter(pl.col("attribute") == "overall").select(
        "rated_source", "event_type", pl.col("gwno").cast(pl.Int64), "grade"
    )
    whole = overall.filter(pl.col("gwno").is_null()).select(
        "rated_source", pl.col("grade").alias("whole")
    )
    graded = (
        _check_statements(learned)
        .join(names, on="who")
        .join(overall, on=["rated_source", "event_type", "gwno"], how="left")
        .join(whole, on="rated_source", how="left")
        # A cell that cannot be judged by itself is judged by its source.
        .with_columns(
            pl.when(pl.col("grade").fill_null("F") == "F")
            .then(pl.col("whole"))
            .otherwise(pl.col("grade"))
            .alias("grade"),
            number(pl.col("probability"), corroboration=pl.col("corroboration")).alias(
                "credibility"
            ),
        )
    )
    # Other rows of one source on one incident are parts of what it says, and share its marks.
    by_source = heard.speakers.join(
        graded.select("incident_id", "who", "corroboration", "probability", "grade", "credibility"),
        on=["incident_id", "who"],
    )
    table = links.select("incident_id", "report_id").join(
        by_source.drop("who"), on=["incident_id", "report_id"]
    )
    return conform(
        TABLES["report_credibility"],
        table.with_columns(pl.lit(CHECKED).alias("source")).sort("incident_id", "report_id"),
    )


def _check_statements(learned: Reliability) -> pl.DataFrame:
    """What each source says of an incident, with the sources beside it and the probability that
    what it says is so."""
    heard = learned.testimony
    checks = pl.concat(
        [
            pl.DataFrame(
                {
                    "row": one.votes.row,
                    "p": one.truth.posterior[one.votes.value],
                }
            )
            for one in learned.judged.values()
        ]
    )
    probability = checks.group_by("row", maintain_order=True).agg(
        pl.col("p").mean().alias("probability")
    )
    return (
        heard.spoken.select("incident_id", "report_id", "who", "item")
        .with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("row"), _others(learned))
        .join(probability, on="row", how="left")
        .join(
            heard.incidents.select(
                pl.int_range(pl.len(), dtype=pl.Int64).alias("item"),
                "event_type",
                pl.col("gwno").cast(pl.Int64),
            ),
            on="item",
        )
    )


def attribute_confidence(learned: Reliability) -> pl.DataFrame:
    """Tell how sure the attributes of incidents are that two or more sources tell of.

    Args:
        learned: what `sources.learn` found.

    Returns:
        The table `attribute_confidence`, one row an incident and attribute.
    """
    parts = [_confidence(learned, name, one) for name, one in learned.judged.items()]
    return conform(
        TABLES["attribute_confidence"],
        pl.concat(parts)
        .with_columns(pl.lit(CHECKED).alias("source"))
        .sort("incident_id", "attribute"),
    )


def fused_casualties(learned: Reliability) -> pl.DataFrame:
    """Fuse the deaths of each incident that any source counted.

    Args:
        learned: what `sources.learn` found.

    Returns:
        The table `casualties`, with quantiles in deaths, one row an incident.
    """
    counted = pl.col("deaths_best").is_not_null()
    spoken = learned.testimony.spoken.with_row_index("row").filter(counted)
    right, voice = _deaths_of(learned, spoken["row"].to_numpy())
    low, best, high = (
        spoken[f"deaths_{name}"].to_numpy().astype(np.float64) for name in ("low", "best", "high")
    )
    counts = Counts(
        spoken["item"].to_numpy().astype(np.int64),
        spoken["who"].to_numpy().astype(np.int64),
        low,
        best,
        high,
        voice * spoken["probability"].to_numpy().astype(np.float64),
        right,
    )
    known = habits(counts, len(learned.testimony.sources))
    items = learned.testimony.incidents.height
    quantiles, independent, meet = fuse_counts(counts, known, items)
    told = np.bincount(counts.item, minlength=items)
    table = learned.testimony.incidents.select("incident_id").with_columns(
        pl.Series("n_sources", told),
        pl.Series("n_independent", independent.astype(np.float64)),
        pl.Series("agree", meet),
        *[pl.Series(f"q{k:02d}", quantiles[:, n]) for n, k in enumerate((5, 25, 50, 75, 95))],
        pl.lit(FUSED).alias("source"),
    )
    return conform(TABLES["casualties"], table.filter(pl.col("n_sources") > 0).sort("incident_id"))


def _others(learned: Reliability) -> pl.Series:
    """Independent voices beside each row of `spoken`: the others', less what is copied."""
    heard, found = learned.testimony, learned.copying
    item, who = heard.spoken["item"].to_numpy(), heard.spoken["who"].to_numpy()
    weight = heard.spoken["probability"].to_numpy().astype(np.float64)
    sources = len(heard.sources)
    dependent = np.maximum(found.probability * found.rate, (found.probability * found.rate).T)
    present = np.zeros((sources, heard.incidents.height))
    present[who, item] = weight
    beside = np.zeros(item.size)
    for one in range(sources):
        mine = who == one
        if not mine.any():
            continue
        here = item[mine]
        # Each other source counts for what neither this one nor an earlier other shares with it.
        total = np.zeros(here.size)
        for other in range(sources):
            if other == one:
                continue
            fresh = present[other, here] * (1 - dependent[one, other])
            for earlier in range(other):
                if earlier != one:
                    fresh = fresh * (1 - dependent[other, earlier] * (present[earlier, here] > 0))
            total += fresh
        beside[mine] = total
    return pl.Series("corroboration", beside)


def _confidence(learned: Reliability, attribute: str, one: Judgement) -> pl.DataFrame:
    votes, truth = one.votes, one.truth
    heard = learned.testimony
    rows = pl.DataFrame(
        {
            "item": votes.item,
            "row": votes.row,
            "value": votes.value,
            "p": truth.posterior[votes.value],
            "accuracy": truth.accuracy[one.cell],
            "voice": one.voice * votes.weight,
        }
    )
    ids = heard.spoken.select("incident_id", "report_id").with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("row")
    )
    best = (
        rows.join(ids, on="row")
        .sort("item", "p", "accuracy", "row", descending=[False, True, True, False])
        .group_by("item", maintain_order=True)
        .agg(
            pl.col("incident_id").first(),
            pl.col("report_id").first(),
            pl.col("p").first().alias("confidence"),
            pl.len().alias("n_sources"),
            pl.col("voice").sum().alias("n_independent"),
            pl.col("value").n_unique().alias("n_values"),
        )
    )
    return best.drop("item").with_columns(
        pl.lit(attribute).alias("attribute"),
        number(pl.col("confidence"), corroboration=(pl.col("n_independent") - 1).clip(0)).alias(
            "credibility"
        ),
    )


def _deaths_of(learned: Reliability, rows: np.ndarray) -> tuple[Floats, Floats]:
    """For rows of `spoken`: the source's accuracy on deaths, and how independent the count is."""
    one = learned.judged["deaths"]
    height = learned.testimony.spoken.height
    right, voice = np.full(height, 0.8), np.ones(height)
    right[one.votes.row] = one.truth.accuracy[one.cell]
    voice[one.votes.row] = one.voice
    return right[rows], voice[rows]
