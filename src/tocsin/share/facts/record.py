"""The track record of the forecasts: all models over the same years, so that they compare."""

from __future__ import annotations

import polars as pl

from tocsin.share.facts.words import Facts

BENCHMARK = "last twelve months"


def record(track: pl.DataFrame) -> list[Facts]:
    """List the record of each model, over the years that all models have, the best first.

    There is a row for each model and set of territories. The record 'chosen on earlier windows'
    begins a year later than the others; over all years of each model it would be compared on other
    wars.

    Args:
        track: the table `track_record`.

    Returns:
        Rows of `model, region, from, to` (the years), `n` (forecasts scored), `crps` (mean, in
        deaths), `crps_log` (the same of log(1 + deaths)), `coverage` (share of truths in the 90 %
        interval) and `chosen`.
    """
    years = track.filter(pl.col("window") != "all", pl.col("horizon") == 0)
    shared = (
        years.group_by("region", "window")
        .agg(pl.col("model").n_unique().alias("models"))
        .filter(pl.col("models") == pl.col("models").max().over("region"))
        .drop("models")
    )
    whole = (
        years.join(shared, on=["region", "window"], how="semi")
        .group_by("model", "region")
        .agg(
            pl.col("n").sum().alias("total"),
            *[
                ((pl.col(name) * pl.col("n")).sum() / pl.col("n").sum()).alias(name)
                for name in ("crps", "crps_log", "coverage")
            ],
            pl.col("chosen").any(),
            pl.col("window").min().alias("from"),
            pl.col("window").max().alias("to"),
        )
        .rename({"total": "n"})
    )
    # In a workspace of one country all of it is in conflict, or none: the same rows stand once.
    all_of_it = whole.filter(region="all").select("model", "n")
    same = whole.filter(pl.col("region") != "all").join(all_of_it, on=["model", "n"])
    whole = whole.join(same, on=["model", "region"], how="anti")
    columns = ("model", "region", "from", "to", "n", "crps", "crps_log", "coverage", "chosen")
    order = whole.sort("region", "chosen", "crps", "model", descending=[False, True, False, False])
    return order.select(columns).to_dicts()


def outdone(rows: list[Facts]) -> list[Facts]:
    """List where the simple benchmark was nearer to what came than the model in use.

    Args:
        rows: of `record`.

    Returns:
        Rows of `region`, `own` and `simple`, the mean CRPS of the model in use and of the last
        twelve months, for the sets of territories in which the latter is lower.
    """
    simple = {row["region"]: row["crps"] for row in rows if row["model"] == BENCHMARK}
    return [
        {"region": row["region"], "own": row["crps"], "simple": simple[row["region"]]}
        for row in rows
        if row["chosen"] and simple.get(row["region"], row["crps"]) < row["crps"]
    ]


def windows(track: pl.DataFrame) -> list[Facts]:
    """List the score of each model in each year, over all territories together.

    Args:
        track: the table `track_record`.

    Returns:
        Rows of `window` (the year), `model`, `crps` (mean over territories and horizons, in
        deaths; lower is better), `ratio` (that score over the one of the last twelve months in
        the same year; missing where there is none) and `chosen` (whether the model is the one in
        use), by year.
    """
    each = track.filter(
        pl.col("window") != "all", pl.col("horizon") == 0, pl.col("region") == "all"
    )
    simple = each.filter(pl.col("model") == BENCHMARK, pl.col("crps") > 0)
    scored = each.join(simple.select("window", base="crps"), on="window", how="left")
    return (
        scored.sort("window", "model")
        .select("window", "model", "crps", "chosen", ratio=pl.col("crps") / pl.col("base"))
        .to_dicts()
    )
