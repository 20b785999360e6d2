"""Which territories of a region lie together: by a land border, or by no more than a sea."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.schema.geography.distance import great_circle_km
from tocsin.schema.geography.shapes import neighbours, shapes

WITHIN_KM = 2_000.0
"""Territories without a common border belong together up to this distance. New Zealand lies some
1,500 km from Australia, so that each of the world's regions is one; islands are not refused."""


def parts_apart(gwnos: Sequence[int]) -> list[list[int]]:
    """Divide territories into those that lie together.

    Args:
        gwnos: Gleditsch-Ward numbers. One that is too small for the maps' scale lies with the
            first, since nobody knows better.

    Returns:
        Parts, each with its numbers in the order given; between two of them lie more than
        `WITHIN_KM`.

    >>> parts_apart([501, 135, 500]), parts_apart([580, 541])
    ([[501, 500], [135]], [[580, 541]])
    """
    from shapely.geometry import shape

    drawn = {one["properties"]["gwno"]: shape(one["geometry"]) for one in shapes(gwnos)["features"]}
    parts: list[list[int]] = []
    for number in gwnos:
        near = set(neighbours(number))
        mine = [number]
        others = []
        for part in parts:
            touching = any(one in near for one in part)
            if touching or any(_is_near(drawn.get(number), drawn.get(one)) for one in part):
                mine = part + mine
            else:
                others.append(part)
        parts = [*others, mine]
    order = {number: place for place, number in enumerate(gwnos)}
    return sorted(
        (sorted(part, key=order.__getitem__) for part in parts), key=lambda p: order[p[0]]
    )


def _is_near(one: object, other: object) -> bool:
    """Whether two shapes are within reach, also over the date line; what has no shape is."""
    from shapely.affinity import translate
    from shapely.ops import nearest_points

    if one is None or other is None:
        return True
    for shift in (0.0, 360.0, -360.0):
        a, b = nearest_points(one, translate(other, xoff=shift))
        if great_circle_km(a.y, a.x, b.y, b.x) <= WITHIN_KM:
            return True
    return False
