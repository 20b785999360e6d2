"""Borders and distances against facts anyone can look up."""

from __future__ import annotations

import csv
import itertools
from datetime import date
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.schema.geography import shapes as shapes_module
from tocsin.schema.geography.distance import great_circle_km
from tocsin.schema.geography.shapes import (
    centre,
    neighbour_shares,
    neighbours,
    outside_km,
    part_shapes,
    shapes,
)
from tocsin.schema.geography.territory import UnknownTerritory, by_gwno, resolve, territories


def test_land_neighbours() -> None:
    assert neighbours(482) == [471, 483, 484, 490, 625, 626]
    assert neighbours(652) == [640, 645, 660, 663, 666]
    assert neighbours(395) == []


def test_neighbours_of_a_state_before_it_split() -> None:
    before = neighbours(625, on=date(2010, 1, 1))
    assert 626 not in before
    assert {482, 490, 500, 501} <= set(before)


@pytest.mark.parametrize(
    ("gwno", "day", "around"),
    [
        # Italy, Austria, Hungary, Romania, Bulgaria, Greece and Albania around Yugoslavia.
        (345, date(1991, 1, 1), [305, 310, 325, 339, 350, 355, 360]),
        # Ethiopia with Eritrea: Kenya, Somalia, Djibouti and Sudan.
        (530, date(1992, 1, 1), [501, 520, 522, 625]),
        (531, date(1992, 1, 1), []),
    ],
)
def test_borders_were_those_of_the_states_of_the_day(
    gwno: int, day: date, around: list[int]
) -> None:
    assert neighbours(gwno, on=day) == around


def test_who_is_no_state_has_no_neighbours() -> None:
    with pytest.raises(UnknownTerritory):
        neighbours(1)


def test_shares_are_equal_among_the_neighbours_that_are_asked_for() -> None:
    some = [482, 490, 625, 626, 750]
    found = neighbour_shares(some)
    for row, gwno in zip(found, some, strict=True):
        beside = set(neighbours(gwno)) & set(some)
        expected = [1 / len(beside) if one in beside else 0.0 for one in some]
        assert row.tolist() == pytest.approx(expected)


def test_a_label_stands_on_its_ground() -> None:
    for gwno in (652, 482, 345):
        place = centre(gwno)
        assert place is not None
        assert outside_km(gwno, *place) == 0
    # South Vietnam ended before today's borders, so that no ground is its own.
    assert centre(817) is None
    assert outside_km(817, 10.8, 106.7) is None


def test_shapes_come_as_they_are_asked_for_and_those_without_are_left_out() -> None:
    found = shapes([490, 345, 482])
    assert [one["properties"] for one in found["features"]] == [
        {"gwno": 490, "territory": "DR Congo"},
        {"gwno": 482, "territory": "Central African Republic"},
    ]
    assert {one["type"] for one in found["features"]} == {"Feature"}
    assert found["type"] == "FeatureCollection"


def test_how_far_outside_is_the_great_circle_to_the_border() -> None:
    # The border of Egypt and Libya is the 25th meridian, that of Egypt and Sudan 22 degrees north.
    assert outside_km(651, 28.0, 24.0) == pytest.approx(
        great_circle_km(28.0, 24.0, 28.0, 25.0), abs=4
    )
    assert outside_km(651, 20.0, 28.0) == pytest.approx(2 * 111.195, abs=2)


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


@pytest.mark.slow
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
                # Arcs of the topology share their end points, which stand once in a ring.
                assert all(one != other for one, other in itertools.pairwise(ring))
                # Four digits are ten metres; more would only make pages larger.
                assert all(round(value, 4) == value for point in ring for value in point)
                for axis in zip(*ring, strict=True):
                    assert any(round(value, 3) != value for value in axis)


@given(*[st.floats(-90, 90), st.floats(-180, 180)] * 2)
def test_great_circle_is_a_distance(a: float, b: float, c: float, d: float) -> None:
    there = great_circle_km(a, b, c, d)
    assert 0 <= there <= 20016
    assert there == pytest.approx(great_circle_km(c, d, a, b), abs=1e-6)


def test_a_ring_has_the_points_of_its_arcs_each_once() -> None:
    topology = shapes_module._topology()
    lengths = [len(arc) for arc in topology["arcs"]]
    for item in topology["objects"]["territories"]["geometries"][:60]:
        rings = shapes_module._rings(item)
        (feature,) = shapes([item["id"]])["features"]
        found = [len(r) for part in feature["geometry"]["coordinates"] for r in part]
        # Where two arcs meet, their common point stands once.
        assert found == [
            sum(lengths[arc if arc >= 0 else ~arc] for arc in ring) - len(ring) + 1
            for ring in rings
        ]


def test_points_are_sums_of_steps_on_the_grid_of_the_file() -> None:
    """TopoJSON 1.0: the first step of an arc is a place, each later one leads from the last."""
    topology = shapes_module._topology()
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    item = next(one for one in topology["objects"]["territories"]["geometries"] if one["id"] == 482)
    (feature,) = shapes([482])["features"]
    for ring, line in zip(
        shapes_module._rings(item), itertools.chain(*feature["geometry"]["coordinates"]),
        strict=True,
    ):  # fmt: skip
        expected = []
        for arc in ring:
            steps = np.cumsum(topology["arcs"][max(arc, ~arc)], axis=0) * (sx, sy) + (tx, ty)
            expected += (steps if arc >= 0 else steps[::-1]).tolist()
        distinct = [one for one, _ in itertools.groupby(np.round(expected, 4).tolist())]
        assert [list(one) for one in line] == distinct


PARTS_ON_THE_GROUND = {
    "Palestine", "Western Sahara", "Hong Kong", "Puerto Rico", "Guam", "U.S. Virgin Islands",
    "Somaliland", "Puntland", "Northern Cyprus", "Greenland", "Zanzibar", "New Caledonia",
    "French Guiana",
    "French Polynesia", "Falkland Islands", "Guadeloupe", "Martinique", "Réunion", "Mayotte",
    "Caribbean Netherlands", "Svalbard and Jan Mayen", "Vatican City",
}  # fmt: skip
"""Parts that the shape of their state holds."""


def test_every_part_that_has_a_name_has_ground_or_is_exempt() -> None:
    text = files("tocsin.schema.geography").joinpath("data/territories.csv").read_text("utf-8")
    names = {row["name"] for row in csv.DictReader(text.splitlines()) if row["kind"] == "part"}
    unknown = names - set(part_shapes()) - PARTS_ON_THE_GROUND
    assert not unknown, "Run scripts/build_territories.py, or say where the part lies."


@pytest.mark.parametrize(
    ("name", "latitude", "longitude"),
    [
        ("Bermuda", 32.29, -64.78), ("Cayman Islands", 19.3, -81.38), ("Gibraltar", 36.14, -5.35),
        ("American Samoa", -14.28, -170.7), ("Jersey", 49.19, -2.1), ("Isle of Man", 54.15, -4.48),
        ("Faroe Islands", 62.01, -6.77), ("Aruba", 12.52, -70.03), ("Mayotte", -12.78, 45.23),
        ("New Caledonia", -22.27, 166.44), ("Réunion", -20.88, 55.45), ("Guam", 13.44, 144.79),
        ("Falkland Islands", -51.7, -57.85), ("Greenland", 64.18, -51.72),
        ("French Guiana", 4.92, -52.31), ("Zanzibar", -6.16, 39.2), ("Hong Kong", 22.3, 114.17),
        ("Åland Islands", 60.1, 19.94), ("Cook Islands", -21.2, -159.78), ("Niue", -19.05, -169.92),
        ("Christmas Island", -10.49, 105.63), ("Cocos (Keeling) Islands", -12.19, 96.83),
        ("Caribbean Netherlands", 12.15, -68.27), ("Saint Helena", -15.93, -5.72),
        ("Vatican City", 41.9, 12.45), ("Norfolk Island", -29.05, 167.96),
    ],
)  # fmt: skip
def test_a_point_in_a_part_lies_in_it(name: str, latitude: float, longitude: float) -> None:
    unit = resolve(name)
    away = outside_km(unit.gwno, latitude, longitude, part=unit.part)
    assert away is not None
    assert away < 5


def test_a_part_that_no_map_shows_is_exempt() -> None:
    assert outside_km(920, -9.2, -171.8, part="Tokelau") is None


def test_a_point_in_crimea_lies_in_ukraine_as_sources_count_it() -> None:
    assert outside_km(369, 44.95, 34.1) == 0
    assert outside_km(365, 44.95, 34.1) == 0
    assert outside_km(359, 44.95, 34.1) != 0
