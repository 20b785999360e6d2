"""What is taken for a table, and the sentence for what is none."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.errors import SourceRefused, UsageError
from tocsin.schema.frame import amounts, as_frame, need, texts

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
    for needed, known in ((["day_start", "day_end"], []), (["day_prec"], ["day"])):
        with pytest.raises(UsageError) as told:
            need(FRAME, needed, "reports", known)
        assert "Rename" not in told.value.remedy


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


@pytest.mark.parametrize("cell", ["", None, "-1", "nan", "inf", "many", True])
def test_a_cell_that_holds_no_amount_is_named(cell: object) -> None:
    table = pl.DataFrame({"cost": ["2", cell if cell is None else str(cell)]})
    with pytest.raises(SourceRefused) as told:
        amounts(table, "cost", where="ways", empty=None)
    assert told.value.where == "ways, row 3, column cost"
    if not cell:
        assert amounts(table, "cost", where="ways", empty=7.0).tolist() == [2.0, 7.0]


def test_amounts_of_a_column_that_is_not_there_are_empty() -> None:
    table = pl.DataFrame({"id": ["a", " b "]})
    assert amounts(table, "cost", where="ways", empty=float("inf")).tolist() == [float("inf")] * 2
    assert texts(table, "id", where="ways") == ["a", "b"]
    with pytest.raises(SourceRefused) as told:
        texts(pl.DataFrame({"id": ["a", " "]}), "id", where="ways")
    assert told.value.where == "ways, row 3"


def test_a_column_is_meant_by_one_name_only() -> None:
    """'date' is like all three, and is taken for none of the two that are less like it."""
    given = pl.DataFrame({"date": ["2021-10-03"], "place": ["Gao"]})
    with pytest.raises(UsageError) as told:
        as_frame(given, name="reports", columns=["date_start", "date_end", "dates"])
    assert told.value.remedy.startswith("Rename 'date' to 'dates'. The columns are")
