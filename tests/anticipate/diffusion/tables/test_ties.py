"""Ties: what is read, and what is left out and said."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.tables import ties as room
from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties
from tocsin.errors import SourceRefused, StageNotReady


@pytest.fixture
def cases() -> Cases:
    return read_cases(
        pl.DataFrame(
            {"actor": list("abcd"), "technology": ["x"] * 4, "time": [1.0, 2.0, 3.0, None]}
        )
    )


def _table(*rows: tuple[str, ...], more: str = "") -> pl.DataFrame:
    names = ["source", "target", "channel", *more.split()]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_unknown_own_and_late_ties_are_left_out_and_told(cases: Cases) -> None:
    rows = [("a", "b", "t", "", ""), ("a", "z", "t", "", ""), ("c", "c", "t", "", ""),
            ("b", "c", "t", "7", ""), ("c", "d", "t", "", "0")]  # fmt: skip
    ties = read_ties(_table(*rows, more="from weight"), cases)
    assert len(ties.channel) == 1
    assert [note.split()[:3] for note in ties.notes] == [
        ["4", "ties", "tell"], *(["1", "tie", verb] for verb in ("names", "joins", "holds", "has"))
    ]  # fmt: skip


def test_bad_values_are_refused_by_row(cases: Cases) -> None:
    rows = [
        ("a", "b", "t", "2"),
        ("b", "c", "t", "-1"),
        ("c", "d", "t", "much"),
        ("", "a", "t", ""),
    ]
    ties = read_ties(_table(*rows, more="weight"), cases)
    assert ties.refused["row"].to_list() == [2, 3, 4]
    assert ties.weight.tolist() == [2.0]


@pytest.mark.parametrize(("heavy", "told"), [("1e18", True), ("1e4", True), ("9999", False)])
def test_a_few_ties_that_outweigh_all_others_are_told(cases: Cases, heavy: str, told: bool) -> None:
    rows = [
        ("a", "b", "t", heavy),
        ("b", "c", "t", "1"),
        ("c", "d", "t", "1"),
        ("a", "d", "u", "1"),
    ]
    notes = read_ties(_table(*rows, more="weight"), cases).notes
    assert any("1 of its 3 ties carry 99.9%" in note for note in notes) is told


def test_undirected_ties_and_cycles(cases: Cases) -> None:
    ring = _table(("a", "b", "t"), ("b", "c", "t"), ("c", "a", "t"))
    assert len(read_ties(ring, cases).channel) == 3
    both = read_ties(ring, cases, undirected=True)
    assert len(both.channel) == 6
    twice = pl.concat([ring, _table(("b", "a", "t"))])
    assert len(read_ties(twice, cases, undirected=True).channel) == 6


def test_a_copy_of_a_channel_shares_its_share(cases: Cases) -> None:
    rows = [("a", "b", "one", "1"), ("b", "c", "one", "2"), ("c", "d", "three", "1")]
    rows += [("a", "b", "two", "3"), ("b", "c", "two", "6")]
    ties = read_ties(_table(*rows, more="weight"), cases)
    assert ties.channels == ("one = two", "three")
    assert any("cannot be told apart" in note for note in ties.notes)


def test_no_tie_at_all_is_refused(cases: Cases) -> None:
    with pytest.raises(StageNotReady, match="No tie"):
        read_ties(_table(("x", "y", "t")), cases)
    with pytest.raises(StageNotReady) as caught:
        read_ties(_table(("a", "b", "t", "much"), more="weight"), cases)
    assert "row 1, column weight, 'much'" in str(caught.value)
    with pytest.raises(SourceRefused, match="channel"):
        read_ties(pl.DataFrame({"source": ["a"], "target": ["b"], "how": ["kin"]}), cases)


def test_ties_by_hand(cases: Cases) -> None:
    """The window is from 0 to 3; ties that touch it hold in it."""
    rows = [("b", "a", "two", "2.5", "3", ""), ("a", "c", "one", "", "", "0"),
            ("c", "b", "one", "NA", "1", "2"), ("a", "d", "one", "1", "2", "1"),
            ("d", "a", "one", "0", "", ""), ("d", "b", "one", "1", "3.5", "")]  # fmt: skip
    ties = read_ties(_table(*rows, more="weight from to"), cases)
    assert ties.channels == ("one", "two")
    assert ties.channel.tolist() == [1, 0, 0]
    assert (ties.source.tolist(), ties.target.tolist()) == ([1, 0, 2], [0, 2, 1])
    assert ties.weight.tolist() == [2.5, 1.0, 1.0]
    inf = float("inf")
    assert (ties.start.tolist(), ties.end.tolist()) == ([3.0, -inf, 1.0], [inf, 0.0, 2.0])
    assert ties.refused.rows() == [(4, "to", "1", "it is before 'from'")]
    assert [note[:12] for note in ties.notes] == ["2 ties tell ", "1 tie holds ", "1 tie has a "]
    turned = read_ties(_table(*rows, more="weight from to"), cases, undirected=True)
    assert turned.source.tolist() == [1, 0, 2, 0, 2, 1]
    assert turned.target.tolist() == [0, 2, 1, 1, 0, 2]


@pytest.mark.parametrize(("weight", "channels"), [("1.2", 1), ("2", 2)])
def test_channels_that_are_nearly_alike_are_one(cases: Cases, weight: str, channels: int) -> None:
    """The cosine of (1, 1) and (1, 1.2) is 0.996, that of (1, 1) and (1, 2) is 0.949."""
    rows = [("a", "b", "one", "1"), ("b", "c", "one", "1")]
    rows += [("a", "b", "two", "1"), ("b", "c", "two", weight)]
    ties = read_ties(_table(*rows, more="weight"), cases)
    assert len(ties.channels) == channels
    # Of three that are alike all carry one name, and the first one's ties are kept.
    three = [*rows, ("a", "b", "six", "2"), ("b", "c", "six", "2")]
    found = read_ties(_table(*three, more="weight"), cases)
    assert found.channels[0] == ("one = six = two" if channels == 1 else "one = six")
    assert found.weight[found.channel == 0].tolist() == [1.0, 1.0]


def test_what_is_just_as_alike_as_it_has_to_be_is_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "ALIKE", 0.5)
    # Lengths of two each, of which two is carried by both: the cosine is a half, to the bit.
    assert room._alike(np.array([2.0, 0, 0, 0]), np.ones(4))
    assert not room._alike(np.array([2.0, 0, 0, 0]), np.array([0.9, 1, 1, 1]))


def test_the_first_refused_row_of_adoptions_or_ties_is_told() -> None:
    table = pl.DataFrame(
        {"actor": ["a", "b", "c"], "technology": ["x"] * 3, "time": ["1", "2", "soon"]}
    )
    read = read_cases(table)
    with pytest.raises(StageNotReady) as caught:
        read_ties(_table(("x", "y", "t")), read)
    assert "rows of adoptions that were refused (1): row 3, column time, 'soon'" in str(
        caught.value
    )


def test_a_tie_of_one_period_holds_in_it(cases: Cases) -> None:
    """What begins and ends at one instant would expose nobody."""
    ties = read_ties(_table(("a", "b", "t", "2", "2"), more="from to"), cases)
    assert (ties.start.tolist(), ties.end.tolist()) == ([1.0], [2.0])
    assert ties.refused.is_empty()


@pytest.mark.parametrize(("weights", "said"), [("2 2 2", 0), ("2  nan", 1), ("   ", 0)])
def test_a_weight_that_some_ties_do_not_tell_is_said(cases: Cases, weights: str, said: int) -> None:
    one, two, three = [*weights.split(" "), "", ""][:3]
    rows = [("a", "b", "ties", one), ("b", "c", "ties", two), ("c", "a", "ties", three)]
    found = read_ties(_table(*rows, more=" weight"), cases)
    assert sum("no weight" in note for note in found.notes) == said


def test_weights_too_small_to_be_squared_are_still_weights(cases: Cases) -> None:
    rows = [("a", "b", "one", "1e-200"), ("b", "c", "two", "1e-200"), ("a", "b", "two", "1e-200")]
    ties = read_ties(_table(*rows, more="weight"), cases)
    assert ties.channels == ("one", "two")
    assert ties.weight.tolist() == [1e-200] * 3


def test_a_weight_may_be_a_part_of_a_hundred(cases: Cases) -> None:
    rows = [("a", "b", "t", "50%"), ("b", "c", "t", "5 %"), ("c", "d", "t", "0.5")]
    assert read_ties(_table(*rows, more="weight"), cases).weight.tolist() == [0.5, 0.05, 0.5]
    rows = [("a", "b", "t", "50%"), ("b", "c", "t", "-5%"), ("c", "d", "t", "inf")]
    found = read_ties(_table(*rows, more="weight"), cases)
    assert found.refused["row"].to_list() == [2, 3]
    assert found.notes == ()


def test_a_tie_told_twice_counts_once_with_the_larger_weight(cases: Cases) -> None:
    rows = [("a", "b", "t", "1"), ("a", "b", "t", "3"), ("a", "b", "u", "2"), ("b", "c", "u", "1")]
    ties = read_ties(_table(*rows, more="weight"), cases)
    assert ties.weight.tolist() == [3.0, 2.0, 1.0]
    assert ties.notes == ("1 tie that is told again for the same time: counted once.",)


def test_ties_of_gephi_expose_both_ends_where_it_says_so(cases: Cases) -> None:
    rows = [("a", "b", "Directed", "1"), ("b", "c", " undirected ", "2")]
    table = _table(*rows, more="Id").rename({"channel": "Type"})
    ties = read_ties(table, cases)
    found = list(zip(ties.source.tolist(), ties.target.tolist(), strict=True))
    assert found == [(0, 1), (1, 2), (2, 1)]
    assert any("1 of 2 are undirected" in note for note in ties.notes)


def test_the_heaviest_ties_are_counted_until_they_carry_nearly_all(cases: Cases) -> None:
    rows = [("a", "b", "t", "1e6"), ("b", "c", "t", "1e6"), ("c", "d", "t", "1999"),
            ("d", "a", "t", "1")]  # fmt: skip
    notes = read_ties(_table(*rows, more="weight"), cases).notes
    assert notes[0].startswith("Weights of 't' go from 1 to 1e+06")
    assert "2 of its 4 ties carry 99.9%" in notes[0]
    rows[2] = ("c", "d", "t", "2100")
    assert "3 of its 4 ties carry" in read_ties(_table(*rows, more="weight"), cases).notes[0]


def test_ties_that_carry_just_so_much_of_all_weight_are_enough(cases: Cases) -> None:
    rows = [("a", "b", "t", "999000"), ("b", "c", "t", "999"), ("c", "d", "t", "1")]
    notes = read_ties(_table(*rows, more="weight"), cases).notes
    assert "1 of its 3 ties carry 99.9%" in notes[0]


@pytest.mark.parametrize(("heavy", "told"), [("5000", True), ("4999", False)])
def test_how_unlike_weights_are_is_a_ratio(cases: Cases, heavy: str, told: bool) -> None:
    rows = [("a", "b", "t", heavy), ("b", "c", "t", "0.5"), ("c", "d", "t", "0.5")]
    notes = read_ties(_table(*rows, more="weight"), cases).notes
    assert any("Weights of 't' go from 0.5 to" in note for note in notes) is told


def test_copies_with_small_weights_are_copies(cases: Cases) -> None:
    rows = [("a", "b", "one", "0.1"), ("b", "c", "one", "0.2")]
    rows += [("a", "b", "two", "0.3"), ("b", "c", "two", "0.6")]
    assert read_ties(_table(*rows, more="weight"), cases).channels == ("one = two",)
