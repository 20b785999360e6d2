"""Organisations that public sources say have, or do not have, a class by a year."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tocsin.bench.mentions.agreement import wilson
from tocsin.bench.mentions.labels import read_table
from tocsin.bench.mentions.patterns import CODES
from tocsin.errors import TableInvalid

BASIS = {
    "1": ("use", "possession"),
    "0": ("inventory", "ended", "statement"),
}
"""Whether it has the class, to what the source tells: use or possession; a detailed account of
its arms without the class, that it ended before the class was within reach, or that it lacks it."""


def read_organisations(folder: Path) -> pl.DataFrame:
    """Read the list of organisations that public sources say have, or do not have, a class.

    Args:
        folder: where the list is.

    Returns:
        Columns `organisation` (name of UCDP), `technology`, `has`, `year`, `certainty`, and the
        source.

    Raises:
        TableInvalid: a class or basis that is not known, or no source.
    """
    path = folder / "organisations.csv"
    table = read_table(path)
    for row in table.iter_rows(named=True):
        right = (
            row["technology"] in CODES
            and row["basis"] in BASIS.get(row["has"], ())
            and row["certainty"] in {"1", "2", "3"}
            and row["year"].isdigit()
            and row["author"]
            and row["title"]
        )
        if not right:
            raise TableInvalid(
                "The row has a value that is not known, or no source.",
                where=f"{path.name}, {row['organisation']}, {row['technology']}",
            )
    return table.with_columns(pl.col("has") == "1", pl.col("year", "certainty").cast(pl.Int64))


def score_organisations(known: pl.DataFrame, ledger: pl.DataFrame) -> pl.DataFrame:
    """Count how many of the known entries a ledger has right at a probability of 0.5.

    Args:
        known: of `read_organisations`; filter it to what the ledger could know.
        ledger: `organisation, technology, year, probability` of having the class by the end of
            the year. The last year up to that of the known entry counts; an organisation that is
            not there has no probability.

    Returns:
        Two rows: `has` true and false; `entries`; `in_ledger`, how many of them the ledger names
        by then; `right` and its share with the 95 % interval (Wilson 1927). Without an entry the
        ledger says 'not known': wrong where the organisation has the class, right where not.
    """
    numbered = known.with_row_index("entry")
    told = (
        numbered.join(ledger, on=["organisation", "technology"], suffix="_told")
        .filter(pl.col("year_told") <= pl.col("year"))
        .sort("year_told")
        .group_by("entry")
        .agg(pl.col("probability").last())
    )
    joined = numbered.join(told, on="entry", how="left").with_columns(
        ((pl.col("probability").fill_null(0.0) >= 0.5) == pl.col("has")).alias("right")
    )
    rows = []
    for has in (True, False):
        mine = joined.filter(pl.col("has") == has)
        right = int(mine["right"].sum())
        named = mine.height - mine["probability"].null_count()
        low, high = wilson(right, mine.height)
        share = right / mine.height if mine.height else float("nan")
        rows.append((has, mine.height, named, right, share, low, high))
    names = ["has", "entries", "in_ledger", "right", "share", "low", "high"]
    return pl.DataFrame(rows, schema=names, orient="row")
