"""Rows of one source that read alike, and identifiers that stand twice in one source.

Two files of n rows that all read alike make n times n pairs, of which none says more than another.
Such rows cannot be told apart; where a source has more than a few of them, none is compared.
"""

from __future__ import annotations

import polars as pl

MONTH = 28
"""Days from which a row that says nothing else is a total of many events."""
ALIKE = 8
"""So many rows of one source that read alike are compared. Of more, each would be the partner of a
given row with a probability under 1 / 8, less than any threshold that linking chooses."""
NOT_READ = ("row", "id", "file_row", "usable")
"""Columns of records that say nothing of the event."""


def set_copies_aside(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out of comparison the rows of which one source has more than `ALIKE` that read alike.

    Args:
        rows: n records, as `tocsin.assess.linkage.records.records.records` makes them.

    Returns:
        The n records, of which those rows, and repetitions of one row with its id, are no longer
        `usable`. `whole` is the row that each repeats: its own number but for a repetition.
    """
    read = [name for name in rows.columns if name not in NOT_READ]
    rows = rows.with_columns(pl.col("row").min().over(*read, "id").alias("whole"))
    once = pl.col("usable") & (pl.col("whole") == pl.col("row"))
    rows = rows.with_columns(once.alias("usable"))
    few = pl.col("usable").sum().over(read) <= ALIKE
    return rows.with_columns((pl.col("usable") & few).alias("usable"))


def set_totals_aside(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out of comparison the rows of a month or more that say neither where nor who.

    Nothing but their days could link them with one event, and every event of the month has those.

    Args:
        rows: n records, as `tocsin.assess.linkage.records.records.records` makes them.

    Returns:
        The n records, of which those rows are no longer `usable`.
    """
    silent = [pl.col(name).is_null() for name in ("place", "actor_a", "actor_b")]
    nowhere = pl.col("lat").is_null() | pl.col("coarse")
    month = pl.col("day1") - pl.col("day0") + 1 >= MONTH
    total = pl.all_horizontal(*silent, nowhere, month.fill_null(value=False))
    return rows.with_columns(pl.col("usable") & ~total)


def repeated_ids(rows: pl.DataFrame) -> pl.DataFrame:
    """List the rows whose id stands on another row of the same source, too.

    Args:
        rows: records with `source`, `id` and `file_row`.

    Returns:
        `source, id, file_row`: the row in its file, counted from 1.
    """
    named = rows.filter(pl.col("id") != "").select("source", "id", "file_row")
    return named.filter(pl.len().over("source", "id") > 1).sort("source", "file_row")


def copies_in_words(rows: pl.DataFrame, usable: pl.Series) -> list[str]:
    """Say what was set aside, and which ids are not unique, a sentence a source and kind.

    Args:
        rows: n records, from `set_copies_aside`.
        usable: shape (n,), which of them could be compared before.

    Returns:
        Whole sentences; none where there is nothing to say.
    """
    said = []
    alike = rows.filter(usable & ~pl.col("usable") & (pl.col("whole") == pl.col("row")))
    for source, count in alike.group_by("source").len().sort("source").iter_rows():
        said.append(
            f"{count:,} rows of {source} stay unlinked, since more than {ALIKE} of them read alike "
            "each time, and nothing tells them apart."
        )
    for (source,), repeated in repeated_ids(rows).group_by("source", maintain_order=True):
        first = repeated["id"][0]
        where = repeated.filter(pl.col("id") == first)["file_row"].to_list()
        said.append(
            f"{repeated['id'].n_unique():,} ids of {source} stand on several rows, for example "
            f"{first} on rows {where[0]:,} and {where[1]:,}; row_a, row_b and row in the results "
            "count the rows of each file from 1."
        )
    return said
