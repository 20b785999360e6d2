"""Agreement of two readers."""

from __future__ import annotations

from math import isnan

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.bench.mentions.agreement import (
    FIELDS,
    compare_readers,
    count_disagreements,
    kappa,
    wilson,
)

LABELS = st.lists(st.sampled_from("abc"), min_size=2, max_size=40)


def test_the_published_example() -> None:
    """Fleiss, Cohen and Everitt (1969): 100 cases, three kinds; kappa 0.429."""
    table = {
        ("a", "a"): 53,
        ("a", "b"): 5,
        ("a", "c"): 2,
        ("b", "a"): 11,
        ("b", "b"): 14,
        ("b", "c"): 5,
        ("c", "a"): 1,
        ("c", "b"): 6,
        ("c", "c"): 3,
    }
    pairs = [pair for pair, count in table.items() for _ in range(count)]
    assert kappa([a for a, _ in pairs], [b for _, b in pairs]) == pytest.approx(0.429, abs=5e-4)


@given(LABELS)
def test_full_agreement_is_one_unless_chance_explains_it(labels: list[str]) -> None:
    value = kappa(labels, labels)
    assert isnan(value) if len(set(labels)) == 1 else value == pytest.approx(1.0)


@given(LABELS, st.randoms(use_true_random=False))
def test_kappa_is_symmetric_and_at_most_one(labels: list[str], random: object) -> None:
    other = list(labels)
    random.shuffle(other)  # type: ignore[attr-defined]
    one, two = kappa(labels, other), kappa(other, labels)
    assert (isnan(one) and isnan(two)) or (one == pytest.approx(two) and one <= 1 + 1e-9)


def test_only_rows_that_both_have_read_count() -> None:
    first = pl.DataFrame({"row_id": ["1", "2", "3"], **{f: ["x", "y", "x"] for f in FIELDS}})
    second = pl.DataFrame({"row_id": ["3", "2", "9"], **{f: ["x", "y", "y"] for f in FIELDS}})
    found = compare_readers(first, second, draws=50)
    assert found["field"].to_list() == list(FIELDS)
    assert found["rows"].to_list() == [2] * len(FIELDS)
    assert found["kappa"].to_list() == [1.0] * len(FIELDS)


def test_disagreements_are_counted_by_field_and_class() -> None:
    same = {field: ["x"] * 4 for field in FIELDS}
    ids = {"row_id": ["1", "2", "3", "4"], "technology": ["cyber", "cyber", "cyber", "mines"]}
    first = pl.DataFrame({**ids, **same, "user": ["a", "a", "", "a"]})
    second = pl.DataFrame({**ids, **same, "user": ["b", "b", "a", "a"]})
    found = count_disagreements(first, second.head(3)).filter(pl.col("field") == "user")
    assert found.rows() == [("user", "cyber", 3, 3, "a > b (2)")]
    assert count_disagreements(first, second)["differ"].sum() == 3
    empty = count_disagreements(first[2:], second[2:]).filter(pl.col("differ") > 0)
    assert empty["most"].to_list() == ["(empty) > a (1)"]
    assert count_disagreements(first, first)["most"].unique().to_list() == [""]


def test_the_interval_of_a_share() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
