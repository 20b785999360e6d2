"""Planted worlds hold what they say."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.bench.diffusion.plants import plant_on_ties, plant_one_network, real_ties

ACTORS = pl.DataFrame(
    {
        "actor_id": [str(i) for i in range(30)],
        "kind": ["non-state formal"] * 29 + ["state"],
        "gwnos": [f"{100 + i % 3} 7" for i in range(30)],
    }
)
RELATIONS = pl.DataFrame(
    {
        "actor_id": [str(i) for i in range(20)],
        "relation": ["alliance"] * 20,
        "related_id": [str(i + 1) for i in range(20)],
        "related_name": [""] * 20,
    }
)


@pytest.mark.slow
def test_one_network_has_a_share_of_about_four_fifths() -> None:
    plants = [plant_one_network(seed) for seed in range(20)]
    assert all((plant.onset == plant.cases.high).all() for plant in plants)
    shares = [plant.share[0] for plant in plants]
    assert 0.75 < np.mean(shares) < 0.87


@pytest.mark.slow
def test_a_world_on_ties_has_the_share_asked_for() -> None:
    network = real_ties(ACTORS, RELATIONS, groups=25)
    assert network.height == 25
    assert "29" not in network["actor"]
    plants = [plant_on_ties(network, seed, share=0.3, events=40) for seed in range(8)]
    assert 0.1 < np.mean([plant.share[1] for plant in plants]) < 0.5
    assert all(plant.share[0] == 0 for plant in plants)
    for plant in plants:
        used = plant.cases.adopts
        assert (plant.onset[used] == plant.cases.high[used]).all()
        assert not np.isfinite(plant.onset[~used]).any()
    assert plant_on_ties(network, 1, share=0.0, events=40).share.tolist() == [0.0, 0.0]
