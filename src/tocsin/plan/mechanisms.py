"""Mechanisms by name: processes that other packages add to the regional model.

A mechanism has parameters with priors (`PARAMETERS`) and a function `step`, which is called once
a simulated month after the model's own processes. The model's own are one file today
(`tocsin.plan.model`). A mechanism that is not asked for is not traced, and has no effect at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, Protocol
from zlib import crc32

from tocsin.base.registry import Door, Entry
from tocsin.plan.parameters import PARAMETERS, Parameter

if TYPE_CHECKING:
    import jax

    State = Mapping[str, "jax.Array"]
    Step = Callable[[State, State, State, State, "jax.Array"], State]


class Mechanism(Protocol):
    """A module, or any object, of this shape is a mechanism."""

    PARAMETERS: Sequence[Parameter]
    """Its parameters; each future draws all of them anew from their priors."""

    def step(
        self, p: State, lever: State, world: State, state: State, noise: jax.Array
    ) -> Mapping[str, jax.Array]:
        """Move one future on by one month, as a pure function in JAX.

        Args:
            p: a value for each parameter of the model and of the mechanism, scalars.
            lever: the effect of each lever that is in force, scalars.
            world: what holds at month 0: `level` (N,), `capability` (N, K) and `border` (N, N).
            state: what holds after the model's own processes of the month: `excited` (N,),
                `capability` (N, K), `grievance` (N,), `rung` (N,) and `service` (N,).
            noise: numbers spread evenly between 0 and 1, one for each territory, shape (N,); they
                are the same under every portfolio.

        Returns:
            The state variables that it changes, each of the shape that it had.
        """
        ...


@dataclass(frozen=True)
class Guest:
    """This is a mechanism of another package. Its changes are checked while the model is traced."""

    entry: Entry
    parameters: tuple[Parameter, ...]
    function: Step

    @property
    def number(self) -> int:
        """This number, a digest of its name, sets its random numbers apart from all others'."""
        return crc32(self.entry.name.encode())

    def step(
        self, p: State, lever: State, world: State, state: State, noise: jax.Array
    ) -> dict[str, jax.Array]:
        """Call the mechanism, check what it changed, and give the state after it.

        Args:
            p, lever, world, state, noise: as `Mechanism.step` takes them.

        Returns:
            All state variables, each of the shape that it had.

        Raises:
            PluginFailed: the mechanism raised, changed what is no state variable, or changed the
                shape of one.
        """
        import jax.numpy as jnp

        with self.entry.blamed():
            changes = self.function(dict(p), dict(lever), dict(world), dict(state), noise)
        if not isinstance(changes, Mapping):
            raise self.entry.failed("gave no mapping of state variables")
        for name, value in changes.items():
            if name not in state:
                raise self.entry.failed(f"changed '{name}'; the state is {', '.join(state)}")
            if jnp.shape(value) != state[name].shape:
                raise self.entry.failed(
                    f"gave '{name}' the shape {jnp.shape(value)}, not {state[name].shape}"
                )
        return {
            name: jnp.asarray(changes.get(name, value), value.dtype)
            for name, value in state.items()
        }


def admit(entry: Entry, loaded: Any) -> Guest:
    """Take what a package offers as a mechanism.

    Args:
        entry: the entry point, by which errors name the package.
        loaded: what the entry point gave, a module or any object.

    Returns:
        The mechanism, with its parameters.

    Raises:
        PluginFailed: it lacks `PARAMETERS` or `step`, or a parameter has no proper prior or the
            name of one of the model's own.
    """
    step, parameters = getattr(loaded, "step", None), getattr(loaded, "PARAMETERS", None)
    if not callable(step) or not isinstance(parameters, Sequence):
        raise entry.failed("is no mechanism: PARAMETERS and a function step are needed")
    taken = {own.name for own in PARAMETERS}
    for one in parameters:
        if not isinstance(one, Parameter):
            raise entry.failed("has a parameter that is no tocsin.plan.parameters.Parameter")
        if one.name in taken:
            raise entry.failed(f"has a parameter '{one.name}', which is there already")
        if not (isfinite(one.low) and isfinite(one.high) and one.low <= one.high):
            raise entry.failed(f"has a parameter '{one.name}' from {one.low} to {one.high}")
        taken.add(one.name)
    return Guest(entry, tuple(parameters), step)


MECHANISMS: Door[Guest] = Door(
    kind="mechanism",
    group="tocsin.mechanisms",
    own={},
    admit=admit,
    meaning="adds a process to the regional model, with parameters of its own",
)
"""Where a mechanism is found by its name."""
