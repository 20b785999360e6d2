"""A table as its owner keeps it: lines go along, and what was taken for granted is said."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.anticipate.data.arrange import DEFAULT, arrange
from tocsin.errors import SourceRefused, UsageError

LINES = pl.Series([2, 5])


def test_a_row_of_many_months_keeps_its_line_for_each() -> None:
    rows = pl.DataFrame({"Pays": ["Mali", "Niger"], "2020-01": ["1", "2"], "2020-02": ["3", "4"]})
    made = arrange(rows, None, lines=LINES, name="h.csv")
    assert made.target == "count"
    assert made.rows["month"].to_list() == ["2020-01"] * 2 + ["2020-02"] * 2
    assert made.lines.to_list() == [2, 5, 2, 5]
    assert any("a column for each month" in one for one in made.said)


def test_the_count_that_is_named_or_usual_is_taken_without_a_word() -> None:
    rows = pl.DataFrame({"country": ["Mali"] * 2, "month": ["2020-01", "2020-02"],
                         DEFAULT: ["1", "2"], "other": ["3", "4"]})  # fmt: skip
    assert arrange(rows, None, lines=LINES).target == DEFAULT
    named = arrange(rows, "other", lines=LINES)
    assert (named.target, named.said) == ("other", [])
    with pytest.raises(UsageError, match="Which of 2 columns"):
        arrange(rows.rename({DEFAULT: "n"}), None, lines=LINES)


def test_parts_of_one_country_are_units_where_no_column_is_of_countries() -> None:
    rows = pl.DataFrame({"Province": ["Ituri", "Kasai"], "month": ["2020-01"] * 2, "n": ["1", "2"]})
    made = arrange(rows, None, lines=LINES, name="h.csv")
    assert made.rows["country"].to_list() == ["Ituri", "Kasai"]
    assert "Headings of h.csv were read: 'Province' as country." in made.said
    mali = rows.with_columns(country=pl.lit("Mali"))
    with pytest.raises(SourceRefused, match="one for each 'Province'") as refused:
        arrange(mali, None, lines=LINES)
    assert "leave the column 'country' out" in refused.value.remedy
    # A row that is there twice is left to who checks the counts.
    assert arrange(pl.concat([rows, rows]), None, lines=pl.Series([2, 3, 4, 5])).rows.height == 4
    # A column of countries is that of the units, whatever else there is.
    both = arrange(mali[:1], None, lines=LINES[:1])
    assert both.rows["country"].to_list() == ["Mali"]
    with pytest.raises(SourceRefused, match="'Province' and 'district' both mean country"):
        arrange(rows.with_columns(district=pl.lit("A")), None, lines=LINES)


def test_months_by_their_names_beside_a_year() -> None:
    rows = pl.DataFrame(
        {"Pays": ["Mali"] * 3, "Année": ["2023"] * 3, "Mois": ["janvier", "Août", "12"],
         "Morts": ["1", "2", "3"]}
    )  # fmt: skip
    made = arrange(rows, None, lines=pl.Series([2, 3, 4]))
    assert made.rows["month"].to_list() == ["2023-01", "2023-08", "2023-12"]
    assert made.target == "Morts"


def test_months_of_views() -> None:
    rows = pl.DataFrame({"isoab": ["MLI", "NER"], "month_id": ["517", "528"], "sb": ["5", "6"]})
    made = arrange(rows, None, lines=pl.Series([2, 3]))
    assert made.rows["month"].to_list() == ["2023-01", "2023-12"]
    assert made.rows["country"].to_list() == ["MLI", "NER"]
    assert made.target == "sb"
    assert any("January 1980" in one for one in made.said)
