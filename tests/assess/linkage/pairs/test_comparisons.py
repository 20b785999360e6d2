"""One declaration, two forms: Splink's SQL and NumPy give a pair the same weight."""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.assess.linkage.decisions import model
from tocsin.assess.linkage.decisions.model import Weights
from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.comparisons import arrays, at, comparisons, levels_of

ROWS = 400


def _columns(rng: np.random.Generator) -> pl.DataFrame:
    def some(low: int, high: int) -> np.ndarray:
        return rng.integers(low, high, ROWS).astype(np.int32)

    best = some(-1, 20)
    day = some(0, 12)
    lat = rng.normal(10, 0.2, ROWS)
    return pl.DataFrame(
        {
            "row": np.arange(ROWS),
            "source": np.where(np.arange(ROWS) < ROWS // 2, "a", "b"),
            "day0": day,
            "day1": day + some(0, 9) * (some(0, 3) == 0),
            "place_id": some(-1, 6),
            "adm_id": some(-1, 3),
            "a_fine": some(-1, 5), "a_broad": some(-1, 3),
            "b_fine": some(-1, 5), "b_broad": some(-1, 3),
            "type_fine": some(-1, 4), "type_broad": some(-1, 2),
            "best": best,
            "low": np.where(best < 0, -1, np.maximum(best - some(0, 2), 0)),
            "high": np.where(best < 0, -1, best + some(0, 2)),
            "located": np.where(some(0, 6) == 0, -1, 1).astype(np.int32),
            "north": lat * 111.195,
            "lon": rng.normal(20, 0.2, ROWS),
            "half": np.cos(np.radians(lat)) * 111.195 / 2,
            "coarse": (some(0, 4) == 0).astype(np.int32),
            "rare": (some(0, 2) == 0).astype(np.int32),
        }
    )  # fmt: skip


def test_splink_and_numpy_agree() -> None:
    rng = np.random.default_rng(5)
    columns = _columns(rng)
    levels = comparisons(("type",))
    m = {one.name: tuple(rng.dirichlet(np.ones(len(one.levels)))) for one in levels}
    u = {one.name: tuple(rng.dirichlet(np.ones(len(one.levels)))) for one in levels}
    weights = Weights(0.07, m, u)
    half = ROWS // 2
    pairs = Pairs(np.repeat(np.arange(half), 20), half + rng.integers(0, half, half * 20))
    keys = np.unique(pairs.left * 10_000 + pairs.right)
    pairs = Pairs(keys // 10_000, keys % 10_000)
    values = arrays(columns)
    gammas = levels_of(values, levels, pairs.left, pairs.right)
    scored = model.predict(columns, levels, weights, pairs, gammas=gammas, least=-1e6)
    ours = weights.total(levels, at(values, pairs.left), at(values, pairs.right))
    assert scored.height == len(pairs)
    assert np.allclose(scored["weight"].to_numpy(), ours, atol=1e-9)


def test_every_level_can_be_reached() -> None:
    rng = np.random.default_rng(6)
    values = arrays(_columns(rng))
    left, right = rng.integers(0, ROWS, 60_000), rng.integers(0, ROWS, 60_000)
    for one in comparisons(("type",)):
        found = set(np.unique(one.gamma(at(values, left), at(values, right))).tolist())
        unreached = set(range(len(one.levels))) - found
        # Counts of 15 or more and points apart by more than the sample's spread are rare.
        assert len(unreached) <= 3, (one.name, unreached)
