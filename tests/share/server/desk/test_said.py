"""What others wrote is read part by part, whatever it is."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS
from tocsin.schema.tables.observed.report import EVENT_TYPES
from tocsin.share.server.desk.said import (
    ENDED,
    read_answers,
    read_forecast,
    read_incident,
    read_spread,
    read_warning,
)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8)
    | st.sampled_from(["2026-12", "2026-13", "warning", "this region"]),
    lambda parts: st.lists(parts, max_size=3)
    | st.dictionaries(
        st.sampled_from(["first", "last", "hits", "misses", "false_alarms", "month", "p50", "n",
                         "report", "steps", "verdict", "next", "missed", "foreseen"]),
        parts, max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip
KEYS = [
    "level", "sentence", "probability", "months", "since", "data_to", "record", "headline",
    "reports", "links", "deaths", "sides", "kind", "first", "diffusion", "answers", "horizons",
]  # fmt: skip


@given(st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=8) | ANYTHING)
def test_anything_is_read_without_a_fault(told: object) -> None:
    content = json.dumps(told).encode()
    said = read_warning(content)
    assert said.level in (*ALERT_LEVELS, ENDED)
    assert said.chance is None or 0 <= said.chance <= 1
    assert (said.first is None) == (said.last is None)
    read_forecast(content)
    read_answers(content)
    read_spread(content)
    happened = read_incident(content)
    assert happened.kind in EVENT_TYPES
    assert happened.deaths is None or min(happened.deaths) >= 0


@given(st.binary(max_size=40))
def test_bytes_that_are_no_json_say_nothing(content: bytes) -> None:
    assert read_warning(content).level in ALERT_LEVELS
    assert read_forecast(content) is None


def test_months_are_over_when_the_last_one_is() -> None:
    said = read_warning(b'{"months": {"first": "2026-11", "last": "2027-01"}}')
    assert [said.is_past(month) for month in ("2026-12", "2027-01", "2027-02")] == [
        False, False, True,
    ]  # fmt: skip
