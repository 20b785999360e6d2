"""Two portfolios in the same futures, whose parameters are chosen and not drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.base.compiled import jax_for
from tocsin.base.nearest import advice
from tocsin.errors import UsageError
from tocsin.plan.parameters import PARAMETERS

Floats = npt.NDArray[np.float64]
CHUNK = 2_048
"""Futures that are played at once: the same numbers come out however many there are."""


@dataclass(frozen=True)
class Contest:
    """These are two portfolios, and the region in which they meet."""

    portfolio: str
    """The one that is asked about."""
    against: str
    """The one that it is compared with."""
    efforts: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]
    """Their efforts by lever."""
    baseline: npt.NDArray[np.float32]
    """The efforts in force at the beginning."""
    world: tuple[npt.NDArray[np.float32], ...]
    """Level of violence, capability and borders, as `start.Start` has them."""

    def difference(self, values: Floats, chance: npt.NDArray[np.int64], outcome: str) -> Floats:
        """Play futures under both portfolios.

        Args:
            values: a value for each of `PARAMETERS`, shape (F, 23).
            chance: a whole number that says what happens by chance, shape (F,).
            outcome: a key of `compare.OUTCOMES`.

        Returns:
            The outcome of the first less that of the second over three years, shape (F,); above 0
            the first does worse.
        """
        one, two = (
            np.concatenate(
                [
                    np.asarray(
                        _player(outcome)(
                            _filled(values[start : start + CHUNK]),
                            _filled(chance[start : start + CHUNK]),
                            effort,
                            self.baseline,
                            self.world,
                        )
                    )
                    for start in range(0, len(values), CHUNK)
                ]
            )[: len(values)].astype(np.float64)
            for effort in self.efforts
        )
        return np.asarray(one - two)


def contest(
    tables: Mapping[str, pl.DataFrame], gwnos: list[int], portfolio: str, against: str | None = None
) -> Contest:
    """Prepare two shipped portfolios to be compared.

    Args:
        tables: at least `forecasts` and `adoption` (which may be empty).
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        portfolio: the name of a portfolio.
        against: the name of another; None: the status quo.

    Returns:
        The two, and the region that they start in, each territory at the mean of its forecast.

    Raises:
        UsageError: there is no such portfolio, or both are the same.
        StageNotReady: no territory of the region has a forecast.
        MissingExtra: the extra `plan` is not installed.
    """
    jax_for("plan")
    from tocsin.plan.portfolios import PORTFOLIOS, effort
    from tocsin.plan.start import read_start
    from tocsin.schema.vocabulary.portfolio import STATUS_QUO

    other = against or STATUS_QUO
    for name in (portfolio, other):
        if name not in PORTFOLIOS:
            raise UsageError(
                f"There is no portfolio '{name}'.", remedy=advice(name, list(PORTFOLIOS))
            )
    if portfolio == other:
        raise UsageError(f"'{portfolio}' cannot be compared with itself.")
    region = read_start(tables, gwnos)
    return Contest(
        portfolio,
        other,
        (effort(PORTFOLIOS[portfolio]), effort(PORTFOLIOS[other])),
        effort(PORTFOLIOS[STATUS_QUO]),
        (region.level, region.capability, region.border),
    )


def _filled(part: Any) -> Any:
    """A chunk of the full size, its last row repeated: one program serves all."""
    missing = CHUNK - len(part)
    return part if not missing else np.concatenate([part, np.repeat(part[-1:], missing, axis=0)])


@cache
def _player(outcome: str) -> Any:
    """The compiled program that plays a chunk of futures and adds up one outcome."""
    import jax
    import jax.numpy as jnp

    from tocsin.plan.compare import OUTCOMES
    from tocsin.plan.model import future

    names = [item.name for item in PARAMETERS]
    how = OUTCOMES[outcome][1]

    def one(row: Any, number: Any, effort: Any, baseline: Any, world: Any) -> Any:
        p = {name: row[place] for place, name in enumerate(names)}
        # Chance follows from its number alone, never from the place of a row.
        key = jax.random.fold_in(jax.random.key(0), number)
        seen = future(p, key, effort, baseline, world)[outcome]
        # Months stand first; counts are added up over territories, levels are averaged.
        region = seen if seen.ndim == 1 else (seen.sum(-1) if how == "sum" else seen.mean(-1))
        if how == "last":
            return region[-1]
        return region.sum() if how == "sum" else region.mean()

    many = jax.vmap(one, in_axes=(0, 0, None, None, None))

    @jax.jit
    def play(values: Any, chance: Any, effort: Any, baseline: Any, world: Any) -> Any:
        return many(jnp.asarray(values, jnp.float32), chance, effort, baseline, world)

    return play


def scaled(uniform: Floats) -> Floats:
    """Stretch numbers from 0 to 1 over the parameters' priors.

    Args:
        uniform: shape (F, 23).

    Returns:
        Values in each parameter's unit, of the same shape.
    """
    low = np.array([item.low for item in PARAMETERS])
    high = np.array([item.high for item in PARAMETERS])
    return np.asarray(low + (high - low) * uniform)
