"""Enforcement displaces supply: what one channel loses, others partly take up (substitution).

Enders and Sandler (1993), The effectiveness of antiterrorism policies, American Political Science
Review 87(4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax.numpy as jnp

from tocsin.plan.region.prior import Parameter
from tocsin.plan.region.state import more, relative, total

if TYPE_CHECKING:
    import jax

    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

NOISE = 0
LEAST = 1e-6
"""Supply below which nothing is divided by it."""
PARAMETERS = (
    Parameter("control", 0.2, 0.7, "share", "assumption: supply cut by a lever at full effort"),
    Parameter("shift", 0.2, 0.8, "share", "Enders and Sandler (1993): substitution"),
    Parameter("adaptation", 4.0, 26.0, "weeks", "assumption: until another channel is found"),
    Parameter("market_split", 0.3, 0.7, "share",
              "assumption: of what came by no network, the part of markets; online has the rest"),
    Parameter("network", 0.0, 1.0, "place in what was measured",
              "the step `diffuse`: joint draws of shares and hazards, or 90% intervals of shares",
              "calibrated"),
)  # fmt: skip


def shares(p: Values, world: World) -> jax.Array:
    """The share of each channel in supply at the start, shape (1, C).

    The three channels of the network have the shares that the future drew, or stand within their
    measured intervals; what came by no network is split between markets and online shops by
    judgement.
    """
    low, high = world.channels[:1], world.channels[1:]
    network = low + (high - low) * p["network"]
    rest = jnp.maximum(1.0 - total(network), 0.0)
    split = p["market_split"]
    return jnp.concatenate([rest * split, rest * (1.0 - split), network], axis=1)


def step(p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
    """Cut supply where levers act, and let a part of what is lost shift to freer channels.

    Controls of trade and money need partners: they act with the cohesion of the alliance. No
    channel loses more than it has.
    """
    del noise
    allied = relative(state.cohesion)
    levels = [
        more(lever, world, "export-control") * allied,
        more(lever, world, "education-and-media-literacy"),
        0.7 * more(lever, world, "targeted-enforcement")
        + 0.3 * more(lever, world, "capacity-building"),
        more(lever, world, "counter-finance") * allied,
        0.5 * more(lever, world, "targeted-enforcement") + 0.5 * more(lever, world, "dialogue"),
    ]
    start = shares(p, world)
    free, lost = [], jnp.zeros_like(start[:, :1])
    for channel, level in enumerate(levels):
        share = start[:, channel : channel + 1]
        kept = share * jnp.maximum(1.0 - p["control"] * level, 0.0)
        free.append(kept)
        lost = lost + jnp.maximum(share - kept, 0.0)
    still = jnp.concatenate(jnp.broadcast_arrays(*free), axis=1)
    # Where everything came by one channel and that is cut whole, nothing is left to take it up.
    aim = still * (1.0 + p["shift"] * lost / jnp.maximum(total(still), LEAST))
    return state._replace(supply=state.supply + (aim - state.supply) / p["adaptation"])
