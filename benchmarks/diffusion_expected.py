"""First uses that diffusion expected at past half-years, beside those that came.

Each region of UCDP's files is assessed as the road does, without files on support. What was
expected is told at each half-year of the later window, for the half-year after it, from what lay
before it by today's ledger, so that no first use counts twice. An interval is of what came, as a
Poisson count, in parts of what was expected: where it holds 1, the two agree.

Example: python benchmarks/diffusion_expected.py path/to/ucdp/files
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from scipy.stats import gamma

from tocsin.anticipate.diffusion.answer.record import MODELS, tell_again
from tocsin.anticipate.diffusion.region.answer import origins_of
from tocsin.anticipate.diffusion.region.picture import make_picture
from tocsin.assess import assess
from tocsin.bench.mentions.texts import REGIONS
from tocsin.observe import observe
from tocsin.schema.tables.observed.actor import is_organisation

SETS = {
    "Syria, Central African Republic": ("SYR", "CAF"),
    "Sudan, South Sudan": ("SDN", "SSD"),
    "Myanmar": ("MMR",),
}
ACTORS = "ucdp_actor_22.1.csv.gz"
IMPUTATIONS = 10
MONTHS = 6
LEVELS = (0.05, 0.95)
LEAST = 0.05
"""First uses expected from which what came is given in parts of them."""


def main() -> None:
    """Print what was expected and what came: by region, class and third of the origins."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", type=Path, help="folder with the UCDP files")
    source = parser.parse_args().source
    told = pl.concat(
        told_of(name, [source / REGIONS[one] for one in codes] + [source / ACTORS])
        for name, codes in SETS.items()
    )
    for by in ((), ("region",), ("technology",), ("region", "technology"), ("region", "years")):
        print(f"\nby {', '.join(by) or 'nothing'}")
        for row in beside(told, by).to_dicts():
            who = ", ".join(str(row[name]) for name in by) or "all"
            ratios = ", ".join(f"{name} {row[name]:.2f}" for name in MODELS)
            parts = f"{row['ratio']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
            # Beside next to nothing a ratio says nothing.
            told_ratio = parts if row["territory"] >= LEAST else "–"
            print(f"  {who:58} came {row['came']:5.2f}; expected {ratios}; ratio {told_ratio}")


def told_of(name: str, paths: Sequence[Path]) -> pl.DataFrame:
    """Tell what was expected of one region again.

    Args:
        name: of the region.
        paths: its files.

    Returns:
        A row a class and origin: `region, technology, years` (the third of the window's origins),
        `came` and what each of `MODELS` expected, as means over imputations.
    """
    seen = observe(list(paths))
    names = ("actor_relations", "supports", "told_ties", "told_adoptions")
    found = assess(seen["reports"], seen["actors"], **{one: seen[one] for one in names})
    for table in ("actor_spells", "adoption", "adoption_draws"):
        kept = is_organisation(seen["actors"], found["incidents"])
        found[table] = found[table].filter(kept)
    picture = make_picture(found, imputations=IMPUTATIONS)
    cases, origins = picture.cases, origins_of(picture)
    parts = np.array_split(np.array(origins), 3)
    spans = {
        origin: f"{cases.clock.shown(part[0])[:7]} to {cases.clock.shown(part[-1])[:7]}"
        for part in parts
        for origin in part
    }
    rows = [
        {
            "region": name,
            "technology": cases.technologies[c],
            "years": spans[one.origin],
            "came": float(one.came[cases.technology[one.case] == c].sum()) / IMPUTATIONS,
        }
        | {
            model: float(chance[cases.technology[one.case] == c].sum()) / IMPUTATIONS
            for model, chance in zip(MODELS, one.chance, strict=True)
        }
        for onset in picture.onsets
        for one in tell_again(
            cases,
            picture.links,
            onset,
            origins,
            months=(MONTHS,),
            channels=len(picture.ties.channels),
        )
        for c in range(len(cases.technologies))
    ]
    return pl.DataFrame(rows)


def beside(told: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Add up what was expected and what came, with the interval of what came.

    Args:
        told: of `told_of`.
        by: columns of the groups; none: all together.

    Returns:
        The groups with `came`, `MODELS`, and `ratio`, `low`, `high`: what came in parts of what the
        model without ties expected, with 90 % (Garwood 1936, for counts that need not be whole).
    """
    sums = [pl.col("came", *MODELS).sum()]
    whole = told.group_by(*by).agg(sums).sort(*by) if by else told.select(sums)
    came, expected = whole["came"].to_numpy(), whole["territory"].to_numpy()
    low = np.where(came > 0, gamma.ppf(LEVELS[0], np.maximum(came, 1e-9)), 0.0)
    high = gamma.ppf(LEVELS[1], came + 1.0)
    bounds = (("ratio", came), ("low", low), ("high", high))
    return whole.with_columns(
        pl.Series(name, value / np.maximum(expected, 1e-9)) for name, value in bounds
    )


if __name__ == "__main__":
    main()
