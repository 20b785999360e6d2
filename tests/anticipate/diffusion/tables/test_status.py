"""Survival data and panels: rows in which it did not happen are no first uses."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.errors import SourceRefused


def _read(rows: list[tuple[object, ...]], *columns: str) -> Cases:
    table = pl.DataFrame([list(map(str, row)) for row in rows], schema=columns, orient="row")
    return read_cases(table.with_columns(technology=pl.lit("x")))


@pytest.mark.parametrize(
    ("column", "yes", "no"),
    [("status", 1, 0), ("event", "TRUE", "FALSE"), ("Adopted", "oui", "non"), ("censored", 0, 1)],
)
def test_who_was_only_watched_until_a_time_did_not_take_it_up(
    column: str, yes: object, no: object
) -> None:
    found = _read([("a", 3, yes), ("b", 5, yes), ("c", 4, no)], "actor", "time", column)
    assert found.adopts.tolist() == [True, True, False]
    assert found.exit.tolist()[2] == 4.0
    assert found.high[:2].tolist() == [3.0, 5.0]
    assert any(f"'{column}' was taken to say" in note for note in found.notes)


def test_two_times_of_a_row_are_entry_and_exit() -> None:
    rows = [("a", 1, 3, 1), ("b", 0, 5, 1), ("c", 2, 6, 0)]
    found = _read(rows, "actor", "start", "stop", "event")
    assert found.entry.tolist() == [1.0, 0.0, 2.0]
    assert found.high[:2].tolist() == [3.0, 5.0]
    assert not found.adopts[2]


@pytest.mark.parametrize("goes_on", [True, False], ids=["stays", "ends"])
def test_of_a_panel_the_first_time_with_a_yes_counts(goes_on: bool) -> None:
    first = {"a": 2001, "b": 2003, "c": None, "late": 2004}
    rows = [
        (name, year, int(when is not None and year >= when))
        for name, when in first.items()
        for year in range(2003 if name == "late" else 2000, 2006)
        if goes_on or when is None or year <= when
    ]
    found = _read(rows, "actor", "year", "adopted")
    assert found.start == 2000
    assert found.high[:2].tolist() == [2001, 2003]
    assert found.high[3] == 2004
    assert np.isnan(found.high[2])
    assert found.entry.tolist() == [2000, 2000, 2000, 2002]
    assert not any("several rows" in note for note in found.notes)


def test_what_is_neither_yes_nor_no_is_refused_by_row() -> None:
    with pytest.raises(SourceRefused, match="row 3, column status: '2' does not say"):
        _read([("a", 3, 1), ("b", 5, 2), ("c", 4, 0)], "actor", "time", "status")


@pytest.mark.parametrize("words", [("active", "gone", "active"), ("1", "1", "1")])
def test_a_status_of_another_kind_is_left_alone(words: tuple[str, ...]) -> None:
    rows = [(name, time, word) for name, time, word in zip("abc", (1, 2, 3), words, strict=True)]
    found = _read(rows, "actor", "time", "status")
    assert found.adopts.all()
    assert not any("status" in note for note in found.notes)
