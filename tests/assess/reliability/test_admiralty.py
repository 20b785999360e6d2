"""Letters and numbers fall with the evidence, and thin evidence is not judged."""

from __future__ import annotations

import polars as pl
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
