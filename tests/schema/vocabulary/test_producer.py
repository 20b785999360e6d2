"""A producer is a data set without its release."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.schema.vocabulary.producer import producer


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("UCDP GED 23.1", "UCDP GED"),
        ("UCDP GED Candidate 24.0.3", "UCDP GED"),
        ("GDELT 2.0 Events", "GDELT"),
        ("our log", "our log"),
    ],
)
def test_the_release_goes(source: str, name: str) -> None:
    frame = pl.DataFrame({"source": [source]})
    assert frame.select(producer()).item() == name
    assert frame.select(producer(pl.col("source"))).item() == name
