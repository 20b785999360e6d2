"""Two portfolios by a comparison, and by futures that each begin by themselves.

Example: python benchmarks/plan_own_start.py WORKSPACE

The workspace has forecasts. Printed are deaths in ten years of 'layered' less those of the status
quo: the mean with its standard error, the standard deviation, the median, and the share of futures
in which it is above 0; as `tocsin plan` plays them, as `tocsin plan weaknesses` and `sensitivity`
do, and from the mean of the forecast, as these did before decision 210.
"""

from __future__ import annotations

import sys

import numpy as np

from tocsin.plan.compare import region_total
from tocsin.plan.exploration.futures import contest, inputs, scale_parameters
from tocsin.plan.play import READS, play_portfolios
from tocsin.schema.vocabulary.portfolio import STATUS_QUO
from tocsin.workspace.store import Workspace

ASKED, FUTURES, SEEDS = "layered", 2_048, (0, 1, 2)


def main(folder: str) -> None:
    """Print a row for each way and seed."""
    with Workspace.open(folder) as opened:
        tables = {name: opened.read(name) for name in READS}
        gwnos = opened.settings.region.gwnos
    for seed in SEEDS:
        runs = play_portfolios(tables, gwnos=gwnos, futures=2 * FUTURES, seed=seed).runs
        one, two = (
            region_total("deaths", runs[name].totals["deaths"]) for name in (ASKED, STATUS_QUO)
        )
        _print("a comparison", seed, one - two)
    for way, left_out in (("each by itself", ()), ("from the mean", ("forecast_draws",))):
        known = {name: one for name, one in tables.items() if name not in left_out}
        asked = contest(known, gwnos, ASKED)
        for seed in SEEDS:
            uniform = np.random.default_rng(seed).random((FUTURES, len(inputs(asked.posterior))))
            values = scale_parameters(uniform, asked.posterior)
            chance = np.arange(FUTURES) + seed * FUTURES
            _print(way, seed, asked.difference(values, chance, "deaths"))


def _print(way: str, seed: int, found: np.ndarray) -> None:
    error = found.std() / np.sqrt(len(found))
    print(
        f"{way}, seed {seed}: {found.mean():,.0f} ± {error:,.0f}, standard deviation "
        f"{found.std():,.0f}, median {np.median(found):,.0f}, above 0 in {(found > 0).mean():.4f}",
        flush=True,
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
