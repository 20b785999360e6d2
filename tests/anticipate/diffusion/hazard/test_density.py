"""Rates of cells integrated out, against numerical integration."""

from __future__ import annotations

from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, special, stats

from tocsin.anticipate.diffusion.hazard import density
from tocsin.anticipate.diffusion.hazard.density import integrate_cells, walk_path


@pytest.mark.slow
@pytest.mark.parametrize("shape", [0.3, 1.0, 6.0])
def test_a_cell_is_integrated_out_exactly(shape: float) -> None:
    share, risk = np.array([0.2, 0.9, 0.6]), 1.7

    def inside(g: float) -> float:
        return float(
            np.prod(share * g + 1 - share)
            * np.exp(-risk * g)
            * stats.gamma.pdf(g, shape, scale=1 / shape)
        )

    numeric = (
        integrate.quad(inside, 0, 1, limit=400)[0] + integrate.quad(inside, 1, 60, limit=200)[0]
    )
    empty = (1 + 0.8 / shape) ** -shape  # a cell without events, of risk 0.8
    with jax.enable_x64(True):
        found = jax.jit(integrate_cells)(
            jnp.array([[*share, 0.0]]),
            jnp.array([risk, 0.8]),
            shape,
            {"used": np.array([0]), "slot_real": np.array([1.0])},
        )
        assert float(found) == pytest.approx(np.log(numeric) + np.log(empty), abs=1e-4)


def test_the_walk_is_one_on_average_in_logs() -> None:
    path = walk_path(np, np.array([[0.3, -1.0, 2.0]]), 0.5)
    assert np.log(path).mean() == pytest.approx(0)
    assert walk_path(np, np.zeros((1, 0)), 0.5).tolist() == [[1.0]]


@pytest.mark.parametrize("shape", [0.3, 1.0, 6.0])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_nodes_give_the_moments_of_a_gamma_exactly(
    monkeypatch: pytest.MonkeyPatch, shape: float, count: int
) -> None:
    """So many nodes are exact for powers below twice their number (Golub and Welsch 1969)."""
    plain = SimpleNamespace(numpy=np, scipy=SimpleNamespace(special=special))
    monkeypatch.setattr(density, "require", lambda *_, **__: plain)  # nothing is compiled
    node, log_weight = density._nodes(shape, count)
    for power in range(2 * count):
        moment = (np.exp(log_weight) * node**power).sum()
        exact = np.exp(special.gammaln(shape + power) - special.gammaln(shape))
        assert moment == pytest.approx(exact, rel=1e-7)
