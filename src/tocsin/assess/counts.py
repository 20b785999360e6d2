"""Deaths by country and month, counted from incidents, so that events feed forecasts."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from tocsin.schema import TABLES, empty
from tocsin.schema.geography.territory import UnknownTerritory, by_gwno
from tocsin.schema.tables.assessed.incident import COUNTED, EVERYTHING

TARGETS = {
    "ged_sb": ("state-based",),
    "ged_ns": ("non-state",),
    "ged_os": ("one-sided",),
    "ged_total": ("state-based", "non-state", "one-sided"),
}
"""UCDP's types of organised violence, each alone and together."""
LAST_DAYS = 7
"""A month of which the last week holds no report may be cut off, and is not counted."""


def incident_series(incidents: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Count deaths by territory, month and type of violence.

    A month of a territory is counted if a data set that reports on the territory covers it: from
    its first report anywhere to its last whole month. There a month without an incident is zero;
    elsewhere nothing is said. An incident belongs to the month in which it began. An unknown
    number of deaths adds none. A type of which no incident is known has no series: a log that
    does not tell types gives `EVERYTHING` only.

    Args:
        incidents: the table `incidents`.
        reports: the table `reports`, for what each data set covers.

    Returns:
        The table `incident_series`: deaths by territory, month and target.
    """
    if incidents.is_empty():
        return empty(TABLES["incident_series"])
    month = pl.col("date_start").dt.truncate("1mo").alias("month")
    known = set(incidents["event_type"].unique())
    wanted = {name: types for name, types in TARGETS.items() if known & set(types)}
    parts = []
    covered = _covered_months(reports)
    for target, types in {**wanted, EVERYTHING: tuple(known)}.items():
        by = incidents.filter(pl.col("event_type").is_in(types)).group_by("gwno", month)
        counted = by.agg(pl.col("deaths_best").sum().alias("deaths"))
        found = covered.join(counted, on=["gwno", "month"], how="left", maintain_order="left")
        parts.append(found.with_columns(pl.col("deaths").fill_null(0), target=pl.lit(target)))
    columns = empty(TABLES["incident_series"]).columns
    return pl.concat(parts).with_columns(source=pl.lit(COUNTED)).select(columns)


def _covered_months(reports: pl.DataFrame) -> pl.DataFrame:
    """The months of each territory that some data set covers: `gwno, territory, month`."""
    rows: set[tuple[int, str, date]] = set()
    for _, part in reports.group_by("source"):
        spans = part.select(first=pl.col("date_start").min(), last=pl.col("date_end").max())
        first, last = spans.row(0)
        months = pl.date_range(first.replace(day=1), last, "1mo", eager=True).to_list()
        if (last + timedelta(days=LAST_DAYS)).month == last.month:
            months = months[:-1]
        for gwno in part["gwno"].unique():
            try:
                state = by_gwno(gwno)
            except UnknownTerritory:
                continue
            rows |= {
                (gwno, state.name, one)
                for one in months
                if (state.start is None or one >= state.start.replace(day=1))
                and (state.end is None or one < state.end)
            }
    schema = {"gwno": pl.Int64, "territory": pl.String, "month": pl.Date}
    return pl.DataFrame(sorted(rows), schema=schema, orient="row")
