"""Training: where it starts from, and on which reports."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.assess.linkage.decisions import training
from tocsin.assess.linkage.decisions.training import SHIFTS, choose_training_reports, regions
from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.comparisons import Comparison, Level

NEAR = Comparison(
    "time", "placed", (Level("same", (("gap", "<=", 0),), 0.9), Level("other", (), 0.1))
)


def test_a_region_is_150_km_high_and_a_degree_and_a_half_wide() -> None:
    values = {
        "north": np.array([0.0, 149.9, 150.0, 150.0, -0.1]),
        "lon": np.array([0.0, 1.49, 1.49, 1.5, -0.1]),
    }
    assert regions(values).tolist() == [0, 0, 1000, 1001, -1001]


def test_all_reports_teach_where_pairs_are_few() -> None:
    pairs = Pairs(np.array([0, 1]), np.array([2, 3]))
    assert choose_training_reports(np.array([1, 2, 1, 2]), pairs).all()


def test_of_many_pairs_whole_regions_are_taken_until_they_are_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    region = np.repeat([5, 7, 9, 11], 4)
    pairs = Pairs(np.arange(16), np.arange(16) + 16)
    for enough in (1, 5, 12):
        monkeypatch.setattr(training, "TAUGHT", enough)
        taught = choose_training_reports(np.concatenate([region, region]), pairs)
        by_region = taught.reshape(8, 4)
        assert (by_region.all(axis=1) | ~by_region.any(axis=1)).all()
        # As few regions of four pairs as hold what is enough.
        assert taught[:16].sum() == 4 * -(-enough // 4)
    monkeypatch.setattr(training, "TAUGHT", 16)
    assert choose_training_reports(np.concatenate([region, region]), pairs).all()


@pytest.mark.parametrize(
    ("near", "by_chance", "prior"),
    [
        (10, 4, 0.8),  # A pair of a moved calendar is found both ways.
        (3, 4, 0.333333333),
        (10, 30, 0.1),  # More by chance than there are: one match at least.
        (100, 300, 0.02),  # And two of a hundred.
        (1, 0, 0.99),
        (0, 0, 0.99),
    ],
)
def test_the_prior_is_the_share_that_chance_does_not_explain(
    near: int, by_chance: int, prior: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 2 * max(near, by_chance, 2)
    half = size // 2
    asked: list[int] = []

    def candidates(_rows: pl.DataFrame, *, shift: int = 0, within: bool = False, **_: Any) -> Pairs:
        asked.append(shift)
        count = 0 if within else by_chance
        return Pairs(np.arange(count), half + np.arange(count))

    told: dict[str, Any] = {}

    def train(gammas: Any, levels: Any, pairs: Pairs, source: Any, sizes: Any, *rest: Any) -> Any:
        told.update(gammas=gammas, pairs=pairs, sizes=sizes, context=rest[0], start=rest[1])
        return rest[1], np.zeros((2, 2))

    monkeypatch.setattr(training.blocking, "candidates", candidates)
    monkeypatch.setattr(training.model, "train", train)
    columns = pl.DataFrame(
        {"row": np.arange(size), **{name: np.zeros(size, np.int32) for name in ("day0", "day1")},
         **{name: np.ones(size) for name in ("located", "place_id", "adm_id", "north", "lon")}}
    )  # fmt: skip
    pairs = Pairs(np.arange(near), half + np.arange(near))
    source = np.repeat([0, 1], half)
    weights, context, _ = training.train_weights(
        columns, columns, (NEAR,), pairs, source, gammas={"time": np.ones(near, np.int8)}
    )
    assert asked == [*SHIFTS, 0]
    assert weights is told["start"]
    assert weights.prior == prior
    assert weights.m == {"time": (0.9, 0.1)}
    assert told["pairs"] is pairs
    assert told["sizes"].tolist() == [half, half]
    assert context is told["context"]
    assert context.shape == (near,)


def _trained(
    monkeypatch: pytest.MonkeyPatch, *, taught: int = 10**9, many: int = 10**9
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What training is given of six pairs in two regions of six reports, and what was asked."""
    asked: list[dict[str, Any]] = []

    def candidates(_rows: pl.DataFrame, **how: Any) -> Pairs:
        asked.append(how | {"rows": _rows.height})
        return (
            Pairs(np.array([0]), np.array([3])) if "shift" in how else Pairs(*np.zeros((2, 0), int))
        )

    told: dict[str, Any] = {}

    def train(gammas: Any, levels: Any, pairs: Pairs, source: Any, sizes: Any, *rest: Any) -> Any:
        told.update(gammas=gammas, pairs=pairs, sizes=sizes, context=rest[0], start=rest[1])
        return rest[1], np.zeros((2, 2))

    monkeypatch.setattr(training.blocking, "candidates", candidates)
    monkeypatch.setattr(training.blocking, "MANY", many)
    monkeypatch.setattr(training.model, "train", train)
    monkeypatch.setattr(training, "TAUGHT", taught)
    north = np.repeat([0.0, 500.0], 6)
    columns = pl.DataFrame(
        {"row": np.arange(12), **{name: np.zeros(12, np.int32) for name in ("day0", "day1")},
         **{name: np.ones(12) for name in ("located", "place_id", "adm_id", "lon")},
         "north": north}
    )  # fmt: skip
    pairs = Pairs(np.array([0, 6, 1, 7, 2, 8]), np.array([3, 9, 4, 10, 5, 11]))
    source = np.tile(np.repeat([0, 1], 3), 2)
    gammas = {"time": np.array([1, 0, 1, 0, 1, 0], np.int8)}
    weights, context, _ = training.train_weights(
        columns, columns, (NEAR,), pairs, source, gammas=gammas, narrow=0.5, trust={"time": 0.7}
    )
    told["whole_context"] = context
    told["weights"] = weights
    return told, asked


def test_where_pairs_are_many_only_those_of_some_regions_teach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, _ = _trained(monkeypatch, taught=3)
    left = told["pairs"].left.tolist()
    assert left in ([0, 1, 2], [6, 7, 8])
    assert told["pairs"].right.tolist() == [one + 3 for one in left]
    assert told["gammas"]["time"].tolist() == [1 if left == [0, 1, 2] else 0] * 3
    assert told["sizes"].tolist() == [3, 3]
    mine = [0, 2, 4] if left == [0, 1, 2] else [1, 3, 5]
    assert told["context"].tolist() == told["whole_context"][mine].tolist()
    # All pairs are weighed by their surroundings, whoever teaches; the prior is of all, too. A pair
    # of a moved calendar is found both ways, so that one on each is half a pair by chance.
    assert len(told["whole_context"]) == 6
    assert told["start"].prior == pytest.approx(5.5 / 6)
    assert told["start"].trust == {"time": 0.7}


def test_of_many_reports_chance_is_counted_on_two_calendars_and_every_fourth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, asked = _trained(monkeypatch)
    assert [one.get("shift") for one in asked] == [*SHIFTS, None]
    assert {one.get("thin", 1) for one in asked} == {1}
    assert {one["narrow"] for one in asked} == {0.5}
    assert asked[-1]["rows"] == 12
    told, asked = _trained(monkeypatch, many=12)
    assert [one.get("shift") for one in asked] == [29, -33, None]
    assert [one.get("thin") for one in asked] == [4, 4, None]
    assert asked[-1]["within"]
    assert asked[-1]["rows"] < 12
    # A pair of a thin calendar stands for four, which are two by chance.
    assert told["start"].prior == pytest.approx((6 - 2) / 6)


def test_surroundings_are_traffic_and_what_chance_hits_near_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shapes: list[tuple[int, ...]] = []

    def traffic(chance: Any, *_: Any) -> np.ndarray:
        shapes.append(chance.expected.shape)
        return np.arange(6.0)

    monkeypatch.setattr(training.Chance, "traffic", traffic)
    monkeypatch.setattr(training.Chance, "locality", lambda *_: np.full(6, 10.0))
    told, _ = _trained(monkeypatch)
    assert told["whole_context"].tolist() == [10.0, 11.0, 12.0, 13.0, 14.0, 15.0]
    # Twelve reports of two sources: a third one that is nobody's would halve what is usual.
    assert shapes == [(12, 2)]
