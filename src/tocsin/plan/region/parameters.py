"""Every parameter of the regional model: its prior, its unit and where it comes from.

Each future draws all of them anew, so what is not known widens every interval. They stand in the
files of their mechanisms; docs/model.md discusses them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from tocsin.plan.region.chance import future_keys, number_of
from tocsin.plan.region.mechanisms.order import OWN
from tocsin.plan.region.prior import Parameter

__all__ = ["PARAMETERS", "Parameter", "draw"]

PARAMETERS: tuple[Parameter, ...] = tuple(
    one for mechanism in OWN.values() for one in mechanism.parameters
)
"""All of them, in the order of the mechanisms."""


def draw(seed: int, numbers: Any, parameters: Sequence[Parameter] = PARAMETERS) -> jax.Array:
    """Draw parameters from their priors.

    What is drawn belongs to the seed, the future and the parameter's name, so another parameter
    more changes nothing of the others.

    Args:
        seed: start of all random numbers.
        numbers: which futures, whole numbers of shape (F,).
        parameters: what is drawn.

    Returns:
        Values of shape (len(parameters), F), each in its own unit.
    """
    names = jnp.array([number_of(item.name) for item in parameters], jnp.uint32)
    low = jnp.array([item.low for item in parameters], jnp.float32)
    high = jnp.array([item.high for item in parameters], jnp.float32)

    def one(key: jax.Array) -> jax.Array:
        own = jax.vmap(partial(jax.random.fold_in, key))(names)
        return low + (high - low) * jax.vmap(jax.random.uniform)(own)

    return jax.vmap(one, out_axes=1)(future_keys(seed, numbers))
