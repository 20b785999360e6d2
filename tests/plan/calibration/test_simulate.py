"""A world belongs to its number and its seed; sizes have the law of the severity mechanism."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tocsin.plan.calibration import simulate
from tocsin.plan.calibration.inferred import BOX, PLACES
from tocsin.plan.calibration.simulate import (
    CAPABILITY,
    MOST_SIZES,
    WARMING,
    Setting,
    Worlds,
    code_digest,
    draw_sizes,
    draw_worlds,
    play_worlds,
    simulate_worlds,
)
from tocsin.plan.calibration.summaries import exponent, names
from tocsin.plan.posterior import shipped_posterior
from tocsin.plan.region.outcomes import QUARTER
from tocsin.plan.region.parameters import PARAMETERS
from tocsin.plan.region.state import LETHAL, State

SETTING = Setting(np.array([[0, 1], [1, 0]], np.float32), 39, (5.0, 50.0))


def middles(seed: int, numbers: np.ndarray, *_: Any, posterior: Any) -> np.ndarray:
    """The middle of each prior for each world, in the place of draws."""
    middle = np.array([(one.low + one.high) / 2 for one in PARAMETERS], np.float32)
    return np.repeat(middle[:, None], len(numbers), axis=1)


def test_sizes_have_the_exponent_and_there_are_never_too_many() -> None:
    values = np.array([(one.low + one.high) / 2 for one in PARAMETERS], np.float32)
    called = [one.name for one in PARAMETERS]
    values[called.index("tail")], values[called.index("deaths_each")] = 2.4, 8.0
    drawn = draw_sizes(values, 1e6, np.random.default_rng(1))
    assert len(drawn) == MOST_SIZES
    assert exponent(drawn) == pytest.approx(2.4, abs=0.1)
    assert drawn.min() >= 1
    assert (drawn == np.round(drawn)).all()


def test_sizes_are_rounded_to_the_nearest_and_keep_the_mean_of_an_incident() -> None:
    values = middles(1, np.arange(1), posterior=None)[:, 0]
    called = [one.name for one in PARAMETERS]
    values[called.index("tail")], values[called.index("deaths_each")] = 4.0, 9.0
    drawn = draw_sizes(values, MOST_SIZES, np.random.default_rng(2))
    assert drawn.mean() == pytest.approx(9.0, abs=0.3)
    # Where incidents are small, most have the one death that makes them deadly.
    values[called.index("deaths_each")] = 1.2
    assert draw_sizes(values, 100, np.random.default_rng(2)).min() == 1.0


def test_parameters_levels_and_capabilities_fill_their_ranges(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(simulate, "draw", middles)
    values, begun = draw_worlds(SETTING, np.arange(200), 1)
    shares = (values[PLACES].T - BOX[:, 0]) / (BOX[:, 1] - BOX[:, 0])
    log_levels = np.log(begun.level / SETTING.levels[0]) / np.log(10.0)
    for share in (*shares.T, log_levels, (begun.capability - CAPABILITY[0]) / np.ptp(CAPABILITY)):
        assert share.min() == pytest.approx(0.03, abs=0.0301)
        assert share.max() == pytest.approx(0.97, abs=0.0301)
        assert share.mean() == pytest.approx(0.5, abs=0.08)
    # A world belongs to its number, whatever others are drawn beside it.
    some, other = draw_worlds(SETTING, np.array([7, 3]), 1)
    np.testing.assert_array_equal(some, values[:, [7, 3]])
    np.testing.assert_array_equal(other.level, begun.level[:, [7, 3]])


def test_levels_are_scaled_until_worlds_have_the_incidents_that_are_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A model in which incidents follow levels, but are as few as a hundredth of what they say."""
    each = middles(0, np.arange(1), posterior=None)[
        [one.name for one in PARAMETERS].index("deaths_each"), 0
    ]
    reached, levels = np.array([1.0, 0.1, 0.01, 100.0]), list[np.ndarray]()

    def few(
        seed: int, numbers: np.ndarray, values: np.ndarray, begun: Any, *, weeks: int
    ) -> np.ndarray:
        levels.append(begun.level)
        return np.repeat((begun.level / each * reached)[None], weeks, axis=0)

    monkeypatch.setattr(simulate, "draw", middles)
    monkeypatch.setattr(simulate, "_weeks", few)
    wanted = np.array([6.0, 1.0])
    played = play_worlds(SETTING, shipped_posterior(), wanted=wanted, worlds=4, seed=3)
    assert len(played) == 4
    for one in played:
        assert one.counts.shape == (SETTING.weeks, 2)
        np.testing.assert_allclose(one.counts.mean(0), wanted, rtol=0.1)
        assert len(one.sizes) == int(one.counts.sum())
    # What chance says of one play is not followed further than to a fifth or to fivefold.
    steps = levels[1] / levels[0]
    np.testing.assert_allclose(steps[:, 2:], [[5.0, 0.2]] * 2, rtol=1e-5)
    np.testing.assert_allclose(steps[:, 0], 1.0, rtol=1e-5)


def test_a_world_without_incidents_counts_as_one_with_one_in_all_its_weeks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    levels: list[np.ndarray] = []

    def none(seed: int, numbers: Any, values: Any, begun: Any, *, weeks: int) -> np.ndarray:
        levels.append(begun.level)
        return np.zeros((weeks, 2, 3))

    monkeypatch.setattr(simulate, "draw", middles)
    monkeypatch.setattr(simulate, "_weeks", none)
    wanted = np.array([2.0, 0.0]) / SETTING.weeks
    assert len(play_worlds(SETTING, shipped_posterior(), wanted=wanted, worlds=3, seed=3)) == 3
    assert len(levels) == 4
    np.testing.assert_allclose(levels[1][0] / levels[0][0], 3.0, rtol=1e-5)
    # Where none is wanted and none comes, nothing is known, and a level of nothing stays.
    assert all((level[1] == 0).all() for level in levels)


def test_chunks_are_kept_by_their_inputs_and_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[list[int]] = []

    def play(setting: Setting, numbers: np.ndarray, seed: int) -> Worlds:
        played.append(numbers.tolist())
        return Worlds(numbers[:, None] + 0.5, numbers[:, None] * 10.0)

    monkeypatch.setattr(simulate, "AT_ONCE", 2)
    monkeypatch.setattr(simulate, "_simulate", play)
    told: list[tuple[str, float | None]] = []
    keep = tmp_path / "not" / "yet"
    asked: dict[str, Any] = {"seed": 1, "keep": keep}
    whole = simulate_worlds(SETTING, np.arange(5), tell=lambda *one: told.append(one), **asked)
    assert whole.truth[:, 0].tolist() == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert played == [[0, 1], [2, 3], [4]]
    assert told == [("Simulating", 0.4), ("Simulating", 0.8), ("Simulating", 1.0)]
    again = simulate_worlds(SETTING, np.arange(5), **asked)
    np.testing.assert_array_equal(again.truth, whole.truth)
    np.testing.assert_array_equal(again.seen, whole.seen)
    assert len(played) == len(list(keep.iterdir())) == 3
    # Other inputs are other worlds, and without a folder nothing is kept or taken.
    near, far = SETTING.levels
    for setting in (
        SETTING._replace(weeks=26),
        SETTING._replace(levels=(near, far + 1)),
        SETTING._replace(border=SETTING.border * 0),
    ):
        simulate_worlds(setting, np.arange(2), **asked)
    simulate_worlds(SETTING, np.arange(2), seed=2, keep=keep)
    assert len(played) == len(list(keep.iterdir())) == 7
    simulate_worlds(SETTING, np.arange(2), seed=1)
    assert len(played) == 8
    assert len(list(keep.iterdir())) == 7


def test_the_digest_of_the_code_is_another_when_any_of_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(code_digest()) == 64
    names = ("calibration/simulate.py", "calibration/summaries.py", "region/model.py")
    found = set()
    for number, changed in enumerate(("none", *names)):
        room = tmp_path / str(number)
        for name in names:
            (room / name).parent.mkdir(parents=True, exist_ok=True)
            (room / name).write_text(f"changed = {name == changed}\n")
        monkeypatch.setattr(simulate, "__file__", str(room / names[0]))
        found.add(code_digest.__wrapped__())
    assert len(found) == 1 + len(names)


def test_weeks_are_watched_after_a_year_and_each_quarter_has_its_own_drift(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Parts of the model that only tell what they were given, so that nothing is compiled."""
    worlds, kinds = 3, LETHAL + 2
    monkeypatch.setattr(simulate, "draw", middles)
    _, begun = draw_worlds(SETTING, np.arange(worlds), 1)
    moved: list[tuple[float, float]] = []

    def start(p: dict[str, Any], lifted: Any, levers: Any) -> tuple[str, State]:
        assert set(p) == {one.name for one in PARAMETERS}
        assert lifted.level.shape == (2, 1, 1, worlds)
        assert lifted.capability.shape == (*begun.capability.shape[:2], 1, worlds)
        assert lifted.channels.shape == (2, 3, 1, 1)
        assert lifted.sizes.shape == (2, 1, 1, 1)
        assert lifted.pace.shape == (1, begun.capability.shape[1], 1, 1)
        return "world", State(*([np.zeros((2, kinds, 1, 1))] * len(State._fields)))

    def noise(keys: Any, weeks: np.ndarray, drawn: Any, territories: int) -> dict[str, Any]:
        assert (len(weeks), territories) == (QUARTER, 2)
        return {"week": weeks}

    def move(world: str, state: State, drift: float, change: float) -> tuple[Any, State]:
        moved.append((drift, change))
        return change, state

    def advance(p: Any, lever: Any, change: float, state: State, noise: Any) -> State:
        assert state.incidents.shape == (2, kinds, 1, worlds)
        seen = np.full((2, kinds, 1, worlds), 1e9)  # those that do not kill are not counted
        seen[:, 0] = noise["week"] + 0.25 * np.arange(2)[:, None, None]
        seen[:, 1], seen[:, 2] = 1000 * change, 0.5 * np.arange(worlds)
        return state._replace(incidents=seen)

    def scan(step: Any, state: Any, each: Any) -> tuple[Any, np.ndarray]:
        rows = []
        count = len(each["week"]) if isinstance(each, dict) else len(each)
        for at in range(count):
            one = {"week": each["week"][at]} if isinstance(each, dict) else each[at]
            state, row = step(state, one)
            rows.append(row)
        return state, np.stack(rows)

    for name, part in {
        "jnp": np, "begin": start, "draw_noise": noise, "advance": advance,
        "future_keys": lambda seed, numbers: (seed, numbers),
        "drift_levels": lambda p, begun, keys, quarters: np.arange(quarters) ** 2.0,
    }.items():  # fmt: skip
        monkeypatch.setattr(simulate, name, part)
    monkeypatch.setattr(simulate.persistence, "move", move)
    monkeypatch.setattr(simulate.jax.lax, "scan", scan)
    play = simulate._weeks.__wrapped__
    found = play(1, np.arange(worlds), np.zeros((len(PARAMETERS), worlds)), begun, weeks=39)
    week = WARMING + np.arange(39)
    quarter = week // QUARTER
    expected = week + 1000 * (quarter**2 - (quarter - 1) ** 2)
    each = 0.25 * np.arange(2)[:, None] + 0.5 * np.arange(worlds)
    np.testing.assert_allclose(found, expected[:, None, None] + each)
    # The first quarter begins where the level is, and none comes after the last week.
    assert moved[0] == (0.0, 0.0)
    assert moved[1:] == [(n**2, n**2 - (n - 1) ** 2) for n in range(1, (WARMING + 39) // QUARTER)]


def test_a_world_is_summarised_from_its_own_weeks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[np.ndarray] = []

    def few(
        seed: int, numbers: np.ndarray, values: np.ndarray, begun: Any, *, weeks: int
    ) -> np.ndarray:
        """As many incidents a week as the world's number, and one more in the second territory."""
        asked.append(numbers)
        assert begun.level.shape == (2, len(numbers))
        return np.repeat((numbers + np.array([[0], [1]]))[None], weeks, axis=0)

    monkeypatch.setattr(simulate, "draw", middles)
    monkeypatch.setattr(simulate, "_weeks", few)
    monkeypatch.setattr(simulate, "AT_ONCE", 4)
    whole = simulate_worlds(SETTING, np.arange(6), seed=1)
    # One program plays all: a short chunk is filled up.
    assert [len(one) for one in asked] == [4, 4]
    levels = np.log(np.arange(6)[:, None] + [0.0, 1.0] + 1 / SETTING.weeks)
    np.testing.assert_allclose(whole.seen[:, :2], levels)
    assert whole.seen.shape == (6, len(names(2, bordered=True)))
    assert whole.truth.shape == (6, len(BOX))
    some = simulate_worlds(SETTING, np.array([5, 2]), seed=1)
    np.testing.assert_array_equal(some.seen, whole.seen[[5, 2]])
    np.testing.assert_array_equal(some.truth, whole.truth[[5, 2]])


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
    played = play_worlds(SETTING, shipped_posterior(), wanted=wanted, worlds=256, seed=3)
    found = np.median([one.counts.mean(0) for one in played], axis=0)
    # From seed to seed the median of one incident a week varies by up to 17 %.
    np.testing.assert_allclose(found, wanted, rtol=0.2)
