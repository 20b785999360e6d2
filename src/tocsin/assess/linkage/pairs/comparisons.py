"""What is compared between two reports, level by level: once as SQL, once with NumPy.

A level is a conjunction of simple conditions on features. Both forms are made from the same
declaration, so that the batch (Splink on DuckDB or Spark) and the stream give one weight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl

from tocsin.assess.linkage.pairs.features import (
    FEATURES,
    NONE,
    Arrays,
    both_have,
    is_agreement,
    same,
)
from tocsin.schema.geography.distance import flat_columns

Condition = tuple[str, str, float]


@dataclass(frozen=True)
class Level:
    """One level of a comparison: it holds where all conditions do and no level before it does."""

    label: str
    conditions: tuple[Condition, ...]
    m: float
    """Share of matching pairs at this level, before training."""

    @property
    def sql(self) -> str:
        """Write the level's condition in SQL, on columns with the endings `_l` and `_r`."""
        return " and ".join(
            f"({FEATURES[name].sql}) {op if op != '==' else '='} {value:g}"
            for name, op, value in self.conditions
        )

    def implies(self, condition: Condition) -> bool:
        """Tell whether a condition holds wherever this level does."""
        feature, op, value = condition
        return any(
            name == feature and own == op and bool(_OPS[op](np.asarray(bound), value))
            for name, own, bound in self.conditions
        )


@dataclass(frozen=True)
class Comparison:
    """One comparison: `known` says when it can be made at all; the last level takes the rest."""

    name: str
    known: str
    levels: tuple[Level, ...]

    def order(self) -> list[tuple[int, int]]:
        """List which level tells of more agreement than which.

        It does where its conditions imply those of the other, and all are of agreement: the same
        name and point is more than the same point. That a range of dates is long, or a count is
        two, says what kind of reports they are, and orders nothing.

        Returns:
            Pairs of levels, counted from 0 for the first: the stronger, and the weaker.

        >>> names = [level.label for level in PLACE.levels]
        >>> stronger, weaker = PLACE.order()[1]
        >>> names[stronger], names[weaker]
        ('same name and point', 'same point, other name')
        """
        pure = [
            at
            for at, level in enumerate(self.levels)
            if all(is_agreement(name) for name, _, _ in level.conditions)
        ]
        return [
            (one, two)
            for one, two in combinations(pure, 2)
            if all(map(self.levels[one].implies, self.levels[two].conditions))
        ]

    def gamma(self, left: Arrays, right: Arrays) -> np.ndarray:
        """Compute the level of each pair, numbered as Splink does.

        Args:
            left: the columns of the first report of each pair, each of shape (n,).
            right: the same of the second.

        Returns:
            Shape (n,): len(levels) - 1 for the first level, 0 for the last, and -1 where the pair
            cannot be compared.
        """
        features = {self.known: FEATURES[self.known].numpy(left, right)}
        for level in self.levels:
            for name, _, _ in level.conditions:
                if name not in features:
                    features[name] = FEATURES[name].numpy(left, right)
        result = np.zeros(len(features[self.known]), dtype=np.int8)
        for number, level in reversed(list(enumerate(self.levels[:-1]))):
            holds = np.ones(len(result), dtype=bool)
            for name, op, value in level.conditions:
                holds &= _OPS[op](features[name], value)
            result[holds] = len(self.levels) - 1 - number
        result[features[self.known] == 0] = -1
        return result


_OPS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "<=": lambda x, value: x <= value,
    ">=": lambda x, value: x >= value,
    "==": lambda x, value: x == value,
}

TIME = Comparison(
    "time",
    "placed",
    (
        Level("same days", (("moved", "==", 0), ("longest", "<=", 2)), 0.70),
        Level("same long range", (("moved", "==", 0),), 0.03),
        Level("one within the other, short", (("gap", "<=", 0), ("longest", "<=", 3)), 0.06),
        Level("ranges meet, to 10 days", (("gap", "<=", 0), ("longest", "<=", 10)), 0.05),
        Level("ranges meet, long", (("gap", "<=", 0),), 0.02),
        Level("1 day apart", (("gap", "<=", 1),), 0.07),
        Level("2 days apart", (("gap", "<=", 2),), 0.03),
        Level("3 days apart", (("gap", "<=", 3),), 0.015),
        Level("4 to 5 days apart", (("gap", "<=", 5),), 0.015),
        Level("6 to 8 days apart", (("gap", "<=", 8),), 0.005),
        Level("more days apart", (), 0.003),
    ),
)
PLACE = Comparison(
    "place",
    "placed",
    (
        Level("same name and point", (("same_place", "==", 1), ("km", "<=", 0.03)), 0.40),
        Level("same name, within 1 km", (("same_place", "==", 1), ("km", "<=", 1)), 0.15),
        Level("same point, other name", (("km", "<=", 0.1),), 0.05),
        Level("same name, within 5 km", (("same_place", "==", 1), ("km", "<=", 5)), 0.12),
        Level("within 2 km", (("km", "<=", 2),), 0.05),
        Level("same name, within 25 km", (("same_place", "==", 1), ("km", "<=", 25)), 0.07),
        Level("same name", (("same_place", "==", 1),), 0.03),
        Level("within 5 km", (("km", "<=", 5),), 0.03),
        Level("within 10 km", (("km", "<=", 10),), 0.03),
        Level("one knows only the unit, the same", (("coarse", "==", 1), ("same_unit", "==", 1)),
              0.04),
        Level("within 20 km", (("km", "<=", 20),), 0.02),
        Level("within 40 km", (("km", "<=", 40),), 0.01),
        Level("same unit", (("same_unit", "==", 1),), 0.005),
        Level("further apart", (), 0.003),
    ),
)  # fmt: skip
ACTORS = Comparison(
    "actors",
    "acted",
    (
        Level("both sides, rare", (("fine_both", "==", 1), ("rare", "==", 1)), 0.28),
        Level("both sides", (("fine_both", "==", 1),), 0.40),
        Level("both sides by a broader name", (("broad_both", "==", 1),), 0.10),
        Level("one side, the other unnamed", (("fine_one", "==", 1), ("full", "==", 0)), 0.08),
        Level("one side by a broader name, the other unnamed",
              (("broad_one", "==", 1), ("full", "==", 0)), 0.03),
        Level("one side of two", (("fine_one", "==", 1),), 0.06),
        Level("one side of two by a broader name", (("broad_one", "==", 1),), 0.02),
        Level("no side", (), 0.03),
    ),
)  # fmt: skip
DEATHS = Comparison(
    "deaths",
    "counted",
    (
        Level("same, with the same range", (("off", "==", 0), ("unlike", "==", 0),
              ("spread", ">=", 1)), 0.08),
        Level("same, 15 or more", (("off", "==", 0), ("fewest", ">=", 15)), 0.04),
        Level("same, 5 to 14", (("off", "==", 0), ("fewest", ">=", 5)), 0.08),
        Level("same, 3 or 4", (("off", "==", 0), ("fewest", ">=", 3)), 0.16),
        Level("same, 2", (("off", "==", 0), ("fewest", ">=", 2)), 0.14),
        Level("same, 1", (("off", "==", 0), ("fewest", ">=", 1)), 0.20),
        Level("same, none", (("off", "==", 0),), 0.06),
        Level("nearly the same", (("ratio", ">=", 0.8),), 0.05),
        Level("ranges meet", (("apart", "<=", 0),), 0.05),
        Level("at least two thirds", (("ratio", ">=", 0.6),), 0.06),
        Level("at least a third", (("ratio", ">=", 0.33),), 0.05),
        Level("far apart", (), 0.03),
    ),
)  # fmt: skip


def category(name: str) -> Comparison:
    """Make the comparison (same, alike, different) of a category whose codes were matched."""
    fine, broad = f"{name}_fine", f"{name}_broad"
    FEATURES.setdefault(f"{name}_known", both_have(fine))
    FEATURES.setdefault(f"{name}_same", same(fine))
    FEATURES.setdefault(f"{name}_alike", same(broad))
    return Comparison(
        name,
        f"{name}_known",
        (
            Level("same", ((f"{name}_same", "==", 1),), 0.85),
            Level("alike", ((f"{name}_alike", "==", 1),), 0.10),
            Level("different", (), 0.05),
        ),
    )


def comparisons(categories: Sequence[str]) -> tuple[Comparison, ...]:
    """Return all comparisons of tocsin's own, and one for each category column."""
    return (TIME, PLACE, ACTORS, DEATHS, *[category(name) for name in categories])


def comparison_columns(records: pl.DataFrame, categories: Sequence[str]) -> pl.DataFrame:
    """Make the columns of records that comparisons read, as plain numbers.

    Args:
        records: the records, with classes (see `add_classes`).
        categories: the names of the further category columns.

    Returns:
        Columns `row`, `source` (s1, s2, …), and those that the comparisons read; whole numbers
        are `NONE` where a record does not say.
    """
    located = pl.col("lat").is_not_null() & pl.col("lon").is_not_null()
    whole = ["day0", "day1", "place_id", "adm_id", "a_fine", "a_broad", "b_fine", "b_broad"]
    whole += ["low", "best", "high", *[f"{n}_{k}" for n in categories for k in ("fine", "broad")]]
    return records.select(
        "row",
        # Splink writes the name into its SQL: a file's own name may hold anything.
        pl.format("s{}", pl.col("source").rank("dense")).alias("source"),
        *[pl.col(name).fill_null(NONE).cast(pl.Int32) for name in whole],
        located.cast(pl.Int32).replace({0: NONE}).alias("located"),
        *flat_columns("lat", "lon"),
        pl.col("coarse").cast(pl.Int32),
        pl.col("rare").cast(pl.Int32),
    )


def arrays(frame: pl.DataFrame) -> dict[str, np.ndarray]:
    """Return the columns of numbers of n records as arrays of shape (n,), by name."""
    return {name: frame[name].to_numpy() for name in frame.columns if name != "source"}


PIECE = 200_000
"""Pairs that are worked on at a time: memory does not grow with the number of pairs."""
THREADS = 2
"""Pieces at a time: NumPy lets go of the interpreter while it computes."""


def in_pieces(size: int, work: Callable[[slice], None]) -> None:
    """Work through many pairs piece by piece, so that memory does not grow with their number.

    Args:
        size: how many pairs there are.
        work: is called with a slice of the pairs, and writes that part of the result. It may run
            in several threads at once.
    """
    pieces = [slice(start, start + PIECE) for start in range(0, size, PIECE)]
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(work, pieces):
            pass


def levels_of(
    columns: Arrays,
    compared: Sequence[Comparison],
    left: np.ndarray,
    right: np.ndarray,
    *,
    shift: int = 0,
) -> dict[str, np.ndarray]:
    """Compute the level of each pair in each comparison.

    Args:
        columns: the columns of `comparison_columns` as arrays.
        compared: the comparisons.
        left: shape (n,), the first row of each pair.
        right: shape (n,), the second.
        shift: days by which the second report's dates are moved.

    Returns:
        Comparison to levels, shape (n,); see `Comparison.gamma`.
    """
    found = {one.name: np.empty(len(left), dtype=np.int8) for one in compared}

    def work(piece: slice) -> None:
        a, b = at(columns, left[piece]), at(columns, right[piece])
        if shift:
            b["day0"], b["day1"] = b["day0"] + shift, b["day1"] + shift
        for one in compared:
            found[one.name][piece] = one.gamma(a, b)

    in_pieces(len(left), work)
    return found


def at(columns: Arrays, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return the values of all columns in some rows.

    Args:
        columns: the columns as arrays, each of shape (n,).
        rows: shape (k,), rows.

    Returns:
        The same columns, each of shape (k,).
    """
    return {name: values[rows] for name, values in columns.items()}
