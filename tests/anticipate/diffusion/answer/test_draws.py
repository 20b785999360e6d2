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
