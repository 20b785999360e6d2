"""Worlds run on, against what is known in closed form."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.diffusion.hazard import simulate
from tocsin.anticipate.diffusion.hazard.design import Links, link_cases
from tocsin.anticipate.diffusion.hazard.simulate import Hazard, chance_of_use, draw_first_uses
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties

TABLE = pl.DataFrame({"actor": ["a", "b", "c"], "technology": ["x"] * 3, "time": [0.0, None, 10.0]})


def test_a_constant_rate_gives_an_exponential() -> None:
    cases = read_cases(TABLE)
    ties = read_ties(pl.DataFrame({"source": ["a"], "target": ["b"], "channel": ["t"]}), cases)
    links = link_cases(cases, ties)
    hazard = Hazard(np.full((1, 3, 2), 0.1), np.full((1, 1, 1), 0.3))
    onset = np.array([0.0, np.inf, np.inf])
    random = np.random.default_rng(1)
    drawn = draw_first_uses(cases, links, hazard, onset, random, worlds=4000)
    assert (drawn[:, 0] == 0).all()
    exposed, alone = (drawn[:, 1] <= 5).mean(), (drawn[:, 2] <= 5).mean()
    assert exposed == pytest.approx(1 - np.exp(-0.4 * 5), abs=0.03)
    assert alone == pytest.approx(1 - np.exp(-0.1 * 5), abs=0.03)
    later = chance_of_use(
        cases, links, hazard, np.array([0.0, np.inf, 10.0]), np.array([12.0, 15.0])
    )
    assert later[0, :, 1] == pytest.approx(1 - np.exp(-0.4 * np.array([2.0, 5.0])), abs=1e-6)
    assert (later[:, :, 2] == 1).all()


SIX = read_cases(
    pl.DataFrame({"actor": list("abcdef"), "technology": "x", "time": [0.0, 3.0] + [None] * 4})
)


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_a_chance_without_a_part_of_the_ties_is_never_greater(seed: int, factor: float) -> None:
    """What is told as what ties add is then a difference of at least nothing."""
    random = np.random.default_rng(seed)
    cases = SIX
    source, further = random.integers(0, 6, 8), random.integers(1, 6, 8)
    always = np.full(8, np.inf)
    links = Links(
        random.integers(0, 2, 8), source, (source + further) % 6, random.random(8), -always, always
    )
    onset = np.where(np.arange(6) < 2, [0.0, 3.0, *[np.inf] * 4], np.inf)
    outside, strength = random.exponential(0.05, (2, 6, 1)), random.exponential(0.3, (2, 2, 1))
    times = cases.end + np.array([1.0, 4.0])
    whole = chance_of_use(cases, links, Hazard(outside, strength), onset, times, steps=8)
    less = chance_of_use(cases, links, Hazard(outside, factor * strength), onset, times, steps=8)
    assert (less <= whole).all()
    assert (np.diff(whole, axis=1) >= 0).all()


def _worlds(
    table: pl.DataFrame, ties: pl.DataFrame, hazard: Hazard, **asked: tuple[float, float]
) -> np.ndarray:
    cases = read_cases(table, end=10.0)
    links = link_cases(cases, read_ties(ties, cases))
    given = np.where(cases.adopts & (cases.high <= cases.entry), cases.high, np.inf)
    random = np.random.default_rng(2)
    return draw_first_uses(cases, links, hazard, given, random, worlds=2000, **asked)


TIE = pl.DataFrame({"source": ["a"], "target": ["b"], "channel": ["t"]})


@pytest.mark.slow
def test_each_step_of_the_window_has_its_own_rate() -> None:
    outside = np.zeros((1, 3, 2))
    outside[:, 1:, 1] = 0.3
    hazard = Hazard(outside, np.zeros((1, 1, 1)))
    table = TABLE.with_columns(time=pl.Series([0.0, None, 9.0]))
    drawn = _worlds(table, TIE, hazard)
    assert drawn[:, 1].min() > 5
    assert (drawn[:, 1] <= 10).mean() == pytest.approx(1 - np.exp(-0.3 * 5), abs=0.03)
    assert np.isinf(_worlds(table, TIE, hazard, span=(0.0, 5.0))[:, 1:]).all()
    some = _worlds(table, TIE, hazard, span=(6.0, 8.0))[:, 1]
    assert (some.min() > 6, some[np.isfinite(some)].max() < 8) == (True, True)
    assert np.isfinite(some).mean() == pytest.approx(1 - np.exp(-0.3 * 2), abs=0.03)


def test_who_is_not_there_yet_or_any_more_has_no_first_use() -> None:
    table = TABLE.with_columns(
        time=pl.Series([0.0, None, 9.0]), entry=pl.Series([0.0, 2.03, 0.0]),
        exit=pl.Series([10.0, 6.01, 10.0]),
    )  # fmt: skip
    found = _worlds(table, TIE, Hazard(np.full((1, 3, 1), 0.5), np.zeros((1, 1, 1))))[:, 1]
    came = found[np.isfinite(found)]
    assert (came.min() > 2.03, came.max() < 6.01) == (True, True)
    assert len(came) / 2000 == pytest.approx(1 - np.exp(-0.5 * 3.98), abs=0.03)
    assert np.median(came) == pytest.approx(3.2, abs=0.2)


@pytest.mark.slow
def test_ties_carry_while_they_hold_and_their_user_is_there() -> None:
    hazard = Hazard(np.zeros((1, 3, 1)), np.full((1, 1, 1), 0.2))
    table = TABLE.with_columns(
        time=pl.Series([0.0, None, 9.0]), exit=pl.Series([4.0, None, None]),
        entry=pl.Series([0.0, 0.0, 0.0]),
    )  # fmt: skip
    gone = _worlds(table, TIE, hazard)[:, 1]
    came = gone[np.isfinite(gone)]
    assert came.max() < 4.1  # a step more at most
    assert len(came) / 2000 == pytest.approx(1 - np.exp(-0.2 * 4.04), abs=0.03)
    dated = TIE.with_columns(weight=3.0, **{"from": pl.lit(2.0), "to": pl.lit(3.0)})
    short = _worlds(table, dated, hazard)[:, 1]
    came = short[np.isfinite(short)]
    assert (came.min() > 1.95, came.max() < 3.05) == (True, True)
    assert len(came) / 2000 == pytest.approx(1 - np.exp(-0.6), abs=0.03)


def test_after_the_window_what_held_at_its_end_goes_on() -> None:
    """Of six that may be next each differs from the first in one way."""
    names = ["user", "left", "next", "gone", "ended", "later", "lone", "second"]
    table = pl.DataFrame(
        {"actor": names, "technology": "x", "time": [0.0, 0.0, *[None] * 5, 10.0],
         "entry": [0.0] * 8, "exit": [10.0, 7.0, 10.0, 9.0, 10.0, 10.0, 10.0, 10.0]}
    )  # fmt: skip
    rows = [("user", "next", None, None), ("user", "gone", None, None), ("user", "ended", 0, 9),
            ("user", "later", 10, None), ("left", "lone", None, None)]  # fmt: skip
    ties = pl.DataFrame(
        rows, schema={"source": pl.String, "target": pl.String, "from": pl.Int64, "to": pl.Int64},
        orient="row",
    ).with_columns(channel=pl.lit("t"))  # fmt: skip
    cases = read_cases(table)
    links = link_cases(cases, read_ties(ties, cases))
    onset = np.where(cases.adopts, cases.high, np.inf)
    # The rate outside is that of the last step; the second world has twice the strength.
    hazard = Hazard(np.tile([9.0, 0.1], (1, 8, 1)), np.array([[[0.3]], [[0.6]]]))
    found = chance_of_use(cases, links, hazard, onset, np.array([12.0, 15.0]))
    assert found.shape == (2, 2, 8)
    by = {name: found[:, :, list(cases.actors).index(name)] for name in names}
    time, strength = np.array([[2.0, 5.0]]), np.array([[0.3], [0.6]])
    for name in ("next", "later"):
        np.testing.assert_allclose(by[name], 1 - np.exp(-(0.1 + strength) * time))
    for name in ("ended", "lone"):
        np.testing.assert_allclose(by[name], np.repeat(1 - np.exp(-0.1 * time), 2, axis=0))
    assert (by["gone"] == 0).all()
    for name in ("user", "left", "second"):
        assert (by[name] == 1).all()


def test_chances_of_others_are_passed_on_with_their_chance() -> None:
    cases = read_cases(TABLE)
    rows = {"source": ["a", "b"], "target": ["b", "c"], "channel": ["t", "t"]}
    links = link_cases(cases, read_ties(pl.DataFrame(rows), cases))
    hazard = Hazard(np.zeros((1, 3, 1)), np.full((1, 1, 1), 0.5))
    onset = np.array([0.0, np.inf, np.inf])
    found = chance_of_use(cases, links, hazard, onset, np.array([14.0]), steps=400)[0, 0]
    assert found[1] == pytest.approx(1 - np.exp(-2.0))
    # The integral of 0.5 (1 - exp(-0.5 t)) up to 4.
    assert found[2] == pytest.approx(1 - np.exp(-(2.0 - (1 - np.exp(-2.0)))), abs=2e-3)


def test_steps_are_shared_out_over_the_times_that_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A quarter of the time takes a quarter of the steps, and no time fewer than two."""
    asked: list[tuple[tuple[float, float], int]] = []

    def steps(_cases: object, _links: object, _hazard: object, span: tuple[float, float],
              count: int) -> list[object]:  # fmt: skip
        asked.append((span, count))
        return []

    monkeypatch.setattr(simulate, "_steps", steps)
    cases = read_cases(TABLE)
    links = link_cases(cases, read_ties(TIE, cases))
    hazard = Hazard(np.zeros((1, 3, 1)), np.zeros((3, 1, 1)))
    found = chance_of_use(cases, links, hazard, cases.high, np.array([12.0, 17.9, 18.0]), steps=40)
    assert found.shape == (3, 3, 3)
    assert asked == [((10.0, 12.0), 10), ((12.0, 17.9), 30), ((17.9, 18.0), 2)]
