"""The house's reading of the labelled mentions, scored region by region.

The rules of `tocsin.assess.technology.mentions` were made on the labels of Syria and the Central
African Republic. Sudan, South Sudan and Myanmar were not looked at, and are printed apart. Users
are told by weights that were fitted on the other set's labels. The fresh and the unread texts come
last: no rule was made on them; users there are told by the weights that ship.

Example: python benchmarks/mention_reading.py path/to/ucdp/files --out predictions.csv
"""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl

from tocsin.bench.adoption.made import cases_of_made
from tocsin.bench.adoption.users import cases_of, fit_weights
from tocsin.bench.mentions.labels import read_fresh, read_labels, with_texts
from tocsin.bench.mentions.predictions import predict
from tocsin.bench.mentions.scores import score
from tocsin.bench.mentions.texts import read_all

FOLDER = Path(__file__).parent / "labels/technology_mentions"
REGIONS = {"looked at": ("SYR", "CAF"), "not looked at": ("SDN", "SSD", "MMR")}


def main() -> None:
    """Print the scores of each region, and write the predictions where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", type=Path, help="folder with the UCDP files")
    parser.add_argument("--out", type=Path, help="CSV file for `tocsin bench mentions`")
    given = parser.parse_args()
    labels = read_labels(FOLDER)
    texts = pl.concat(read_all(given.source))
    known = {
        name: with_texts(labels.filter(pl.col("region").is_in(regions)), texts)
        for name, regions in REGIONS.items()
    }
    told = []
    for name, regions in REGIONS.items():
        others = pl.concat(rows for other, (rows, _) in known.items() if other != name)
        rows, lost = known[name]
        found = predict(rows, fit_weights([*cases_of(others), *cases_of_made()]))
        told.append(found)
        print(f"\n{name}: {', '.join(regions)}; {rows.height} rows, {len(lost)} without a text")
        _print_scores(rows, found)
    for name in ("fresh.csv", "unread.csv"):
        rows, lost = with_texts(read_fresh(FOLDER, name), texts)
        print(f"\n{name}; {rows.height} rows, {len(lost)} without a text")
        _print_scores(rows, predict(rows))
    if given.out:
        pl.concat(told).write_csv(given.out)


def _print_scores(rows: pl.DataFrame, found: pl.DataFrame) -> None:
    """The scores; and of what words the false tags of explosives are, and what they are instead."""
    for certainty in (1, 2):
        scores = score(rows, found, certainty=certainty, draws=200)
        print(f"rows of certainty {certainty} and more")
        for technology, region, measure, value, low, high, n in scores.iter_rows():
            if technology == "all" or region == "all":
                print(
                    f"{technology:24} {region:4} {measure:22} "
                    f"{value:7.3f} ({low:.3f} to {high:.3f}) {n}"
                )
    sure = rows.filter(pl.col("certainty") != "1", pl.col("technology") == "improvised-explosives")
    tagged = sure.join(found.filter(pl.col("use") >= 0.5).select("row_id"), on="row_id")
    kinds = tagged.filter(~pl.col("use")).group_by(
        pl.col("words").str.to_lowercase(), "said", "is_class"
    )
    for words, said, is_class, n in kinds.len().sort("len", "words", descending=True).iter_rows():
        what = "of the class" if is_class == "1" else "not of the class"
        print(f"false tags of explosives: {n} of '{words}' ({said}, {what})")


if __name__ == "__main__":
    main()
