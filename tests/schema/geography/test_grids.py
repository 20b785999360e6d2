"""Grids: a conformal map whose middle line has its true length, and published places."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.integrate import quad

from tocsin.schema.geography.distance import great_circle_km
from tocsin.schema.geography.grids import BANDS, grid_point, utm_point

A, F, K0 = 6378137.0, 1 / 298.257223563, 0.9996
E2 = F * (2 - F)
ZONES = st.integers(1, 60)
LATITUDES = st.floats(-79.5, 83.5).map(lambda one: round(one, 6))
"""A micrometre south of the equator is in no band of the south."""


def _curvature(latitude: float) -> tuple[float, float]:
    """Metres a radian, along the meridian and along the parallel."""
    s = 1 - E2 * math.sin(latitude) ** 2
    return A * (1 - E2) / s**1.5, A / math.sqrt(s) * math.cos(latitude)


def _north(latitude: float) -> float:
    """Metres of the grid along a zone's middle line, by the integral of the meridian."""
    length = quad(lambda one: _curvature(one)[0], 0, math.radians(latitude), epsabs=1e-6)[0]
    return float(K0 * length + (10_000_000 if latitude < 0 else 0))


def _band(latitude: float) -> str:
    return BANDS[min(int((latitude + 80) // 8), 19)]


@given(ZONES, LATITUDES)
def test_the_middle_line_of_a_zone_has_the_length_of_the_meridian(
    zone: int, latitude: float
) -> None:
    point = utm_point(zone, _band(latitude), 500_000, _north(latitude))
    assert point == (pytest.approx(latitude, abs=1e-8), pytest.approx(6 * zone - 183, abs=1e-9))


@given(ZONES, LATITUDES, st.floats(150_000, 850_000))
def test_the_map_is_conformal(zone: int, latitude: float, east: float) -> None:
    """A conformal map is known by its middle line, so that these two tests leave no other map.

    A metre east and a metre north are of one length on the ellipsoid, and at right angles.
    """
    north, band = _north(latitude), _band(latitude)
    step = 50.0

    def moved(de: float, dn: float) -> tuple[float, float]:
        there = utm_point(zone, band, east + de, north + dn)
        back = utm_point(zone, band, east - de, north - dn)
        assert there is not None
        assert back is not None
        along, across = _curvature(math.radians((there[0] + back[0]) / 2))
        dy, dx = (math.radians(a - b) for a, b in zip(there, back, strict=True))
        return along * dy, across * dx

    (ny, nx), (ey, ex) = moved(0, step), moved(step, 0)
    assert ny == pytest.approx(ex, abs=2e-4)
    assert nx == pytest.approx(-ey, abs=2e-4)


@pytest.mark.parametrize(
    ("text", "latitude", "longitude", "metres"),
    [
        # The tower on the Champ de Mars, the one in Toronto, the opera house of Sydney.
        ("31U 448252 5411943", 48.85826, 2.29450, 5),
        ("17T 630084 4833438", 43.642567, -79.387139, 5),
        ("56H 334873 6252266", -33.8568, 151.2153, 60),
        ("56H LH 34873 52266", -33.8568, 151.2153, 60),
        # The monument of Washington (United States National Grid, an even zone).
        ("18S UJ 23483 06479", 38.8895, -77.0353, 30),
        # Squares of a kilometre and of ten: the middle, at most half a diagonal away.
        ("18SUJ2306", 38.8895, -77.0353, 710),
        ("18SUJ20", 38.8895, -77.0353, 7_100),
        ("18SUJ2348006470", 38.8895, -77.0353, 30),
        # Google's own example of a location code.
        ("8FVC9G8F+6X", 47.3656, 8.5249, 20),
    ],
)
def test_places_whose_references_are_published(
    text: str, latitude: float, longitude: float, metres: float
) -> None:
    point = grid_point(text)
    assert point is not None
    assert great_circle_km(*point, latitude, longitude) * 1000 < metres


@given(ZONES, LATITUDES, st.integers(100_000, 899_999), st.integers(0, 5))
def test_a_square_of_the_military_grid_holds_its_point(
    zone: int, latitude: float, east: int, half: int
) -> None:
    """Columns repeat each three zones, rows each 2,000 km, and in even zones rows begin at F."""
    north = math.floor(_north(latitude))
    there = utm_point(zone, _band(latitude), east, north)
    assert there is not None
    assume(abs((there[1] - 6 * zone + 183 + 180) % 360 - 180) <= 3.5)
    assume((latitude < 0) == (there[0] < 0))
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    column = letters[8 * ((zone - 1) % 3) + east // 100_000 - 1]
    row = letters[:20][(north // 100_000 + (0 if zone % 2 else 5)) % 20]
    size = 10 ** (5 - half)
    digits = "".join(
        str(one % 100_000 // size).zfill(half) if half else "" for one in (east, north)
    )
    found = grid_point(f"{zone}{_band(there[0])}{column}{row}{digits}")
    if found is None:
        # The middle of a large square at a band's edge may lie beyond what its letter allows.
        assert half == 0 or abs((there[0] + 4) % 8 - 4) < 0.1
        return
    assert great_circle_km(*found, *there) * 1000 <= size * math.sqrt(0.5) * 1.002 + 2


def test_west_of_the_first_zone_is_the_east() -> None:
    point = utm_point(1, "K", 160_000, 8_000_000)
    assert point is not None
    assert 179 < point[1] < 180


@pytest.mark.parametrize(
    "text",
    ["61U 448252 5411943", "0U 448252 5411943", "31U 048252 5411943", "31U DQ 482521 1943",
     "31U DQ 4825 119431", "31U SQ 48252 11943", "31U DQ 123", "31U DQ 482521119433",
     "Gao 12", "2024", ""],
)  # fmt: skip
def test_what_is_no_reference_is_none(text: str) -> None:
    assert grid_point(text) is None
