"""Whether organisations that leave make shares too small, and what does.

    python benchmarks/diffusion_exits.py 0 30
    python benchmarks/diffusion_exits.py 30 32 nuts

Ten studies with exits and ten without on each network of `diffusion_planted_files.py` with
contagion, by other seeds: two channels, of which one carries nothing, 30 first uses of 50. The
share of the true channel by Gibbs sampling, as the command takes it: of both channels; of the true
channel alone; and of that with next to nothing held beforehand of the rate outside the network. A
line for each, with and without exits: what the share is off by in the mean (standard error), the
mean absolute error, and how many 90 % intervals hold the true share. With `nuts`, only studies
without exits, and both channels by Gibbs sampling and by NUTS.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

import diffusion_planted_files as planted
import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.shares import draw_shares, interval
from tocsin.anticipate.diffusion.hazard import gibbs
from tocsin.anticipate.diffusion.hazard.design import (
    Design,
    draw_onsets,
    link_cases,
    make_design,
    only_links,
)
from tocsin.anticipate.diffusion.hazard.posterior import sample
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import join_spells, read_ties

STUDIES, DRAWS = 10, 250


def main(first: int, last: int, *, nuts: bool) -> None:
    """Print a line for each way of fitting, without exits and with them."""
    found: dict[tuple[str, bool], list[tuple[float, bool]]] = {}
    for number in range(first, last):
        network = np.random.default_rng([777, number])
        tied = planted.network(2 * number, network)
        strength = planted.strength_of(tied, network)
        for study in range(STUDIES):
            for exits in (False,) if nuts else (False, True):
                random = np.random.default_rng([778, number, study])
                other = planted.random_pairs(random, 100)
                made = planted.spread(tied, strength, random, exits=exits)
                for name, told in fitted(made, tied, other, number, nuts=nuts).items():
                    off = told[0] - made.part
                    held = told[1] <= made.part <= told[2]
                    found.setdefault((name, exits), []).append((off, held))
    for (name, exits), rows in found.items():
        off, held = np.array(rows).T
        print(
            f"{name}, {'with' if exits else 'without'} exits, {len(rows)}: {off.mean():+.4f} "
            f"({off.std(ddof=1) / np.sqrt(len(off)):.4f}), {np.abs(off).mean():.4f}, "
            f"hold {held.mean():.3f}",
            flush=True,
        )


def fitted(
    made: planted.Study, tied: planted.Matrix, other: planted.Matrix, seed: int, *, nuts: bool
) -> dict[str, tuple[float, float, float]]:
    """Mean and ends of the true channel's share, by way of fitting."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        planted.write(folder, made, tied, other, "days")
        adoptions, ties = (
            pl.read_csv(folder / f"{one}.csv", infer_schema=False) for one in ("adoptions", "ties")
        )
    cases = read_cases(adoptions, end=planted.as_text(made.end, "days"), unit="day")
    read = join_spells(read_ties(ties, cases, undirected=True))
    links, onset = link_cases(cases, read), draw_onsets(cases, np.random.default_rng(0))
    both = make_design(cases, links, onset, channels=2)
    if nuts:
        [found] = sample([both], seed=seed, draws=500, warmup=400)
        by_nuts = interval(draw_shares([(both, found)])[:, 0])
        return {"both channels": share(both, seed), "both channels by NUTS": by_nuts}
    alone = make_design(cases, only_links(links, links.channel == 0), onset, channels=1)
    told = {"both channels": share(both, seed), "the true one alone": share(alone, seed)}
    with patch.multiple(gibbs, BASE_SHAPE=0.05, BASE_RATE=0.1):
        told["alone, and little held beforehand"] = share(alone, seed)
    return told


def share(design: Design, seed: int) -> tuple[float, float, float]:
    """Mean and ends of the first channel's share."""
    posterior = gibbs.sample_gibbs([design], seed=seed, draws=DRAWS)[0]
    return interval(draw_shares([(design, posterior)])[:, 0])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), nuts="nuts" in sys.argv)
