"""What is told again at past origins, reckoned by hand."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.record import (
    MODELS,
    Told,
    _counted_rate,
    _fitted_rate,
    table_of_hindcasts,
    table_of_record,
    tell_again,
)
from tocsin.anticipate.diffusion.hazard.design import Links, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.effects import Lifted, fit_lifted
from tocsin.anticipate.diffusion.hazard.em import Fit
from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties


def read() -> tuple[Cases, Links, np.ndarray]:
    """Four organisations from 0 to 10: first uses at 2, 4 and 7, and one that never comes."""
    table = pl.DataFrame(
        {"actor": ["a", "b", "c", "d"], "technology": "x", "time": [2.0, 4, 7, None],
         "entry": [0.0] * 4, "exit": [10.0] * 4}
    )  # fmt: skip
    cases = read_cases(table)
    ties = read_ties(
        pl.DataFrame({"source": ["a", "b", "c"], "target": ["c", "d", "d"],
                      "channel": ["t", "u", "t"], "weight": [2.0, 3.0, 5.0]}), cases,
    )  # fmt: skip
    onset = np.where(cases.adopts, cases.high, np.inf)
    return cases, link_cases(cases, ties), onset


def test_the_chance_by_counts_is_that_of_a_constant_rate() -> None:
    """At 5 two have come in a time of 2 + 4 + 5 + 5; half a first use is added."""
    cases, links, onset = read()
    [told] = tell_again(cases, links, onset, [5.0], months=[3], channels=2)
    assert (told.case.tolist(), told.came.tolist()) == ([2, 3], [1, 0])
    until = 3 * cases.clock.month
    assert told.chance[2] == pytest.approx([1 - np.exp(-2.5 / 16 * until)] * 2)


def test_the_chance_by_a_fit_is_that_of_its_rate_per_unit_of_the_clock() -> None:
    cases, links, onset = read()
    [told] = tell_again(cases, links, onset, [5.0], months=[3], channels=2)
    past = np.where(onset <= 5, onset, np.inf)
    design = make_design(cases, links, past, channels=2, until=5.0)
    for place, used in enumerate((None, ())):
        rate = _fitted_rate(cases, links, past, design, fit_lifted(design, used=used))[2:] / 5.0
        chance = 1 - np.exp(-rate * 3 * cases.clock.month)
        assert told.chance[place] == pytest.approx(chance)


def test_the_rate_by_a_fit_is_its_cells_and_what_users_carry() -> None:
    cases, links, onset = read()
    past = np.where(onset <= 5, onset, np.inf)
    design = make_design(cases, links, past, channels=2, bins=3, until=5.0)
    fit: Any = Fit(
        np.array([0.5]), np.array([[9.0, 8.0, 0.2]]), np.array([0.1, 10.0]), np.zeros(2), 0.0
    )
    # The rate outside is 0.5 * 0.2 at the end; c has not come by 5, so it carries nothing to d.
    lift = np.array([1.0, 2.0, 1.0, 3.0])
    found = _fitted_rate(cases, links, past, design, Lifted(fit, lift, np.zeros(1)))
    assert found == pytest.approx([0.1, 0.2, 0.1 + 2 * 0.1, 0.3 + 3 * 10.0])


def test_skill_is_what_is_saved_of_the_best_of_the_simpler_scores() -> None:
    """One came, one did not: the network is off by 0.1, the best of the others by 0.2."""
    cases, _, _ = read()
    off = dict.fromkeys(MODELS, 0.4) | {"network": 0.1, "territory": 0.2}
    chance = np.array([[1.0 - off[name], off[name]] for name in MODELS])
    told = Told(5.0, 3, np.array([2, 3]), chance, np.array([1.0, 0.0]))
    rows = table_of_record([[told]], cases, seed=1)
    whole = rows.filter(window="all").row(0, named=True)
    assert (whole["network"], whole["territory"]) == pytest.approx((0.01, 0.04))
    assert (whole["n"], whole["events"]) == (2, 1.0)
    for name in ("skill", "skill_low", "skill_high"):
        assert whole[name] == pytest.approx(0.75)


def test_the_interval_of_skill_is_that_of_resampled_origins() -> None:
    """All 27 ways to draw three origins out of three, with what each is off by."""
    cases, _, _ = read()
    off = {5.0: (0.1, 0.2), 6.0: (0.3, 0.2), 7.0: (0.1, 0.4)}
    told = []
    for origin, (network, other) in off.items():
        chance = np.array([[1.0 - (network if name == "network" else other)] for name in MODELS])
        told.append(Told(origin, 3, np.array([2]), chance, np.array([1.0])))
    whole = table_of_record([told], cases, seed=1).filter(window="all").row(0, named=True)
    ways = np.array(list(product(np.square(list(off.values())), repeat=3))).sum(1)
    skills = 1 - ways[:, 0] / ways[:, 1]
    assert whole["skill"] == pytest.approx(1 - 0.11 / 0.24)
    # Of three origins one that failed is drawn three times in a twenty-seventh of all draws.
    assert whole["skill_low"] == pytest.approx(np.quantile(skills, 0.05), abs=0.1)
    assert whole["skill_high"] == pytest.approx(np.quantile(skills, 0.95), abs=0.1)
    assert whole["skill_low"] < whole["skill"] - 0.3


def test_the_rate_of_late_is_of_the_time_since_then() -> None:
    cases, _, onset = read()
    past = np.where(onset <= 5, onset, np.inf)
    # Since 3 one has come in a time of 0 + 1 + 2 + 2.
    assert _counted_rate(cases, past, 5.0, since=2.0) == pytest.approx([1.5 / 5] * 4)
    # Who has come at its very begin has come before; one of 5 is not to come any more.
    assert _counted_rate(cases, past, 5.0, since=1.0) == pytest.approx([0.5 / 2] * 4)
    assert _counted_rate(cases, past, 4.0, since=2.0) == pytest.approx([1.5 / 6] * 4)
    assert _counted_rate(cases, past, 5.0, since=np.inf) == pytest.approx([2.5 / 16] * 4)


def test_who_is_not_there_is_not_told_of() -> None:
    """At 5: one comes at 7, one stays, one leaves at 9, one comes and leaves, two are not there."""
    table = pl.DataFrame(
        {"actor": ["a", "b", "c", "d", "e", "f", "g"], "technology": "x",
         "time": [2.0, 7.0, None, None, 8.0, None, None],
         "entry": [0.0, 0, 0, 0, 0, 5, 0], "exit": [20.0, 20, 20, 9, 8, 20, 5]}
    )  # fmt: skip
    cases = read_cases(table, end=20.0)
    tie = pl.DataFrame({"source": ["a"], "target": ["c"], "channel": "t", "to": [4.0]})
    links = link_cases(cases, read_ties(tie, cases))
    onset = np.where(cases.adopts, cases.high, np.inf)
    told = tell_again(cases, links, onset, [5.0], months=[1, 6, 15, 16], channels=1)
    # The clock counts months; of 16 months after 5 the end of the window knows nothing.
    assert [(one.months, one.case.tolist(), one.came.tolist()) for one in told] == [
        (1, [1, 2, 3, 4], [0.0] * 4), (6, [1, 2, 4], [1.0, 0.0, 1.0]),
        (15, [1, 2, 4], [1.0, 0.0, 1.0]),
    ]  # fmt: skip
    # The tie of a to c held no more at 5, so that c is as likely as the others.
    for one in told:
        assert one.chance[0] == pytest.approx([one.chance[0, 0]] * len(one.case))
    assert tell_again(cases, links, onset, [1.0], months=[1], channels=1) == []


def test_hindcasts_are_joined_over_imputations() -> None:
    chance = np.arange(8.0).reshape(4, 2) / 10
    one = Told(5.0, 3, np.array([2, 3]), chance, np.array([1.0, 0.0]))
    two = Told(5.0, 3, np.array([3]), chance[:, 1:] + 0.1, np.array([1.0]))
    later = Told(7.0, 3, np.array([3]), chance[:, :1], np.array([0.0]))
    for network, row in ((True, 0), (False, 1)):
        rows = table_of_hindcasts([[one], [two, later]], network=network)
        assert rows["origin"].to_list() == [5.0, 5.0, 7.0]
        assert rows["case"].to_list() == [2, 3, 3]
        told = [chance[row, 0], chance[row, 1] + 0.05, chance[row, 0]]
        assert rows["probability"].to_list() == pytest.approx(told)
        assert rows["reference"].to_list() == pytest.approx([0.4, 0.55, 0.4])
        assert rows["came"].to_list() == [True, True, False]


def test_the_record_has_a_row_for_each_origin_and_one_for_all() -> None:
    cases, _, _ = read()
    sure = np.array([[0.9, 0.1]] * 4)
    first = Told(5.0, 3, np.array([2, 3]), sure, np.array([1.0, 0.0]))
    second = Told(6.0, 3, np.array([2, 3]), sure[:, ::-1].copy(), np.array([1.0, 0.0]))
    rows = table_of_record([[first, second], [first]], cases, seed=1)
    assert rows["window"].to_list() == ["5", "6", "all"]
    assert rows["n"].to_list() == [4, 2, 6]
    assert rows["events"].to_list() == [1.0, 0.5, 1.5]  # of two imputations
    assert rows["expected_network"].to_list() == pytest.approx([1.0, 0.5, 1.5])
    assert rows["overall"].to_list() == pytest.approx([0.01, 0.81, (4 * 0.01 + 2 * 0.81) / 6])
    assert rows["skill"].to_list() == [None, None, pytest.approx(0.0)]


def test_the_record_knows_what_covariates_told_by_then() -> None:
    """Those with a number of 1 came first; after the origin it is the others that come."""
    times = [1.0, 2.0, 3.0, 4.0, None, None, 9.0, 9.5, 9.7, None, None, None]
    sizes = [1.0] * 6 + [0.0] * 6
    table = pl.DataFrame(
        {"actor": [f"a{n}" for n in range(12)], "technology": "x", "time": times, "size": sizes}
    )
    ties = pl.DataFrame({"source": ["a0"], "target": ["a11"], "channel": ["t"]})
    chances = []
    for known in (["size"], []):
        cases = read_cases(table, covariates=known, start=0, end=10)
        links = link_cases(cases, read_ties(ties, cases))
        onset = np.where(cases.adopts, cases.high, np.inf)
        [told] = tell_again(cases, links, onset, [6.0], months=[3], channels=1)
        large = np.isin(told.case, [list(cases.actors).index(one) for one in ("a4", "a5")])
        # Without ties; a11 alone has one.
        chances.append((told.chance[1, large].mean(), told.chance[1, ~large].mean()))
    (large, small), (same, other) = chances
    assert large > 1.3 * small
    assert same == pytest.approx(other)
