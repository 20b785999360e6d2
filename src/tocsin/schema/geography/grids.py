"""References of grids as degrees: UTM, the Military Grid (MGRS) and Open Location Codes.

Karney (2011), Transverse Mercator with an accuracy of a few nanometers, Journal of Geodesy 85(8):
the series of Krüger to the third flattening's fourth power, on the ellipsoid of WGS 84. MGRS: NGA
Standard 0037 (2014). Open Location Codes: Google (2014), which were published for all to use.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

Point = tuple[float, float]
"""Degrees north and east (WGS 84)."""
BANDS = "CDEFGHJKLMNPQRSTUVWX"
"""Bands of 8 degrees from 80 degrees south; the last has 12."""
_COLUMNS = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_PLUS = "23456789CFGHJMPQRVWX"
_UTM = re.compile(
    r"(?:UTM )?(\d{1,2}) ?([C-HJ-NP-X])\W{0,3}(\d{6})(?:\.\d+)?(?: ?m?E)?[ ,;/]+(\d{6,8})"
    r"(?:\.\d+)?(?: ?m?N)?",
    re.IGNORECASE,
)
_MGRS = re.compile(
    r"(\d{1,2}) ?([C-HJ-NP-X]) ?([A-HJ-NP-Z])([A-HJ-NP-V]) ?(\d+) ?(\d*)", re.IGNORECASE
)
_CODE = re.compile(rf"([{_PLUS}]{{8}})\+([{_PLUS}]{{2,4}})", re.IGNORECASE)
_A, _F, _K0 = 6378137.0, 1 / 298.257223563, 0.9996
_FALSE_EAST, _FALSE_NORTH = 500_000.0, 10_000_000.0
_N = _F / (2 - _F)
_RADIUS = _A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
"""Metres along the meridian for each radian of the rectifying latitude."""
_TO_SPHERE = (
    (1 / 2, -2 / 3, 37 / 96, -1 / 360),
    (1 / 48, 1 / 15, -437 / 1440),
    (17 / 480, -37 / 840),
    (4397 / 161280,),
)
"""Krüger's beta 1 to 4, which lead from the grid to the conformal sphere: what stands before the
powers of the third flattening, the first before the power of the row's number."""
_TO_ELLIPSOID = (
    (2, -2 / 3, -2, 116 / 45),
    (7 / 3, -8 / 5, -227 / 45),
    (56 / 15, -136 / 35),
    (4279 / 630,),
)
"""The same from the conformal latitude to that on the ellipsoid, delta 1 to 4."""


def _sines(rows: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """What stands before the sines of 2, 4, 6 and 8 times the angle, by polynomials as above."""
    return tuple(
        sum(one * _N**power for power, one in enumerate(row, first))
        for first, row in enumerate(rows, 1)
    )


_BETA, _DELTA = _sines(_TO_SPHERE), _sines(_TO_ELLIPSOID)


def grid_point(text: str) -> Point | None:
    """Read a reference of a grid that is known by how it is written.

    Args:
        text: such as '30P 543210 1765432' (UTM), '30PWB4321065432' (MGRS) or '6FG22222+22'.

    Returns:
        Degrees north and east: of the point, or of the middle of a square; None where it is none.

    >>> [round(one, 4) for one in grid_point("31U 448252 5411943") or ()]
    [48.8583, 2.2945]
    >>> [round(one, 3) for one in grid_point("31U DQ 48252 11943") or ()]
    [48.858, 2.295]
    >>> [round(one, 4) for one in grid_point("8FW4V75V+8Q") or ()]
    [48.8583, 2.2944]
    >>> grid_point("Gao 12"), grid_point("2024")
    (None, None)
    """
    if found := _UTM.fullmatch(text):
        return utm_point(int(found[1]), found[2], float(found[3]), float(found[4]))
    if found := _MGRS.fullmatch(text):
        return _square(
            int(found[1]), found[2].upper(), (found[3] + found[4]).upper(), found.groups()[4:]
        )
    if found := _CODE.fullmatch(text):
        return _location(found[1] + found[2])
    return None


def utm_point(zone: int, band: str, east: float, north: float) -> Point | None:
    """Turn metres of the Universal Transverse Mercator grid into degrees.

    Args:
        zone: 1 to 60.
        band: the letter of the band, N and later are north of the equator.
        east: metres east, with the false 500,000.
        north: metres north; south of the equator with the false 10,000,000.

    Returns:
        Degrees north and east; None where the grid has no such point.

    >>> [round(one, 3) for one in utm_point(37, "L", 555_000, 8_800_000) or ()]
    [-10.855, 39.503]
    """
    if not 1 <= zone <= 60 or band.upper() not in BANDS or not 100_000 <= east < 900_000:
        return None
    xi = (north - (_FALSE_NORTH if band.upper() < "N" else 0)) / (_K0 * _RADIUS)
    eta = (east - _FALSE_EAST) / (_K0 * _RADIUS)
    terms = list(enumerate(_BETA, 1))
    x = xi - sum(b * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, b in terms)
    y = eta - sum(b * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, b in terms)
    chi = math.asin(math.sin(x) / math.cosh(y))
    phi = chi + sum(d * math.sin(2 * j * chi) for j, d in enumerate(_DELTA, 1))
    lam = math.atan2(math.sinh(y), math.cos(x))
    # West of the first zone and east of the last is the other side of the date line.
    return math.degrees(phi), (math.degrees(lam) + 6 * zone - 3) % 360 - 180


def _square(zone: int, band: str, square: str, metres: Sequence[str]) -> Point | None:
    """The middle of a square of the Military Grid."""
    digits, (first, second) = "".join(metres), metres
    columns, half = _COLUMNS[zone % 3], len(digits) // 2
    if len(digits) % 2 or half > 5 or square[0] not in columns:
        return None
    if second and len(first) != len(second):
        return None
    size = 10 ** (5 - half)
    east = (columns.index(square[0]) + 1) * 100_000 + int(digits[:half]) * size + size / 2
    row = (_ROWS.index(square[1]) - (0 if zone % 2 else 5)) % 20
    north = row * 100_000 + int(digits[half:]) * size + size / 2
    # Rows repeat each 2,000 km: the one in the band is meant.
    south = -80 + 8 * BANDS.index(band)
    for block in range(5):
        point = utm_point(zone, band, east, north + 2_000_000 * block)
        if point and south - 0.5 <= point[0] < south + (12 if band == "X" else 8) + 0.5:
            return point
    return None


def _location(code: str) -> Point:
    """The middle of the cell of an Open Location Code of ten digits; more are left out."""
    north, east, size = -90.0, -180.0, 20.0
    for at in range(0, 10, 2):
        north += _PLUS.index(code[at].upper()) * size
        east += _PLUS.index(code[at + 1].upper()) * size
        size /= 20
    return north + 10 * size, east + 10 * size
