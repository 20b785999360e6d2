"""What happens by chance: counts, sizes of events, and where random numbers come from.

A random number belongs to a seed, a future, a week and a mechanism, and to nothing else: not to the
place of a future in an array, nor to which other mechanisms there are. So every portfolio meets the
same chance, and a mechanism that is left out changes nobody else's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from zlib import crc32

import jax
import jax.numpy as jnp

SMALL = 7.5
"""Up to this rate counts are summed up exactly; above, they come from an expansion."""
TERMS = 23
"""A count beyond so many has a probability under 3e-6 at that rate."""
EDGE = 2.0**-24
"""Uniform numbers keep this distance from 0 and 1."""


def poisson(uniform: Any, normal: Any, rate: Any) -> Any:
    """Turn uniform numbers into Poisson counts, by the inverse of the distribution function.

    The same uniform number gives a count that does not fall as the rate rises, so that portfolios
    can be compared in the same futures. Up to a rate of 7.5 the count is exact; above it comes from
    the normal expansion of the Poisson's inverse, to which one more term is fitted, against the
    incomplete gamma function. Its total variation from the Poisson is under 1e-4 at every rate.

    Args:
        uniform: numbers between 0 and 1.
        normal: the normal quantiles of the same numbers, which are worked out once a future.
        rate: expected counts, at least 0.

    Returns:
        Whole numbers of the shape of all three.

    Source: Giles (2016), Algorithm 955: approximation of the inverse Poisson cumulative
    distribution function, ACM Transactions on Mathematical Software 42(1).
    """
    few = jnp.minimum(rate, SMALL)
    mass = jnp.exp(-few)
    below, exact = mass, jnp.zeros_like(mass)
    for count in range(1, TERMS + 1):
        exact = exact + (uniform > below)
        mass = mass * (few / count)
        below = below + mass
    many = jnp.maximum(rate, SMALL)
    root = jnp.sqrt(many)
    square = normal * normal
    wide = (
        many
        + root * normal
        + (1 / 3 + square / 6)
        - normal * (1 / 36 + square / 72) / root
        + (-8 / 405 + square * (7 / 810 + square / 270)) / many
        + normal * (0.0167 - square * (0.00269 + 0.00148 * square)) / (many * root)
    )
    return jnp.where(rate <= SMALL, exact, jnp.floor(jnp.maximum(wide, 0.0)))


def normal(uniform: Any) -> Any:
    """The normal quantiles of numbers between 0 and 1."""
    return jax.scipy.special.ndtri(uniform)


def number_of(name: str) -> int:
    """A number for the name of a mechanism or parameter, which sets its chance apart."""
    return crc32(name.encode())


def future_keys(seed: Any, numbers: jax.Array) -> jax.Array:
    """The keys of futures.

    Args:
        seed: start of all random numbers.
        numbers: which futures, whole numbers of shape (F,).

    Returns:
        Keys of shape (F,).
    """
    return jax.vmap(lambda number: jax.random.fold_in(jax.random.key(seed), number))(numbers)


class Noise(NamedTuple):
    """These are the random numbers of one mechanism in one week, alike for all portfolios."""

    uniform: Any
    """Spread evenly between 0 and 1, shape (N, C, 1, F)."""
    normal: Any
    """The normal quantiles of the same numbers."""


def draw_noise(
    keys: jax.Array, weeks: jax.Array, columns: Sequence[tuple[str, int]], territories: int
) -> Noise:
    """Draw the random numbers of some weeks.

    Args:
        keys: of the futures, shape (F,).
        weeks: which weeks, whole numbers of shape (W,).
        columns: the name of a mechanism and which of its numbers, for each of C columns.
        territories: how many, N.

    Returns:
        Numbers of shape (W, N, C, 1, F).
    """
    of = jnp.array([number_of(f"{name} {place}") for name, place in columns], jnp.uint32)

    def one(key: jax.Array, week: jax.Array, column: jax.Array) -> jax.Array:
        own = jax.random.fold_in(jax.random.fold_in(key, week), column)
        return jax.random.uniform(
            own, (territories,), minval=EDGE, maxval=1 - EDGE, dtype=jnp.float32
        )

    by_week = jax.vmap(jax.vmap(one, (None, None, 0), 1), (None, 0, None), 0)
    drawn = jax.vmap(by_week, (0, None, None), -1)(keys, weeks, of)
    drawn = drawn[:, :, :, None, :]
    return Noise(drawn, normal(drawn))


SILENCE = Noise(None, None)
"""For a mechanism that takes no random numbers."""


def split_noise(noise: Noise, columns: Sequence[tuple[str, int]]) -> dict[str, Noise]:
    """Give each mechanism its own columns.

    Args:
        noise: of one week, shape (N, C, 1, F).
        columns: as `draw_noise` takes them; those of a mechanism stand together.

    Returns:
        The numbers of each mechanism by its name.
    """
    names = [name for name, _ in columns]
    found = {}
    for name in dict.fromkeys(names):
        own = slice(names.index(name), names.index(name) + names.count(name))
        found[name] = Noise(noise.uniform[:, own], noise.normal[:, own])
    return found
