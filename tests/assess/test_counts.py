"""Incidents become deaths by country and month, and nothing is said where nobody looked."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.assess.counts import incident_series
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.tables.assessed.incident import COUNTED, EVERYTHING, with_counts

Rows = list[tuple[str, int, date, str, int | None]]


def _tables(rows: Rows) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One report an incident: data set, state, day, type, deaths."""
    told = pl.DataFrame(
        rows, schema=["source", "gwno", "date_start", "event_type", "deaths_best"], orient="row"
    ).with_columns(date_end=pl.col("date_start"))
    return (
        pl.concat([empty(TABLES["incidents"]), told], how="diagonal_relaxed"),
        pl.concat([empty(TABLES["reports"]), told], how="diagonal_relaxed"),
    )


ROWS: Rows = [
    ("one", 432, date(2020, 1, 5), "state-based", 4),
    ("one", 432, date(2020, 1, 9), "one-sided", None),
    ("one", 432, date(2020, 1, 9), "other", 2),
    ("one", 436, date(2020, 3, 30), "state-based", 1),
    ("two", 475, date(2020, 2, 3), "state-based", 9),
    ("two", 475, date(2020, 3, 3), "state-based", 9),
]


@pytest.fixture
def counts() -> pl.DataFrame:
    return conform(TABLES["incident_series"], incident_series(*_tables(ROWS)))


def _deaths(counts: pl.DataFrame, target: str, gwno: int) -> list[int]:
    chosen = counts.filter(pl.col("target") == target, pl.col("gwno") == gwno)
    return chosen.sort("month")["deaths"].to_list()


def test_covered_months_without_an_incident_are_zero(counts: pl.DataFrame) -> None:
    assert _deaths(counts, "ged_sb", 432) == [4, 0, 0]
    assert _deaths(counts, "ged_sb", 436) == [0, 0, 1]


def test_a_month_that_may_be_cut_off_is_not_counted(counts: pl.DataFrame) -> None:
    assert _deaths(counts, "ged_sb", 475) == [9]


def test_types_are_counted_apart_and_together(counts: pl.DataFrame) -> None:
    assert _deaths(counts, "ged_os", 432) == [0, 0, 0]
    assert _deaths(counts, "ged_total", 432) == [4, 0, 0]
    assert _deaths(counts, EVERYTHING, 432) == [6, 0, 0]
    assert _deaths(counts, "ged_ns", 432) == []


def test_a_log_without_types_has_one_count() -> None:
    found = incident_series(*_tables([("log", 432, date(2020, 1, 30), "other", 3)]))
    assert found["target"].unique().to_list() == [EVERYTHING]


def test_no_state_is_counted_before_it_was_one() -> None:
    rows: Rows = [
        ("one", 625, date(2011, 5, 2), "state-based", 1),
        ("one", 626, date(2011, 9, 28), "state-based", 1),
    ]
    found = incident_series(*_tables(rows))
    months = found.filter(pl.col("gwno") == 626)["month"]
    assert months.min() == date(2011, 7, 1)


def test_what_a_file_holds_is_never_mixed_with_counts(counts: pl.DataFrame) -> None:
    held = counts.filter(pl.col("target") == "ged_sb").with_columns(source=pl.lit("a file"))
    both = with_counts(held, counts)
    assert both.filter(pl.col("target") == "ged_sb")["source"].unique().to_list() == ["a file"]
    assert both.filter(pl.col("target") == "ged_total")["source"].unique().to_list() == [COUNTED]
    assert with_counts(empty(TABLES["series"]), counts).height == counts.height
