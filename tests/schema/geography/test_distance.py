"""One formula for distances, and what holds of it near by."""

from __future__ import annotations

from math import pi

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tocsin.schema.geography.distance import (
    EARTH_RADIUS_KM,
    flat_columns,
    flat_km,
    great_circle_km,
)

LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)


def test_a_published_distance() -> None:
    # Nashville to Los Angeles in Sinnott's own example of the formula, by our radius.
    assert great_circle_km(36.12, -86.67, 33.94, -118.40) == pytest.approx(2886.45, abs=0.1)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_it_is_a_distance(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> None:
    found = great_circle_km(lat_a, lon_a, lat_b, lon_b)
    assert 0 <= found <= pi * EARTH_RADIUS_KM * (1 + 1e-12)
    assert found == pytest.approx(great_circle_km(lat_b, lon_b, lat_a, lon_a), abs=1e-6)
    assert great_circle_km(lat_a, lon_a, lat_a, lon_a) == 0
    arrays = great_circle_km(*(np.array([x]) for x in (lat_a, lon_a, lat_b, lon_b)))
    assert arrays.tolist() == [found]


@given(st.floats(-70, 70), st.floats(-170, 170), st.floats(-4.4, 4.4), st.floats(-9.9, 9.9))
def test_flat_ground_holds_within_one_percent_near_by(
    lat: float, lon: float, north: float, east: float
) -> None:
    exact = great_circle_km(lat, lon, lat + north, lon + east)
    assume(0.01 < exact < 500)
    assert float(flat_km(lat, lon, lat + north, lon + east)) == pytest.approx(exact, rel=0.01)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_columns_make_the_same_flat_distance(
    lat_a: float, lon_a: float, lat_b: float, lon_b: float
) -> None:
    frame = pl.DataFrame({"lat": [lat_a, lat_b], "lon": [lon_a, lon_b]})
    parts = frame.select(flat_columns("lat", "lon"))
    (north_a, lon_a, half_a), (north_b, lon_b, half_b) = parts.rows()
    found = np.hypot(north_a - north_b, (lon_a - lon_b) * (half_a + half_b))
    assert found == pytest.approx(float(flat_km(lat_a, lon_a, lat_b, lon_b)), rel=1e-9, abs=1e-6)


def test_an_empty_coordinate_counts_as_nought() -> None:
    frame = pl.DataFrame({"lat": [None, 0.0], "lon": [None, 0.0]}, schema_overrides={"lat": float})
    empty, nought = frame.select(flat_columns("lat", "lon")).rows()
    assert empty == nought == (0.0, 0.0, pytest.approx(111.195 / 2, abs=1e-3))


@given(LATITUDES, LONGITUDES)
def test_the_other_side_of_the_world_is_half_a_circle_away(lat: float, lon: float) -> None:
    """There rounding may lift a sine above 1."""
    found = great_circle_km(lat, lon, -lat, lon - 180)
    assert found == pytest.approx(pi * EARTH_RADIUS_KM, abs=1e-3)


def test_arrays_take_each_others_shapes() -> None:
    column, row = np.array([[0.0], [60.0]]), np.array([0.0, 1.0, 2.0])
    for measure in (great_circle_km, flat_km):
        found = measure(column, 0.0, column, row)
        assert found.shape == (2, 3)
        assert found[0] == pytest.approx([0, 111.195, 222.39], abs=0.01)
        # At 60 degrees a degree of longitude is half as long.
        assert found[1] == pytest.approx(found[0] / 2, rel=1e-4)
