"""Technology tags: the classes that a report's words tell of, with the words themselves."""

from __future__ import annotations

import polars as pl

from tocsin.assess.technology.mentions.table import statements
from tocsin.schema import TABLES, conform

SOURCE = "rules of reading technology mentions"
SHOWS = ("lost", "seized", "acquired", "target")
"""What is said where a class was there without being used."""
BELIEVED = 0.5
"""A tag is made only of words that name the class with at least this probability."""


def tag(
    reports: pl.DataFrame, incident_reports: pl.DataFrame, told: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Tag each report with the technology classes that its headline or notes tell of.

    A class is tagged where a part says that it was used, shot down, seized, acquired or struck.
    The title of a file, a film, a threat, an exercise, talk, a denial and a remnant give no tag.

    Args:
        reports: the table `reports`.
        incident_reports: the table `incident_reports`, for the incident of each report.
        told: the table `technology_statements`; default: it is read from the reports.

    Returns:
        The table `technology_tags`: at most one row a report and class, that of the most
        convincing part; the headline goes before the notes. `probability` is that the part
        tells of the class and speaks of this incident.
    """
    said = statements(reports, incident_reports) if told is None else told
    there = pl.when(pl.col("said").is_in(SHOWS)).then("is_class").otherwise("use")
    told_of = said.filter((pl.col("is_class") >= BELIEVED) & (there >= BELIEVED))
    chosen = (
        told_of.with_columns((there * pl.col("this_event")).alias("probability"))
        .sort("report_id", "technology", "field", "probability", descending=[False] * 3 + [True])
        .unique(["report_id", "technology"], keep="first", maintain_order=True)
    )
    texts = pl.concat(
        reports.select("report_id", pl.lit(field).alias("field"), pl.col(field).alias("text"))
        for field in ("headline", "notes")
    )
    model = TABLES["technology_tags"]
    tagged = (
        chosen.join(texts, on=["report_id", "field"], how="left", maintain_order="left")
        .with_columns(
            pl.struct("text", "start", "end")
            .map_elements(lambda one: one["text"][one["start"] : one["end"]], pl.String)
            .alias("evidence")
        )
        .select(
            *(name for name in TABLES["technology_tags"].to_schema().columns if name != "source")
        )
        .with_columns(pl.lit(SOURCE).alias("source"))
    )
    return conform(model, tagged)


def by_incident(tags: pl.DataFrame) -> pl.DataFrame:
    """Compute the probability of each incident and technology: that of its most convincing report.

    Reports of one event repeat each other, so they are not counted as independent.

    Args:
        tags: the table `technology_tags`.

    Returns:
        Columns `incident_id, technology, probability`.
    """
    return (
        tags.group_by("incident_id", "technology")
        .agg(pl.col("probability").max())
        .sort("incident_id", "technology")
    )
