"""Doubtful weights of ties: exposures add up as before, and factors follow what ties carried."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.shares import event_shares
from tocsin.anticipate.diffusion.hazard.design import (
    Carriers,
    Design,
    find_carriers,
    link_cases,
    make_design,
)
from tocsin.anticipate.diffusion.hazard.gibbs import sample_gibbs
from tocsin.anticipate.diffusion.hazard.weights import WeightSweeps, sample_shares
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties
from tocsin.bench.diffusion.plants import plant_on_ties, plant_one_network, real_ties
from tocsin.observe import example_files, observe


def _planted(seed: int) -> tuple[Design, Carriers]:
    plant = plant_one_network(seed)
    links = link_cases(plant.cases, plant.read)
    return (
        make_design(plant.cases, links, plant.onset, channels=1),
        find_carriers(plant.cases, links, plant.onset),
    )


def test_ties_one_by_one_add_up_to_the_exposures() -> None:
    design, carriers = _planted(1)
    added = np.zeros_like(design.exposure)
    np.add.at(added, (carriers.event, carriers.channel), carriers.weight)
    assert np.allclose(added, design.exposure)
    assert carriers.exposed.sum() == pytest.approx(design.total.sum())
    assert (np.diff(carriers.event) >= 0).all()
    # A tie that exposes both of its ends is one tie.
    assert len(carriers.of) <= 100


def test_two_organisations_and_a_channel_are_one_tie_whatever_the_class_and_direction() -> None:
    rows = [("a", "x", 1.0), ("b", "x", 3.0), ("a", "y", 6.0), ("b", "y", 2.0), ("c", "x", None)]
    table = pl.DataFrame(rows, schema=["actor", "technology", "time"], orient="row")
    ties = pl.DataFrame(
        {"source": ["a", "b", "c"], "target": ["b", "a", "b"], "channel": ["near"] * 3}
    )
    cases = read_cases(table, start=0.0, end=10.0, unit="month")
    carriers = find_carriers(
        cases, link_cases(cases, read_ties(ties, cases)), np.where(cases.adopts, cases.low, np.inf)
    )
    # b is exposed to a for 2 months of x, and a to b for 4 months of y; c never uses anything.
    assert carriers.exposed == pytest.approx([0.6])
    assert carriers.tie.tolist() == [0, 0]


@pytest.mark.slow
def test_ties_of_several_channels_and_classes_add_up_too() -> None:
    listed = observe([path for path in example_files() if "actor" in path.name])
    network = real_ties(listed["actors"], listed["actor_relations"], groups=80)
    plant = plant_on_ties(network, 2, events=30)
    links = link_cases(plant.cases, plant.read)
    design = make_design(plant.cases, links, plant.onset, channels=2)
    carriers = find_carriers(plant.cases, links, plant.onset)
    added = np.zeros_like(design.exposure)
    np.add.at(added, (carriers.event, carriers.channel), carriers.weight)
    assert np.allclose(added, design.exposure)
    of_channel = np.bincount(carriers.of, carriers.exposed, 2)
    assert of_channel == pytest.approx(design.total.sum(1))
    assert (carriers.of[carriers.tie] == carriers.channel).all()


def test_the_same_seed_gives_the_same_bits() -> None:
    design, carriers = _planted(3)
    one, two, other = (
        sample_shares(design, carriers, seed=seed, draws=5, warmup=5) for seed in (1, 1, 2)
    )
    assert (one == two).all()
    assert (one != other).any()
    assert one.shape == (20, 1)


@pytest.mark.slow
def test_weights_that_are_hardly_doubtful_change_nothing() -> None:
    design, carriers = _planted(5)
    sure = sample_shares(design, carriers, seed=1, draws=300, shape=1e6)
    [posterior] = sample_gibbs([design], seed=2, draws=300)
    plain = event_shares(design, posterior).mean(1)
    assert sure.mean() == pytest.approx(plain.mean(), abs=0.01)
    assert np.quantile(sure, [0.05, 0.95]) == pytest.approx(
        np.quantile(plain, [0.05, 0.95]), abs=0.03
    )


def test_a_factor_is_gamma_given_what_its_tie_carried() -> None:
    """With all rates held, the mean factor of each tie is that of its exact conditional."""
    design, carriers = _planted(7)
    sweeps = WeightSweeps(design, carriers, np.random.default_rng(1), chains=2000)
    state = sweeps.start(2000)
    # Nothing comes from outside, and one tie alone reaches the event: so that tie was its cause.
    state.base[:] = 1e-12
    state.strength[:] = 5.0
    alone = [e for e in np.unique(carriers.event) if (carriers.event == e).sum() == 1]
    sweeps._factors(state)
    carried = np.zeros(len(carriers.of))
    for event in alone:
        carried[carriers.tie[carriers.event == event]] += 1
    sure = np.ones(len(carriers.of), dtype=bool)
    sure[carriers.tie[~np.isin(carriers.event, alone)]] = False
    wanted = (2.0 + carried) / (2.0 + 5.0 * carriers.exposed)
    assert sure.sum() > 3
    assert carried[sure].max() > 0
    assert sweeps.factor[:, sure].mean(0) == pytest.approx(wanted[sure], rel=0.1)
    # Each first use has one tie as its cause, however many reach it.
    counted = sweeps.factor @ (2.0 + 5.0 * carriers.exposed) - 2.0 * len(carriers.of)
    assert counted.mean() == pytest.approx(len(np.unique(carriers.event)), rel=0.05)


def test_exposures_follow_the_factors() -> None:
    design, carriers = _planted(7)
    sweeps = WeightSweeps(design, carriers, np.random.default_rng(1), chains=3)
    state = sweeps.start(3)
    sweeps.move(state, covariates=False)
    for chain in range(3):
        weighed = carriers.weight * sweeps.factor[chain, carriers.tie]
        added = np.zeros_like(design.exposure)
        np.add.at(added, (carriers.event, carriers.channel), weighed)
        assert np.allclose(sweeps.exposure[chain], added)
        assert sweeps.total[chain] == pytest.approx(sweeps.factor[chain] @ carriers.exposed)
    shares = sweeps.shares(state)
    assert ((shares > 0) & (shares < 1)).all()


def test_without_an_exposed_event_nothing_is_asked_of_ties() -> None:
    design, carriers = _planted(3)
    nothing = np.zeros(0, dtype=np.int64)
    none = replace(
        carriers, event=nothing, channel=nothing, tie=nothing, weight=np.zeros(0),
        of=nothing, exposed=np.zeros(0),
    )  # fmt: skip
    bare = replace(design, exposure=np.zeros_like(design.exposure))
    shares = sample_shares(bare, none, seed=1, draws=5, warmup=5)
    assert (shares == 0).all()


def test_a_first_use_came_over_its_ties_in_proportion_to_their_weights() -> None:
    """Of two ties of the weights 1 and 3, which alone reach it, the second is three times as
    likely.
    """
    table = pl.DataFrame({"actor": ["a", "b", "c"], "technology": "x", "time": [0.0, 0.0, 8.0]})
    cases = read_cases(table, start=0.0, end=10.0)
    ties = pl.DataFrame(
        {"source": ["a", "b"], "target": ["c", "c"], "channel": ["t", "t"], "weight": [1.0, 3.0]}
    )
    links = link_cases(cases, read_ties(ties, cases))
    onset = cases.high
    design = make_design(cases, links, onset, channels=1)
    carriers = find_carriers(cases, links, onset)
    assert carriers.exposed == pytest.approx([0.8, 2.4])
    for outside, caused in ((1e-12, [0.25, 0.75]), (20.0, [0.125, 0.375])):
        sweeps = WeightSweeps(design, carriers, np.random.default_rng(1), chains=20_000)
        state = sweeps.start(20_000)
        # Over both ties together come 5 + 15 a window.
        state.base[:], state.strength[:] = outside, 5.0
        sweeps._factors(state)
        counted = sweeps.factor * (2.0 + 5.0 * carriers.exposed) - 2.0
        assert counted.mean(0) == pytest.approx(caused, abs=0.05)


def test_shares_of_two_channels_stay_with_their_channels_and_chains() -> None:
    """Over the first channel nobody is exposed when a first use comes, over the second all are."""
    table = pl.DataFrame({"actor": ["a", "b", "c"], "technology": "x", "time": [0.0, 0.0, 8.0]})
    cases = read_cases(table, start=0.0, end=10.0)
    ties = pl.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "channel": ["t", "u"]})
    links = link_cases(cases, read_ties(ties, cases))
    design = make_design(cases, links, cases.high, channels=2)
    carriers = find_carriers(cases, links, cases.high)
    # Effects of a covariate move in every second sweep, and in the first.
    design = replace(design, covariates=np.array([[0.0], [1.0], [-1.0]]))
    shares = sample_shares(design, carriers, seed=1, draws=6, warmup=4, chains=3)
    assert shares.shape == (18, 2)
    assert (shares[:, 0] == 0).all()
    assert shares[:, 1].max() > 0.3
    # Of the sweeps after the warm-up every second is kept, chain after chain.
    sweeps = WeightSweeps(design, carriers, np.random.default_rng(1), chains=3)
    state, kept = sweeps.start(3), []
    for sweep in range(16):
        sweeps.move(state, covariates=sweep % 2 == 0)
        kept.append(sweeps.shares(state))
    np.testing.assert_array_equal(
        shares, np.concatenate([np.stack(kept)[5::2, r] for r in range(3)])
    )


def test_exposures_over_two_channels_follow_the_factors_of_their_own_ties() -> None:
    """At each of two first uses ties of both channels reach it, with four weights."""
    table = pl.DataFrame(
        {"actor": list("abcd"), "technology": "x", "time": [0.0, 0.0, 6.0, 8.0]}
    )  # fmt: skip
    cases = read_cases(table, start=0.0, end=10.0)
    ties = pl.DataFrame(
        {"source": ["a", "b", "a", "b"], "target": ["c", "c", "d", "d"],
         "channel": ["t", "u", "u", "t"], "weight": [1.0, 2.0, 3.0, 5.0]}
    )  # fmt: skip
    links = link_cases(cases, read_ties(ties, cases))
    design = make_design(cases, links, cases.high, channels=2)
    carriers = find_carriers(cases, links, cases.high)
    assert design.exposure.tolist() == [[1.0, 2.0], [5.0, 3.0]]
    sweeps = WeightSweeps(design, carriers, np.random.default_rng(1), chains=3)
    state = sweeps.start(3)
    sweeps.move(state, covariates=False)
    for chain in range(3):
        weighed = carriers.weight * sweeps.factor[chain, carriers.tie]
        added = np.zeros_like(design.exposure)
        np.add.at(added, (carriers.event, carriers.channel), weighed)
        np.testing.assert_allclose(sweeps.exposure[chain], added)
        total = np.bincount(carriers.of, sweeps.factor[chain] * carriers.exposed, 2)
        np.testing.assert_allclose(sweeps.total[chain], total)
        np.testing.assert_allclose(sweeps.decay[chain], 1 / sweeps.mean_strength + total)
