"""The choice of how the forecaster pools its parts, on windows that end before 2018.

Example: python benchmarks/forecast_pool.py 1996 2017

The two years are the first and the last window. No month after December 2017 is read, whatever is
asked. The networks are fitted once a window, then each candidate puts the same distributions
together in its own way. Printed are the scores as shares of each window's best benchmark, their
means over the windows, and how far each candidate is from the first, with the standard error that
drawing whole countries gives (a bootstrap of 500 draws).
"""

from __future__ import annotations

import sys
from dataclasses import astuple, dataclass, fields
from datetime import date
from functools import partial

import numpy as np
import polars as pl

from tocsin.anticipate.data.history import history_of
from tocsin.anticipate.evaluation.backtest import score_window
from tocsin.anticipate.evaluation.breakdown import METRICS
from tocsin.anticipate.models import fading, pool
from tocsin.anticipate.models.benchmarks import BENCHMARKS
from tocsin.observe import example_files, read_table

LAST = date(2017, 12, 1)
DRAWS = 400
NONE = (1.0, 1.0)


@dataclass(frozen=True)
class Way:
    """This is one way to pool: constants of `pool` and `fading` in `tocsin.anticipate.models`."""

    own: float = 0.6
    half_lives: tuple[float, float] = (4.0, 3.0)
    blurs: tuple[float, float] = (0.9, 0.55)
    small: tuple[float, float] = (1.0, 1.05)
    great: tuple[float, float] = (1.1, 1.2)
    root: float = 0.6
    halved: float = 2.0
    many: float = 300.0
    towers: float = 3.0


WAYS = (
    Way(own=1 / 2, blurs=(0.7, 0.55), many=np.inf),
    Way(),
    Way(own=1 / 2),
    Way(own=2 / 3),
    Way(own=3 / 4),
    Way(blurs=(0.7, 0.55)),
    Way(many=np.inf),
    Way(many=100.0),
    Way(many=1000.0),
    Way(towers=5.0),
    Way(halved=1.0),
    Way(half_lives=(6.0, 3.0)),
    Way(half_lives=(4.0, 2.0)),
    Way(small=NONE),
    Way(great=(1.15, 1.3)),
)
"""The first is what the forecaster was before decision 129. Where a month towers from an infinite
number of deaths on, none does."""


def main(first: int, last: int) -> None:
    """Print one row a way."""
    path = next(path for path in example_files() if path.name.startswith("ged_sb"))
    history = history_of(read_table(path).rows, "ged_sb").upto(LAST)
    rows = []
    for year in range(first, min(last, LAST.year) + 1):
        for name, model in BENCHMARKS.items():
            rows.append(score_window(history, name, model, year))
        for way in WAYS:
            pool.OWN, pool.HALF_LIVES, pool.BLURS, pool.SMALL, pool.GREAT, pool.ROOT = astuple(way)[
                :6
            ]
            pool.HALVED, fading.MANY, fading.TOWERS = astuple(way)[6:]
            model = partial(pool.mix, share=way.own)
            rows.append(score_window(history, str(astuple(way)), model, year, draws=DRAWS))
    wanted = ("window", "model", "benchmark", "country", *METRICS)
    table = pl.concat([one.select(wanted) for one in rows])
    _print(table)


def _print(table: pl.DataFrame) -> None:
    means = table.group_by("window", "model", "benchmark").agg(pl.col(*METRICS).mean())
    best = means.filter("benchmark").group_by("window").agg(pl.col(*METRICS).min())
    size = table.group_by("window", "model").len("n")
    shared = (
        table.filter(~pl.col("benchmark"))
        .group_by("window", "model", "country")
        .agg(pl.col(*METRICS).sum())
        .join(best, on="window", suffix="_best")
        .join(size, on=["window", "model"])
        .with_columns(pl.col(m) / pl.col(f"{m}_best") / pl.col("n") for m in METRICS)
        .group_by("model", "country")
        .agg(pl.col(*METRICS).sum() / table["window"].n_unique())
    )
    countries = shared["country"].unique().sort()
    drawn = np.random.default_rng(1).integers(0, len(countries), (500, len(countries)))
    base = None
    print(", ".join(one.name for one in fields(Way)) + ": " + ", ".join(METRICS))
    for way in WAYS:
        mine = shared.filter(pl.col("model") == str(astuple(way)))
        each = countries.to_frame().join(mine, on="country", how="left").sort("country")
        values = each.select(METRICS).fill_null(0.0).to_numpy()
        base = values if base is None else base
        off = values - base
        error = off[drawn].sum(axis=1).std(axis=0)
        told = [
            f"{m:.4f} ({d:+.4f} ± {e:.4f})"
            for m, d, e in zip(values.sum(0), off.sum(0), error, strict=True)
        ]
        print(f"{astuple(way)}: " + ", ".join(told), flush=True)


if __name__ == "__main__":
    main(*([int(word) for word in sys.argv[1:3]] or [1996, 2017]))
