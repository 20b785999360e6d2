"""Futures with chosen parameters: the same rows give the same numbers, in any company."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.errors import UsageError
from tocsin.plan.exploration import contest
from tocsin.plan.exploration import futures as room
from tocsin.plan.exploration.futures import JOINT, inputs, ranges, scale_parameters
from tocsin.plan.portfolios import SHIPPED, STATUS_QUO
from tocsin.plan.portfolios.rules import parse_rule
from tocsin.plan.posterior import shipped_posterior
from tocsin.plan.region import runs
from tocsin.plan.region.levels import weekly_levels
from tocsin.plan.region.model import Model
from tocsin.plan.region.outcomes import WATCHED
from tocsin.plan.region.parameters import PARAMETERS
from tocsin.plan.region.runs import Played, play_futures
from tocsin.schema.vocabulary.lever import LEVERS

TABLES = {
    "forecasts": pl.DataFrame(
        [
            {"gwno": gwno, "horizon": horizon, "month": date(2023, horizon, 1), "mean": 40.0}
            for gwno in (432, 436)
            for horizon in range(1, 13)
        ]
    ),
    "adoption": pl.DataFrame(
        schema={"gwno": pl.Int64, "technology": pl.String, "expected": pl.Float64,
                "first_seen": pl.Date, "last_seen": pl.Date}
    ),
}  # fmt: skip


def play_beside_a_third(numbers: Any, plans: Any, begun: Any, **more: Any) -> Played:
    """Play two portfolios as the stage plays three, by the program that `test_compare` compiles.

    The third is the second once more, and is dropped; to compile a program for two takes some ten
    seconds of a processor.
    """
    three = np.concatenate([plans, plans[-1:]])
    found = play_futures(numbers, three, begun, **more | {"model": Model(paths="region")})
    return Played(found.totals[:, :, :2], None)


@pytest.mark.slow
def test_a_future_does_not_hang_on_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "play_futures", play_beside_a_third)
    asked = contest(TABLES, [432, 436], "layered")
    uniform = np.random.default_rng(0).random((40, len(inputs(asked.posterior))))
    values = scale_parameters(uniform, asked.posterior)
    chance = np.arange(40)
    whole = asked.difference(values, chance, "deaths")
    order = np.random.default_rng(1).permutation(40)
    assert (asked.difference(values[order], chance[order], "deaths") == whole[order]).all()
    assert (asked.difference(values[:3], chance[:3], "deaths") == whole[:3]).all()
    assert whole.std() > 0


def test_portfolios_that_cannot_be_compared() -> None:
    with pytest.raises(UsageError, match="no portfolio"):
        contest(TABLES, [432], "layerd")
    with pytest.raises(UsageError, match="itself"):
        contest(TABLES, [432], "layered", "layered")


def test_it_is_said_where_futures_begin() -> None:
    asked = contest(TABLES, [432, 436], "layered")
    assert asked.tell_start().startswith("All futures begin at the forecast's mean")
    draws = pl.DataFrame(
        [
            {"gwno": gwno, "month": date(2023, month, 1), "draws": [1.0, 40.0, 90.0]}
            for gwno in (432, 436)
            for month in range(1, 13)
        ]
    )
    asked = contest(TABLES | {"forecast_draws": draws}, [432, 436], "layered")
    assert asked.tell_start().startswith("Each future begins at its own level")


def test_what_is_given_is_taken_in_the_place_of_what_ships() -> None:
    held = replace(shipped_posterior(), draws=shipped_posterior().draws[:3])
    file = replace(SHIPPED, portfolios=dict(reversed(SHIPPED.portfolios.items())))
    asked = contest(TABLES, [432], "layered", "enforcement-heavy", file=file, posterior=held)
    assert asked.posterior is held
    assert asked.against == "enforcement-heavy"
    both = [file.portfolios[name] for name in ("layered", "enforcement-heavy")]
    np.testing.assert_array_equal(asked.plans, weekly_levels(file, both))
    quo = replace(file, portfolios={STATUS_QUO: file.portfolios[STATUS_QUO]})
    with pytest.raises(UsageError, match="no portfolio 'layered'"):
        contest(TABLES, [432], "layered", file=quo)


def test_calibrated_parameters_are_drawn_together() -> None:
    held = shipped_posterior()
    names, count = [item.name for item in PARAMETERS], len(held.draws)
    varied = list(inputs(held))
    assert varied[-1] == JOINT
    assert set(varied[:-1]) == set(names) - set(held.names)
    uniform = np.full((count, len(varied)), 0.25)
    uniform[:, -1] = (np.arange(count) + 0.5) / count
    values = scale_parameters(uniform, held)
    # Evenly spread numbers give each draw once, whole.
    mine = values[:, [names.index(name) for name in held.names]]
    assert sorted(map(tuple, mine)) == sorted(map(tuple, held.draws))
    # Neighbours are alike in what differs most.
    steps = np.abs(np.diff(mine, axis=0)).mean(axis=0)
    far = np.abs(mine - np.random.default_rng(0).permutation(mine)).mean(axis=0)
    assert (steps / far).min() < 0.6
    for name, (low, high) in ranges(held).items():
        column = values[:, names.index(name)]
        assert low <= column.min()
        assert column.max() <= high
    assert scale_parameters(np.ones((1, len(varied))), held).shape == (1, len(PARAMETERS))


def test_the_first_is_held_against_the_second_in_the_same_futures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[str, float | None]] = []
    asked = contest(TABLES, [432, 436], "layered", tell=lambda *one: told.append(one))
    assert (asked.portfolio, asked.against) == ("layered", STATUS_QUO)
    assert asked.posterior is shipped_posterior()
    mine, quo = (SHIPPED.portfolios[name] for name in ("layered", STATUS_QUO))
    np.testing.assert_array_equal(asked.plans, weekly_levels(SHIPPED, [mine, quo]))
    begins = asked.start.begin(np.arange(1), np.zeros((len(PARAMETERS), 1), np.float32), seed=0)
    assert len(begins.level) == 2

    def play(numbers: Any, plans: Any, begun: Any, *, on_done: Any, **more: Any) -> Played:
        """Deaths of each future: its first parameter, and ten more under the first portfolio."""
        assert plans is asked.plans
        np.testing.assert_array_equal(begun.level, begins.level)
        assert more["seed"] == 0
        on_done(1, 4)
        each = more["values"][0] + 100 * numbers
        totals = np.zeros((len(WATCHED), 2, 2, len(numbers)))
        totals[list(WATCHED).index("deaths")] = each + np.array([[10.0], [0.0]])
        return Played(totals, None)

    monkeypatch.setattr(runs, "play_futures", play)
    values = np.random.default_rng(0).random((5, len(PARAMETERS)))
    # Of each of two territories.
    found = asked.difference(values, np.arange(5), "deaths")
    np.testing.assert_allclose(found, np.full(5, 20.0), rtol=1e-4)
    assert told == [("Finding the start", None), ("Playing futures", 0.25)]


def test_rules_fire_in_each_future_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = parse_rule("if grievance over 60 % for 2 months then dialogue to 0.9", LEVERS)
    ruled = replace(SHIPPED.portfolios["layered"], rules=(rule,))
    file = replace(SHIPPED, portfolios=dict(SHIPPED.portfolios) | {"layered": ruled})
    asked = contest(TABLES, [432, 436], "layered", file=file)
    assert asked.ruled == ("layered",)
    place, lever = list(WATCHED).index("grievance"), LEVERS.index("dialogue")

    def play(numbers: Any, plans: Any, begun: Any, **more: Any) -> Played:
        """Deaths fall with dialogue; in odd futures grievance is high from the third month on."""
        assert more["values"].shape[1] == len(numbers)
        effort = plans[:, lever].sum(axis=1)
        effort = effort[:, None] if effort.ndim == 1 else effort
        totals = np.zeros((len(WATCHED), 2, len(plans), len(numbers)))
        totals[list(WATCHED).index("deaths")] = 1000 + numbers - effort
        paths = np.zeros((120, len(WATCHED), len(plans), len(numbers)))
        paths[2:, place] = np.where(numbers % 2, 0.7, 0.5)
        return Played(totals, paths)

    monkeypatch.setattr(runs, "play_futures", play)
    monkeypatch.setattr(room, "BLOCK", 3)
    values = np.random.default_rng(0).random((8, len(PARAMETERS)))
    found = asked.difference(values, np.arange(8), "deaths")
    plain = replace(asked, start=replace(asked.start, file=SHIPPED))
    without = plain.difference(values, np.arange(8), "deaths")
    np.testing.assert_allclose(without, without[0])
    np.testing.assert_allclose(found[::2], without[::2], rtol=1e-5)
    # More dialogue from the fifth month on, in both territories.
    assert (found[1::2] < without[1::2] - 200).all()
    np.testing.assert_allclose(found[1::2], found[1], rtol=1e-5)


def test_without_joint_draws_each_parameter_goes_over_its_prior_alone() -> None:
    varied = inputs(None)
    assert varied == {item.name: item.basis for item in PARAMETERS}
    ends = ranges(None)
    halves = scale_parameters(np.stack([np.zeros(len(varied)), np.eye(len(varied))[3]]))
    lows = [ends[name][0] for name in varied]
    np.testing.assert_allclose(halves[0], lows, rtol=1e-5)
    lows[3] = ends[list(varied)[3]][1]
    np.testing.assert_allclose(halves[1], lows, rtol=1e-5)
