"""Letters and numbers fall with the evidence, and thin evidence is not judged."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.reliability.admiralty import letter, number

share = st.floats(0, 1)


def graded(p: float | None, n: float, width: float, peers: int) -> str:
    frame = pl.DataFrame(
        {"p": [p], "n": [n], "low": [0.0], "high": [width], "peers": [peers]},
        schema_overrides={"p": pl.Float64},
    )
    columns = {name: pl.col(name) for name in ("low", "high", "peers")}
    return str(frame.select(letter(pl.col("p"), votes=pl.col("n"), **columns)).item())


def numbered(p: float | None, others: float) -> int:
    frame = pl.DataFrame({"p": [p], "others": [others]}, schema_overrides={"p": pl.Float64})
    return int(frame.select(number(pl.col("p"), corroboration=pl.col("others"))).item())


@given(share, share)
def test_better_is_never_graded_worse(one: float, two: float) -> None:
    low, high = sorted((one, two))
    assert graded(high, 100, 0.1, 3) <= graded(low, 100, 0.1, 3)
    assert numbered(high, 2.0) <= numbered(low, 2.0)


def test_thin_evidence_is_not_judged() -> None:
    assert graded(0.99, 100, 0.1, 3) == "A"
    assert {graded(0.99, 5, 0.1, 3), graded(0.99, 100, 0.5, 3), graded(0.99, 100, 0.1, 1)} == {"F"}
    assert graded(None, 0, 1.0, 0) == "F"


def test_only_the_confirmed_are_confirmed() -> None:
    assert numbered(0.99, 1.0) == 1
    assert numbered(0.99, 0.5) == 2
    assert numbered(0.99, 0.0) == 6
    assert numbered(None, 3.0) == 6
    assert numbered(0.1, 3.0) == 5


@pytest.mark.parametrize(("least", "mark"), [(0.95, 1), (0.8, 2), (0.6, 3), (0.35, 4)])
def test_each_number_begins_at_its_probability(least: float, mark: int) -> None:
    assert numbered(least, 2.0) == mark
    assert numbered(least - 1e-9, 2.0) == mark + 1


@pytest.mark.parametrize(
    ("least", "mark", "below"), list(zip([0.95, 0.85, 0.7, 0.5], "ABCD", "BCDE", strict=True))
)
def test_each_letter_begins_at_its_share(least: float, mark: str, below: str) -> None:
    assert graded(least, 100, 0.1, 3) == mark
    assert graded(least - 1e-9, 100, 0.1, 3) == below


def test_the_edges_of_what_can_be_judged() -> None:
    assert graded(0.99, 10, 0.3, 2) == "A"
    assert graded(0.99, 9.99, 0.3, 2) == graded(0.99, 10, 0.31, 2) == "F"
    # Three quarters of a voice confirm, and a quarter is heard.
    assert (numbered(0.99, 0.75), numbered(0.99, 0.74)) == (1, 2)
    assert (numbered(0.5, 0.25), numbered(0.5, 0.24)) == (4, 6)
