"""Studies of villages as network studies publish them, beside NUTS that is written apart.

    python benchmarks/diffusion_villages.py 1 6

Study n has 50 farmers' groups in two to five villages, between which nobody is tied, so that the
network has several parts. Each names three of its own village (column `ego`, `alter`), and is
exposed to them. Base rate and strength are such that the network carries 0.8 in the mean of pilots;
a study ends when 43 have it, and who has not is left empty. Even studies tell the year with
decimals, odd ones the whole year in which it came, counted from 1. Each is answered by the command
on its two files. Beside it stands NUTS of NumPyro on a model that is written here from the page
docs/methods/diffusion.md, without a line of the house: exposures by loops over nodes, for exact
times one data set. For whole years it is the sampler of `diffusion_kinds.py`, which draws times
within their years and parameters together; until decision 225 it was NUTS for twenty data sets in
which each first use lies anywhere in its year. Written before the first run: the mean is within
0.02 of that and both ends within 0.05, in all five, and four of five 90 % intervals hold the true
share.
"""

from __future__ import annotations

import json
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import numpyro
import numpyro.distributions as dist
import polars as pl
from diffusion_kinds import Study, Told, ask, by_metropolis
from numpyro.infer import MCMC, NUTS

NODES, NAMED, ENDED, SHARE, BINS, BASE = 50, 3, 43, 0.8, 8, 0.02
Floats = npt.NDArray[np.float64]
jax.config.update("jax_enable_x64", True)
numpyro.set_host_device_count(1)


def main(first: int, last: int) -> None:
    """Print a line for each study, as JSON."""
    for number in range(first, last):
        random = np.random.default_rng([1966, number])
        tied = names(random, villages=2 + number % 4)
        onset, part = study(tied, strength_of(tied, random), random)
        whole = number % 2 == 1
        with tempfile.TemporaryDirectory() as folder:
            told = answered(Path(folder), tied, onset, whole=whole)
        beside = by_nuts(tied, onset, whole=whole, seed=number)
        off = np.abs(np.array(told["share"]) - beside)
        line = {"study": number, "villages": 2 + number % 4, "years": whole, "true": round(part, 3)}
        line |= told | {"nuts": beside.round(3).tolist(), "off": off.round(3).tolist()}
        print(json.dumps(line), flush=True)


def names(random: np.random.Generator, *, villages: int) -> Floats:
    """Whom each names: 1 in row i and column j where i is exposed to j."""
    tied = np.zeros((NODES, NODES))
    village = np.arange(NODES) % villages
    for i in range(NODES):
        near = np.flatnonzero((village == village[i]) & (np.arange(NODES) != i))
        tied[i, random.choice(near, NAMED, replace=False)] = 1.0
    return tied


def study(tied: Floats, strength: float, random: np.random.Generator) -> tuple[Floats, float]:
    """First uses in years, infinite where the study ended before, and the network's share."""
    onset, now, parts = np.full(NODES, np.inf), 0.0, []
    for _ in range(ENDED):
        by = strength * tied @ (onset <= now)
        rate = np.where(onset <= now, 0.0, BASE + by)
        now += random.exponential(1.0 / rate.sum())
        node = int(random.choice(NODES, p=rate / rate.sum()))
        onset[node] = now
        parts.append(by[node] / (BASE + by[node]))
    return onset, float(np.mean(parts))


def strength_of(tied: Floats, random: np.random.Generator) -> float:
    """The strength at which the network carries `SHARE` in the mean of pilots."""
    low, high = 0.0, 2.0
    for _ in range(12):
        middle = (low + high) / 2
        part = np.mean([study(tied, middle, random)[1] for _ in range(40)])
        low, high = (middle, high) if part < SHARE else (low, middle)
    return high


def answered(folder: Path, tied: Floats, onset: Floats, *, whole: bool) -> dict[str, object]:
    """What the command says of the network's share: mean and ends."""
    known = np.isfinite(onset)
    times = [f"{np.ceil(t):.0f}" if whole else f"{t:.6f}" for t in onset[known]]
    toa = iter(times)
    rows = {
        "id": [f"farm {i}" for i in range(NODES)],
        "toa": [next(toa) if k else "" for k in known],
    }
    pl.DataFrame(rows).write_csv(folder / "adoptions.csv")
    ends = [(f"farm {i}", f"farm {j}") for i, j in np.argwhere(tied)]
    pl.DataFrame(ends, schema=["ego", "alter"], orient="row").write_csv(folder / "ties.csv")
    return ask(folder, "--unit", "year")


def by_nuts(tied: Floats, onset: Floats, *, whole: bool, seed: int) -> Floats:
    """Mean and ends of the share by a model that is written here."""
    random = np.random.default_rng([7, seed])
    known = np.isfinite(onset)
    if not whole:
        return summed([shares(tied, onset, onset[known].max(), seed, 3000)])
    source, target = np.argwhere(tied)[:, ::-1].T
    ones, forever = np.ones(len(source)), np.full(len(source), np.inf)
    there = np.full(NODES, np.inf)
    made = Study(source, target, ones, 0.0 * ones, forever, np.zeros(NODES), there)
    last = np.ceil(onset)[None]
    told = Told(last - known, last, float(last[np.isfinite(last)].max()))
    return by_metropolis(made, told, random)


def summed(drawn: list[Floats]) -> Floats:
    """Mean and ends of the draws of all data sets together."""
    share = np.concatenate(drawn)
    return np.array([share.mean(), *np.quantile(share, (0.05, 0.95))])


def model(risk: jax.Array, total: jax.Array, step: jax.Array, users: jax.Array) -> None:
    """The hazard of docs/methods/diffusion.md for one class in one territory."""
    level = jnp.exp(numpyro.sample("level", dist.Normal(-1.5, 1.5)))
    scale = numpyro.sample("scale", dist.HalfNormal(0.15))
    moves = numpyro.sample("moves", dist.Normal(0.0, 1.0).expand([BINS - 1]))
    path = jnp.concatenate([jnp.zeros(1), jnp.cumsum(scale * moves)])
    course = level * jnp.exp(path - path.mean())
    strength = numpyro.sample("root", dist.HalfNormal(1.0)) ** 2 * 12.0 / NAMED
    rate = course[step] + strength * users
    numpyro.factor("first uses", jnp.log(rate).sum())
    numpyro.factor("time", -(course * risk).sum() - strength * total)
    numpyro.deterministic("share", (strength * users / rate).mean())


@lru_cache
def sampler_of(draws: int) -> MCMC:
    """A sampler that is compiled once for all data of one size."""
    return MCMC(
        NUTS(model, target_accept_prob=0.95), num_warmup=800, num_samples=draws, num_chains=2,
        chain_method="vectorized", progress_bar=False, jit_model_args=True,
    )  # fmt: skip


def shares(tied: Floats, onset: Floats, end: float, seed: int, draws: int) -> Floats:
    """Draws of the network's share: the mean over first uses of its part of the rate."""
    edges = np.linspace(0.0, end, BINS + 1)
    at_risk, spent = np.zeros(BINS), 0.0
    events, exposed = [], []
    for i in range(NODES):
        stop = min(onset[i], end)
        at_risk += np.clip(np.minimum(stop, edges[1:]) - edges[:-1], 0.0, None) / end
        for j in np.flatnonzero(tied[i]):
            spent += max(stop - onset[j], 0.0) / end
        if np.isfinite(onset[i]):
            events.append(min(int(onset[i] / end * BINS), BINS - 1))
            exposed.append(sum(1.0 for j in np.flatnonzero(tied[i]) if onset[j] < onset[i]))
    step, users = jnp.array(events), jnp.array(exposed)

    sampler = sampler_of(draws)
    sampler.run(jax.random.PRNGKey(seed), jnp.array(at_risk), spent, step, users)
    return np.asarray(sampler.get_samples()["share"])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
