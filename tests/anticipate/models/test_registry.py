"""The registry: every model keeps the protocol."""

from __future__ import annotations

import pickle
from datetime import date

import numpy as np
import pytest

from tocsin.anticipate.data.panel import Panel, add_months
from tocsin.anticipate.models.registry import REGISTRY, find_model
from tocsin.errors import UsageError


@pytest.mark.parametrize("name", list(REGISTRY))
def test_every_model_gives_sorted_draws_and_can_be_sent(name: str) -> None:
    deaths = np.random.default_rng(1).poisson(3.0, (2, 30)).astype(float)
    months = tuple(add_months(date(2000, 1, 1), step) for step in range(30))
    found = find_model(name)(Panel((1, 2), ("a", "b"), months, "n", deaths), 3, 20)
    assert found.shape == (2, 3, 20)
    assert (np.diff(found, axis=-1) >= 0).all()
    assert pickle.loads(pickle.dumps(find_model(name))) is find_model(name)


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(UsageError, match="negative binomial"):
        find_model("crystal ball")
