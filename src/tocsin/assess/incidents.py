"""Incidents: which reports tell of one event.

A first, cautious rule for sources that are coded event by event: two reports are one incident
if they carry the same id of the same producer in two releases, or agree in dates, point, dyad
and all three death counts. Everything else stays apart.
"""

from __future__ import annotations

import polars as pl

from tocsin.schema import TABLES, columns, conform, empty

SOURCE = "same event id, or same dates, point, dyad and counts"
SAME = (
    "date_start", "date_end", "latitude", "longitude", "dyad_id", "actor_a", "actor_b",
    "event_type", "deaths_low", "deaths_best", "deaths_high",
)  # fmt: skip


def incidents(reports: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Group reports into incidents.

    Args:
        reports: the table `reports`.

    Returns:
        The tables `incidents` and `incident_reports`. Each report is in exactly one
        incident; the latest release of a producer speaks for it. The id of an incident is a
        digest of its reports, so the same reports in any order give the same ids.
    """
    if reports.is_empty():
        return empty(TABLES["incidents"]), empty(TABLES["incident_reports"])
    linked = _linked(reports).sort("group", "source", "report_id")
    ids = linked.group_by("group").agg(
        pl.col("report_id").sort().str.join("|").alias("ids"), pl.len().alias("n_reports")
    )
    named = ids.with_columns(_digest(pl.col("ids")).alias("incident_id"))
    full = linked.join(named, on="group")
    links = full.select(
        "incident_id", "report_id", pl.lit(1.0).alias("probability"), pl.lit(SOURCE).alias("source")
    )
    wanted = [name for name in columns(TABLES["incidents"]) if name != "source"]
    events = (
        full.unique("incident_id", keep="last", maintain_order=True)
        .select(*wanted, pl.lit(SOURCE).alias("source"))
        .sort("date_start", "incident_id")
    )
    return (
        conform(TABLES["incidents"], events),
        conform(TABLES["incident_reports"], links.sort("incident_id", "report_id")),
    )


def _linked(reports: pl.DataFrame) -> pl.DataFrame:
    """Reports with `group`: equal for reports of one incident.

    Two releases of one producer share ids. Reports that agree in everything are joined
    across sources only: within one release, equal rows are the producer's own decision.
    """
    producer = pl.col("source").str.replace(r"\s+(Candidate )?[\d.]+.*$", "")
    keyed = reports.with_columns(
        pl.concat_str(producer, "native_id", separator="#").alias("same_id"),
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
