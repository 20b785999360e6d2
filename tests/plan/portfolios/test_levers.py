"""Levers of other packages work through tocsin's own, or are refused by name."""

from __future__ import annotations

import numpy as np
import pytest

from offers import offer
from tocsin.errors import PluginFailed
from tocsin.plan.portfolios.levers import LEVERS, Lever
from tocsin.plan.region.levels import make_levels
from tocsin.schema.vocabulary.lever import LEVERS as OWN


def test_every_lever_of_the_vocabulary_stands_behind_the_door() -> None:
    assert LEVERS.names()[: len(OWN)] == list(OWN)


def test_a_lever_that_acts_as_another_does_what_the_other_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    talks = Lever("Local talks", delay=9.0, source="test", acts_as={"dialogue": 1.0})
    half = Lever("Half as much", delay=9.0, source="test", acts_as={"dialogue": 0.5})
    none = Lever("Nothing", delay=9.0, source="test")
    offer(monkeypatch, "tocsin.levers", talks=talks, half=half, none=none)
    added, own = ("talks", "half", "none"), make_levels([{"dialogue": 0.8}], {})[0][0]
    acting, idle, middle = make_levels(
        [{"talks": 0.8}, {"dialogue": 0.8, "none": 1.0}, {"half": 0.8}], {}, added
    )[0][:, :13]
    np.testing.assert_allclose(acting, own, atol=1e-6)
    np.testing.assert_array_equal(idle, own)
    np.testing.assert_allclose(middle, own / 2, atol=1e-6)


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
