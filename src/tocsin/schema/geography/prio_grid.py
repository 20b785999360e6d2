"""PRIO-GRID: cells of half a degree, numbered from the south-west.

Row 1 lies at 90 degrees south, column 1 at 180 degrees west; gid = (row - 1) * 720 + column
(Tollefsen, Strand and Buhaug 2012, PRIO-GRID: A unified spatial data structure, Journal of Peace
Research 49).
"""

from __future__ import annotations

from functools import cache
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from tocsin.schema.geography.shapes import shapes

SIZE = 0.5
"""Degrees."""
COLUMNS, ROWS = 720, 360

Places = npt.NDArray[np.int64]


def gid(latitude: float, longitude: float) -> int:
    """Return the number of the PRIO-GRID cell in which a point lies (Tollefsen and others 2012).

    Args:
        latitude: degrees north, from -90 to 90.
        longitude: degrees east, from -180 to 180.

    Returns:
        A number from 1 to 259,200. A point on the east or north edge of the world belongs to
        the last cell before the edge.

    >>> gid(36.45, 35.69), gid(-90, -180)
    (181872, 1)
    """
    row = min(floor((latitude + 90) / SIZE), ROWS - 1)
    column = min(floor((longitude + 180) / SIZE), COLUMNS - 1)
    return row * COLUMNS + column + 1


def centre(number: int) -> tuple[float, float]:
    """Return the centre of a cell of PRIO-GRID.

    Args:
        number: the cell's number, from 1 to 259,200.

    Returns:
        Degrees north and degrees east.

    >>> centre(1)
    (-89.75, -179.75)
    """
    row, column = divmod(number - 1, COLUMNS)
    return -90 + (row + 0.5) * SIZE, -180 + (column + 0.5) * SIZE


def outline(number: int) -> list[list[float]]:
    """Return the outline of a cell of PRIO-GRID as a closed ring of points.

    Args:
        number: the cell's number, from 1 to 259,200.

    Returns:
        Five pairs of longitude and latitude in degrees, clockwise as charts want them; the last is
        the first.
    """
    latitude, longitude = centre(number)
    half = SIZE / 2
    south, north, west, east = latitude - half, latitude + half, longitude - half, longitude + half
    return [[west, south], [west, north], [east, north], [east, south], [west, south]]


def rings(gids: Places) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Tell which cells lie one step from each other, and which lie two steps from each other.

    Steps are counted as a king moves in chess, so that eight cells lie one step from a cell. The
    grid is closed at the 180th meridian.

    Args:
        gids: numbers of N cells, shape (N,).

    Returns:
        Two arrays of booleans of shape (N, N): true where two cells lie one step apart, and true
        where they lie two steps apart.
    """
    row, column = np.divmod(gids - 1, COLUMNS)
    apart = np.abs(column[:, None] - column[None, :])
    steps = np.maximum(np.abs(row[:, None] - row[None, :]), np.minimum(apart, COLUMNS - apart))
    return steps == 1, steps == 2


def square(number: int, *, side: int = 4) -> int:
    """Return the number of the square of cells in which a cell lies.

    Args:
        number: the cell's number in PRIO-GRID.
        side: how many cells the square is wide and high.

    Returns:
        A number that all cells of one square share, and no cell of another square.

    >>> square(1) == square(4) == square(3 * 720 + 4) != square(5)
    True
    """
    row, column = divmod(number - 1, COLUMNS)
    return (row // side) * ceil(COLUMNS / side) + column // side


@cache
def cells_of(gwno: int) -> tuple[int, ...]:
    """List the cells of PRIO-GRID whose centre lies in a territory.

    Args:
        gwno: the territory's Gleditsch-Ward number.

    Returns:
        Numbers of cells in rising order; empty where the territory has no shape.
    """
    from shapely import Point, prepare
    from shapely.geometry import shape

    features = shapes([gwno])["features"]
    if not features:
        return ()
    ground = shape(features[0]["geometry"]).buffer(0)
    prepare(ground)
    west, south, east, north = ground.bounds
    found = []
    for i in range(floor((south + 90) / SIZE), ceil((north + 90) / SIZE)):
        for j in range(floor((west + 180) / SIZE), ceil((east + 180) / SIZE)):
            number = i * COLUMNS + j + 1
            latitude, longitude = centre(number)
            if ground.covers(Point(longitude, latitude)):
                found.append(number)
    return tuple(found)
