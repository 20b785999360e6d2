"""Shares where ties truly carry more or less than their stated weight, with and without a prior.

    python benchmarks/diffusion_weights.py [WORLDS]

Five classes spread among 415 organisations for twenty years on the real ties, with a ties' share of
about 0.27, and each tie truly weighs its stated weight times a gamma of shape 2 and mean 1. The fit
is told the stated weights: once as they are, and once with the prior of `hazard.weights`. The last
lines are of worlds in which stated weights are right.
"""

from __future__ import annotations

import sys

import numpy as np
import numpy.typing as npt

from tocsin.anticipate.diffusion.answer.shares import LEVELS, event_shares
from tocsin.anticipate.diffusion.hazard.design import find_carriers, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.gibbs import sample_gibbs
from tocsin.anticipate.diffusion.hazard.weights import SHAPE, sample_shares
from tocsin.bench.diffusion.plants import CHANNELS, GROUPS, larger_ties, plant_on_ties

FIRST = 5_000
SHARE = 0.3


def main() -> None:
    """Print for each kind of world how far off the ties' share is, and how often intervals hold."""
    network = larger_ties(GROUPS)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for doubt in (SHAPE, None):
        rows: dict[str, list[tuple[float, float, float]]] = {"as stated": [], "doubtful": []}
        for seed in range(FIRST, FIRST + count):
            plant = plant_on_ties(network, seed, share=SHARE, doubt=doubt)
            links = link_cases(plant.cases, plant.read)
            channels = len(CHANNELS)
            design = make_design(plant.cases, links, plant.onset, channels=channels)
            [posterior] = sample_gibbs([design], seed=seed, draws=150)
            plain = event_shares(design, posterior).mean(1)
            carriers = find_carriers(plant.cases, links, plant.onset)
            weighed = sample_shares(design, carriers, seed=seed, draws=150)
            true = float(plant.share[CHANNELS.index("ties")])
            for name, drawn in (("as stated", plain), ("doubtful", weighed)):
                rows[name].append(beside_truth(drawn[:, CHANNELS.index("ties")], true))
        print(f"weights truly {'as stated' if doubt is None else 'doubtful'}, {count} worlds")
        for name, found in rows.items():
            off, held, wide = np.array(found).T
            print(
                f"  taken {name}: bias {off.mean():.3f}, error {np.abs(off).mean():.3f}, hold "
                f"{held.mean():.2f}, width {wide.mean():.3f}",
                flush=True,
            )


def beside_truth(drawn: npt.NDArray[np.float64], true: float) -> tuple[float, float, float]:
    """How far a mean is off, whether the interval holds the truth, and how wide it is."""
    low, high = np.quantile(drawn, LEVELS)
    return float(drawn.mean() - true), float(low <= true <= high), float(high - low)


if __name__ == "__main__":
    main()
