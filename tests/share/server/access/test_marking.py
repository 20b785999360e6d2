"""Markings add up, and are written in one way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import UsageError
from tocsin.share.server.access.marking import LEVELS, Audience, Marking

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
