"""Fit the weights by which a mention's user is judged, on the labels of some regions.

Writes `weights.toml` of `tocsin.assess.technology.mentions`. The log likelihood of the labelled
users has a ridge penalty, so that a class with few cases stays near
what holds for all. A label such as 'not-a' counts as either of the answers that remain. What words
and facts say of a user is learned on made texts too, with roles of their own (decision 0158).

Example: python scripts/fit_mention_users.py path/to/ucdp/files SYR CAF SDN SSD MMR
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from tocsin.bench.adoption.made import APART as MADE
from tocsin.bench.adoption.made import cases_of_made
from tocsin.bench.adoption.tellable import fit_tellable, mentions_of
from tocsin.bench.adoption.users import APART, HELD, HELD_RIDGE, RIDGE, cases_of, fit_weights
from tocsin.bench.mentions.labels import read_labels, with_texts
from tocsin.bench.mentions.texts import read_texts

ROOT = Path(__file__).parents[1]
LABELS = ROOT / "benchmarks/labels/technology_mentions"
TARGET = ROOT / "src/tocsin/assess/technology/mentions/weights.toml"


def main() -> None:
    """Fit on the regions named on the command line, and write the weights."""
    folder, regions = Path(sys.argv[1]), sys.argv[2:]
    texts = pl.concat(read_texts(folder, region) for region in regions)
    rows, _ = with_texts(read_labels(LABELS).filter(pl.col("region").is_in(regions)), texts)
    cases, made = cases_of(rows), cases_of_made()
    fitted = fit_weights([*cases, *made])
    weights = {name: value for name, value in fitted.items() if not name.startswith(f"{MADE} ")}
    shares = fit_tellable(mentions_of(rows))
    lines = [
        "# Weights of the conditional logit in users.py. Not written by hand:",
        f"# python scripts/fit_mention_users.py FOLDER {' '.join(regions)}",
        f"# on {len(cases)} labelled mentions and {len(made)} made ones; ridge: {RIDGE};",
        f"# held beforehand, with a ridge of {HELD_RIDGE}: {HELD};",
        f"# roles differ by region with a standard deviation of {APART}, and their means are here.",
        "",
        "[weight]",
        *(f'"{name}" = {value:.3f}' for name, value in sorted(weights.items())),
        "",
        "# The share of mentions of which a reader could tell the user (tellable in users.py).",
        "[tellable]",
        *(f'"{name.removeprefix("tellable ")}" = {value:.3f}' for name, value in shares.items()),
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
