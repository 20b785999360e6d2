"""The networks on a small world: whole, sorted, repeatable, better than a flat guess."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tocsin.anticipate.data.panel import Panel, add_months
from tocsin.anticipate.evaluation.scores import crps
from tocsin.anticipate.models import network as module
from tocsin.anticipate.models.baselines import negative_binomial
from tocsin.anticipate.models.network import fit, network

History = Callable[[int, int], Panel]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STEPS", 300)
    monkeypatch.setattr(module, "NETWORKS", 2)
    module._fit_once.cache_clear()


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_draws_are_whole_sorted_and_repeatable(history: History) -> None:
    whole = history(60, 162)
    past = whole.upto(whole.months[149])
    found = network(past, 4, 40)
    assert found.shape == (60, 4, 40)
    assert (found >= 0).all()
    assert (found == np.round(found)).all()
    assert (np.diff(found, axis=-1) >= 0).all()
    module._fit_once.cache_clear()
    assert (found == network(past, 4, 40)).all()
    truth = whole.deaths[:, 150:154]
    flat = np.sort(np.broadcast_to(past.deaths.ravel()[::200], (60, 4, 45)), axis=-1)
    assert crps(found, truth).mean() < 0.7 * crps(flat, truth).mean()


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_what_comes_after_october_does_not_change_the_fit(history: History) -> None:
    past = history(60, 154)
    last = past.months[-1]
    assert last == date(2012, 10, 1)
    changed = past.deaths.copy()
    longer = Panel(past.gwnos, past.territories, past.months, "n", changed)
    later = Panel(
        past.gwnos,
        past.territories,
        (*past.months, add_months(last, 1)),
        "n",
        np.column_stack([changed, np.full(60, 900.0)]),
    )
    assert fit(longer, 3) is fit(later, 3)
    assert network(later, 3, 20).mean() > network(longer, 3, 20).mean()


def test_too_little_to_learn_from_leaves_the_word_to_history(history: History) -> None:
    past = history(3, 40)
    assert fit(past, 3) is None
    assert (network(past, 3, 20) == negative_binomial(past, 3, 20)).all()


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_what_if_changes_what_is_known_and_not_what_was_learned(history: History) -> None:
    past = history(60, 154)
    louder = replace(past, deaths=past.deaths * 3, taught_by=past)
    assert fit(louder, 3) is fit(past, 3)
    assert network(louder, 3, 20).mean() > network(past, 3, 20).mean()
