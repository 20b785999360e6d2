"""Points say where if two sources share no names of places, or if their days are few."""

from __future__ import annotations

import numpy as np

from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.points.bare import SHORT, bare_pairs

ROWS = 300
SOURCE = np.repeat([0, 1, 2], 100)
PAIRS = Pairs(np.arange(200), np.arange(200) + 100)


def columns(**told: np.ndarray) -> dict[str, np.ndarray]:
    made = {"place_id": np.full(ROWS, -1), "located": np.ones(ROWS, dtype=int)}
    made["coarse"] = np.zeros(ROWS, dtype=int)
    return {**made, "day0": np.arange(ROWS) % 100 * 4, **told}


def test_names_of_places_that_both_say_are_compared() -> None:
    bare = bare_pairs(columns(place_id=np.where(SOURCE < 2, 3, -1)), PAIRS, SOURCE)
    # The first source and the second both name places; the second and the third do not.
    assert not bare[:100].any()
    assert bare[100:].all()
    assert bare_pairs(columns(), PAIRS, SOURCE).all()


def test_few_days_are_weighed_by_points() -> None:
    named = np.full(ROWS, 3)
    for longest in (SHORT - 1, SHORT):
        days = np.arange(ROWS) % (longest + 1)
        bare = bare_pairs(columns(place_id=named, day0=days), PAIRS, SOURCE)
        assert bare.all() == (longest < SHORT)
        assert bare.any() == (longest < SHORT)


def test_a_pair_without_a_point_is_not_weighed_by_points() -> None:
    located = np.where(np.arange(ROWS) == 5, -1, 1)
    bare = bare_pairs(columns(located=located), PAIRS, SOURCE)
    assert np.flatnonzero(~bare).tolist() == [5]


def test_the_point_of_a_whole_country_is_none() -> None:
    coarse = np.zeros(ROWS, dtype=int)
    coarse[0] = 1
    found = bare_pairs(columns(coarse=coarse), PAIRS, SOURCE)
    assert not found[0]
    assert found[1:100].all()
