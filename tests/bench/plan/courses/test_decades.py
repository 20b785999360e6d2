"""Ten years are summed up by hand-made cases, and a tail is extrapolated where it is known."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.bench.plan.courses.decades import (
    GREATEST,
    TWICE,
    decade,
    on_record,
    rare_level,
    sum_years,
)


def test_a_war_that_comes_back_is_an_outbreak() -> None:
    deaths = np.array([[30.0, 10.0, 40.0, 50.0], [0.0, 0.0, 0.0, 0.0]])
    found = sum_years(np.log1p(deaths)[..., None])
    assert found["years_of_war"] == 1.5
    assert (found["outbreaks"], found["any_outbreak"]) == (0.5, 0.5)
    assert found["mean_deaths"] == pytest.approx(65.0)


def test_a_decade_tells_its_first_year_from_the_others() -> None:
    deaths = np.array([[30.0, 10.0, 40.0, 50.0], [0.0, 0.0, 0.0, 0.0]])
    found = decade(deaths)
    assert (found["first_mean"], found["later_mean"], found["ten_mean"]) == (15.0, 50.0, 65.0)
    assert (found["years_of_war"], found["outbreaks"]) == (1.5, 0.5)


def test_tens_on_record_are_told_by_the_year_before_them() -> None:
    deaths = np.random.default_rng(1).pareto(1.0, (GREATEST + 5, 12))
    deaths[0] = [400.0, *[10.0] * 11]
    deaths[1, 3] = np.nan
    found = on_record(np.log1p(deaths))
    assert found["large_war.n"] >= 1
    tens = [name for name in found if name.endswith(".n")]
    assert sum(found[name] for name in tens) == 2 * (GREATEST + 4)
    assert found["rare"] > 0


def test_a_rare_level_is_that_of_the_law_behind_a_record() -> None:
    levels = []
    for seed in range(10):
        most = np.random.default_rng(seed).pareto(1.0, 200) + 1
        levels.append(rare_level(most))
    # Of 200 values of a Pareto law with the exponent 1, one in two records exceeds 400.
    assert np.median(levels) == pytest.approx(200 * TWICE, rel=0.4)
