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


def test_a_missing_column_tells_the_one_that_may_be_meant() -> None:
    with pytest.raises(UsageError) as told:
        as_frame(FRAME, name="counts", columns=["Country"])
    assert told.value.remedy.startswith("Rename 'country' to 'Country'.")


def test_an_index_of_pandas_with_a_name_is_a_column() -> None:
    pandas = pytest.importorskip("pandas")
    flat = pandas.DataFrame({"country": ["Mali", "Niger"], "n": [1, 2]})
    before = flat.set_index("country")
    assert as_frame(before, name="t").columns == ["country", "n"]
    assert before.columns.to_list() == ["n"]
    grouped = pandas.concat([flat, flat]).groupby("country").sum()
    assert as_frame(grouped, name="t").rows() == [("Mali", 2), ("Niger", 4)]
    assert as_frame(flat[flat.n > 1], name="t").rows() == [("Niger", 2)]
    months = pandas.DataFrame({"month": pandas.period_range("2020-01", periods=2, freq="M")})
    assert as_frame(months, name="t")["month"].dt.month().to_list() == [1, 2]


def test_what_pandas_may_bring_is_refused_in_a_sentence() -> None:
    pandas = pytest.importorskip("pandas")
    flat = pandas.DataFrame({"country": ["Mali"], "n": [1]})
    cases = {
        "name of a column and of the index": flat.rename_axis("n"),
        "names of several levels": pandas.DataFrame({("a", "b"): [1]}),
        "is no text": pandas.DataFrame({1: [1]}),
        "Two columns are called 'n'": flat.rename(columns={"country": "n"}),
        "not of one type": pandas.DataFrame({"n": [1, "two", date(2020, 1, 1)]}),
        "not one column": flat["n"],
    }
    for words, frame in cases.items():
        with pytest.raises(UsageError, match=words) as told:
            as_frame(frame, name="counts")
        assert "counts" in told.value.where
        assert told.value.remedy
