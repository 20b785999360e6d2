"""Draws of shares and rates: what a plan takes as its prior."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.draws import table_of_draws
from tocsin.anticipate.diffusion.answer.hazards import table_of_hazards
from tocsin.anticipate.diffusion.answer.shares import Imputation, table_of_shares
from tocsin.anticipate.diffusion.hazard.design import draw_onsets, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.gibbs import sample_gibbs
from tocsin.anticipate.diffusion.hazard.posterior import Posterior
from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties

CHANNELS = ("alliance", "sponsor")


@pytest.fixture(scope="module")
def fitted() -> tuple[Cases, list[Imputation]]:
    """One class along a chain, and one that nobody ever takes up."""
    names = [f"n{i:02d}" for i in range(24)]
    used = [float(2 * i) if i < 16 else None for i in range(24)]
    cases = read_cases(
        pl.DataFrame(
            {
                "actor": names * 2,
                "technology": ["one"] * 24 + ["two"] * 24,
                "time": [*used, *([None] * 24)],
            }
        ),
        end=40.0,
    )
    ties = pl.DataFrame(
        {
            "source": [*names[:-1], *names[:-3]],
            "target": [*names[1:], *names[3:]],
            "channel": ["alliance"] * 23 + ["sponsor"] * 21,
        }
    )
    links = link_cases(cases, read_ties(ties, cases))
    onset = draw_onsets(cases, np.random.default_rng(0))
    designs = [make_design(cases, links, onset, channels=2)] * 2
    posteriors = sample_gibbs(designs, seed=1, draws=50)
    return cases, [Imputation(onset, *pair) for pair in zip(designs, posteriors, strict=True)]


@pytest.mark.slow
def test_shares_of_a_draw_add_up_and_their_means_are_the_table_of_shares(
    fitted: tuple[Cases, list[Imputation]],
) -> None:
    cases, found = fitted
    rows = table_of_draws(cases, found, CHANNELS, draws=400)
    sums = rows.group_by("draw", "technology").agg(pl.col("share").sum())["share"]
    assert sums.to_list() == pytest.approx([1.0] * len(sums))
    assert rows["draw"].n_unique() == 400
    means = rows.group_by("technology", "channel").agg(pl.col("share").mean().alias("drawn"))
    both = table_of_shares(found, cases.technologies, CHANNELS).join(
        means, on=["technology", "channel"]
    )
    assert both.height == 6  # class 'two' has no first use and so is not in the table of shares
    assert both["drawn"].to_list() == pytest.approx(both["mean"].to_list())


def test_a_class_without_first_uses_has_a_share_and_a_small_rate(
    fitted: tuple[Cases, list[Imputation]],
) -> None:
    cases, found = fitted
    rows = table_of_draws(cases, found, CHANNELS, draws=20)
    never = rows.filter(technology="two")
    # Nobody uses it, so nothing can come over a tie.
    assert never.filter(pl.col("channel") != "not by network")["share"].max() == 0.0
    rate = never.filter(channel="not by network")["rate"].mean()
    other = rows.filter(technology="one").group_by("draw").agg(pl.col("rate").sum())["rate"].mean()
    assert isinstance(rate, float)
    assert isinstance(other, float)
    assert rate < other / 4


def test_rates_add_up_to_the_hazard_of_the_last_step(
    fitted: tuple[Cases, list[Imputation]],
) -> None:
    cases, found = fitted
    rows = table_of_draws(cases, found, CHANNELS, draws=400)
    hazards = table_of_hazards(cases, found)
    last = hazards.filter(technology="one")["hazard"][-1]
    drawn = rows.filter(technology="one").group_by("draw").agg(pl.col("rate").sum())["rate"].mean()
    assert drawn == pytest.approx(last)


def test_parts_of_the_hazard_are_told_apart_by_class_and_channel() -> None:
    """Two draws made by hand, of which every rate and share can be added up on paper."""
    cases = read_cases(
        pl.DataFrame(
            {
                "actor": [*"abcde", *"abcde"],
                "technology": ["one"] * 5 + ["two"] * 5,
                "time": [8.0, 32.0, None, None, None, *([None] * 5)],
                "exit": [40.0, 40.0, 40.0, 39.0, 20.0] * 2,
            }
        ),
        end=40.0,
    )
    ties = pl.DataFrame(
        {"source": ["a", "a"], "target": ["b", "c"], "channel": ["alliance", "sponsor"]}
    )
    links = link_cases(cases, read_ties(ties, cases))
    onset = draw_onsets(cases, np.random.default_rng(0))
    design = make_design(cases, links, onset, channels=2)
    bins = design.at_risk.shape[1]
    posterior = Posterior(
        base=np.array([[0.4, 0.2], [0.8, 0.1]]),
        cell=np.ones((2, design.cell_technology.size)),
        walk=np.ones((2, 2, bins)) * np.linspace(0.5, 1.5, bins),
        beta=np.zeros((2, design.covariates.shape[1])),
        strength=np.array([[[2.0, 1.0], [3.0, 1.0]], [[6.0, 1.0], [0.0, 1.0]]]),
        spread=np.zeros(2), s=np.zeros((2, 2)), r_hat=1.0, divergences=0,
    )  # fmt: skip
    rows = table_of_draws(cases, [Imputation(onset, design, posterior)], CHANNELS, draws=2)

    def told(column: str, draw: int, technology: str) -> list[float]:
        mine = rows.filter(draw=draw, technology=technology)
        assert mine["channel"].to_list() == [*CHANNELS, "not by network"]
        return mine[column].to_list()

    # In the last of the steps of 5 months c is at risk of 'one' for all of it and d for 4 months;
    # b has used it, and e is gone. Of 'two' a, b and c are, and d for its 4 months.
    assert bins == 8
    ones, twos = 5.0 + 4.0, 15.0 + 4.0
    for draw, (base, alliance, sponsor) in enumerate(
        [((0.4, 0.2), 2.0, 3.0), ((0.8, 0.1), 6.0, 0)]
    ):
        one, two = (1.5 * rate / 40.0 for rate in base)
        over = sponsor / 40.0 * 5.0 / ones
        assert told("rate", draw, "one") == pytest.approx([0.0, over, one])
        assert told("rate", draw, "two") == pytest.approx([0.0, 0.0, two])
        assert told("rate", draw, "all") == pytest.approx(
            [0.0, over * ones / (ones + twos), (one * ones + two * twos) / (ones + twos)]
        )
        # a came without any tie; b when a had used it, at 32 months, in the step before the last.
        walk = np.linspace(0.5, 1.5, bins)[6]
        carried = alliance / (alliance + base[0] * walk)
        share = [carried / 2, 0.0, 1.0 - carried / 2]
        assert told("share", draw, "one") == pytest.approx(share)
        assert told("share", draw, "all") == pytest.approx(share)
        assert told("share", draw, "two") == pytest.approx([0.0, 0.0, 1.0])
