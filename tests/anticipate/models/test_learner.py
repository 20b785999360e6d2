"""The compiled fit: its slope is the score's, and padding and grouping change nothing."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tocsin.anticipate.models import learner
from tocsin.anticipate.models.fading import LIVES
from tocsin.anticipate.models.learner import THRESHOLDS, TrainingSet, train
from tocsin.anticipate.models.network import distribution

pytestmark = pytest.mark.slow
# The fits of this file have the same networks and steps, so that they share one compiled program.


def sample(n: int, features: int = 5) -> TrainingSet:
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


def score(weights: Any, taught: TrainingSet) -> Any:
    """The mean ranked probability score of the batch, by its formula."""
    given = (taught.inputs, taught.level, taught.past)
    below = distribution(weights, *(jnp.asarray(a, jnp.float32) for a in given), THRESHOLDS)
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
    fitted = train(taught, networks=3, steps=60, stream=5)
    again = train(taught, networks=3, steps=60, stream=5)
    for mine, theirs in zip(jax.tree.leaves(fitted), jax.tree.leaves(again), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    begun = learner.start(jax.random.PRNGKey(0), taught.inputs.shape[1])
    told = jax.jit(partial(score, taught=taught))
    assert told(jax.tree.map(lambda leaf: leaf[0], fitted)) < told(begun)


def test_another_stream_gives_other_networks() -> None:
    taught = sample(500)
    one, two = (train(taught, networks=3, steps=60, stream=stream) for stream in (0, 1))
    assert (one[0][0] != two[0][0]).mean() > 0.9


def test_padding_and_grouping_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    taught = sample(700)
    wanted = train(taught, networks=3, steps=60, stream=0)
    monkeypatch.setattr(learner, "LEAST_CASES", 1024)
    monkeypatch.setattr(learner, "LEAST_UNITS", 8)
    monkeypatch.setattr(learner, "GROUP", 1)
    found = train(taught, networks=3, steps=60, stream=0)
    for mine, theirs in zip(jax.tree.leaves(found), jax.tree.leaves(wanted), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-6)
