"""Measured: inferred ties, planted shares, worlds without contagion, and who was next.

Each study is a list of tasks; each task's result is kept as one line of JSON in the folder `work`,
so that an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.shares import event_shares
from tocsin.anticipate.diffusion.cascades.cascade import read_cascades
from tocsin.anticipate.diffusion.cascades.netrate import netrate
from tocsin.anticipate.diffusion.hazard.design import link_cases, make_design
from tocsin.anticipate.diffusion.hazard.posterior import sample
from tocsin.base.threads import on_one_thread
from tocsin.bench.diffusion.calibration import GROUPS as CALIBRATED
from tocsin.bench.diffusion.calibration import judge_worlds, ranks
from tocsin.bench.diffusion.claims import beside_truth, claim, fast_shares, judge_claims
from tocsin.bench.diffusion.doubtful import doubt, judge_doubt
from tocsin.bench.diffusion.exposers import expose, judge_exposers
from tocsin.bench.diffusion.kronecker import (
    edge_scores,
    make_cascades,
    make_network,
    rate_scores,
)
from tocsin.bench.diffusion.plants import (
    Plant,
    larger_ties,
    plant_on_ties,
    plant_one_network,
)
from tocsin.bench.diffusion.published import netinf_rows
from tocsin.bench.diffusion.real import judge_told, retell
from tocsin.bench.diffusion.sensitivity import (
    cut_ties,
    detect_late,
    hide_ties,
    judge_cuts,
    judge_delay,
)
from tocsin.bench.diffusion.speed import answer_seconds
from tocsin.bench.kept import run_seeds

Row = dict[str, float]
Task = Callable[[int, pl.DataFrame], Row]


@dataclass(frozen=True)
class Study:
    """One question, asked with many seeds.

    Args:
        title: what is measured.
        task: one seed's result.
        runs, quick: how many seeds, in full and with --quick.
        judge: puts the rows of all seeds together.
    """

    title: str
    task: Task
    runs: int
    quick: int
    judge: Callable[[pl.DataFrame], dict[str, float]]


def _kronecker(seed: int, _network: pl.DataFrame) -> Row:
    random = np.random.default_rng(seed)
    network = make_network(random)
    cascades = read_cascades(make_cascades(network, random), 10.0)
    out: Row = {}
    for name, prior in (("plain", 0.0), ("prior", 10.0)):
        begin = time.perf_counter()
        found = netrate(cascades, prior=prior)
        out[f"{name}_seconds"] = time.perf_counter() - begin
        scores = edge_scores(network, found.edges) | rate_scores(network, found.edges)
        out |= {f"{name}_{score}": value for score, value in scores.items()}
    return out


def _netinf(_seed: int, _network: pl.DataFrame) -> Row:
    rows = netinf_rows()
    off = [abs(float(row["found"]) / float(row["published"]) - 1.0) for row in rows]
    return {"edges": float(sum(one < 0.001 for one in off)), "largest_error": max(off)}


def _one(seed: int, _network: pl.DataFrame) -> Row:
    plant = plant_one_network(10_000 + seed)
    links = link_cases(plant.cases, plant.read)
    design = make_design(plant.cases, links, plant.onset, channels=len(plant.read.channels))
    begin = time.perf_counter()
    posterior = sample([design], seed=seed, draws=300, warmup=300)[0]
    drawn = event_shares(design, posterior).mean(1)
    out: Row = {
        "events": float(len(design.case)),
        "seconds": time.perf_counter() - begin,
        "r_hat": posterior.r_hat,
        "divergences": float(posterior.divergences),
    }
    return out | beside_truth(plant, drawn)


def _study_of_made(ask: Callable[..., Row], share: float, frailty: float, first: int) -> Task:
    """A study whose function makes its own worlds, the first with the seed `first`."""

    def task(seed: int, network: pl.DataFrame) -> Row:
        return ask(network, first + seed, share=share, frailty=frailty)

    return task


def _fast(seed: int, _network: pl.DataFrame) -> Row:
    return fast_shares(plant_one_network(10_000 + seed), seed)


def _study_on_ties(judged: Callable[[Plant, int], Row], share: float, frailty: float) -> Task:
    """A study of worlds on the real ties, by Gibbs sampling; those without a share are others."""
    first = 20_000 if share else 30_000

    def task(seed: int, network: pl.DataFrame) -> Row:
        plant = plant_on_ties(network, first + seed, share=share, frailty=frailty)
        return judged(plant, seed)

    return task


def _judge_unseen(rows: pl.DataFrame) -> dict[str, float]:
    plain = _mean(rows["ties_plain"] - rows["ties_true"])
    return _judge_share("ties")(rows) | {"bias_without_the_prior": plain}


def _judge_medians(rows: pl.DataFrame) -> dict[str, float]:
    return {
        "runs": float(rows.height),
        "median_ties": float(rows["ties_median"].median()),  # type: ignore[arg-type]
        "median_territory": float(rows["territory_median"].median()),  # type: ignore[arg-type]
        "mean_ties": _mean(rows["ties_mean"]),
        "mean_territory": _mean(rows["territory_mean"]),
        "events": _mean(rows["events"]),
        "r_hat_95": float(rows["r_hat"].quantile(0.95) or np.nan),
    }


def _judge_mean(rows: pl.DataFrame) -> dict[str, float]:
    return {name: float(rows[name].mean()) for name in rows.columns}  # type: ignore[arg-type]


def _judge_share(channel: str) -> Callable[[pl.DataFrame], dict[str, float]]:
    def judge(rows: pl.DataFrame) -> dict[str, float]:
        true, mean = rows[f"{channel}_true"], rows[f"{channel}_mean"]
        inside = (rows[f"{channel}_low"] <= true) & (true <= rows[f"{channel}_high"])
        out = {
            "runs": float(rows.height),
            "true": _mean(true),
            "bias": _mean(mean - true),
            "absolute_error": _mean((mean - true).abs()),
            "covered": _mean(inside),
            "events": _mean(rows["events"]),
            "r_hat_95": float(rows["r_hat"].quantile(0.95) or np.nan),
        }
        if "divergences" in rows.columns:
            out["divergences"] = float(rows["divergences"].sum())
        return out

    return judge


def _mean(column: pl.Series) -> float:
    return float(column.cast(pl.Float64).mean())  # type: ignore[arg-type]


STUDIES: Mapping[str, Study] = {
    "netinf": Study("NetInf's published edges", _netinf, 1, 1, _judge_mean),
    "kronecker": Study("NetRate on a Kronecker network", _kronecker, 3, 1, _judge_mean),
    "one-network": Study(
        "One class on one network, share 0.8", _one, 200, 10, _judge_share("network")
    ),
    "one-network-fast": Study(
        "One class on one network, share 0.8, by Gibbs sampling",
        _fast,
        200,
        20,
        _judge_share("network"),
    ),
    "calibration": Study(
        "Calibration by simulation: ranks of true values, worlds from the sampler's prior",
        lambda seed, _network: ranks(larger_ties(CALIBRATED), seed),
        200,
        10,
        judge_worlds,
    ),
    "ties-fast": Study(
        "Five classes on real ties, share 0.24, by Gibbs sampling",
        _study_on_ties(fast_shares, 0.24, 0.5),
        200,
        8,
        _judge_share("ties"),
    ),
    "ties-fast-1.0": Study(
        "The same with frailty 1.0",
        _study_on_ties(fast_shares, 0.24, 1.0),
        200,
        8,
        _judge_share("ties"),
    ),
    "alike-fast-1.0": Study(
        "No contagion, frailty 1.0, by Gibbs sampling",
        _study_on_ties(fast_shares, 0.0, 1.0),
        200,
        8,
        _judge_medians,
    ),
    "alike-fast-1.5": Study(
        "No contagion, frailty 1.5, by Gibbs sampling",
        _study_on_ties(fast_shares, 0.0, 1.5),
        200,
        8,
        _judge_medians,
    ),
    "unseen": Study(
        "Three in ten ties unseen, with the prior of what is unseen",
        _study_on_ties(hide_ties, 0.24, 0.5),
        200,
        5,
        _judge_unseen,
    ),
    "cuts": Study(
        "Ties halved: first uses fewer in two years, beside the true rates",
        _study_on_ties(cut_ties, 0.24, 0.5),
        100,
        3,
        judge_cuts,
    ),
    "delay": Study(
        "First uses told a year late: forecasts of the year to come",
        _study_on_ties(detect_late, 0.24, 0.5),
        100,
        3,
        judge_delay,
    ),
    "claims-1.0": Study(
        "Claims without contagion, frailty 1.0, as the road makes them",
        _study_of_made(claim, 0.0, 1.0, 30_000),
        200,
        2,
        judge_claims,
    ),
    "claims-1.5": Study(
        "Claims without contagion, frailty 1.5, as the road makes them",
        _study_of_made(claim, 0.0, 1.5, 30_000),
        200,
        2,
        judge_claims,
    ),
    "claims-ties": Study(
        "Claims with a ties share of 0.24, as the road makes them",
        _study_of_made(claim, 0.24, 0.5, 20_000),
        100,
        2,
        judge_claims,
    ),
    "doubtful": Study(
        "Every second user only suspected by the ledger, ties' share 0.24",
        _study_of_made(doubt, 0.24, 0.5, 50_000),
        40,
        1,
        judge_doubt,
    ),
    "doubtful-alike": Study(
        "The same without contagion, frailty 1.0",
        _study_of_made(doubt, 0.0, 1.0, 50_000),
        40,
        1,
        judge_doubt,
    ),
    "exposers": Study(
        "Doubtful users that expose others with their probability, ties' share 0.24",
        _study_of_made(expose, 0.24, 0.5, 50_000),
        40,
        1,
        judge_exposers,
    ),
    "exposers-alike": Study(
        "The same without contagion, frailty 1.0",
        _study_of_made(expose, 0.0, 1.0, 50_000),
        40,
        1,
        judge_exposers,
    ),
    "real": Study(
        "Chances told again at past origins, example region",
        lambda seed, _network: retell(seed),
        20,
        1,
        judge_told,
    ),
    "speed": Study(
        "Seconds of the fast answer, 500 organisations × 5 classes × 20 years × 20 imputations",
        lambda seed, _network: answer_seconds(larger_ties(), seed),
        1,
        1,
        _judge_mean,
    ),
}


def run_study(
    name: str,
    network: pl.DataFrame,
    *,
    quick: bool = False,
    work: Path | None = None,
    on_done: Callable[[str], None] = lambda _words: None,
    workers: int = 1,
) -> dict[str, Any]:
    """Run one study, or what is left of it.

    Args:
        name: of STUDIES.
        network: from `plants.real_ties`.
        quick: few seeds.
        work: folder where each seed's result is kept; None: nowhere.
        on_done: told after each seed.
        workers: how many processes run seeds; each seed's result is the same with any number.

    Returns:
        `study`, `title`, the measures of the study by name, and `took_seconds`: of the clock, for
        what was left of it.
    """
    study = STUDIES[name]
    begin = time.perf_counter()
    wanted = range(study.quick if quick else study.runs)
    done = 0

    def tell(_seed: int) -> None:
        nonlocal done
        done += 1
        on_done(f"{study.title}: {done} of {len(wanted)}")

    kept = work / f"{name}.jsonl" if work else None
    rows = run_seeds(partial(_ask, name, network), wanted, kept, tell, workers)
    # Not every world has an event in every block of the real study.
    table = pl.DataFrame(rows, infer_schema_length=None)
    judged = study.judge(table)
    took = time.perf_counter() - begin
    return {"study": name, "title": study.title, **judged, "took_seconds": took}


@on_one_thread
def _ask(name: str, network: pl.DataFrame, seed: int) -> Row:
    """One seed's result; processes find the study by its name, since tasks cannot be sent."""
    return STUDIES[name].task(seed, network)
