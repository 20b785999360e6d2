"""Neural posterior estimation: a conditional flow learns parameters from summaries of worlds.

Papamakarios and Murray (2016), Fast ε-free inference of simulation models with Bayesian conditional
density estimation, NeurIPS 29; masked autoregressive flows: Papamakarios, Pavlakou and Murray
(2017), NeurIPS 30; rational quadratic splines: Durkan and others (2019), NeurIPS 32. The flow is
FlowJAX's. It is trained once for a region and then answers for any data of that region, which is
what makes calibration by simulation cheap.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tocsin.errors import require
from tocsin.plan.calibration.inferred import BOX, to_box, to_line
from tocsin.schema.step import Tell, say_nothing

if TYPE_CHECKING:
    from tocsin.plan.calibration.simulate import Worlds

Floats = npt.NDArray[np.float64]
LAYERS, WIDTH, KNOTS, SPAN = 3, 64, 6, 4.0
"""Layers of the flow, width of its networks, knots of its splines and their reach on either side of
nought. They are the usual small ones; none was tuned on real data."""
BATCH, EPOCHS, RATE = 128, 17, 1e-2
"""Worlds of a step, how often all are gone through, and the rate of learning at its start. The rate
falls to nought as a cosine (Loshchilov and Hutter 2017, SGDR, ICLR): at a steady rate a flow ends
somewhere near its best, and by how far it misses follows the last bits of a processor. Few worlds
are gone through no more often: flows would learn them by heart."""
HELD_OUT = 0.1
"""The share of the worlds by which the best epoch is chosen."""
FLOWS = 4
"""Flows that are trained on the same worlds, each from another start and with another tenth held
out."""
UNIT = 1.8138
"""The standard deviation of a uniform number's logit, π/√3."""
FAR = 6.0
"""Summaries are brought within so many standard deviations of the simulated ones."""


class Estimator(NamedTuple):
    """These are trained flows, with the scale of the summaries that they were trained on."""

    flows: tuple[Any, ...]
    """Conditional distributions of FlowJAX, which are mixed with equal weights."""
    centre: Floats
    """Mean of the summaries, shape (C,)."""
    spread: Floats
    """Their standard deviations, shape (C,)."""

    def sample(self, seen: Floats, *, draws: int, seed: int) -> Floats:
        """Draw from the posterior of one or several regions' summaries.

        Args:
            seen: shape (C,) or (S, C).
            draws: how many.
            seed: start of all random numbers.

        Returns:
            Parameters, shape (draws, D) or (draws, S, D).
        """
        import jax

        keys = jax.random.split(jax.random.key(seed), len(self.flows))
        which = np.random.default_rng(seed).integers(0, len(self.flows), draws)
        # All flows are asked for as many draws as one needs at most: one program serves all.
        most = int(np.bincount(which).max())
        found = np.empty((draws, *seen.shape[:-1], len(BOX)))
        for place, (key, flow) in enumerate(zip(keys, self.flows, strict=True)):
            own = which == place
            drawn = np.asarray(flow.sample(key, (most,), self._scale(seen)), np.float64)
            found[own] = drawn[: own.sum()]
        return to_box(found * UNIT)

    def outside(self, seen: Floats) -> float:
        """How far a region's summaries lie from the simulated ones, in standard deviations.

        Args:
            seen: shape (C,).

        Returns:
            The largest distance of a summary from the mean of the simulated ones. Far outside, no
            simulated world was like the region, and the posterior is an extrapolation.
        """
        return float(np.abs((seen - self.centre) / self.spread).max())

    def _scale(self, seen: Floats) -> npt.NDArray[np.float32]:
        return np.clip((seen - self.centre) / self.spread, -FAR, FAR).astype(np.float32)


def train(worlds: Worlds, *, seed: int, flows: int = FLOWS, tell: Tell = say_nothing) -> Estimator:
    """Train flows on simulated worlds.

    Args:
        worlds: parameters and summaries, S worlds; some thousands are needed.
        seed: start of all random numbers.
        flows: how many are trained.
        tell: is told what part is done.

    Returns:
        The estimator of the posterior.

    Raises:
        MissingExtra: FlowJAX is not installed (extra `calibrate`).
    """
    require("flowjax", extra="calibrate")
    import jax

    spread = np.maximum(worlds.seen.std(0), 1e-6)
    blank = Estimator((), worlds.seen.mean(0), spread)
    target = (to_line(worlds.truth) / UNIT).astype(np.float32)
    condition = blank._scale(worlds.seen)
    trained: list[Any] = []
    for key in jax.random.split(jax.random.key(seed), flows):
        tell("Training", len(trained) / flows)
        trained.append(_train_one(key, target, condition))
    return blank._replace(flows=tuple(trained))


def plan_rate(worlds: int) -> Callable[[int], Any]:
    """Say how fast is learnt at each step of a training on so many worlds.

    Args:
        worlds: how many there are, those held out among them.

    Returns:
        The rate of learning by the number of the step.
    """
    each = max(1, round(worlds * (1 - HELD_OUT)) // BATCH)
    rate: Callable[[int], Any] = require("optax", extra="calibrate").cosine_decay_schedule(
        RATE, EPOCHS * each
    )
    return rate


def _train_one(
    key: Any, target: npt.NDArray[np.float32], condition: npt.NDArray[np.float32]
) -> Any:
    """Train one flow of targets (S, D) given conditions (S, C)."""
    import jax
    import jax.numpy as jnp
    from flowjax.bijections import RationalQuadraticSpline
    from flowjax.distributions import Normal
    from flowjax.flows import masked_autoregressive_flow
    from flowjax.train import fit_to_data

    build, learn = jax.random.split(key)
    flow = masked_autoregressive_flow(
        build,
        base_dist=Normal(jnp.zeros(target.shape[1])),
        transformer=RationalQuadraticSpline(knots=KNOTS, interval=SPAN),
        cond_dim=condition.shape[1],
        flow_layers=LAYERS,
        nn_width=WIDTH,
    )
    found, _ = fit_to_data(
        learn,
        flow,
        (jnp.asarray(target), jnp.asarray(condition)),
        optimizer=require("optax", extra="calibrate").adam(plan_rate(len(target))),
        max_epochs=EPOCHS,
        max_patience=EPOCHS,
        batch_size=BATCH,
        val_prop=HELD_OUT,
        show_progress=False,
    )
    return found
