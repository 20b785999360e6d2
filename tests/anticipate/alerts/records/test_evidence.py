"""A rule's case: nothing later than the origin is in what was said."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tocsin.anticipate.alerts.records.evidence import gather_evidence
from tocsin.anticipate.alerts.records.replay import replay
from tocsin.anticipate.alerts.rules.declared import Rule
from tocsin.anticipate.data.panel import Panel, add_months

MONTHS = tuple(add_months(date(2000, 1, 1), i) for i in range(84))
RULES = [
    Rule(name="a", kind="deaths", within=3, deaths=8, probability=0.5),
    Rule(name="b", kind="doubling", within=2, deaths=4, probability=0.5, gwnos=(2, 3)),
    Rule(name="c", kind="onset", within=3, deaths=2, quiet=2, probability=0.5),
]


def cases(deaths: np.ndarray):  # type: ignore[no-untyped-def]
    panel = Panel((1, 2, 3), ("a", "b", "c"), MONTHS, "n", deaths)
    said = replay(panel, lambda _y: "negative binomial", list(MONTHS[36:]), horizon=3, seed=1)
    return gather_evidence(RULES, panel, said)


def some() -> np.ndarray:
    random = np.random.default_rng(4)
    return random.poisson(3.0, (3, 84)) * (random.random((3, 84)) < 0.5).astype(float)


@pytest.mark.slow
def test_what_was_said_and_its_reference_know_nothing_later() -> None:
    bent = some()
    bent[:, 61:] = 500
    for one, two in zip(cases(some()), cases(bent), strict=True):
        upto = [i for i, origin in enumerate(one.origins) if origin <= MONTHS[60]]
        np.testing.assert_array_equal(one.probability[upto], two.probability[upto])
        np.testing.assert_array_equal(one.reference[upto], two.reference[upto])


def test_a_rule_about_some_territories_learns_from_all() -> None:
    assert [one.gwnos for one in cases(some())] == [(1, 2, 3)] * 3


def test_the_reference_learns_the_frequency() -> None:
    one = cases(some())[0]
    known = ~np.isnan(one.event)
    assert abs(one.reference[known].mean() - one.event[known].mean()) < 0.15
