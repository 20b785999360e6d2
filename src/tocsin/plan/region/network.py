"""What reaches a territory from its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jax

    from tocsin.plan.region.state import World


def near(world: World, values: jax.Array) -> jax.Array:
    """The mean of the neighbours' values, 0 without neighbours, of the shape of `values`.

    Args:
        world: with the borders, (N, N).
        values: shape (N, …).
    """
    N = values.shape[0]
    flat = values.reshape(N, -1)
    return (world.border @ flat).reshape(values.shape)
