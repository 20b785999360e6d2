"""The networks on a small world: whole, sorted, repeatable, better than a flat guess."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import jax
import numpy as np
import pytest

from tocsin.anticipate.data.panel import Panel, add_months
from tocsin.anticipate.data.training import draw_examples, long_quiet
from tocsin.anticipate.evaluation.scores import crps
from tocsin.anticipate.models import network as module
from tocsin.anticipate.models.baselines import DEFAULT_SEED, negative_binomial
from tocsin.anticipate.models.fading import LIVES, own_past
from tocsin.anticipate.models.learner import THRESHOLDS, TrainingSet, start
from tocsin.anticipate.models.mixture import GRID, OUTPUTS, cumulative, quantiles
from tocsin.anticipate.models.network import Fitted, distribution, fit, network
from tocsin.anticipate.models.pool import pool
from tocsin.anticipate.models.record.quiet import learn_quiet
from tocsin.anticipate.models.record.tail import past_outcomes

History = Callable[[int, int], Panel]


@pytest.fixture
def anew() -> None:
    """Nothing is fitted yet. The steps are those of all tests: one compiled program."""
    module._fit_once.cache_clear()


@pytest.mark.slow
@pytest.mark.usefixtures("anew")
def test_draws_are_whole_sorted_and_repeatable(history: History) -> None:
    whole = history(60, 162)
    past = whole.upto(whole.months[149])
    found = network(past, 4, 40)
    assert found.shape == (60, 4, 40)
    assert (found >= 0).all()
    assert (found == np.round(found)).all()
    assert (np.diff(found, axis=-1) >= 0).all()
    module._fit_once.cache_clear()
    assert (found == network(past, 4, 40)).all()
    truth = whole.deaths[:, 150:154]
    flat = np.sort(np.broadcast_to(past.deaths.ravel()[::200], (60, 4, 45)), axis=-1)
    assert crps(found, truth).mean() < 0.7 * crps(flat, truth).mean()


@pytest.mark.slow
@pytest.mark.usefixtures("anew")
def test_what_comes_after_october_does_not_change_the_fit(history: History) -> None:
    past = history(60, 154)
    last = past.months[-1]
    assert last == date(2012, 10, 1)
    changed = past.deaths.copy()
    longer = Panel(past.gwnos, past.territories, past.months, "n", changed)
    later = Panel(
        past.gwnos,
        past.territories,
        (*past.months, add_months(last, 1)),
        "n",
        np.column_stack([changed, np.full(60, 900.0)]),
    )
    assert fit(longer, 3) is fit(later, 3)
    assert network(later, 3, 20).mean() > network(longer, 3, 20).mean()


def test_too_little_to_learn_from_leaves_the_word_to_history(history: History) -> None:
    past = history(3, 40)
    assert fit(past, 3) is None
    assert (network(past, 3, 20) == negative_binomial(past, 3, 20)).all()


def test_quiet_units_are_told_by_what_followed_quiet_months(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = history(3, 240)
    past.deaths[:] = 0.0
    past.deaths[1, 3] = 9.0
    quiet = learn_quiet(past.deaths, 5)
    fitted = Fitted(None, np.zeros(0), np.zeros(0), past_outcomes(past.deaths, 5), quiet)
    monkeypatch.setattr(module, "fit", lambda *_, **__: fitted)
    found = module.distributions(past, 5)
    assert found is not None
    never, once = quiet.below(5)
    assert (found[0] == never).all()
    assert (found[1] == once).all()
    assert (found[2] == never).all()
    assert (never > once).any()


@pytest.mark.slow
@pytest.mark.usefixtures("anew")
def test_what_if_changes_what_is_known_and_not_what_was_learned(history: History) -> None:
    past = history(60, 154)
    louder = replace(past, deaths=past.deaths * 3, taught_by=past)
    assert fit(louder, 3) is fit(past, 3)
    assert network(louder, 3, 20).mean() > network(past, 3, 20).mean()


# The parts by themselves ----------------------------------------------------------------------


def test_examples_are_of_units_that_are_not_quiet_and_too_few_are_none(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths = history(60, 118).deaths
    deaths[:20, :] = 0.0
    for horizon, share in ((14, 0.25), (28, 3.5 / 28)):
        found = module._sample(deaths, horizon, np.random.default_rng(5))
        random = np.random.default_rng(5)
        drawn = draw_examples(deaths, range(1, horizon + 1), random, first=24, share=share)
        keep = ~long_quiet(deaths)[drawn[0], drawn[1]]
        for mine, theirs in zip(found, (part[keep] for part in drawn), strict=True):
            assert mine.tolist() == theirs.tolist()
        assert set(found[0].tolist()) <= set(range(20, 60))
    monkeypatch.setattr(module, "_weights", lambda *_: "weights")
    past = replace(history(60, 118), deaths=deaths)
    many = len(module._sample(_seen(past).deaths, 14, np.random.default_rng(0))[0])
    for enough in (many, many + 1):
        monkeypatch.setattr(module, "ENOUGH", enough)
        module._fit_once.cache_clear()
        assert (fit(past, 3) is None) == (enough > many)
    module._fit_once.cache_clear()


def _seen(past: Panel) -> Panel:
    """The units that ever had a death, in the order in which the networks see them."""
    return module._with_deaths(past)[0]


@pytest.mark.slow
def test_what_networks_learn_from(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[TrainingSet, int]] = []

    def remember(taught: TrainingSet, stream: int) -> str:
        seen.append((taught, stream))
        return "weights"

    monkeypatch.setattr(module, "_weights", remember)
    module._fit_once.cache_clear()
    past = history(60, 118)
    assert past.months[-1].month == 10
    fitted = fit(past, 3, seed=DEFAULT_SEED + 2)
    module._fit_once.cache_clear()
    ((taught, stream),) = seen
    assert stream == 2
    assert fitted is not None
    assert fitted.weights == "weights"
    # A fit for three months serves all that ask for up to fourteen.
    past = _seen(past)
    unit, month, far = module._sample(past.deaths, 14, np.random.default_rng(2))
    known, scale = module._features_and_scale(past)
    inputs = np.column_stack([known[unit, month], far / 12, np.log(far)])
    assert fitted.centre == pytest.approx(inputs.mean(0))
    assert fitted.spread == pytest.approx(inputs.std(0) + 1e-6)
    plain = (inputs - inputs.mean(0)) / (inputs.std(0) + 1e-6)
    np.testing.assert_allclose(taught.inputs, plain.clip(-5, 5))
    assert (np.abs(plain) > 5).any()
    np.testing.assert_allclose(taught.level, np.log1p(scale[unit, month]))
    np.testing.assert_allclose(taught.past, own_past(past.deaths, THRESHOLDS)[unit, month])
    assert taught.outcome.tolist() == past.deaths[unit, month + far].tolist()
    np.testing.assert_allclose(taught.weight, 0.5 ** ((117 - month) / 120))
    assert taught.unit.tolist() == unit.tolist()


@pytest.mark.slow
def test_a_forecast_is_the_mean_distribution_at_the_last_month(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two networks as they begin."""
    five = history(5, 40)
    five.deaths[:, 5] = 1.0
    past = _seen(five)
    known, scale = module._features_and_scale(past)
    width = known.shape[-1] + 2
    keys = jax.random.split(jax.random.PRNGKey(1), 2)
    each = [jax.tree.map(lambda leaf: np.asarray(leaf + 0.02), start(key, width)) for key in keys]
    stacked = jax.tree.map(lambda *leaves: np.stack(leaves), *each)
    random = np.random.default_rng(2)
    centre, spread = random.normal(0, 1, width), random.uniform(1, 2, width)
    record, quiet = past_outcomes(past.deaths, 4), learn_quiet(past.deaths, 4)
    fitted = Fitted(stacked, centre, spread, record, quiet)
    monkeypatch.setattr(module, "fit", lambda *given, **named: fitted)
    found = network(past, 4, 25)
    rows = [
        np.r_[known[unit, -1], far / 12, np.log(far)] for unit in range(5) for far in range(1, 5)
    ]
    inputs = ((np.array(rows) - fitted.centre) / fitted.spread).clip(-5, 5).astype(np.float32)
    level = np.log1p(np.repeat(scale[:, -1], 4)).astype(np.float32)
    own = np.repeat(own_past(past.deaths, GRID, since=39)[:, 0], 4, axis=0)
    below = np.mean([distribution(one, inputs, level, own) for one in each], axis=0)
    below = np.maximum(below, 1 - np.repeat(record.above(past.deaths), 4, axis=0))
    expected = quantiles(below, 25).reshape(5, 4, 25)
    assert (found == expected).mean() > 0.99
    np.testing.assert_allclose(found, expected, rtol=0.02, atol=1)
    assert len(np.unique(found)) > 20


@pytest.mark.slow
def test_a_distribution_mixes_curves_and_own_past_by_their_shares() -> None:
    weights = start(jax.random.PRNGKey(0), 3)
    (first, bias), (second, offset) = jax.tree.map(lambda leaf: leaf + 0.3, weights)
    inputs, level = np.array([[0.5, -1, 2], [1, 0, 0]], np.float32), np.array([1, 2], np.float32)
    own = np.sort(np.random.default_rng(0).random((2, len(LIVES), len(GRID))), axis=-1)
    found = distribution(((first, bias), (second, offset)), inputs, level, own)
    outputs = jax.nn.gelu(inputs @ first + bias) @ second + offset
    share = np.exp(outputs[:, OUTPUTS:]) / np.exp(outputs[:, OUTPUTS:]).sum(1, keepdims=True)
    curves = cumulative(np.asarray(outputs[:, :OUTPUTS]), level, GRID)
    expected = share[:, :1] * curves + np.einsum("nk,nkv->nv", share[:, 1:], own)
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.slow
@pytest.mark.usefixtures("anew")
def test_names_order_and_a_quiet_unit_more_change_no_bit(history: History) -> None:
    """The units are told by their counts alone."""
    past = history(40, 154)
    wanted = pool(past, 3, 50)
    order = np.random.default_rng(2).permutation(40)
    names = tuple(f"other {i}" for i in range(41))
    other = replace(past, territories=names[:40], deaths=past.deaths[order])
    module._fit_once.cache_clear()
    assert (pool(other, 3, 50) == wanted[order]).all()
    more = np.vstack([np.zeros((1, 154)), past.deaths])
    module._fit_once.cache_clear()
    found = pool(Panel((0, *past.gwnos), names, past.months, "n", more), 3, 50)
    assert (found[1:] == wanted).all()


@pytest.mark.slow
@pytest.mark.usefixtures("anew")
def test_no_draw_is_beyond_what_the_record_bears_out(history: History) -> None:
    past = history(40, 154)
    found = network(past, 14, 1000)
    highest = 2 * past.deaths.max()
    assert found.max() <= GRID[highest <= GRID][0]
