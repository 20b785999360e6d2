"""What the labels of technology mentions hold, and how far two readers agree.

Example: python benchmarks/mention_labels.py

Prints the tables of the data card: rows a class and region, what is said, whose use it was, the
certainty, the recall sample, and Cohen's kappa a field once a second reader has filled in
`second_reader.csv`: on all rows, on those that both readers say name the class, and where the two
differ. Whoever is about to be that reader should not run it before: it prints what the first found.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl

from tocsin.bench.mentions.agreement import compare_readers, count_disagreements
from tocsin.bench.mentions.labels import check, read_labels, read_table, with_use
from tocsin.bench.mentions.organisations import read_organisations
from tocsin.bench.mentions.recall import read_recall

FOLDER = Path(__file__).parent / "labels/technology_mentions"


def show(title: str, table: pl.DataFrame) -> None:
    """Print a table whole."""
    print(f"\n{title}")
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_hide_dataframe_shape=True, tbl_width_chars=200):
        print(table)


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args()
    labels = read_labels(FOLDER)
    named = labels.filter(pl.col("is_class") == "1")
    keys = ["technology", "region"]
    of_rows = labels.group_by(keys).agg(
        rows=pl.len(),
        texts=pl.col("sha256").n_unique(),
        named=(pl.col("is_class") == "1").sum(),
        uses=pl.col("use").sum(),
        shows_a_side=pl.col("has").sum(),
        this_event=((pl.col("is_class") == "1") & (pl.col("this_event") == "1")).sum(),
    )
    show(f"{labels.height} rows", of_rows.sort(keys))
    said = named.pivot("technology", index="said", values="row_id", aggregate_function="len")
    show("What is said, of rows that name the class", said.fill_null(0).sort("said"))
    users = labels.filter(pl.col("use"))
    user = users.pivot("user", index="technology", values="row_id", aggregate_function="len")
    show("Whose use it was", user.fill_null(0).sort("technology"))
    sure = labels.pivot("certainty", index="technology", values="row_id", aggregate_function="len")
    show("Certainty of rows", sure.fill_null(0).sort("technology"))
    recall = read_recall(FOLDER)
    show(
        f"{recall['headline_id'].n_unique()} headlines of the recall sample, by class named",
        recall.group_by("technology", "region").len().sort("technology", "region"),
    )
    known = read_organisations(FOLDER)
    show(
        "Organisations",
        known.group_by("has").agg(pl.len(), pl.col("organisation").n_unique()).sort("has"),
    )
    second = read_table(FOLDER / "second_reader.csv")
    filled = second.filter(pl.col("is_class") != "")
    if filled.is_empty():
        print(f"\nA second reader has filled in none of {second.height} rows yet: no kappa.")
        return
    checked = with_use(check(filled, "second_reader.csv"))
    show(f"Two readers on {filled.height} rows", compare_readers(labels, checked))
    both = named.join(checked.filter(pl.col("is_class") == "1"), on="row_id", how="semi")
    show(
        f"Two readers on the {both.height} rows that both say name the class",
        compare_readers(both, checked).filter(pl.col("field") != "is_class"),
    )
    differ = count_disagreements(labels, checked).filter(pl.col("differ") > 0)
    show("Where they differ, and the most frequent pair (first > second)", differ)


if __name__ == "__main__":
    main()
