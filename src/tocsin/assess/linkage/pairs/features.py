"""Features: what is computed from a pair of reports, once in SQL and once with NumPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Arrays = Mapping[str, np.ndarray]

NONE = -1
"""How a missing whole number is written in the compared columns."""


@dataclass(frozen=True)
class Feature:
    """A number computed from a pair of reports, declared once in SQL and once with NumPy."""

    sql: str
    numpy: Callable[[Arrays, Arrays], np.ndarray]


def _sides(kind: str, both: bool) -> Feature:
    """Do the sides agree, in either order?"""
    a, b = f"a_{kind}", f"b_{kind}"
    pairs = [(a, a), (a, b), (b, a), (b, b)]
    if both:
        sql = (
            f"case when ({a}_l = {a}_r and {b}_l = {b}_r and {a}_l >= 0 and {b}_l >= 0) or "
            f"({a}_l = {b}_r and {b}_l = {a}_r and {a}_l >= 0 and {b}_l >= 0) then 1 else 0 end"
        )
    else:
        sql = "case when {} then 1 else 0 end".format(
            " or ".join(f"({x}_l = {y}_r and {x}_l >= 0)" for x, y in pairs)
        )

    def compute(left: Arrays, right: Arrays) -> np.ndarray:
        equal = [(left[x] == right[y]) & (left[x] >= 0) for x, y in pairs]
        if both:
            return np.asarray((equal[0] & equal[3]) | (equal[1] & equal[2])).astype(np.int8)
        return np.asarray(equal[0] | equal[1] | equal[2] | equal[3]).astype(np.int8)

    return Feature(sql, compute)


def same(column: str) -> Feature:
    """Make the feature that both reports have the same whole number in a column."""
    return Feature(
        f"case when {column}_l = {column}_r and {column}_l >= 0 then 1 else 0 end",
        lambda a, b: ((a[column] == b[column]) & (a[column] >= 0)).astype(np.int8),
    )


def both_have(*columns: str) -> Feature:
    """Make the feature that both reports have at least one of the columns."""
    sides = [
        "greatest({})".format(", ".join(f"{c}_{s}" for c in (*columns, columns[0]))) for s in "lr"
    ]
    return Feature(
        f"case when {sides[0]} >= 0 and {sides[1]} >= 0 then 1 else 0 end",
        lambda a, b: (
            (np.maximum.reduce([a[c] for c in columns]) >= 0)
            & (np.maximum.reduce([b[c] for c in columns]) >= 0)
        ).astype(np.int8),
    )


def _ratio(a: Arrays, b: Arrays) -> np.ndarray:
    """The smaller count over the larger, each with a half added."""
    low, high = np.minimum(a["best"], b["best"]), np.maximum(a["best"], b["best"])
    return (low + 0.5) / (high + 0.5)


def _km(a: Arrays, b: Arrays) -> np.ndarray:
    north = a["north"] - b["north"]
    east = (a["lon"] - b["lon"]) * (a["half"] + b["half"])
    with np.errstate(invalid="ignore"):
        return np.where((a["located"] > 0) & (b["located"] > 0), np.hypot(north, east), 1e9)


FEATURES: dict[str, Feature] = {
    "gap": Feature(
        "(greatest(day0_l, day0_r) - least(day1_l, day1_r))",
        lambda a, b: np.maximum(a["day0"], b["day0"]) - np.minimum(a["day1"], b["day1"]),
    ),
    "longest": Feature(
        "greatest(day1_l - day0_l, day1_r - day0_r)",
        lambda a, b: np.maximum(a["day1"] - a["day0"], b["day1"] - b["day0"]),
    ),
    "moved": Feature(
        "(abs(day0_l - day0_r) + abs(day1_l - day1_r))",
        lambda a, b: np.abs(a["day0"] - b["day0"]) + np.abs(a["day1"] - b["day1"]),
    ),
    "km": Feature(
        "case when located_l > 0 and located_r > 0 then sqrt((north_l - north_r) * "
        "(north_l - north_r) + (lon_l - lon_r) * (half_l + half_r) * (lon_l - lon_r) * "
        "(half_l + half_r)) else 1e9 end",
        _km,
    ),
    "coarse": Feature(
        "greatest(coarse_l, coarse_r)", lambda a, b: np.maximum(a["coarse"], b["coarse"])
    ),
    "placed": both_have("located", "place_id", "adm_id"),
    "named": both_have("place_id"),
    "same_place": same("place_id"),
    "same_unit": same("adm_id"),
    "fine_both": _sides("fine", True),
    "fine_one": _sides("fine", False),
    "broad_both": _sides("broad", True),
    "broad_one": _sides("broad", False),
    "acted": both_have("a_fine", "b_fine"),
    "full": Feature(
        "case when least(a_fine_l, b_fine_l, a_fine_r, b_fine_r) >= 0 then 1 else 0 end",
        lambda a, b: (
            np.minimum(np.minimum(a["a_fine"], a["b_fine"]), np.minimum(b["a_fine"], b["b_fine"]))
            >= 0
        ).astype(np.int8),
    ),
    "rare": Feature("least(rare_l, rare_r)", lambda a, b: np.minimum(a["rare"], b["rare"])),
    "counted": both_have("best"),
    "off": Feature("abs(best_l - best_r)", lambda a, b: np.abs(a["best"] - b["best"])),
    "fewest": Feature("least(best_l, best_r)", lambda a, b: np.minimum(a["best"], b["best"])),
    "ratio": Feature("((least(best_l, best_r) + 0.5) / (greatest(best_l, best_r) + 0.5))", _ratio),
    "unlike": Feature(
        "(abs(low_l - low_r) + abs(high_l - high_r))",
        lambda a, b: np.abs(a["low"] - b["low"]) + np.abs(a["high"] - b["high"]),
    ),
    "spread": Feature(
        "least(high_l - low_l, high_r - low_r)",
        lambda a, b: np.minimum(a["high"] - a["low"], b["high"] - b["low"]),
    ),
    "apart": Feature(
        "(greatest(low_l, low_r) - least(high_l, high_r))",
        lambda a, b: np.maximum(a["low"], b["low"]) - np.minimum(a["high"], b["high"]),
    ),
}


_AGREEMENT = frozenset((
    "gap", "km", "same_place", "same_unit", "fine_both", "fine_one", "broad_both", "broad_one",
    "ratio",
))  # fmt: skip


def is_agreement(name: str) -> bool:
    """Tell whether a feature says only how far two reports agree, not what reports they are.

    That a range of dates is long, or that a count is two, says what reports they are.

    Args:
        name: the feature's name in `FEATURES`.

    >>> is_agreement("km"), is_agreement("type_same"), is_agreement("longest")
    (True, True, False)
    """
    return name in _AGREEMENT or name.endswith(("_same", "_alike"))
