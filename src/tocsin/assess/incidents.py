"""Incidents: which reports tell of one event.

First a rule for sources that are coded event by event: two reports are one incident if they
carry the same id of the same producer in two releases, or agree in dates, point, dyad and all
three death counts. Then, where several producers report, `linkage` weighs which of what is left
tell of one event.
"""

from __future__ import annotations

import polars as pl

from tocsin.assess.actors.vague import name_described_sides
from tocsin.assess.retold import Retold, find_retold
from tocsin.schema import TABLES, columns, conform, empty
from tocsin.schema.vocabulary.producer import producer
from tocsin.schema.vocabulary.release import in_order_of_release, standing_reports

SOURCE = "same event id, or same dates, point, dyad and counts"
RETOLD = "rows of one log by different publishers"
ORDER = ("group", "producer", "rank", "updated", "told", "report_id")
"""Reports of one event, the newest of each producer last (`in_order_of_release`)."""
SAME = (
    "date_start", "date_end", "latitude", "longitude", "dyad_id", "actor_a", "actor_b",
    "event_type", "deaths_low", "deaths_best", "deaths_high",
)  # fmt: skip


def incidents(
    reports: pl.DataFrame, actors: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Make the tables `incidents` and `incident_reports`, without the reasons of the links.

    Args:
        reports: the table `reports`.
        actors: the table `actors`, for other names of organisations; default: none.

    Returns:
        The first two of the tables that `group_reports` gives.
    """
    return group_reports(reports, actors)[:2]


def group_reports(
    reports: pl.DataFrame,
    actors: pl.DataFrame | None = None,
    decided: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Group reports into incidents, and say why.

    Args:
        reports: the table `reports`.
        actors: the table `actors`, for other names of organisations; default: none.
        decided: which reports of one log people took for one event, as `retold.read_decided`
            gives it; default: none.

    Returns:
        The tables `incidents`, `incident_reports`, `links`, `linkage_notes` and `retold_pairs`.
        Each report is in
        exactly one incident, but for those that a later release of their producer withdrew, which
        are in none; the newest record of a producer speaks for it. The id of an incident is a
        digest of its reports, so the same reports in any order give the same ids.
    """
    if standing_reports(reports).is_empty():
        return (
            empty(TABLES["incidents"]),
            empty(TABLES["incident_reports"]),
            empty(TABLES["links"]),
            empty(TABLES["linkage_notes"]),
            empty(TABLES["retold_pairs"]),
        )
    whole = _group_reports(in_order_of_release(standing_reports(reports)))
    found = find_retold(whole, decided)
    grouped, within = _join_retold(whole, found), found.notes
    linked, why, noted = _across(grouped, actors, within)
    linked = linked.sort(*ORDER)
    ids = linked.group_by("group").agg(
        pl.col("report_id").sort().str.join("|").alias("ids"), pl.len().alias("n_reports")
    )
    named = ids.with_columns(_digest(pl.col("ids")).alias("incident_id"))
    full = linked.join(named, on="group")
    links = full.select("incident_id", "report_id", "probability", source="made_by")
    full = full.with_columns(pl.lit(None, pl.Int64).alias("total_of"))
    wanted = [name for name in columns(TABLES["incidents"]) if name != "source"]
    events = (
        full.unique("incident_id", keep="last", maintain_order=True)
        .select(*wanted, source="made_by")
        .sort("date_start", "incident_id")
    )
    events = name_described_sides(events, full)
    return (
        conform(TABLES["incidents"], events),
        conform(TABLES["incident_reports"], links.sort("incident_id", "report_id")),
        why,
        noted,
        conform(TABLES["retold_pairs"], found.pairs.with_columns(source=pl.lit(RETOLD))),
    )


def _join_retold(grouped: pl.DataFrame, found: Retold) -> pl.DataFrame:
    """Join what different publishers of one log tell of one event; who counts the dead speaks."""
    with_them = grouped.join(found.groups, on="report_id", how="left").with_columns(
        pl.col("group").alias("own_group"),
        pl.coalesce("joined", "group").alias("group"),
        pl.col("joined").is_null().or_(pl.col("deaths_best").is_not_null()).alias("told"),
        pl.col("chance").fill_null(1.0),
    )
    made_by = pl.when(pl.col("own_group").n_unique().over("group") > 1).then(pl.lit(RETOLD))
    return with_them.with_columns(made_by.otherwise(pl.lit(SOURCE)).alias("made_by")).drop(
        "joined", "own_group"
    )


def _across(
    grouped: pl.DataFrame, actors: pl.DataFrame | None, within: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Join groups of different producers that the linkage model takes for one event.

    One producer's reports stay as they are: nothing is weighed, and nothing heavy imported.
    """
    sure = grouped.with_columns(pl.col("chance").alias("probability"))
    if grouped.select(producer().n_unique()).item() < 2:
        return sure, empty(TABLES["links"]), _notes(within, SOURCE)
    from tocsin.assess.linkage.reports import SOURCE as LINKAGE
    from tocsin.assess.linkage.reports import link_reports

    # A producer's latest release speaks for the group.
    voices = grouped.sort(*ORDER).unique(["group"], keep="last", maintain_order=True)
    known = empty(TABLES["actors"]) if actors is None else actors
    linked, why = link_reports(voices.select(columns(TABLES["reports"])), known)
    clusters = linked.clusters.select(pl.col("id").alias("report_id"), "cluster")
    merged = voices.join(clusters, on="report_id").with_columns(
        pl.col("group").min().over("cluster").alias("joined")
    )
    chances = pl.concat(
        linked.links.select(pl.col(f"id_{side}").alias("report_id"), "probability") for side in "ab"
    )
    best = chances.group_by("report_id").agg(pl.col("probability").max())
    found = merged.join(best, on="report_id", how="left").select(
        "group", "joined", pl.col("probability").fill_null(1.0)
    )
    linked_by = pl.when(pl.col("group").n_unique().over("joined") > 1).then(pl.lit(LINKAGE))
    joined = grouped.join(found, on="group").with_columns(
        pl.col("joined").alias("group"),
        pl.min_horizontal("probability", "chance"),
        linked_by.otherwise("made_by").alias("made_by"),
    )
    explained = why if why.height else empty(TABLES["links"])
    noted = pl.concat([_notes(within, SOURCE), _notes(linked.notes, LINKAGE)])
    return (
        joined.drop("joined"),
        conform(TABLES["links"], explained),
        noted,
    )


def _notes(said: list[str], source: str) -> pl.DataFrame:
    table = TABLES["linkage_notes"]
    noted = pl.DataFrame({"note": said, "source": [source] * len(said)}, schema=empty(table).schema)
    return conform(table, noted)


def _group_reports(reports: pl.DataFrame) -> pl.DataFrame:
    """Reports with `group`: equal for reports of one incident.

    Two releases of one producer share ids. Reports that agree in everything are joined
    across sources only: within one release, equal rows are the producer's own decision.
    """
    keyed = reports.with_columns(
        pl.concat_str(producer(), "native_id", separator="#").alias("same_id"),
        pl.concat_str(
            *[pl.col(name).cast(pl.String).fill_null("") for name in SAME], separator="#"
        ).alias("same_content"),
    ).with_columns(pl.col("report_id").rank("ordinal").over("source", "same_content").alias("copy"))
    first = keyed.group_by("same_content", "copy").agg(pl.col("same_id").min().alias("first"))
    joined = keyed.join(first, on=["same_content", "copy"])
    groups = joined.group_by("same_id").agg(pl.col("first").min().alias("group"))
    return joined.join(groups, on="same_id")


def _digest(column: pl.Expr) -> pl.Expr:
    return "i-" + column.map_elements(_short, return_dtype=pl.String)


def _short(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]
