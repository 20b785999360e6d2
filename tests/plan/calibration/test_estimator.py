"""An estimator finds the posterior of a model whose posterior is known."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import jax
import numpy as np
import pytest

from tocsin.plan.calibration import estimator as room
from tocsin.plan.calibration.estimator import Estimator, train
from tocsin.plan.calibration.inferred import BOX, to_box, to_line
from tocsin.plan.calibration.simulate import Worlds


def test_a_region_unlike_all_worlds_is_told() -> None:
    estimator = Estimator((), np.zeros(3), np.ones(3))
    assert estimator.outside(np.array([0.5, -7.0, 1.0])) == 7.0
    other = Estimator((), np.array([4.0, -3.0, 0.0]), np.array([0.5, 2.0, 4.0]))
    assert other.outside(np.array([5.0, -7.0, 4.0])) == 2.0
    assert other.outside(np.array([4.0, -9.0, 4.0])) == 3.0


class Echo:
    """A flow that has learnt nothing but the worlds themselves."""

    def __init__(self, key: Any, target: np.ndarray, condition: np.ndarray) -> None:
        self.target, self.condition = target, condition

    def sample(self, key: Any, shape: tuple[int, ...], condition: np.ndarray) -> np.ndarray:
        return self.target[: shape[0]]


def test_flows_learn_in_units_of_about_one_and_answer_in_those_of_the_parameters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "_train_one", Echo)
    monkeypatch.setattr(room, "require", lambda *_, **__: None)
    # An echo needs no random numbers, so that no program is compiled for them.
    monkeypatch.setattr(jax.random, "key", lambda seed: seed)
    monkeypatch.setattr(jax.random, "split", lambda key, many: [key] * many)
    random = np.random.default_rng(1)
    truth = BOX[:, 0] + (BOX[:, 1] - BOX[:, 0]) * random.random((4_000, len(BOX)))
    seen = 7.0 + 3.0 * random.standard_normal((len(truth), 2))
    seen[0] = 1e9
    trained = train(Worlds(truth, seen), seed=1, flows=1)
    (flow,) = trained.flows
    np.testing.assert_allclose(flow.target.std(0), 1.0, rtol=0.05)
    np.testing.assert_allclose(trained.sample(seen[1], draws=9, seed=2), truth[:9], rtol=1e-4)
    # One summary far from all others is brought near.
    assert np.abs(flow.condition).max() == room.FAR
    # One that never varies says nothing.
    still = np.column_stack([seen, np.full(len(seen), 3.0)])
    told: list[tuple[str, float | None]] = []
    both = train(Worlds(truth, still), seed=1, flows=2, tell=lambda *one: told.append(one))
    assert (both.flows[0].condition[:, 2] == 0).all()
    assert told == [("Training", 0.0), ("Training", 0.5)]
    # Summaries of any scale are brought to that of one.
    fine = train(Worlds(truth, 1e-3 * seen[1:]), seed=1, flows=1).flows[0]
    np.testing.assert_allclose(fine.condition.std(0), 1.0, rtol=0.01)
    np.testing.assert_allclose(fine.condition.mean(0), 0.0, atol=0.01)


def test_draws_are_mixed_evenly_from_all_flows(monkeypatch: pytest.MonkeyPatch) -> None:
    class Steady:
        """A flow that is sure of one value, in each of several regions."""

        def __init__(self, value: float) -> None:
            self.value = value

        def sample(self, key: int, shape: tuple[int, ...], seen: np.ndarray) -> np.ndarray:
            assert key == self.value  # each flow has random numbers of its own
            return np.full((*shape, *seen.shape[:-1], len(BOX)), self.value)

    monkeypatch.setattr(jax.random, "key", lambda seed: seed)
    monkeypatch.setattr(jax.random, "split", lambda key, many: list(range(many)))
    four = Estimator(tuple(Steady(float(value)) for value in range(4)), np.zeros(2), np.ones(2))
    found = four.sample(np.zeros((3, 2)), draws=400, seed=5)
    assert found.shape == (400, 3, len(BOX))
    values, counts = np.unique(found[:, 0, 0], return_counts=True)
    np.testing.assert_allclose(values, to_box(np.arange(4)[:, None] * room.UNIT)[:, 0])
    assert counts.min() > 70
    # The flow of a draw is another with another seed.
    assert (four.sample(np.zeros(2), draws=400, seed=6) != found[:, 0]).any()


def test_a_flow_has_a_number_for_each_parameter_and_is_told_of_each_summary(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the library, whose imports and programs take longer than all of these tests."""
    built: dict[str, Any] = {}
    asked: dict[str, Any] = {}
    learnt: list[Any] = []

    def fit(key: Any, flow: str, data: tuple[Any, Any], **how: Any) -> tuple[str, None]:
        learnt.extend((flow, *data, how["show_progress"]))
        asked.update(how)
        return "trained", None

    parts = {
        "bijections": SimpleNamespace(RationalQuadraticSpline=lambda **_: None),
        "distributions": SimpleNamespace(Normal=np.shape),
        "flows": SimpleNamespace(
            masked_autoregressive_flow=lambda key, **how: built.update(how) or "flow"
        ),
        "train": SimpleNamespace(fit_to_data=fit),
    }
    for name, part in parts.items():
        monkeypatch.setitem(sys.modules, f"flowjax.{name}", part)
    monkeypatch.setattr(jax.random, "split", lambda key: (key, key))
    monkeypatch.setattr(jax.numpy, "zeros", np.zeros)
    monkeypatch.setattr(jax.numpy, "asarray", np.asarray)
    target, condition = np.ones((7, 3)), np.ones((7, 5))
    assert room._train_one("key", target, condition) == "trained"
    assert (built["base_dist"], built["cond_dim"]) == ((3,), 5)
    assert learnt[0] == "flow"
    assert (learnt[1].shape, learnt[2].shape, learnt[3]) == ((7, 3), (7, 5), False)
    # No training ends before its rate is nought.
    assert asked["max_epochs"] == asked["max_patience"] == room.EPOCHS


@pytest.mark.parametrize(("worlds", "each"), [(32_768, 230), (8_192, 57), (1_000, 7), (9, 1)])
def test_the_rate_of_learning_falls_to_nought_with_the_last_step(worlds: int, each: int) -> None:
    rate, last = room.plan_rate(worlds), room.EPOCHS * each
    assert float(rate(0)) == pytest.approx(room.RATE)
    assert float(rate(last // 2)) == pytest.approx(room.RATE / 2, rel=0.15)
    assert float(rate(last)) == pytest.approx(0.0, abs=1e-9)
    assert float(rate(last - 1)) > 0


@pytest.mark.release
def test_the_posterior_of_a_normal_model_is_found_and_training_is_reproducible() -> None:
    """Logits have the prior of uniform numbers; each is seen once, with normal noise."""
    random = np.random.default_rng(1)
    truth = BOX[:, 0] + (BOX[:, 1] - BOX[:, 0]) * random.random((8_192, len(BOX)))
    noise = 0.3
    seen = to_line(truth) + noise * random.standard_normal(truth.shape)
    estimator = train(Worlds(truth, seen), seed=1, flows=4)
    at = np.zeros(len(BOX))
    drawn = to_line(estimator.sample(at, draws=2_000, seed=2))
    np.testing.assert_allclose(drawn.mean(0), at, atol=noise / 2)
    # A flow sends one draw in a hundred far away, which a standard deviation is made of.
    low, high = np.quantile(drawn, [0.16, 0.84], axis=0)
    np.testing.assert_allclose((high - low) / 2, noise, rtol=0.2)
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    np.testing.assert_allclose((high - low) / 2 / 1.645, noise, rtol=0.25)
    assert (np.abs(drawn - at) > 5 * noise).mean() < 0.02
    middle = to_box(at[None])[0]
    assert (np.abs(estimator.sample(at, draws=500, seed=3).mean(0) - middle) < 0.1 * middle).all()
    again = train(Worlds(truth, seen), seed=1, flows=4)
    np.testing.assert_array_equal(
        again.sample(at, draws=9, seed=2), estimator.sample(at, draws=9, seed=2)
    )
