"""How far each source can be trusted, learned from where independent sources agree.

>>> from tocsin.assess.reliability import fuse
>>> from tocsin.schema import TABLES, empty
>>> tables = fuse(*(empty(TABLES[n]) for n in ("incidents", "incident_reports", "reports")))
>>> sorted(tables)
['attribute_confidence', 'casualties', 'incidents', 'report_credibility', 'source_reliability']
"""

from __future__ import annotations

import polars as pl

from tocsin.assess.reliability.credibility import (
    attribute_confidence,
    fused_casualties,
    report_credibility,
)
from tocsin.assess.reliability.sources import learn, source_reliability
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.vocabulary.producer import producer

__all__ = ["fuse", "learn", "shares", "source_reliability"]

MADE = ("source_reliability", "report_credibility", "attribute_confidence", "casualties")


def fuse(
    incidents: pl.DataFrame, links: pl.DataFrame, reports: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Weigh the sources of each incident, and set its deaths from all of them.

    Args:
        incidents: the table `incidents`.
        links: the table `incident_reports`.
        reports: the table `reports`.

    Returns:
        `incidents` with fused `deaths_low`, `deaths_best` and `deaths_high`, and the tables
        `source_reliability`, `report_credibility`, `attribute_confidence` and `casualties`.
        Where one source counts, its range is unchanged; where none does, deaths stay empty.
    """
    if links.is_empty():
        return {"incidents": incidents, **{name: empty(TABLES[name]) for name in MADE}}
    learned = learn(incidents, links, reports)
    ratings = source_reliability(learned)
    deaths = fused_casualties(learned)
    return {
        "incidents": _with_deaths(incidents, deaths),
        "source_reliability": ratings,
        "report_credibility": report_credibility(learned, ratings, links),
        "attribute_confidence": attribute_confidence(learned),
        "casualties": deaths,
    }


def shares(ratings: pl.DataFrame, reports: pl.DataFrame, attribute: str) -> dict[str, float]:
    """Tell how often each data set is right on one attribute, of those that can be judged.

    Args:
        ratings: the table `source_reliability`.
        reports: the table `reports`, for the names of releases.
        attribute: for example 'actor'.

    Returns:
        The column `source` of `reports` to a share in [0, 1].
    """
    judged = ratings.filter(
        (pl.col("attribute") == attribute)
        & pl.col("event_type").is_null()
        & (pl.col("grade") != "F")
    )
    named = (
        reports.select("source")
        .unique()
        .with_columns(producer(pl.col("source")).alias("rated_source"))
    )
    found = named.join(judged, on="rated_source").sort("source")
    return dict(found.select("source", "p").iter_rows())


def _with_deaths(incidents: pl.DataFrame, deaths: pl.DataFrame) -> pl.DataFrame:
    whole = deaths.select(
        "incident_id",
        *[
            pl.col(quantile).round().cast(pl.Int64).alias(f"fused_{name}")
            for name, quantile in (("low", "q05"), ("best", "q50"), ("high", "q95"))
        ],
    )
    joined = incidents.join(whole, on="incident_id", how="left", maintain_order="left")
    return conform(
        TABLES["incidents"],
        joined.with_columns(
            pl.col(f"fused_{name}").alias(f"deaths_{name}") for name in ("low", "best", "high")
        ).drop([f"fused_{name}" for name in ("low", "best", "high")]),
    )
