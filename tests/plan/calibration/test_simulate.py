"""A world belongs to its number and its seed; sizes have the law of the severity mechanism."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tocsin.plan.calibration.inferred import BOX
from tocsin.plan.calibration.simulate import (
    MOST_SIZES,
    Setting,
    code_digest,
    draw_sizes,
    play_worlds,
    simulate_worlds,
)
from tocsin.plan.calibration.summaries import exponent, names
from tocsin.plan.posterior import shipped
from tocsin.plan.region.parameters import PARAMETERS

SETTING = Setting(np.array([[0, 1], [1, 0]], np.float32), 39, (5.0, 50.0))


def test_sizes_have_the_exponent_and_there_are_never_too_many() -> None:
    values = np.array([(one.low + one.high) / 2 for one in PARAMETERS], np.float32)
    called = [one.name for one in PARAMETERS]
    values[called.index("tail")], values[called.index("deaths_each")] = 2.4, 8.0
    drawn = draw_sizes(values, 1e6, np.random.default_rng(1))
    assert len(drawn) == MOST_SIZES
    assert exponent(drawn) == pytest.approx(2.4, abs=0.1)
    assert drawn.min() >= 1
    assert (drawn == np.round(drawn)).all()


def test_the_code_that_worlds_depend_on_has_a_digest() -> None:
    assert len(code_digest()) == 64


@pytest.mark.release
def test_worlds_belong_to_their_numbers_and_are_kept(tmp_path: Path) -> None:
    whole = simulate_worlds(SETTING, np.arange(5), seed=1, keep=tmp_path / "kept")
    assert whole.seen.shape == (5, len(names(2, bordered=True)))
    assert ((whole.truth >= BOX[:, 0]) & (whole.truth <= BOX[:, 1])).all()
    some = simulate_worlds(SETTING, np.array([3, 1]), seed=1)
    np.testing.assert_array_equal(some.seen, whole.seen[[3, 1]])
    np.testing.assert_array_equal(some.truth, whole.truth[[3, 1]])
    (kept,) = (tmp_path / "kept").iterdir()
    # What is kept is taken, so a second run is not played: a mark in the file shows it.
    np.savez(kept, truth=whole.truth, seen=whole.seen + 1.0)
    again = simulate_worlds(SETTING, np.arange(5), seed=1, keep=tmp_path / "kept")
    np.testing.assert_array_equal(again.seen, whole.seen + 1.0)


@pytest.mark.release
def test_worlds_have_as_many_incidents_as_are_wanted() -> None:
    wanted = np.array([6.0, 1.0])
    played = play_worlds(SETTING, shipped(), wanted=wanted, worlds=256, seed=3)
    found = np.median([one.counts.mean(0) for one in played], axis=0)
    # From seed to seed the median of one incident a week varies by up to 17 %.
    np.testing.assert_allclose(found, wanted, rtol=0.2)
