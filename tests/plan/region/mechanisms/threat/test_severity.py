"""Sizes of events: their law, their sums, and what more incidents can never do."""

from __future__ import annotations

import itertools

import jax
import numpy as np
import pytest

from tocsin.plan.region.chance import Noise
from tocsin.plan.region.mechanisms.threat import severity
from tocsin.plan.region.state import State, World


@pytest.mark.slow
def test_sizes_of_events_have_the_exponent_and_the_mean_of_the_parameters() -> None:
    """Event sizes: Hill's estimator (1975), and Bohorquez et al. (2009) near 2.5."""
    u = ((np.arange(400_000) + 0.5) / 400_000).astype(np.float32)[:, None]
    noise = Noise(np.concatenate([u, u], 1), np.zeros((400_000, 2), np.float32))
    sizes = jax.jit(severity.sizes)
    for tail in (2.1, 2.3, 2.5, 2.7):
        p = {"tail": np.float32(tail), "deaths_each": np.float32(7.0)}
        found = np.asarray(sizes(p, np.ones((400_000, 1), np.float32), noise), float).ravel()
        large = found[(found >= 20) & (found < 9_999)]
        assert 1 + 1 / np.log(large / 20).mean() == pytest.approx(tail, abs=0.06)
        assert found.mean() == pytest.approx(7.0, rel=0.08)
    none = np.asarray(sizes(p, np.zeros((400_000, 1), np.float32), noise))
    assert (none == 0).all()


@pytest.mark.slow
def test_the_sum_of_many_events_is_distributed_as_if_each_were_drawn() -> None:
    rng = np.random.default_rng(1)
    p = {"tail": np.float32(2.5), "deaths_each": np.float32(7.0)}
    n, F = 12, 100_000
    each = (7 / 3) * rng.random((F, n)) ** (-1 / 1.5)
    true = np.minimum(each, 1e4).sum(1)
    normal = rng.standard_normal((F, 2)).astype(np.float32)
    noise = Noise(rng.random((F, 2)).astype(np.float32) * 0.999999 + 5e-7, normal)
    found = np.asarray(jax.jit(severity.sizes)(p, np.full((F, 1), n, np.float32), noise)).ravel()
    shares = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999]
    np.testing.assert_allclose(np.quantile(found, shares), np.quantile(true, shares), rtol=0.08)


@pytest.mark.slow
def test_more_incidents_never_kill_fewer_by_the_same_chance() -> None:
    u = np.linspace(0.001, 0.999, 500).astype(np.float32)
    noise = Noise(np.stack([u, u], 1), np.zeros((500, 2), np.float32))
    p = {"tail": np.float32(2.5), "deaths_each": np.float32(7.0)}
    sizes = jax.jit(severity.sizes)
    many = [np.asarray(sizes(p, np.full((500, 1), n, np.float32), noise)) for n in (0, 1, 2, 5, 40)]
    assert all((b >= a - 1e-3).all() for a, b in itertools.pairwise(many))


@pytest.mark.parametrize("tail", [2.02, 2.1, 2.4])
def test_the_capped_mean_is_met_by_the_smallest_size(tail: float) -> None:
    """The mean of min(X, top), X Pareto, is the integral of its tail: s + s (1 - r^(a-1)) / (a - 1)
    with r = s / top, where a is the exponent less one."""
    a = tail - 1
    for mean in (6.0, 16.6):
        s = severity.smallest(a, mean)
        met = s + s * (1 - (s / 10_000) ** (a - 1)) / (a - 1)
        assert met == pytest.approx(mean, rel=1.5e-3)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same code on plain arrays, so that nothing is compiled."""
    for name, part in {"jnp": np, "log": np.log, "apart": lambda function: function}.items():
        monkeypatch.setattr(severity, name, part)


LAW = {"tail": 2.5, "deaths_each": 7.0}


def drawn(many: float, u: float, normal: float = 0.0) -> float:
    noise = Noise(np.full((1, 2), u), np.full((1, 2), normal))
    return float(severity.sizes(LAW, np.full((1, 1), many), noise).item())


@pytest.mark.usefixtures("plain")
def test_the_largest_of_several_is_as_likely_as_its_law_says_and_the_rest_lie_below_it() -> None:
    least = severity.smallest(1.5, 7.0)
    for u in (0.03, 0.5, 0.9):
        # One incident: the quantile of a Pareto law.
        assert drawn(1.0, u) == pytest.approx(least * (1 - u) ** (-1 / 1.5))
        for many in (2.0, 6.0):
            # None of them is larger with the chance u.
            largest = least * (1 - u ** (1 / many)) ** (-1 / 1.5)
            assert (1 - (least / largest) ** 1.5) ** many == pytest.approx(u)
            # The mean of the law below the largest, by its middle quantiles.
            shares = (np.arange(200_000) + 0.5) / 200_000 * (1 - (least / largest) ** 1.5)
            rest = (least * (1 - shares) ** (-1 / 1.5)).mean()
            assert drawn(many, u) == pytest.approx(largest + (many - 1) * rest, rel=1e-4)
            # Chance spreads the rest by seven tenths of their mean, over the root of how many.
            off = 0.7 * rest * (many - 1) / many**0.5
            assert drawn(many, u, 0.8) - drawn(many, u) == pytest.approx(0.8 * off, rel=1e-4)
            # However little luck: none of the others saves anybody.
            assert drawn(many, u, -9.0) == pytest.approx(largest)
    assert drawn(0.0, 0.5) == 0.0
    assert drawn(1.0, 1 - 1e-9) == severity.LARGEST


@pytest.mark.usefixtures("plain")
def test_the_deaths_of_a_week_are_whole_and_the_toll_follows_in_eight_weeks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[np.ndarray] = []

    def sizes(p: dict[str, float], incidents: np.ndarray, noise: Noise) -> np.ndarray:
        asked.append(incidents)
        return 10.0 * incidents

    monkeypatch.setattr(severity, "sizes", sizes)
    none = dict.fromkeys(State._fields, np.zeros((1, 1)))
    state = State(**none | {  # type: ignore[arg-type]
        "incidents": np.array([[1.0, 2.0, 3.0, 50.0, 60.0]]), "toll": np.full((1, 1), 16.0),
        "capability": np.array([[0.5, 0.6, 0.7, 9.0, 9.0]]), "saved": np.full((1, 1), 0.3),
    })  # fmt: skip
    world = World(*[np.full((1, 1), 1.0)] * len(World._fields))._replace(
        sizes=np.full((1, 1), 2.0), capability=np.full((1, 5), 0.4)
    )
    after = severity.step({"harm": 0.5}, {}, world, state, Noise(None, None))
    # Those in computers and of information kill nobody; larger capability makes larger events.
    assert asked[0].item() == 6.0
    assert after.deaths.item() == round(10 * 6 * 2 * np.exp(0.5 * 0.2 - 0.3)) == 98
    assert after.toll.item() == pytest.approx(16.0 + (98 - 16) / 8)
