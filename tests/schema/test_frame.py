"""What is taken for a table, and the sentence for what is none."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.errors import UsageError
from tocsin.schema.frame import as_frame

FRAME = pl.DataFrame({"country": ["Mali", None], "day": [date(2020, 1, 1), None], "n": [1, None]})


def test_tables_of_other_libraries_are_taken() -> None:
    pandas = pytest.importorskip("pandas")
    other = pandas.DataFrame({"country": ["Mali", None], "n": [1.0, None]}, index=["x", "y"])
    assert as_frame(other, name="t").rows() == [("Mali", 1.0), (None, None)]
    for table in (FRAME, FRAME.lazy(), FRAME.to_arrow()):
        assert as_frame(table, name="t", columns=["n"]).rows() == FRAME.rows()


def test_what_is_no_table_is_said() -> None:
    with pytest.raises(UsageError, match="not a dict"):
        as_frame({"n": [1]}, name="counts")
    with pytest.raises(UsageError, match="counts: Columns are missing: deaths") as told:
        as_frame(FRAME, name="counts", columns=["n", "deaths"])
    assert "country, day, n" in told.value.remedy
