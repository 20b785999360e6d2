"""Measured: calibration by simulation of the fast sampler, on worlds drawn from its own prior."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.shares import event_shares
from tocsin.anticipate.diffusion.hazard.density import CELLS_SPREAD, COVARIATE, MEAN_REACH
from tocsin.anticipate.diffusion.hazard.design import BINS, Design, Links, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.em import BASE_RATE, BASE_SHAPE, STEP_SHAPE
from tocsin.anticipate.diffusion.hazard.gibbs import CARRIES, SPREADS, sample_gibbs
from tocsin.anticipate.diffusion.hazard.posterior import Posterior, keep_draws
from tocsin.anticipate.diffusion.tables.cases import Cases
from tocsin.anticipate.diffusion.tables.times import Floats
from tocsin.bench.diffusion.plants import empty_world
from tocsin.bench.ranks import RANKED, judge_ranks, rank

GROUPS, FEWEST, MOST = 120, 20, 250
"""Organisations of a world, and the first uses between which a world is kept. What is kept hangs on
the data alone, which leaves the ranks as they are."""
Row = dict[str, float]


@dataclass(frozen=True)
class World:
    """This holds a world that was drawn from the prior.

    Args:
        cases, links: its cases, n of them, and the ties between them.
        truth: the parameters, as a posterior of one draw.
        onset: first uses in units of the clock, infinite where there is none, shape (n,).
    """

    cases: Cases
    links: Links
    truth: Posterior
    onset: Floats

    @property
    def design(self) -> Design:
        """This is what the world is fitted to."""
        return make_design(self.cases, self.links, self.onset, channels=self.truth.s.shape[1])


def draw_world(network: pl.DataFrame, seed: int) -> World:
    """Draw a world from the prior, until one has neither too few nor too many first uses.

    Args:
        network: from `plants.real_ties`.
        seed: start of all random numbers.

    Returns:
        The world, with one covariate.
    """
    random = np.random.default_rng([seed, 5])
    cases, ties = empty_world(network, random, classes=3)
    x = random.standard_normal((len(cases.actor), 1))
    cases = replace(cases, covariates=x, covariate_names=("x",))
    links = link_cases(cases, ties)
    nobody = np.full(len(cases.actor), np.inf)
    design = make_design(cases, links, nobody, channels=len(ties.channels))
    while True:
        truth = draw_prior(design, random)
        onset = draw_exactly(cases, links, design, truth, random)
        if FEWEST <= np.isfinite(onset).sum() <= MOST:
            return World(cases, links, truth, onset)


def draw_prior(design: Design, random: np.random.Generator) -> Posterior:
    """Draw the parameters once from the prior of the fast sampler.

    Args:
        design: G cells, C classes, K channels and P covariates.
        random: source of random numbers; it is moved on.

    Returns:
        The parameters, as a posterior of one draw.
    """
    channels, classes, bins = design.exposed.shape
    weight = np.exp(-0.5 * (SPREADS / CELLS_SPREAD) ** 2)
    spread = random.choice(SPREADS, p=weight / weight.sum())
    shape = 1.0 / spread**2
    mean = MEAN_REACH / np.maximum(design.degree, 1e-12)
    s = random.exponential(mean, channels) * (random.random(channels) < CARRIES)
    return Posterior(
        base=random.gamma(BASE_SHAPE, 1.0 / BASE_RATE, (1, classes)),
        cell=random.gamma(shape, 1.0 / shape, (1, len(design.cell_technology))),
        walk=random.gamma(STEP_SHAPE, 1.0 / STEP_SHAPE, (1, classes, bins)),
        beta=random.normal(0.0, COVARIATE, (1, design.covariates.shape[1])),
        strength=np.repeat(s[None, :, None], classes, axis=2),
        spread=np.array([spread]),
        s=s[None],
        r_hat=1.0,
        divergences=0,
    )


def draw_exactly(
    cases: Cases, links: Links, design: Design, truth: Posterior, random: np.random.Generator
) -> Floats:
    """Simulate first uses without steps of time: each case comes when its hazard sums to its lot.

    Args:
        cases: the organisations and classes, n cases.
        links: the ties between cases, all of them in force.
        design: any design of these cases; only what does not hang on first uses is read.
        truth: the parameters, a posterior of one draw.
        random: source of random numbers; it is moved on.

    Returns:
        First uses in units of the clock, infinite where there is none, shape (n,).

    Source: Sellke (1983), Journal of Applied Probability 20.
    """
    width = cases.end - cases.start
    lift = np.exp(design.covariates @ truth.beta[0])
    own = truth.base[0][cases.technology] * truth.cell[0][design.case_cell] * lift / width
    matrix = np.zeros((len(own), len(own)))
    carried = links.weight * truth.s[0][links.channel] / width
    np.add.at(matrix, (links.target, links.source), carried)
    left = random.exponential(size=len(own))
    onset, network = np.full(len(own), np.inf), np.zeros(len(own))
    edges = np.linspace(cases.start, cases.end, BINS + 1)
    now, user = cases.start, np.zeros(len(own), dtype=bool)
    while now < cases.end:
        b = min(int(np.searchsorted(edges, now, side="right")) - 1, BINS - 1)
        rate = own * truth.walk[0][cases.technology, b] + network
        from_here = np.maximum(cases.entry, now)
        with np.errstate(divide="ignore"):
            at = np.where(np.isinf(onset), from_here + left / rate, np.inf)
        at = np.where(at < cases.exit, at, np.inf)
        goes = np.where(user & (cases.stays > now), cases.stays, np.inf)
        first, leaving = int(at.argmin()), int(goes.argmin())
        then = min(at[first], goes[leaving], edges[b + 1])
        there = np.maximum(np.minimum(cases.exit, then) - from_here, 0.0)
        left = np.where(np.isinf(onset), left - rate * there, left)
        if then == at[first]:
            onset[first], user[first] = then, True
            network = network + matrix[:, first]
        elif then == goes[leaving]:
            user[leaving] = False
            network = np.maximum(network - matrix[:, leaving], 0.0)
        now = then
    return onset


def ranks(network: pl.DataFrame, seed: int) -> Row:
    """Fit one world, and tell where the true values lie among the draws.

    Args:
        network: from `plants.real_ties`, with `GROUPS` organisations.
        seed: start of all random numbers.

    Returns:
        `events`, `r_hat`, and the rank from 0 to 1 of each quantity, under `rank_…`.
    """
    world = draw_world(network, seed)
    design = world.design
    posterior = sample_gibbs([design], seed=seed, draws=250, warmup=200)[0]
    true, drawn = (
        _quantities(design, world.truth),
        _quantities(design, keep_draws(posterior, RANKED)),
    )
    random = np.random.default_rng([seed, 6])
    out: Row = {"events": float(len(design.case)), "r_hat": posterior.r_hat}
    for name, values in drawn.items():
        out[f"rank_{name}"] = rank(float(true[name][0]), values, random)
    return out


def _quantities(design: Design, posterior: Posterior) -> dict[str, Floats]:
    """What has a rank: each of shape (S,)."""
    share = event_shares(design, posterior).mean(1)
    fullest = int(np.bincount(design.cell).argmax())
    out = {f"share_{k}": share[:, k] for k in range(share.shape[1])}
    out |= {f"s_{k}": posterior.s[:, k] for k in range(share.shape[1])}
    return out | {
        "beta": posterior.beta[:, 0],
        "base": np.log(posterior.base).mean(1),
        "spread": posterior.spread,
        "u_fullest": posterior.cell[:, fullest],
        "u_spread": np.log(posterior.cell).std(1),
        "b_rise": np.log(posterior.walk[:, :, -1] / posterior.walk[:, :, 0]).mean(1),
    }


def judge_worlds(rows: pl.DataFrame) -> Row:
    """Tell whether the ranks of all quantities stay within their bands, and whether chains mixed.

    Args:
        rows: a row for each world, from `ranks`.

    Returns:
        As `tocsin.bench.ranks.judge_ranks` has it, and `r_hat_95`.
    """
    return judge_ranks(rows) | {"r_hat_95": float(rows["r_hat"].quantile(0.95) or np.nan)}
