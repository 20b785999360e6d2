"""Tables as strangers write them: names, times and ties that are read, refused and told."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.anticipate.diffusion.tables.names import note_of_spellings
from tocsin.anticipate.diffusion.tables.ties import Ties, read_ties
from tocsin.anticipate.diffusion.tables.times import is_endless
from tocsin.errors import SourceRefused, StageNotReady

NAMES = [f"org {i}" for i in range(6)]
AT = [0, 1, 3, 6]
"""Times of the first uses of the first four; the others never took it up."""


def _cases(write: Callable[[int], object], never: object = "", **columns: list[object]) -> Cases:
    times = [*map(write, AT), never, never]
    told = [None if one is None else str(one) for one in times]
    return read_cases(pl.DataFrame({"actor": NAMES, "technology": "x", "time": told, **columns}))


def _ties(cases: Cases, *rows: tuple[object, ...], undirected: bool = False) -> Ties:
    named = ["source", "target", "channel", "weight", "from", "to"][: len(rows[0])]
    table = pl.DataFrame([list(map(str, row)) for row in rows], schema=named, orient="row")
    return read_ties(table, cases, undirected=undirected)


@pytest.mark.parametrize(
    ("write", "days"),
    [
        (lambda t: f"{2010 + t // 4}Q{t % 4 + 1}", 638),
        (lambda t: f"{2010 + t // 4}-Q{t % 4 + 1}", 638),
        (lambda t: f"Q{t % 4 + 1} {2010 + t // 4}", 638),
        (lambda t: f"2014-W{10 + t}", 49),
        (lambda t: f"2014W{10 + t}", 49),
        # A quarter beside years is a quarter; the window lasts until the last period is over.
        (lambda t: f"{2010 + t}Q2" if t % 3 else f"{2010 + t}", 2557),
    ],
)
def test_quarters_and_weeks_are_days(write: Callable[[int], str], days: int) -> None:
    cases = _cases(write)
    assert cases.clock.dates
    assert cases.end - cases.start == pytest.approx(days, abs=1)
    assert cases.refused.is_empty()
    assert cases.adopts.sum() == 4


@pytest.mark.parametrize("never", ["never", "Never", "inf", "Infinity", "∞", "NaN", "", None])
@pytest.mark.parametrize(
    "write", [lambda t: t, lambda t: 1990 + t, lambda t: f"2014-03-{t + 1:02}"]
)
def test_a_time_that_never_comes_is_no_refused_row(
    write: Callable[[int], object], never: str | None
) -> None:
    """Rows of those at risk that were lost would make contagion up."""
    cases = _cases(write, never)
    assert cases.refused.is_empty()
    assert (~cases.adopts).sum() == 2
    assert cases.clock.unit == {"0": "month", "1990": "year"}.get(str(write(0)), "day")


def test_nothing_is_known_after_the_start_of_an_interval_without_end() -> None:
    """As survival data write it: `Surv(from, to, type = "interval2")` with an empty end."""
    table = {"from": ["0", "1", "3", "6", "2", "4"], "to": ["1", "2", "4", "7", "Inf", None]}
    cases = read_cases(pl.DataFrame({"actor": NAMES, "technology": "x", **table}))
    assert (~cases.adopts).tolist() == [False] * 4 + [True] * 2
    assert cases.exit[4:].tolist() == [2.0, 4.0]
    assert any(note.startswith("2 rows have no end") for note in cases.notes)


def test_an_empty_end_after_the_first_time_of_all_is_never() -> None:
    """Else such a row would say nothing, and contagion be made up without them."""
    table = {"from": ["0", "1", "3", "6", "0", "0"], "to": ["1", "2", "4", "7", "Inf", None]}
    cases = read_cases(pl.DataFrame({"actor": NAMES, "technology": "x", **table}))
    assert cases.exit[4:].tolist() == [0.0, 7.0]


def test_times_that_nobody_can_read_are_named_where_none_is_left() -> None:
    with pytest.raises(StageNotReady, match="row 1, column time, '2014Q9'") as told:
        _cases(lambda _: "2014Q9")
    assert "(4)" in str(told.value)
    with pytest.raises(SourceRefused, match="row 1, column time, 'soon'"):
        read_cases(pl.DataFrame({"actor": ["a"], "technology": "x", "time": ["soon"]}))


def test_one_name_in_two_forms_of_unicode_is_one() -> None:
    cases = _cases(lambda t: t, actor=["S\u00e9gou", *NAMES[1:]])
    assert len(_ties(cases, ("Se\u0301gou", "org 1", "net")).source) == 1


@pytest.mark.parametrize("seen", ["\u200fS\u00e9gou", "S\u00e9gou \u200e", "S\u00e9\u200bgou"])
def test_marks_that_nobody_sees_are_no_part_of_a_name(seen: str) -> None:
    cases = _cases(lambda t: t, actor=["S\u00e9gou", "of  the\u00a0north", *NAMES[2:]])
    assert len(_ties(cases, (seen, "of the north", "net")).source) == 1


def test_joiners_that_change_how_a_word_looks_are_told() -> None:
    cases = _cases(
        lambda t: t, actor=["\u0645\u06cc\u200c\u0631", "\u0645\u06cc\u0631", *NAMES[2:]]
    )
    assert len(cases.actors) == 6
    assert any("nearly like" in note for note in cases.notes)


def test_names_that_are_nearly_alike_are_told_and_not_joined() -> None:
    cases = _cases(lambda t: t, actor=["Front A", "front a", *NAMES[2:]])
    assert len(cases.actors) == 6
    assert any("'front a' and 'Front A'" in note for note in cases.notes)
    with pytest.raises(StageNotReady, match="'ORG 3' and 'org 3'"):
        _ties(cases, ("ORG 3", "org 4", "net"))
    assert note_of_spellings(["x"], ["y"], "here") == []


def test_kinds_that_are_nearly_alike_are_told() -> None:
    cases = _cases(lambda t: t, technology=["x", "X", *["x"] * 4])
    assert any("'x' and 'X'" in note for note in cases.notes)
    ties = _ties(cases, ("org 0", "org 2", "ally"), ("org 2", "org 3", "Ally"))
    assert ties.channels == ("Ally", "ally")
    assert any("'ally' and 'Ally'" in note for note in ties.notes)


def test_a_tie_that_is_told_twice_exposes_once() -> None:
    cases = _cases(lambda t: t)
    ties = _ties(cases, ("org 0", "org 1", "net", 1), ("org 0", "org 1", "net", 3))
    assert ties.weight.tolist() == [3.0]
    assert any(note.startswith("1 tie that is told again") for note in ties.notes)
    both = _ties(cases, ("org 0", "org 1", "net"), ("org 1", "org 0", "net"), undirected=True)
    assert len(both.source) == 2
    heavy = _ties(cases, ("org 0", "org 1", "net", 1), ("org 1", "org 0", "net", 3),
                  ("org 0", "org 1", "net", 2), undirected=True)  # fmt: skip
    assert heavy.weight.tolist() == [3.0, 3.0], "told from both ends, and one of them twice"
    assert not any("told again" in note for note in both.notes)


def test_a_tie_may_never_end() -> None:
    ties = _ties(_cases(lambda t: t), ("org 0", "org 1", "net", 1, 2, "Inf"))
    assert (ties.start.tolist(), ties.end.tolist()) == ([2.0], [float("inf")])
    assert is_endless(pl.Series(["1", None, " INF ", "information"])).tolist() == [0, 0, 1, 0]
