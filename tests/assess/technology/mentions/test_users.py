"""The user of a class, from words and facts."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.technology.mentions.parties import Party, Setting, parties_in
from tocsin.assess.technology.mentions.users import (
    EVIDENCE,
    Facts,
    features,
    foreign_states,
    probabilities,
    role,
    role_odds,
    shares,
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
