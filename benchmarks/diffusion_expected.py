"""First uses that diffusion expected at past half-years, beside those that came.

Each region of UCDP's files is assessed as the road does, without files on support. What was
expected is told at each half-year of the later window, for the half-year after it, from what lay
before it by today's ledger, so that no first use counts twice. An interval is of what came, as a
Poisson count, in parts of what was expected: where it holds 1, the two agree.

Then the same is told with other constants. Log scores are sums over organisations and classes, of
the model without ties; less negative is better. What is chosen is chosen on the earlier half of the
origins, and the later half says what that was worth.

Example: python benchmarks/diffusion_expected.py path/to/ucdp/files
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from scipy.stats import gamma

from tocsin.anticipate.diffusion.answer.record import MODELS, table_of_record, tell_again
from tocsin.anticipate.diffusion.hazard import em
from tocsin.anticipate.diffusion.region import picture as pictures
from tocsin.anticipate.diffusion.region.answer import origins_of
from tocsin.assess import assess
from tocsin.bench.mentions.texts import REGIONS
from tocsin.observe import observe
from tocsin.schema.step import Tables
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
NO_PRIOR = {"BASE_SHAPE": 1e-6, "BASE_RATE": 1e-6}
VARIANTS: Mapping[str, Mapping[str, float]] = {
    "as it is": {},
    "nothing held of a class beforehand": NO_PRIOR,
    "at risk from the first incident of all": {"COVERED": 0},
    "neither (until 2026-11-26)": {**NO_PRIOR, "COVERED": 0},
    "course in time freer (5)": {"STEP_SHAPE": 5.0},
    "course in time much freer (1)": {"STEP_SHAPE": 1.0},
}
"""Constants of `hazard.em` and `region.picture` that are tried."""


def main() -> None:
    """Print what was expected and what came: by region, class and third of the origins."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", type=Path, help="folder with the UCDP files")
    source = parser.parse_args().source
    read = {
        name: assessed([source / REGIONS[one] for one in codes] + [source / ACTORS])
        for name, codes in SETS.items()
    }
    told = told_everywhere(read)
    for by in ((), ("region",), ("technology",), ("region", "technology"), ("region", "years")):
        print(f"\nby {', '.join(by) or 'nothing'}")
        for row in beside(told, by).to_dicts():
            who = ", ".join(str(row[name]) for name in by) or "all"
            ratios = ", ".join(f"{name} {row[name]:.2f}" for name in MODELS)
            parts = f"{row['ratio']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
            # Beside next to nothing a ratio says nothing.
            told_ratio = parts if row["territory"] >= LEAST else "–"
            print(f"  {who:58} came {row['came']:5.2f}; expected {ratios}; ratio {told_ratio}")
    for label, constants in VARIANTS.items():
        with tried(constants):
            row = beside(told_everywhere(read, skill=False), ("late",)).to_dicts()
        halves = "; ".join(
            f"{'later' if one['late'] else 'earlier'} half: log score {one['log']:.1f}, "
            f"came {one['came']:.1f} of {one['territory']:.1f}"
            for one in row
        )
        print(f"{label:40} {halves}")


@contextmanager
def tried(constants: Mapping[str, float]) -> Iterator[None]:
    """Take other constants for a while.

    Args:
        constants: by the names that they have in `hazard.em` or `region.picture`.
    """
    homes: dict[str, Any] = {
        name: pictures if hasattr(pictures, name) else em for name in constants
    }
    before = {name: getattr(home, name) for name, home in homes.items()}
    for name, home in homes.items():
        setattr(home, name, constants[name])
    try:
        yield
    finally:
        for name, home in homes.items():
            setattr(home, name, before[name])


def assessed(paths: Sequence[Path]) -> Tables:
    """Assess files as the road does, without what is no organisation.

    Args:
        paths: files of UCDP.
    """
    seen = observe(list(paths))
    names = ("actor_relations", "supports", "told_ties", "told_adoptions")
    found = assess(seen["reports"], seen["actors"], **{one: seen[one] for one in names})
    kept = is_organisation(seen["actors"], found["incidents"])
    of = ("actor_spells", "adoption", "adoption_draws")
    return {**found, **{table: found[table].filter(kept) for table in of}}


def told_everywhere(read: Mapping[str, Tables], *, skill: bool = True) -> pl.DataFrame:
    """Tell what was expected of all regions again.

    Args:
        read: tables of `assessed`, by region.
        skill: True prints the skill of ties for each region.

    Returns:
        The rows of `told_of` for all regions.
    """
    return pl.concat(told_of(name, tables, skill=skill) for name, tables in read.items())


def told_of(name: str, tables: Tables, *, skill: bool) -> pl.DataFrame:
    """Tell what was expected of one region again.

    Args:
        name: of the region.
        tables: its tables, of `assessed`.
        skill: True prints the Brier skill of the model with ties, with its bootstrap.

    Returns:
        A row a class and origin: `region, technology, years` (the third of the window's origins),
        `late` (in the later half of them), `came`, what each of `MODELS` expected, and the log
        score of the model without ties, as means over imputations.
    """
    picture = pictures.make_picture(tables, imputations=IMPUTATIONS)
    cases, origins = picture.cases, origins_of(picture)
    told = [
        tell_again(
            cases,
            picture.links,
            onset,
            origins,
            months=(MONTHS,),
            channels=len(picture.ties.channels),
        )
        for onset in picture.onsets
    ]
    if skill:
        [row] = table_of_record(told, cases, seed=1).filter(window="all").to_dicts()
        scores = ", ".join(f"{model} {row[model]:.5f}" for model in MODELS)
        bounds = f"{row['skill']:.3f} ({row['skill_low']:.3f} to {row['skill_high']:.3f})"
        print(f"{name}: Brier scores {scores}; skill of ties against the best other {bounds}")
    parts = np.array_split(np.array(origins), 3)
    spans = {
        origin: f"{cases.clock.write(part[0])[:7]} to {cases.clock.write(part[-1])[:7]}"
        for part in parts
        for origin in part
    }
    rows = []
    for one in (one for some in told for one in some):
        plain = one.chance[MODELS.index("territory")]
        log = np.log(np.maximum(np.where(one.came > 0, plain, 1.0 - plain), 1e-12))
        for c, technology in enumerate(cases.technologies):
            mine = cases.technology[one.case] == c
            sums = [one.came[mine].sum(), *one.chance[:, mine].sum(1), log[mine].sum()]
            rows.append(
                {
                    "region": name,
                    "technology": technology,
                    "years": spans[one.origin],
                    "late": one.origin >= origins[len(origins) // 2],
                }
                | {
                    key: float(value) / IMPUTATIONS
                    for key, value in zip(("came", *MODELS, "log"), sums, strict=True)
                }
            )
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
    sums = [pl.col("came", *MODELS, "log").sum()]
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
