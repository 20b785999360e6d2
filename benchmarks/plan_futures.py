"""Futures a second of the regional model in JAX, compiled over all futures or one at a time.

Example: python benchmarks/plan_futures.py

The peer is the same model stepped one future at a time (as a loop over agents-style models
would), in the same run on the same machine. Prints the ratio.
"""

from __future__ import annotations

import time

import jax
import numpy as np
from tocsin.plan.model import simulate

from tocsin.plan.portfolios import PORTFOLIOS, STATUS_QUO, effort

N, FUTURES, ALONE = 15, 1000, 50


def main() -> None:
    """Time both, after compiling."""
    base = effort(PORTFOLIOS[STATUS_QUO])
    border = np.full((N, N), 1 / N, np.float32)
    world = (np.full(N, 30, np.float32), np.full((N, 5), 0.2, np.float32), border)
    keys = jax.random.split(jax.random.key(0), FUTURES)

    def run(some: jax.Array) -> None:
        simulate(some, base, base, world)["deaths"].block_until_ready()

    run(keys)
    run(keys[:1])
    begun = time.perf_counter()
    run(keys)
    together = FUTURES / (time.perf_counter() - begun)
    begun = time.perf_counter()
    for i in range(ALONE):
        run(keys[i : i + 1])
    alone = ALONE / (time.perf_counter() - begun)
    print(f"all at once {together:,.0f} futures/s; one at a time {alone:,.0f} futures/s")
    print(f"ratio {together / alone:.1f}")


if __name__ == "__main__":
    main()
