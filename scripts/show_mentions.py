"""Print mentions as a reader sees them, to label them: no label is shown.

Example: python scripts/show_mentions.py path/to/ucdp/files \\
    benchmarks/labels/technology_mentions/second_reader.csv
"""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl

from tocsin.bench.mentions.labels import read_table, with_texts
from tocsin.bench.mentions.reading import show
from tocsin.bench.mentions.texts import read_all


def main() -> None:
    """Print the rows of the file, in its order."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path, help="folder with the UCDP files")
    parser.add_argument("table", type=Path, help="CSV file whose rows are shown")
    given = parser.parse_args()
    source, table = given.source, given.table
    place = pl.col("row_id").str.extract_groups(r"^(?<region>\w+)-(?<event_id>\w+)-(?<field>[ha])")
    rows = read_table(table).select("row_id", "technology", "start", "end", "sha256")
    rows = rows.with_columns(place.alias("place"), pl.col("start", "end").cast(pl.Int64))
    found, lost = with_texts(rows.unnest("place"), pl.concat(read_all(source)))
    for line in show(found):
        print(line)
    if lost:
        print(f"{len(lost)} rows have another text in your files, the first: {lost[0]}")


if __name__ == "__main__":
    main()
