"""Every parameter of the regional model: its prior, its unit and where it comes from.

Each future has values of its own, so what is not known widens every interval. They stand in the
files of their mechanisms; docs/model.md discusses them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from tocsin.base.compiled import QUICKLY
from tocsin.plan.posterior import Floats, Posterior, order_draws, rows_at
from tocsin.plan.region.chance import number_of
from tocsin.plan.region.mechanisms.order import OWN
from tocsin.plan.region.prior import Parameter

__all__ = ["PARAMETERS", "Parameter", "draw", "scale"]

PARAMETERS: tuple[Parameter, ...] = tuple(
    one for mechanism in OWN.values() for one in mechanism.parameters
)
"""All of them, in the order of the mechanisms."""
BLOCK = 256
"""So many futures, from a multiple of it on, share out the range of each parameter among them."""
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
    more changes nothing of the others. Each block of 256 futures is a Latin hypercube: each future
    has another of 256 equal parts of a parameter's range, so that a mean over futures hangs less on
    which values happened to be drawn (McKay, Beckman and Conover 1979, A comparison of three
    methods for selecting values of input variables, Technometrics 21(2)).

    Args:
        seed: start of all random numbers.
        numbers: which futures, whole numbers of shape (F,).
        parameters: what is drawn.
        posterior: of its parameters each future takes one draw, jointly; None: all are drawn from
            their priors.

    Returns:
        Values of shape (len(parameters), F), each in its own unit.
    """
    key, Q = jax.random.key(seed), len(parameters)
    # Names are filled up: one program serves any number of parameters.
    names = np.zeros(Q + 1 + -(Q + 1) % ROOM, np.uint32)
    names[: Q + 1] = [number_of(name) for name in (*(one.name for one in parameters), "posterior")]
    blocks, inside = np.divmod(np.asarray(numbers), BLOCK)
    each, of = np.unique(blocks, return_inverse=True)
    whole = [_chance(key, block * BLOCK + np.arange(BLOCK), names) for block in each]
    shares = np.stack([_latin(np.asarray(one, np.float64)[:, : Q + 1]) for one in whole])
    return scale(shares[of, :, inside].T, parameters, posterior).astype(np.float32)


def scale(
    shares: Floats, parameters: Sequence[Parameter] = PARAMETERS, posterior: Posterior | None = None
) -> Floats:
    """Turn shares of what is possible into values of parameters.

    Parameters with joint draws take one of these as a whole, so that whatever depends on each
    other in the posterior does here. The draws stand in the order of the direction in which they
    differ most, so that shares near each other mean draws that are alike.

    Args:
        shares: from 0 to 1, shape (Q + 1, F): a row for each parameter, and last one that chooses a
            joint draw.
        parameters: Q of them.
        posterior: joint draws of some parameters; None: there are none.

    Returns:
        Values of shape (Q, F), each in its own unit.
    """
    # By NumPy: JAX would compile each of these operations by itself, and for each shape anew.
    low, high = (np.array([[getattr(one, end)] for one in parameters]) for end in ("low", "high"))
    found = low + (high - low) * shares[:-1]
    if posterior is not None:
        joint = _in_order(posterior)[rows_at(shares[-1], len(posterior.draws))]
        for place, item in enumerate(parameters):
            if item.name in posterior.names:
                found[place] = joint[:, posterior.names.index(item.name)]
    return np.asarray(found, np.float64)


def _in_order(posterior: Posterior) -> Floats:
    """Draws in the order of their first principal component, each parameter by its ranks."""
    ranks = posterior.draws.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    return np.asarray(posterior.draws[order_draws(ranks)])


def _latin(chance: Floats) -> Floats:
    """Shares of the range from 0 to 1, (Q, BLOCK): the first number orders the futures, the second
    places each within its part."""
    order = chance[0].argsort(axis=1, kind="stable").argsort(axis=1)
    return np.asarray((order + chance[1]) / BLOCK)


@partial(jax.jit, compiler_options=QUICKLY)
def _chance(key: Any, numbers: Any, names: Any) -> jax.Array:
    """Two numbers from 0 to 1 for each name and future, (2, Q, F).

    Nothing is computed here that a compiler could round otherwise than it stands.
    """
    futures = jax.vmap(partial(jax.random.fold_in, key))(numbers)

    def one(future: jax.Array) -> jax.Array:
        keys = jax.vmap(partial(jax.random.fold_in, future))(names)
        return jax.vmap(partial(jax.random.uniform, shape=(2,)), out_axes=1)(keys)

    return jax.vmap(one, out_axes=2)(futures)
