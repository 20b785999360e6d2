"""The hindcast: nothing later is known, and what was kept is what would be computed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tocsin.anticipate.data.panel import Panel
from tocsin.anticipate.evaluation import hindcast as module
from tocsin.anticipate.evaluation.hindcast import hindcast, origin_before
from tocsin.anticipate.models import registry
from tocsin.anticipate.models.baselines import DEFAULT_SEED
from tocsin.base import cache

History = Callable[[int, int], Panel]


class Model:
    """Gives the last month as draws, plus the seed, and counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, history: Panel, horizon: int, draws: int, *, seed: int) -> np.ndarray:
        self.times += 1
        last = history.deaths[:, -1] + (seed - DEFAULT_SEED)
        return np.broadcast_to(last[:, None, None], (len(last), horizon, draws)).copy()


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Model:
    """A costly model of tocsin's own, and an empty cache."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    made = Model()
    monkeypatch.setitem(registry.REGISTRY, "costly", made)
    return made


def say(known: Panel, model: Model, **changed: int) -> np.ndarray:
    asked = {"horizon": 3, "draws": 5, "seed": DEFAULT_SEED} | changed
    return hindcast(known, "costly", model, **asked)


def test_the_same_question_is_answered_once(history: History, model: Model) -> None:
    known = history(4, 60)
    first, again = say(known, model), say(known, model)
    assert (first == again).all()
    assert first.dtype == np.float64
    assert model.times == 1


@pytest.mark.parametrize("changed", [{"horizon": 2}, {"draws": 6}, {"seed": DEFAULT_SEED + 1}])
def test_another_question_is_another_entry(
    history: History, model: Model, changed: dict[str, int]
) -> None:
    known = history(4, 60)
    say(known, model)
    say(known, model, **changed)
    assert model.times == 2


def test_another_past_is_another_entry(history: History, model: Model) -> None:
    whole = history(4, 60)
    for month in whole.months[50:53]:
        found = say(whole.upto(month), model)
        assert (found[:, 0, 0] == whole.upto(month).deaths[:, -1]).all()
    assert model.times == 3


def test_another_code_is_another_entry(
    history: History, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = history(4, 60)
    say(known, model)
    monkeypatch.setattr(module.cache, "code", lambda _folder: "changed")
    say(known, model)
    assert model.times == 2


def test_a_damaged_entry_is_computed_again(history: History, model: Model, tmp_path: Path) -> None:
    known = history(4, 60)
    first = say(known, model)
    (entry,) = (tmp_path / "hindcasts").glob("*.npz")
    entry.write_bytes(entry.read_bytes()[:-50])
    assert (say(known, model) == first).all()
    assert model.times == 2


def test_a_model_that_only_has_the_name_is_not_kept(history: History, model: Model) -> None:
    other = Model()
    for _ in range(2):
        hindcast(history(4, 60), "costly", other, horizon=1, draws=2, seed=1)
    assert other.times == 2
    assert model.times == 0


def test_a_year_is_forecast_from_the_october_before() -> None:
    assert origin_before(2020) == date(2019, 10, 1)


def test_the_code_that_counts_is_that_of_all_forecasts(
    history: History, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed model is not taken for the old one, wherever its file stands."""
    asked: list[Path] = []
    monkeypatch.setattr(module.cache, "code", lambda folder: (asked.append(folder), "code")[1])
    say(history(4, 60), model)
    [folder] = set(asked)
    assert {"models", "data", "evaluation"} <= {one.name for one in folder.iterdir()}
    assert folder.name == "anticipate"
