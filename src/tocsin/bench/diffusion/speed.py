"""Measured: seconds that the answer takes for many organisations, classes and imputations."""

from __future__ import annotations

import time

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.hazards import table_of_hazards
from tocsin.anticipate.diffusion.answer.next_users import table_of_next
from tocsin.anticipate.diffusion.answer.shares import Imputation, table_of_shares
from tocsin.anticipate.diffusion.hazard.design import draw_onsets, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.gibbs import sample_gibbs
from tocsin.anticipate.diffusion.hazard.latent import settle_onsets
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.bench.diffusion.plants import plant_on_ties

IMPUTATIONS = 20
QUARTER = 0.25
"""Years within which a first use is known."""


def answer_seconds(network: pl.DataFrame, seed: int) -> dict[str, float]:
    """Time the fast answer: first uses known by quarter, 20 imputations, five classes, 20 years.

    Args:
        network: from `plants.real_ties`, with as many organisations as are asked for.
        seed: start of all random numbers.

    Returns:
        `organisations`, `events`, `fit_seconds` (times and rates of all imputations) and `seconds`
        (with shares, hazards and who may be next; without controls), and the same in seconds of
        the processor, which other jobs beside do not lengthen.
    """
    plant = plant_on_ties(network, seed, share=0.24)
    begun = pl.col("time") // QUARTER * QUARTER
    quarters = plant.adoptions.with_columns(
        begun.alias("from"), (begun + QUARTER).alias("to")
    ).drop("time")  # fmt: skip
    begin, begin_cpu = time.perf_counter(), time.process_time()
    cases = read_cases(quarters, start=0.0, end=20.0, unit="year")
    links = link_cases(cases, plant.read)
    random = np.random.default_rng(seed)
    onsets = [draw_onsets(cases, random) for _ in range(IMPUTATIONS)]
    channels = plant.read.channels
    fitted, fitted_cpu = time.perf_counter(), time.process_time()
    onsets = settle_onsets(cases, links, onsets, channels=len(channels), random=random)
    designs = [make_design(cases, links, one, channels=len(channels)) for one in onsets]
    posteriors = sample_gibbs(designs, seed=seed)
    fit_seconds = time.perf_counter() - fitted
    fit_cpu = time.process_time() - fitted_cpu
    found = [Imputation(*one) for one in zip(onsets, designs, posteriors, strict=True)]
    table_of_shares(found, cases.technologies, channels)
    table_of_hazards(cases, found)
    table_of_next(cases, links, found)
    return {
        "organisations": float(len(cases.actors)),
        "events": float(np.mean([len(one.case) for one in designs])),
        "fit_seconds": fit_seconds,
        "seconds": time.perf_counter() - begin,
        "fit_processor_seconds": fit_cpu,
        "processor_seconds": time.process_time() - begin_cpu,
    }
