"""Evidence comes from before only, and the fast sums are the slow ones."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.assess.actors.sides import armed_sides, questioned_sides
from tocsin.assess.attribution.choices import (
    FEATURES,
    LOOK_BACK,
    MEMORY_DAYS,
    REACH_KM,
    choice_set,
)
from tocsin.assess.attribution.ground import Ground, grounds

from .conftest import report, tables

Tables = dict[str, pl.DataFrame]


def ground(given: Tables, no_tags: pl.DataFrame, hidden: frozenset[str] = frozenset()) -> Ground:
    sides = armed_sides(given["incidents"], given["actors"])
    asked = questioned_sides(given["incidents"], sides)
    return next(iter(grounds(given["incidents"], sides, asked, no_tags, hidden=hidden)))


def test_kernels_are_the_sums_written_out(made_up: Tables, no_tags: pl.DataFrame) -> None:
    whole = ground(made_up, no_tags)
    found = choice_set(whole, 200)
    past = np.flatnonzero(
        (whole.end < whole.start[200]) & (whole.end >= whole.start[200] - LOOK_BACK)
    )
    distance = whole.distance_km(200, past)
    days = whole.start[200] - whole.end[past]
    for row, org in enumerate(found.candidates):
        mine = whole.asked[past] == org
        slow = [
            (np.exp(-distance / h - days / t) * mine).sum() for h in REACH_KM for t in MEMORY_DAYS
        ]
        np.testing.assert_allclose(found.sums[row, :9], slow, rtol=1e-9)


@pytest.mark.slow
def test_the_future_does_not_matter(made_up: Tables, no_tags: pl.DataFrame) -> None:
    early = tables([report(number, number * 2) for number in range(150)])
    one, two = ground(early, no_tags), ground(made_up, no_tags)
    at = one.ids[149]
    a, b = choice_set(one, 149), choice_set(two, two.ids.index(at))
    np.testing.assert_allclose(a.features, b.features)


def test_what_is_hidden_does_not_matter(made_up: Tables, no_tags: pl.DataFrame) -> None:
    whole = ground(made_up, no_tags)
    hidden = frozenset(whole.ids[100:150])
    masked = ground(made_up, no_tags, hidden)
    assert not set(masked.event) & set(range(100, 150))
    assert masked.asked[120] == whole.asked[120]


def test_the_shape_of_a_case(made_up: Tables, no_tags: pl.DataFrame) -> None:
    whole = ground(made_up, no_tags)
    for at in (0, 1, 300):
        found = choice_set(whole, at)
        assert found.features.shape == (len(found.candidates) + 1, len(FEATURES))
        assert np.isfinite(found.features).all()
    assert len(choice_set(whole, 0).candidates) == 0


def test_a_missing_point_is_allowed(no_tags: pl.DataFrame) -> None:
    rows = [report(number, number) for number in range(20)]
    rows[5] |= {"latitude": None, "longitude": None}
    rows[19] |= {"latitude": None, "longitude": None}
    whole = ground(tables(rows), no_tags)
    assert np.isfinite(choice_set(whole, 19).features).all()
