"""Users on a region left out: weights are learned elsewhere, errors are debiased."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.bench.adoption.users import HELD, Case, debiased_error, fit_weights, left_out


def case(region: str, number: int, named: int, right: int) -> Case:
    told = [{"named": float(named == at), f"cyber {at}": 1.0} for at in range(3)]
    return Case(region, "cyber", f"{region}{number}", list(told), [right == at for at in range(3)])


def world(region: str, noise: float, n: int = 60) -> list[Case]:
    rng = np.random.default_rng(4)
    named = rng.integers(0, 3, n)
    right = np.where(rng.random(n) < noise, rng.integers(0, 3, n), named)
    return [
        case(region, i, int(a), int(b)) for i, (a, b) in enumerate(zip(named, right, strict=True))
    ]


def test_what_words_name_is_learned_and_held_beliefs_stay() -> None:
    weights = fit_weights(world("SYR", 0.2))
    assert weights["named"] > 1
    assert {name: weights[name] for name in HELD} == pytest.approx(HELD)


@pytest.mark.slow
def test_a_region_left_out_is_scored_by_the_others() -> None:
    rows = {row["region"]: row for row in left_out([*world("SYR", 0.2), *world("CAF", 0.2)])}
    assert set(rows) == {"SYR", "CAF", "all"}
    assert rows["all"]["n"] == 120
    assert rows["all"]["accuracy"] > rows["all"]["accuracy_shares"] + 0.2
    assert rows["all"]["log_score"] > rows["all"]["log_score_shares"]
    assert 0 < rows["all"]["told"] <= 120
    assert rows["all"]["precision"] >= rows["all"]["accuracy"]
    assert rows["all"]["low"] <= rows["all"]["calibration"] <= rows["all"]["high"] + 0.1


@pytest.mark.slow
def test_fresh_cases_are_scored_by_what_is_known_elsewhere() -> None:
    fresh = world("SYR", 0.2, 20)
    rows = left_out(fresh, [*world("CAF", 0.0), *world("SYR", 1.0)])
    assert [(row["region"], row["n"]) for row in rows] == [("SYR", 20), ("all", 20)]
    # Weights of SYR itself, where the words say nothing, would leave it at a third.
    assert rows[0]["accuracy"] > 0.7


def test_what_sampling_explains_is_no_error() -> None:
    rng = np.random.default_rng(1)
    p = rng.uniform(0.4, 1, 4000)
    right = (rng.random(4000) < p).astype(float)
    assert debiased_error(p, right) < 0.03
    wrong = (rng.random(4000) < p - 0.2).astype(float)
    assert debiased_error(p, wrong) == pytest.approx(0.2, abs=0.04)


@pytest.mark.slow
def test_cases_beside_are_fitted_on_and_no_share_is_taken_of_them() -> None:
    cases = [*world("SYR", 0.2, 12), *world("CAF", 0.2, 12)]
    beside = world("made 1", 0.0, 200)
    alone, more = (left_out(cases, beside=one)[-1] for one in ((), beside))
    assert more["log_score_shares"] == alone["log_score_shares"]
    assert more["log_score"] != alone["log_score"]
