"""Made texts as cases: evidence has the field's names, roles have names of their own."""

from __future__ import annotations

import pytest

from tocsin.assess.technology.mentions.users import EVIDENCE
from tocsin.bench.adoption.made import APART, FITTED, cases_of_made
from tocsin.bench.mentions.made import SETS


@pytest.mark.slow
def test_roles_of_made_texts_stay_apart_from_those_of_the_field() -> None:
    found = cases_of_made("4")
    assert len(found) > 50
    assert {one.region for one in found} == {f"{APART} 4"}
    names = {name for one in found for row in one.told if row for name in row}
    assert set(EVIDENCE) < names
    assert all(name.startswith(f"{APART} ") for name in names - set(EVIDENCE))
    assert all(any(one.allowed) for one in found)


def test_a_set_that_is_scored_once_is_not_fitted_on() -> None:
    assert set(FITTED) <= set(SETS)
    assert set(FITTED) == set("1234567")
    assert "8" in SETS
    with pytest.raises(KeyError):
        cases_of_made("9")
