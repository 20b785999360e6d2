"""Levers of other packages work through tocsin's own, or are refused by name."""

from __future__ import annotations

import jax
import numpy as np
import pytest

from offers import offer
from tocsin.errors import PluginFailed
from tocsin.plan.model import Added, simulate
from tocsin.plan.portfolios import effort
from tocsin.plan.portfolios.levers import LEVERS, Lever
from tocsin.schema.vocabulary.lever import LEVERS as OWN

KEYS = jax.random.split(jax.random.key(1), 50)
WORLD = (np.full(2, 30.0, np.float32), np.full((2, 5), 0.2, np.float32), np.eye(2)[::-1])


def deaths(portfolio: dict[str, float], *levers: str) -> np.ndarray:
    added = Added(levers)
    none = effort({}, levers)
    return np.asarray(simulate(KEYS, effort(portfolio, levers), none, WORLD, added)["deaths"])


def test_every_lever_of_the_vocabulary_stands_behind_the_door() -> None:
    assert LEVERS.names()[: len(OWN)] == list(OWN)


@pytest.mark.slow
def test_a_lever_that_acts_as_another_does_what_the_other_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    talks = Lever("Local talks", delay=9.0, source="test", acts_as={"dialogue": 1.0})
    half = Lever("Half as much", delay=9.0, source="test", acts_as={"dialogue": 0.5})
    none = Lever("Nothing", delay=9.0, source="test")
    offer(monkeypatch, "tocsin.levers", talks=talks, half=half, none=none)
    own, added = deaths({"dialogue": 0.8}), ("talks", "half", "none")
    np.testing.assert_array_equal(deaths({"talks": 0.8}, *added), own)
    np.testing.assert_array_equal(deaths({"dialogue": 0.8, "none": 1.0}, *added), own)
    middle = deaths({"half": 0.8}, *added).sum()
    assert own.sum() < middle < deaths({}).sum()


@pytest.mark.parametrize(
    ("lever", "words"),
    [
        ("a lever", "is no tocsin.plan.portfolios.levers.Lever"),
        (Lever("x", delay=0.0, source="s"), "delay of 0.0"),
        (Lever("x", delay=float("nan"), source="s"), "delay of nan"),
        (Lever("x", delay=1.0, source="s", acts_as={"magic": 1.0}), "acts as 'magic'"),
        (Lever("x", delay=1.0, source="s", acts_as={"health": 3.0}), "acts as 3.0"),
    ],
)
def test_what_is_no_lever_is_named(
    monkeypatch: pytest.MonkeyPatch, lever: object, words: str
) -> None:
    offer(monkeypatch, "tocsin.levers", x=[lever] if isinstance(lever, str) else lever)
    with pytest.raises(PluginFailed, match=r"lever 'x' of the package 'demo 1\.0'") as caught:
        LEVERS.find("x")
    assert words in caught.value.what
    assert LEVERS.find("dialogue").delay == 9.0
