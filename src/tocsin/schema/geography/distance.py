"""How far apart two points are: the one formula and the one radius of the house.

`great_circle_km` is exact on a sphere. `flat_km` takes the ground for flat, which holds near by
and costs no arcsine; linkage compares millions of pairs by it, also in SQL and as columns.
"""

from __future__ import annotations

from math import pi
from typing import overload

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG; Moritz 2000, Geodetic Reference System 1980)."""
KM_PER_DEGREE = EARTH_RADIUS_KM * pi / 180
"""Kilometres of one degree of latitude, about 111.195."""


@overload
def great_circle_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float: ...
@overload
def great_circle_km(
    lat_a: ArrayLike, lon_a: ArrayLike, lat_b: ArrayLike, lon_b: ArrayLike
) -> NDArray[np.float64]: ...
def great_circle_km(
    lat_a: ArrayLike, lon_a: ArrayLike, lat_b: ArrayLike, lon_b: ArrayLike
) -> float | NDArray[np.float64]:
    """Compute the distance of two points on a sphere.

    The formula is that of haversines (Sinnott 1984, Virtues of the Haversine).

    Args:
        lat_a, lon_a: degrees north and east of the first point, or arrays of them.
        lat_b, lon_b: the same of the second; shapes follow NumPy's broadcasting.

    Returns:
        Kilometres: a number for numbers, else an array. NaN where a coordinate is NaN.

    >>> round(great_circle_km(0, 0, 0, 90))
    10008
    >>> great_circle_km([0, 0], [0, 0], [0, 0], [90, 180]).round().tolist()
    [10008.0, 20015.0]
    """
    north_a, east_a, north_b, east_b = (np.radians(one) for one in (lat_a, lon_a, lat_b, lon_b))
    height = np.sin((north_b - north_a) / 2) ** 2
    width = np.sin((east_b - east_a) / 2) ** 2
    chord = np.sqrt(height + np.cos(north_a) * np.cos(north_b) * width)
    found = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, chord))
    return float(found) if np.ndim(found) == 0 else np.asarray(found)


def flat_km(
    lat_a: ArrayLike, lon_a: ArrayLike, lat_b: ArrayLike, lon_b: ArrayLike
) -> NDArray[np.float64]:
    """Compute the distance of two points as if the ground were flat.

    Below 500 km the result is within 1 % of the great circle. The length of a degree of longitude
    is the mean of its lengths at both points. The formula does not cross the 180th meridian, where
    it gives a distance that is too long.

    Args:
        lat_a, lon_a: degrees north and east of the first point, or arrays of them.
        lat_b, lon_b: the same of the second; shapes follow NumPy's broadcasting.

    Returns:
        Kilometres, in the shape to which the arguments broadcast. NaN where a coordinate is NaN.

    >>> float(flat_km(35.0, 38.0, 35.0, 38.1).round(2))
    9.11
    """
    north = (np.asarray(lat_a) - lat_b) * KM_PER_DEGREE
    half_a, half_b = (np.cos(np.radians(lat)) * (KM_PER_DEGREE / 2) for lat in (lat_a, lat_b))
    east = (np.asarray(lon_a) - lon_b) * (half_a + half_b)
    return np.asarray(np.sqrt(north * north + east * east))


def flat_columns(lat: str, lon: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Write the parts of `flat_km` that belong to one point, for formulas on pairs in SQL.

    Args:
        lat, lon: names of columns in degrees; an empty value counts as 0.

    Returns:
        Expressions named `north` (kilometres north of the equator), `lon` (degrees) and `half`
        (half the kilometres of a degree of longitude there). The distance of two points is the
        hypotenuse of the difference of `north`, and of that of `lon` times the sum of `half`.
    """
    north = pl.col(lat).fill_null(0)
    return (
        (north * KM_PER_DEGREE).alias("north"),
        pl.col(lon).fill_null(0).alias("lon"),
        (north.radians().cos() * (KM_PER_DEGREE / 2)).alias("half"),
    )
