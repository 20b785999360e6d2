"""Activations are spells of alarm, told by the year in which they begin."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.alerts.records.activations import activation_rows
from tocsin.anticipate.alerts.records.evidence import Evidence
from tocsin.anticipate.alerts.records.record import record_rows, walk_ladder
from tocsin.anticipate.alerts.rules.declared import Rule
from tocsin.anticipate.data.panel import add_months

RULE = Rule(name="x", kind="deaths", within=1, deaths=1, probability=0.5, dwell=1)


def rows(
    probability: np.ndarray, event: np.ndarray, own: tuple[int, ...]
) -> list[dict[str, object]]:
    when = tuple(add_months(date(2009, 12, 1), i) for i in range(len(event)))
    units = event.shape[1]
    evidence = Evidence(
        RULE, when, tuple(range(1, units + 1)), tuple("abcdef"[:units]), probability, event,
        np.full(event.shape, 0.5),
    )  # fmt: skip
    return activation_rows(walk_ladder(evidence), own)


def test_spells_are_counted_by_hand() -> None:
    alarm = np.zeros((24, 2))
    alarm[[2, 3, 7, 11, 12], 0] = 0.9
    event = np.zeros((24, 2))
    event[[3, 4, 15], 0] = 1
    event[-1, 0] = np.nan
    found = rows(alarm, event, (1,))
    counts = ("year", "origins", "raised", "activations", "in_vain", "shocks", "caught")
    # The spell of months 12 and 13 begins in the first year; nothing came of it.
    assert [[row[name] for name in counts] for row in found] == [
        [2010, 12, 4, 3, 2, 1, 1],
        [2011, 11, 1, 0, 0, 1, 0],
    ]
    assert {row["territory"] for row in found} == {"a"}
    assert rows(alarm, event, ()) == []


def test_an_alert_that_is_up_when_watching_begins_was_not_raised_in_that_year() -> None:
    alarm = np.zeros((12, 1))
    alarm[[0, 1, 6], 0] = 0.9
    event = np.zeros((12, 1))
    event[0, 0] = 1
    (row,) = rows(alarm, event, (1,))
    assert (row["raised"], row["activations"], row["in_vain"], row["shocks"]) == (3, 1, 1, 0)


@given(st.integers(0, 10**6))
def test_they_agree_with_the_record_of_months(seed: int) -> None:
    random = np.random.default_rng(seed)
    p = random.random((36, 3))
    event = (random.random((36, 3)) < p).astype(float)
    when = tuple(add_months(date(2009, 12, 1), i) for i in range(36))
    evidence = Evidence(RULE, when, (1, 2, 3), ("a", "b", "c"), p, event, np.full((36, 3), 0.5))
    walked = walk_ladder(evidence)
    whole = record_rows(walked)[0]
    found = activation_rows(walked, (1, 2, 3))
    assert sum(row["raised"] for row in found) == whole["hits"] + whole["false_alarms"]
    assert sum(row["origins"] for row in found) == whole["n"]
    assert sum(row["shocks"] for row in found) == whole["episodes"]
    assert sum(row["caught"] for row in found) == whole["warned"]
    for row in found:
        assert 0 <= row["in_vain"] <= row["activations"] <= row["origins"]
        assert row["caught"] <= row["shocks"]
