"""The user of a class, from words and facts."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.technology.mentions.parties import Party, Setting
from tocsin.assess.technology.mentions.users import (
    Facts,
    features,
    probabilities,
    role,
    role_odds,
    shares,
    weights,
)
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


def test_parties_meet_sides() -> None:
    sides = ["Government of Turkey", "SDF"]
    assert shares(Party("other-state", "Turkey", 640, 0, 1), sides, 652) == (1, 0, 0)
    assert shares(Party("this-state", None, None, 0, 1), sides, 652) == (0, 0, 1)
    assert shares(Party("described", None, None, 0, 1), sides, 652) == (0, 1, 0)
    assert shares(None, sides, 652) == (0, 0, 0)
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
        (SYRIA, {"one_sided": True}, [{"perpetrator": 1.0}, None, {}]),
        (Setting(652, None, "IS"), {}, [None, {}, {}]),
        (Setting(652, "Government of Turkey", "Civilians"), {}, [{}, None, {}]),
        (Setting(652, "Unidentified armed group", "IS"), {}, [None, {}, {}]),
    ],
)
def test_what_speaks_for_each_answer_beside_words(
    setting: Setting, facts: dict[str, Any], expected: list[dict[str, float] | None]
) -> None:
    roles = {"Government of Syria": "own-state", "Government of Turkey": "other-state",
             "IS": "organisation"}  # fmt: skip
    who = [roles.get(str(setting.actor_a)), roles.get(str(setting.actor_b)), "third"]
    nothing = dict.fromkeys(("named", "suffered", "only_died", "perpetrator"), 0.0)
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
