"""What a cut buys: a halved channel, and ties that thin with their sponsors."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.next_users import (
    cut_of_channels,
    cuts_of,
    speaking_ties,
    table_of_next,
)
from tocsin.anticipate.diffusion.answer.shares import Imputation
from tocsin.anticipate.diffusion.hazard.design import draw_onsets, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.gibbs import sample_gibbs
from tocsin.anticipate.diffusion.hazard.posterior import Posterior
from tocsin.anticipate.diffusion.tables.cases import move_back, read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties


def test_without_sponsors_there_is_no_alternative() -> None:
    assert [thins for _, thins, _ in cuts_of(["ties", "territory"])] == [False, False]


@pytest.mark.slow
def test_cutting_both_saves_more_than_cutting_one_and_less_than_all() -> None:
    names = [f"n{i:02d}" for i in range(20)]
    used = [float(2 * i + 1) if i < 12 else None for i in range(20)]
    cases = read_cases(pl.DataFrame({"actor": names, "technology": "one", "time": used}), end=24.0)
    ties = pl.DataFrame(
        {
            "source": [*names[:-1], *names[:-2]],
            "target": [*names[1:], *names[2:]],
            "channel": ["ties"] * 19 + ["sponsor"] * 18,
        }
    )
    read = read_ties(ties, cases)
    links = link_cases(cases, read)
    onset = draw_onsets(cases, np.random.default_rng(0))
    design = make_design(cases, links, onset, channels=2)
    one = Imputation(onset, design, sample_gibbs([design], seed=1)[0])
    rows = cut_of_channels(cases, links, [one], read.channels)
    fewer = {(row["channel"], row["thins_ties"]): row["fewer"] for row in rows}
    assert len(rows) == 3
    assert fewer["sponsor", True] > max(fewer["sponsor", False], fewer["ties", False]) > 0
    expected = table_of_next(cases, links, [one]).filter(months=24)["probability"].sum()
    assert rows[0]["expected"] == pytest.approx(expected)
    assert fewer["sponsor", True] < expected


@pytest.mark.parametrize("delay", [0.0, 4.0])
def test_chances_are_of_who_is_still_there_and_a_cut_takes_its_channels_part(delay: float) -> None:
    """A window of 40 months: a user, one tied to it, one alone, and one that left."""
    table = pl.DataFrame(
        {"actor": ["user", "tied", "alone", "gone"], "technology": "one",
         "time": [8.0 + delay, None, None, None], "exit": [40.0 + delay] * 3 + [25.0]}
    )  # fmt: skip
    cases = move_back(read_cases(table, end=40.0 + delay), delay)
    ties = pl.DataFrame({"source": ["user"], "target": ["tied"], "channel": ["alliance"]})
    links = link_cases(cases, read_ties(ties, cases))
    onset = draw_onsets(cases, np.random.default_rng(0))
    design = make_design(cases, links, onset, channels=1)
    posterior = Posterior(
        base=np.full((1, 1), 0.2), cell=np.ones((1, 1)), walk=np.ones((1, 1, 8)),
        beta=np.zeros((1, 0)), strength=np.full((1, 1, 1), 0.4), spread=np.zeros(1),
        s=np.zeros((1, 1)), r_hat=1.0, divergences=0,
    )  # fmt: skip
    one = Imputation(onset, design, posterior)
    rows = table_of_next(cases, links, [one])
    assert rows["actor"].to_list() == ["tied", "alone"] * 4
    assert rows["months"].to_list() == [3, 3, 6, 6, 12, 12, 24, 24]
    # What is told within some months was used up to the delay before.
    for name, rate in (("tied", 0.6 / 40), ("alone", 0.2 / 40)):
        mine = rows.filter(actor=name)
        chance = 1 - np.exp(-rate * (mine["months"].to_numpy() + delay))
        for column in ("probability", "low", "high"):
            np.testing.assert_allclose(mine[column].to_numpy(), chance, rtol=1e-6)
    [cut] = cut_of_channels(cases, links, [one], ["alliance"])
    full, half = (1 - np.exp(-rate / 40 * (24 + delay)) for rate in (0.6, 0.4))
    assert (cut["channel"], cut["cut"], cut["thins_ties"], cut["months"]) == (
        "alliance", 0.5, False, 24,
    )  # fmt: skip
    assert cut["fewer"] == pytest.approx(full - half, rel=1e-6)
    lone = 1 - np.exp(-0.2 / 40 * (24 + delay))
    assert cut["expected"] == pytest.approx(full + lone, rel=1e-6)


def test_the_strongest_ties_to_present_users_speak() -> None:
    names = ["a", "b", "c", "d", "left", "next"]
    table = pl.DataFrame(
        {"actor": names, "technology": "x", "time": [1.0, 2.0, 3.0, 10.0, 4.0, None],
         "entry": [0.0] * 6, "exit": [10.0, 10.0, 10.0, 10.0, 8.0, 10.0]}
    )  # fmt: skip
    cases = read_cases(table)
    rows = [("a", 1.0, "t", None), ("b", 3.0, "t", None), ("c", 2.0, "u", None),
            ("d", 1.5, "t", 10.0), ("left", 9.0, "t", None), ("b", 9.0, "u", 9.0)]  # fmt: skip
    ties = pl.DataFrame(
        [(who, "next", *rest) for who, *rest in rows], orient="row",
        schema={"source": pl.String, "target": pl.String, "weight": pl.Float64,
                "channel": pl.String, "to": pl.Float64},
    )  # fmt: skip
    read = read_ties(ties, cases)
    onset = np.where(cases.adopts, cases.high, np.inf)
    strength = np.array([[1.0], [0.9]])
    found = speaking_ties(cases, link_cases(cases, read), onset, strength, read.channels)
    assert found["next", "x"] == [
        {"from": "b", "channel": "t"}, {"from": "c", "channel": "u"}, {"from": "d", "channel": "t"},
    ]  # fmt: skip
    nothing = speaking_ties(cases, link_cases(cases, read), onset, 0 * strength, read.channels)
    assert nothing == {}


def test_a_tie_speaks_from_the_very_end_of_the_window_and_until_it() -> None:
    cases = read_cases(pl.DataFrame(
        {"actor": ["a", "b", "c", "next"], "technology": "x", "time": [1.0, 2.0, 10.0, None],
         "entry": [0.0] * 4, "exit": [10.0] * 4}
    ))  # fmt: skip
    ties = pl.DataFrame(
        {"source": ["a", "b", "c"], "target": "next", "weight": [3.0, 2.0, 1.0], "channel": "t",
         "from": [10.0, 0.0, 10.0], "to": [None, 10.0, 10.0]}
    )  # fmt: skip
    read = read_ties(ties, cases)
    onset = np.where(cases.adopts, cases.high, np.inf)
    found = speaking_ties(cases, link_cases(cases, read), onset, np.ones((1, 1)), read.channels)
    assert [one["from"] for one in found["next", "x"]] == ["a", "b", "c"]
