"""What courses are drawn with is what ships."""

from __future__ import annotations

import numpy as np

from tocsin.bench.plan.courses.draws import KINDS, USUAL, kind_of, usual
from tocsin.plan.region.mechanisms.threat.persistence import PARAMETERS
from tocsin.plan.region.mechanisms.threat.persistence.learnt import LEARNT


def test_the_priors_hold_what_was_learnt() -> None:
    learnt = usual(LEARNT)
    for item in PARAMETERS:
        if item.name == "forecast_holds":
            assert (item.low + item.high) / 2 == USUAL
        else:
            assert item.low < learnt[item.name] < item.high, item.name


def test_kinds_are_by_deaths() -> None:
    deaths = np.array([0.0, 1.0, 24.0, 26.0, 301.0, 3001.0])
    names = [KINDS[place] for place in kind_of(np.log1p(deaths))]
    assert names == ["quiet", "low", "low", "war", "large_war", "great_war"]
