"""The fast fit: its equations, and worlds that are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.hazard import em
from tocsin.anticipate.diffusion.hazard.design import Design, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.em import (
    BASE_RATE,
    BASE_SHAPE,
    CELL_SHAPE,
    STEP_SHAPE,
    fit_both_ways,
    fit_em,
)
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties
from tocsin.bench.diffusion.plants import plant_one_network


@pytest.mark.slow
def test_it_finds_planted_shares_on_average() -> None:
    off = []
    for seed in range(20):
        plant = plant_one_network(seed)
        links = link_cases(plant.cases, plant.read)
        design = make_design(plant.cases, links, plant.onset, channels=1)
        fit = fit_em(design)
        off.append(fit.share[0] - plant.share[0])
        assert 0 <= fit.share[0] <= 1
        # What was shared out over the network is what the rate expects over the whole exposure.
        assert fit.share[0] * len(design.case) == pytest.approx(
            fit.strength[0] * design.total.sum(), rel=0.02
        )
        assert fit.gain >= fit_em(design, used=()).gain - 1e-6
    assert abs(np.mean(off)) < 0.05


def test_a_class_that_nobody_used_keeps_the_rate_that_is_held_beforehand() -> None:
    """Two organisations were at risk of 'new' for the whole window, so for two windows in all."""
    table = pl.DataFrame(
        {"actor": ["a", "b"] * 2, "technology": ["new", "new", "old", "old"],
         "time": [None, None, 4.0, 10.0]}
    )  # fmt: skip
    cases = read_cases(table)
    ties = read_ties(pl.DataFrame({"source": "a", "target": "b", "channel": "t"}), cases)
    onset = np.where(cases.adopts, cases.high, np.inf)
    fit = fit_em(make_design(cases, link_cases(cases, ties), onset, channels=1))
    # The course in time sinks a little, too, where nothing came.
    assert fit.cell[0] * fit.walk[0].mean() == pytest.approx(BASE_SHAPE / (BASE_RATE + 2), rel=0.05)
    assert fit.cell[1] > fit.cell[0]


def test_without_the_network_nothing_is_carried() -> None:
    plant = plant_one_network(1)
    design = make_design(plant.cases, link_cases(plant.cases, plant.read), plant.onset, channels=1)
    assert fit_em(design, used=()).share.tolist() == [0.0]


def _made(seed: int, cells: int, events: int = 14) -> tuple[Design, np.ndarray]:
    """Two classes, two channels, two steps, and so many cells of the classes by turns; a lift."""
    random = np.random.default_rng(seed)
    case_cell = np.arange(20) % cells
    technology = np.arange(cells) % 2
    case = random.permutation(20)[:events]
    design = Design(
        case, case_cell[case], technology[case_cell[case]], random.integers(0, 2, events),
        random.integers(0, 3, (events, 2)).astype(float), random.uniform(0.5, 2.0, (2, 2, 2)),
        random.uniform(0.1, 0.5, (20, 2)), case_cell, technology, np.zeros((20, 0)), np.ones(2),
    )  # fmt: skip
    return design, random.uniform(0.5, 2.0, 20)


def _parts(
    design: Design, lift: np.ndarray, cell: np.ndarray, walk: np.ndarray, strength: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """What came from outside at each event, what over each channel, and what was expected."""
    of_case = design.cell_technology[design.case_cell]
    outside = (cell[design.case_cell] * lift)[design.case]
    outside = outside * walk[design.technology, design.bin]
    carried = design.exposure * strength
    risk = (design.at_risk * walk[of_case]).sum(1) * lift * cell[design.case_cell]
    return outside, carried, float(risk.sum() + (strength * design.total.sum(1)).sum())


def test_no_rates_nearby_have_a_higher_posterior() -> None:
    design, lift = _made(3, cells=2)
    fit = fit_em(design, lift=lift)

    def gain(cell: np.ndarray, walk: np.ndarray, strength: np.ndarray) -> float:
        outside, carried, spent = _parts(design, lift, cell, walk, strength)
        priors = STEP_SHAPE * (np.log(walk) - walk).sum()
        priors += (BASE_SHAPE * np.log(cell) - BASE_RATE * cell).sum()
        return float(np.log(outside + carried.sum(1)).sum() - spent + priors)

    best = [fit.cell, fit.walk, fit.strength]
    assert fit.gain == pytest.approx(gain(*best))
    for place, one in enumerate(best):
        for at in np.ndindex(one.shape):
            for factor in (0.9, 1.1):
                other = [values.copy() for values in best]
                other[place][at] *= factor
                assert gain(*other) < fit.gain + 1e-3
    outside, carried, _ = _parts(design, lift, *best)
    share = (carried / (outside + carried.sum(1))[:, None]).mean(0)
    np.testing.assert_allclose(fit.share, share)
    # A channel that may carry nothing carries nothing, and others may carry more.
    assert fit_em(design, used=(1,), lift=lift).strength[0] == 0 < fit.strength[0]


def test_rates_of_cells_are_drawn_towards_that_of_their_class() -> None:
    design, lift = _made(4, cells=4)
    fit = fit_em(design, lift=lift)
    outside, carried, spent = _parts(design, lift, fit.cell, fit.walk, fit.strength)
    hazard = outside + carried.sum(1)
    own = np.bincount(design.cell, outside / hazard, 4)
    by_case = (design.at_risk * fit.walk[design.cell_technology[design.case_cell]]).sum(1) * lift
    lasting = np.bincount(design.case_cell, by_case, 4)
    of = np.eye(2)[design.cell_technology]
    base = (BASE_SHAPE + own @ of) / (BASE_RATE + lasting @ of)
    np.testing.assert_allclose(
        fit.cell, (CELL_SHAPE + own) / (CELL_SHAPE / (of @ base) + lasting), rtol=1e-3
    )
    np.testing.assert_allclose(
        fit.strength, (carried / hazard[:, None]).sum(0) / design.total.sum(1), rtol=1e-3
    )
    relative = fit.cell / (of @ base)
    gain = np.log(hazard).sum() - spent + STEP_SHAPE * (np.log(fit.walk) - fit.walk).sum()
    gain += (BASE_SHAPE * np.log(base) - BASE_RATE * base).sum()
    gain += CELL_SHAPE * (np.log(relative) - relative).sum()
    assert fit.gain == pytest.approx(gain, abs=1e-3)


def test_designs_side_by_side_are_fitted_as_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(em, "TOGETHER", 2)
    _are_as_alone()
    monkeypatch.setattr(em, "TOGETHER", 100)
    _are_as_alone()
    # Where one design is as large as all may be together, each is fitted by itself.
    monkeypatch.setattr(em, "ROOM", 1)
    _are_as_alone()


def _are_as_alone() -> None:
    designs = [_made(seed, cells=4, events=events)[0] for seed, events in ((1, 9), (2, 14), (3, 5))]
    found = fit_both_ways(iter(designs), (), None)
    assert len(found) == len(designs)
    for design, both in zip(designs, found, strict=True):
        for together, alone in zip(both, (fit_em(design), fit_em(design, used=())), strict=True):
            assert together.gain == pytest.approx(alone.gain)
            for name in ("cell", "walk", "strength", "share"):
                np.testing.assert_allclose(getattr(together, name), getattr(alone, name))


def test_a_channel_that_nobody_is_exposed_over_carries_nothing_and_takes_nothing() -> None:
    plant = plant_one_network(1)
    design = make_design(plant.cases, link_cases(plant.cases, plant.read), plant.onset, channels=1)
    more = replace(
        design,
        exposure=np.column_stack([design.exposure, 0 * design.exposure]),
        exposed=np.concatenate([design.exposed, 0 * design.exposed]),
        degree=np.repeat(design.degree, 2),
    )
    alone, beside = fit_em(design), fit_em(more)
    assert beside.strength[1] == beside.share[1] == 0.0
    assert beside.strength[0] == pytest.approx(alone.strength[0])
    assert beside.gain == pytest.approx(alone.gain)


@pytest.mark.parametrize("cells", [2, 4])
def test_without_a_first_use_and_without_time_at_risk_all_is_as_held_beforehand(cells: int) -> None:
    """Nobody is at risk of the second class, and no tie exposes anybody over the second channel."""
    design, lift = _made(3, cells=cells, events=0)
    at_risk = np.where((design.case_cell % 2 == 0)[:, None], design.at_risk, 0.0)
    exposed = design.exposed * np.array([1.0, 0.0])[:, None, None]
    empty = replace(design, at_risk=at_risk, exposed=exposed)
    for fit in (fit_em(empty, lift=lift), *fit_both_ways([empty, empty], (0,), lift)[1]):
        assert fit.share.tolist() == [0.0, 0.0]
        assert fit.strength.tolist() == [0.0, 0.0]
        np.testing.assert_allclose(fit.cell[1::2], BASE_SHAPE / BASE_RATE)
        np.testing.assert_allclose(fit.walk[1], 1.0)
        assert (fit.cell[::2] < BASE_SHAPE / BASE_RATE).all()
        assert (fit.walk[0] < 1.0).all()
        assert np.isfinite(fit.gain)
