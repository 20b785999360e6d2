"""Counts by inverse distribution; random numbers that belong to future, week and mechanism."""

from __future__ import annotations

import itertools
from functools import partial
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.extend.random import threefry_2x32
from scipy.stats import norm
from scipy.stats import poisson as reference

from tocsin.plan.region import chance
from tocsin.plan.region.chance import (
    EDGE,
    Noise,
    draw_noise,
    draw_ties,
    future_keys,
    normal,
    poisson,
    threefry,
)

_poisson = jax.jit(poisson)


@partial(jax.jit, static_argnums=(2, 3))
def _noise(
    keys: jax.Array, weeks: jax.Array, columns: tuple[tuple[str, int], ...], territories: int
) -> dict[str, Noise]:
    return draw_noise(keys, weeks, dict(columns), territories)


def counts(u: np.ndarray, rate: np.ndarray) -> np.ndarray:
    return np.asarray(_poisson(u, norm.ppf(u).astype(np.float32), rate.astype(np.float32)))


@pytest.mark.parametrize("rate", [0.01, 1.0, 4.4, 4.5, 4.6, 5.5, 7.5, 12.0, 60.0, 900.0])
def test_counts_are_poisson_within_a_ten_thousandth(rate: float) -> None:
    u = ((np.arange(200_000) + 0.5) / 200_000).astype(np.float32)
    found = counts(u, np.full(200_000, rate))
    most = int(rate + 12 * rate**0.5 + 12)
    shares = np.bincount(found.astype(int), minlength=most)[:most] / len(u)
    variation = 0.5 * np.abs(shares - reference.pmf(np.arange(most), rate)).sum()
    # A grid of 200,000 points is itself off by half a point a value.
    assert variation < 1e-4 + 0.5 * (shares > 0).sum() / len(u)


def test_more_stress_never_gives_fewer_by_the_same_chance() -> None:
    u = np.linspace(0.001, 0.999, 4000).astype(np.float32)
    rates = (0.2, 1.0, 4.0, 4.49, 4.5, 4.51, 5.0, 7.5, 9.0, 20.0, 200.0)
    found = [counts(u, np.full(4000, rate)) for rate in rates]
    assert all((b >= a).all() for a, b in itertools.pairwise(found))


@pytest.mark.slow
def test_numbers_belong_to_a_future_a_week_and_a_mechanism() -> None:
    columns = (("storm", 2), ("flood", 1))
    keys, weeks = future_keys(3, jnp.array([5, 9, 2])), jnp.array([7, 8])
    whole = _noise(keys, weeks, columns, 4)
    assert whole["storm"].uniform.shape == (2, 4, 2, 1, 3)
    for one in whole.values():
        np.testing.assert_allclose(one.normal, norm.ppf(one.uniform), atol=1e-5)
    # The same future, week and mechanism elsewhere in the arrays, beside others.
    turned = _noise(future_keys(3, jnp.array([2, 5, 4])), jnp.array([8, 3]), columns[::-1], 4)
    for name in ("storm", "flood"):
        for place, before in ((0, 2), (1, 0)):
            np.testing.assert_array_equal(
                turned[name].uniform[0, ..., place], whole[name].uniform[1, ..., before]
            )
    every = np.concatenate([np.ravel(one.uniform) for one in whole.values()])
    assert len(np.unique(every)) == every.size
    assert 0 < every.min() < 0.1
    assert 0.9 < every.max() < 1


@pytest.mark.slow
def test_random_bits_are_those_of_jax() -> None:
    """The library's own function, which is slow on a processor, and the published test vector."""
    counter = np.arange(10, dtype=np.uint32) * np.uint32(77_777_777)
    key = np.array([0x13198A2E, 0x03707344], np.uint32)
    found = threefry((jnp.array(key[0]), jnp.array(key[1])), (counter[:5], counter[5:]))
    np.testing.assert_array_equal(np.concatenate(found), threefry_2x32(key, jnp.array(counter)))
    none = jnp.zeros((), jnp.uint32)
    assert [int(word) for word in threefry((none, none), (none, none))] == [0x6B200159, 0x99BA4EFE]


def test_normal_quantiles_are_within_a_hundred_thousandth() -> None:
    u = np.concatenate([2.0**-24 + np.arange(2000) * 2.0**-23, np.linspace(0.001, 0.999, 2000)])
    u = np.sort(np.concatenate([u, 1 - u])).astype(np.float32)
    found = np.asarray(jax.jit(normal)(u))
    np.testing.assert_allclose(found, norm.ppf(u.astype(float)), atol=1e-5)
    assert (np.diff(found) >= 0).all()


@pytest.mark.parametrize(
    ("key", "counter", "found"),
    [
        ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
        ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0x1CB996FC, 0xBB002BE7)),
        ((0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3), (0xC4923A9C, 0x483DF7A0)),
    ],
)
def test_random_bits_are_those_that_the_authors_published(
    key: tuple[int, int], counter: tuple[int, int], found: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Random123's known answers for 20 rounds, on plain arrays."""
    monkeypatch.setattr(chance, "jnp", np)

    def words(pair: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        return np.array([pair[0]], np.uint32), np.array([pair[1]], np.uint32)

    assert [int(one[0]) for one in threefry(words(key), words(counter))] == list(found)


def test_of_random_bits_the_upper_ones_are_digits_between_nothing_and_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On plain arrays: which counter a week and a territory have, and what becomes of its bits."""
    asked: list[Any] = []

    def bits(key: Any, counter: Any) -> tuple[np.ndarray, None]:
        asked.append(counter)
        first, of, when = key[0], counter[0], counter[1]
        return (first + 0 * of + 512 * when).astype(np.uint32), None

    plain = SimpleNamespace(
        random=SimpleNamespace(key_data=lambda keys: keys),
        lax=SimpleNamespace(bitcast_convert_type=lambda digits, kind: digits.view(kind)),
    )
    monkeypatch.setattr(chance, "jnp", np)
    monkeypatch.setattr(chance, "jax", plain)
    monkeypatch.setattr(chance, "threefry", bits)
    monkeypatch.setattr(chance, "normal", lambda uniform: -uniform)
    keys = np.array([[0, 1], [0xFFFFFE00, 2], [511, 3]], np.uint32)
    found = draw_noise(keys, np.array([0, 2]), {"storm": 2, "flood": 1}, 4)  # type: ignore[arg-type]
    assert found["storm"].uniform.shape == (2, 4, 2, 1, 3)
    when = np.array([0, 2])[:, None] * 2**16 + np.arange(4)
    names = ["storm 0", "storm 1", "flood 0"]
    assert [int(one) for of, _ in asked for one in np.ravel(of)] == [
        chance.number_of(name) for name in names
    ]
    assert all((np.squeeze(one) == when).all() for _, one in asked)
    # The lowest nine bits are no digits; one more of the others is a step of 2^-23.
    steps = np.stack([when, (when + 2**23 - 1) % 2**23, when], axis=-1)
    for one in found.values():
        expected = steps[:, :, None, None, :] * 2.0**-23 + EDGE
        np.testing.assert_array_equal(
            one.uniform, np.broadcast_to(expected, one.uniform.shape).astype(np.float32)
        )
        np.testing.assert_array_equal(one.normal, -one.uniform)
        assert 0 < one.uniform.min() < one.uniform.max() < 1


@pytest.mark.slow
def test_a_place_among_equals_is_a_future_s_own() -> None:
    whole = draw_ties(np.arange(2000), 3, seed=5)
    assert (draw_ties(np.arange(7, 9), 3, seed=5) == whole[7:9]).all()
    assert (draw_ties(np.arange(2000), 3, seed=6) != whole).mean() > 0.99
    assert np.abs(whole.mean(axis=0) - 0.5).max() < 0.03
    assert np.abs(np.corrcoef(whole.T) - np.eye(3)).max() < 0.1
