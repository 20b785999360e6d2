"""Grids: the map as its definition makes it, and published places."""

from __future__ import annotations

import cmath
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tocsin.schema.geography.distance import great_circle_km
from tocsin.schema.geography.grids import BANDS, grid_point, utm_point

A, F, K0 = 6378137.0, 1 / 298.257223563, 0.9996
E2 = F * (2 - F)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)
ZONES = st.integers(1, 60)
LATITUDES = st.floats(-79.5, 83.5).map(lambda one: round(one, 6))
"""A micrometre south of the equator is in no band of the south."""


def _metres(latitude: float, longitude: float) -> tuple[float, float]:
    """Metres of the grid, north and east of the middle of a zone, by the map's definition.

    The map is conformal, and along the middle of the zone it has the length of the meridian. So
    north and east are the length of the meridian, continued to complex numbers, at the latitude
    whose isometric latitude is that of the point with the longitude as its imaginary part.
    """
    e, sine = math.sqrt(E2), math.sin(math.radians(latitude))
    goal = cmath.atanh(sine) - e * cmath.atanh(e * sine) + 1j * math.radians(longitude)
    at = complex(math.radians(latitude))
    for _ in range(12):
        at = cmath.asin(cmath.tanh(goal + e * cmath.atanh(e * cmath.sin(at))))
    along = WEIGHTS / (1 - E2 * np.sin(at / 2 * (1 + NODES)) ** 2) ** 1.5
    length = A * (1 - E2) * at / 2 * along.sum()
    north, east = float(K0 * length.real), float(K0 * length.imag)
    return north + (10_000_000 if latitude < 0 else 0), east


def _north(latitude: float) -> float:
    return _metres(latitude, 0.0)[0]


def _band(latitude: float) -> str:
    return BANDS[min(int((latitude + 80) // 8), 19)]


@given(ZONES, LATITUDES, st.floats(-3.5, 3.5))
def test_the_map_is_that_of_its_definition(zone: int, latitude: float, longitude: float) -> None:
    """The series hold to three micrometres."""
    north, east = _metres(latitude, longitude)
    assume(abs(east) < 399_999)
    point = utm_point(zone, _band(latitude), 500_000 + east, north)
    assert point is not None
    assert point[0] == pytest.approx(latitude, abs=3e-11, rel=0)
    off = (point[1] - (6 * zone - 183) - longitude + 180) % 360 - 180
    assert off * math.cos(math.radians(latitude)) == pytest.approx(0, abs=3e-11)


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


@given(ZONES, LATITUDES, st.integers(100_000, 899_999), st.integers(1, 5))
def test_a_square_of_the_military_grid_is_told_by_its_middle(
    zone: int, latitude: float, east: int, half: int
) -> None:
    """Columns repeat each three zones, rows each 2,000 km, and in even zones rows begin at F."""
    north = math.floor(_north(latitude))
    letters, size = "ABCDEFGHJKLMNPQRSTUVWXYZ", 10 ** (5 - half)
    column = letters[8 * ((zone - 1) % 3) + east // 100_000 - 1]
    row = letters[:20][(north // 100_000 + (0 if zone % 2 else 5)) % 20]
    digits = [str(one % 100_000 // size).zfill(half) for one in (east, north)]
    middle = [(one // size + 0.5) * size for one in (east, north)]
    there = utm_point(zone, _band(latitude), *middle)
    assert there is not None
    south = -80 + 8 * BANDS.index(_band(latitude))
    assume(south <= there[0] < south + 8)
    for between in ("", " "):
        found = grid_point(f"{zone}{_band(latitude)} {column}{row}{between.join(digits)}")
        assert found == pytest.approx(there, abs=1e-12)


@pytest.mark.parametrize(
    ("latitude", "band", "known"),
    [
        (31.6, "S", True), (31.4, "S", False), (40.4, "S", True), (40.6, "S", False),
        (71.6, "X", True), (71.4, "X", False), (84.4, "X", True), (84.6, "X", False),
        (-79.9, "C", True), (-71.6, "C", True), (-71.4, "C", False),
    ],
)  # fmt: skip
def test_a_square_may_lie_half_a_degree_beyond_its_band(
    latitude: float, band: str, known: bool
) -> None:
    """A band's letter and a square's rows are told apart, and a square reaches over the edge."""
    north = int(_metres(latitude, 0.0)[0])
    row = "ABCDEFGHJKLMNPQRSTUV"[north // 100_000 % 20]
    found = grid_point(f"31{band} E{row} 00000 {north % 100_000:05}")
    assert (found is not None) == known
    if found:
        assert found[0] == pytest.approx(latitude, abs=1e-4)


@given(st.integers(0, 180 * 8000 - 1), st.integers(0, 360 * 8000 - 1), st.sampled_from("2X"))
def test_a_location_code_is_the_middle_of_its_cell(north: int, east: int, more: str) -> None:
    """Cells of a code of ten digits are 1/8000 of a degree (Google 2014); an eleventh is left."""
    letters, pairs = "23456789CFGHJMPQRVWX", []
    for power in range(4, -1, -1):
        pairs += [letters[one // 20**power % 20] for one in (north, east)]
    code = "".join(pairs)
    for text in (f"{code[:8]}+{code[8:]}", f"{code[:8]}+{code[8:]}{more}".lower()):
        found = grid_point(text)
        assert found == pytest.approx(
            ((north + 0.5) / 8000 - 90, (east + 0.5) / 8000 - 180), abs=1e-10
        )


@pytest.mark.parametrize(
    ("zone", "band", "east", "known"),
    [
        (1, "C", 100_000, True), (60, "X", 899_999, True), (1, "C", 99_999, False),
        (60, "X", 900_000, False), (0, "N", 500_000, False), (61, "N", 500_000, False),
        (31, "A", 500_000, False), (31, "I", 500_000, False), (31, "Y", 500_000, False),
    ],
)  # fmt: skip
def test_a_grid_ends_with_its_zones_bands_and_metres(
    zone: int, band: str, east: int, known: bool
) -> None:
    for letter in (band, band.lower()):
        assert (utm_point(zone, letter, east, 4_000_000) is not None) == known


def test_the_equator_is_of_the_north_from_nought_and_of_the_south_from_ten_million() -> None:
    for band, north in (("N", 0), ("n", 0), ("M", 10_000_000), ("m", 10_000_000)):
        assert utm_point(31, band, 500_000, north) == pytest.approx((0, 3), abs=1e-12)


@pytest.mark.parametrize(
    "text",
    ["utm 31u 448252.7 mE, 5411943.2 mN", "UTM 31 U, 448252 / 5411943", "31U 448252 5411943"],
)
def test_metres_are_read_in_each_way_of_writing_them(text: str) -> None:
    assert grid_point(text) == pytest.approx(utm_point(31, "U", 448_252, 5_411_943), abs=1e-12)


def test_west_of_the_first_zone_is_the_east() -> None:
    point = utm_point(1, "K", 160_000, 8_000_000)
    assert point is not None
    assert 179 < point[1] < 180


@pytest.mark.parametrize(
    "text",
    ["61U 448252 5411943", "0U 448252 5411943", "31U 048252 5411943", "31U DQ 482521 1943",
     "31U DQ 4825 119431", "31U SQ 48252 11943", "31U DQ 123", "31U DQ 482521119433",
     "31U DQ 482521 119433", "31U DQ", "31U 448252 5411943 4", "8FVC9G8F+6", "1FVC9G8F+6X",
     "Gao 12", "2024", ""],
)  # fmt: skip
def test_what_is_no_reference_is_none(text: str) -> None:
    assert grid_point(text) is None
