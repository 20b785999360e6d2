"""The labels of readers: what they may say, and their texts joined from the UCDP files."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tocsin.bench.mentions.patterns import CODES
from tocsin.errors import TableInvalid
from tocsin.schema.tables.assessed.incident import SAID

USES = ("attack", "watch", "influence")
"""What is said where the class was used."""
SHOWS = (*USES, "lost", "seized", "acquired", "target")
"""What is said where somebody has the class, used or not."""
WHO = (
    "this-state",
    "other-state",
    "coalition",
    "organisation",
    "described",
    "civilians",
    "nobody",
)
USERS = ("", "a", "b", "third", "not-a", "not-b", "unknown")

ALLOWED = {
    "is_class": ("0", "1"),
    "said": SAID,
    "by": tuple(value for value in WHO if value != "civilians"),
    "against": WHO,
    "user": USERS,
    "this_event": ("0", "1", "u"),
    "certainty": ("1", "2", "3"),
}
"""Labelled column to the values that the guidelines allow."""

COLUMNS = (
    "row_id",
    "technology",
    "start",
    "end",
    "sha256",
    "is_class",
    "said",
    "by",
    "by_name",
    "against",
    "against_name",
    "user",
    "this_event",
    "certainty",
)

FACTS_OF_ROW = ("region", "event_id", "field", "part", "stratum", "weight")


def read_labels(folder: Path) -> pl.DataFrame:
    """Read the labels of all mentions that were sampled, one file a class.

    Args:
        folder: with `mentions.csv` and one file a class.

    Returns:
        `COLUMNS` as text but `start`, `end` (characters of the text), then the region, event,
        field, part, stratum and weight of the sample, and `use` and `has` as booleans: whether
        the row says that the class was used, and whether it shows that one of the event's sides
        has it.

    Raises:
        TableInvalid: a value that the guidelines do not know, or a row that was not sampled.
    """
    tables = [check(read_table(folder / f"{name}.csv"), f"{name}.csv") for name in CODES]
    sampled = pl.read_csv(folder / "mentions.csv", schema_overrides={"event_id": pl.String})
    labels = pl.concat(tables).with_columns(
        # A second statement of the same part has the id of the first with 'b' behind it.
        pl.col("row_id").str.strip_suffix("b").alias("sampled_id"),
        pl.col("start", "end").cast(pl.Int64),
    )
    facts = sampled.select(pl.col("row_id").alias("sampled_id"), *FACTS_OF_ROW)
    joined = labels.join(facts, on="sampled_id", how="left", maintain_order="left")
    strange = joined.filter(pl.col("region").is_null())
    if strange.height:
        raise TableInvalid(
            f"The row '{strange['row_id'][0]}' was never sampled.", where=str(folder)
        )
    return with_use(joined.drop("sampled_id"))


def read_fresh(folder: Path, name: str = "fresh.csv") -> pl.DataFrame:
    """Read the labels of texts on which no rule was made.

    Args:
        folder: where the file is.
        name: of the file, which holds what it was sampled by beside the labels: `fresh.csv`, or
            `unread.csv`, whose labels were made and committed before any of it was scored.

    Returns:
        As of `read_labels`.

    Raises:
        TableInvalid: a value that the guidelines do not know.
    """
    labels = check(read_table(folder / name), name)
    whole = pl.col("start", "end", "part").cast(pl.Int64)
    return with_use(labels.with_columns(whole, pl.col("weight").cast(pl.Float64)))


def with_use(labels: pl.DataFrame) -> pl.DataFrame:
    """Add `use` and `has`, which follow from the labels.

    Args:
        labels: with `is_class`, `said` and `user`.

    Returns:
        The labels with two columns of booleans: whether the row says that the class was used, and
        whether it shows that one of the event's sides has it.
    """
    named = pl.col("is_class") == "1"
    return labels.with_columns(
        (named & pl.col("said").is_in(USES)).alias("use"),
        (named & pl.col("said").is_in(SHOWS) & pl.col("user").is_in(["a", "b"])).alias("has"),
    )


def read_table(path: Path) -> pl.DataFrame:
    """Read a file of labels as text, empty fields as empty text.

    Args:
        path: a CSV file.

    Returns:
        Its columns, all of texts.

    Raises:
        TableInvalid: the file is missing.
    """
    if not path.exists():
        raise TableInvalid("The file of labels is missing.", where=str(path))
    return pl.read_csv(path, infer_schema_length=0).with_columns(pl.all().fill_null(""))


def check(labels: pl.DataFrame, where: str) -> pl.DataFrame:
    """Check that the labels hold only values that the guidelines know.

    Args:
        labels: with the columns `COLUMNS`.
        where: the file's name, for errors.

    Returns:
        The same labels.

    Raises:
        TableInvalid: a column is missing, a value is not known, or a row stands twice.
    """
    missing = set(COLUMNS) - set(labels.columns)
    if missing:
        raise TableInvalid(f"The column '{sorted(missing)[0]}' is missing.", where=where)
    for column, values in ALLOWED.items():
        bad = labels.filter(~pl.col(column).is_in(values))
        if bad.height:
            raise TableInvalid(
                f"'{bad[column][0]}' is not a value of '{column}'.",
                where=f"{where}, row {bad['row_id'][0]}",
                remedy=f"Values are: {', '.join(value or '(empty)' for value in values)}.",
            )
    twice = labels.filter(pl.col("row_id").is_duplicated())
    if twice.height:
        raise TableInvalid(f"The row '{twice['row_id'][0]}' stands twice.", where=where)
    return labels


def with_texts(labels: pl.DataFrame, texts: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Join the texts, by region, event and field, and only where the SHA-256 is the same.

    Args:
        labels: with `region`, `event_id`, `field`, `sha256`, `start`, `end`.
        texts: of `texts.read_texts`.

    Returns:
        The rows whose text is there, with `text`, `words` (those of the span) and the event's
        facts; and the ids of the rows whose text is not, because the user has another version.
    """
    keys = ["region", "event_id", "field", "sha256"]
    found = labels.join(texts, on=keys, how="inner", maintain_order="left").with_columns(
        pl.struct("text", "start", "end")
        .map_elements(lambda row: row["text"][row["start"] : row["end"]], pl.String)
        .alias("words")
    )
    lost = labels.join(texts, on=keys, how="anti", maintain_order="left")
    return found, lost["row_id"].to_list()
