"""Cells: numbered as PRIO-GRID numbers them."""

from __future__ import annotations

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.observe import example_files
from tocsin.schema.geography.prio_grid import (
    COLUMNS,
    ROWS,
    SIZE,
    cells_of,
    centre,
    gid,
    outline,
    rings,
    square,
)
from tocsin.schema.geography.shapes import outside_km


@given(st.integers(1, COLUMNS * ROWS))
def test_a_centre_lies_in_its_cell(number: int) -> None:
    assert gid(*centre(number)) == number
    ring = np.array(outline(number))
    assert gid(ring[0][1], ring[0][0]) == number
    assert ring[:, 1].min() < centre(number)[0] < ring[:, 1].max()


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_point_has_a_cell(latitude: float, longitude: float) -> None:
    number = gid(latitude, longitude)
    assert 1 <= number <= COLUMNS * ROWS
    south, west = (value - 0.25 for value in centre(number))
    # A breath below a line is on it: adding 90 or 180 rounds.
    assert south - 1e-9 <= latitude <= south + 0.5
    assert west - 1e-9 <= longitude <= west + 0.5


def test_the_numbers_are_those_that_ucdp_gives() -> None:
    path = next(path for path in example_files() if "central_african" in path.name)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) > 1800
    for row in rows:
        assert gid(float(row["latitude"]), float(row["longitude"])) == int(row["priogrid_gid"])


def test_rings_go_around_the_world() -> None:
    here = 100 * COLUMNS + 1
    near, far = rings(np.array([here, here + 1, here + COLUMNS - 1, here + 2, here + 3]))
    assert near[0].tolist() == [False, True, True, False, False]
    assert far[0].tolist() == [False, False, False, True, False]
    assert (near == near.T).all()


@pytest.mark.parametrize(("gwno", "least", "most"), [(652, 60, 90), (482, 190, 220), (54, 0, 2)])
def test_a_country_has_as_many_cells_as_its_ground(gwno: int, least: int, most: int) -> None:
    assert least <= len(cells_of(gwno)) <= most


@pytest.mark.parametrize(
    ("gwno", "south_west", "north_east"),
    [(645, (28, 38), (38, 50)), (660, (32, 34), (36, 38)), (690, (27, 45), (31, 50))],
)
def test_a_country_has_the_cells_whose_centre_lies_in_it(
    gwno: int, south_west: tuple[int, int], north_east: tuple[int, int]
) -> None:
    (south, west), (north, east) = south_west, north_east
    around = [
        gid(south + SIZE * i, west + SIZE * j)
        for i in range(2 * (north - south))
        for j in range(2 * (east - west))
    ]
    inside = [number for number in around if outside_km(gwno, *centre(number)) == 0]
    assert list(cells_of(gwno)) == inside


@given(st.lists(st.integers(1, COLUMNS * ROWS), min_size=1, max_size=6))
def test_rings_are_steps_between_centres(some: list[int]) -> None:
    """With the cells beside each, across the 180th meridian and in the row above."""
    cells = np.array(
        [(one + more - 1) % (COLUMNS * ROWS) + 1 for one in some for more in (0, 1, 2, 719, 720)]
    )
    near, far = rings(cells)
    where = [centre(int(one)) for one in cells]
    for one, (north, east) in enumerate(where):
        for other, (south, west) in enumerate(where):
            apart = abs(east - west)
            steps = max(abs(north - south), min(apart, 360 - apart)) / SIZE
            assert (near[one, other], far[one, other]) == (steps == 1, steps == 2)


def test_a_row_ends_where_the_next_begins() -> None:
    near, _ = rings(np.array([1, 720, 721, 1440, 1441]))
    assert near[0].tolist() == [False, True, True, True, False]
    assert outline(1) == [[-180, -90], [-180, -89.5], [-179.5, -89.5], [-179.5, -90], [-180, -90]]
    assert (centre(720), centre(721)) == ((-89.75, 179.75), (-89.25, -179.75))
    assert (gid(90, 180), gid(89.99, -180)) == (COLUMNS * ROWS, COLUMNS * (ROWS - 1) + 1)


@given(*[st.integers(1, COLUMNS * ROWS)] * 2, st.integers(1, 11))
def test_a_square_is_shared_by_its_cells_and_by_no_other(one: int, other: int, side: int) -> None:
    def of(number: int) -> tuple[int, int]:
        row, column = divmod(number - 1, COLUMNS)
        return row // side, column // side

    for beside in (other, one + 1, one + side, one + COLUMNS):
        assert (square(one, side=side) == square(beside, side=side)) == (of(one) == of(beside))


def test_squares_hold_sixteen_cells() -> None:
    numbers = [square(number) for number in cells_of(482)]
    assert max(numbers.count(one) for one in set(numbers)) == 16
