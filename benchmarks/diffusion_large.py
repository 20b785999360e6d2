"""`tocsin diffuse` on a large table: seconds of a processor at each step, and memory.

    python benchmarks/diffusion_large.py 20000

So many organisations, five classes, five random ties each, a third of the cases with a first use
within 24 months, at random.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.diffusion.diffuse import diffuse

CLASSES, TIES = 5, 5


def main(count: int) -> None:
    """Print a line as each part begins, and the whole."""
    random = np.random.default_rng(5)
    ends = random.integers(0, count, (TIES * count, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    ties = pl.DataFrame(
        {"source": names(ends[:, 0]), "target": names(ends[:, 1]), "channel": "ties"}
    )
    onset = random.exponential(60, (count, CLASSES)).ravel()
    adoptions = pl.DataFrame(
        {
            "actor": names(np.repeat(np.arange(count), CLASSES)),
            "technology": list("abcde") * count,
            "time": [float(one) if one <= 24 else None for one in onset],
        }
    )
    diffuse(adoptions, ties, on_done=lambda words: print(f"{spent():.1f} s: {words}", flush=True))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{spent():.1f} s of a processor, {memory:.2f} GiB")


def names(numbers: npt.NDArray[np.int64]) -> list[str]:
    """Names of organisations by their numbers."""
    return [f"N{one}" for one in numbers]


def spent() -> float:
    """Seconds of a processor so far."""
    return time.process_time()


if __name__ == "__main__":
    main(int(sys.argv[1]))
