"""Nine studies of one network of 50 nodes, each of another kind, beside a model written apart.

    python benchmarks/diffusion_kinds.py weights dates undirected

The network carries about 0.8 of the first uses in the mean of pilots. The command reads files; the
model beside it is written here from the page docs/methods/diffusion.md, without a line of the
house: exposures by loops over ties, NUTS of NumPyro, and for first uses that lie between two times
a Metropolis sampler of parameters and times together. Kinds: ties with weights; dates and directed
ties; undirected ties with `--undirected`; late entries and exits; first uses between two times;
half of all pairs tied; two classes; ties that hold for a while, several times; whole years.

Written before the first run: in all nine the mean is within 0.02 of the model beside it and both
ends within 0.05, and at least seven of the 90 % intervals hold the true share.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import numpyro
import numpyro.distributions as dist
import polars as pl
from numpyro.infer import MCMC, NUTS
from typer.testing import CliRunner

from tocsin.cli import app

NODES, SHARE, BINS, BASE, ENDED = 50, 0.8, 8, 0.001, 0.84
WATCHED = 20_000.0
"""Units of time after which a study that does not end is left."""
Floats = npt.NDArray[np.float64]
jax.config.update("jax_enable_x64", True)


@dataclass
class Study:
    """One study: who exposes whom with what weight and when, and who is there when."""

    source: npt.NDArray[np.int64]
    target: npt.NDArray[np.int64]
    weight: Floats
    begin: Floats
    finish: Floats
    entry: Floats
    exit: Floats
    classes: int = 1


@dataclass
class Told:
    """First uses between two times, by class and node, infinite for none; and where it ends."""

    low: Floats
    high: Floats
    end: float


def main(kinds: list[str]) -> None:
    """Print a line for each study, as JSON."""
    for kind in kinds:
        random = np.random.default_rng([2026, list(KINDS).index(kind)])
        study = KINDS[kind](random)
        strength = strength_of(study, random)
        onset, part = spread(study, strength, random)
        told, true = seen(kind, onset, part, random)
        with tempfile.TemporaryDirectory() as folder:
            says = answered(Path(folder), kind, study, told)
        exact = np.array_equal(told.low, told.high)
        beside = by_nuts(study, told) if exact else by_metropolis(study, told, random)
        off = np.abs(np.array(says["share"]) - beside)
        line = {"kind": kind, "true": round(true, 3)} | says
        print(
            json.dumps(line | {"beside": beside.round(3).tolist(), "off": off.round(3).tolist()}),
            flush=True,
        )


def spread(study: Study, strength: float, random: np.random.Generator) -> tuple[Floats, Floats]:
    """First uses and the network's part of the rate at each, by thinning; (classes, nodes)."""
    onset = np.full((study.classes, NODES), np.inf)
    part = np.zeros((study.classes, NODES))
    bound = np.bincount(study.target, study.weight, NODES) * strength + BASE
    for c in range(study.classes):
        now = 0.0
        while np.isinf(onset[c]).any() and now < WATCHED:
            now += random.exponential(1.0 / bound.sum())
            node = int(random.choice(NODES, p=bound / bound.sum()))
            if np.isfinite(onset[c, node]) or not study.entry[node] <= now < study.exit[node]:
                continue
            mine = study.target == node
            user = (onset[c, study.source] < now) & (study.exit[study.source] > now)
            live = mine & user & (study.begin <= now) & (now <= study.finish)
            by = strength * study.weight[live].sum()
            if random.random() * bound[node] < BASE + by:
                onset[c, node], part[c, node] = now, by / (BASE + by)
    return onset, part


def strength_of(study: Study, random: np.random.Generator) -> float:
    """The strength at which the network carries `SHARE` in the mean of pilots."""
    low, high = BASE / 10, BASE * 200
    for _ in range(9):
        middle = float(np.sqrt(low * high))
        shares = []
        for _pilot in range(4):
            onset, part = spread(study, middle, random)
            shares.append(part[np.isfinite(onset)].mean())
        low, high = (middle, high) if np.mean(shares) < SHARE else (low, middle)
    return middle


def seen(kind: str, onset: Floats, part: Floats, random: np.random.Generator) -> tuple[Told, float]:
    """What is told of the first uses until most have come, and the true share of these."""
    end = float(np.ceil(np.quantile(onset[np.isfinite(onset)], ENDED)))
    if kind == "years":
        year = end / 60
        low = np.floor(onset / year)
        known = onset <= end
        return Told(np.where(known, low, np.inf), np.where(known, low + 1, np.inf), 60.0), float(
            part[known].mean()
        )
    known = onset <= end
    low = np.where(known, np.round(onset, 3), np.inf)
    high = low.copy()
    if kind == "between":
        wide = random.choice([0.02, 0.05, 0.1], onset.shape) * end
        low = np.where(
            known, np.round(np.maximum(low - wide * random.random(onset.shape), 0), 2), low
        )
        high = np.where(known, np.round(np.minimum(low + wide, end), 2), high)
        high = np.where(known, np.maximum(high, np.round(np.minimum(onset + 0.01, end), 2)), high)
    if kind == "dates":
        low = high = np.where(known, np.ceil(onset), np.inf)
    return Told(low, high, end), float(part[known].mean())


def answered(folder: Path, kind: str, study: Study, told: Told) -> dict[str, object]:
    """What the command says of the network's share: mean and ends."""
    write: Callable[[float], str] = repr
    if kind == "dates":
        write = lambda time: (date(1999, 12, 31) + timedelta(days=time)).isoformat()  # noqa: E731
    rows = []
    for c in range(study.classes):
        for i in range(NODES):
            known = np.isfinite(told.low[c, i])
            first, last = (
                write(float(one[c, i])) if known else "" for one in (told.low, told.high)
            )
            there = write(float(study.entry[i])), write(float(min(study.exit[i], told.end)))
            rows.append((f"farm {i}", f"kind {c}", first, last, *there))
    names = ["actor", "technology", "from", "to", "entry", "exit"]
    table = pl.DataFrame(rows, schema=names, orient="row")
    if np.array_equal(told.low, told.high):
        table = table.rename({"to": "time"}).drop("from")
    if kind == "years":
        table = table.with_columns(pl.col("to").str.strip_suffix(".0").alias("time")).drop(
            "from", "to"
        )
    if kind not in {"entries"}:
        table = table.drop("entry", "exit")
    if study.classes == 1:
        table = table.drop("technology")
    table.write_csv(folder / "adoptions.csv")
    undirected = kind in {"undirected", "weights", "dense"}
    half = study.source < study.target if undirected else np.ones(len(study.source), dtype=bool)
    ties = pl.DataFrame(
        {
            "source": [f"farm {i}" for i in study.source[half]],
            "target": [f"farm {i}" for i in study.target[half]],
            "weight": study.weight[half], "from": study.begin[half], "to": study.finish[half],
        }
    )  # fmt: skip
    ties = ties if kind == "spells" else ties.drop("from", "to")
    (ties if kind == "weights" else ties.drop("weight")).write_csv(folder / "ties.csv")
    return ask(
        folder, "--start", write(0.0), "--end", write(told.end), *["--undirected"] * undirected
    )


def ask(folder: Path, *options: str) -> dict[str, object]:
    """What the command says of the network's share in a folder's `adoptions.csv` and `ties.csv`."""
    command = ["diffuse", "--adoptions", str(folder / "adoptions.csv"), "--json", *options]
    command += ["--ties", str(folder / "ties.csv"), "--out", str(folder / "out")]
    ran = CliRunner().invoke(app, command)
    if ran.exit_code:
        raise SystemExit(ran.output)
    shares = pl.read_csv(folder / "out" / "shares.csv").filter(pl.col("technology") == "all")
    summary = json.loads((folder / "out" / "diffuse.json").read_text(encoding="utf-8"))
    row = shares.filter(pl.col("channel") != "not by network").row(0)[2:]
    return {"share": [round(one, 3) for one in row], "fit": summary["sampler"]["fit"],
            "shown": summary["shown"]}  # fmt: skip


@dataclass
class Sums:
    """What the likelihood is made of, by class: time at risk by step, exposure, and at events."""

    risk: Floats
    spent: Floats
    of: npt.NDArray[np.int64]
    step: npt.NDArray[np.int64]
    users: Floats
    degree: float


def summed(study: Study, told: Told, onset: Floats) -> Sums:
    """Add up time at risk and exposure, tie by tie; time in windows."""
    end = told.end
    edges = np.linspace(0.0, end, BINS + 1)
    risk, spent = np.zeros((study.classes, BINS)), np.zeros(study.classes)
    of, step, users = [], [], []
    for c in range(study.classes):
        for i in range(NODES):
            entry, stop = study.entry[i], max(min(onset[c, i], study.exit[i], end), study.entry[i])
            inside = np.minimum(stop, edges[1:]) - np.maximum(entry, edges[:-1])
            risk[c] += np.clip(inside, 0.0, None) / end
            here = 0.0
            for t in np.flatnonzero(study.target == i):
                j = study.source[t]
                begin = max(onset[c, j], study.begin[t])
                finish = min(study.exit[j], study.finish[t])
                last = min(stop, finish) - max(begin, entry)
                spent[c] += study.weight[t] * max(last, 0.0) / end
                here += study.weight[t] * (begin < onset[c, i] <= finish)
            if entry < onset[c, i] <= end:
                of.append(c)
                step.append(min(int(np.searchsorted(edges, onset[c, i])) - 1, BINS - 1))
                users.append(here)
    degree = study.weight.sum() / len(set(study.target.tolist()))
    return Sums(risk, spent, np.array(of), np.array(step), np.array(users), float(degree))


def model(sums: Sums) -> None:
    """The hazard of docs/methods/diffusion.md for classes of one territory and one channel."""
    classes = len(sums.spent)
    level = numpyro.sample("level", dist.Normal(-1.5, 1.5).expand([classes]))
    scale = numpyro.sample("scale", dist.HalfNormal(0.15))
    moves = numpyro.sample("moves", dist.Normal(0.0, 1.0).expand([classes, BINS - 1]))
    path = jnp.concatenate([jnp.zeros((classes, 1)), jnp.cumsum(scale * moves, axis=1)], axis=1)
    course = jnp.exp(level[:, None] + path - path.mean(1, keepdims=True))
    strength = numpyro.sample("root", dist.HalfNormal(1.0)) ** 2 * 12.0 / sums.degree
    strength = strength * jnp.ones(classes)
    if classes > 1:
        apart = numpyro.sample("apart", dist.HalfNormal(0.3))
        strength *= jnp.exp(
            apart * numpyro.sample("ratio", dist.Normal(0.0, 1.0).expand([classes]))
        )
    by = strength[sums.of] * sums.users
    rate = course[sums.of, sums.step] + by
    numpyro.factor("first uses", jnp.log(rate).sum())
    numpyro.factor("time", -(course * sums.risk).sum() - (strength * sums.spent).sum())
    numpyro.deterministic("share", (by / rate).mean())


def by_nuts(study: Study, told: Told) -> Floats:
    """Mean and ends of the share where first uses are known."""
    sums = summed(study, told, told.high)
    sampler = MCMC(
        NUTS(lambda: model(sums), target_accept_prob=0.95), num_warmup=1000, num_samples=4000,
        num_chains=2, chain_method="vectorized", progress_bar=False,
    )  # fmt: skip
    sampler.run(jax.random.PRNGKey(7))
    share = np.asarray(sampler.get_samples()["share"])
    return np.array([share.mean(), *np.quantile(share, (0.05, 0.95))])


def by_metropolis(
    study: Study, told: Told, random: np.random.Generator, sweeps: int = 6000
) -> Floats:
    """The same where each first use lies between two times: parameters and times in turn."""
    weight = np.zeros((NODES, NODES))
    np.add.at(weight, (study.target, study.source), study.weight)
    degree = study.weight.sum() / len(set(study.target.tolist()))
    known, end = np.isfinite(told.low[0]), told.end
    low, high = (np.where(known, one[0], 0.0) for one in (told.low, told.high))
    edges = np.linspace(0.0, end, BINS + 1)

    def weigh(at: Floats, onset: Floats) -> tuple[float, float]:
        """The log of prior times likelihood, and the network's share."""
        level, log_scale, root, moves = at[0], at[1], at[2], at[3:]
        scale = np.exp(log_scale)
        path = np.concatenate([[0.0], np.cumsum(scale * moves)])
        course = np.exp(level + path - path.mean())
        strength = root**2 * 12.0 / degree
        stop = np.minimum(onset, end)
        risk = np.clip(np.minimum(stop[:, None], edges[1:]) - edges[:-1], 0, None).sum(0) / end
        spent = (weight * np.clip(stop[:, None] - onset[None], 0, None)).sum() / end
        users = (weight * (onset[None] < onset[:, None])).sum(1)[known]
        step = np.clip(np.searchsorted(edges, onset[known]) - 1, 0, BINS - 1)
        rate = course[step] + strength * users
        prior = -0.5 * ((level + 1.5) / 1.5) ** 2 - 0.5 * (scale / 0.15) ** 2 + log_scale
        prior -= 0.5 * root**2 + 0.5 * (moves**2).sum()
        log = prior + np.log(rate).sum() - (course * risk).sum() - strength * spent
        return float(log), float((strength * users / rate).mean())

    at = np.concatenate([[-1.0, np.log(0.1), 1.0], np.zeros(BINS - 1)])
    width = np.concatenate([[0.5, 1.0, 0.15], np.full(BINS - 1, 1.5)])
    onset = np.where(known, low + (high - low) * random.random(NODES), np.inf)
    log, share = weigh(at, onset)
    drawn = []
    for sweep in range(sweeps):
        for p in range(len(at)):
            new = at.copy()
            new[p] += width[p] * random.standard_normal()
            found = weigh(new, onset) if new[2] > 0 else (-np.inf, 0.0)
            if np.log(random.random()) < found[0] - log:
                at, (log, share) = new, found
        for i in np.flatnonzero(known):
            moved = onset.copy()
            moved[i] = low[i] + (high[i] - low[i]) * random.random()
            found = weigh(at, moved)
            if np.log(random.random()) < found[0] - log:
                onset, (log, share) = moved, found
        if sweep >= sweeps // 6:
            drawn.append(share)
    return np.array([np.mean(drawn), *np.quantile(drawn, (0.05, 0.95))])


def _made(
    random: np.random.Generator, chance: float, *, both: bool = True, classes: int = 1
) -> Study:
    """Random pairs, each both ways or one way, who are there from the beginning and stay."""
    pairs = np.argwhere(np.triu(random.random((NODES, NODES)) < chance, 1))
    if not both:
        turned = random.random(len(pairs)) < 0.5
        pairs[turned] = pairs[turned][:, ::-1]
    ends = np.concatenate([pairs, pairs[:, ::-1]]) if both else pairs
    ones = np.ones(len(ends))
    return Study(
        ends[:, 0], ends[:, 1], ones, 0.0 * ones, np.inf * ones, np.zeros(NODES),
        np.full(NODES, np.inf), classes,
    )  # fmt: skip


def _weights(random: np.random.Generator) -> Study:
    study = _made(random, 0.1)
    one_way = random.lognormal(0.0, 0.8, len(study.weight) // 2).round(2)
    study.weight = np.concatenate([one_way, one_way])
    return study


def _entries(random: np.random.Generator) -> Study:
    """Half come later, and a fifth leave."""
    study = _made(random, 0.12, both=False)
    study.entry = np.where(random.random(NODES) < 0.5, random.uniform(0, 300, NODES), 0.0).round(1)
    leaves = (study.entry + random.uniform(150, 500, NODES)).round(1)
    study.exit = np.where(random.random(NODES) < 0.2, leaves, np.inf)
    return study


def _spells(random: np.random.Generator) -> Study:
    """Each tie holds three times, with pauses between."""
    one = _made(random, 0.12, both=False)
    begin = np.cumsum(random.uniform(20, 120, (len(one.weight), 6)), axis=1).round(1) - 60.0
    size = len(one.weight)
    return Study(
        np.tile(one.source, 3), np.tile(one.target, 3), np.ones(3 * size),
        begin[:, ::2].T.ravel(), begin[:, 1::2].T.ravel(), one.entry, one.exit,
    )  # fmt: skip


KINDS: dict[str, Callable[[np.random.Generator], Study]] = {
    "weights": _weights,
    "dates": lambda random: _made(random, 0.15, both=False),
    "undirected": lambda random: _made(random, 0.08),
    "entries": _entries,
    "between": lambda random: _made(random, 0.1),
    "dense": lambda random: _made(random, 0.5),
    "classes": lambda random: _made(random, 0.15, both=False, classes=2),
    "spells": _spells,
    "years": lambda random: _made(random, 0.12, both=False),
}

if __name__ == "__main__":
    main(sys.argv[1:] or list(KINDS))
