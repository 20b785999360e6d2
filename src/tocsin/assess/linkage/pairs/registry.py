"""Comparisons by name: tocsin's own, and those that other packages add to linkage.

A comparison of another package is declared as tocsin's own are, each feature once as SQL and once
with NumPy. Both forms are tried on made pairs before it is used: where they differ, the batch and
the stream would give two weights.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from tocsin.assess.linkage.pairs.comparisons import (
    ACTORS,
    DEATHS,
    PLACE,
    TIME,
    Comparison,
    comparisons,
)
from tocsin.assess.linkage.pairs.features import FEATURES, Arrays, Feature
from tocsin.base.registry import Door, Entry

COLUMN = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""What a comparison of another package may be called: its name becomes a column in SQL."""
OPERATORS = ("<=", ">=", "==")
WHOLE = (
    "day0", "day1", "place_id", "adm_id", "a_fine", "a_broad", "b_fine", "b_broad", "low", "best",
    "high", "located", "coarse", "rare",
)  # fmt: skip
"""The whole numbers that are compared; -1 where one is missing."""
REAL = ("north", "lon", "half")
"""The real numbers that are compared: kilometres north of the equator, degrees east, and half the
kilometres of a degree of longitude there (`tocsin.schema.geography.distance.flat_columns`)."""


@dataclass(frozen=True)
class Addition:
    """A comparison that another package adds, with the features that it brings."""

    comparison: Comparison
    features: Mapping[str, Feature] = field(default_factory=lambda: MappingProxyType({}))
    """Numbers of a pair by name, which the levels of the comparison may use beside tocsin's own.
    They read the columns `WHOLE` and `REAL`, of the left report (`low_l` in SQL) and the right."""


def choose_comparisons(
    categories: Sequence[str], others: Sequence[str] = ()
) -> tuple[Comparison, ...]:
    """Collect the comparisons of a linkage: tocsin's own, of the categories, and others by name.

    Args:
        categories: names of the category columns.
        others: names of comparisons that other packages add.

    Returns:
        The comparisons, in that order.

    Raises:
        UsageError: there is no comparison of a name.
        PluginFailed: one of another package cannot be used.
    """
    found = comparisons(categories)
    for name in others:
        addition = COMPARISONS.find(name)
        if all(one.name != name for one in found):
            FEATURES.update(addition.features)
            found = (*found, addition.comparison)
    return found


def admit(entry: Entry, loaded: Any) -> Addition:
    """Take what a package offers as a comparison.

    Args:
        entry: what is known of the offer, for errors.
        loaded: the thing itself.

    Returns:
        The addition, checked.

    Raises:
        PluginFailed: it is no `Addition` of that name, uses a feature that there is not, or its
            features cannot be computed or differ between SQL and NumPy.
    """
    if not isinstance(loaded, Addition):
        raise entry.failure("is no tocsin.assess.linkage.pairs.registry.Addition")
    one = loaded.comparison
    if one.name != entry.name or not COLUMN.fullmatch(one.name):
        raise entry.failure(
            f"is called '{one.name}' inside; small letters, digits and _ are needed"
        )
    for name in loaded.features:
        if name in FEATURES and not getattr(FEATURES[name].numpy, "entry", None) == entry:
            raise entry.failure(f"brings a feature '{name}', which is there already")
        if not COLUMN.fullmatch(name):
            raise entry.failure(f"brings a feature '{name}', which is no name of a column")
    known = {**FEATURES, **loaded.features}
    used = [(one.known, "==", 0.0)] + [c for level in one.levels for c in level.conditions]
    for name, operator, _ in used:
        if name not in known or operator not in OPERATORS:
            raise entry.failure(f"uses '{name} {operator}', which is no feature and comparison")
    if len(one.levels) < 2 or one.levels[-1].conditions:
        raise entry.failure("needs two levels or more, the last without a condition")
    if not all(0 < level.m < 1 for level in one.levels):
        raise entry.failure("has a level whose share of matching pairs is not between 0 and 1")
    features = {
        name: replace(feature, numpy=_Checked(entry, name, feature))
        for name, feature in loaded.features.items()
    }
    for name, feature in features.items():
        _try(entry, name, feature)
    return Addition(one, features)


@dataclass(frozen=True)
class _Checked:
    """A feature's NumPy form, whose result must be one number a pair."""

    entry: Entry
    name: str
    feature: Feature

    def __call__(self, left: Arrays, right: Arrays) -> np.ndarray:
        with self.entry.blamed():
            found = np.asarray(self.feature.numpy(left, right))
        if found.shape != left["day0"].shape or found.dtype.kind not in "biuf":
            raise self.entry.failure(
                f"gave '{self.name}' a shape of {found.shape} and not a number a pair"
            )
        return found


def _try(entry: Entry, name: str, feature: Feature) -> None:
    """Compute a feature in both forms on made pairs, some of which lack values."""
    import duckdb

    random, size = np.random.default_rng(0), 200
    sides = []
    for _ in "lr":
        made: dict[str, np.ndarray] = {}
        made |= {column: random.integers(-1, 4, size) for column in WHOLE}
        made |= {column: random.uniform(-3, 3, size).round(3) for column in REAL}
        sides.append(made)
    frame = pl.DataFrame(
        {f"{c}_{s}": v for s, side in zip("lr", sides, strict=True) for c, v in side.items()}
    ).with_row_index("pair")
    with entry.blamed(), duckdb.connect() as connection:
        connection.register("pairs", frame.to_arrow())
        rows = connection.execute(f"select {feature.sql} from pairs order by pair").fetchall()
    one = np.array([row[0] for row in rows], dtype=np.float64)
    other = feature.numpy(*sides).astype(np.float64)
    if not np.allclose(one, other, rtol=1e-6, atol=1e-6):
        raise entry.failure(f"gives '{name}' other numbers in SQL than with NumPy")


COMPARISONS: Door[Addition] = Door(
    kind="comparison",
    group="tocsin.comparisons",
    own={one.name: Addition(one) for one in (TIME, PLACE, ACTORS, DEATHS)},
    admit=admit,
    meaning="compares two reports in linkage, level by level, when it is asked for by name",
)
"""Where a comparison is found by its name."""
