"""What happens by chance: counts, sizes of events, and where random numbers come from.

A random number belongs to a seed, a future, a week and a mechanism, and to nothing else: not to the
place of a future in an array, nor to which other mechanisms there are. So every portfolio meets the
same chance, and a mechanism that is left out changes nobody else's.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import factorial
from typing import Any, NamedTuple
from zlib import crc32

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from tocsin.plan.region.state import log

SMALL = 4.5
"""Up to this rate counts are summed up exactly; above, they come from an expansion."""
TERMS = 17
"""A count beyond so many has a probability under 3e-6 at that rate."""
EDGE = 2.0**-24
"""Uniform numbers keep this distance from 0 and 1."""
TIES = 977
"""Folded into a future's key: its place among futures with as many deaths."""


def poisson(uniform: Any, normal: Any, rate: Any) -> Any:
    """Turn uniform numbers into Poisson counts, by the inverse of the distribution function.

    The same uniform number gives a count that does not fall as the rate rises, so that portfolios
    can be compared in the same futures. Up to a rate of 4.5 the count is exact; above it comes from
    the normal expansion of the Poisson's inverse, to which one more term is fitted. Its total
    variation from the Poisson is under 1e-4 at every rate.

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
    # Both sides of 'uniform > e^(-few) (1 + few + few^2/2 + ...)' are multiplied by e^few.
    sought, power = uniform * jnp.exp(few), few
    exact, below = jnp.zeros_like(sought), jnp.ones_like(sought)
    for count in range(1, TERMS + 1):
        exact = jnp.where(sought > below, float(count), exact)
        below = below + power * (1 / factorial(count))
        power = power * few
    many = jnp.maximum(rate, SMALL)
    root = jnp.sqrt(many)
    part = root * (1.0 / many)
    square = normal * normal
    wide = (
        many
        + root * normal
        + (1 / 3 + square / 6)
        - normal * (1 / 36 + square / 72) * part
        + part
        * part
        * ((-8 / 405 + square * (7 / 810 + square / 270)) + part * _correction(normal))
    )
    return jnp.where(rate <= SMALL, exact, jnp.floor(jnp.maximum(wide, 0.0)))


def _correction(normal: Any) -> Any:
    """A polynomial that takes the place of all further terms of the expansion.

    Its coefficients make the least squares, weighted by the probability of each count, for rates
    from 4.5 to 300: `tests/plan/region/test_chance.py` holds the counts to the Poisson.
    """
    found: Any = FITTED[-1]
    for coefficient in FITTED[-2::-1]:
        found = found * normal + coefficient
    return found


FITTED = (0.0003, 0.01828, -0.00821, -0.00269, 0.00213, -0.00141)


def normal(uniform: Any) -> Any:
    """The normal quantiles of numbers between 0 and 1, within 1e-5.

    Source: Giles (2010), Approximating the erfinv function, GPU Computing Gems, volume 2: the form
    for single precision.
    """
    tail = -log(4.0 * uniform * (1.0 - uniform))
    near: Any = NEAR[0]
    far: Any = FAR[0]
    here, there = tail - 2.5, jnp.sqrt(tail) - 3.0
    for close, away in zip(NEAR[1:], FAR[1:], strict=True):
        near, far = near * here + close, far * there + away
    return (2.0 * uniform - 1.0) * jnp.where(tail < 5.0, near, far) * ROOT_OF_TWO


ROOT_OF_TWO = 2.0**0.5
NEAR = (
    2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503,
    -0.00417768164, 0.246640727, 1.50140941,
)  # fmt: skip
FAR = (
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613,
    0.00943887047, 1.00167406, 2.83297682,
)  # fmt: skip


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


def draw_ties(numbers: Any, territories: int, *, seed: int) -> npt.NDArray[np.float64]:
    """Draw the place of each future among those with as many deaths, by its own chance.

    Args:
        numbers: of the futures, (F,).
        territories: how many, N.
        seed: start of all random numbers.

    Returns:
        Numbers from 0 to 1, (F, N).
    """

    def draw(key: Any) -> Any:
        return jax.random.uniform(jax.random.fold_in(key, TIES), (territories,))

    return np.asarray(jax.vmap(draw)(future_keys(seed, jnp.asarray(numbers))), np.float64)


class Noise(NamedTuple):
    """These are the random numbers of one mechanism in one week, alike for all portfolios."""

    uniform: Any
    """Spread evenly between 0 and 1, shape (N, C, 1, F)."""
    normal: Any
    """The normal quantiles of the same numbers."""


def threefry(key: tuple[Any, Any], counter: tuple[Any, Any]) -> tuple[Any, Any]:
    """Turn a counter into random bits: the block function Threefry-2x32 with 20 rounds.

    It is the one of JAX. JAX computes it on a processor in a loop over rounds, with each of them
    in memory, and that takes several times as long.

    Args:
        key: two arrays of 32-bit words.
        counter: likewise; all four together are broadcast.

    Returns:
        Two arrays of 32-bit words.

    Source: Salmon et al. (2011), Parallel random numbers: as easy as 1, 2, 3, SC '11.
    """
    keys = (key[0], key[1], key[0] ^ key[1] ^ jnp.uint32(0x1BD11BDA))
    first, second = counter[0] + keys[0], counter[1] + keys[1]
    for turn in range(5):
        for bits in ROTATIONS[turn % 2]:
            first = first + second
            second = (second << jnp.uint32(bits)) | (second >> jnp.uint32(32 - bits))
            second = second ^ first
        first = first + keys[(turn + 1) % 3]
        second = second + keys[(turn + 2) % 3] + jnp.uint32(turn + 1)
    return first, second


ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
MOST_TERRITORIES = 1 << 16
"""A counter holds the week in its upper half and the territory in its lower."""


def draw_noise(
    keys: jax.Array, weeks: jax.Array, columns: Mapping[str, int], territories: int
) -> dict[str, Noise]:
    """Draw the random numbers of some weeks.

    Args:
        keys: of the futures, shape (F,).
        weeks: which weeks, whole numbers of shape (W,).
        columns: the names of mechanisms, and how many numbers C each takes.
        territories: how many, N.

    Returns:
        For each mechanism numbers of shape (W, N, C, 1, F).
    """
    words = jax.random.key_data(keys).astype(jnp.uint32)
    when = weeks.astype(jnp.uint32)[:, None] * jnp.uint32(MOST_TERRITORIES)
    when = (when + jnp.arange(territories, dtype=jnp.uint32))[:, :, None, None, None]
    found = {}
    for name, count in columns.items():
        of = jnp.array([number_of(f"{name} {place}") for place in range(count)], jnp.uint32)
        bits, _ = threefry((words[:, 0], words[:, 1]), (of[:, None, None], when))
        # The upper 23 bits are the digits of a number from 1 to 2, of which 1 is taken away.
        digits = (bits >> jnp.uint32(9)) | jnp.uint32(0x3F800000)
        uniform = jax.lax.bitcast_convert_type(digits, jnp.float32) - (1.0 - EDGE)
        found[name] = Noise(uniform, normal(uniform))
    return found


SILENCE = Noise(None, None)
"""For a mechanism that takes no random numbers."""
