"""What is learnt of years is what they were followed by, and nothing of what came later."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.plan.calibration.persistence import LEAST_YEARS, learn, logistic, memories, pairs
from tocsin.plan.region.mechanisms.threat.persistence.learnt import WAR


def record(years: int = 24) -> np.ndarray:
    random = np.random.default_rng(1)
    logs = np.where(random.random((60, years)) < 0.5, 0.0, random.uniform(0, 9, (60, years)))
    logs[0, :10] = np.nan
    return logs


def test_memories_are_of_known_years_before() -> None:
    logs = np.array([[1.0, 2.0, 3.0, 4.0, 99.0], [np.nan, np.nan, np.nan, 5.0, 99.0]])
    assert memories(logs, 4).tolist() == [[3.0, 2.5], [5.0, 5.0]]
    assert np.isnan(memories(logs, 0)).all()


def test_pairs_look_at_no_later_year() -> None:
    logs = record()
    told = pairs(logs, 12)
    other = logs.copy()
    other[:, 13:] = -1.0
    for one, again in zip(told.values(), pairs(other, 12).values(), strict=True):
        np.testing.assert_array_equal(one, again)
    assert len(told["x"]) <= (12 - LEAST_YEARS) * len(logs)
    assert (told["country"] > 0).all()


def test_pairs_are_a_year_and_the_next_with_what_was_before() -> None:
    logs = np.arange(30.0)[None]
    told = pairs(logs, 29)
    assert told["x"].tolist() == list(range(LEAST_YEARS, 29))
    np.testing.assert_array_equal(told["y"], told["x"] + 1)
    np.testing.assert_array_equal(told["short"], told["x"] - 2)
    # The mean of the 20 years before 25 is that of 5 to 24.
    assert told["long"][told["x"] == 25.0] == 14.5


def test_moves_are_those_of_wars_that_go_on() -> None:
    told = pairs(record(), 23)
    found = learn(told)
    war, after = told["x"] >= WAR, told["y"] >= WAR
    assert len(found.moves) == (war & after).sum()
    assert sorted(found.deaths + found.moves) == pytest.approx(sorted(told["y"][war & after]))
    assert len(found.first) == (~war & after).sum()


def test_each_kind_of_year_is_learnt_from_its_own_cases() -> None:
    told = pairs(record(), 23)
    found = learn(told)
    x, y = told["x"], told["y"]
    war, after = x >= WAR, y >= WAR
    np.testing.assert_array_equal(found.first, np.sort(y[~war & after]))
    np.testing.assert_array_equal(found.after, np.sort(y[war & ~after]))
    quiet = y[~war & ~after]
    np.testing.assert_array_equal(found.quiet, np.sort(quiet[quiet > 0]))
    assert found.greatest.tolist() == [max(x.max(), y.max())]
    # A regression with a constant says on average what happened.
    columns = np.stack([np.ones(len(x)), x, told["short"], told["long"]], 1)
    for learnt, of, happened in (
        (found.ends, war, ~after),
        (found.begins, ~war, after),
        (found.empty, ~war & ~after, y == 0),
    ):
        chance = 1 / (1 + np.exp(-columns[of] @ learnt))
        assert chance.mean() == pytest.approx(happened[of].mean(), abs=1e-4)


def test_a_logistic_regression_finds_what_made_the_data() -> None:
    random = np.random.default_rng(3)
    columns = random.standard_normal((20_000, 2))
    chance = 1 / (1 + np.exp(-(0.5 + columns @ [1.0, -2.0])))
    found = logistic(random.random(20_000) < chance, columns)
    assert found == pytest.approx([0.5, 1.0, -2.0], abs=0.1)


def test_a_year_counts_if_four_before_it_the_last_and_the_next_are_known() -> None:
    logs = np.arange(8.0) + np.arange(4.0)[:, None]
    logs[1, 1] = np.nan  # of the years before 4 three are known, of those before 5 four
    logs[2, 4] = np.nan
    logs[3, 6:] = np.nan
    told = pairs(logs, 6)
    found = list(zip(told["country"], told["x"] - told["country"], strict=True))
    assert found == [(0, 4), (3, 4), (0, 5), (1, 5)]
    np.testing.assert_array_equal(told["y"], told["x"] + 1)
    short = dict(zip(found, told["short"] - told["country"], strict=True))
    assert (short[1, 5], short[0, 4]) == (3.0, 2.0)
    assert told["long"][3] == 1 + (0 + 2 + 3 + 4) / 4


def test_one_case_does_not_make_a_regression_singular() -> None:
    assert np.isfinite(logistic(np.array([True]), np.ones((1, 1)))).all()


def test_wars_that_go_on_are_in_the_order_of_their_deaths() -> None:
    told = pairs(record(), 23)
    found = learn(told)
    assert (np.diff(found.deaths) >= 0).all()
    war = (told["x"] >= WAR) & (told["y"] >= WAR)
    moves = dict(zip(told["x"][war], (told["y"] - told["x"])[war], strict=True))
    assert [moves[deaths] for deaths in found.deaths] == found.moves.tolist()


def test_a_year_of_just_so_many_deaths_is_one_of_war() -> None:
    x = np.array([WAR, WAR, 1.0, 1.0, 9.0, 9.0, 1.0, 0.5])
    y = np.array([1.0, 9.0, WAR, 1.0, 2.0, WAR, 0.0, 0.0])
    found = learn({"x": x, "y": y, "short": x, "long": np.arange(8.0)})
    assert found.first.tolist() == [WAR]
    assert sorted(found.deaths) == [WAR, 9.0]
    assert found.after.tolist() == [1.0, 2.0]


def test_what_always_happened_is_expected_with_near_certainty() -> None:
    columns = np.linspace(-1.0, 1.0, 30)[:, None]
    found = logistic(np.ones(30, bool), columns)
    assert (found[0] + columns[:, 0] * found[1] > 5.0).all()
    # Where the columns tell one kind from the other without an error, the slope is steep.
    assert logistic(columns[:, 0] > 0, columns)[1] > 20.0
