"""Layers that lean on each other: what works, and what is whole at rest, worked out by hand."""

from __future__ import annotations

from math import e

import jax
import numpy as np

from tocsin.plan.region.mechanisms.society import infrastructure

P = {
    "coupling": 0.5,
    "damage": 0.01,
    "disruption": 0.02,
    "hazard": 0.1,
    "loss": 0.1,
    "repair": 0.05,
}
LEVER = {"infrastructure-redundancy": 0.4, "incident-response": 0.6}


def test_what_works_and_where_damage_and_repair_balance() -> None:
    whole = np.array([0.8, 0.9, 0.7, 0.6], np.float32).reshape(1, 4, 1, 1)
    usual = np.array([e - 1, 0, 0, e * e - 1, 7], np.float32).reshape(1, 5, 1, 1)

    @jax.jit
    def found() -> tuple[jax.Array, jax.Array]:
        return infrastructure.working_layers(P, LEVER, whole), infrastructure.steady(
            P, LEVER, usual
        )

    works, steady = (np.asarray(one).ravel() for one in found())
    # Leaning 0.5 * 0.8; telecom and water times 1 - 0.4 * 0.2; health lacks 0.728 of three.
    last = 0.6 * (1 - 0.4 * 0.728 / 3)
    np.testing.assert_allclose(works, [0.8, 0.828, 0.644, last], rtol=1e-6)
    # Hit (0.01 + 2 * 0.02 + 0.1 * 0.1, computers half for the last two) * 0.8, pace 0.08.
    np.testing.assert_allclose(steady, [0.08 / 0.128] * 2 + [0.08 / 0.112] * 2, rtol=1e-6)
