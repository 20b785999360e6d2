"""Absent months are said to be absent, and are zero where the user says so."""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.anticipate.data.absence import absence_notes, fill_absent
from tocsin.anticipate.data.history import history_of


def table(rows: list[tuple[str, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["country", "month", "n"], orient="row")


SPARSE = [("Mali", f"20{year}-0{month}", "5") for year in (10, 12, 14) for month in (1, 4, 9)]


def test_a_history_of_months_at_war_only_is_doubted() -> None:
    notes = absence_notes(history_of(table(SPARSE), "n"), target="n")
    assert "--absent zero" in notes[0]
    full = fill_absent(history_of(table(SPARSE), "n"))
    assert absence_notes(full, target="n") == []
    assert np.nansum(full.deaths) == 45
    assert (full.deaths == 0).sum() == full.deaths.size - 9


def test_a_month_before_a_state_existed_stays_absent() -> None:
    rows = [("South Sudan", "2012-01", "5"), ("Mali", "2010-01", "1"), ("Nowhere", "2012-01", "1")]
    full = fill_absent(history_of(table(rows), "n"))
    by_name = dict(zip(full.territories, full.deaths, strict=True))
    assert np.isnan(by_name["South Sudan"][:18]).all()
    assert by_name["South Sudan"][18] == 0
    assert (by_name["Nowhere"][:-1] == 0).all()


def test_a_history_with_zeros_is_not_doubted_and_an_old_count_is_said() -> None:
    rows = [("Mali", f"2020-{month:02d}", str(month % 3)) for month in range(1, 13)]
    rows += [("Chad", f"2020-{month:02d}", "0") for month in range(1, 9)]
    notes = absence_notes(history_of(table(rows), "n"), target="n")
    assert notes == ["Chad: its last count is of 2020-08."]


def test_placeholders_are_unknown_counts() -> None:
    rows = [("Mali", "2020-01", "NA"), ("Mali", "2020-02", "-99"), ("Mali", "2020-03", "3")]
    assert history_of(table(rows), "n").deaths.tolist() == [[3.0]]
