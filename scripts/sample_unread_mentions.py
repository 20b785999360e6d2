"""Draw mentions in texts that no file of labels holds, by class, region and how sure a reading is.

A rule that was made on labels is not tested by them. What no file of labels holds is drawn in
strata: class, region, field, and a band of the probability that the house's reading gives its
first user, so that sure and doubtful readings are both tested. The band is the last letter of a
row's stratum; `show_mentions.py` shows neither it nor any probability, and this script prints none.

Example: python scripts/sample_unread_mentions.py path/to/ucdp/files LABELS
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from tocsin.bench.mentions.labels import COLUMNS, read_table
from tocsin.bench.mentions.predictions import predict
from tocsin.bench.mentions.sample import draw, mentions
from tocsin.bench.mentions.texts import read_all

READ = ("mentions", "headlines", "recall", "second_reader", "fresh")
"""Files whose texts have been read."""
CODE = {"improvised-explosives": "ie", "guided-or-indirect-fire": "fi"}
BANDS = (0.6, 0.85)
"""Bounds between the bands; a mention in which the reading finds nothing is a band of its own."""
SIZE = 11
"""Mentions a band of each large stratum; a stratum of fewer than `SMALL` texts is taken whole."""
SMALL = 30


def main() -> None:
    """Write `unread.csv`, with the labels' columns empty, and print the size of each class."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    path = target / "unread.csv"
    if path.exists():
        sys.exit("unread.csv is there: what a reader wrote is never overwritten.")
    texts = pl.concat(read_all(source))
    known = pl.concat(read_table(target / f"{name}.csv").select("sha256") for name in READ)
    rows = mentions(texts).join(known, on="sha256", how="anti")
    # One row a text: headlines repeat across events, and a repeated one would count twice.
    rows = rows.sort("row_id").unique("sha256", keep="first", maintain_order=True)
    rows = rows.join(texts, on=["region", "event_id", "field", "sha256"], maintain_order="left")
    drawn = pl.concat(_strata(rows.with_columns(_band(rows))))
    blank = [pl.lit("").alias(name) for name in COLUMNS if name not in drawn.columns]
    order = [*COLUMNS, "region", "event_id", "field", "part", "stratum", "weight"]
    # In the order of their digests neighbours say nothing of each other's band.
    drawn = drawn.with_columns(blank).sort("sha256").select(order)
    drawn.write_csv(path, float_precision=6)
    print(drawn.group_by("technology", "region", "field").len().sort("technology", "region"))


def _band(rows: pl.DataFrame) -> pl.Series:
    """The band of each row, as a letter."""
    told = predict(rows)
    sure = told.select(pl.max_horizontal("a", "b", "third")).to_series()
    frame = pl.DataFrame({"sure": sure, "there": told["is_class"] >= 0.5})
    low, high = BANDS
    letter = (
        pl.when(~pl.col("there")).then(pl.lit("n"))
        .when(pl.col("sure") < low).then(pl.lit("l"))
        .when(pl.col("sure") < high).then(pl.lit("m"))
        .otherwise(pl.lit("h"))
    )  # fmt: skip
    return frame.select(letter.alias("band")).to_series()


def _strata(rows: pl.DataFrame) -> list[pl.DataFrame]:
    found = []
    for key, part in rows.group_by("technology", "region", "field", maintain_order=True):
        name = f"unread-{CODE[str(key[0])]}-{key[1]}-{key[2]}"
        if part.height < SMALL:
            found.append(draw(part, name))
            continue
        found += [
            draw(some, f"{name}-{letter}", min(SIZE, some.height))
            for (letter,), some in part.group_by("band", maintain_order=True)
        ]
    return found


if __name__ == "__main__":
    main()
