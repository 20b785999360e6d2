"""Words for probabilities."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tocsin.share.facts import likelihood, percent


@given(st.floats(0, 1))
def test_every_probability_has_a_word_and_is_never_certain(p: float) -> None:
    assert likelihood(p)
    assert percent(p) not in ("0%", "100%")
