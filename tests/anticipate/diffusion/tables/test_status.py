"""Survival data and panels: rows in which it did not happen are no first uses."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.anticipate.diffusion.tables.periods import spread_periods
from tocsin.anticipate.diffusion.tables.status import end_spells
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


def test_a_row_of_its_own_says_nothing_of_when_it_came() -> None:
    """Only who has several rows was looked at from the first of them on."""
    found = _read([("a", 3, 1), ("b", 5, 1), ("c", 4, 0)], "actor", "time", "status")
    assert found.entry.tolist() == [0.0, 0.0, 0.0]
    assert found.exit.tolist() == [3.0, 5.0, 4.0]
    assert found.stays.tolist() == [5.0, 5.0, 4.0]
    assert found.notes[0].startswith("The column 'status' was taken to say whether it happened: in "
                                     "1 row it did not, until")  # fmt: skip


def test_who_is_seen_from_the_second_time_on_was_not_there_before_the_first() -> None:
    """A panel of months 0 to 6 by twos: the step is two months, and the first time is 0."""
    rows = [(name, t, int(t >= when)) for name, when in (("a", 4), ("b", 2))
            for t in range(0, 7, 2)]  # fmt: skip
    rows += [("late", t, int(t >= 6)) for t in (2, 4, 6)] + [("last", t, 0) for t in (6, 6)]
    found = _read(rows, "actor", "time", "adopted")
    by_name = dict(zip([found.actors[one] for one in found.actor], found.entry, strict=True))
    assert by_name == {"a": 0.0, "b": 0.0, "late": 0.0, "last": 4.0}


def test_told_times_of_entry_and_exit_count_before_those_of_rows() -> None:
    rows = [("a", 2, 0, 1, 9), ("a", 4, 1, 1, 9), ("b", 3, 0, "", ""), ("b", 6, 1, "", "")]
    found = _read(rows, "actor", "time", "event", "entry", "exit")
    assert found.entry.tolist() == [1.0, 2.0]
    assert found.exit.tolist() == [9.0, 6.0]
    assert found.high.tolist() == [4.0, 6.0]


def test_a_first_use_between_two_times_keeps_both() -> None:
    rows = [("a", 1, 3, 0), ("a", 3, 5, 1), ("a", 5, 7, 1), ("b", 2, 6, 1)]
    found = _read(rows, "actor", "from", "to", "event")
    assert (found.low[0], found.high[0]) == (3.0, 5.0)
    assert (found.low[1], found.high[1]) == (2.0, 6.0)
    assert found.adopts.all()


@pytest.mark.parametrize("cell", [" Yes ", "T", "1.0", "sí", "نعم"])
def test_a_yes_is_read_however_it_is_written(cell: str) -> None:
    found = _read([("a", 3, cell), ("b", 5, cell), ("c", 4, " No")], "actor", "time", "observed")
    assert found.adopts.tolist() == [True, True, False]


def test_an_empty_cell_is_neither_yes_nor_no() -> None:
    table = pl.DataFrame(
        {"actor": list("abc"), "technology": "x", "time": [1, 2, 3], "event": ["1", None, "0"]}
    )
    with pytest.raises(SourceRefused, match="row 3, column event"):
        read_cases(table)


def test_a_column_that_is_a_covariate_says_not_whether_it_happened() -> None:
    rows = [("a", 3, 1), ("b", 5, 0), ("c", 4, 0)]
    table = pl.DataFrame([list(map(str, row)) for row in rows],
                         schema=["actor", "time", "status"], orient="row")  # fmt: skip
    found = read_cases(table.with_columns(technology=pl.lit("x")), covariates=["status"])
    assert found.adopts.all()
    assert found.covariate_names == ("status",)


def test_numbers_that_are_all_of_another_kind_are_refused_by_the_first_row() -> None:
    with pytest.raises(SourceRefused, match="row 2, column status: '3' does not say"):
        _read([("a", 3, 3), ("b", 5, 2), ("c", 4, 7)], "actor", "time", "status")


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_a_panels_rows_tells_nothing(seed: int) -> None:
    """Newest first, or in no order at all; one organisation is told of twice for one year."""
    first = {"a": 2001, "b": 2003, "c": None, "late": 2004}
    rows = [(name, year, int(when is not None and year >= when))
            for name, when in first.items()
            for year in range(2003 if name == "late" else 2000, 2006)]  # fmt: skip
    rows.append(("b", 2003, 0))
    order = np.random.default_rng(seed).permutation(len(rows)) if seed else range(len(rows))[::-1]
    found = _read([rows[at] for at in order], "actor", "year", "adopted")
    by_name = {found.actors[actor]: at for at, actor in enumerate(found.actor)}
    places = [by_name[name] for name in first]
    assert found.high[places].tolist()[:2] + found.high[places].tolist()[3:] == [2001, 2003, 2004]
    assert np.isnan(found.high[by_name["c"]])
    assert found.entry[places].tolist() == [2000, 2000, 2000, 2002]
    assert set(found.exit) == {2005.0}


def test_rows_of_one_time_alone_say_who_took_it_up_then() -> None:
    rows = [("a", 5, 1), ("b", 5, 0), ("c", 5, 0), ("c", 5, 0)]
    found = end_spells(
        pl.DataFrame(
            [(n, name, "x", float(time), None, None, None, None, None)
             for n, (name, time, _) in enumerate(rows)],
            schema={"row": pl.Int64, "actor": pl.String, "technology": pl.String,
                    **dict.fromkeys(("time", "from", "to", "entry", "exit", "until"), pl.Float64)},
            orient="row",
        ),
        np.array([bool(yes) for *_, yes in rows]),
    )  # fmt: skip
    assert found["row"].to_list() == [0, 1, 2]
    assert found["exit"].to_list() == [5.0, 5.0, 5.0]
    assert found["time"].fill_nan(None).to_list() == [5.0, None, None]
    # Who has several rows was looked at from the first of them on, whatever a step may be.
    assert found["entry"].fill_nan(None).to_list() == [None, None, 5.0]


def test_a_panel_by_month_goes_from_the_first_of_its_months_to_the_end_of_the_last() -> None:
    months = ("2019-01", "2019-02", "2019-03", "2019-04")
    rows = [("a", one, one >= "2019-03") for one in months]
    rows += [("b", one, 0) for one in months] + [("c", one, 0) for one in months[1:3]]
    rows += [("d", one, one >= "2019-02") for one in months]
    table = pl.DataFrame(
        [(actor, month, str(int(yes))) for actor, month, yes in rows],
        schema=["actor", "month", "adopted"], orient="row",
    ).rename({"month": "time"})  # fmt: skip
    cases = spread_periods(read_cases(table))
    shown = cases.clock.write
    assert list(cases.actors) == ["a", "b", "c", "d"]
    assert (shown(cases.start), shown(cases.end)) == ("2019-01-01", "2019-05-01")
    assert [shown(one) for one in cases.low[[0, 3]]] == ["2019-03-01", "2019-02-01"]
    assert [shown(one) for one in cases.high[[0, 3]]] == ["2019-04-01", "2019-03-01"]
    assert [shown(one) for one in cases.exit[1:3]] == ["2019-05-01", "2019-04-01"]
    assert shown(cases.entry[2]) == "2019-02-01"
    assert (cases.stays == cases.end)[[0, 3]].all()


def test_of_two_columns_that_may_be_the_end_of_a_row_the_first_known_one_is_taken() -> None:
    rows = [("a", 1, 8, 3, 1), ("b", 0, 8, 5, 1), ("c", 2, 8, 6, 0)]
    found = _read(rows, "actor", "start", "tstop", "stop", "event")
    assert found.high[:2].tolist() == [3.0, 5.0]
