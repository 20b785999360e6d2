"""Shares of channels, and what part a channel may have at most."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.shares import (
    Imputation,
    event_shares,
    note_of_shares,
    table_of_bounds,
    table_of_shares,
)
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
    assert note_of_shares(shares.with_columns(mean=pl.lit(0.0), high=pl.lit(0.0))) == []
    lone = shares.with_columns(mean=pl.lit(0.003), high=pl.lit(0.0))
    assert "no share at all" in note_of_shares(lone)[0]


def test_shares_are_means_over_draws_and_first_uses_of_a_class() -> None:
    """Two channels; at the first use of 'one' the hazard is 1 + 2 + 1, at those of 'two' 2 + 0 + 6
    and 2 + 2 + 0; in the second draw no tie carries anything.
    """
    zero = np.zeros(3, dtype=np.int64)
    of = np.array([0, 1, 1])
    design = Design(
        np.arange(3), of, of, zero, np.array([[2.0, 1.0], [0.0, 3.0], [1.0, 0.0]]),
        np.ones((2, 2, 1)), np.ones((3, 1)), of, np.arange(2), np.zeros((3, 0)), np.ones(2),
    )  # fmt: skip
    strength = np.array([[[1.0, 2.0], [1.0, 2.0]], np.zeros((2, 2))])
    posterior = Posterior(
        np.ones((2, 2)), np.array([[1.0, 2.0]] * 2), np.ones((2, 2, 1)), np.zeros((2, 0)),
        strength, np.ones(2), np.ones((2, 2)), 1.0, 0,
    )  # fmt: skip
    one = Imputation(np.zeros(3), design, posterior)
    part = event_shares(design, posterior)
    np.testing.assert_allclose(part[0], [[1 / 2, 1 / 4], [0.0, 3 / 4], [1 / 2, 0.0]])
    assert (part[1] == 0).all()
    rows = table_of_shares([one, one], ("one", "two", "none"), ("a", "b"))
    told = {(row["technology"], row["channel"]): row["mean"] for row in rows.to_dicts()}
    assert told == pytest.approx(
        {("all", "a"): 1 / 6, ("all", "b"): 1 / 6, ("all", "not by network"): 2 / 3,
         ("one", "a"): 1 / 4, ("one", "b"): 1 / 8, ("one", "not by network"): 5 / 8,
         ("two", "a"): 1 / 8, ("two", "b"): 3 / 16, ("two", "not by network"): 11 / 16}
    )  # fmt: skip
    ends = rows.row(0, named=True)
    assert (ends["low"], ends["high"]) == (0.0, pytest.approx(1 / 3))
