"""The user of a class, from words and facts."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.technology.mentions.parties import Party, Setting, parties_in
from tocsin.assess.technology.mentions.users import (
    EVIDENCE,
    EVIDENT,
    KINDS,
    Facts,
    drawn_to_one,
    features,
    foreign_states,
    kind_of,
    moves,
    probabilities,
    role,
    role_odds,
    shares,
    tellable,
    weights,
)
from tocsin.schema import TABLES, empty
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

SYRIA = Setting(652, "Government of Syria", "IS")
NAMES = st.sampled_from([None, "IS", "Government of Syria", "Government of Turkey", "Civilians"])


@given(st.sampled_from(TECHNOLOGIES), NAMES, NAMES, st.booleans(), st.integers(0, 9))
def test_three_answers_sum_to_one(
    technology: str, a: str | None, b: str | None, one_sided: bool, deaths: int
) -> None:
    facts = Facts(Setting(652, a, b), one_sided, deaths, None)
    found = probabilities(technology, None, None, facts)
    assert abs(sum(found) - 1) < 1e-9
    assert all(0 <= one <= 1 for one in found)


def test_words_and_deaths_move_the_user() -> None:
    plain = probabilities("uncrewed-aircraft", None, None, Facts(SYRIA))
    named = Party("organisation", "IS", None, 0, 2)
    foreign = Party("other-state", "Turkey", 640, 0, 7)
    assert probabilities("uncrewed-aircraft", named, None, Facts(SYRIA))[1] > plain[1]
    assert probabilities("uncrewed-aircraft", foreign, None, Facts(SYRIA))[2] > plain[2]
    died = Facts(SYRIA, deaths_a=0, deaths_b=5)
    assert probabilities("uncrewed-aircraft", None, None, died)[1] < plain[1]
    assert probabilities("uncrewed-aircraft", None, named, Facts(SYRIA))[1] < plain[1]


def test_civilians_use_nothing() -> None:
    facts = Facts(Setting(652, "IS", "Civilians"), one_sided=True)
    assert probabilities("improvised-explosives", None, None, facts)[1] == 0


def test_who_shot_it_down_is_not_its_owner_and_nobody_else_is_there() -> None:
    shooter = Party("this-state", None, None, 0, 4)
    used, shot = (Facts(SYRIA, taken=taken) for taken in (False, True))
    plain = probabilities("uncrewed-aircraft", None, None, shot)
    against = probabilities("uncrewed-aircraft", None, shooter, shot)
    assert against[1] / against[0] > plain[1] / plain[0]
    assert probabilities("uncrewed-aircraft", None, None, used) == plain
    alone = probabilities("uncrewed-aircraft", None, None, Facts(SYRIA, foreign=False))
    assert alone[2] < plain[2]


def test_words_that_name_a_third_party_outweigh_that_no_other_state_fights() -> None:
    russia = Party("other-state", "Russia", 365, 0, 7)
    named = features("guided-or-indirect-fire", russia, None, Facts(SYRIA, foreign=False))
    plain = features("guided-or-indirect-fire", None, None, Facts(SYRIA, foreign=False))
    assert [row["nobody_else"] for row in (named[2], plain[2]) if row] == [0.0, 1.0]


def test_another_state_fights_or_has_troops() -> None:
    events = pl.DataFrame(
        {
            "gwno": [652, 652, 482], "year": [2016, 2017, 2016],
            "actor_a": ["Government of Turkey", "Government of Syria", "Hill Group"],
            "actor_b": ["IS", "IS", "Civilians"],
            "actor_a_id": ["116", "118", "7"], "actor_b_id": ["234", "234", "0"],
        }
    )  # fmt: skip
    assert foreign_states(events).rows() == [(652, 2016)]
    support = {"actor_id": "7", "year": 2016, "by_state": True, "kinds": "troops weapons"}
    given = [
        support | {"supporter": "Government of Chad"},
        support | {"actor_id": "118", "year": 2017, "supporter": "Government of Syria"},
        support | {"actor_id": "234", "year": 2017, "kinds": "funding", "supporter": "X"},
    ]
    supports = pl.DataFrame(given, schema=empty(TABLES["supports"]).schema)
    assert foreign_states(events, supports).rows() == [(482, 2016), (652, 2016)]


def test_parties_meet_sides() -> None:
    sides = ["Government of Turkey", "SDF"]
    assert shares(Party("other-state", "Turkey", 640, 0, 1), sides, 652) == (1, 0, 0)
    assert shares(Party("this-state", None, None, 0, 1), sides, 652) == (0, 0, 1)
    assert shares(Party("described", None, None, 0, 1), sides, 652) == (0, 1, 0)
    assert shares(None, sides, 652) == (0, 0, 0)
    # A name that no list knows is the organisation's, or a third party's, and surely not the
    # state's; of one that is only accused less is said.
    assert shares(Party("described", None, None, 0, 1, listed=False), sides, 652) == (0, 1, 1)
    assert shares(Party("described", None, None, 0, 1, surely=0.7), sides, 652) == (0, 0.7, 0)
    assert role("Government of Syria", 652) == "own-state"


DRONES = "uncrewed-aircraft"


@pytest.mark.parametrize(
    ("setting", "facts", "expected"),
    [
        (SYRIA, {}, [{}, {}, {}]),
        (SYRIA, {"deaths_a": 3, "deaths_b": 0}, [{"only_died": 1.0}, {}, {}]),
        (SYRIA, {"deaths_b": 1}, [{}, {"only_died": 1.0}, {}]),
        (SYRIA, {"deaths_a": 3, "deaths_b": 2}, [{}, {}, {}]),
        (SYRIA, {"deaths_a": 0, "deaths_b": 0}, [{}, {}, {}]),
        (SYRIA, {"one_sided": True}, [{}, {}, {}]),
        (Setting(652, "IS", "Civilians"), {"one_sided": True}, [{"perpetrator": 1.0}, None, {}]),
        (SYRIA, {"foreign": False}, [{}, {}, {"nobody_else": 1.0}]),
        (Setting(652, None, "IS"), {}, [None, {}, {}]),
        (Setting(652, "Government of Turkey", "Civilians"), {}, [{}, None, {}]),
        (Setting(652, "Unidentified armed group", "IS"), {}, [{}, {}, {}]),
    ],
)
def test_what_speaks_for_each_answer_beside_words(
    setting: Setting, facts: dict[str, Any], expected: list[dict[str, float] | None]
) -> None:
    roles = {"Government of Syria": "own-state", "Government of Turkey": "other-state",
             "IS": "organisation", "Unidentified armed group": "organisation"}  # fmt: skip
    who = [roles.get(str(setting.actor_a)), roles.get(str(setting.actor_b)), "third"]
    nothing = dict.fromkeys(EVIDENCE, 0.0)
    found = features(DRONES, None, None, Facts(setting, **facts))
    for row, what, role_ in zip(found, expected, who, strict=True):
        assert row == (None if what is None else nothing | {f"{DRONES} {role_}": 1.0} | what)


def test_words_name_a_side_its_victim_or_a_third() -> None:
    rebels, turkey = Party("described", None, None, 0, 1), Party("other-state", "Turkey", 640, 0, 1)
    two = Facts(Setting(652, "SDF", "IS"))
    named = [row["named"] for row in features(DRONES, rebels, turkey, two) if row]
    suffered = [row["suffered"] for row in features(DRONES, turkey, rebels, two) if row]
    assert named == [0.5, 0.5, 0.0]
    assert suffered == [0.5, 0.5, 0.0]
    # A victim that is no side says nothing of the third.
    assert [row["suffered"] for row in features(DRONES, rebels, turkey, two) if row] == [0, 0, 0]
    assert [row["named"] for row in features(DRONES, turkey, None, two) if row] == [0, 0, 1]


def test_a_description_means_no_organisation_that_it_is_never_said_of() -> None:
    sides = ["Hill Group", "SDF"]
    rebels = Party("described", None, None, 0, 6, frozenset({"sdf", "is"}))
    assert shares(rebels, sides, 652) == (1, 0, 0)
    assert shares(rebels, ["SDF", "IS"], 652) == (0, 0, 1)
    assert shares(Party("described", None, None, 0, 6), sides, 652) == (0.5, 0.5, 0)
    [found] = parties_in("Rebel shells hit the town", Setting(652, *sides))
    assert found.never == {"sdf", "is"}


def test_weights_of_ones_own_take_the_place_of_those_that_ship() -> None:
    facts = Facts(SYRIA)
    assert probabilities(DRONES, None, None, facts, {}) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    sure = {f"{DRONES} organisation": 5.0}
    assert probabilities(DRONES, None, None, facts, sure)[1] > 0.9
    assert role_odds(DRONES, facts, sure)[1] > 9


def test_probabilities_are_those_of_a_logit_with_the_weights() -> None:
    named = Party("organisation", "IS", None, 0, 2)
    facts = Facts(SYRIA, deaths_a=4)
    rows = features(DRONES, named, None, facts)
    odds = [math.exp(sum(v * weights().get(k, 0.0) for k, v in row.items())) for row in rows if row]
    assert probabilities(DRONES, named, None, facts) == pytest.approx(
        [one / sum(odds) for one in odds]
    )
    a, b, _ = probabilities(DRONES, None, None, Facts(SYRIA))
    assert role_odds(DRONES, facts) == pytest.approx((a / (1 - a), b / (1 - b)))
    alone = role_odds(DRONES, Facts(Setting(652, "IS", "Civilians"), one_sided=True))
    assert alone[0] > 0
    assert alone[1] == 0


@pytest.mark.parametrize(
    ("party", "side", "met"),
    [
        (("organisation", "IS", None), "IS", True),
        (("organisation", "IS", None), "SDF", False),
        (("organisation", "SDF", None), "SDF, YPG", True),
        (("organisation", "YPG", None), "SDF, ypg", True),
        (("described", None, None), "IS", True),
        (("described", None, None), "Government of Syria", False),
        (("this-state", None, None), "Government of Syria", True),
        (("this-state", None, None), "Government of Turkey", False),
        (("this-state", None, None), "IS", False),
        (("other-state", "Turkey", 640), "Government of Turkey", True),
        (("other-state", "Turkey", 640), "Government of Syria", False),
        (("other-state", None, None), "IS", False),
        (("nobody", None, None), "IS", False),
    ],
)
def test_a_party_is_a_side_or_is_not(
    party: tuple[Any, str | None, int | None], side: str, met: bool
) -> None:
    named = Party(*party, 0, 1)
    assert shares(named, [side, None], 652) == ((1, 0, 0) if met else (0, 0, 1))
    assert shares(named, [None, side], 652) == ((0, 1, 0) if met else (0, 0, 1))


def test_roles() -> None:
    assert role(None, 652) is None
    assert role("Government of Turkey", 652) == "other-state"
    assert role("IS", 652) == "organisation"


def test_either_side_may_be_a_state_that_lacks_the_class() -> None:
    where = Setting(652, "Government of Syria", "Government of Turkey")
    for lacking, expected in ((640, [0.0, 1.0]), (652, [1.0, 0.0])):
        rows = features(DRONES, None, None, Facts(where, lacking=frozenset({lacking})))
        assert [row["lacks_it"] for row in rows[:2] if row] == expected


def test_on_what_a_user_rests_is_the_first_of_words_victim_and_facts() -> None:
    rows = pl.DataFrame(
        list(itertools.product([True, False], repeat=3)), schema=["n", "a", "s"], orient="row"
    )
    found = rows.select(kind_of(pl.col("n"), pl.col("a"), pl.col("s"))).to_series().to_list()
    assert found == ["named"] * 4 + ["against"] * 2 + ["facts", "role"]


@pytest.mark.parametrize("sign", [1, -1])
def test_what_moves_the_odds_of_the_role_by_a_twentieth_says_something(sign: int) -> None:
    def moved(role: float, by: float) -> bool:
        odds = role * math.exp(sign * by)
        return bool(pl.select(moves(pl.lit(odds / (1 + odds)), pl.lit(role))).item())

    for role_ in (0.1, 1.0, 7.0):
        assert moved(role_, EVIDENT + 1e-6)
        assert not moved(role_, EVIDENT - 1e-6)
    # A sure user, and a side that has no role, are bounded.
    assert pl.select(moves(pl.lit(1.0), pl.lit(5.0))).item()
    assert not pl.select(moves(pl.lit(1.0), pl.lit(1e6))).item()
    assert not pl.select(moves(pl.lit(1e-6), pl.lit(0.0))).item()


@given(st.floats(0.001, 1000), st.floats(0, 1))
def test_where_the_user_cannot_be_told_both_are_as_probable(odds: float, share: float) -> None:
    p = share * odds / (1 + odds) + (1 - share) / 2
    assert drawn_to_one(np.array([odds]), share)[0] == pytest.approx(p / (1 - p))


def test_the_shares_that_can_be_told_are_those_of_the_class_and_ones_own_come_first() -> None:
    for name in TECHNOLOGIES:
        found = tellable(name)
        assert list(found) == list(KINDS)
        assert found["role"] == weights()[f"tellable role {name}"]
        assert found["named"] == weights()["tellable named"]
    own = tellable(DRONES, {"tellable named": 0.5, f"tellable role {DRONES}": 0.25})
    assert (own["named"], own["role"]) == (0.5, 0.25)
    assert own["facts"] == weights()["tellable facts"]
    assert all(0 < weights()[f"tellable {kind}"] <= 1 for kind in KINDS[:-1])


def test_odds_of_a_role_are_bounded_and_know_who_lacks_the_class_and_who_fights() -> None:
    sure = {f"{DRONES} own-state": 60.0}
    assert role_odds(DRONES, Facts(SYRIA), sure) == pytest.approx((1e6, 0.0), abs=1e-9)
    lacking = Facts(SYRIA, lacking=frozenset({652}))
    alone = Facts(SYRIA, foreign=False)
    plain = role_odds(DRONES, Facts(SYRIA))
    assert role_odds(DRONES, lacking)[0] < plain[0]
    assert role_odds(DRONES, lacking)[1] > plain[1]
    assert all(more > less for more, less in zip(role_odds(DRONES, alone), plain, strict=True))
    # Who died, and what was seized, is no role.
    told = Facts(SYRIA, deaths_a=3, taken=True)
    assert role_odds(DRONES, told) == plain


def test_who_is_struck_counts_against_a_side_as_far_as_words_do_not_name_it() -> None:
    rebels = Party("described", None, None, 0, 1)
    army = Party("this-state", None, None, 0, 1, surely=0.7)
    two = Setting(652, "SDF", "IS")
    for taken, name, none in ((False, "suffered", "took_it"), (True, "took_it", "suffered")):
        rows = [one for one in features(DRONES, rebels, rebels, Facts(two, taken=taken)) if one]
        assert [row[name] for row in rows] == [0.25, 0.25, 0.0]
        assert [row[none] for row in rows] == [0.0] * 3
    rows = [one for one in features(DRONES, army, army, Facts(SYRIA)) if one]
    assert [row["suffered"] for row in rows] == pytest.approx([0.7 * 0.3, 0.0, 0.0])
    third = [one for one in features(DRONES, Party("organisation", "X", None, 0, 1, surely=0.6),
                                     None, Facts(SYRIA, foreign=False)) if one]  # fmt: skip
    assert [row["nobody_else"] for row in third] == pytest.approx([0.0, 0.0, 0.4])
    # Two armed sides of one-sided violence have no perpetrator, and civilians no drones.
    armed = features(DRONES, None, None, Facts(two, one_sided=True))
    assert [row["perpetrator"] for row in armed if row] == [0.0] * 3


def test_support_that_is_no_presence_and_a_state_at_home_are_no_other_state() -> None:
    events = pl.DataFrame(
        {"gwno": [482, 652], "year": [2016, 2016], "actor_a": ["Hill Group", "IS"],
         "actor_b": ["Civilians", None], "actor_a_id": ["7", "8"], "actor_b_id": ["0", None]}
    )  # fmt: skip
    row = {"actor_id": "7", "year": 2016, "by_state": True, "supporter": "Government of Chad"}
    for more, there in (
        ({"kinds": "presence"}, [(482, 2016)]), ({"kinds": "troops"}, [(482, 2016)]),
        ({"kinds": "weapons"}, []), ({"kinds": "troops", "by_state": False}, []),
        ({"kinds": "troops", "year": 2017}, []),
        ({"kinds": "troops", "supporter": "Government of Central African Republic"}, []),
        ({"kinds": "troops", "actor_id": "8"}, [(652, 2016)]),
    ):  # fmt: skip
        supports = pl.DataFrame([row | more], schema=empty(TABLES["supports"]).schema)
        assert foreign_states(events, supports).rows() == there


def test_what_has_no_weight_says_nothing() -> None:
    """Neither a side that words name nor who died alone, where nothing is held of either."""
    named = Party("organisation", "IS", None, 0, 2)
    facts = Facts(SYRIA, deaths_a=4)
    assert probabilities(DRONES, named, None, facts, {}) == pytest.approx((1 / 3,) * 3)
