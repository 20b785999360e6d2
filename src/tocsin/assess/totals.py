"""Totals beside their events: a bulletin's count of a month is no further event.

An office that counts 'thirty killed in March in all' tells of the same deaths as those who report
March's events one by one. Such a row is marked, and its deaths are left out of every sum; its
report keeps them. A producer that reports events one by one and adds a row for those that it
cannot date (UCDP does) means deaths beside its events: such a row is an event.
"""

from __future__ import annotations

import polars as pl

from tocsin.schema.vocabulary.producer import producer

MONTH = 28
"""Days that a total spans at least."""
DAYS = 14
"""Days that a single event spans at most."""
WIDE = 6
"""Place precision from which a row is of a whole country."""


def mark_totals(
    incidents: pl.DataFrame, links: pl.DataFrame, reports: pl.DataFrame
) -> pl.DataFrame:
    """Incidents of which those that only sum up others are marked, and have no deaths.

    A total spans a month or more and a whole country, all its producers report nothing finer of
    that territory in that time, and others report at least two events of its type within it.

    Args:
        incidents: the table `incidents`.
        links: the table `incident_reports`.
        reports: the table `reports`.

    Returns:
        The incidents in their order. `total_of` is the number of events that a total sums up.
    """
    days = (pl.col("date_end") - pl.col("date_start")).dt.total_days() + 1
    told = links.select("incident_id", "report_id").join(
        reports.select("report_id", producer().alias("producer")), on="report_id"
    )
    by = told.select("incident_id", "producer").unique()
    shape = incidents.select(
        "incident_id", "gwno", "event_type", "date_start", "date_end", "deaths_best",
        wide=(days >= MONTH) & (pl.col("place_prec") >= WIDE) & pl.col("latitude").is_null(),
        fine=days <= DAYS,
    )  # fmt: skip
    wide = shape.filter("wide", pl.col("deaths_best") > 0)
    if wide.is_empty():
        return incidents
    fine = shape.filter("fine").join(by, on="incident_id")
    within = (
        wide.join(by, on="incident_id")
        .join(fine, on="gwno", suffix="_in")
        .filter(
            pl.col("date_start_in") >= pl.col("date_start"),
            pl.col("date_end_in") <= pl.col("date_end"),
        )
    )
    own = within.filter(pl.col("producer") == pl.col("producer_in"))["incident_id"]
    others = within.filter(
        pl.col("deaths_best_in") > 0,
        (pl.col("event_type") == "other") | (pl.col("event_type") == pl.col("event_type_in")),
        ~pl.col("incident_id").is_in(own.implode()),
    )
    totals = others.group_by("incident_id").agg(
        pl.col("incident_id_in").n_unique().cast(pl.Int64).alias("summed")
    )
    marked = incidents.join(
        totals.filter(pl.col("summed") >= 2), on="incident_id", how="left", maintain_order="left"
    )
    is_total = pl.col("summed").is_not_null()
    return marked.with_columns(
        pl.col("summed").alias("total_of"),
        *[
            pl.when(is_total).then(None).otherwise(pl.col(name)).alias(name)
            for name in ("deaths_low", "deaths_best", "deaths_high")
        ],
    ).drop("summed")
