"""Ties that follow a covariate: are the covariate's effect and the ties' share found again?

150 organisations stand in a ring in the order of a covariate, with some noise, and each is tied to
its two neighbours on either side, so that who is tied is alike. First uses are drawn exactly from
the model, with the covariate's effect on the rate outside the network and with contagion over the
ties or without. Then the fast sampler is fitted, as it is and with one of its parts taken out at a
time. In worlds from the sampler's own prior 90 % intervals have to hold 90 %, however hard the two
are to tell apart; in worlds with one fixed truth they need not.

Last, covariates that do nothing are given beside planted worlds on the real ties.

Example: python benchmarks/diffusion_covariates.py --worlds 40 --work kept
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.shares import LEVELS, event_shares
from tocsin.anticipate.diffusion.hazard import gibbs
from tocsin.anticipate.diffusion.hazard.design import Design, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.posterior import Posterior
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties
from tocsin.anticipate.diffusion.tables.times import Floats
from tocsin.bench.diffusion.calibration import draw_exactly, draw_prior
from tocsin.bench.diffusion.plants import CHANNELS, plant_on_ties, real_ties
from tocsin.bench.kept import Row, run_seeds
from tocsin.observe import example_files, observe

ORGANISATIONS, EACH_SIDE, NOISE = 150, 2, 0.3
EFFECT, RATE, STRENGTH = 0.8, 1.2, 0.72
"""Of the covariate, per standard deviation; of the rates outside the network and over one tie, per
window."""
FEWEST, MOST = 20, 145
"""First uses between which a world from the prior is kept."""
NULLS = 5
"""Covariates without an effect beside a world on the real ties."""
PARTS: Mapping[str, Mapping[str, float]] = {
    "as it is": {},
    "a channel always carries something": {"CARRIES": 1.0 - 1e-9},
    "prior of the effect four times as wide": {"COVARIATE": 2.0},
    "no course in time": {"STEP_SHAPE": 1e6},
    "prior strength as in these worlds": {"MEAN_REACH": 3.0},
    "the first three": {"CARRIES": 1.0 - 1e-9, "COVARIATE": 2.0, "STEP_SHAPE": 1e6},
    "all four": {
        "CARRIES": 1.0 - 1e-9, "COVARIATE": 2.0, "STEP_SHAPE": 1e6, "MEAN_REACH": 3.0,
    },
}  # fmt: skip
"""Constants of `hazard.gibbs` that are tried."""


def main() -> None:
    """Print bias and coverage of the effect and of the share, part by part."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--worlds", type=int, default=40)
    parser.add_argument("--work", type=Path, help="folder where each world's result is kept")
    parser.add_argument("--only", default="", help="how the names of the studies begin")
    given = parser.parse_args()
    studies = {f"contagion, {part}": partial(fixed, STRENGTH, part) for part in PARTS}
    studies |= {
        "none, as it is": partial(fixed, 0.0, "as it is"),
        "prior": from_prior,
        "real ties": on_real_ties,
    }
    for name, task in studies.items():
        if not name.startswith(given.only):
            continue
        kept = given.work / f"{name.replace(' ', '-')}.jsonl" if given.work else None
        rows = pl.DataFrame(run_seeds(task, range(given.worlds), kept))
        told = {one: f"{value:.3f}" for one, value in judge(rows).items()}
        print(f"{name}: {told}", flush=True)


def ring(random: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Make adoptions of nobody but one, with a covariate, and ties between neighbours in it."""
    x = random.standard_normal(ORGANISATIONS)
    order = np.argsort(x + NOISE * random.standard_normal(ORGANISATIONS))
    names = np.array([f"{i:03d}" for i in range(ORGANISATIONS)])
    pairs = [
        (names[order[i]], names[order[i + step]])
        for step in range(1, EACH_SIDE + 1)
        for i in range(ORGANISATIONS - step)
    ]
    ends = pl.DataFrame(pairs, schema=["source", "target"], orient="row")
    ties = pl.concat([ends, ends.select(source="target", target="source")])
    # There has to be one first use, whose time is not read.
    time = [0.5] + [None] * (ORGANISATIONS - 1)
    adoptions = pl.DataFrame({"actor": names, "technology": "one", "time": time, "x": x})
    return adoptions, ties.with_columns(channel=pl.lit("ties"))


def fixed(strength: float, part: str, seed: int) -> Row:
    """One world with the truth of this study, fitted with a part of the model taken out."""
    random = np.random.default_rng([9, seed])

    def truth(design: Design) -> Posterior:
        one = draw_prior(design, random)
        s = np.full((1, 1), strength)
        return replace(
            one, base=np.full_like(one.base, RATE * np.exp(-(EFFECT**2) / 2)),
            cell=np.ones_like(one.cell), walk=np.ones_like(one.walk),
            beta=np.full_like(one.beta, EFFECT), strength=s[:, :, None], s=s,
        )  # fmt: skip

    with tried(PARTS[part]):
        return _fit(random, truth, seed, (1, ORGANISATIONS))


def from_prior(seed: int) -> Row:
    """One world whose truth is drawn from the sampler's prior."""
    random = np.random.default_rng([10, seed])
    return _fit(random, partial(draw_prior, random=random), seed, (FEWEST, MOST))


def _fit(
    random: np.random.Generator,
    truth: Callable[[Design], Posterior],
    seed: int,
    kept: tuple[int, int],
) -> Row:
    adoptions, table = ring(random)
    cases = read_cases(adoptions, covariates=["x"], start=0, end=1, unit="year")
    links = link_cases(cases, read_ties(table, cases))
    empty = make_design(cases, links, np.full(len(cases.actor), np.inf), channels=1)
    events = -1
    while not kept[0] <= events <= kept[1]:
        true = truth(empty)
        onset = draw_exactly(cases, links, empty, true, random)
        events = int(np.isfinite(onset).sum())
    design = make_design(cases, links, onset, channels=1)
    found = gibbs.sample_gibbs([design], seed=seed, draws=300)[0]
    share = event_shares(design, found).mean(1)[:, 0]
    return {
        "events": float(events),
        "r_hat": found.r_hat,
        "nothing": float((found.s == 0).mean()),
        **_beside("effect", float(true.beta[0, 0]), found.beta[:, 0]),
        **_beside("share", float(event_shares(design, true).mean()), share),
    }


def on_real_ties(seed: int) -> Row:
    """One world on the real ties, ties' share 0.24, fitted with covariates that do nothing."""
    listed = observe([path for path in example_files() if "actor" in path.name])
    network = real_ties(listed["actors"], listed["actor_relations"])
    plant = plant_on_ties(network, 20_000 + seed, share=0.24)
    random = np.random.default_rng([11, seed])
    actors = random.standard_normal((len(plant.cases.actors), NULLS))
    x = actors[plant.cases.actor]
    names = tuple(f"x{p}" for p in range(NULLS))
    cases = replace(plant.cases, covariates=(x - x.mean(0)) / x.std(0), covariate_names=names)
    links = link_cases(cases, plant.read)
    design = make_design(cases, links, plant.onset, channels=len(CHANNELS))
    found = gibbs.sample_gibbs([design], seed=seed, draws=150)[0]
    k = CHANNELS.index("ties")
    low, high = np.quantile(found.beta, LEVELS, axis=0)
    return {
        "events": float(len(design.case)),
        "r_hat": found.r_hat,
        "claimed": float(((low > 0) | (high < 0)).mean()),
        **_beside("share", float(plant.share[k]), event_shares(design, found).mean(1)[:, k]),
    }


def _beside(name: str, true: float, drawn: Floats) -> Row:
    low, high = np.quantile(drawn, LEVELS)
    return {
        f"{name}_true": true,
        f"{name}_off": float(drawn.mean() - true),
        f"{name}_held": float(low <= true <= high),
    }


def judge(rows: pl.DataFrame) -> dict[str, float]:
    """Give the mean of each column over worlds, and how many worlds there are."""
    means = {name: float(rows[name].to_numpy().mean()) for name in rows.columns}
    return {"worlds": float(rows.height)} | means


@contextmanager
def tried(constants: Mapping[str, float]) -> Iterator[None]:
    """Take other constants of `hazard.gibbs` for a while."""
    before = {name: getattr(gibbs, name) for name in constants}
    for name, value in constants.items():
        setattr(gibbs, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(gibbs, name, value)


if __name__ == "__main__":
    main()
