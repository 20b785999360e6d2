"""What was meant is found whatever the case; nonsense finds nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tocsin.base.nearest import advice, nearest, plain

KNOWN = ["country", "month", "ged_sb", "zero-inflated"]


@given(st.sampled_from(KNOWN), st.booleans())
def test_a_name_in_other_spelling_is_itself(name: str, upper: bool) -> None:
    spelt = name.replace("-", "_").upper() if upper else name.replace("_", " ")
    assert plain(spelt) == plain(name)
    assert nearest(spelt, KNOWN) == name


def test_slips_of_the_pen() -> None:
    assert nearest("contry", KNOWN) == "country"
    assert nearest("ged-sbb", KNOWN) == "ged_sb"
    assert nearest("quux", KNOWN) is None
    assert nearest("x", []) is None


def test_advice_names_what_there_is() -> None:
    assert advice("quux", KNOWN).startswith("There are: 'country'")
    assert advice("quux", []) == "There are none."
