"""One declaration, two forms: Splink's SQL and NumPy give a pair the same weight."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.assess.linkage.decisions import model
from tocsin.assess.linkage.decisions.model import Weights
from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.comparisons import Level, arrays, at, comparisons, levels_of

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


@pytest.mark.slow
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
    source = (np.arange(ROWS) >= half).astype(np.int64)
    scored = model.predict(columns, levels, weights, pairs, source, gammas=gammas, least=-1e6)
    ours = weights.total(levels, at(values, pairs.left), at(values, pairs.right))
    assert scored.height == len(pairs)
    assert np.allclose(scored["weight"].to_numpy(), ours, atol=1e-9)


BASE = {
    "day0": 0, "day1": 0, "place_id": -1, "adm_id": -1, "a_fine": -1, "a_broad": -1, "b_fine": -1,
    "b_broad": -1, "type_fine": -1, "type_broad": -1, "best": -1, "low": -1, "high": -1,
    "located": 1, "north": 0.0, "lon": 20.0, "half": 50.0, "coarse": 0, "rare": 0,
}  # fmt: skip
"""A report of which only the day and the point are known."""


def _days(start: int, end: int) -> dict[str, float]:
    return {"day0": start, "day1": end}


def _spot(km: float, place: int = -1, unit: int = -1, coarse: int = 0) -> dict[str, float]:
    return {"north": km, "place_id": place, "adm_id": unit, "coarse": coarse}


def _sides(a: int, b: int, broad: tuple[int, int] = (-1, -1), rare: int = 0) -> dict[str, float]:
    return {"a_fine": a, "b_fine": b, "a_broad": broad[0], "b_broad": broad[1], "rare": rare}


def _dead(best: int, low: int | None = None, high: int | None = None) -> dict[str, float]:
    return {"best": best, "low": best if low is None else low, "high": high or best}


Side = dict[str, float]
PAIRS: list[tuple[str, str, Side, Side]] = [
    ("time", "same days", _days(0, 2), _days(0, 2)),
    ("time", "same long range", _days(0, 3), _days(0, 3)),
    ("time", "one within the other, short", _days(0, 3), _days(1, 2)),
    ("time", "ranges meet, to 10 days", _days(0, 4), _days(4, 4)),
    ("time", "ranges meet, to 10 days", _days(0, 10), _days(10, 10)),
    ("time", "ranges meet, long", _days(0, 11), _days(5, 5)),
    ("time", "1 day apart", _days(0, 0), _days(1, 1)),
    ("time", "2 days apart", _days(0, 0), _days(2, 2)),
    ("time", "3 days apart", _days(3, 9), _days(0, 0)),
    ("time", "4 to 5 days apart", _days(0, 0), _days(4, 4)),
    ("time", "4 to 5 days apart", _days(0, 0), _days(5, 5)),
    ("time", "6 to 8 days apart", _days(0, 0), _days(6, 6)),
    ("time", "6 to 8 days apart", _days(0, 0), _days(8, 30)),
    ("time", "more days apart", _days(0, 0), _days(9, 9)),
    ("place", "same name and point", _spot(0, 4), _spot(0.03, 4)),
    ("place", "same name, within 1 km", _spot(0, 4), _spot(0.04, 4)),
    ("place", "same name, within 1 km", _spot(0, 4), _spot(1, 4)),
    ("place", "same point, other name", _spot(0, 4), _spot(0.1, 5)),
    ("place", "same point, other name", _spot(0, -1), _spot(0, -1)),
    ("place", "same name, within 5 km", _spot(0, 4), _spot(5, 4)),
    ("place", "within 2 km", _spot(0, 4), _spot(2, 5)),
    ("place", "same name, within 25 km", _spot(0, 4), _spot(25, 4)),
    ("place", "same name", _spot(0, 4), _spot(26, 4)),
    ("place", "same name", _spot(0, 4), _spot(0, 4) | {"located": -1}),
    ("place", "within 5 km", _spot(0, 4), _spot(5, 5)),
    ("place", "within 10 km", _spot(0), _spot(10)),
    # Two kilometres east for each hundredth of a degree where a degree is 100 km long.
    ("place", "within 10 km", _spot(6), _spot(0) | {"lon": 20.08}),
    ("place", "one knows only the unit, the same", _spot(0, 4, 2, 1), _spot(30, 5, 2)),
    ("place", "within 20 km", _spot(0, 4, 2, 1), _spot(20, 5, 3)),
    ("place", "within 40 km", _spot(0, 4, 2), _spot(40, 5, 2)),
    ("place", "same unit", _spot(0, 4, 2), _spot(41, 5, 2)),
    ("place", "further apart", _spot(0, 4, 2), _spot(41, 5, 3)),
    ("actors", "both sides, rare", _sides(1, 2, rare=1), _sides(2, 1, rare=1)),
    ("actors", "both sides", _sides(1, 2, rare=1), _sides(1, 2)),
    ("actors", "both sides by a broader name", _sides(1, 2, (7, 8)), _sides(3, 4, (8, 7))),
    ("actors", "one side, the other unnamed", _sides(1, -1), _sides(3, 1)),
    ("actors", "one side by a broader name, the other unnamed",
     _sides(1, -1, (7, -1)), _sides(3, 4, (6, 7))),
    ("actors", "one side of two", _sides(1, 2), _sides(1, 3)),
    ("actors", "one side of two by a broader name", _sides(1, 2, (7, 6)), _sides(3, 4, (5, 7))),
    ("actors", "no side", _sides(1, 2, (5, 6)), _sides(3, 4, (7, 8))),
    ("deaths", "same, with the same range", _dead(5, 4, 6), _dead(5, 4, 6)),
    ("deaths", "same, 15 or more", _dead(15), _dead(15)),
    ("deaths", "same, 5 to 14", _dead(14), _dead(14, 13, 15)),
    ("deaths", "same, 5 to 14", _dead(5), _dead(5)),
    ("deaths", "same, 3 or 4", _dead(4), _dead(4)),
    ("deaths", "same, 3 or 4", _dead(3), _dead(3)),
    ("deaths", "same, 2", _dead(2), _dead(2)),
    ("deaths", "same, 1", _dead(1), _dead(1)),
    ("deaths", "same, none", _dead(0), _dead(0)),
    ("deaths", "nearly the same", _dead(8), _dead(10)),
    ("deaths", "ranges meet", _dead(2, 1, 9), _dead(9)),
    ("deaths", "at least two thirds", _dead(7), _dead(9)),
    ("deaths", "at least two thirds", _dead(6), _dead(10)),
    ("deaths", "at least a third", _dead(3), _dead(10)),
    ("deaths", "far apart", _dead(2), _dead(10)),
    ("type", "same", {"type_fine": 1, "type_broad": 1}, {"type_fine": 1, "type_broad": 1}),
    ("type", "alike", {"type_fine": 1, "type_broad": 1}, {"type_fine": 2, "type_broad": 1}),
    ("type", "different", {"type_fine": 1, "type_broad": 1}, {"type_fine": 2, "type_broad": 0}),
]  # fmt: skip


def _level(name: str, left: Side, right: Side) -> str | None:
    one = next(one for one in comparisons(("type",)) if one.name == name)
    values = [{key: np.array([v]) for key, v in (BASE | side).items()} for side in (left, right)]
    gamma = int(one.gamma(values[0], values[1])[0])
    return None if gamma == -1 else one.levels[len(one.levels) - 1 - gamma].label


@pytest.mark.parametrize(("name", "label", "left", "right"), PAIRS)
def test_a_pair_has_the_level_that_its_label_says(
    name: str, label: str, left: Side, right: Side
) -> None:
    assert _level(name, left, right) == label
    # Nothing hangs on which report stands on which side.
    assert _level(name, right, left) == label


def test_every_level_of_every_comparison_is_tried() -> None:
    tried = {(name, label) for name, label, _, _ in PAIRS}
    assert tried == {
        (one.name, level.label) for one in comparisons(("type",)) for level in one.levels
    }


@pytest.mark.parametrize(
    ("name", "side", "other"),
    [
        ("time", {"located": -1}, {}),
        ("place", {"located": -1}, {}),
        ("actors", _sides(1, 2), {}),
        ("deaths", _dead(3), {}),
        ("type", {"type_fine": 1}, {}),
    ],
)
def test_what_one_report_does_not_say_is_not_compared(name: str, side: Side, other: Side) -> None:
    assert _level(name, side, other) is None
    assert _level(name, other, side) is None


def test_a_prior_of_a_comparison_is_a_distribution() -> None:
    for one in comparisons(("type",)):
        assert sum(level.m for level in one.levels) == pytest.approx(1, abs=0.01), one.name
        assert len({level.label for level in one.levels}) == len(one.levels)


def test_a_level_is_written_with_the_equals_sign_of_sql() -> None:
    level = Level("x", (("counted", "==", 1), ("off", "<=", 2.5), ("fewest", ">=", 3)), 0.5)
    parts = level.sql.split(" and ")
    assert parts[-2:] == ["(abs(best_l - best_r)) <= 2.5", "(least(best_l, best_r)) >= 3"]
    assert level.sql.startswith("(case when ")
    assert "end) = 1 and " in level.sql
    assert "==" not in level.sql
    assert level.implies(("off", "<=", 2.5))
    assert level.implies(("off", "<=", 3))
    assert not level.implies(("off", "<=", 2))
    assert not level.implies(("off", ">=", 2))
    assert not level.implies(("fewest", ">=", 4))
