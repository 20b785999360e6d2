"""Grading: the rules that a whole report may break and still be read, applied to every reader's.

`parse_records` applies them, and so does whoever builds batches otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tocsin.observe.checks.doubt import NOTES, Doubt
from tocsin.observe.checks.places import TOLERANCE_KM, outside
from tocsin.observe.checks.spans import between
from tocsin.schema.days import in_order

AT_SEA = 7
"""UCDP place precision of events at sea or in the air, which lie in no country."""
PARTS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
_ESTIMATES = ("deaths_low", "deaths_best", "deaths_high")


def grade(row: dict[str, Any]) -> tuple[dict[str, Any], list[Doubt]]:
    """Put every doubtful value of a report right as its rule says, and list what was doubted.

    Args:
        row: a row of `reports` as a reader makes it: what the checks of single values doubted is
            in the keys of `NOTES`, the part of a state that is meant in `part`.

    Returns:
        The row as it is kept, without the keys of `NOTES` and `part`; and the doubts.

    >>> row, doubts = grade({"deaths_low": 5, "deaths_best": 3, "deaths_high": 9})
    >>> row, doubts[0].reason
    ({'deaths_low': 3, 'deaths_best': 3, 'deaths_high': 9}, 'The low estimate is above the best.')
    """
    kept = dict(row)
    part = kept.pop("part", None)
    found = [doubt for note in NOTES for doubt in kept.pop(note, ())]
    for rule in (_dates, _estimates, _parts):
        for doubt, value in rule(kept):
            kept[doubt.column] = value
            found.append(doubt)
    found += _outside(kept, part)
    return kept, found


_Changes = Iterator[tuple[Doubt, Any]]


def _estimates(row: Mapping[str, Any]) -> _Changes:
    """`best` stands; low becomes the least and high the greatest of the three.

    So the total of the best estimates stays the file's; to sort the three would change it.
    """
    low, best, high = (row.get(name) for name in _ESTIMATES)
    if low is None or best is None or high is None or low <= best <= high:
        return
    least, greatest = min(low, best, high), max(low, best, high)
    if least != low:
        above = "best" if low > best else "high"
        reason = f"The low estimate is above the {above}."
        yield Doubt("deaths_low", str(low), str(least), "estimates", reason), least
    if greatest != high:
        below = "best" if high < best else "low"
        reason = f"The high estimate is below the {below}."
        yield Doubt("deaths_high", str(high), str(greatest), "estimates", reason), greatest


def _parts(row: Mapping[str, Any]) -> _Changes:
    """Parts that add up to more than the best estimate tell nothing sure: they are left out."""
    parts = {name: row[name] for name in PARTS if row.get(name) is not None}
    best = row.get("deaths_best")
    if best is None or sum(parts.values()) <= best:
        return
    reason = f"The parts add up to {sum(parts.values())}, above the best estimate, {best}."
    for name, count in parts.items():
        yield Doubt(name, str(count), None, "parts", reason), None


def _dates(row: Mapping[str, Any]) -> _Changes:
    start, end = row.get("date_start"), row.get("date_end")
    if not isinstance(start, date) or not isinstance(end, date) or start <= end:
        return
    first, last = in_order(start, end)
    reason = "It ends before it starts."
    if first != start:
        reason = "It ends before it starts: the two days are taken as swapped."
        yield Doubt("date_start", str(start), str(first), "date", reason), first
    yield Doubt("date_end", str(end), str(last), "date", reason), last
    precision, width = row["date_prec"], between(first, last).precision
    if width > precision:
        yield Doubt("date_prec", str(precision), str(width), "date", reason), width


def _outside(row: dict[str, Any], part: str | None) -> list[Doubt]:
    """A point further outside its country than `TOLERANCE_KM` is left out, but not the report.

    What remains of the place is what its names tell, so its precision is no better than theirs.
    """
    north, east = row.get("latitude"), row.get("longitude")
    at_sea = row.get("place_prec") == AT_SEA
    if north is None or east is None or at_sea:
        return []
    away = outside(row["gwno"], north, east, on=row["date_start"], part=part)
    if away is None or away <= TOLERANCE_KM:
        return []
    reason = f"The point lies {away:.0f} km outside {part or row['territory']}."
    for what, y, x in (
        ("the wrong way round", east, north), ("without their sign", -north, east),
        ("without their sign", north, -east),
    ):  # fmt: skip
        turned = outside(row["gwno"], y, x, on=row["date_start"], part=part) if abs(y) <= 90 else 1
        if turned is not None and turned <= 0:
            degrees = "latitude and longitude seem" if y == east else "its degrees seem"
            reason += f" Inside it lies otherwise: {degrees} to stand {what}."
            break
    found = [
        Doubt(name, str(row[name]), None, "outside", reason) for name in ("latitude", "longitude")
    ]
    row["latitude"] = row["longitude"] = None
    known = 2 if row.get("place") else 3 if row.get("adm2") else 4 if row.get("adm1") else 6
    if known > row["place_prec"]:
        found.append(Doubt("place_prec", str(row["place_prec"]), str(known), "outside", reason))
        row["place_prec"] = known
    return found
