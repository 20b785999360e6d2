"""Entries that single nobody out: planted by the ledger's own rule, and left out by the road's."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.bench.diffusion.doubtful import (
    DRAWS,
    RULES,
    Told,
    doubt,
    judge_doubt,
    onsets_by_rule,
    tell,
)
from tocsin.bench.diffusion.plants import Plant, plant_on_ties, real_ties

World = tuple[Plant, list[Told], dict[str, np.ndarray]]


@pytest.fixture(scope="module")
def network() -> pl.DataFrame:
    ids = [str(i) for i in range(40)]
    actors = pl.DataFrame(
        {"actor_id": ids, "kind": ["non-state formal"] * 40, "gwnos": ["100", "101"] * 20}
    )
    relations = pl.DataFrame(
        {"actor_id": ids[:-1], "relation": ["alliance"] * 39, "related_id": ids[1:]}
    )
    return real_ties(actors, relations, groups=40)


@pytest.fixture(scope="module")
def world(network: pl.DataFrame) -> World:
    plant = plant_on_ties(network, 3, share=0.0, frailty=0.5, events=40)
    told = tell(plant, 3)
    return plant, told, dict(onsets_by_rule(plant, told, 3))


@pytest.mark.slow
def test_words_tell_of_every_second_one_whose_use_it_was(world: World) -> None:
    _, told, _ = world
    singled = np.array([one.mentions.singles.any() for one in told])
    assert 0 < singled.sum() < len(told)
    for one in told:
        assert one.mentions.named.any() or not one.mentions.singles.any()
        assert (np.diff(one.at) >= 0).all()
        assert set(one.at) <= set(one.fought)


def test_the_rules_differ_only_in_entries_that_single_nobody_out(world: World) -> None:
    plant, told, drawn = world
    assert tuple(drawn) == RULES
    assert all(onset.shape == (DRAWS, len(plant.onset)) for onset in drawn.values())
    singled = [one.case for one in told if one.mentions.singles.any()]
    doubtful = [one.case for one in told if not one.mentions.singles.any()]
    for rule in ("any day", "left out"):
        assert (drawn[rule][:, singled] == drawn["mentions"][:, singled]).all()
    assert np.isinf(drawn["left out"][:, doubtful]).all()
    has = np.isfinite(drawn["mentions"][:, doubtful])
    assert has.any()
    assert (np.isfinite(drawn["any day"][:, doubtful]) == has).all()


@pytest.mark.release
def test_a_world_is_judged_rule_by_rule(network: pl.DataFrame) -> None:
    row = doubt(network, 5, share=0.0, frailty=0.5)
    judged = judge_doubt(pl.DataFrame([row]))
    assert judged["true: bias of ties"] == pytest.approx(row["true_ties_mean"])
    assert judged["left out: next_raised"] >= judged["left out: next"]
    assert 0 <= judged["doubtful_true"] <= 1
