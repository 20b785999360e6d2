"""A mechanism acts when it is asked for, and only then; a faulty one is named."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

import smallest
from offers import offer
from tocsin.errors import PluginFailed
from tocsin.plan.region.guests import MECHANISMS, _plain
from tocsin.plan.region.model import Model, play
from tocsin.plan.region.outcomes import WATCHED
from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.runs import Played, play_futures

GROUP = "tocsin.mechanisms"
RELIEF = Parameter("relief", 0.01, 0.02, "a month", "test")


def run(*mechanisms: str) -> dict[str, np.ndarray]:
    model = smallest.MODEL._replace(mechanisms=(*smallest.FEW, *mechanisms))
    found = play_futures(
        np.arange(40), smallest.PLANS, smallest.BEGUN, seed=1, weeks=13, model=model
    )
    return dict(zip(WATCHED, found.totals, strict=True))


def mechanism(step: Any, *parameters: Any) -> SimpleNamespace:
    return SimpleNamespace(PARAMETERS=parameters, step=step)


def relief(p: Any, lever: Any, world: Any, state: Any, noise: Any) -> dict[str, Any]:
    return {"grievance": jnp.clip(state["grievance"] - p["relief"] * noise, 0.0, 1.0)}


@pytest.mark.slow
def test_it_acts_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    idle = mechanism(lambda *given: {}, Parameter("nothing", 0.0, 1.0, "", "test"))
    offer(monkeypatch, GROUP, relief=mechanism(relief, RELIEF), idle=idle)
    without, acting = run(), run("relief")
    assert (acting["grievance"] < without["grievance"]).all()
    # Another mechanism beside it, which changes nothing, takes none of its chance either.
    again, beside = run("relief"), run("idle", "relief")
    for name, values in acting.items():
        np.testing.assert_array_equal(values, again[name])
        np.testing.assert_array_equal(values, beside[name])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda *given: {"weather": given[3]["rung"]}, "changed 'weather'"),
        (lambda *given: {"grievance": jnp.zeros(3)}, r"the shape \(3,\)"),
        (lambda *given: given[3]["rung"], "no mapping"),
        (lambda *given: given[0]["no such parameter"], "raised KeyError"),
        (lambda *given: 1 / 0, "raised ZeroDivisionError"),
    ],
)
def test_a_faulty_step_is_named(monkeypatch: pytest.MonkeyPatch, step: Any, words: str) -> None:
    offer(monkeypatch, GROUP, faulty=mechanism(step), relief=mechanism(relief, RELIEF))
    with pytest.raises(PluginFailed, match=f"'faulty' of the package 'demo 1.0'.*{words}"):
        run("relief", "faulty")
    assert run("relief")["deaths"].shape == (2, 2, 40)


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (SimpleNamespace(step=relief), "PARAMETERS"),
        (mechanism(None, RELIEF), "a function step"),
        (mechanism(relief, "relief"), "no tocsin.plan.region.prior.Parameter"),
        (mechanism(relief, Parameter("decay", 0, 1, "", "")), "'decay', which is there already"),
        (mechanism(relief, Parameter("x", 2.0, 1.0, "", "")), "from 2.0 to 1.0"),
        (mechanism(relief, Parameter("x", 0.0, float("inf"), "", "")), "to inf"),
    ],
)
def test_what_is_no_mechanism_is_named(
    monkeypatch: pytest.MonkeyPatch, thing: Any, words: str
) -> None:
    offer(monkeypatch, GROUP, x=thing)
    with pytest.raises(PluginFailed, match="mechanism 'x'") as caught:
        MECHANISMS.find("x")
    assert words in caught.value.what


@pytest.mark.slow
def test_numbers_that_are_none_are_named_after_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    import polars as pl

    from tocsin.plan import plan
    from tocsin.plan.portfolios import PORTFOLIOS
    from tocsin.schema import TABLES, empty

    # What such a mechanism makes of the model, without waiting for the compiler.
    none = Played(np.full((len(WATCHED), 1, len(PORTFOLIOS), 5), np.nan, np.float32), None)
    monkeypatch.setattr("tocsin.plan.region.runs._play", lambda chunk: none)
    offer(monkeypatch, GROUP, hole=mechanism(lambda *given: {}))
    forecasts = pl.DataFrame({"horizon": [1], "gwno": [432], "mean": [10.0]})
    tables = {"forecasts": forecasts, "adoption": empty(TABLES["adoption"])}
    asked: dict[str, Any] = {"gwnos": [432], "futures": 5, "seed": 1}
    with pytest.raises(PluginFailed, match=r"'hole'.*no number"):
        plan(tables, mechanisms=["hole"], **asked)


@pytest.mark.slow
def test_a_guest_sees_plain_tables_of_one_future(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def look(p: Any, lever: Any, world: Any, state: Any, noise: Any) -> dict[str, Any]:
        seen.update({name: value.shape for name, value in state.items()})
        seen.update({"p": p["decay"].shape, "lever": lever["health"].shape, "noise": noise.shape})
        seen.update({name: value.shape for name, value in world.items()})
        return {}

    offer(monkeypatch, GROUP, look=mechanism(look))
    values = np.ones((len(Model().parameters), 40), np.float32)
    play.trace(
        1, np.arange(40), values, smallest.PLANS[..., None], smallest.BEGUN, weeks=13,
        model=Model((*smallest.FEW, "look")),
    )  # fmt: skip
    assert (seen["p"], seen["lever"], seen["noise"]) == ((), (), (2,))
    assert (seen["grievance"], seen["service"], seen["cohesion"]) == ((2,), (2, 4), ())
    assert (seen["level"], seen["capability"], seen["border"]) == ((2,), (2, 5), (2, 2))


@pytest.mark.parametrize(
    ("shape", "plain"),
    [((2, 1), (2,)), ((1, 1), ()), ((1, 2), (1, 2)), ((2, 2), (2, 2)), ((2, 3), (2, 3)),
     ((1, 1, 4), (1, 4)), ((2, 1, 2), (2, 2))],
)  # fmt: skip
def test_an_axis_of_one_thing_is_none(shape: tuple[int, ...], plain: tuple[int, ...]) -> None:
    value = np.arange(float(np.prod(shape))).reshape(shape)
    found = np.asarray(_plain(value))  # type: ignore[arg-type]
    assert found.shape == plain
    np.testing.assert_array_equal(np.ravel(found), np.ravel(value))
