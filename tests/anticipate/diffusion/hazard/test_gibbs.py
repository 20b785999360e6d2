"""The fast draws: reproducible, near the truth of planted worlds, and as NUTS has them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import gamma, nbinom

from tocsin.anticipate.diffusion.answer.shares import event_shares
from tocsin.anticipate.diffusion.hazard.density import CELLS_SPREAD, COVARIATE, MEAN_REACH
from tocsin.anticipate.diffusion.hazard.design import Design, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.em import BASE_RATE, BASE_SHAPE, STEP_SHAPE, fit_em
from tocsin.anticipate.diffusion.hazard.gibbs import (
    CARRIES,
    SPREADS,
    Sweeps,
    sample_gibbs,
    split_r_hat,
)
from tocsin.anticipate.diffusion.hazard.posterior import sample
from tocsin.bench.diffusion.plants import plant_one_network


def _planted(seed: int) -> tuple[Design, float]:
    plant = plant_one_network(seed)
    links = link_cases(plant.cases, plant.read)
    return make_design(plant.cases, links, plant.onset, channels=1), float(plant.share[0])


@pytest.mark.slow
def test_planted_shares_are_found_and_covered() -> None:
    found = [_planted(seed) for seed in range(8)]
    posteriors = sample_gibbs([design for design, _ in found], seed=1, draws=40)
    drawn = [
        event_shares(design, posterior).mean(1)[:, 0]
        for (design, _), posterior in zip(found, posteriors, strict=True)
    ]
    true = np.array([share for _, share in found])
    assert abs(np.mean([one.mean() for one in drawn]) - true.mean()) < 0.04
    ends = np.array([np.quantile(one, [0.05, 0.95]) for one in drawn])
    # Of eight intervals that hold 90 %, fewer than five cover with a chance of 1 in 200.
    assert ((ends[:, 0] <= true) & (true <= ends[:, 1])).sum() >= 5
    assert max(one.r_hat for one in posteriors) < 1.3


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bits() -> None:
    design, _ = _planted(3)
    one, two, other = (sample_gibbs([design], seed=seed, draws=10)[0] for seed in (1, 1, 2))
    assert (one.strength == two.strength).all()
    assert (one.walk == two.walk).all()
    assert (one.strength != other.strength).any()
    assert one.strength.shape == (40, 1, 1)


@pytest.mark.release
def test_it_agrees_with_nuts() -> None:
    design, _ = _planted(5)
    slow = event_shares(design, sample([design], seed=1, draws=300, warmup=300)[0]).mean(1)
    fast = event_shares(design, sample_gibbs([design], seed=1, draws=300)[0]).mean(1)
    assert fast.mean() == pytest.approx(slow.mean(), abs=0.03)
    for level in (0.05, 0.95):
        assert np.quantile(fast, level) == pytest.approx(np.quantile(slow, level), abs=0.06)


@pytest.mark.slow
@pytest.mark.parametrize("cells", [1, 40])
def test_the_spread_is_drawn_by_its_chance_with_all_cells_summed_out(cells: int) -> None:
    """Beside the negative binomial of each cell's count, as SciPy has it; one cell tells little."""
    random = np.random.default_rng(4)
    count = random.poisson(0.6, (1, 40)).astype(float)
    expected = random.gamma(1.0, 0.6, (1, 40))
    design, _ = _planted(1)
    sweeps = Sweeps(design, np.random.default_rng(5))
    count, expected = count[:, :cells], expected[:, :cells]
    many = np.repeat(count, 4000, axis=0), np.repeat(expected, 4000, axis=0)
    drawn = sweeps._spread(*many)
    shape = 1.0 / SPREADS**2
    log = nbinom.logpmf(count[0][:, None], shape, shape / (shape + expected[0][:, None])).sum(0)
    chance = np.exp(log - log.max()) * np.exp(-0.5 * (SPREADS / CELLS_SPREAD) ** 2)
    chance /= chance.sum()
    found = np.bincount(np.searchsorted(SPREADS, drawn), minlength=len(SPREADS)) / 4000
    assert np.abs(np.cumsum(found) - np.cumsum(chance)).max() < 0.03


@pytest.mark.slow
def test_a_channel_that_nobody_is_exposed_to_keeps_its_prior() -> None:
    design, _ = _planted(2)
    nothing = replace(
        design,
        exposure=np.zeros_like(design.exposure),
        exposed=np.zeros_like(design.exposed),
    )
    found = sample_gibbs([nothing], seed=1, draws=250)[0].s[:, 0]
    carries = found > 0
    assert carries.mean() == pytest.approx(CARRIES, abs=0.07)
    assert found[carries].mean() == pytest.approx(MEAN_REACH / design.degree[0], rel=0.2)


def test_r_hat_is_one_where_chains_agree() -> None:
    random = np.random.default_rng(1)
    alike = random.standard_normal((4, 400, 1))
    assert split_r_hat(alike) == pytest.approx(1.0, abs=0.02)
    assert split_r_hat(alike + np.arange(4)[:, None, None]) > 1.5
    assert split_r_hat(np.ones((4, 10, 1))) == 1.0


@pytest.mark.parametrize(("aim", "sweeps"), [(10.0, 10 + 2 * 12), (0.0, 10 + 8 * 2 * 12)])
def test_chains_go_on_only_where_they_do_not_agree(
    aim: float, sweeps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    design, _ = _planted(4)
    counted = []
    move = Sweeps.move
    monkeypatch.setattr(Sweeps, "move", lambda *a, **k: (counted.append(1), move(*a, **k))[1])
    monkeypatch.setattr("tocsin.anticipate.diffusion.hazard.gibbs.CONVERGED", aim)
    monkeypatch.setattr("tocsin.anticipate.diffusion.hazard.gibbs.SCATTER", -100.0)
    found = sample_gibbs([design], seed=1, draws=12, warmup=10)[0]
    assert len(counted) == sweeps
    assert found.strength.shape == (12 * 4, 1, 1)


@pytest.mark.slow
def test_effects_of_covariates_are_drawn_from_their_posterior() -> None:
    """Beside a sum over a grid, for one class at a constant rate and no network."""
    random = np.random.default_rng(2)
    x = random.standard_normal(200)
    time = random.exponential(1.0 / (0.2 * np.exp(0.9 * x)))
    event = np.flatnonzero(time < 1.0)
    zero = np.zeros(len(event), dtype=np.int64)
    design = Design(
        event, zero, zero, zero, np.zeros((len(event), 1)), np.zeros((1, 1, 1)),
        np.minimum(time, 1.0)[:, None], np.zeros(200, dtype=np.int64),
        np.zeros(1, dtype=np.int64), x[:, None], np.ones(1),
    )  # fmt: skip
    found = sample_gibbs([design], seed=3, draws=300)[0]
    grid = np.linspace(-1.0, 3.0, 801)
    # The course in time has one step, whose gamma of 20 about 1 hardly widens that of the level.
    spent = (np.minimum(time, 1.0) * np.exp(np.outer(grid, x))).sum(1)
    log = grid * x[event].sum() - (BASE_SHAPE + len(event)) * np.log(BASE_RATE + spent)
    weight = np.exp(log - log.max() - 0.5 * (grid / COVARIATE) ** 2)
    weight /= weight.sum()
    mean = (weight * grid).sum()
    sd = np.sqrt((weight * (grid - mean) ** 2).sum())
    assert found.beta.mean() == pytest.approx(mean, abs=0.15 * sd)
    assert found.beta.std() == pytest.approx(sd, rel=0.15)


def test_a_strength_moves_nearby_by_logs_or_to_and_from_nothing() -> None:
    design, _ = _planted(1)
    sweeps = Sweeps(design, np.random.default_rng(6))
    old = np.repeat([0.0, 0.2, 5.0], 60)
    new, gain = sweeps._step(old, 0)
    assert (new[old == 0] == 0).all()
    assert (gain[old == 0] == 0).all()
    # A walk on logs has to make up for the scale on which the prior is told.
    np.testing.assert_allclose(gain[old > 0], np.log(new[old > 0] / old[old > 0]))
    new, gain = sweeps._jump(old, 0)
    waits = new == old
    assert 0.3 < waits.mean() < 0.7
    assert (gain[waits] == 0).all()
    assert (new[~waits & (old > 0)] == 0).all()
    assert (new[~waits & (old == 0)] > 0).all()


def test_first_uses_in_a_step_raise_the_course_in_time_there() -> None:
    """Twelve in the first of two steps of the same time at risk add to the gamma's shape."""
    event, zero = np.arange(12), np.zeros(12, dtype=np.int64)
    design = Design(
        event, zero, zero, zero, np.zeros((12, 1)), np.zeros((1, 1, 2)), np.full((12, 2), 0.4),
        zero, zero[:1], np.zeros((12, 0)), np.ones(1),
    )  # fmt: skip
    sweeps = Sweeps(design, np.random.default_rng(7))
    state = sweeps.start(4000)
    sweeps.move(state, covariates=False)
    first, second = state.walk[:, 0].mean(0)
    assert first / second == pytest.approx((STEP_SHAPE + 12) / STEP_SHAPE, rel=0.03)


def test_chains_start_about_the_fast_fit() -> None:
    design, _ = _planted(5)
    fit = fit_em(design)
    state = Sweeps(design, np.random.default_rng(1)).start(4000)
    base = np.bincount(design.cell_technology, fit.cell) / np.bincount(design.cell_technology)
    np.testing.assert_allclose(np.median(state.base, axis=0), base, rtol=0.05)
    strength = np.maximum(fit.strength, 0.02 * MEAN_REACH / design.degree)
    np.testing.assert_allclose(np.median(state.strength, axis=0), strength, rtol=0.05)
    scatter = [np.log(one).std(axis=0) for one in (state.base, state.strength)]
    np.testing.assert_allclose(np.concatenate(scatter), [0.3] * base.size + [0.5], rtol=0.1)
    assert (state.cell == 1).all()
    assert (state.walk == 1).all()


def test_a_first_use_was_caused_by_its_rates_in_proportion() -> None:
    event, zero = np.arange(3), np.zeros(3, dtype=np.int64)
    design = Design(
        event, zero, zero, zero, np.array([[0.0, 1.0], [2.0, 0.0], [1.0, 1.0]]),
        np.ones((2, 1, 1)), np.ones((3, 1)), zero, zero[:1], np.zeros((3, 0)), np.ones(2),
    )  # fmt: skip
    sweeps = Sweeps(design, np.random.default_rng(3))
    state = sweeps.start(20_000)
    state.base[:], state.walk[:], state.cell[:] = 2.0, 0.5, 1.0
    state.strength[:] = [3.0, 1.0]
    network, outside = sweeps._causes(state)
    # At each the rate outside is 1; over the first channel 0, 6 and 3, over the second 1, 0 and 1.
    np.testing.assert_allclose(outside.mean(0), [1 / 2, 1 / 7, 1 / 5], atol=0.015)
    np.testing.assert_allclose(network.mean(0), [6 / 7 + 3 / 5, 1 / 2 + 1 / 5], atol=0.015)
    assert (network.sum(1) + outside.sum(1) == 3).all()


def test_given_the_causes_all_rates_are_drawn_from_their_gammas() -> None:
    """Two cells of one class, with nine and three first uses, none of them over the channel."""
    event, zero = np.arange(12), np.zeros(12, dtype=np.int64)
    case_cell = (np.arange(16) >= 10).astype(np.int64)
    cell = np.repeat([0, 1], [9, 3])
    event = np.concatenate([np.arange(9), np.arange(10, 13)])
    bins = (np.arange(12) % 3 == 0).astype(np.int64)
    at_risk = np.random.default_rng(2).uniform(0.1, 0.5, (16, 2))
    design = Design(
        event, cell, zero, bins, np.zeros((12, 1)), np.full((1, 1, 2), 0.7), at_risk, case_cell,
        np.zeros(2, dtype=np.int64), np.zeros((16, 0)), np.full(1, 3.0),
    )  # fmt: skip
    sweeps = Sweeps(design, np.random.default_rng(7))
    state = sweeps.start(20_000)
    before = state.copy()
    sweeps.move(state, covariates=True)
    risk = np.stack([at_risk[case_cell == one].sum(0) for one in (0, 1)])
    lasting = risk.sum(1)
    shape = 1.0 / state.spread[:, None] ** 2
    rates = {
        # A count that was drawn, its rate, and the counts that it is drawn about.
        "cell": (state.cell, shape + lasting * before.base, shape + np.array([9.0, 3.0])),
        "base": (state.base, BASE_RATE + state.cell @ lasting[:, None], BASE_SHAPE + 12.0),
        "walk": (
            state.walk[:, 0], STEP_SHAPE + (state.cell * state.base) @ risk,
            STEP_SHAPE + np.bincount(bins),
        ),
    }  # fmt: skip
    for drawn, rate, about in rates.values():
        off = (drawn * rate - about) / np.sqrt(about)
        np.testing.assert_allclose(off.mean(0), 0.0, atol=0.03)
        np.testing.assert_allclose(off.std(0), 1.0, atol=0.05)
    carries = state.strength > 0
    decay = design.degree / MEAN_REACH + 2 * 0.7
    assert (state.strength[carries] * decay).mean() == pytest.approx(1.0, abs=0.03)


def test_r_hat_of_two_short_chains_by_hand() -> None:
    values = np.array([[1.0, 2.0, 3.0, 4.0, 99.0], [2.0, 4.0, 6.0, 8.0, 99.0]])[:, :, None]
    # Halves have the variances 1/2, 1/2, 2 and 2 and the means 1.5, 3.5, 3 and 7.
    assert split_r_hat(values) == pytest.approx(np.sqrt(1 / 2 + (16.25 / 3) / 1.25))


@pytest.mark.slow
def test_a_strength_is_born_from_two_gammas_and_weighed_against_its_prior() -> None:
    """By Hastings' ratio, but for the exponential part of the prior, which the caller adds."""
    design, _ = _planted(1)
    sweeps = Sweeps(design, np.random.default_rng(9))
    sweeps.guess[:] = 4.0
    new, gain = sweeps._jump(np.zeros(20_000), 0)
    born = new > 0
    rate, prior = sweeps.decay[0, 0], sweeps.mean_strength[0]
    np.testing.assert_allclose(rate, 1 / prior + design.total.sum())
    np.testing.assert_allclose((new[born] * rate).mean(), (1.0 + 5.0) / 2, rtol=0.03)
    either = [gamma.pdf(new[born], shape, scale=1 / rate) for shape in (1.0, 5.0)]
    proposed = np.mean(either, axis=0)
    np.testing.assert_allclose(gain[born], np.log(CARRIES / (1 - CARRIES) / prior / proposed))
    # The way back has the inverse ratio.
    back, loss = sweeps._jump(new[born], 0)
    np.testing.assert_allclose(loss[back == 0], -gain[born][back == 0])


@pytest.mark.parametrize("guess", [0.0, 3.0])
def test_moves_to_and_from_nothing_and_nearby_keep_the_prior_where_nobody_is_exposed(
    guess: float,
) -> None:
    """Whatever is proposed, ten thousand strengths from the prior stay drawn from it."""
    design, _ = _planted(1)
    random = np.random.default_rng(12)
    sweeps = Sweeps(design, random)
    mean = float(sweeps.mean_strength[0])
    sweeps.decay, sweeps.guess = 1.0 / sweeps.mean_strength[None], np.full(1, guess)
    many = 10_000
    old = np.where(random.random(many) < CARRIES, random.exponential(mean, many), 0.0)
    for propose in (sweeps._jump, sweeps._step) * 4:
        new, gain = propose(old, 0)
        gain = gain - (new - old) / mean
        old = np.where(np.log(random.random(many)) < gain, new, old)
    assert (old > 0).mean() == pytest.approx(CARRIES, abs=0.02)
    found = np.quantile(old[old > 0], [0.1, 0.5, 0.9]) / mean
    assert found == pytest.approx(-np.log([0.9, 0.5, 0.1]), rel=0.12)


def test_strengths_keep_their_prior_where_nobody_is_exposed() -> None:
    """All moves of a sweep, with their acceptance: twenty thousand strengths from the prior."""
    event, zero = np.arange(3), np.zeros(3, dtype=np.int64)
    design = Design(
        event, zero, zero, zero, np.zeros((3, 1)), np.zeros((1, 1, 1)), np.ones((3, 1)), zero,
        zero[:1], np.zeros((3, 0)), np.full(1, 4.0),
    )  # fmt: skip
    random = np.random.default_rng(6)
    sweeps, many = Sweeps(design, random), 20_000
    state = sweeps.start(many)
    mean = MEAN_REACH / 4.0
    carries = random.random(many) < CARRIES
    state.strength[:, 0] = np.where(carries, random.exponential(mean, many), 0.0)
    before = state.strength.copy()
    for _ in range(3):
        sweeps._strengths(state)
    found = state.strength[:, 0]
    assert (found != before[:, 0]).mean() > 0.2
    assert (found > 0).mean() == pytest.approx(CARRIES, abs=0.02)
    at = np.quantile(found[found > 0], [0.1, 0.5, 0.9]) / mean
    assert at == pytest.approx(-np.log([0.9, 0.5, 0.1]), rel=0.12)


def test_the_spread_of_great_counts_is_found_as_well_as_that_of_small_ones() -> None:
    """Half of the cells have 200 and half 800 where 500 were expected: g is 1 within 0.6."""
    sweeps = Sweeps(_planted(1)[0], np.random.default_rng(5))
    count = np.tile([200.0, 800.0], (50, 10))
    drawn = sweeps._spread(count, np.full(count.shape, 500.0))
    assert 0.4 < drawn.min() < drawn.max() < 1.3


def test_a_strength_has_its_posterior_with_the_causes_summed_out() -> None:
    """Four first uses, beside a sum over a grid: the rates outside are held, and so is the time."""
    event, zero = np.arange(4), np.zeros(4, dtype=np.int64)
    reached, total = np.array([0.0, 1.0, 2.0, 3.0]), 1.5
    design = Design(
        event, zero, zero, zero, reached[:, None], np.full((1, 1, 1), total), np.ones((4, 1)), zero,
        zero[:1], np.zeros((4, 0)), np.full(1, 0.5),
    )  # fmt: skip
    sweeps, many = Sweeps(design, np.random.default_rng(8)), 8000
    state = sweeps.start(many)
    state.base[:] = 1.5
    for _ in range(25):
        sweeps._strengths(state)
    grid, mean = np.linspace(0.0, 30.0, 60_001), MEAN_REACH / 0.5
    likelihood = np.prod(1.5 + grid[:, None] * reached, axis=1) * np.exp(-total * grid)
    slab = CARRIES * likelihood * np.exp(-grid / mean) / mean * (grid[1] - grid[0])
    whole = slab.sum() + (1 - CARRIES) * 1.5**4
    found = state.strength[:, 0]
    assert (found > 0).mean() == pytest.approx(slab.sum() / whole, abs=0.02)
    assert found.mean() == pytest.approx((slab * grid).sum() / whole, rel=0.05)
    assert (found**2).mean() == pytest.approx((slab * grid**2).sum() / whole, rel=0.1)


def test_effects_of_covariates_move_to_their_posterior_and_levels_with_them() -> None:
    """Three first uses of ten, two of them of the large; beside a sum over a grid."""
    x = np.array([-1.0] * 6 + [1.0] * 4)
    event, zero = np.array([0, 6, 7]), np.zeros(3, dtype=np.int64)
    at_risk = np.tile([0.3, 0.2], (10, 1))
    design = Design(
        event, zero, zero, zero, np.zeros((3, 1)), np.zeros((1, 1, 2)), at_risk,
        np.zeros(10, dtype=np.int64), zero[:1], x[:, None], np.ones(1),
    )  # fmt: skip
    sweeps, many = Sweeps(design, np.random.default_rng(10)), 3000
    state = sweeps.start(many)
    state.walk[:] = [2.0, 0.5]
    outside = np.tile([1.0, 1.0, 0.0], (many, 1))
    for _ in range(8):
        sweeps._covariates(state, outside)
    grid = np.linspace(-4.0, 4.0, 1601)
    # A first use of either kind came from outside; each case is at risk for 0.3 * 2 + 0.2 * 0.5.
    rate = BASE_RATE + 0.7 * np.exp(np.outer(grid, x)).sum(1)
    log = -(BASE_SHAPE + 2) * np.log(rate) - 0.5 * (grid / COVARIATE) ** 2
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    beta = state.beta[:, 0]
    mean = (weight * grid).sum()
    assert beta.mean() == pytest.approx(mean, abs=0.04)
    assert beta.std() == pytest.approx(np.sqrt((weight * (grid - mean) ** 2).sum()), rel=0.06)
    lift = np.exp(np.outer(beta, x))
    np.testing.assert_allclose(sweeps.lift, lift)
    np.testing.assert_allclose(sweeps.risk, lift.sum(1)[:, None, None] * [0.3, 0.2])
    scaled = state.base[:, 0] * (BASE_RATE + 0.7 * lift.sum(1))
    assert scaled.mean() == pytest.approx(BASE_SHAPE + 2, rel=0.05)
