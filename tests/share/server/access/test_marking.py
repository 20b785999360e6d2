"""Markings add up, and are written in one way."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import UsageError
from tocsin.share.server.access.marking import LEVELS, LONGEST, MANY, Audience, Marking

NAMES = st.frozensets(st.sampled_from(["Health", "Interior", "Observatory", "é"]), max_size=2)
MARKINGS = st.builds(
    Marking, st.sampled_from(LEVELS), st.sampled_from(["", "Health", "Interior"]),
    NAMES, NAMES, NAMES, NAMES,
)  # fmt: skip
AUDIENCES = st.builds(Audience, st.frozensets(MARKINGS, min_size=1, max_size=3))


@given(AUDIENCES)
def test_an_audience_is_read_as_it_was_written(audience: Audience) -> None:
    again = Audience.of_text(audience.as_text())
    assert again == audience
    assert again.as_text() == audience.as_text()
    assert again.digest() == audience.digest()


@pytest.mark.slow
@given(AUDIENCES, AUDIENCES)
def test_what_is_derived_carries_the_strictest_marking(one: Audience, other: Audience) -> None:
    both = Audience.of_all([one, other])
    assert both.is_no_laxer_than(one)
    assert both.is_no_laxer_than(other)
    assert LEVELS.index(both.level) == max(LEVELS.index(one.level), LEVELS.index(other.level))


def test_an_object_without_a_marking_cannot_be() -> None:
    with pytest.raises(UsageError, match="needs a marking"):
        Audience(frozenset())


@pytest.mark.parametrize(
    "said", [{"level": "WHITE"}, {"level": "GREEN", "more": 1}, {"level": "RED", "readers": "a"},
             {"level": "AMBER", "groups": [""]}, {}],
)  # fmt: skip
def test_what_is_no_marking_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        Marking.of_dict(said)


@pytest.mark.parametrize("kind", ["recipients", "readers", "groups", "jurisdictions"])
def test_a_marking_names_no_more_and_no_longer_names_than_it_may(kind: str) -> None:
    as_many, as_long = [str(n) for n in range(MANY)], ["x" * LONGEST]
    for names in (as_many, as_long):
        assert Marking.of_dict({"level": "RED", kind: names}).as_dict()[kind] == sorted(names)
    for names in ([*as_many, "more"], ["x" * (LONGEST + 1)], ["", "x"]):
        with pytest.raises(UsageError, match="too many, or a name is empty or too long"):
            Marking.of_dict({"level": "RED", kind: names})
    for value in ("x", 5, [5], ["x", None], {"x": 1}, None):
        with pytest.raises(UsageError, match=f"This is no marking: {kind}\\."):
            Marking.of_dict({"level": "RED", kind: value})


def test_what_is_wrong_in_a_marking_is_named() -> None:
    with pytest.raises(UsageError, match="no marking: groups, hue, tint"):
        Marking.of_dict({"level": "RED", "tint": 1, "groups": 1, "hue": 1})
    with pytest.raises(UsageError, match="no marking: owner"):
        Marking.of_dict({"level": "RED", "owner": ["Health"]})
    with pytest.raises(UsageError, match=f"no marking '{'x' * 40}'"):
        Marking("x" * 41)


def test_a_marking_is_written_in_the_order_of_names_and_in_its_own_letters() -> None:
    marked = Marking("RED", "é", readers=frozenset({"b", "a"}), groups=frozenset({"c"}))
    assert (
        marked.as_text() == '{"groups": ["c"], "level": "RED", "owner": "é", "readers": ["a", "b"]}'
    )
    assert Marking("CLEAR").as_text() == '{"level": "CLEAR"}'


IMPLIED = {
    "CLEAR": {"CLEAR"},
    "GREEN": {"CLEAR", "GREEN"},
    "AMBER": {"CLEAR", "GREEN", "AMBER"},
    "AMBER+STRICT": {"CLEAR", "GREEN", "AMBER", "AMBER+STRICT"},
    "RED": {"CLEAR", "GREEN", "RED"},
}
"""Of markings that name the same: RED is for persons, who may be of any organisation."""


def test_a_level_implies_those_that_allow_all_whom_it_allows() -> None:
    few, more = frozenset({"a"}), frozenset({"a", "b"})
    for level, other in product(LEVELS, LEVELS):
        named = [Marking(one, "o", few, few) for one in (level, other)]
        assert named[0].implies(named[1]) is (other in IMPLIED[level])
        # Who was given less implies who was given more, and not the other way round.
        wide = [replace(one, recipients=more, readers=more) for one in named]
        assert named[0].implies(wide[1]) is (other in IMPLIED[level])
        if other not in ("CLEAR", "GREEN"):
            assert not wide[0].implies(named[1])
        # A marking of another owner was given to its owner, too.
        if other.startswith("AMBER"):
            assert not replace(named[0], owner="p").implies(named[1])
            given = replace(named[1], recipients=frozenset({"a", "p"}))
            assert replace(named[0], owner="p").implies(given) is (other in IMPLIED[level])


def test_groups_are_all_needed_and_places_are_one_of_several() -> None:
    def need(*groups: str) -> Marking:
        return Marking("GREEN", groups=frozenset(groups))

    def place(*codes: str) -> Marking:
        return Marking("GREEN", jurisdictions=frozenset(codes))

    assert need("a", "b").implies(need("a"))
    assert need("a").implies(need("a"))
    assert not need("a").implies(need("a", "b"))
    assert place("a").implies(place("a", "b"))
    assert place("a").implies(place("a"))
    assert place("a").implies(place())
    assert not place("a", "b").implies(place("a"))
    assert not place().implies(place("a"))


def test_of_markings_of_one_owner_the_strictest_is_kept_and_those_of_others_stay() -> None:
    green, amber = Marking("GREEN", "Health"), Marking("AMBER", "Health")
    others = Marking("GREEN", "Interior")
    parts = [Audience.of(one) for one in (green, amber, others)]
    assert Audience.of_all(parts) == Audience.of(amber, others)
    # Two that allow the same readers are one; the last by its text.
    same = [Marking("CLEAR", "Health", recipients=frozenset({name})) for name in "ab"]
    assert Audience.of_all([Audience.of(*same)]) == Audience.of(same[1])
    assert Audience.of_all([Audience.of(green), Audience.of(green)]) == Audience.of(green)


def test_the_level_of_an_audience_follows_from_its_markings_and_tells_none_apart() -> None:
    one = Audience.of(Marking("CLEAR"), Marking("RED"), Marking("GREEN"))
    assert one.level == "RED"
    with pytest.raises(TypeError):
        Audience(one.markings, "CLEAR")  # type: ignore[call-arg]
