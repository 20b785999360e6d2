"""Fit the weights by which a mention's user is judged, on the labels of some regions.

Writes `weights.toml` of `tocsin.assess.technology.mentions`. The log likelihood of the labelled
users has a ridge penalty, so that a class with few cases stays near
what holds for all. A label such as 'not-a' counts as either of the answers that remain.

Example: python scripts/fit_mention_users.py path/to/ucdp/files SYR CAF
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import minimize

from tocsin.assess.technology.mentions.reading import read
from tocsin.assess.technology.mentions.users import ANSWERS, EVIDENCE, features
from tocsin.assess.technology.tags import SHOWS
from tocsin.bench.mentions.labels import read_labels, with_texts
from tocsin.bench.mentions.predictions import facts_of, region_number
from tocsin.bench.mentions.scores import USER_OF
from tocsin.bench.mentions.texts import read_texts

ROOT = Path(__file__).parents[1]
LABELS = ROOT / "benchmarks/labels/technology_mentions"
TARGET = ROOT / "src/tocsin/assess/technology/mentions/weights.toml"
RIDGE = {"role": 0.5, "evidence": 0.05}
"""Weight of the penalty on how often a role is the user, and on what speaks for an answer."""
HELD = {"took_it": -2.0, "nobody_else": -1.5, "lacks_it": -3.0}
"""What is held of three kinds of evidence of which the labels have hardly a case: who shot a class
down or seized it was not the one who had it; where no other state fights, a third party is seldom
the user; and a state that is known to have lacked a class did not attack with it. **Judgements**;
the penalty is on the distance from them."""
HELD_RIDGE = 0.5


def main() -> None:
    """Fit on the regions named on the command line, and write the weights."""
    folder, regions = Path(sys.argv[1]), sys.argv[2:]
    texts = pl.concat(read_texts(folder, region) for region in regions)
    labels = read_labels(LABELS).filter(
        pl.col("region").is_in(regions)
        & (pl.col("use") | (pl.col("is_class") == "1") & pl.col("said").is_in(SHOWS))
        & pl.col("user").is_in(list(USER_OF))
    )
    rows, _ = with_texts(labels, texts)
    cases = []
    for row in rows.iter_rows(named=True):
        facts = facts_of(row, region_number(row["region"]))
        found = [
            one
            for one in read(row["text"], facts.setting)
            if one.technology == row["technology"] and one.part == row["part"]
        ]
        if found:
            facts = facts_of(row, region_number(row["region"]), found[0].said)
        by, against = (found[0].by, found[0].against) if found else (None, None)
        told = features(row["technology"], by, against, facts)
        allowed = [answer in USER_OF[row["user"]] for answer in ANSWERS]
        if any(one and there is not None for one, there in zip(allowed, told, strict=True)):
            cases.append((told, allowed))
    names = sorted({name for told, _ in cases for one in told if one for name in one})
    at = {name: place for place, name in enumerate(names)}
    centre = np.array([HELD.get(name, 0.0) for name in names])
    ridge = np.array(
        [
            HELD_RIDGE if name in HELD else RIDGE["evidence" if name in EVIDENCE else "role"]
            for name in names
        ]
    )
    design = np.zeros((len(cases), len(ANSWERS), len(names)))
    there = np.zeros((len(cases), len(ANSWERS)), dtype=bool)
    truth = np.array([allowed for _, allowed in cases])
    for i, (told, _) in enumerate(cases):
        for j, one in enumerate(told):
            there[i, j] = one is not None
            for name, value in (one or {}).items():
                design[i, j, at[name]] = value

    def loss(weight: np.ndarray) -> float:
        score = np.where(there, design @ weight, -np.inf)
        p = np.exp(score - score.max(axis=1, keepdims=True))
        given = (p * truth).sum(axis=1) / p.sum(axis=1)
        far = (ridge * (weight - centre) ** 2).sum()
        return float(-np.log(np.maximum(given, 1e-9)).sum() + far)

    found = minimize(loss, centre, method="L-BFGS-B").x
    lines = [
        "# Weights of the conditional logit in users.py. Not written by hand:",
        f"# python scripts/fit_mention_users.py FOLDER {' '.join(regions)}",
        f"# on {len(cases)} labelled mentions; ridge: {RIDGE};",
        f"# held beforehand, with a ridge of {HELD_RIDGE}: {HELD}.",
        "",
        "[weight]",
        *(f'"{name}" = {value:.3f}' for name, value in zip(names, found, strict=True)),
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
