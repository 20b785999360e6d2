"""The regional model as a search plays it: the same portfolios in the same futures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.plan.exploration.region import OBJECTIVES, PORTFOLIOS, SEED, YEARS, search_task
from tocsin.plan.portfolios import SHIPPED, STATUS_QUO
from tocsin.plan.posterior import shipped_posterior
from tocsin.plan.region import parameters, runs
from tocsin.plan.region.outcomes import OUTCOMES, YEAR
from tocsin.plan.region.start.own import OwnStart

TABLES = {
    "forecasts": pl.DataFrame(
        [
            {"gwno": gwno, "horizon": 1, "month": date(2023, 1, 1), "mean": 40.0}
            for gwno in (432, 436)
        ]
    ),
    "adoption": pl.DataFrame(
        schema={"gwno": pl.Int64, "technology": pl.String, "expected": pl.Float64,
                "first_seen": pl.Date, "last_seen": pl.Date}
    ),
}  # fmt: skip


def test_portfolios_are_played_by_twenties_and_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[dict[str, Any]] = []

    def play(numbers: np.ndarray, plans: np.ndarray, _: Any, **asked: Any) -> SimpleNamespace:
        """Of each outcome, in each of two territories: the portfolio's last levels."""
        calls.append({"plans": plans} | asked)
        each = plans[:, :, -1].sum(axis=1)[:, None] + 100 * numbers
        return SimpleNamespace(totals=np.broadcast_to(each, (len(OUTCOMES), 2, *each.shape)))

    monkeypatch.setattr(runs, "play_futures", play)
    monkeypatch.setattr(parameters, "draw", lambda *_, **__: np.zeros((1, 3)))
    task = search_task(TABLES, [432, 436], SHIPPED)
    efforts, numbers = np.random.default_rng(0).random((23, len(SHIPPED.levers))), np.arange(3)
    found = task.play(efforts, numbers)
    assert [call["plans"].shape[0] for call in calls] == [PORTFOLIOS, PORTFOLIOS]
    assert {(call["seed"], call["weeks"], call["plans"].shape[-1]) for call in calls} == {
        (SEED, YEARS * YEAR, YEARS * YEAR)
    }
    assert tuple(found) == task.outcomes
    assert set(task.outcomes) == set(OBJECTIVES) - {"grievance"}
    # Deaths of territories add up, and levels are averaged.
    np.testing.assert_allclose(found["deaths"], 2 * found["legitimacy_lost"])
    # After three years nearly all levers act as they were set.
    acting = found["legitimacy_lost"] - 100 * numbers
    assert np.abs(acting - efforts.sum(axis=1)[:, None]).max() < 1
    # In other company they are the same, and where futures begin is found once.
    monkeypatch.delattr(OwnStart, "begin")
    again = task.play(efforts[::-1], numbers)["deaths"]
    np.testing.assert_array_equal(again[::-1], found["deaths"])


def test_a_search_begins_with_what_is_declared_and_knows_its_file() -> None:
    task = search_task(TABLES, [432, 436], SHIPPED)
    place = list(SHIPPED.portfolios).index(STATUS_QUO)
    np.testing.assert_array_equal(task.declared[place], task.bounds.today)
    assert task.bounds.within(task.declared).all()
    assert search_task(TABLES, [432, 436], SHIPPED).digest == task.digest
    dear = replace(SHIPPED, limits=replace(SHIPPED.limits, budget=1.0))
    others = [search_task(TABLES, [432, 436], dear), search_task(TABLES, [432], SHIPPED)]
    # A posterior of one's own is another model.
    few = replace(shipped_posterior(), draws=shipped_posterior().draws[:3])
    others.append(search_task(TABLES, [432, 436], SHIPPED, posterior=few))
    assert task.digest not in {one.digest for one in others}
