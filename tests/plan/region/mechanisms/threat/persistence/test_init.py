"""What is usual moves from year to year, and nothing else notices."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.plan.region import state as states
from tocsin.plan.region.mechanisms.threat import persistence
from tocsin.plan.region.mechanisms.threat.persistence import LEAST, hold_levels, log_level, move
from tocsin.plan.region.state import LETHAL, State, World, pressure


@pytest.mark.slow
@given(st.lists(st.floats(-5, 5), min_size=3, max_size=3), st.integers(1, 12))
def test_a_level_is_held_over_the_four_quarters_of_its_year(
    values: list[float], quarters: int
) -> None:
    logs = np.array(values, np.float32)[:, None]
    found = np.asarray(hold_levels(jax.numpy.asarray(logs), quarters))[:, 0]
    assert found.tolist() == [logs[quarter // 4, 0] for quarter in range(quarters)]


def test_a_level_is_never_nothing() -> None:
    found = np.exp(np.asarray(log_level(np.array([0.0, np.log1p(300.0)], np.float32))))
    np.testing.assert_allclose(found, [LEAST, 300.0], rtol=1e-4)


def logs(level: float, sizes: float = 1.0) -> np.ndarray:
    return np.log(np.array([level, sizes], np.float32)).reshape(2, 1, 1)


def test_what_is_of_late_moves_with_what_is_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    # NumPy does what JAX does, and need not be compiled.
    monkeypatch.setattr(persistence, "jnp", np)
    monkeypatch.setattr(states, "jnp", np)
    none = dict.fromkeys(State._fields, np.zeros((1, 1), np.float32))
    five = np.array([[1.0, 2, 3, 4, 5]], np.float32)
    state = State(**none | {"excited": 2 * five, "rate": five, "toll": np.full((1, 1), 30.0)})
    world = World(*[np.full((1, 1), 10.0, np.float32)] * len(World._fields))._replace(usual=five)
    now, moved = move(world, state, logs(0.01), logs(0.1))
    np.testing.assert_allclose(now.usual[0], [0.01, 0.02, 0.03, 4, 5], rtol=1e-5)
    np.testing.assert_allclose(moved.excited[0, :LETHAL], [0.2, 0.4, 0.6], rtol=1e-5)
    assert moved.excited[0, LETHAL:].tolist() == [8.0, 10.0]
    # Where level and toll fall alike, people feel no more pressure than before.
    _, same = move(world, state, logs(0.1), logs(0.1))
    wide = world._replace(level=np.full((1, 1), 1e4)), state._replace(toll=np.full((1, 1), 3e4))
    after = move(*wide, logs(0.1), logs(0.1))
    assert float(pressure(after[1], after[0])[0, 0]) == pytest.approx(
        float(pressure(wide[1], wide[0])[0, 0]), abs=1e-3
    )
    assert same.toll.item() == pytest.approx(3.0)
    # Incidents of twice the size make the same level with half as many.
    now, moved = move(world, state, logs(1.0, 2.0), logs(1.0, 2.0))
    assert (now.level.item(), now.sizes.item(), moved.toll.item()) == (10.0, 20.0, 30.0)
    np.testing.assert_allclose(now.usual[0], [0.5, 1.0, 1.5, 4, 5], rtol=1e-5)
    np.testing.assert_allclose(moved.rate[0], [0.5, 1.0, 1.5, 4, 5], rtol=1e-5)
