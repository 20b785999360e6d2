"""Elementary effects of a sum whose effects are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tocsin.errors import UsageError
from tocsin.plan.exploration.futures import Contest
from tocsin.plan.exploration.screening import screening
from tocsin.plan.exploration.sensitivity import LATER
from tocsin.plan.region.parameters import PARAMETERS

FIRST, SECOND = PARAMETERS[0], PARAMETERS[1]


class Sum(Contest):
    """Three of the first parameter over its prior, and the second where the first is high."""

    def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
        first = (values[:, 0] - FIRST.low) / (FIRST.high - FIRST.low)
        second = (values[:, 1] - SECOND.low) / (SECOND.high - SECOND.low)
        return 3 * first + np.where(first > 0.5, 2.0, 0.0) * second


def asked() -> Any:
    return Sum.__new__(Sum)


@pytest.mark.slow
def test_effects_are_those_of_the_sum() -> None:
    found = screening(asked(), trajectories=40)
    by_name = {row["input"]: row for row in found.to_dicts()}
    assert found["input"][:2].to_list() == [FIRST.name, SECOND.name]
    assert by_name[SECOND.name]["effect"] == pytest.approx(1.0, abs=0.35)
    # It depends on the first whether the second counts.
    assert by_name[SECOND.name]["spread"] > 0.5
    assert by_name["chance"]["effect"] == 0
    assert all(row["effect"] == 0 for row in found.to_dicts()[2:])


class Luck(Sum):
    """What happens by chance, and nothing else."""

    def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
        return chance / 2**30


def test_chance_moves_over_all_of_its_range() -> None:
    found = screening(Luck.__new__(Luck), trajectories=4)
    assert found.row(0, named=True)["input"] == "chance"
    assert found["effect"][0] == pytest.approx(1.0)
    assert found["effect"][1:].sum() == 0


class Course(Sum):
    """How violence goes on after the first year, and nothing else."""

    def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
        return later / 2**30


def test_the_years_after_the_first_move_by_themselves() -> None:
    found = screening(Course.__new__(Course), trajectories=4)
    assert found.row(0, named=True)["input"] == LATER
    assert found["effect"][0] == pytest.approx(1.0)
    assert found["effect"][1:].sum() == 0


def test_what_moves_nothing_comes_last_by_name() -> None:
    found = screening(asked(), trajectories=4)
    assert found["input"][0] == FIRST.name
    # The first one's effect is three, and more where it crosses its middle; others' are nothing.
    assert found["effect"][0] >= 3.0
    rest = found.filter(found["effect"] == 0)
    assert rest.height >= found.height - 2
    assert rest["input"].is_sorted()
    assert rest.select("effect_error", "spread").to_numpy().max() == 0


def test_too_few_trajectories_are_refused() -> None:
    with pytest.raises(UsageError, match="3 trajectories are too few"):
        screening(asked(), trajectories=3)
