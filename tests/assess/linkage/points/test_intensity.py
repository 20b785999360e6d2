"""What chance brings near a report, against worlds in which it is known."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.assess.linkage.points import intensity
from tocsin.assess.linkage.points.intensity import AREAS, RADII, count_chance
from tocsin.schema.geography.distance import KM_PER_DEGREE


def reports(north: np.ndarray, day: np.ndarray, source: np.ndarray) -> pl.DataFrame:
    """Records at some kilometres north and east."""
    rows = len(day)
    return pl.DataFrame(
        {
            "row": np.arange(rows),
            "source": source.astype(str),
            "usable": np.ones(rows, dtype=bool),
            "day0": day.astype(np.int32),
            "day1": day.astype(np.int32),
            "lat": north[:, 0] / KM_PER_DEGREE,
            "lon": north[:, 1] / KM_PER_DEGREE,
        }
    )


@pytest.fixture(scope="module")
def world() -> tuple[pl.DataFrame, np.ndarray]:
    rng = np.random.default_rng(2)
    rows = 3000
    source = np.sort(rng.integers(0, 2, rows))
    return reports(rng.uniform(0, 400, (rows, 2)), rng.integers(0, 100, rows), source), source


@pytest.mark.slow
def test_even_ground_has_the_density_that_it_was_given(
    world: tuple[pl.DataFrame, np.ndarray],
) -> None:
    rows, source = world
    found = count_chance(rows, source)
    middle = ((rows["lat"] - 1.8).abs() < 0.8) & ((rows["lon"] - 1.8).abs() < 0.8)
    left = np.flatnonzero(middle.to_numpy() & (source == 0))[:200]
    right = np.flatnonzero(middle.to_numpy() & (source == 1))[:200]
    for km in (0.01, 0.7, 5.0, 40.0):
        bits = found.bits(left, right, source, np.full(200, km))
        given = np.log2((source == 1).sum() / 400**2 / 100)
        assert bits.mean() == pytest.approx(given, abs=0.5)
    assert found.burst.max() < 1.5


@pytest.mark.slow
def test_a_town_has_more_than_the_country(world: tuple[pl.DataFrame, np.ndarray]) -> None:
    rows, source = world
    town = rows.with_columns(
        pl.when(pl.col("row") % 3 == 0).then(1.8).otherwise("lat").alias("lat"),
        pl.when(pl.col("row") % 3 == 0).then(1.8).otherwise("lon").alias("lon"),
    )
    found = count_chance(town, source)
    inside = np.flatnonzero((town["lat"] == 1.8).to_numpy())
    a, b = inside[source[inside] == 0][:50], inside[source[inside] == 1][:50]
    spot = found.bits(a, b, source, np.zeros(50))
    # A third of 1,500 reports on one spot in 100 days, which count as its ring's square kilometres.
    assert spot.mean() == pytest.approx(np.log2(500 / 100 / AREAS[0]), abs=0.3)
    assert (spot > found.bits(a, b, source, np.full(50, 20.0)) + 8).all()


@pytest.mark.slow
def test_a_sample_of_many_reports_tells_the_same(
    world: tuple[pl.DataFrame, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, source = world
    whole = count_chance(rows, source)
    monkeypatch.setattr(intensity, "ENOUGH", 30_000)
    some = count_chance(rows, source)
    widest = np.s_[:, :, len(RADII) - 1]
    assert some.expected[widest].mean() == pytest.approx(whole.expected[widest].mean(), rel=0.1)


def test_days_that_follow_each_other_are_seen() -> None:
    rng = np.random.default_rng(4)
    day = np.repeat(rng.integers(0, 300, 200), 4) + np.tile([0, 0, 1, 1], 200)
    point = np.repeat(rng.uniform(0, 10, (200, 2)), 4, axis=0)
    found = count_chance(reports(point, day, np.zeros(800)), np.zeros(800, dtype=np.int64))
    assert found.burst[0, 0] > 3
    assert found.burst[0, 1] > 3
    assert found.bursts(np.array([0.0, 0.0]), np.array([1, 30]))[1] < 1.5
