"""The table `reports`, linked across producers."""

from __future__ import annotations

import polars as pl

from tocsin.assess.linkage.link import Linked, known_names, link_records
from tocsin.assess.linkage.names.places import locate
from tocsin.assess.linkage.waterfall import waterfall
from tocsin.schema.vocabulary.producer import producer

SOURCE = "linkage of reports (Splink)"


def link_reports(reports: pl.DataFrame, actors: pl.DataFrame) -> tuple[Linked, pl.DataFrame]:
    """Link the reports of different producers.

    Args:
        reports: rows of the table `reports`, one an event of a producer.
        actors: the table `actors`, for other names of organisations; may be empty.

    Returns:
        The links and clusters, `id` being `report_id`; and the table `links`: each linked
        pair's steps from the prior to its probability.
    """
    linked = link_records(as_records(reports), known=known_names(actors))
    steps = waterfall(linked)
    if linked.records is None or linked.taken is None or steps.is_empty():
        return linked, pl.DataFrame()
    ids = linked.records.select("row", "id")
    explained = (
        steps.join(ids.rename({"row": "left", "id": "report_a"}), on="left")
        .join(ids.rename({"row": "right", "id": "report_b"}), on="right")
        .join(linked.taken.select("left", "right", "probability"), on=["left", "right"])
        .sort("report_a", "report_b", "step")
        .select(
            "report_a", "report_b", "probability", "step", "comparison", "level", "bits", "total",
            pl.lit(SOURCE).alias("source"),
        )
    )  # fmt: skip
    return linked, explained


def as_records(reports: pl.DataFrame) -> pl.DataFrame:
    """Turn reports into records as `records.records` gives them; the source is the producer.

    Args:
        reports: rows of the table `reports`.

    Returns:
        One record a report, with `id` being `report_id`.
    """
    frame = reports.sort("report_id").select(
        producer().alias("source"),
        pl.col("report_id").alias("id"),
        pl.int_range(1, pl.len() + 1).cast(pl.Int64).alias("file_row"),
        pl.col("date_start").cast(pl.Int32).alias("day0"),
        pl.col("date_end").cast(pl.Int32).alias("day1"),
        pl.col("latitude").alias("lat"),
        pl.col("longitude").alias("lon"),
        "place",
        "adm1",
        "adm2",
        pl.col("territory").alias("country"),
        "actor_a",
        "actor_b",
        pl.col("event_type").alias("type"),
        pl.col("place_prec").cast(pl.Float64),
        pl.col("deaths_low").cast(pl.Int32).alias("low"),
        pl.col("deaths_best").cast(pl.Int32).alias("best"),
        pl.col("deaths_high").cast(pl.Int32).alias("high"),
        pl.col("category").alias("extra_category"),
        pl.col("target").alias("extra_target"),
        pl.lit(True).alias("usable"),
    )
    frame = frame.sort("source", "id")
    return locate(frame.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64)))
