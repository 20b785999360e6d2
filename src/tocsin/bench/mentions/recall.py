"""What a tagger finds in headlines that the lexicon of the sampling day left without a tag."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tocsin.bench.mentions.agreement import wilson
from tocsin.bench.mentions.labels import check, read_table
from tocsin.bench.mentions.patterns import CODES
from tocsin.errors import TableInvalid


def read_recall(folder: Path) -> pl.DataFrame:
    """Read the labels of the headlines that were drawn for recall.

    Args:
        folder: where the files of labels are.

    Returns:
        One row a headline and class that it names: `headline_id, technology, region, weight`.
        Headlines without a mention have one row with an empty class.

    Raises:
        TableInvalid: a class or label that is not known, or a headline that was not sampled.
    """
    table = read_table(folder / "recall.csv")
    if "headline_id" not in table.columns:
        raise TableInvalid("The column 'headline_id' is missing.", where="recall.csv")
    check(table.filter(pl.col("technology") != ""), "recall.csv")
    odd = table.filter(~pl.col("technology").is_in(["", *CODES]))
    if odd.height:
        raise TableInvalid(f"'{odd['technology'][0]}' is not a class.", where="recall.csv")
    sampled = pl.read_csv(folder / "headlines.csv", infer_schema_length=0).select(
        pl.col("row_id").alias("headline_id"), "region", pl.col("weight").cast(pl.Float64)
    )
    joined = table.select("headline_id", "technology").unique(maintain_order=True)
    joined = joined.join(sampled, on="headline_id", how="left", maintain_order="left")
    strange = joined.filter(pl.col("region").is_null())
    if strange.height:
        raise TableInvalid(
            f"The headline '{strange['headline_id'][0]}' was never sampled.", where="recall.csv"
        )
    return joined


def score_recall(recall: pl.DataFrame, tags: pl.DataFrame) -> pl.DataFrame:
    """Score tags on the headlines of the recall sample.

    Args:
        recall: of `read_recall`.
        tags: `headline_id, technology`, one row a tag; other headlines are left out.

    Returns:
        One row a class: `technology`; `named` and `found`, mentions in the sample and how many of
        them the tags have; `recall` of them, weighted to all such headlines; `low`, `high`, the
        unweighted 95 % interval (Wilson 1927); `false`, tags where no mention is; `missed_in_all`,
        the weighted number of headlines with a mention that the tags miss.
    """
    named = recall.filter(pl.col("technology") != "")
    told = tags.select("headline_id", "technology").unique()
    told = told.filter(pl.col("headline_id").is_in(recall["headline_id"].to_list()))
    keys = ["headline_id", "technology"]
    rows = []
    for technology in CODES:
        mine = named.filter(pl.col("technology") == technology)
        hit = mine.join(told, on=keys, how="semi")
        wrong = told.filter(pl.col("technology") == technology).join(mine, on=keys, how="anti")
        all_of_them, found = float(mine["weight"].sum()), float(hit["weight"].sum())
        share = found / all_of_them if all_of_them else float("nan")
        low, high = wilson(hit.height, mine.height)
        rows.append(
            (
                technology,
                mine.height,
                hit.height,
                share,
                low,
                high,
                wrong.height,
                all_of_them - found,
            )
        )
    names = ["technology", "named", "found", "recall", "low", "high", "false", "missed_in_all"]
    return pl.DataFrame(rows, schema=names, orient="row")
