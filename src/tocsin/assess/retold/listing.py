"""The pairs of rows that may tell of one event, with what a person needs to decide on them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

READS = ("retold_pairs", "reports")
TOLD = (
    "date_start", "territory", "place", "publisher", "actor_a", "actor_b", "deaths_best",
    "headline", "notes",
)  # fmt: skip
"""What is shown of each row."""


def list_pairs(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """List the pairs, those that are open first, the likeliest first.

    Args:
        tables: those of `READS`, by name.

    Returns:
        Columns `report_a`, `report_b` and `same`, as `decided.read_decided` reads them: 'yes' or
        'no' where people decided, else empty, to be filled in; then `verdict`, `probability`,
        `days`, `same_count`, and what the rows tell (`TOLD`, ending in `_a` and `_b`).

    >>> from tocsin.schema import TABLES, empty
    >>> list_pairs({name: empty(TABLES[name]) for name in READS}).columns[:3]
    ['report_a', 'report_b', 'same']
    """
    said = {"said to be one": "yes", "said to be two": "no"}
    order = {"open": 0, "joined": 1, "said to be one": 2, "said to be two": 3}
    found = tables["retold_pairs"]
    for side in "ab":
        told = tables["reports"].select(
            pl.col("report_id").alias(f"report_{side}"),
            *(pl.col(name).alias(f"{name}_{side}") for name in TOLD),
        )
        found = found.join(told, on=f"report_{side}", how="left", maintain_order="left")
    return found.sort(
        pl.col("verdict").replace_strict(order, return_dtype=pl.Int64),
        -pl.col("probability"), "report_a", "report_b",
    ).select(
        "report_a", "report_b",
        pl.col("verdict").replace_strict(said, default="", return_dtype=pl.String).alias("same"),
        "verdict", "probability", "days", "same_count",
        *(f"{name}_{side}" for name in TOLD for side in "ab"),
    )  # fmt: skip
