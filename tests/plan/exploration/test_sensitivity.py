"""Sobol indices against a sum whose shares are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tocsin.errors import UsageError
from tocsin.plan.exploration.futures import JOINT, Contest
from tocsin.plan.exploration.sensitivity import LATER, sensitivity
from tocsin.plan.posterior import shipped_posterior
from tocsin.plan.region.parameters import PARAMETERS

DECAY = next(item.high for item in PARAMETERS if item.name == "decay")
WIDTH = DECAY - next(item.low for item in PARAMETERS if item.name == "decay")
NOTHING: Any = ("mine", "status quo", None, None)


class Sum(Contest):
    """Two of the excitation, one of the decay, and one of chance: shares 4, 1 and 1 of 6."""

    def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
        names = [item.name for item in PARAMETERS]
        low = np.array([item.low for item in PARAMETERS])
        high = np.array([item.high for item in PARAMETERS])
        unit = (values - low) / (high - low)
        by_name = {name: unit[:, place] for place, name in enumerate(names)}
        return 2 * by_name["excitation"] + by_name["decay"] + chance / 2**30


@pytest.mark.slow
def test_the_shares_of_a_sum_are_found() -> None:
    found = sensitivity(Sum(*NOTHING), samples=1024)
    first = dict(found.indices.select("input", "first").iter_rows())
    total = dict(found.indices.select("input", "total").iter_rows())
    for shares in (first, total):
        assert shares["excitation"] == pytest.approx(4 / 6, abs=0.03)
        assert shares["decay"] == pytest.approx(1 / 6, abs=0.03)
        assert shares["chance"] == pytest.approx(1 / 6, abs=0.03)
        assert shares["memory"] == pytest.approx(0, abs=0.01)
    kinds = dict(found.kinds.select("kind", "total").iter_rows())
    assert kinds["calibrated"] == pytest.approx(4 / 6, abs=0.03)
    assert kinds["judgement"] == pytest.approx(1 / 6, abs=0.03)


class Tail(Contest):
    """As much of the decay as of chance, and some futures that are far beyond all others."""

    def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
        place = [item.name for item in PARAMETERS].index("decay")
        low = PARAMETERS[place].low
        part = (values[:, place] - low) / WIDTH + chance / 2**30
        return np.exp(6 * part)


@pytest.mark.slow
def test_ranks_tell_where_a_few_futures_decide_the_variance() -> None:
    found = sensitivity(Tail(*NOTHING), samples=256)
    rows = {row["input"]: row for row in found.indices.to_dicts()}
    for name in ("decay", "chance"):
        assert rows[name]["ranked"] == pytest.approx(0.5, abs=0.06)
        assert rows[name]["ranked_error"] < rows[name]["total_error"]
    assert rows["memory"]["ranked"] == 0
    assert found.kinds.columns[-3:] == ["ranked_error", "ranked_first", "ranked_first_error"]
    assert found.is_known
    few = sensitivity(Tail(*NOTHING), samples=8)
    assert not few.is_known


class Luck(Contest):
    """What happens by chance, and nothing else."""

    def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
        return chance / 2**30


def test_what_chance_alone_moves_is_laid_to_it() -> None:
    found = sensitivity(Luck(*NOTHING), samples=8)
    assert found.indices.row(0, named=True)["input"] == "chance"
    assert found.indices["total"][0] > 0.5
    assert found.indices["total"][1:].sum() == 0
    assert found.kinds.row(0, named=True)["kind"] == "chance"
    # Those of numbers that lie evenly from 0 to 1.
    assert found.mean == pytest.approx(0.5, abs=0.1)
    assert found.spread == pytest.approx(12**-0.5, abs=0.1)


class Course(Contest):
    """How violence goes on after the first year, and nothing else."""

    def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
        return later / 2**30


def test_the_years_after_the_first_are_an_input_of_their_own() -> None:
    found = sensitivity(Course(*NOTHING), samples=8)
    assert found.indices.row(0, named=True)["input"] == LATER
    assert found.indices["total"][1:].sum() == 0
    assert found.kinds.row(0, named=True)["kind"] == LATER
    assert found.spread == pytest.approx(12**-0.5, abs=0.1)


@pytest.mark.parametrize("samples", [0, 7, 100])
def test_samples_are_a_power_of_two(samples: int) -> None:
    with pytest.raises(UsageError, match="power of two"):
        sensitivity(Sum(*NOTHING), samples=samples)


@pytest.mark.slow
def test_parameters_with_joint_draws_are_one_input() -> None:
    held = shipped_posterior()
    names = [item.name for item in PARAMETERS]

    class Both(Contest):
        """The excess of the tail, which two draws share with the deaths of an event."""

        def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
            tail, each = (values[:, names.index(one)] for one in ("tail", "deaths_each"))
            return (tail + each / 20) + 0.5 * values[:, names.index("decay")] / DECAY

    found = sensitivity(Both(*NOTHING, held), samples=1024)
    rows = {row["input"]: row for row in found.indices.to_dicts()}
    assert set(held.names).isdisjoint(rows)
    assert rows[JOINT]["kind"] == "calibrated"
    # The two move against each other, so that together they move less than either alone would.
    tail, each = (held.draws[:, held.names.index(one)] for one in ("tail", "deaths_each"))
    joint, other = (tail + each / 20).var(), (0.5 * WIDTH / DECAY) ** 2 / 12
    assert rows[JOINT]["first"] == pytest.approx(joint / (joint + other), abs=0.08)
    assert rows["decay"]["total"] == pytest.approx(other / (joint + other), abs=0.08)
