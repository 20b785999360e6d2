"""Every parameter of the regional model: its prior, its unit and where it comes from.

Each future draws all of them anew, so what is not known widens every interval. They stand in the
files of their mechanisms; docs/model.md discusses them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from tocsin.plan.posterior import Posterior
from tocsin.plan.region.chance import number_of
from tocsin.plan.region.mechanisms.order import OWN
from tocsin.plan.region.prior import Parameter

__all__ = ["PARAMETERS", "Parameter", "draw"]

PARAMETERS: tuple[Parameter, ...] = tuple(
    one for mechanism in OWN.values() for one in mechanism.parameters
)
"""All of them, in the order of the mechanisms."""
BLOCK = 256
"""So many futures are drawn by one call, whatever their number."""
ROOM = 64
"""A call has room for a multiple of so many parameters."""


def draw(
    seed: int,
    numbers: Any,
    parameters: Sequence[Parameter] = PARAMETERS,
    *,
    posterior: Posterior | None = None,
) -> npt.NDArray[np.float32]:
    """Draw parameters from their priors, or from a posterior where there is one.

    What is drawn belongs to the seed, the future and the parameter's name, so another parameter
    more changes nothing of the others.

    Args:
        seed: start of all random numbers.
        numbers: which futures, whole numbers of shape (F,).
        parameters: what is drawn.
        posterior: of its parameters each future takes one draw, jointly; None: all are drawn from
            their priors.

    Returns:
        Values of shape (len(parameters), F), each in its own unit.
    """
    key, rows = jax.random.key(seed), 1 if posterior is None else len(posterior.draws)
    Q, F = len(parameters), len(numbers)
    # Both are filled up: one program serves any number of parameters and futures.
    names = np.zeros(Q + -Q % ROOM, np.uint32)
    names[:Q] = [number_of(item.name) for item in parameters]
    filled = np.pad(np.asarray(numbers), (0, -F % BLOCK), mode="edge").reshape(-1, BLOCK)
    blocks = [_chance(key, block, names, rows) for block in filled]
    uniform, which = (np.concatenate(part, axis=-1)[..., :F] for part in zip(*blocks, strict=True))
    # By NumPy: JAX would compile each of these operations by itself, and for each shape anew.
    low, high = (
        np.array([[getattr(item, end)] for item in parameters], np.float32)
        for end in ("low", "high")
    )
    drawn: npt.NDArray[np.float32] = low + (high - low) * uniform[:Q]
    if posterior is not None:
        joint = np.asarray(posterior.draws, np.float32)[which]
        for place, item in enumerate(parameters):
            if item.name in posterior.names:
                drawn[place] = joint[:, posterior.names.index(item.name)]
    return drawn


@jax.jit
def _chance(key: Any, numbers: Any, names: Any, rows: Any) -> tuple[jax.Array, jax.Array]:
    """A number from 0 to 1 for each parameter and future, and one of so many rows for each future.

    Nothing is computed here that a compiler could round otherwise than it stands.
    """
    futures = jax.vmap(partial(jax.random.fold_in, key))(numbers)

    def one(future: jax.Array) -> jax.Array:
        return jax.vmap(jax.random.uniform)(jax.vmap(partial(jax.random.fold_in, future))(names))

    def row(future: jax.Array) -> jax.Array:
        return jax.random.randint(jax.random.fold_in(future, number_of("posterior")), (), 0, rows)

    return jax.vmap(one, out_axes=1)(futures), jax.vmap(row)(futures)
