"""Mechanisms by name: tocsin's own, and processes that other packages add to the regional model.

A mechanism has parameters with priors (`PARAMETERS`) and a function `step`, which is called once
a simulated week, those of other packages after the model's own
(`tocsin.plan.region.mechanisms.order`). A mechanism that is not asked for is not traced, and has no
effect at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, Protocol

from tocsin.base.registry import Door, Entry
from tocsin.plan.region.mechanisms.order import ORDER, OWN
from tocsin.plan.region.mechanisms.order import Mechanism as Own
from tocsin.plan.region.prior import Parameter

if TYPE_CHECKING:
    import jax

    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.state import State, Values, World

    Named = Mapping[str, "jax.Array"]
    Step = Callable[[Named, Named, Named, Named, "jax.Array"], Named]


class Mechanism(Protocol):
    """A module, or any object, of this shape is a mechanism."""

    PARAMETERS: Sequence[Parameter]
    """Its parameters; each future draws all of them anew from their priors."""

    def step(
        self, p: Named, lever: Named, world: Named, state: Named, noise: jax.Array
    ) -> Mapping[str, jax.Array]:
        """Move one future on by one week, as a pure function in JAX.

        Args:
            p: a value for each parameter of the model and of the mechanism, scalars.
            lever: the level of each lever that is in force, scalars.
            world: what holds at the start: `level` (deaths a week, (N,)), `capability` (N, K) and
                `border` (N, N).
            state: what holds after the model's own mechanisms of the week, by the names in
                `state.State`: (N,) where there is one for each territory, such as `grievance`, and
                (N, …) where there are several, such as `capability`; scalars of the region.
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
    noise: int = 1

    def step(self, p: Values, lever: Values, world: World, state: State, noise: Noise) -> State:
        """Call the mechanism for each future and portfolio, and give the state after it.

        Args:
            p, lever, world, state, noise: as the model's own mechanisms take them, with the axes
                of portfolios and futures.

        Returns:
            The state after it.

        Raises:
            PluginFailed: the mechanism raised, changed what is no state variable, or changed the
                shape of one.
        """
        import jax
        import jax.numpy as jnp

        P, F = state.grievance.shape[2:]
        wide = {
            "p": {name: jnp.broadcast_to(value, (P, F)) for name, value in p.items()},
            "lever": {name: jnp.broadcast_to(value, (P, F)) for name, value in lever.items()},
            "world": {
                name: jnp.broadcast_to(value, (*value.shape[:2], P, F))
                for name, value in (("level", world.level), ("capability", world.capability))
            },
            "state": state._asdict(),
            "noise": jnp.broadcast_to(noise.uniform, (*noise.uniform.shape[:2], P, F)),
        }

        def one(given: dict[str, Any]) -> dict[str, jax.Array]:
            held = {name: _plain(value) for name, value in given["state"].items()}
            around = {name: _plain(value) for name, value in given["world"].items()}
            around["border"] = world.border
            after = self._change(given["p"], given["lever"], around, held, given["noise"][:, 0])
            return {name: after[name].reshape(given["state"][name].shape) for name in held}

        return state._replace(**jax.vmap(jax.vmap(one, -1, -1), -1, -1)(wide))

    def _change(
        self, p: Named, lever: Named, world: Named, state: Named, noise: jax.Array
    ) -> dict[str, jax.Array]:
        """All state variables after the mechanism, each of the shape that it had."""
        import jax.numpy as jnp

        with self.entry.blamed():
            changes = self.function(dict(p), dict(lever), dict(world), dict(state), noise)
        if not isinstance(changes, Mapping):
            raise self.entry.failure("gave no mapping of state variables")
        for name, value in changes.items():
            if name not in state:
                raise self.entry.failure(f"changed '{name}'; the state is {', '.join(state)}")
            if jnp.shape(value) != state[name].shape:
                raise self.entry.failure(
                    f"gave '{name}' the shape {jnp.shape(value)}, not {state[name].shape}"
                )
        return {
            name: jnp.asarray(changes.get(name, value), value.dtype)
            for name, value in state.items()
        }


def _plain(value: jax.Array) -> jax.Array:
    """A table without the axes that hold one thing only: (N, 1) is (N,), and (1, 1) a scalar."""
    if value.shape[1] == 1:
        value = value[:, 0]
    return value[0] if value.shape[0] == 1 and value.ndim == 1 else value


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
        raise entry.failure("is no mechanism: PARAMETERS and a function step are needed")
    taken = {own.name for mechanism in OWN.values() for own in mechanism.parameters}
    for one in parameters:
        if not isinstance(one, Parameter):
            raise entry.failure("has a parameter that is no tocsin.plan.region.prior.Parameter")
        if one.name in taken:
            raise entry.failure(f"has a parameter '{one.name}', which is there already")
        if not (isfinite(one.low) and isfinite(one.high) and one.low <= one.high):
            raise entry.failure(f"has a parameter '{one.name}' from {one.low} to {one.high}")
        taken.add(one.name)
    return Guest(entry, tuple(parameters), step)


MECHANISMS: Door[Guest] = Door(
    kind="mechanism",
    group="tocsin.mechanisms",
    own={},
    admit=admit,
    meaning="adds a process to the regional model, with parameters of its own",
    reserved=ORDER,
)
"""Where a mechanism is found by its name."""


def mechanism(name: str) -> Own | Guest:
    """Find a mechanism by its name, tocsin's own or another package's.

    Raises:
        UsageError: there is none.
        PluginFailed: a package offers it, and it cannot be used.
    """
    return OWN[name] if name in OWN else MECHANISMS.find(name)
