"""Planted worlds: adoption tables made with known shares, to see whether these are found again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.diffusion.hazard.design import link_cases, make_design
from tocsin.anticipate.diffusion.hazard.simulate import Hazard, draw_first_uses
from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.anticipate.diffusion.tables.ties import Ties, read_ties
from tocsin.anticipate.diffusion.tables.times import Floats

CHANNELS = ("territory", "ties")
CLASSES, YEARS = 5, 20.0
GROUPS = 415
EVENTS = 115
STEPS = 400


@dataclass(frozen=True)
class Plant:
    """A made world of adoptions whose shares are known.

    Args:
        adoptions, ties: as `diffuse` takes them.
        cases, read: the same, read.
        onset: true first uses, infinite where there is none, shape (n,).
        hazard: the true rates.
        share: true share of each channel: mean over events of h_k / h, shape (K,).
    """

    adoptions: pl.DataFrame
    ties: pl.DataFrame
    cases: Cases
    read: Ties
    onset: Floats
    hazard: Hazard
    share: Floats


def plant_one_network(
    seed: int, *, nodes: int = 50, degree: int = 4, strength: float = 5.0
) -> Plant:
    """Let one class spread to all on a random regular network; the true share is about 0.8.

    The network and rates are those of the example that the authors of STbayes publish (Chimento
    and Hoppitt): each user among one's ties adds five times the rate outside the network.

    Args:
        seed: start of all random numbers.
        nodes: how many users there are.
        degree: ties of each.
        strength: how many times the rate outside the network each user among one's ties adds.

    Returns:
        The world.
    """
    random = np.random.default_rng(seed)
    ends = _regular(random, nodes, degree)
    base = 0.001
    onset, shares = spread_over(ends, nodes, base, strength, random)
    names = [f"node {i:04d}" for i in range(nodes)]  # so that cases come in this order
    adoptions = pl.DataFrame({"actor": names, "technology": ["one"] * nodes, "time": onset})
    ties = pl.DataFrame(
        {
            "source": [names[i] for i in ends[:, 0]],
            "target": [names[i] for i in ends[:, 1]],
            "channel": ["network"] * len(ends),
        }
    )
    cases = read_cases(adoptions)
    read = read_ties(ties, cases, undirected=True)
    hazard = Hazard(np.full((1, nodes, 1), base), np.full((1, 1, 1), base * strength))
    return Plant(adoptions, ties, cases, read, onset, hazard, np.array([np.mean(shares)]))


def spread_over(
    ends: npt.NDArray[np.int64],
    nodes: int,
    base: float,
    strength: float,
    random: np.random.Generator,
    *,
    directed: bool = False,
) -> tuple[Floats, Floats]:
    """Let one class spread over one network until all nodes use it, without steps of time.

    Args:
        ends: the two ends of each tie, shape (m, 2).
        nodes: how many nodes there are, n.
        base: the rate outside the network.
        strength: how many times that rate each user among one's ties adds.
        random: source of random numbers; it is moved on.
        directed: True if only the second end is exposed to the first.

    Returns:
        First uses, shape (n,), and the network's part of the rate at each of them, in their order.
    """
    neighbours: list[list[int]] = [[] for _ in range(nodes)]
    for one, two in ends:
        neighbours[two].append(one)
        if not directed:
            neighbours[one].append(two)
    onset, now, shares = np.full(nodes, np.inf), 0.0, []
    while not np.isfinite(onset).all():
        users = np.array([np.isfinite(onset[near]).sum() for near in neighbours])
        rate = np.where(np.isfinite(onset), 0.0, base * (1.0 + strength * users))
        now += random.exponential(1.0 / rate.sum())
        node = random.choice(nodes, p=rate / rate.sum())
        onset[node] = now
        shares.append(strength * users[node] / (1.0 + strength * users[node]))
    return onset, np.array(shares)


def real_ties(
    actors: pl.DataFrame, relations: pl.DataFrame, *, groups: int = GROUPS
) -> pl.DataFrame:
    """Read the real network: the organisations with most ties, their partners and where they are.

    Args:
        actors: the table `actors`.
        relations: the table `actor_relations`.
        groups: how many organisations.

    Returns:
        Columns `actor, territory`, and `tied`: a list of actors of this table; those with most
        ties first.
    """
    joined = relations.filter(
        pl.col("relation").is_in(["splinter", "temporary splinter", "alliance", "joined"])
        & pl.col("related_id").is_not_null()
    ).select("actor_id", "related_id")
    groups_only = actors.filter(pl.col("kind").str.starts_with("non-state")).select(
        "actor_id", pl.col("gwnos").str.split(" ").list.first().fill_null("").alias("territory")
    )
    both = pl.concat([joined, joined.select(actor_id="related_id", related_id="actor_id")]).unique()
    both = both.filter(pl.col("actor_id") != pl.col("related_id"))
    degree = both.group_by("actor_id").len()
    chosen = (
        groups_only.join(degree, on="actor_id", how="left")
        .sort(pl.col("len").fill_null(0), "actor_id", descending=[True, False])
        .head(groups)
    )
    inside = both.filter(pl.col("related_id").is_in(chosen["actor_id"].implode()))
    tied = inside.sort("related_id").group_by("actor_id").agg(pl.col("related_id").alias("tied"))
    return (
        chosen.join(tied, on="actor_id", how="left")
        .select(pl.col("actor_id").alias("actor"), "territory", pl.col("tied").fill_null([]))
        .sort("actor")
    )


@lru_cache(maxsize=1)
def larger_ties(groups: int = 500) -> pl.DataFrame:
    """Read the real network of more organisations, for the study of speed."""
    from tocsin.observe import example_files, observe

    listed = observe([path for path in example_files() if "actor" in path.name])
    return real_ties(listed["actors"], listed["actor_relations"], groups=groups)


def plant_on_ties(
    network: pl.DataFrame,
    seed: int,
    *,
    share: float = 0.25,
    frailty: float = 0.5,
    events: int = EVENTS,
    doubt: float | None = None,
) -> Plant:
    """Let five classes spread among real organisations over twenty years.

    Args:
        network: from `real_ties`.
        seed: start of all random numbers.
        share: wanted share of the channel 'ties'; the true one of the draw is in the result.
            'territory' carries nothing.
        frailty: standard deviation of the log rate between territories and classes.
        events: wanted first uses, roughly.
        doubt: each tie truly weighs its stated weight times a gamma of this shape and mean 1; None:
            it weighs what is stated.

    Returns:
        The world, with its true share of each channel; its ties have their stated weights.
    """
    random = np.random.default_rng(seed)
    empty = _nobody(network, random, CLASSES)
    ties = _tie_table(network)
    cases = _cases_of(empty)
    cells = cases.territory * CLASSES + cases.technology
    lift = np.exp(frailty * random.standard_normal(cells.max() + 1))[cells]
    read = read_ties(ties if doubt is None else _reweigh(ties, doubt, random), cases)
    links = link_cases(cases, read)
    outside, tie_rate = 0.0, 0.0
    risk = (cases.exit - cases.entry) @ lift
    outside = events * (1.0 - share) / risk
    onset = np.full(len(cases.actor), np.inf)
    # The strength that gives the wanted share is found by trying, on worlds of its own.
    low, high = 0.0, 50.0
    for _ in range(9 if share > 0 else 0):
        tie_rate = (low + high) / 2
        hazard = _hazard(outside, lift, tie_rate)
        trial = draw_first_uses(cases, links, hazard, onset, random, worlds=8, steps=60)
        got = np.mean([_true_share(cases, read, hazard, one)[1] for one in trial])
        low, high = (tie_rate, high) if got < share else (low, tie_rate)
    hazard = _hazard(outside, lift, tie_rate)
    found = draw_first_uses(cases, links, hazard, onset, random, worlds=1, steps=STEPS)[0]
    when = {
        (cases.actors[a], cases.technologies[c]): float(t)
        for a, c, t in zip(cases.actor, cases.technology, found, strict=True)
        if np.isfinite(t)
    }
    times = [when.get(key) for key in empty.select("actor", "technology").rows()]
    adoptions = empty.with_columns(time=pl.Series(times, dtype=pl.Float64))
    cases = read_cases(adoptions, start=0.0, end=YEARS, unit="year")
    return Plant(
        adoptions,
        ties,
        cases,
        read_ties(ties, cases),
        found,
        hazard,
        _true_share(cases, read, hazard, found),
    )


def empty_world(
    network: pl.DataFrame, random: np.random.Generator, *, classes: int = CLASSES
) -> tuple[Cases, Ties]:
    """Make the cases and ties of a world in which nobody has used anything yet.

    Args:
        network: from `real_ties`.
        random: source of random numbers; it is moved on.
        classes: how many technology classes there are.

    Returns:
        The cases, whose organisations come and go over twenty years, and the ties.
    """
    cases = _cases_of(_nobody(network, random, classes))
    return cases, read_ties(_tie_table(network), cases)


def _nobody(network: pl.DataFrame, random: np.random.Generator, classes: int) -> pl.DataFrame:
    """A table of adoptions without any first use."""
    names, n = network["actor"].to_list(), network.height
    entry = np.round(random.uniform(0, YEARS * 0.6, n), 2)
    gone = np.round(np.minimum(entry + random.exponential(YEARS * 0.6, n) + 0.5, YEARS), 2)
    return pl.DataFrame(
        {
            "actor": names * classes,
            "technology": [f"class {c}" for c in range(classes) for _ in names],
            "time": [None] * (n * classes),
            "entry": np.tile(entry, classes),
            "exit": np.tile(gone, classes),
            "territory": network["territory"].to_list() * classes,
        },
        schema_overrides={"time": pl.Float64},
    )


def _cases_of(empty: pl.DataFrame) -> Cases:
    """The cases; there has to be one first use, whose time is not read."""
    known = empty.with_columns(
        time=pl.when(pl.int_range(pl.len()) == 0).then(pl.col("entry") + 0.1)
    )
    return read_cases(known, start=0.0, end=YEARS, unit="year")


def _tie_table(network: pl.DataFrame) -> pl.DataFrame:
    """'ties' both ways, and 'territory': everyone in one's own, by one over how many they are."""
    tied = network.explode("tied").drop_nulls("tied")
    ties = tied.select(source="tied", target="actor", channel=pl.lit("ties"), weight=pl.lit(1.0))
    near = network.filter(pl.col("territory") != "").select("actor", "territory")
    same = near.join(near, on="territory", suffix="_of").filter(
        pl.col("actor") != pl.col("actor_of")
    )
    same = same.select(
        source="actor_of",
        target="actor",
        channel=pl.lit("territory"),
        weight=1.0 / pl.len().over("actor"),
    )
    return pl.concat([ties, same])


def _reweigh(ties: pl.DataFrame, shape: float, random: np.random.Generator) -> pl.DataFrame:
    """The ties with a factor on each pair's weight in each channel."""
    ends = (pl.min_horizontal("source", "target"), pl.max_horizontal("source", "target"))
    pair = pl.struct("channel", one=ends[0], other=ends[1]).rank("dense").cast(pl.Int64) - 1
    number = ties.select(pair.alias("pair"))["pair"].to_numpy()
    factor = random.standard_gamma(shape, number.max() + 1) / shape
    return ties.with_columns(pl.col("weight") * pl.Series(factor[number]))


def _hazard(outside: float, lift: Floats, tie_rate: float) -> Hazard:
    strength = np.zeros((1, len(CHANNELS), CLASSES))
    strength[:, CHANNELS.index("ties")] = tie_rate
    return Hazard((outside * lift)[None, :, None], strength)


def _true_share(cases: Cases, ties: Ties, hazard: Hazard, onset: Floats) -> Floats:
    design = make_design(cases, link_cases(cases, ties), onset, channels=len(ties.channels))
    if not len(design.case):
        return np.zeros(len(ties.channels))
    carried = design.exposure * hazard.strength[0][:, design.technology].T
    whole = hazard.outside[0, design.case, 0] + carried.sum(1)
    return np.asarray((carried / whole[:, None]).mean(0))


def _regular(random: np.random.Generator, nodes: int, degree: int) -> npt.NDArray[np.int64]:
    """A random regular network, by drawing pairs of stubs until no tie is double or to oneself."""
    while True:
        stubs = np.repeat(np.arange(nodes), degree)
        random.shuffle(stubs)
        ends = np.sort(stubs.reshape(-1, 2), axis=1)
        if (ends[:, 0] != ends[:, 1]).all() and len(np.unique(ends, axis=0)) == len(ends):
            return ends
