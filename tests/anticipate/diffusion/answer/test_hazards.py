"""Hazards by class and step, of draws made by hand, so that each can be worked out on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.hazards import case_hazard, table_of_hazards
from tocsin.anticipate.diffusion.answer.shares import Imputation
from tocsin.anticipate.diffusion.hazard.design import draw_onsets, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.posterior import Posterior
from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties


@pytest.fixture(scope="module")
def made() -> tuple[Cases, Imputation]:
    """Window of 40 months: a uses it at 8, b at 18, and who never does is gone at 25."""
    cases = read_cases(
        pl.DataFrame(
            {
                "actor": ["a", "b", "c"],
                "technology": "one",
                "time": [8.0, 18.0, None],
                "exit": [40.0, 40.0, 25.0],
            }
        ),
        end=40.0,
    )
    ties = pl.DataFrame({"source": ["a"], "target": ["c"], "channel": ["alliance"]})
    links = link_cases(cases, read_ties(ties, cases))
    onset = draw_onsets(cases, np.random.default_rng(0))
    design = make_design(cases, links, onset, channels=1)
    posterior = Posterior(
        base=np.array([[0.2], [0.6]]),
        cell=np.ones((2, design.cell_technology.size)),
        walk=np.ones((2, 1, design.at_risk.shape[1])),
        beta=np.zeros((2, design.covariates.shape[1])),
        strength=np.array([[[0.4]], [[0.4]]]),
        spread=np.zeros(2), s=np.zeros((2, 1)), r_hat=1.0, divergences=0,
    )  # fmt: skip
    return cases, Imputation(onset, design, posterior)


@pytest.fixture(scope="module")
def hazards(made: tuple[Cases, Imputation]) -> pl.DataFrame:
    cases, one = made
    return table_of_hazards(cases, [one])


def test_rates_of_cases_are_per_month_and_of_draws_at_even_distances(
    made: tuple[Cases, Imputation],
) -> None:
    """Five draws, of which the first, the middle and the last are taken."""
    cases, one = made
    posterior = Posterior(
        base=np.arange(1.0, 6.0)[:, None], cell=np.full((5, 1), 2.0),
        walk=np.tile(np.arange(1.0, 9.0), (5, 1, 1)), beta=np.full((5, 1), np.log(3.0)),
        strength=np.arange(5.0)[:, None, None], spread=np.zeros(5), s=np.zeros((5, 1)), r_hat=1.0,
        divergences=0,
    )  # fmt: skip
    design = replace(one.design, covariates=np.array([[0.0], [1.0], [-1.0]]))
    found = case_hazard(cases, replace(one, design=design, posterior=posterior), 3)
    base, lift = np.array([1.0, 3.0, 5.0]), np.array([1.0, 3.0, 1 / 3])
    expected = 2.0 * base[:, None, None] * lift[:, None] * np.arange(1.0, 9.0) / 40
    np.testing.assert_allclose(found.outside, expected)
    np.testing.assert_allclose(found.strength, np.array([0.0, 2.0, 4.0])[:, None, None] / 40)


def test_a_step_in_which_nobody_is_at_risk_has_no_rate_and_no_part_of_the_network(
    hazards: pl.DataFrame,
) -> None:
    empty = hazards.filter(at_risk=0.0)
    assert empty["from"].to_list() == ["25", "30", "35"]
    for name in ("hazard", "low", "high", "by_network"):
        assert empty[name].to_list() == [None] * 3
    some = hazards.filter(pl.col("at_risk") > 0)
    assert some.drop_nulls().height == some.height == 5


def test_the_network_has_the_part_of_the_hazard_that_its_ties_carry(hazards: pl.DataFrame) -> None:
    # Before a uses it there is nobody to learn from; later c alone is exposed.
    row = hazards.row(0, named=True)
    assert row["at_risk"] == pytest.approx(3.0)
    assert row["by_network"] == 0.0
    assert row["hazard"] == pytest.approx(0.4 / 40)
    assert row["low"] < row["hazard"] < row["high"]
    row = hazards.filter(pl.col("from") == "20").row(0, named=True)
    assert row["at_risk"] == pytest.approx(1.0)
    assert row["by_network"] == pytest.approx(0.5)
    assert row["hazard"] == pytest.approx(0.8 / 40)


def test_first_uses_add_up_beside_those_that_are_expected(hazards: pl.DataFrame) -> None:
    assert hazards["to"].to_list() == [str(end) for end in range(5, 41, 5)]
    assert hazards["from"].to_list() == [str(begin) for begin in range(0, 36, 5)]
    assert hazards["adopted"].to_list() == [0.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0]
    # Outside the network at a rate of 0.4 a window: 8, 18 and 25 months; over the tie 17 months.
    assert hazards["expected"][-1] == pytest.approx(0.4 * (8 + 18 + 25 + 17) / 40)
    assert hazards["expected"].is_sorted()


def test_rates_of_a_window_that_does_not_start_at_nought(made: tuple[Cases, Imputation]) -> None:
    """The same window of 40 months, a thousand months later."""
    cases, one = made
    late = replace(cases, start=cases.start + 1000.0, end=cases.end + 1000.0)
    plain, found = (case_hazard(of, one, 2) for of in (cases, late))
    np.testing.assert_allclose(found.outside, plain.outside)
    np.testing.assert_allclose(found.strength, plain.strength)
    np.testing.assert_allclose(found.outside[:, 0, 0], [0.2 / 40, 0.6 / 40])
    columns = ["hazard", "expected", "at_risk", "adopted"]
    tables = [table_of_hazards(of, [one]).select(columns) for of in (cases, late)]
    np.testing.assert_allclose(tables[0].to_numpy(), tables[1].to_numpy())
