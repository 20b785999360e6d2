"""Cases to learn from: only what is known, and the quiet ones fewer but heavier."""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.data.training import DECADE, draw_examples, long_quiet, thin_quiet


def test_a_case_has_its_month_and_its_outcome() -> None:
    deaths = np.arange(40.0).reshape(2, 20)
    deaths[0, 10] = np.nan
    unit, month, ahead = draw_examples(deaths, [1, 3], np.random.default_rng(0), first=4, share=2.0)
    assert month.min() == 4
    assert (month + ahead <= 19).all()
    assert not np.isnan(deaths[unit, month]).any()
    assert not np.isnan(deaths[unit, month + ahead]).any()
    # Of 15 and 13 months, month 10 is missed as a month and as an outcome in one unit.
    assert len(unit) == 2 * (15 + 13) - 2 * 2


def test_ten_years_without_a_death_are_peace() -> None:
    deaths = np.zeros((1, DECADE + 5))
    deaths[0, 2] = 1.0
    assert long_quiet(deaths)[0].tolist() == [True, True, *[False] * DECADE, *[True] * 3]


def test_the_quiet_cases_keep_their_weight_in_sum() -> None:
    quiet = np.arange(20_000) % 2 == 0
    keep, weight = thin_quiet(quiet, 0.25, np.random.default_rng(1))
    assert keep[~quiet].all()
    assert (weight[quiet[keep]] == 4.0).all()
    assert abs(weight.sum() / len(quiet) - 1) < 0.02
