"""Rates of cells integrated out, against numerical integration."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, special, stats

from tocsin.anticipate.diffusion.hazard import density
from tocsin.anticipate.diffusion.hazard.density import (
    COVARIATE,
    MEAN_REACH,
    RATE,
    RATE_SPREAD,
    integrate_cells,
    walk_path,
)
from tocsin.anticipate.diffusion.hazard.design import Design
from tocsin.anticipate.diffusion.hazard.padding import find_room, pad_design


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
    path = walk_path(np, np.array([[0.3, -1.0, 2.0], [1.0, 1.0, 4.0]]), 0.5)
    assert np.log(path).mean(1) == pytest.approx([0, 0])
    # Its steps are those that are given, times their scale.
    assert np.diff(np.log(path)) == pytest.approx(np.array([[0.15, -0.5, 1.0], [0.5, 0.5, 2.0]]))
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


class Sums(np.ndarray):
    """An array to whose places rows are added as JAX writes it: `sums.at[places].add(rows)`."""

    place: Any

    @property
    def at(self) -> Sums:
        return self

    def __getitem__(self, place: Any) -> Any:
        self.place = place
        return self

    def add(self, rows: np.ndarray) -> np.ndarray:
        whole = self.view(np.ndarray)
        np.add.at(whole, self.place, rows)
        return whole


class Plain:
    """NumPy in the place of JAX's, so that nothing is compiled."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def zeros(self, size: int) -> Any:
        return np.zeros(size).view(Sums)


def _told(
    monkeypatch: pytest.MonkeyPatch, design: Design, drawn: dict[str, np.ndarray]
) -> tuple[float, dict[str, tuple[Any, ...]]]:
    """What the model's density adds up to, but for its priors; and these by name."""
    added: list[float] = []
    priors: dict[str, tuple[Any, ...]] = {}

    def prior(name: str) -> Any:
        def of(*numbers: float) -> Any:
            declared = (name, *numbers)
            return SimpleNamespace(
                told=declared, expand=lambda shape: SimpleNamespace(told=(*declared, *shape))
            )

        return of

    def sample(name: str, of: Any) -> np.ndarray:
        priors[name] = of.told
        return drawn[name]

    numpyro = SimpleNamespace(
        sample=sample, factor=lambda _, value: added.append(float(value)),
        distributions=SimpleNamespace(Normal=prior("normal"), HalfNormal=prior("half-normal")),
    )  # fmt: skip
    jax = SimpleNamespace(numpy=Plain(), scipy=SimpleNamespace(special=special))
    monkeypatch.setattr(density, "require", lambda name, **_: numpyro if name == "numpyro" else jax)
    room = find_room([design])
    density.make_model(room)(pad_design(design, room))
    return sum(added), priors


@pytest.mark.parametrize(("cells", "covariates"), [(4, 1), (2, 0)])
def test_the_density_is_the_likelihood_with_the_rates_of_cells_summed_out(
    cells: int, covariates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(8)
    case_cell, technology = np.arange(12) % cells, np.arange(cells) % 2
    # Of four cells the first has two first uses and the last none.
    case = np.array([0, 4, 1, 2])
    design = Design(
        case, case_cell[case], technology[case_cell[case]], np.array([0, 1, 1, 0]),
        random.integers(0, 2, (4, 2)).astype(float), random.uniform(0.5, 1, (2, 2, 2)),
        random.uniform(0.1, 0.5, (12, 2)), case_cell, technology,
        random.standard_normal((12, covariates)), np.array([2.0, 3.0]),
    )  # fmt: skip
    drawn: dict[str, Any] = {
        "log_base": np.array([-0.5, 0.3]), "walk_scale": 0.4, "beta": np.array([0.6]),
        "walk_step": np.array([[1.0], [-0.5]]), "root": np.array([0.3, 0.5]), "spread": 0.8,
        "ratio_scale": 0.3, "ratio": np.array([[0.5, -1.0], [1.0, 0.2]]),
    }  # fmt: skip
    found, priors = _told(monkeypatch, design, drawn)
    strength = (drawn["root"] ** 2 * MEAN_REACH / design.degree)[:, None]
    strength = strength * np.exp(drawn["ratio_scale"] * drawn["ratio"])
    base = np.exp(drawn["log_base"])
    walk = walk_path(np, drawn["walk_step"], drawn["walk_scale"])
    lift = np.exp(design.covariates @ drawn["beta"][:covariates])
    outside = base[design.technology] * walk[design.technology, design.bin] * lift[case]
    network = (design.exposure * strength[:, design.technology].T).sum(1)
    of_case = technology[case_cell]
    by_case = (design.at_risk * walk[of_case]).sum(1) * lift * base[of_case]
    risk = np.bincount(case_cell, by_case)
    exact = -float((strength * design.total).sum())
    shape = 1.0 / drawn["spread"] ** 2
    for cell in range(cells):
        mine = design.cell == cell

        def inside(g: Any, mine: np.ndarray = mine, cell: int = cell) -> Any:
            parts = np.prod(outside[mine, None] * g + network[mine, None], axis=0)
            return parts * np.exp(-risk[cell] * g)

        g = np.linspace(0.0, 30.0, 60_001)[1:]
        summed = np.trapezoid(inside(g) * stats.gamma.pdf(g, shape, scale=1 / shape), g)
        # Where each class has one cell, its rate is that of the class.
        exact += float(np.log(summed if cells > 2 else inside(np.ones(1))[0]))
    assert found == pytest.approx(exact, abs=1e-4)
    assert priors["log_base"] == ("normal", RATE, RATE_SPREAD, 2)
    assert priors["walk_step"] == ("normal", 0.0, 1.0, 2, 1)
    assert priors["ratio"] == ("normal", 0.0, 1.0, 2, 2)
    assert priors["root"] == ("half-normal", 1.0, 2)
    assert ("beta" in priors, "spread" in priors) == (covariates > 0, cells > 2)
    if covariates:
        assert priors["beta"] == ("normal", 0.0, COVARIATE, 1)
