"""Shares if ties are unseen: raised by the part that is missing, and never above all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.diffusion.answer.sensitivity import UNSEEN, raise_shares


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
