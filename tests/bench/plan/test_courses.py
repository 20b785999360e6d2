"""Origins of courses: what is chosen on, what ten years are, and how kinds are pooled."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.bench.plan.courses import EARLY, LATE, YEARS, _pooled, summed, usual
from tocsin.plan.region.mechanisms.threat.persistence import PARAMETERS
from tocsin.plan.region.mechanisms.threat.persistence.learnt import LEARNT


def test_no_origin_to_choose_by_looks_into_2018() -> None:
    assert max(EARLY) + YEARS < 2018 <= min(LATE) + 1


def test_a_kind_is_pooled_by_how_many_there_were() -> None:
    rows = [{"a": 1.0, "a.n": 3}, {"a": float("nan"), "a.n": 0}, {"a": 5.0, "a.n": 1}]
    assert _pooled("a", rows) == 2.0
    assert _pooled("a.n", rows) == 4.0
    assert np.isnan(_pooled("a", rows[1:2]))


def test_a_war_that_comes_back_is_an_outbreak() -> None:
    deaths = np.array([[30.0, 10.0, 40.0, 50.0], [0.0, 0.0, 0.0, 0.0]])
    found = summed(np.log1p(deaths)[..., None])
    assert found["years_of_war"] == 1.5
    assert (found["outbreaks"], found["any_outbreak"]) == (0.5, 0.5)
    assert found["mean_deaths"] == pytest.approx(65.0)


def test_the_priors_hold_what_was_learnt() -> None:
    learnt = usual(LEARNT)
    for item in PARAMETERS:
        if item.name != "forecast_holds":
            assert item.low < learnt[item.name] < item.high, item.name
