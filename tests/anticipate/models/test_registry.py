"""The registry: every model keeps the protocol."""

from __future__ import annotations

import pickle
from datetime import date

import numpy as np
import pytest

from offers import offer
from tocsin.anticipate.data.panel import Panel, add_months
from tocsin.anticipate.models.registry import REGISTRY, find_model
from tocsin.errors import PluginFailed, PluginWarning, UsageError


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


YEAR = tuple(date(2020, month, 1) for month in range(1, 13))
PAST = Panel((1, 2), ("a", "b"), YEAR, "n", np.ones((2, 12)))


@pytest.mark.parametrize(
    ("draws", "words"),
    [
        (np.zeros((2, 3, 19)), r"shape \(2, 3, 19\)"),
        (np.zeros((3, 2, 20)), r"shape \(3, 2, 20\)"),
        (np.full((2, 3, 20), np.nan), "no counts"),
        (np.full((2, 3, 20), -1.0), "no counts"),
        (np.full((2, 3, 20), np.inf), "no counts"),
        ("draws", "no array of numbers"),
        (None, "no array of numbers"),
        (1.0, r"shape \(\)"),
        ([[1.0], [1.0, 2.0]], "raised"),
    ],
)
def test_a_model_of_another_package_is_checked_at_each_call(
    monkeypatch: pytest.MonkeyPatch, draws: object, words: str
) -> None:
    offer(monkeypatch, "tocsin.forecasters", dice=lambda *given: draws)
    with pytest.raises(PluginFailed, match=f"'dice' of the package 'demo 1.0'.*{words}"):
        find_model("dice")(PAST, 3, 20)


def test_its_draws_are_sorted_and_its_history_is_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    def dice(history, horizon, draws):  # type: ignore[no-untyped-def]
        history.deaths[:] = 7.0
        return np.arange(draws)[::-1] * np.ones((2, horizon, 1))

    offer(monkeypatch, "tocsin.forecasters", dice=dice, one=3)
    found = find_model("dice")(PAST, 3, 20)
    assert (found == np.arange(20)).all()
    assert (PAST.deaths == 1.0).all()
    with pytest.raises(PluginFailed, match="is no function"):
        find_model("one")


def test_no_package_takes_the_name_of_a_model_or_a_benchmark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer(monkeypatch, "tocsin.forecasters", **{"Pool": len, "exactly-zero": len})
    for name in ("Pool", "exactly-zero"):
        with pytest.raises(PluginFailed, match="keeps it"):
            find_model(name)
    with pytest.warns(PluginWarning, match="'Pool'"):
        assert find_model("pool") is REGISTRY["pool"]
