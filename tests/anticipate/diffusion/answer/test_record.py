"""What is told again at past origins, reckoned by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.record import (
    MODELS,
    Told,
    _fitted_rate,
    table_of_record,
    tell_again,
)
from tocsin.anticipate.diffusion.hazard.design import Links, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.em import Fit
from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties


def read() -> tuple[Cases, Links, np.ndarray]:
    """Four organisations from 0 to 10: first uses at 2, 4 and 7, and one that never comes."""
    table = pl.DataFrame(
        {"actor": ["a", "b", "c", "d"], "technology": "x", "time": [2.0, 4, 7, None],
         "entry": [0.0] * 4, "exit": [10.0] * 4}
    )  # fmt: skip
    cases = read_cases(table)
    ties = read_ties(
        pl.DataFrame({"source": ["a", "b", "c"], "target": ["c", "d", "d"],
                      "channel": ["t", "u", "t"], "weight": [2.0, 3.0, 5.0]}), cases,
    )  # fmt: skip
    onset = np.where(cases.adopts, cases.high, np.inf)
    return cases, link_cases(cases, ties), onset


def test_the_chance_by_counts_is_that_of_a_constant_rate() -> None:
    """At 5 two have come in a time of 2 + 4 + 5 + 5; half a first use is added."""
    cases, links, onset = read()
    [told] = tell_again(cases, links, onset, [5.0], months=[3], channels=2)
    assert (told.case.tolist(), told.came.tolist()) == ([2, 3], [1, 0])
    until = 3 * cases.clock.month
    assert told.chance[2] == pytest.approx([1 - np.exp(-2.5 / 16 * until)] * 2)


def test_the_rate_by_a_fit_is_its_cells_and_what_users_carry() -> None:
    cases, links, onset = read()
    past = np.where(onset <= 5, onset, np.inf)
    design = make_design(cases, links, past, channels=2, bins=3, until=5.0)
    fit: Any = Fit(
        np.array([0.5]), np.array([[9.0, 8.0, 0.2]]), np.array([0.1, 10.0]), np.zeros(2), 0.0
    )
    # The rate outside is 0.5 * 0.2 at the end; c has not come by 5, so it carries nothing to d.
    found = _fitted_rate(cases, links, past, design, fit)
    assert found == pytest.approx([0.1, 0.1, 0.1 + 2 * 0.1, 0.1 + 3 * 10.0])


def test_skill_is_what_is_saved_of_the_best_of_the_simpler_scores() -> None:
    """One came, one did not: the network is off by 0.1, the best of the others by 0.2."""
    cases, _, _ = read()
    off = dict.fromkeys(MODELS, 0.4) | {"network": 0.1, "territory": 0.2}
    chance = np.array([[1.0 - off[name], off[name]] for name in MODELS])
    told = Told(5.0, 3, np.array([2, 3]), chance, np.array([1.0, 0.0]))
    rows = table_of_record([[told]], cases, seed=1)
    whole = rows.filter(window="all").row(0, named=True)
    assert (whole["network"], whole["territory"]) == pytest.approx((0.01, 0.04))
    assert (whole["n"], whole["events"]) == (2, 1.0)
    for name in ("skill", "skill_low", "skill_high"):
        assert whole[name] == pytest.approx(0.75)
