"""Numbers of first uses that are expected: those whom reports name are never more than all."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.diffusion.answer.shares import Imputation
from tocsin.anticipate.diffusion.hazard.design import Links, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.posterior import Posterior
from tocsin.anticipate.diffusion.hazard.simulate import Hazard
from tocsin.anticipate.diffusion.region.ahead import ROLLS, Ahead, draw_counts, whole_chance
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.floats(0, 1))
def test_all_first_uses_are_at_least_those_that_reports_ascribe(seed: int, detected: float) -> None:
    chance = np.random.default_rng(seed).random((2, 3, 4)) ** 3
    whole = whole_chance(chance, detected)
    assert ((chance <= whole + 1e-12) & (whole <= 1)).all()
    assert np.allclose(whole_chance(chance, 1.0), chance)


@given(SEEDS)
def test_a_number_grows_with_the_months_and_is_within_its_group(seed: int) -> None:
    random = np.random.default_rng(seed)
    chance = np.sort(random.random((2, 3, 4)), axis=1)
    members = random.random((4, 2)) < 0.5
    counts = draw_counts(chance, members, seed)
    assert counts.shape == (2 * ROLLS, 3, 2)
    assert (np.diff(counts, axis=1) >= 0).all()
    assert (counts <= members.sum(0)).all()
    assert (draw_counts(np.ones_like(chance), members, seed) == members.sum(0)).all()


def test_the_number_that_is_drawn_is_the_one_that_is_expected() -> None:
    chance = np.full((300, 1, 40), 0.1)
    counts = draw_counts(chance, np.ones((40, 1), dtype=bool), 1)
    assert abs(counts.mean() - 4.0) < 0.2
    assert abs(counts.std() - np.sqrt(40 * 0.1 * 0.9)) < 0.2


def test_a_tie_speaks_with_its_part_of_the_rate_by_how_likely_its_end_is_a_user() -> None:
    """One user for sure and one in half of the imputations, at 6 and 4 beside 2 from outside."""
    cases = SimpleNamespace(
        actor=np.arange(3), technology=np.zeros(3, dtype=int), stays=np.full(3, 9.0), end=9.0
    )
    zero = np.zeros(2, dtype=int)
    links = Links(
        zero, np.array([0, 1]), np.array([2, 2]), np.array([2.0, 4.0 / 3]), zero, zero + 9
    )
    hazard = Hazard(
        np.array([[[9.0], [7.0], [1.0]], [[5.0], [8.0], [3.0]]]), np.full((2, 1, 1), 3.0)
    )
    picture = SimpleNamespace(
        onsets=np.array([[1.0, 1.0, np.inf], [1.0, np.inf, np.inf]]),
        organisations=pl.DataFrame({"actor": ["Sure", "Doubtful", "Next"]}),
        ties=SimpleNamespace(channels=("ties",)),
    )
    ahead: Any = SimpleNamespace(
        picture=picture, cases=cases, links=links, worlds=[(hazard, None)], at=[2],
        _reason=lambda *_: "made",
    )  # fmt: skip
    assert Ahead._main_ties(ahead) == [
        "Sure (made), 60% of the rate; Doubtful (made), 20% of the rate"
    ]


@pytest.fixture(scope="module")
def ahead() -> dict[bool, Ahead]:
    """A window of 40 months: a user, two tied to it, one of them by support that has ended, one
    alone, and one of another class; with ties and without, as the data may support it.
    """
    names = ["user", "tied", "faded", "alone"]
    table = pl.DataFrame(
        {"actor": names, "technology": "one", "time": [8.0, None, None, None], "exit": [40.0] * 4}
    )  # fmt: skip
    cases = read_cases(table, end=40.0)
    ties = pl.DataFrame(
        {"source": ["user"] * 3, "target": ["tied", "faded", "alone"],
         "channel": ["ties", "sponsor", "territory"], "to": [None, None, 20.0]}
    )  # fmt: skip
    read = read_ties(ties, cases)
    links = link_cases(cases, read)
    onset = np.where(cases.adopts, cases.high, np.inf)
    design = make_design(cases, links, onset, channels=3)

    def fitted(base: float, strength: float) -> Imputation:
        posterior = Posterior(
            base=np.full((1, 1), base), cell=np.ones((1, 1)), walk=np.ones((1, 1, 8)),
            beta=np.zeros((1, 0)), strength=np.full((1, 3, 1), strength), spread=np.zeros(1),
            s=np.zeros((1, 3)), r_hat=1.0, divergences=0,
        )  # fmt: skip
        return Imputation(onset, design, posterior)

    organisations = pl.DataFrame(
        {"actor_id": cases.actors, "actor": [one.title() for one in cases.actors], "gwno": 1,
         "territory": "Somewhere", "known_until": "then"}
    )  # fmt: skip
    picture: Any = SimpleNamespace(
        cases=cases, ahead=cases, links=links, ties=read, onsets=onset[None], detected=0.5,
        expired=links.channel == 0, open=~cases.adopts, organisations=organisations,
        reasons={("tied", "user", "ties"): "made: alliance"},
    )  # fmt: skip
    return {
        shown: Ahead(picture, [fitted(0.2, 0.4)], [fitted(0.3, 0.7)], shown=shown)
        for shown in (True, False)
    }


def chances(*rates: float) -> list[float]:
    """Chances of a first use within a year at so many first uses a window of 40 months."""
    return [1 - float(np.exp(-rate / 40 * 12)) for rate in rates]


def test_who_is_next_by_the_model_that_the_data_support(ahead: dict[bool, Ahead]) -> None:
    told = {
        shown: {row["actor_id"]: row for row in one.next_users().filter(months=12).to_dicts()}
        for shown, one in ahead.items()
    }
    names = ["faded", "tied", "alone"]
    assert list(told[True]) == names
    assert [told[True][name]["rank"] for name in names] == [1, 2, 3]
    # The tie to 'alone' held until 20 only.
    expected = {
        True: {"probability": (0.6, 0.6, 0.2), "without_network": (0.2, 0.2, 0.2),
               "without_ended": (0.2, 0.6, 0.2), "low": (0.6, 0.6, 0.2)},
        False: {"probability": (0.3,) * 3, "without_network": (0.3,) * 3,
                "without_ended": (0.3,) * 3, "high": (0.3,) * 3},
    }  # fmt: skip
    for shown, columns in expected.items():
        for column, rates in columns.items():
            found = [told[shown][name][column] for name in names]
            assert found == pytest.approx(chances(*rates)), (shown, column)
        by_ties = [told[shown][name]["ties_model_probability"] for name in names]
        assert by_ties == pytest.approx(chances(0.6, 0.6, 0.2))
    assert told[True]["tied"]["ties_model_strongest"] == "User (made: alliance), 67% of the rate"
    assert told[True]["alone"]["ties_model_strongest"] == ""
    assert {row["first_uses"] for row in told[True].values()} == {1.0}
    assert {row["model"] for row in told[True].values()} == {"with ties"}
    months = ahead[True].next_users()["months"].to_list()
    assert months == [3] * 3 + [6] * 3 + [12] * 3 + [24] * 3


def test_expected_first_uses_and_what_a_cut_takes_away(ahead: dict[bool, Ahead]) -> None:
    rows = ahead[True].tabulate(seed=1)
    assert rows["technology"].to_list() == ["one"] * 4 + ["all"] * 4
    year = rows.filter(months=12).row(0, named=True)
    assert year["ascribed"] == pytest.approx(sum(chances(0.6, 0.6, 0.2)))
    # If half of the users are seen, first uses come twice as fast.
    assert year["whole"] == pytest.approx(sum(chances(1.2, 1.2, 0.4)))
    assert year["ascribed_low"] <= year["ascribed"] <= year["ascribed_high"] <= 3
    cuts = {(row["channel"], row["thins_ties"]): row for row in ahead[False].cuts()}
    whole, half = (1 - np.exp(-rate / 40 * 24) for rate in (0.6, 0.4))
    lone = 1 - np.exp(-0.2 / 40 * 24)
    for row in cuts.values():
        assert row["expected"] == pytest.approx(2 * whole + lone)
        assert (row["months"], row["cut"]) == (24, 0.5)
    fewer = {key: row["fewer"] for key, row in cuts.items()}
    less = pytest.approx(whole - half)
    both = pytest.approx(2 * (whole - half))
    assert fewer == {
        ("sponsor", False): less, ("territory", False): 0.0, ("ties", False): less,
        ("sponsor", True): both,
    }  # fmt: skip
    [said] = ahead[True].idle()
    assert "No tie of the channel 'territory'" in said


def test_months_are_counted_in_the_clock_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside first uses by day a month has some thirty days."""
    table = pl.DataFrame({"actor": ["a", "b"], "technology": "x", "time": ["2020-01-01", ""]})
    cases = read_cases(table, start="2019-01-01", end="2021-01-01")
    nothing = np.zeros(0, dtype=np.int64)
    picture: Any = SimpleNamespace(
        ahead=cases, links=Links(*[nothing] * 6), expired=nothing.astype(bool)
    )
    monkeypatch.setattr(Ahead, "_worlds", lambda *_: [])
    found = Ahead(picture, [], [], shown=True).until - cases.end
    np.testing.assert_allclose(found, np.array([3, 6, 12, 24]) * 365.2425 / 12)


def test_ties_that_begin_or_end_on_the_last_day_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = read_cases(
        pl.DataFrame({"actor": ["a", "b"], "technology": "x", "time": [1.0, None]}), end=10.0
    )
    zero = np.zeros(4, dtype=np.int64)
    start, end = np.array([10.0, 0.0, 10.1, 0.0]), np.array([12.0, 10.0, 12.0, 9.9])
    links = Links(zero, zero, zero + 1, np.arange(1.0, 5.0), start, end)
    picture: Any = SimpleNamespace(
        ahead=cases, links=links, expired=np.array([True, False, True, True])
    )
    monkeypatch.setattr(Ahead, "_worlds", lambda *_: [])
    found = Ahead(picture, [], [], shown=True)
    assert found.links.weight.tolist() == [1.0, 2.0]
    assert found.expired.tolist() == [True, False]


def test_three_ties_are_told_of_each_organisation_and_each_user_once() -> None:
    """Of five users the strongest three speak, and one of them that is tied twice speaks once."""
    many = 6
    cases = SimpleNamespace(
        actor=np.arange(many), technology=np.zeros(many, dtype=int), stays=np.full(many, 9.0),
        end=9.0,
    )  # fmt: skip
    source, weight = np.array([0, 1, 0, 2, 3, 4]), np.array([9.0, 8.0, 7.0, 6.0, 5.0, 4.0])
    links = Links(
        np.array([0, 0, 1, 0, 0, 0]), source, np.full(6, 5), weight, np.zeros(6), np.full(6, 9.0)
    )
    hazard = Hazard(np.full((1, many, 1), 1.0), np.ones((1, 2, 1)))
    picture = SimpleNamespace(
        onsets=np.array([[1.0] * 5 + [np.inf]]), ties=SimpleNamespace(channels=("ties", "other")),
        organisations=pl.DataFrame({"actor": list("abcdef")}),
    )  # fmt: skip
    ahead: Any = SimpleNamespace(
        picture=picture, cases=cases, links=links, worlds=[(hazard, None)], at=[5],
        _reason=lambda _one, _other, channel: channel,
    )  # fmt: skip
    [told] = Ahead._main_ties(ahead)
    assert told.split("; ") == [
        "a (ties), 22% of the rate", "b (ties), 20% of the rate", "c (ties), 15% of the rate",
    ]  # fmt: skip
