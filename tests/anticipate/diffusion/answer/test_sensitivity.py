"""Shares if ties are unseen: raised by the part that is missing, and never above all."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.diffusion.answer import shares
from tocsin.anticipate.diffusion.answer.sensitivity import (
    UNSEEN,
    raise_shares,
    table_of_alternatives,
)


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=4),
    st.floats(0, 0.99),
)
def test_raised_shares_keep_their_proportions_and_their_bound(
    parts: list[float], unseen: float
) -> None:
    share = np.array([parts]) / max(1.0, sum(parts))
    raised = raise_shares(share, unseen)
    assert raised.sum() <= 1.0 + 1e-9
    assert (raised >= share - 1e-12).all()
    assert np.allclose(raised * share.sum(), share * raised.sum())
    if share.sum() < 1.0 - unseen:
        assert np.allclose(raised * (1.0 - unseen), share)


def test_the_prior_is_what_is_said() -> None:
    drawn = np.random.default_rng(1).beta(*UNSEEN, 20_000)
    assert round(drawn.mean(), 2) == 0.3
    assert np.quantile(drawn, [0.05, 0.95]) == pytest.approx([0.15, 0.48], abs=0.01)


def test_unseen_ties_raise_a_share_and_other_beliefs_stand_as_they_were_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A channel has a quarter and another an eighth of each of two first uses, in all draws."""
    share = np.tile([0.25, 0.125], (4000, 2, 1))
    monkeypatch.setattr(shares, "event_shares", lambda *_: share)
    one: Any = SimpleNamespace(design=None, posterior=None)
    rows = table_of_alternatives([one], ["a", "b"], seed=1)
    assert rows["alternative"].to_list() == ["unseen ties"] * 3
    assert rows["channel"].to_list() == ["a", "b", "not by network"]
    # Of a part u of the ties that nobody saw, 1 / (1 - u) has the mean 19 / 13.
    np.testing.assert_allclose(rows["mean"][:2], np.array([0.25, 0.125]) * 19 / 13, rtol=0.01)
    np.testing.assert_allclose(rows["mean"].sum(), 1.0)
    others = np.tile([0.3, 0.1], (10, 1)), np.tile([0.4, 0.2], (10, 1))
    rows = table_of_alternatives(
        [one], ["a", "b"], with_doubtful=others[0], weighed=others[1], seed=1
    )
    assert rows["alternative"].to_list()[3:] == ["unseen users"] * 3 + ["tie weights"] * 3
    np.testing.assert_allclose(rows["mean"][3:], [0.3, 0.1, 0.6, 0.4, 0.2, 0.4])


def test_what_is_left_beside_raised_shares_is_never_less_than_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Shares that fill all but a tenth are raised until they fill all, up to the last digit."""
    share = np.random.default_rng(3).dirichlet(np.ones(7), 2000)[:, None] * 0.9
    monkeypatch.setattr(shares, "event_shares", lambda *_: share)
    one: Any = SimpleNamespace(design=None, posterior=None)
    raised = raise_shares(share[:, 0], 0.5).sum(1)
    assert raised.max() > 1.0
    rows = table_of_alternatives([one], list("abcdefg"), seed=1)
    assert rows["low"][-1] == 0.0
    assert rows["mean"].min() >= 0.0
