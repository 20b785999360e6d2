"""The house's reading of the labelled mentions, scored region by region.

The rules and weights of `tocsin.assess.technology.mentions` were made on the labels of Syria and
the Central African Republic. Sudan, South Sudan and Myanmar were not looked at before they were
scored, and are printed apart.

Example: python benchmarks/mention_reading.py path/to/ucdp/files --out predictions.csv
"""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl

from tocsin.bench.mentions.labels import read_labels, with_texts
from tocsin.bench.mentions.predictions import predict
from tocsin.bench.mentions.scores import score
from tocsin.bench.mentions.texts import read_texts

FOLDER = Path(__file__).parent / "labels/technology_mentions"
REGIONS = {"looked at": ("SYR", "CAF"), "not looked at": ("SDN", "SSD", "MMR")}


def main() -> None:
    """Print the scores of each region, and write the predictions where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", type=Path, help="folder with the UCDP files")
    parser.add_argument("--out", type=Path, help="CSV file for `tocsin bench mentions`")
    given = parser.parse_args()
    labels = read_labels(FOLDER)
    told = []
    for name, regions in REGIONS.items():
        texts = pl.concat(read_texts(given.source, region) for region in regions)
        here = labels.filter(pl.col("region").is_in(regions))
        rows, lost = with_texts(here, texts)
        found = predict(rows)
        told.append(found)
        print(f"\n{name}: {', '.join(regions)}; {rows.height} rows, {len(lost)} without a text")
        for certainty in (1, 2):
            scores = score(here, found, certainty=certainty, draws=200)
            print(f"rows of certainty {certainty} and more")
            for technology, region, measure, value, low, high, n in scores.iter_rows():
                if technology == "all" or region == "all":
                    print(
                        f"{technology:24} {region:4} {measure:22} "
                        f"{value:7.3f} ({low:.3f} to {high:.3f}) {n}"
                    )
    if given.out:
        pl.concat(told).write_csv(given.out)


if __name__ == "__main__":
    main()
