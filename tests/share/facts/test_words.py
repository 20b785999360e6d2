"""Words for probabilities."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.share.facts.words import cautious_name, likelihood, percent


@given(st.floats(0, 1))
@settings(deadline=None)
def test_every_probability_has_a_word_and_is_never_certain(p: float) -> None:
    assert likelihood(p)
    assert percent(p) not in ("0%", "100%")


@given(st.floats(0, 1))
@settings(deadline=None)
def test_no_bare_name_under_080(p: float) -> None:
    words = cautious_name("Hill Group", p)
    if p >= 0.8:
        assert words == "Hill Group"
    else:
        assert words.startswith("possibly Hill Group (")
        assert float(words[-5:-1]) < 0.8
