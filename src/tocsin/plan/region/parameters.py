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

from tocsin.plan.posterior import Posterior
from tocsin.plan.region.chance import future_keys, number_of
from tocsin.plan.region.mechanisms.order import OWN
from tocsin.plan.region.prior import Parameter

__all__ = ["PARAMETERS", "Parameter", "draw"]

PARAMETERS: tuple[Parameter, ...] = tuple(
    one for mechanism in OWN.values() for one in mechanism.parameters
)
"""All of them, in the order of the mechanisms."""


def draw(
    seed: int,
    numbers: Any,
    parameters: Sequence[Parameter] = PARAMETERS,
    *,
    posterior: Posterior | None = None,
) -> jax.Array:
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
    names = jnp.array([number_of(item.name) for item in parameters], jnp.uint32)
    low = jnp.array([item.low for item in parameters], jnp.float32)
    high = jnp.array([item.high for item in parameters], jnp.float32)

    def one(key: jax.Array) -> jax.Array:
        own = jax.vmap(partial(jax.random.fold_in, key))(names)
        return low + (high - low) * jax.vmap(jax.random.uniform)(own)

    keys = future_keys(seed, numbers)
    drawn = jax.vmap(one, out_axes=1)(keys)
    if posterior is None:
        return drawn
    row = partial(jax.random.randint, shape=(), minval=0, maxval=len(posterior.draws))
    which = jax.vmap(lambda key: row(jax.random.fold_in(key, number_of("posterior"))))(keys)
    joint = jnp.asarray(posterior.draws, jnp.float32)[which]
    for place, item in enumerate(parameters):
        if item.name in posterior.names:
            drawn = drawn.at[place].set(joint[:, posterior.names.index(item.name)])
    return drawn
