"""Borders and distances against facts anyone can look up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.schema.geography.distance import great_circle_km
from tocsin.schema.geography.shapes import centre, neighbours, outside_km, shapes
from tocsin.schema.geography.territory import by_gwno, territories


def test_land_neighbours() -> None:
    assert neighbours(482) == [471, 483, 484, 490, 625, 626]
    assert neighbours(652) == [640, 645, 660, 663, 666]
    assert neighbours(395) == []


def test_neighbours_of_a_state_before_it_split() -> None:
    before = neighbours(625, on=date(2010, 1, 1))
    assert 626 not in before
    assert {482, 490, 500, 501} <= set(before)


def test_neighbours_are_mutual() -> None:
    for state in territories(on=date(2020, 1, 1)):
        for other in neighbours(state.gwno):
            assert state.gwno in neighbours(other)


@pytest.mark.parametrize(
    ("gwno", "latitude", "longitude", "inside"),
    [
        (652, 33.51, 36.29, True),  # Damascus
        (482, 4.36, 18.55, True),  # Bangui
        (490, -4.32, 15.31, True),  # Kinshasa
        (666, 31.5, 34.45, True),  # Gaza, under Israel as UCDP counts it
        (315, 48.15, 17.11, True),  # Bratislava, in Czechoslovakia
        (652, 4.36, 18.55, False),
    ],
)
def test_inside_or_not(gwno: int, latitude: float, longitude: float, inside: bool) -> None:
    distance = outside_km(gwno, latitude, longitude)
    assert distance is not None
    assert (distance < 5) is inside


@pytest.mark.parametrize(
    ("gwno", "day", "latitude", "longitude"),
    [
        (625, date(2005, 1, 1), 4.85, 31.58),  # Juba, in Sudan
        (345, date(1991, 9, 1), 45.81, 15.98),  # Zagreb, in Yugoslavia
        (345, date(1992, 3, 1), 43.86, 18.41),  # Sarajevo, in Yugoslavia
        (345, date(1999, 4, 1), 42.66, 21.17),  # Prishtina, in Yugoslavia
        (850, date(1999, 9, 1), -8.56, 125.57),  # Dili, in Indonesia
        (530, date(1991, 1, 1), 15.32, 38.93),  # Asmara, in Ethiopia
        (365, date(1990, 1, 20), 40.41, 49.87),  # Baku, in the Soviet Union
    ],
)
def test_the_ground_that_a_state_held(
    gwno: int, day: date, latitude: float, longitude: float
) -> None:
    held = outside_km(gwno, latitude, longitude, on=day)
    later = outside_km(gwno, latitude, longitude, on=date(2020, 1, 1))
    assert held is not None
    assert held < 5
    # A state that is no more keeps counting as its successors; one that goes on does not.
    if by_gwno(gwno).end is None:
        assert later is not None
        assert later > 5


def test_every_state_of_today_but_the_smallest_has_a_shape() -> None:
    today = territories(on=date(2020, 1, 1))
    without = [state.name for state in today if outside_km(state.gwno, 0, 0) is None]
    assert set(without) <= {"Tuvalu"}
    assert centre(652) is not None


def test_shapes_are_closed_rings() -> None:
    for feature in shapes([652, 482, 666, 490])["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            for ring in polygon:
                assert ring[0] == ring[-1]


@given(*[st.floats(-90, 90), st.floats(-180, 180)] * 2)
def test_great_circle_is_a_distance(a: float, b: float, c: float, d: float) -> None:
    there = great_circle_km(a, b, c, d)
    assert 0 <= there <= 20016
    assert there == pytest.approx(great_circle_km(c, d, a, b), abs=1e-6)
