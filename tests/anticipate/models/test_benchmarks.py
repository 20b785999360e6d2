"""Benchmarks are the distributions that their names say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tocsin.anticipate.data.panel import Panel, add_months
from tocsin.anticipate.models.benchmarks import BENCHMARKS

MONTHS = tuple(add_months(date(2000, 1, 1), i) for i in range(24))
DEATHS = np.stack([np.arange(24.0), np.full(24, 100.0), np.zeros(24)])
PAST = Panel((1, 2, 3), ("Syria", "Iraq", "Iceland"), MONTHS, "n", DEATHS)


def test_zero_and_twelve_are_exact() -> None:
    assert (BENCHMARKS["exactly zero"](PAST, 2, 1000) == np.zeros((3, 2, 1))).all()
    found = BENCHMARKS["last twelve months"](PAST, 2, 1000)
    assert found.shape == (3, 2, 12)
    assert found[0, 1].tolist() == list(range(12, 24))


def test_the_last_month_is_a_poisson() -> None:
    found = BENCHMARKS["last month (Poisson)"](PAST, 1, 1000)[1, 0]
    assert found.mean() == pytest.approx(100, abs=0.5)
    assert found.var() == pytest.approx(100, rel=0.05)


def test_neighbours_lend_their_months() -> None:
    found = BENCHMARKS["last twelve, neighbours"](PAST, 1, 1000)[:, 0]
    assert (found[0] == 100).mean() == pytest.approx(0.5, abs=0.01)
    assert (found[2] == 0).all()


def test_all_countries_are_one_pool_of_240_months() -> None:
    found = BENCHMARKS["all countries (boot240)"](PAST, 2, 720)
    assert (found == found[:1, :1]).all()
    assert (found[0, 0] == 100).mean() == pytest.approx(1 / 3)
    months = tuple(add_months(date(1980, 1, 1), i) for i in range(300))
    old = np.where(np.arange(300) < 60, 5000.0, 1.0)[None]
    late = BENCHMARKS["all countries (boot240)"](Panel((1,), ("a",), months, "n", old), 1, 100)
    assert (late == 1.0).all()
