"""Which territories of a region lie together: by a land border, or by no more than a sea."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from tocsin.errors import UsageError
from tocsin.schema.geography.distance import great_circle_km
from tocsin.schema.geography.shapes import neighbours, shapes
from tocsin.schema.geography.territory import by_gwno

WITHIN_KM = 2_000.0
"""Territories without a common border belong together up to this distance. New Zealand lies some
1,500 km from Australia, so that each of the world's regions is one; islands are not refused."""


def refuse_apart(gwnos: Sequence[int], *, where: str, in_settings: bool = False) -> None:
    """Refuse territories under one heading that an ocean or more lies between.

    Args:
        gwnos: Gleditsch-Ward numbers.
        where: what declares them, for the error.
        in_settings: they stand in a file of settings, so that the remedy is lines of one.

    Raises:
        UsageError: they lie in several parts (`parts_apart`); the remedy writes them as groups.
    """
    apart = parts_apart(gwnos)
    parts = [[by_gwno(one).name for one in part] for part in apart]
    if len(parts) > 1:
        groups = "; ".join(f"Part {nth}: {', '.join(part)}" for nth, part in enumerate(parts, 1))
        lines = "; ".join(f"'Part {nth}' = {part}" for nth, part in enumerate(apart, 1))
        groups = f"[region.territories] {lines}" if in_settings else f'"{groups}"'
        raise UsageError(
            f"{parts[1][0]} lies more than {WITHIN_KM:,.0f} km from {', '.join(parts[0][:3])}, "
            "so that nothing spills over from one to the other.",
            where=where,
            remedy=f"Make two workspaces; or, if one region of several parts is meant: {groups}.",
        )


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
    return [list(part) for part in _parts(tuple(gwnos))]


# Each step of a walk asks before it begins, and of islands it takes a tenth of a second.
@lru_cache(maxsize=64)
def _parts(gwnos: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Parts of `parts_apart`."""
    near = {one: set(neighbours(one)) for one in gwnos}
    parts = _join_parts([[one] for one in gwnos], lambda a, b: b in near[a])
    if len(parts) > 1:  # shapes take seconds to read, and borders tell of nearly all regions
        drawn = _shapes_by_number(gwnos)
        parts = _join_parts(
            parts, lambda a, b: a in drawn and b in drawn and _is_near(drawn[a], drawn[b])
        )
        # The maps lack some small islands.
        small = [one for part in parts if drawn.keys().isdisjoint(part) for one in part]
        large = [part for part in parts if not drawn.keys().isdisjoint(part)] or [[]]
        first = min(large, key=lambda part: min(map(gwnos.index, part), default=0))
        parts = [part + small if part is first else part for part in large]
    order = {number: place for place, number in enumerate(gwnos)}
    within = (tuple(sorted(part, key=order.__getitem__)) for part in parts)
    return tuple(sorted(within, key=lambda part: order[part[0]]))


def _shapes_by_number(gwnos: Sequence[int]) -> dict[int, Any]:
    from shapely.geometry import shape

    return {one["properties"]["gwno"]: shape(one["geometry"]) for one in shapes(gwnos)["features"]}


def _join_parts(parts: list[list[int]], together: Callable[[int, int], bool]) -> list[list[int]]:
    """Parts of which some belong together, as one where any two of their numbers do."""
    found: list[list[int]] = []
    for part in parts:
        mine, others = part, []
        for one in found:
            if any(together(a, b) for a in part for b in one):
                mine = one + mine
            else:
                others.append(one)
        found = [*others, mine]
    return found


def _is_near(one: Any, other: Any) -> bool:
    """Whether two shapes are within reach, also over the date line."""
    from shapely.affinity import translate
    from shapely.ops import nearest_points

    for shift in (0.0, 360.0, -360.0):
        a, b = nearest_points(one, translate(other, xoff=shift))
        if great_circle_km(a.y, a.x, b.y, b.x) <= WITHIN_KM:
            return True
    return False
