"""Draws of the hazard's parameters, by NUTS.

NUTS: Hoffman and Gelman (2014), Journal of Machine Learning Research 15. The rates of cells are
integrated out while sampling (`density`) and drawn afterwards from their exact conditional, a
mixture of gammas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from tocsin.anticipate.diffusion.hazard.density import (
    CELLS_SPREAD,
    CLASSES_SPREAD,
    MEAN_REACH,
    POSITIVE,
    WALK,
    make_model,
    walk_path,
)
from tocsin.anticipate.diffusion.hazard.design import Design
from tocsin.anticipate.diffusion.hazard.em import fit_em
from tocsin.anticipate.diffusion.hazard.padding import Room, find_room, pad_design
from tocsin.anticipate.diffusion.tables.times import Floats
from tocsin.base.compiled import jax_for
from tocsin.errors import require
from tocsin.schema.tables.anticipated.diffusion import CONVERGED

ACCEPT = 0.9
"""Share of proposals that the sampler aims to accept; high, so that none diverges."""


DRAWS, WARMUP, CHAINS = 500, 400, 4
"""Draws of each chain that are kept, steps that adapt it before them, and chains."""
BURN = 40
"""Steps that are thrown away where the sampler is adapted already."""


@dataclass(frozen=True)
class Posterior:
    """This holds S draws of the parameters from their posterior; rates are per window.

    Args:
        base: μ_c, the rate outside the network by class, shape (S, C).
        cell: g, the factor of each cell on that rate, shape (S, G).
        walk: b, the course of that rate in time, a factor, shape (S, C, B).
        beta: the effect of each covariate on the log of that rate, shape (S, P).
        strength: s_k r_kc, the rate for one unit of weight, by channel and class, shape (S, K, C).
        spread: the standard deviation of g, shape (S,).
        s: s_k, the part of the strength that all classes share, by channel, shape (S, K).
        r_hat: the largest split R-hat over chains (near 1: they agree); NaN with one chain.
        divergences: how many steps of the sampler diverged; more than a few are a warning.
    """

    base: Floats
    cell: Floats
    walk: Floats
    beta: Floats
    strength: Floats
    spread: Floats
    s: Floats
    r_hat: float
    divergences: int


def keep_draws(posterior: Posterior, count: int) -> Posterior:
    """Keep some draws of a posterior, at even distances.

    Args:
        posterior: S draws.
        count: how many are kept; all of them if there are fewer.
    """
    size = len(posterior.base)
    which = np.linspace(0, size - 1, min(count, size)).round().astype(int)
    names = ("base", "cell", "walk", "beta", "strength", "spread", "s")
    return replace(posterior, **{name: getattr(posterior, name)[which] for name in names})


def sample(
    designs: Sequence[Design],
    *,
    seed: int,
    draws: int = DRAWS,
    warmup: int = WARMUP,
    chains: int = CHAINS,
) -> list[Posterior]:
    """Draw from the posterior by NUTS, for each of several imputations of the same cases.

    Args:
        designs: one design for each imputation, from `make_design`.
        seed: start of all random numbers; the same seed gives the same bits.
        draws: how many draws of each chain and imputation are kept.
        warmup: how many steps of each chain only adapt the sampler, and are not kept.
        chains: how many chains run side by side.

    Returns:
        A posterior for each design, in their order, with S = draws × chains.

    Raises:
        MissingExtra: the extra `anticipate` is not installed.

    Source: Hoffman and Gelman (2014), The No-U-Turn Sampler, Journal of Machine Learning Research
    15; computed by NumPyro.
    """
    jax = require("jax", extra="anticipate")
    require("numpyro", extra="anticipate")
    room = find_room(designs)
    out = []
    with jax.enable_x64(True):
        run, adapt = _runner(room, warmup, draws)
        adapted, last = None, None
        keys = jax.random.split(jax.random.PRNGKey(seed), (len(designs), chains))
        for number, (key, design) in enumerate(zip(keys, designs, strict=True)):
            random = np.random.default_rng([seed, number])
            data = pad_design(design, room)
            if last is None:
                start = _start(design, room, chains, random)
                drawn, bad, last, adapted = run(key, start, data, _none(adapt, key, start, data), 1)
            else:
                # Imputations differ little, so the sampler keeps what it has learnt of the shape.
                drawn, bad, last, adapted = run(key, last, data, adapted, 0)
            found = {name: np.asarray(value) for name, value in drawn.items()}
            flat = {name: value.reshape(-1, *value.shape[2:]) for name, value in found.items()}
            diverged = int(np.asarray(bad).sum())
            out.append(_posterior(design, flat, _largest_r_hat(found), diverged, random))
    return out


def note_of_chains(posteriors: Sequence[Posterior]) -> list[str]:
    """Say so where the chains of a sampler do not agree.

    Args:
        posteriors: one of each imputation.

    Returns:
        A sentence, or nothing where R-hat is at most `CONVERGED` in all of them.
    """
    bad = [one.r_hat for one in posteriors if one.r_hat > CONVERGED]
    if not bad:
        return []
    return [
        f"The sampler's chains do not agree in {len(bad)} of {len(posteriors)} fits (R-hat up to "
        f"{max(bad):.3f}, aim {CONVERGED}): take shares and their intervals with care."
    ]


def _largest_r_hat(found: dict[str, Floats]) -> float:
    split = require("numpyro", extra="anticipate").diagnostics.split_gelman_rubin
    sizes = [value for value in found.values() if value.size and np.ptp(value) > 0]
    return max(float(np.nanmax(split(value))) for value in sizes)


def _posterior(
    design: Design, flat: dict[str, Floats], r_hat: float, bad: int, random: np.random.Generator
) -> Posterior:
    classes = design.total.shape[1]
    base = np.exp(flat["log_base"])
    walk = walk_path(np, flat["walk_step"], flat["walk_scale"][:, None, None])
    ratio = np.ones((len(base), *design.total.shape))
    if classes > 1:
        ratio = np.exp(flat["ratio_scale"][:, None, None] * flat["ratio"])
    s = flat["root"] ** 2 * MEAN_REACH / design.degree
    strength = s[:, :, None] * ratio
    beta = flat.get("beta", np.zeros((len(base), 0)))
    spread = flat.get("spread", np.zeros(len(base)))
    cell = np.ones((len(base), len(design.cell_technology)))
    if len(cell[0]) > classes:
        outside = outside_parts(design, base, walk, beta)
        cell = _draw_cells(design, outside, strength, spread, random)
    return Posterior(base, cell, walk, beta, strength, spread, s, r_hat, bad)


def _draw_cells(
    design: Design,
    outside: tuple[Floats, Floats],
    strength: Floats,
    spread: Floats,
    random: np.random.Generator,
) -> Floats:
    """g from its exact conditional: gamma, its shape raised by a Poisson-binomial count."""
    event, risk = outside
    network = np.einsum("nk,skn->sn", design.exposure, strength[:, :, design.technology])
    shape = 1.0 / spread[:, None] ** 2
    count = np.zeros((len(spread), len(design.cell_technology)))
    for g in np.unique(design.cell):
        at = np.flatnonzero(design.cell == g)
        p, q = event[:, at], network[:, at]
        weight = _coefficients(p, q)
        m = np.arange(len(at) + 1)
        log = np.log(np.maximum(weight, 1e-300)) + _log_moment(m, shape, risk[:, [g]])
        chance = np.exp(log - log.max(1, keepdims=True))
        chance = np.cumsum(chance / chance.sum(1, keepdims=True), axis=1)
        count[:, g] = (random.random((len(spread), 1)) > chance).sum(1)
    return random.gamma(shape + count, 1.0 / (shape + risk))


def outside_parts(
    design: Design, base: Floats, walk: Floats, beta: Floats
) -> tuple[Floats, Floats]:
    """Compute the rate outside the network, where the cell's factor g is 1.

    Args:
        design: N events, G cells, C classes, B bins and P covariates.
        base: rate outside the network by class, per window, shape (S, C).
        walk: its course in time, shape (S, C, B).
        beta: the effects of the covariates, shape (S, P).

    Returns:
        The rate at each event, per window, shape (S, N); and the number of first uses that this
        rate lets expect in each cell over the window, shape (S, G).
    """
    technology = design.cell_technology[design.case_cell]
    lift = np.exp(beta @ design.covariates.T)
    event = base[:, design.technology] * walk[:, design.technology, design.bin]
    event = event * lift[:, design.case]
    if beta.shape[1]:
        by_case = np.einsum("nb,snb->sn", design.at_risk, walk[:, technology]) * lift
        risk = np.stack([np.bincount(design.case_cell, row) for row in by_case])
    else:
        whole = np.zeros((len(design.cell_technology), design.at_risk.shape[1]))
        np.add.at(whole, design.case_cell, design.at_risk)
        risk = np.einsum("gb,sgb->sg", whole, walk[:, design.cell_technology])
    return event, risk * base[:, design.cell_technology]


def _coefficients(p: Floats, q: Floats) -> Floats:
    """Coefficients of Π(p_i z + q_i), scaled, shape (S, n + 1)."""
    out = np.zeros((len(p), p.shape[1] + 1))
    out[:, 0] = 1.0
    for i in range(p.shape[1]):
        size = p[:, i] + q[:, i]
        out[:, 1:] = out[:, 1:] * (q[:, [i]] / size[:, None]) + out[:, :-1] * (
            p[:, [i]] / size[:, None]
        )
        out[:, 0] *= q[:, i] / size
    return out


def _log_moment(m: Any, shape: Floats, risk: Floats) -> Floats:
    """log E[g^m exp(−g risk)] of a gamma of mean 1, but for what does not depend on m."""
    from scipy.special import gammaln

    return np.asarray(gammaln(shape + m) - gammaln(shape) - m * np.log(shape + risk))


def _start(
    design: Design, room: Room, chains: int, random: np.random.Generator
) -> dict[str, Floats]:
    """Where chains start, in the sampler's own coordinates: the EM fit, scattered."""
    fit = fit_em(design)
    count = np.bincount(design.cell_technology, minlength=room.classes)
    base = np.bincount(design.cell_technology, fit.cell, room.classes) / count
    root = np.sqrt(np.maximum(fit.strength * design.degree / MEAN_REACH, 0.01))
    centre: dict[str, Any] = {
        "log_base": np.log(np.maximum(base, 1e-3)),
        "walk_scale": np.log(WALK),
        "walk_step": np.zeros((room.classes, room.bins - 1)),
        "root": np.log(root),
    }
    if room.classes > 1:
        centre["ratio_scale"] = np.log(CLASSES_SPREAD / 2)
        centre["ratio"] = np.zeros((room.channels, room.classes))
    if room.covariates:
        centre["beta"] = np.zeros(room.covariates)
    if room.most:
        centre["spread"] = np.log(CELLS_SPREAD)
    return {
        name: value + 0.2 * random.standard_normal((chains, *np.shape(value)))
        for name, value in centre.items()
    }


@lru_cache(maxsize=8)
def _runner(room: Room, warmup: int, draws: int) -> tuple[Any, Any]:
    """NUTS on the model, compiled once for all data of one shape; chains side by side.

    NumPyro's own MCMC compiles anew for every data set, which takes longer than sampling. Beside it
    stands a function whose result has the shape of what the sampler adapts.
    """
    jax = jax_for("anticipate")
    numpyro = require("numpyro", extra="anticipate")
    model = make_model(room)
    energy = numpyro.infer.util.potential_energy

    def potential(data: Any) -> Any:
        return lambda z: energy(model, (data,), {}, z)

    first, move = numpyro.infer.hmc.hmc(potential_fn_gen=potential, algo="NUTS")

    def begin_chain(key: Any, start: Any, data: Any) -> Any:
        return first(start, warmup, target_accept_prob=ACCEPT, model_args=(data,), rng_key=key)

    def chain(key: Any, start: Any, data: Any, adapted: Any, fresh: Any) -> Any:
        begin = begin_chain(key, start, data)

        def step(state: Any, _: Any) -> Any:
            state = move(state, model_args=(data,))
            return state, (state.z, state.diverging)

        known = begin._replace(i=jax.numpy.asarray(warmup, begin.i.dtype), adapt_state=adapted)
        begin = jax.tree.map(lambda a, b: jax.numpy.where(fresh, a, b), begin, known)
        steps = jax.numpy.where(fresh, warmup, BURN)
        warm = jax.lax.fori_loop(0, steps, lambda _, state: step(state, None)[0], begin)
        end, (z, bad) = jax.lax.scan(step, warm, None, length=draws)
        values = {name: jax.numpy.exp(v) if name in POSITIVE else v for name, v in z.items()}
        return values, bad, end.z, warm.adapt_state

    def adapt(key: Any, start: Any, data: Any) -> Any:
        return begin_chain(key, start, data).adapt_state

    run = jax.jit(jax.vmap(chain, in_axes=(0, 0, None, 0, None)))
    return run, jax.vmap(adapt, in_axes=(0, 0, None))


def _none(adapt: Any, key: Any, start: Any, data: Any) -> Any:
    """An adaptation of the right shape that says nothing."""
    jax = require("jax", extra="anticipate")
    shape = jax.eval_shape(adapt, key, start, data)
    return jax.tree.map(lambda one: np.zeros(one.shape, one.dtype), shape)
