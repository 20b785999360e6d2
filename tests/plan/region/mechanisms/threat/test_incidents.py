"""Incidents at the start, by domain."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from tocsin.plan.region.chance import Noise
from tocsin.plan.region.mechanisms.threat import incidents
from tocsin.plan.region.state import DOMAINS, State


def test_deadly_incidents_are_shared_out_and_the_others_follow_capability() -> None:
    p = {"air_share": 0.1, "explosive_share": 0.3, "cyber": 0.2, "information": 0.5}
    capability = np.array([[0, 0, 0, 0.3, 0.4]], np.float32)
    found = incidents.usual(p, np.array([[10.0]], np.float32), capability)
    np.testing.assert_allclose(found, [[1, 3, 6, 0.06, 0.2]], rtol=1e-6)


@pytest.mark.parametrize("spread", [0.3, 0.9])
def test_chance_spreads_the_rate_of_a_week_and_keeps_its_mean(
    spread: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over ten thousand quantiles, where a count is its rate; on plain arrays."""
    monkeypatch.setattr(incidents, "jnp", np)
    given: list[np.ndarray] = []

    def whole(uniform: np.ndarray, normal: np.ndarray, rate: np.ndarray) -> np.ndarray:
        given.extend((uniform, normal))
        return rate

    monkeypatch.setattr(incidents, "poisson", whole)
    D, many = len(DOMAINS), 10_000
    shares = (np.arange(many) + 0.5) / many
    uniform = np.broadcast_to(shares, (1, 2 * D, 1, many)).copy()
    uniform[:, D:] = 0.25
    noise = Noise(uniform, norm.ppf(uniform))
    rate = np.linspace(0.5, 4.0, D).reshape(1, D, 1, 1)
    none = dict.fromkeys(State._fields, np.zeros((1, 1, 1, 1)))
    state = State(**none | {"rate": rate, "excited": 2 * rate})
    found = incidents.step({"overdispersion": spread, "memory": 4.0}, {}, None, state, noise)  # type: ignore[arg-type]
    np.testing.assert_allclose(found.incidents.mean(-1), rate[..., 0], rtol=0.01)
    logs = np.log(found.incidents / rate)
    np.testing.assert_allclose(logs.std(-1), spread, rtol=0.01)
    np.testing.assert_allclose(found.excited, 2 * rate + (found.incidents - 2 * rate) / 4)
    assert (given[0] == 0.25).all()
    assert (given[1] == norm.ppf(0.25)).all()
    most = State(**none | {"rate": rate * 1e12})
    assert (incidents.step({"overdispersion": 0.0, "memory": 4.0}, {}, None, most, noise).incidents
            == incidents.LIMIT).all()  # type: ignore[arg-type]  # fmt: skip
