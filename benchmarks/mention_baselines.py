"""Simple readings of the labelled mentions, to be beaten: their scores by `tocsin bench mentions`.

Example: python benchmarks/mention_baselines.py path/to/ucdp/files

- `every match is a use`: each mention of the broad patterns is a use, by a side that has the share
  it has in the other regions;
- `the lexicon`: a part that today's lexicon tags with the class is a use with the tag's
  probability, the user as before.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from tocsin.assess.technology.lexicon import matches
from tocsin.bench.mentions.labels import read_labels, with_texts
from tocsin.bench.mentions.scores import score
from tocsin.bench.mentions.texts import parts, read_all

FOLDER = Path(__file__).parent / "labels/technology_mentions"
SIDES = ("a", "b", "third")
SHOWN = ("is_class_precision", "is_class_recall", "use_precision", "use_recall", "use_f1")
SHOWN = (*SHOWN, "no_use_f1", "use_log_score", "user_accuracy", "user_log_score")


def shares_elsewhere(labels: pl.DataFrame) -> pl.DataFrame:
    """For each region and class, the shares of the users in the other regions, smoothed by one."""
    uses = labels.filter(pl.col("use") & pl.col("user").is_in(SIDES))
    rows = []
    for region, technology in labels.select("region", "technology").unique().iter_rows():
        others = uses.filter((pl.col("region") != region) & (pl.col("technology") == technology))
        counts = [1 + others.filter(pl.col("user") == side).height for side in SIDES]
        rows.append((region, technology, *(count / sum(counts) for count in counts)))
    return pl.DataFrame(rows, schema=["region", "technology", *SIDES], orient="row")


def tag_of_part(text: str, start: int, technology: str) -> float:
    """The probability that the lexicon gives the class in the part that holds `start`."""
    part = next(piece for piece in parts(text) if piece.start <= start < piece.end)
    found = matches(text[part.start : part.end])
    return max((match.probability for match in found if match.technology == technology), default=0)


def main() -> None:
    """Print the scores of both readings on all rows and in each region."""
    labels = read_labels(FOLDER)
    read, lost = with_texts(labels, pl.concat(read_all(Path(sys.argv[1]))))
    if lost:
        print(f"{len(lost)} rows have another text in your files and are left out.")
    read = read.join(shares_elsewhere(labels), on=["region", "technology"])
    tags = [
        tag_of_part(text, start, technology)
        for text, start, technology in read.select("text", "start", "technology").iter_rows()
    ]
    kept = labels.filter(pl.col("row_id").is_in(read["row_id"].to_list()))
    for name, p in (("every match is a use", [1.0] * read.height), ("the lexicon", tags)):
        told = read.select("row_id", *SIDES).with_columns(
            pl.Series("is_class", p), pl.Series("use", p)
        )
        for certainty in (1, 2):
            found = score(kept, told, certainty=certainty, draws=200).filter(
                pl.col("measure").is_in(SHOWN) & (pl.col("region") == "all")
            )
            print(f"\n{name}, rows of certainty {certainty} and more")
            for technology, _, measure, value, low, high, rows in found.iter_rows():
                print(f"{technology:24} {measure:20} {value:7.3f} ({low:.3f} to {high:.3f}) {rows}")


if __name__ == "__main__":
    main()
