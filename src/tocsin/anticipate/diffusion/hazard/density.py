"""The hazard as a Bayesian model: its priors, and its density.

    h_ic(t) = μ_c g_territory,c exp(x_i β) b_c(t) + Σ_k s_k r_kc Σ_j w^k_ij(t) y_jc(t)

g is gamma with mean 1, b the exponent of a random walk around 0, r log-normal around 1. The square
root of s is half-normal, so that s has a peak at 0 and a long tail: a channel that carries nothing
takes little from one that does. Given all else, the likelihood of one cell's g is a polynomial
times an exponential, so that g is integrated out exactly. That leaves no funnel, and a cell without
any event costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tocsin.anticipate.diffusion.hazard.padding import Room
from tocsin.errors import require

RATE, RATE_SPREAD = -1.5, 1.5
"""Prior of log μ: first uses per window outside the network; about 0.02 to 2.6."""
MEAN_REACH = 12.0
"""Prior mean of s: first uses per window when all that one is tied to are users."""
CELLS_SPREAD = 1.0
"""Scale of the standard deviation of g between territories."""
WALK = 0.15
"""Scale of the random walk's step, in logs, from bin to bin."""
CLASSES_SPREAD = 0.3
"""Scale of how much a channel differs between classes, in logs."""
COVARIATE = 0.5
"""Standard deviation of β, per standard deviation of a covariate."""

POSITIVE = ("walk_scale", "root", "ratio_scale", "spread")
"""Parameters that the sampler moves as logarithms."""


def make_model(room: Room) -> Callable[[dict[str, Any]], None]:
    """Make the probabilistic model of data that are padded to one shape, for NumPyro.

    Args:
        room: the sizes to which the data are padded.

    Returns:
        A function of the padded data (from `pad_design`) that declares priors and likelihood.

    Raises:
        MissingExtra: NumPyro or JAX, of the extra `anticipate`, is not installed.
    """
    numpyro = require("numpyro", extra="anticipate")
    jnp = require("jax", extra="anticipate").numpy
    dist = numpyro.distributions
    channels, classes, bins, covariates = room.channels, room.classes, room.bins, room.covariates

    def model(data: dict[str, Any]) -> None:
        log_base = numpyro.sample("log_base", dist.Normal(RATE, RATE_SPREAD).expand([classes]))
        scale = numpyro.sample("walk_scale", dist.HalfNormal(WALK))
        step = numpyro.sample("walk_step", dist.Normal(0.0, 1.0).expand([classes, bins - 1]))
        walk = walk_path(jnp, step, scale)
        root = numpyro.sample("root", dist.HalfNormal(1.0).expand([channels]))
        strength = (root**2 * MEAN_REACH / data["degree"])[:, None] * jnp.ones((channels, classes))
        if classes > 1:
            spread = numpyro.sample("ratio_scale", dist.HalfNormal(CLASSES_SPREAD))
            ratio = numpyro.sample("ratio", dist.Normal(0.0, 1.0).expand([channels, classes]))
            strength = strength * jnp.exp(spread * ratio)
        base = jnp.exp(log_base)
        technology = data["technology"]
        outside = base[technology] * walk[technology, data["bin"]]
        network = (data["exposure"] * strength[:, technology].T).sum(1)
        cell = data["cell_technology"]
        if covariates:
            beta = numpyro.sample("beta", dist.Normal(0.0, COVARIATE).expand([covariates]))
            outside = outside * jnp.exp(data["x_event"] @ beta)
            rows = (data["at_risk"] * walk[cell[data["row_cell"]]]).sum(1)
            rows = rows * jnp.exp(data["x"] @ beta)
            risk = jnp.zeros(cell.shape[0]).at[data["row_cell"]].add(rows)
        else:
            risk = (data["at_risk"] * walk[cell]).sum(1)
        risk = risk * base[cell]
        numpyro.factor("network", -(strength * data["total"]).sum())
        hazard = outside + network
        numpyro.factor("events", (data["real"] * jnp.log(hazard)).sum())
        if not room.most:
            numpyro.factor("risk", -risk.sum())
            return
        spread = numpyro.sample("spread", dist.HalfNormal(CELLS_SPREAD))
        share = jnp.append(outside / hazard, 0.0)[data["slot"]]
        numpyro.factor("cells", integrate_cells(share, risk, 1.0 / spread**2, data))

    return model


def integrate_cells(share: Any, risk: Any, shape: Any, data: dict[str, Any]) -> Any:
    """Compute the log-likelihood after integrating out g, the gamma-distributed rate of each cell.

    For each cell it is log E over g of Π(share g + 1 − share) exp(−g risk); the cells are summed.
    Gauss-Laguerre quadrature with one set of nodes serves all cells. The nodes are enough for the
    expectation of the polynomial to be exact.

    Args:
        share: part of the rate outside the network at each event, by cell, shape (used, most); 0
            where there is no event.
        risk: first uses expected where g is 1, shape (cells,).
        shape: the shape of the gamma distribution, whose mean is 1.
        data: padded data; this function reads `used`, the cells with an event, and `slot_real`,
            which is 1 where there is such a cell.

    Returns:
        One number, in nats.
    """
    jax = require("jax", extra="anticipate")
    jnp = jax.numpy
    node, log_weight = _nodes(shape, share.shape[1] // 2 + 1)
    g = node / (shape + risk[data["used"]][:, None])
    log = jnp.log(share[:, :, None] * g[:, None, :] + 1.0 - share[:, :, None]).sum(1)
    events = jax.scipy.special.logsumexp(log + log_weight, axis=1)
    return (data["slot_real"] * events).sum() - (shape * jnp.log1p(risk / shape)).sum()


def _nodes(shape: Any, count: int) -> tuple[Any, Any]:
    """Nodes of a gamma of this shape and rate 1, and logs of their weights (Golub and Welsch 1969).

    The weights come from the polynomials themselves: those of eigenvectors lose the far nodes.
    """
    jax = require("jax", extra="anticipate")
    jnp, gammaln = jax.numpy, jax.scipy.special.gammaln
    alpha, k = shape - 1.0, jnp.arange(1.0, count)
    beside = jnp.sqrt(k * (k + alpha))
    matrix = jnp.diag(2.0 * jnp.arange(count) + 1.0 + alpha)
    matrix = matrix + jnp.diag(beside, 1) + jnp.diag(beside, -1)
    node = jnp.maximum(jnp.linalg.eigvalsh(matrix), 1e-300)
    before, now = jnp.ones(count), 1.0 + alpha - node
    for n in range(1, count + 1):
        before, now = now, ((2 * n + 1 + alpha - node) * now - (n + alpha) * before) / (n + 1)
    log = gammaln(count + shape) - gammaln(shape) - gammaln(count + 1.0)
    return node, log + jnp.log(node) - 2.0 * jnp.log((count + 1) * jnp.abs(now))


def walk_path(xp: Any, step: Any, scale: Any) -> Any:
    """Turn the steps of a random walk into b, the course in time of the rate outside the network.

    b is the exponent of the walk; the logs of b have mean 0 over the window.

    Args:
        xp: the array library, numpy or jax.numpy.
        step: standard normal steps, shape (..., B - 1).
        scale: standard deviation of the steps on the log scale.

    Returns:
        Positive factors of shape (..., B).
    """
    first = 0.0 * step.sum(-1, keepdims=True)
    path = xp.concatenate([first, xp.cumsum(step * scale, axis=-1)], axis=-1)
    return xp.exp(path - path.mean(-1, keepdims=True))
