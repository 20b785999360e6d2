"""Frames of any library come in; what is wrong is said with what, where and remedy."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import TableInvalid, TocsinError, UsageError
from tocsin.front.frames import table, texts

pandas = pytest.importorskip("pandas")
ROW = {
    "territory": "Mali", "gwno": 432, "target": "ged_sb", "month": date(2021, 10, 1),
    "deaths": 3, "source": "mine",
}  # fmt: skip


def series(**changed: Any) -> pl.DataFrame:
    row = {name: value for name, value in (ROW | changed).items() if value is not ...}
    return pl.DataFrame([row])


@pytest.mark.parametrize(
    "frame",
    [
        series(),
        series().lazy(),
        series().to_arrow(),
        series().to_pandas(),
        series(month="2021-10-01", gwno=432.0).to_pandas(),
        series().to_pandas().set_index(["territory", "month"]),
        series(run_id="x", row_hash="y"),
        series(deaths="3"),
    ],
)
def test_one_table_from_any_frame(frame: Any) -> None:
    assert table("series", frame).rows() == [("Mali", 432, date(2021, 10, 1), "ged_sb", 3, "mine")]


@pytest.mark.parametrize(
    ("changed", "what", "where"),
    [
        ({"territory": ..., "teritory": "Mali"}, "Columns are missing: territory", "series"),
        ({"gwno": ...}, "Columns are missing: gwno", "series"),
        ({"deaths": -1}, "'-1' breaks the rule", "row 0, column deaths"),
        ({"deaths": 2.5}, "'2.5' is not a whole number", "row 0, column deaths"),
        ({"deaths": "many"}, "'many' is not a whole number", "row 0, column deaths"),
        ({"month": "October"}, "'October' is not of the type Date", "column month"),
        ({"territory": None}, "breaks the rule", "territory"),
    ],
)
def test_what_breaks_a_rule_is_named(changed: dict[str, Any], what: str, where: str) -> None:
    with pytest.raises(TocsinError) as caught:
        table("series", series(**changed))
    assert what in caught.value.what
    assert where in caught.value.where
    assert caught.value.remedy
    if "teritory" in changed:
        assert "Rename 'teritory' to 'territory'" in caught.value.remedy


def test_a_rule_of_whole_rows_is_named() -> None:
    row = {"file": "a", "sha256": "0" * 64, "kind": "k", "rows": 3, "accepted": 1,
           "quarantined": 1, "outside": 0, "source": "s"}  # fmt: skip
    with pytest.raises(TableInvalid, match="rows_add_up"):
        table("files", pl.DataFrame([row]))


values = st.one_of(
    st.none(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=5), st.booleans(),
    st.dates(), st.binary(max_size=3), st.lists(st.integers(0, 3), max_size=2),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*ROW, "x", ""]), values, max_size=8))
def test_whatever_comes_is_a_table_or_an_error_of_our_own(row: dict[str, Any]) -> None:
    try:
        frame = pl.DataFrame([row])
    except Exception:  # polars itself cannot hold it
        return
    with suppress(TocsinError):
        assert table("series", frame).height == frame.height


@given(st.lists(values, min_size=1, max_size=4))
def test_whatever_pandas_holds_is_a_table_or_an_error_of_our_own(column: list[Any]) -> None:
    frame = pandas.DataFrame({"deaths": pandas.Series(column, dtype=object)})
    with suppress(TocsinError):
        table("series", frame)


def test_texts_are_as_a_file_holds_them() -> None:
    frame = pl.DataFrame(
        {"day": [date(2020, 1, 2)], "n": [3], "s": ["  "], "l": [[1]], "b": [True]}
    )
    assert texts(frame).to_dicts() == [{"day": "2020-01-02", "n": "3", "s": None, "b": "true"}]
    with pytest.raises(UsageError, match="not one column"):
        table("series", pandas.Series([1]))
