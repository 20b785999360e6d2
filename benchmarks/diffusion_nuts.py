"""Seconds of NUTS for one imputation of 500 organisations, on whatever device JAX has.

Example: python benchmarks/diffusion_nuts.py --draws 100 --warmup 100

The first fit compiles, the second does not. Run it again with JAX_PLATFORMS=cpu for the peer: the
same code on the processor of the same machine. Prints a line a fit.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.hazard.design import draw_onsets, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.posterior import sample
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.bench.diffusion.plants import larger_ties, plant_on_ties
from tocsin.bench.diffusion.speed import QUARTER


def main() -> None:
    """Time two fits, each of an imputation of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=100, help="kept draws of each of 4 chains")
    parser.add_argument("--warmup", type=int, default=100)
    parser.add_argument("--network", help="a Parquet file of ties instead of the example's")
    args = parser.parse_args()
    import jax

    network = pl.read_parquet(args.network) if args.network else larger_ties()
    plant = plant_on_ties(network, 0, share=0.24)
    begun = pl.col("time") // QUARTER * QUARTER
    quarters = plant.adoptions.with_columns(
        begun.alias("from"), (begun + QUARTER).alias("to")
    ).drop("time")  # fmt: skip
    cases = read_cases(quarters, start=0.0, end=20.0, unit="year")
    links, random = link_cases(cases, plant.read), np.random.default_rng(0)
    channels = len(plant.read.channels)
    print(jax.devices()[0], len(cases.actors), "organisations")
    for seed in range(2):
        design = make_design(cases, links, draw_onsets(cases, random), channels=channels)
        begin = time.perf_counter()
        [found] = sample([design], seed=seed, draws=args.draws, warmup=args.warmup)
        seconds = time.perf_counter() - begin
        print(f"{seconds:.1f} s, R-hat {found.r_hat:.3f}, {found.divergences} divergences")


if __name__ == "__main__":
    main()
