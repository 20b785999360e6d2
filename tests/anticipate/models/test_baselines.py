"""Each baseline gives sorted, whole, non-negative draws for any history."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import nbinom

from tocsin.anticipate.data.panel import Matrix, Panel, add_months
from tocsin.anticipate.models.baselines import (
    DEFAULT_SEED,
    MODELS,
    _moments,
    last_twelve,
    negative_binomial,
    predict,
    stream_of,
    zero_inflated,
)

counts = st.one_of(st.integers(0, 5).map(float), st.integers(0, 50_000).map(float), st.just(np.nan))


def history(deaths: Matrix) -> Panel:
    n, t = deaths.shape
    months = tuple(add_months(date(2000, 1, 1), i) for i in range(t))
    return Panel(tuple(range(1, n + 1)), tuple(map(str, range(n))), months, "ged_sb", deaths)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(MODELS))
@settings(max_examples=60, deadline=None)
@given(deaths=arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 40)), elements=counts))
def test_draws_of_any_history(name: str, deaths: Matrix) -> None:
    found = MODELS[name](history(deaths), 3, 50)
    assert found.shape == (len(deaths), 3, 50)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert (np.diff(found, axis=-1) >= 0).all()
    assert (found == np.round(found)).all()


@pytest.mark.parametrize("name", list(MODELS))
def test_quiet_is_nearly_quiet_and_war_is_not(name: str) -> None:
    deaths = np.stack([np.zeros(60), np.full(60, 400.0)])
    found = MODELS[name](history(deaths), 1, 1000).mean(axis=(1, 2))
    assert found[0] < 0.5
    assert 300 < found[1] < 500


def test_last_twelve_months_are_the_draws() -> None:
    deaths = np.arange(24.0)[None, :]
    assert np.unique(last_twelve(history(deaths), 1, 120)).tolist() == list(range(12, 24))


# Against the same rules unit by unit ----------------------------------------------------------

WARS = np.array(
    [
        [0.0, 0, 3, 0, 7, 1, 0, 0, 2, 0, 9, 4, 0, 5],
        [0.0] * 14,
        [np.nan] * 9 + [60.0, 80, np.nan, 100, 90],
        [np.nan] * 14,
    ]
)


def moments_by_hand(row: list[float], half_life: float) -> tuple[float, float]:
    known = [
        (v, 0.5 ** ((len(row) - 1 - t) / half_life)) for t, v in enumerate(row) if not np.isnan(v)
    ]
    total = max(sum(w for _, w in known), 1e-12)
    plain = sum(w * v for v, w in known) / total
    mean = max(plain, 0.002)
    variance = sum(w * (v - plain) ** 2 for v, w in known) / total
    size = min(max(mean**2 / max(variance - mean, 1e-9), 0.05), 20.0)
    trust = sum(w for _, w in known) / (sum(w for _, w in known) + 6)
    return mean, float(np.exp(trust * np.log(size) + (1 - trust) * np.log(0.3)))


def test_the_negative_binomial_has_the_moments_of_a_past_that_fades() -> None:
    levels = (np.arange(400) + 0.5) / 400
    found = negative_binomial(history(WARS), 2, 400)
    for row, draws in zip(WARS.tolist(), found, strict=True):
        mean, size = moments_by_hand(row, 6.0)
        assert draws[1].tolist() == nbinom.ppf(levels, size, size / (size + mean)).tolist()
    mean, size = _moments(WARS, 6.0)
    by_hand = [moments_by_hand(row, 6.0) for row in WARS.tolist()]
    assert mean == pytest.approx([one[0] for one in by_hand], rel=1e-12)
    assert size == pytest.approx([one[1] for one in by_hand], rel=1e-9)


def test_quiet_months_have_a_probability_of_their_own() -> None:
    found = zero_inflated(history(WARS), 1, 400)[:, 0]
    for row, draws in zip(WARS.tolist(), found, strict=True):
        fade = [0.5 ** ((len(row) - 1 - t) / 24) for t in range(len(row))]
        known = [(v, w) for v, w in zip(row, fade, strict=True) if not np.isnan(v)]
        quiet = (sum(w for v, w in known if v == 0) + 2) / (sum(w for _, w in known) + 2.02)
        mean, size = moments_by_hand([v - 1 if v > 0 else np.nan for v in row], 12.0)
        for k, value in enumerate(draws):
            within = ((k + 0.5) / 400 - quiet) / (1 - quiet)
            expected = 1 + nbinom.ppf(within, size, size / (size + mean)) if within > 0 else 0
            assert value == expected


def test_streams_are_counted_from_the_default_seed_and_only_given_where_asked() -> None:
    assert [stream_of(DEFAULT_SEED + n) for n in (0, 1, -1)] == [0, 1, 2**32 - 1]
    past = history(WARS)
    seeded = predict(lambda h, horizon, draws, seed: np.full((1, horizon, draws), seed), past, 2, 3,
                     seed=8)  # fmt: skip
    assert seeded.tolist() == [[[8.0] * 3] * 2]
    assert predict(last_twelve, past, 2, 5, seed=8).shape == (4, 2, 5)
    assert last_twelve(past, 1, 12)[2, 0].tolist() == [60.0] * 3 + [80] * 3 + [90] * 3 + [100] * 3
