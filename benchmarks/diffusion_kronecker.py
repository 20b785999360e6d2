"""NetRate on made Kronecker networks: is it the optimum, and how well does it find the edges?

    python benchmarks/diffusion_kronecker.py 777 1 2 3
    python benchmarks/diffusion_kronecker.py 505 --cascades 300 --horizon 20
    python benchmarks/diffusion_kronecker.py 101 --horizon 10 --told 20
    python benchmarks/diffusion_kronecker.py 606 --delay rayleigh --horizon 6

For each seed: cascades' sizes, scores of plain maximum likelihood and with the default prior,
average precision by other conventions, how near the rates are to the optimum, and to the true ones:
as they are told, and as the prior's own fit has them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import polars as pl
from sklearn.metrics import auc, average_precision_score, precision_recall_curve

from tocsin.anticipate.diffusion.cascades import netrate as fits
from tocsin.anticipate.diffusion.cascades.cascade import read_cascades
from tocsin.anticipate.diffusion.cascades.netrate import netrate
from tocsin.bench.diffusion.kronecker import (
    DELAYS,
    edge_scores,
    make_cascades,
    make_network,
    rate_scores,
)


def main() -> None:
    """Print two lines for each seed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("seeds", type=int, nargs="*", default=[777])
    parser.add_argument("--cascades", type=int, default=1000)
    parser.add_argument("--horizon", type=float, default=10.0)
    parser.add_argument(
        "--told", type=float, help="the horizon that NetRate is told; else the true"
    )
    parser.add_argument("--delay", choices=list(DELAYS), default="exponential")
    asked = parser.parse_args()
    for seed in asked.seeds:
        random = np.random.default_rng(seed)
        network = make_network(random)
        table = make_cascades(
            network, random, count=asked.cascades, horizon=asked.horizon, delay=asked.delay
        )
        cascades = read_cascades(table, asked.told or asked.horizon)
        begin = time.process_time()
        found = netrate(cascades, prior=0.0)
        seconds = time.process_time() - begin
        sizes = table.group_by("cascade").len()["len"]
        n = network.nodes
        true, score = np.zeros(n * n, dtype=bool), np.zeros(n * n)
        true[network.source * n + network.target] = True
        place = found.edges["source"].cast(pl.Int64) * n + found.edges["target"].cast(pl.Int64)
        score[place.to_numpy()] = found.edges["rate"].to_numpy()
        seen, apart = score > 0, np.ones(n * n, dtype=bool)
        apart[:: n + 1] = False
        precision, recall, _ = precision_recall_curve(true[apart], score[apart])
        scores = edge_scores(network, found.edges)
        uptakes = table.height - table["cascade"].n_unique()
        print(
            f"seed {seed}: nodes a cascade {sizes.median():.0f} (mean {sizes.mean():.1f}); "
            + ", ".join(f"{name} {value:.3f}" for name, value in scores.items())
            + f"; by trapezia {auc(recall, precision):.3f}, over pairs that were seen "
            f"{average_precision_score(true[seen], score[seen]):.3f}; gap per uptake "
            f"{found.gap / uptakes:.1e}; {seconds:.1f} s of a processor"
        )
        begin = time.process_time()
        found = netrate(cascades)
        print(f"  with the default prior: {time.process_time() - begin:.1f} s of a processor")
        with unlike(shrunk):
            fitted = netrate(cascades)
        for label, edges in (("told", found.edges), ("its fit", fitted.edges)):
            scores = edge_scores(network, edges) | rate_scores(network, edges)
            words = ", ".join(f"{name} {value:.3f}" for name, value in scores.items())
            print(f"    {label}: {words}", flush=True)


def shrunk(fitted: np.ndarray, *_others: object) -> np.ndarray:
    """Rates as the prior's fit has them, which were told until 2026-11-26."""
    return fitted


@contextmanager
def unlike(estimated: Callable[..., np.ndarray]) -> Iterator[None]:
    """Take another estimate of the rates of the ties that were found, for a while."""
    before = fits._estimate
    fits._estimate = estimated
    try:
        yield
    finally:
        fits._estimate = before


if __name__ == "__main__":
    main()
