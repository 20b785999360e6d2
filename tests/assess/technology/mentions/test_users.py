"""The user of a class, from words and facts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.technology.mentions.parties import Party, Setting
from tocsin.assess.technology.mentions.users import Facts, probabilities, role, shares
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
