"""Cases: what is read, what is refused, and what is said about it."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.diffusion.tables.cases import move_back, read_cases
from tocsin.anticipate.diffusion.tables.window import cut_to_window
from tocsin.errors import SourceRefused, StageNotReady, UsageError

TIMES = st.one_of(st.none(), st.floats(0, 20).map(lambda t: round(t, 2)), st.just("soon"))
ROWS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("xy"), TIMES, TIMES, TIMES), max_size=15
)


def _table(**columns: list[object]) -> pl.DataFrame:
    return pl.DataFrame(
        {name: [None if v is None else str(v) for v in values] for name, values in columns.items()},
        schema=dict.fromkeys(columns, pl.String),
    )


@pytest.mark.slow
@given(ROWS)
def test_any_table_is_read_or_refused_with_a_reason(rows: list[tuple[object, ...]]) -> None:
    names = ("actor", "technology", "time", "entry", "exit")
    table = _table(**{name: [row[i] for row in rows] for i, name in enumerate(names)})
    try:
        cases = read_cases(table)
    except (SourceRefused, StageNotReady):
        return
    assert (cases.start <= cases.entry).all()
    assert (cases.entry <= cases.exit).all()
    assert (cases.exit <= cases.end).all()
    users = cases.adopts
    assert (cases.low[users] <= cases.high[users]).all()
    assert (cases.high[users] <= cases.end).all()
    assert len({(a, c) for a, c in zip(cases.actor, cases.technology, strict=True)}) == len(users)
    told = sum(1 for row in rows if "soon" in row)
    assert cases.refused["row"].n_unique() >= told


def test_uncertain_onsets_seeds_and_never_users() -> None:
    table = _table(
        actor=["a", "b", "c", "d"],
        technology=["x"] * 4,
        **{"from": [2000, 2003, None, None], "to": [2000, 2004, None, 2006]},
    )
    cases = read_cases(table)
    assert cases.clock.unit == "year"
    assert cases.actors == ("a", "b", "c", "d")
    assert cases.low[[0, 1, 3]].tolist() == [2000, 2003, 2000]
    assert cases.high[[0, 1, 3]].tolist() == [2000, 2004, 2006]
    assert np.isnan(cases.high[2])
    assert cases.end == 2006


def test_contradictions_become_an_interval_and_are_told() -> None:
    table = _table(actor=["a", "a", "b", "c"], technology=["x"] * 4, time=[3, 5, 1, None])
    cases = read_cases(table)
    assert (cases.low[0], cases.high[0]) == (3, 5)
    assert any("contradict" in note for note in cases.notes)


def test_dates_after_the_window_count_as_not_yet() -> None:
    table = _table(
        actor=["a", "b", "c"],
        technology=["x"] * 3,
        time=["2020-01-01", "2021-01-01", "2024-01-01"],
    )
    cases = read_cases(table, end="2022-01-01")
    assert cases.adopts.tolist() == [True, True, False]
    assert any("after the window's end" in note for note in cases.notes)


def test_a_user_that_leaves_at_its_first_use_goes_on_exposing_others() -> None:
    table = _table(actor=["a", "b"], technology=["x"] * 2, time=[2, 9], exit=[2, 9], entry=[0, 0])
    cases = read_cases(table)
    assert cases.stays.tolist() == [9, 9]


@pytest.mark.parametrize(
    ("columns", "error", "words"),
    [
        ({"actor": ["a"], "technology": ["x"], "time": [3]}, StageNotReady, "one organisation"),
        (
            {"actor": ["a", "b"], "technology": ["x"] * 2, "time": [None, None]},
            StageNotReady,
            "no first use",
        ),
        (
            {"actor": ["a", "b"], "technology": ["x"] * 2, "time": [2001, 2001]},
            StageNotReady,
            "at once",
        ),
        (
            {"actor": ["a", "b"], "technology": ["x"] * 2, "time": [0, None], "exit": [None, 9]},
            StageNotReady,
            "entry or the window's start",
        ),
        ({"actor": ["a"], "time": [1], "kind": ["x"]}, SourceRefused, "technology"),
        ({"actor": ["a"], "technology": ["x"]}, SourceRefused, "time"),
    ],
)
def test_what_teaches_nothing_is_refused(
    columns: dict[str, list[object]], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        read_cases(_table(**columns))


def test_covariates_are_standardised_and_must_differ() -> None:
    table = _table(
        actor=["a", "b", "c"],
        technology=["x"] * 3,
        time=[1, 2, None],
        size=[1, 3, None],
        flat=[1, 1, 1],
    )
    cases = read_cases(table, covariates=["size"])
    assert cases.covariates.mean() == pytest.approx(0)
    assert any("takes its mean" in note or "take its mean" in note for note in cases.notes)
    with pytest.raises(UsageError, match="differ"):
        read_cases(table, covariates=["flat"])
    with pytest.raises(UsageError, match="no column"):
        read_cases(table, covariates=["none"])


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(st.floats(0, 20), st.floats(0, 10), st.floats(0, 10)), min_size=2, max_size=8
    ),
    st.floats(0.1, 15),
)
def test_a_delay_moves_first_uses_back_and_keeps_order(
    rows: list[tuple[float, float, float]], delay: float
) -> None:
    table = pl.DataFrame(
        {
            "actor": [f"a{i}" for i in range(len(rows))],
            "technology": "x",
            "time": [time if i else 12.0 for i, (time, _, _) in enumerate(rows)],
            "entry": [min(entry, 12.0) for _, entry, _ in rows],
            "exit": [max(time, 12.0) + stay for time, _, stay in rows],
        }
    )
    try:
        cases = read_cases(table, start=0.0, end=20.0)
        late = move_back(cases, delay)
    except StageNotReady:
        return
    assert late.end == pytest.approx(20.0 - delay)
    assert (late.entry <= late.exit).all()
    assert (late.exit <= late.end).all()
    assert (late.high <= late.end + 1e-9).all()
    assert (late.high <= cases.high).all()
    # Who is there at the end of what is told is there at the end of the window, and nobody else.
    assert ((late.exit >= late.end) == (cases.exit >= cases.end)).all()


def test_a_delay_as_long_as_the_window_is_refused() -> None:
    table = _table(actor=["a", "b"], technology=["x", "x"], time=[1.0, 2.0])
    cases = read_cases(table, end=5.0)
    assert move_back(cases, 0.0) is cases
    with pytest.raises(StageNotReady, match="no longer than the delay"):
        move_back(cases, 5.0)
    with pytest.raises(UsageError):
        move_back(cases, -1.0)


def test_a_window_cuts_what_lies_beyond_it_and_says_so() -> None:
    rows: dict[str, list[object]] = {
        "actor": ["a", "b", "c", "d", "e", "f", "g", "h"],
        "from": [1, 12, 5, None, 3, None, 7, 6],
        "to": [1, 12, 5, None, 12, None, 7, 6],
        "entry": [None, None, None, 11, None, 4, None, None],
        "exit": [None, None, 4, 12, None, 6, 9, 6],
    }
    cases = read_cases(_table(technology=["x"] * 8, **rows), start=2, end=10)
    assert cases.actors == ("a", "b", "c", "e", "f", "g", "h")
    assert cases.entry.tolist() == [2, 2, 2, 2, 4, 2, 2]
    assert cases.exit.tolist() == [10, 10, 5, 10, 6, 9, 6]
    # Whose exit is its first use has left the risk, and not the scene.
    assert cases.stays.tolist() == [10, 10, 10, 10, 6, 9, 10]
    nan = np.nan
    np.testing.assert_array_equal(cases.low, [2, nan, 5, 3, nan, 7, 6])
    np.testing.assert_array_equal(cases.high, [2, nan, 5, 10, nan, 7, 6])
    assert [note.split()[:2] for note in cases.notes] == [
        ["1", "first"], ["1", "first"], ["1", "case"],
    ]  # fmt: skip
    assert cases.refused.is_empty()


def test_several_rows_of_one_case_are_joined_and_those_that_disagree_are_counted() -> None:
    table = _table(
        actor=["a", "a", "b", "b", "c"], technology=["x"] * 5, time=[3, 5, 4, 4, None],
        entry=[1, 0, 2, 1, None], exit=[6, 7, 8, 7, 9], territory=["N", "S", "S", "S", "N"],
    )  # fmt: skip
    cases = read_cases(table)
    assert (cases.low[:2].tolist(), cases.high[:2].tolist()) == ([3, 4], [5, 4])
    assert (cases.entry[:2].tolist(), cases.exit[:2].tolist()) == ([0, 1], [7, 8])
    assert cases.territory.tolist() == [0, 1, 0]
    assert cases.notes[0].startswith(
        "2 pairs of organisation and class have several rows; of 1 they"
    )
    assert cases.notes[1].startswith("1 pair of organisation and class stands in several")
    assert len(cases.notes) == 2


def test_rows_that_cannot_be_are_refused_by_their_number() -> None:
    table = _table(
        actor=["a", "b", "c", " ", "e"], technology=["x"] * 5, exit=[None, None, 1, 9, None],
        entry=[None, None, 2, 0, None], **{"from": [1, 5, 3, 3, 2], "to": [2, 4, 3, 3, "soon"]},
    )  # fmt: skip
    table = pl.concat([table, table[:1].with_columns(actor=pl.lit("z"))])
    cases = read_cases(table)
    assert cases.refused.rows() == [
        (2, "to", "4", "it is before 'from'"), (3, "exit", "1", "it is before the entry"),
        (4, "actor", " ", "it is empty"), (5, "to", "soon", "no time can be read"),
    ]  # fmt: skip
    assert cases.actors == ("a", "z")


def test_the_window_begins_at_nought_for_months_and_at_the_first_time_for_years() -> None:
    months = read_cases(_table(actor=["a", "b"], technology=["x", "x"], time=[3, 5]))
    years = read_cases(_table(actor=["a", "b"], technology=["x", "x"], time=[2003, 2005]))
    assert (months.start, months.end, years.start, years.end) == (0, 5, 2003, 2005)
    with pytest.raises(UsageError, match="The window's end 'soon' is no time"):
        read_cases(_table(actor=["a", "b"], technology=["x", "x"], time=[3, 5]), end="soon")
    with pytest.raises(StageNotReady, match="one instant"):
        read_cases(_table(actor=["a", "b"], technology=["x", "x"], time=[3, 5]), start=5)


def test_years_since_something_began_begin_at_nought() -> None:
    table = _table(actor=["a", "b"], technology=["x"] * 2, time=[1.5, 2.25])
    assert read_cases(table, unit="year").start == 0.0


def test_a_delay_by_hand() -> None:
    table = _table(
        actor=["a", "b", "c", "d", "e", "f"], technology=["x"] * 6,
        time=[8, 18, None, None, None, 4], entry=[0, 0, 0, 0, 16, 0],
        exit=[20, 20, 12, 17, 18, 20],
    )  # fmt: skip
    found = move_back(read_cases(table, end=20), 5.0)
    before = np.nextafter(15.0, 0.0)
    assert (found.end, found.delay) == (15, 5)
    assert found.high[[0, 1, 5]].tolist() == found.low[[0, 1, 5]].tolist() == [3, 13, 0]
    assert found.exit.tolist() == found.stays.tolist() == [15, 15, 12, before, before, 15]
    assert found.entry.tolist() == [0, 0, 0, 0, before, 0]
    assert "by the delay" in found.notes[-1]


def test_a_first_use_between_two_times_does_not_lie_after_an_exit_within_them() -> None:
    notes: list[str] = []
    read = pl.DataFrame(
        {
            "low": [2.0, 6.0, 6.0, None], "high": [8.0, 9.0, 6.0, None],
            "entry": [0.0] * 4, "exit": [5.0, 3.0, 3.0, 4.0], "until": [None] * 4,
        },
        schema_overrides={"until": pl.Float64},
    )  # fmt: skip
    found = cut_to_window(read, (0.0, 10.0), notes)
    assert found["high"].to_list()[:3] == [5.0, 9.0, 6.0]
    assert found["high"].is_nan().to_list() == [False] * 3 + [True]
    assert found["exit"].to_list() == [5.0, 9.0, 6.0, 4.0]
    # Who was said to have left before the first use stays, since nothing says when it left.
    assert found["stays"].to_list() == [5.0, 10.0, 10.0, 4.0]
    assert ["2 first uses" in note and "after the exit" in note for note in notes] == [True]


def test_a_moment_is_no_time_that_runs_backwards() -> None:
    """Who came and went at one instant, and a first use between a time and the same time."""
    table = pl.DataFrame(
        {"actor": list("abcd"), "technology": "x", "from": [1.0, 4.0, None, 6.0],
         "to": [1.0, 5.0, None, 7.0], "entry": [0.0, 0.0, 3.0, 0.0], "exit": [9.0, 9.0, 3.0, 9.0]}
    )  # fmt: skip
    cases = read_cases(table, start=0.0, end=9.0)
    assert cases.refused.is_empty()
    assert (cases.low[0], cases.high[0]) == (1.0, 1.0)
    assert (cases.entry[2], cases.exit[2]) == (3.0, 3.0)
    turned = table.with_columns(
        exit=pl.Series([9.0, 9.0, 2.9, 9.0]), to=pl.Series([0.9, 5.0, None, 7.0])
    )
    refused = read_cases(turned, start=0.0, end=9.0).refused
    assert refused.select("row", "column").rows() == [(1, "to"), (3, "exit")]
