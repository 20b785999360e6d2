"""Pathways round-trip in the generator's form, and what can be no pathway is refused."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import UsageError
from tocsin.plan.portfolios.pathways import (
    Pathways,
    Turn,
    pathway_rows,
    pathways_of_rules,
    read_pathways,
    write_pathways,
)

ACTIONS = """
# what can be done
current #ff4c566a
a #FFBF616A  # by force
b
c(a&b) #24688642
"""
SEQUENCES = """
current  current  2030
current  a        2040   # first
a        b[1]     2090
current  b[2]     2050
b[2]     c
"""


def test_the_generators_form_is_read() -> None:
    read = read_pathways(ACTIONS, SEQUENCES)
    assert read.colours == {"current": "ff4c566a", "a": "ffbf616a", "b": "", "c": "24688642"}
    assert read.combined == {"c": ("a", "b")}
    assert read.turns[2] == Turn(("a", 0), ("b", 1), 2090.0)
    assert read.turns[4].until is None
    # What the generator's own examples begin with has no tipping point.
    assert read_pathways("current\na", "current[1] current\ncurrent a").turns[0].until is None


@st.composite
def pathways(draw: st.DrawFn) -> Pathways:
    name = st.from_regex(r"[a-z][a-z0-9_-]{0,6}", fullmatch=True)
    names = draw(st.lists(name, min_size=1, max_size=5, unique=True))
    colour = st.just("") | st.from_regex(r"[0-9a-f]{8}", fullmatch=True)
    colours = {name: draw(colour) for name in names}
    turns = [Turn((names[0], 0), (names[0], 0), float(draw(st.integers(2000, 2030))))]
    for number in range(1, draw(st.integers(1, 8))):
        before = draw(st.sampled_from(turns))
        after = (draw(st.sampled_from(names)), number)
        turns.append(Turn(before.after, after, before.until + draw(st.integers(0, 9)) / 4))  # type: ignore[operator]
    return Pathways(colours, tuple(turns), {})


@given(pathways())
def test_what_is_written_is_read_again(some: Pathways) -> None:
    assert read_pathways(*write_pathways(some)) == some
    assert pathway_rows(some).height == len(some.turns)


@pytest.mark.parametrize(
    ("actions", "sequences", "words"),
    [
        ("a b c", "", "is no action"),
        ("a #12", "", "is no action"),
        ("a\na", "", "comes twice"),
        ("c(a&b)\na\nb", "", "no action 'a' before"),
        ("a", "a", "is no sequence"),
        ("a", "# nothing yet", "no sequence in it"),
        ("a", "a d 2030", "no action 'd'"),
        ("a\nb", "a a 2030\na b soon", "no tipping point"),
        ("a\nb", "a a 2030\na b inf", "no tipping point"),
        ("a\nb", "a a 2030\na b 2020", "tips in 2020"),
        ("a\nb", "a a 2030\nb a 2040", "before anything has led"),
        ("a\nb", "a a 2030\na b\na b", "begins twice"),
        ("a\nb", "a a 2030\na b\nb b", "follows itself"),
    ],
)
def test_what_can_be_no_pathway_is_refused(actions: str, sequences: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_pathways(actions, sequences)


def test_the_line_is_named() -> None:
    with pytest.raises(UsageError) as caught:
        read_pathways(ACTIONS, SEQUENCES + "\na e 2099", where=("x-action.txt", "x-sequence.txt"))
    assert caught.value.where == "x-sequence.txt, line 8"
    with pytest.raises(UsageError, match="'a' begins twice") as caught:
        read_pathways("a\nb\nc", "# a ring\na b 2030\nb c 2040\nc a 2050")
    assert caught.value.where == "sequences, line 4"


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_read_or_refused(actions: str, sequences: str) -> None:
    try:
        found = read_pathways(actions, sequences)
    except UsageError:
        return
    assert isinstance(found, Pathways)


def test_rules_open_pathways_in_the_order_in_which_they_fire() -> None:
    fired = pl.DataFrame(
        {
            "portfolio": ["step by step"] * 3,
            "number": [1, 2, 3],
            "sentence": ["if a", "if b", "if c"],
            "month_median": [24.0, 12.0, None],
            "share": [0.2, 0.9, 0.0],
        }
    )
    rows = pathway_rows(pathways_of_rules(fired, begin=2027.0, years=3.0))
    uses = ["current", "step-by-step", "step-by-step-rule-2", "step-by-step-rule-1"]
    assert rows["use"].to_list() == uses
    assert rows["end"].to_list() == [2027.0, 2028.0, 2029.0, 2030.0]
    assert rows["begin"].to_list() == [None, 2027.0, 2028.0, 2029.0]
    signs = ["", "", "if b (fires in 90% of futures)", "if a (fires in 20% of futures)"]
    assert rows["signpost"].to_list() == signs
    # The form can be read again by itself.
    assert read_pathways(*write_pathways(pathways_of_rules(fired, begin=2027.0, years=3.0)))
    [first, *_] = pathways_of_rules(fired, begin=2027.0, years=3.0).turns
    assert first == Turn(("current", 0), ("current", 0), 2027.0)


def test_an_action_has_its_own_colour_or_the_one_of_its_place() -> None:
    rows = pathway_rows(read_pathways(ACTIONS, SEQUENCES))
    told = dict(rows.select("action", "colour").iter_rows())
    assert told == {"current": "#4c566a", "a": "#bf616a", "b": "#009e73", "c": "#688642"}
