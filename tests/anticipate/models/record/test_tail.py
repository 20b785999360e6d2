"""Tails: no thicker than the record bears out, and never beyond twice its greatest month."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.anticipate.data.training import FIRST
from tocsin.anticipate.models.mixture import GRID
from tocsin.anticipate.models.record.tail import GROWTH, TIMES, Record, past_outcomes


def _war(units: int, level: float, months: int = 200) -> np.ndarray:
    random = np.random.default_rng(5)
    return random.poisson(level, (units, months)).astype(float)


def test_the_share_that_followed_comparable_months_bounds_the_tail() -> None:
    deaths = _war(30, 20.0)
    record = past_outcomes(deaths, 3)
    above = record.above(deaths[:2])
    assert above.shape == (2, len(GRID))
    # What came often is not bounded; what never came has at most one in the number of months.
    assert (above[:, GRID < 15] == 1).all()
    months = len(record.outcome) / 3
    never = (deaths.max() < GRID) & (GROWTH * deaths.max() > GRID)
    worst = np.log1p(deaths[0, -12:].max())
    near = (np.abs(record.worst - worst) <= np.log(2)).sum() / 3
    assert near <= months
    most = deaths.max() / ((near + 1) * GRID[never])
    assert never.any()
    assert above[0, never] == pytest.approx(most)
    below = GRID[deaths.max() >= GRID][-1]
    assert above[0, below == GRID] >= TIMES / (near + 1)
    assert (np.diff(above) <= 0).all()


def test_nothing_is_above_twice_the_greatest_month() -> None:
    deaths = _war(4, 20.0)
    deaths[0, 50] = 1000.0
    record = past_outcomes(deaths, 3)
    assert (record.above(deaths)[:, GRID >= GROWTH * 1000] == 0).all()
    higher = deaths.copy()
    higher[0, -1] = 5000.0
    # The unit's own last year counts, though nothing has followed it yet.
    assert (record.above(higher)[:, GRID >= GROWTH * 5000] == 0).all()
    assert (record.above(higher)[0, GRID < 5000] > 0).all()


def test_comparable_months_are_those_of_the_same_size() -> None:
    deaths = np.vstack([_war(40, 5.0), _war(40, 500.0)])
    above = past_outcomes(deaths, 3).above(deaths)
    between = (GRID > 100) & (GRID < 300)
    assert (above[:40, between] < 0.02).all()
    assert (above[40:, between] == 1).all()


def test_neither_order_nor_quiet_units_change_the_record() -> None:
    deaths = _war(20, 3.0)
    quiet = np.zeros((5, deaths.shape[1]))
    asked = np.vstack([deaths[:3], quiet[:1]])
    one = past_outcomes(deaths, 4).above(asked)
    two = past_outcomes(np.vstack([quiet, deaths[::-1]]), 4).above(asked)
    assert (one == two).all()


def test_the_longest_horizon_counts_though_one_month_alone_has_it() -> None:
    deaths = _war(2, 20.0, FIRST + 2)
    # Of the months from the first that is an example, one is followed by another.
    assert sorted(past_outcomes(deaths, 3).outcome) == sorted(deaths[:, -1])
    longer = _war(2, 20.0, FIRST + 3)
    expected = [*longer[:, -1], *longer[:, -1], *longer[:, -2]]
    assert sorted(past_outcomes(longer, 3).outcome) == sorted(expected)


def test_each_size_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    deaths, asked, find = _war(20, 3.0), list[float](), Record._above
    record = past_outcomes(deaths, 3)

    def counted(self: Record, worst: float) -> np.ndarray:
        asked.append(worst)
        return find(self, worst)

    monkeypatch.setattr(Record, "_above", counted)
    found = [record.above(deaths[:, :end]) for end in range(190, 201)]
    assert len(asked) == len(set(asked)) > 1
    monkeypatch.undo()
    for end, one in zip(range(190, 201), found, strict=True):
        assert (one == past_outcomes(deaths, 3).above(deaths[:, :end])).all()


def test_an_empty_record_bounds_nothing() -> None:
    deaths = np.zeros((2, 30))
    assert (past_outcomes(deaths, 3).above(deaths) == 1).all()
