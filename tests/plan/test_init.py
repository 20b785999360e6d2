"""What the stage refuses before it simulates, and what it says of numbers that are none."""

from __future__ import annotations

from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from offers import offer
from tocsin.errors import PluginFailed, UsageError
from tocsin.plan import _added_levers, _check_finite
from tocsin.plan.mechanisms import MECHANISMS
from tocsin.plan.model import Added, _by_name, _draw_added
from tocsin.plan.parameters import Parameter
from tocsin.plan.portfolios import declare_efforts
from tocsin.plan.portfolios.levers import Lever
from tocsin.schema.vocabulary.lever import LEVERS as OWN


def test_added_levers_are_told_once_in_the_order_of_their_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lever = Lever("A lever", delay=9.0, source="test")
    offer(monkeypatch, "tocsin.levers", talks=lever, aid=lever)
    efforts = {"talks": 1, "health": 0.0, "aid": 1.0}
    both = declare_efforts({"a": {"talks": 0.5}, "b": efforts})
    assert _added_levers(both) == ("aid", "talks")
    assert _added_levers(declare_efforts({"a": {"health": 1}})) == ()
    with pytest.raises(UsageError, match="magic"):
        declare_efforts({"a": {"magic": 0.5}})


@pytest.mark.parametrize(
    ("mechanisms", "ending"),
    [(["hole"], "no number"), (["hole", "b", "c"], "no number (or one of b, c)")],
)
def test_numbers_that_are_none_are_the_mechanisms(
    monkeypatch: pytest.MonkeyPatch, mechanisms: list[str], ending: str
) -> None:
    offer(monkeypatch, "tocsin.mechanisms", hole=SimpleNamespace(PARAMETERS=(), step=dict))
    seen = {"deaths": np.ones(3), "grievance": np.array([1.0, np.nan]), "rung": np.array([np.inf])}
    with pytest.raises(PluginFailed) as caught:
        _check_finite(seen, mechanisms)
    assert f"made 'grievance' {ending}" in caught.value.what
    assert ("or one of" in str(caught.value)) is (len(mechanisms) > 1)
    # Without another package's mechanism nobody is to blame, and finite numbers are no fault.
    _check_finite(seen, [])
    _check_finite({"deaths": np.ones(3)}, mechanisms)


@pytest.mark.slow
def test_added_parameters_are_drawn_from_their_priors(monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = (Parameter("relief", 3.0, 5.0, "", "test"), Parameter("cost", -2.0, -1.0, "", "t"))
    step = SimpleNamespace(PARAMETERS=parameters, step=lambda *given: {})
    offer(monkeypatch, "tocsin.mechanisms", aid=step)
    key = jax.random.key(4)
    found = _draw_added(key, Added(mechanisms=("aid",)))
    number = MECHANISMS.find("aid").number
    first, second = np.asarray(jax.random.uniform(jax.random.fold_in(key, number), (2,)))
    assert float(found["relief"]) == pytest.approx(3 + 2 * first)
    assert float(found["cost"]) == pytest.approx(-2 + second)
    assert _draw_added(key, Added()) == {}


def test_what_acts_as_another_lever_stays_between_none_and_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    talks = Lever("Talks", delay=9.0, source="t", acts_as={"dialogue": 0.5, "health": -1.0})
    offer(monkeypatch, "tocsin.levers", talks=talks)
    at = {"dialogue": 0.3, "health": 0.2}
    own = [at.get(name, 0.1) for name in OWN]
    some, full = (_by_name(jnp.array([*own, level]), ("talks",)) for level in (0.1, 1.0))
    assert float(some["dialogue"]) == pytest.approx(0.35)
    assert float(some["health"]) == pytest.approx(0.1)
    assert (float(full["dialogue"]), float(full["health"])) == (pytest.approx(0.8), 0.0)
    assert float(full["talks"]) == 1.0
    over = _by_name(jnp.array([*[0.9] * 13, 1.0]), ("talks",))
    assert float(over["dialogue"]) == 1.0
    assert float(over["export-control"]) == pytest.approx(0.9)
