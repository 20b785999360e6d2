"""The compiled fit: its slope is the score's, and padding and grouping change nothing."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from tocsin.anticipate.models import learner
from tocsin.anticipate.models.fading import LIVES
from tocsin.anticipate.models.learner import THRESHOLDS, TrainingSet, train
from tocsin.anticipate.models.mixture import CURVES, HALF, NARROWEST, OUTPUTS

pytestmark = pytest.mark.slow
# These fits have the sizes of those of other tests (`conftest`), so that one program serves all.
FITS: Any = {"networks": 2, "steps": 200}
FEATURES = 34


def sample(n: int, features: int = FEATURES) -> TrainingSet:
    """Made cases: inputs of no meaning, own pasts that rise along the counts."""
    random = np.random.default_rng(3)
    past = np.sort(random.random((n, len(LIVES), len(THRESHOLDS))), axis=-1)
    return TrainingSet(
        inputs=random.standard_normal((n, features)),
        level=random.exponential(2.0, n),
        past=past,
        outcome=np.round(random.exponential(30.0, n) * (random.random(n) < 0.5)),
        weight=random.random(n) + 0.1,
        unit=random.integers(0, 7, n),
    )


def distribution(weights: Any, inputs: Any, level: Any, past: Any) -> Any:
    """What `network.distribution` computes, at `THRESHOLDS`, for JAX to differentiate."""
    (first, bias), (second, offset) = weights
    outputs = jax.nn.gelu(inputs @ first + bias) @ second + offset
    quiet, share = jax.nn.sigmoid(outputs[:, :1]), jax.nn.softmax(outputs[:, OUTPUTS:])
    weight = jax.nn.softmax(outputs[:, None, 1 : 1 + CURVES])
    place = level[:, None] + outputs[:, 1 + CURVES : 1 + 2 * CURVES]
    scale = NARROWEST + jax.nn.softplus(outputs[:, 1 + 2 * CURVES : OUTPUTS] + 0.5)
    at = jnp.log1p(jnp.asarray(THRESHOLDS) + 0.5)[None, :, None]
    below = jax.nn.sigmoid((at - place[:, None]) / scale[:, None])
    none = jax.nn.sigmoid((HALF - place) / scale)[:, None]
    some = jnp.clip((weight * (below - none) / (1 - none + 1e-6)).sum(-1), 0.0, 1.0)
    own = (share[:, 1:, None] * past).sum(1)
    return share[:, :1] * (quiet + (1 - quiet) * some) + own


def score(weights: Any, taught: Any) -> Any:
    """The mean ranked probability score of the batch, by its formula."""
    given = (taught.inputs, taught.level, taught.past)
    below = distribution(weights, *(jnp.asarray(a, jnp.float32) for a in given))
    missed = (below - (taught.outcome[:, None] <= THRESHOLDS)) ** 2
    each = (missed * learner.steps_between()).sum(1)
    return (taught.weight * each).sum() / taught.weight.sum()


@pytest.mark.parametrize("size", [0.1, 1.0])
def test_the_slope_is_that_of_the_score(size: float) -> None:
    taught = sample(300)
    weights = jax.tree.map(
        lambda leaf: leaf + size * jax.random.normal(jax.random.PRNGKey(1), leaf.shape),
        learner.start(jax.random.PRNGKey(0), taught.inputs.shape[1]),
    )
    given = (taught.inputs.T, taught.level, taught.past.transpose(1, 2, 0))
    known = tuple(jnp.asarray(a, jnp.float32) for a in given)
    outcome, trust = (jnp.asarray(a, jnp.float32) for a in (taught.outcome, taught.weight))
    found = jax.jit(learner.slope)(weights, known, outcome, trust)
    wanted = jax.jit(jax.grad(partial(score, taught=taught)))(weights)
    for mine, theirs in zip(jax.tree.leaves(found), jax.tree.leaves(wanted), strict=True):
        assert float(jnp.abs(theirs).max()) > 1e-4
        np.testing.assert_allclose(mine, theirs, rtol=2e-4, atol=2e-6)


def test_the_fit_lowers_the_score_and_is_repeatable() -> None:
    taught = sample(3000)
    fitted = train(taught, **FITS, stream=5)
    again = train(taught, **FITS, stream=5)
    for mine, theirs in zip(jax.tree.leaves(fitted), jax.tree.leaves(again), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    begun = learner.start(jax.random.PRNGKey(0), taught.inputs.shape[1])
    told = jax.jit(partial(score, taught=taught))
    assert told(jax.tree.map(lambda leaf: leaf[0], fitted)) < told(begun)


@pytest.mark.release
def test_the_quick_way_to_compile_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    taught = sample(700)
    found = train(taught, **FITS, stream=0)
    learner._fit_program.cache_clear()
    monkeypatch.setattr(learner, "QUICKLY", {"xla_backend_optimization_level": 3})
    wanted = train(taught, **FITS, stream=0)
    learner._fit_program.cache_clear()
    for mine, theirs in zip(jax.tree.leaves(found), jax.tree.leaves(wanted), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_the_fit_is_compiled_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The options reach the compiler: it refuses one that it does not know."""
    monkeypatch.setattr(learner, "QUICKLY", {"xla_no_such_option": 1})
    learner._fit_program.cache_clear()
    with pytest.raises(jax.errors.JaxRuntimeError, match="xla_no_such_option"):
        train(sample(300), networks=1, steps=200, stream=0)


def test_another_stream_gives_other_networks() -> None:
    taught = sample(500)
    one, two = (train(taught, **FITS, stream=stream) for stream in (0, 1))
    assert (one[0][0] != two[0][0]).mean() > 0.9


def test_padding_and_grouping_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    taught = sample(700)
    wanted = train(taught, **FITS, stream=0)
    monkeypatch.setattr(learner, "LEAST_CASES", 1024)
    monkeypatch.setattr(learner, "LEAST_UNITS", 8)
    monkeypatch.setattr(learner, "GROUP", 1)
    found = train(taught, **FITS, stream=0)
    for mine, theirs in zip(jax.tree.leaves(found), jax.tree.leaves(wanted), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-6)


def test_the_fit_takes_the_steps_of_adamw_on_the_score() -> None:
    """Steps one after the other and without padding, from the same random numbers."""
    taught, steps = sample(900), FITS["steps"]
    found = train(taught, **FITS, stream=7)
    pace = optax.warmup_cosine_decay_schedule(0.0, 5e-3, 50, steps)
    optimiser = optax.adamw(pace, b2=0.99, weight_decay=0.1)

    @jax.jit
    def step(weights: Any, moments: Any, batch: Batch) -> Any:
        change, moments = optimiser.update(jax.grad(score)(weights, batch), moments, weights)
        return optax.apply_updates(weights, change), moments

    @jax.jit
    def draw(key: Any) -> Any:
        """Where a network begins, the luck of each unit, and the cases of each step."""
        rest, first, second = jax.random.split(key, 3)
        rows = jax.vmap(lambda one: jax.random.randint(one, (512,), 0, 900))
        luck = jax.random.exponential(second, (256,))
        return learner.start(first, FEATURES), luck, rows(jax.random.split(rest, steps))

    for at, key in enumerate(jax.random.split(jax.random.PRNGKey(7), FITS["networks"])):
        weights, luck, batches = jax.tree.map(np.asarray, draw(key))
        moments = optimiser.init(weights)
        for rows in batches:
            part = {name: values[rows] for name, values in vars(taught).items()}
            part["weight"] = part["weight"] * luck[part["unit"]]
            weights, moments = step(weights, moments, Batch(**part))
        mine = jax.tree.map(lambda leaf, at=at: leaf[at], found)
        for one, other in zip(jax.tree.leaves(mine), jax.tree.leaves(weights), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


class Batch(NamedTuple):
    """The fields of a `TrainingSet`, as something that JAX can trace."""

    inputs: Any
    level: Any
    past: Any
    outcome: Any
    weight: Any
    unit: Any


def test_a_network_begins_with_curves_apart_and_half_of_the_trust() -> None:
    (first, bias), (second, offset) = learner.start(jax.random.PRNGKey(3), 40)
    assert (first.shape, bias.shape, second.shape) == ((40, 16), (16,), (16, 14))
    assert float(first.std()) == pytest.approx(1 / np.sqrt(40), rel=0.1)
    assert float(second.std()) == pytest.approx(0.01, rel=0.15)
    assert not bias.any()
    # No say on quiet, equal weights, places 0.7 below and above, scales, and the shares.
    expected = [0, 0, 0, -0.7, 0.7, 0, 0, np.log(6), 0, 0, 0, 0, 0, 0]
    np.testing.assert_allclose(offset, expected, atol=1e-6)
    share = np.exp(offset[7:]) / np.exp(offset[7:]).sum()
    assert share[0] == pytest.approx(0.5)


def test_the_score_weighs_each_threshold_by_its_cell_on_the_log_scale() -> None:
    found = learner.steps_between()
    assert found[:2] == pytest.approx([np.log(2), np.log(2)])
    assert found[-1] == pytest.approx(np.log(100_001 / 40_001))
    assert found.sum() == pytest.approx(np.log(100_001))


@pytest.mark.parametrize(("size", "room"), [(1, 8), (8, 8), (9, 16), (16, 16), (17, 32)])
def test_arrays_are_padded_to_the_next_power_of_two(size: int, room: int) -> None:
    assert learner._padded_size(size, 8) == room
