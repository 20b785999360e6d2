"""Shares of channels, and what part a channel may have at most."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.shares import Imputation, note_of_shares, table_of_bounds
from tocsin.anticipate.diffusion.hazard.design import Design
from tocsin.anticipate.diffusion.hazard.posterior import Posterior

DRAWS = 1500


def _fitted(strength: float, events: int) -> Imputation:
    """Events with an exposure of 1 each, at a rate outside the network of 1."""
    zero = np.zeros(events, dtype=np.int64)
    design = Design(
        zero, zero, zero, zero, np.ones((events, 1)), np.ones((1, 1, 1)), np.ones((1, 1)),
        zero[:1], zero[:1], np.zeros((1, 0)), np.ones(1),
    )  # fmt: skip
    ones = np.ones((DRAWS, 1))
    carried = np.full((DRAWS, 1, 1), strength)
    posterior = Posterior(
        ones, ones, ones[:, :, None], np.zeros((DRAWS, 0)), carried, ones[:, 0], carried[:, 0],
        1.0, 0,
    )  # fmt: skip
    return Imputation(np.zeros(1), design, posterior)


@pytest.mark.parametrize("events", [1, 6, 30])
def test_a_channel_that_carried_none_of_n_may_carry_the_exact_rule_of_three(events: int) -> None:
    rows = table_of_bounds([_fitted(0.0, events)], ("one",), ("ties",), seed=1)
    assert rows["technology"].to_list() == ["all", "all", "one", "one"]
    for ties, other in (rows["upper"][:2].to_list(), rows["upper"][2:].to_list()):
        assert ties == pytest.approx(1 - 0.05 ** (1 / events), abs=0.03)
        assert other == 1.0


def test_a_bound_is_above_the_share_and_nears_it_with_many_uses() -> None:
    few, many = (
        table_of_bounds([_fitted(1.0, n)], (), ("ties",), seed=1)["upper"][0] for n in (6, 200)
    )
    assert few > many > 0.5
    assert many == pytest.approx(0.5, abs=0.1)


def test_a_mean_outside_its_interval_is_explained() -> None:
    names = ["technology", "channel", "mean", "low", "high"]
    shares = pl.DataFrame([("all", "ties", 0.1, 0.0, 0.2)], schema=names, orient="row")
    assert note_of_shares(shares) == []
    lone = shares.with_columns(mean=pl.lit(0.003), high=pl.lit(0.0))
    assert "no share at all" in note_of_shares(lone)[0]
