"""Technology tags: the classes that a report's words name, with the words themselves."""

from __future__ import annotations

import polars as pl

from tocsin.assess.technology.lexicon import loose_patterns, matches
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.vocabulary.folding import fold_texts

FIELDS = ("headline", "notes")
SOURCE = "lexicon of technology classes"


def tag(reports: pl.DataFrame, incident_reports: pl.DataFrame) -> pl.DataFrame:
    """Tag each report with the technology classes that its headline or notes name.

    Args:
        reports: the table `reports`.
        incident_reports: the table `incident_reports`, for the incident of each report.

    Returns:
        The table `technology_tags`: at most one row a report and class; the headline goes
        before the notes.
    """
    texts = pl.concat(
        reports.select("report_id", pl.lit(field).alias("field"), pl.col(field).alias("text"))
        for field in FIELDS
    ).drop_nulls("text")
    distinct = texts["text"].unique(maintain_order=True)
    found = [
        {
            "text": text,
            "technology": match.technology,
            "probability": match.probability,
            "evidence": match.evidence,
            "start": match.start,
            "end": match.end,
            "rule": match.rule,
        }
        for text, rules in candidate_texts(distinct).iter_rows()
        for match in matches(text, rules)
    ]
    if not found:
        return empty(TABLES["technology_tags"])
    tagged = (
        texts.join(pl.DataFrame(found), on="text")
        .join(incident_reports.select("report_id", "incident_id"), on="report_id")
        .sort("report_id", "technology", "field")
        .unique(["report_id", "technology"], keep="first", maintain_order=True)
        .drop("text")
        .with_columns(pl.lit(SOURCE).alias("source"))
    )
    return conform(TABLES["technology_tags"], tagged)


def candidate_texts(texts: pl.Series) -> pl.DataFrame:
    """Which texts may hold a match, and by which rules: all that do, and a few that do not.

    Whole columns at once, so that the many texts of a large source that name nothing cost
    little, and the others are looked at by few rules.

    Args:
        texts: strings, without nulls.

    Returns:
        `text` and `rules` (a list), in the order of `texts`.

    >>> candidate_texts(pl.Series(["A DRONE", "rain"])).rows()
    [('A DRONE', ['uav-en', 'uav-fr', 'uav-es'])]
    """
    folded = pl.DataFrame({"text": texts}).with_columns(fold_texts(pl.col("text")).alias("folded"))
    patterns = loose_patterns()
    return folded.filter(pl.col("folded").str.contains("|".join(patterns.values()))).select(
        "text",
        pl.concat_list(
            pl.when(pl.col("folded").str.contains(pattern)).then(pl.lit(rule))
            for rule, pattern in patterns.items()
        )
        .list.drop_nulls()
        .alias("rules"),
    )


def by_incident(tags: pl.DataFrame) -> pl.DataFrame:
    """Probability of each incident and technology: that of its most convincing report.

    Reports of one event repeat each other, so they are not counted as independent.
    """
    return (
        tags.group_by("incident_id", "technology")
        .agg(pl.col("probability").max())
        .sort("incident_id", "technology")
    )
